"""Makes many reports, of which a bad one costs only itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from sib.case import Case
from sib.problems import CaseError, Problem
from sib.reporting.page import AnyCase, Changes, write_page
from sib.reporting.parameters import Asked, asked
from sib.reporting.running import run

# Kernels spend half their time waiting for one another's imports; more at a time gain nothing.
KERNELS_AT_A_TIME = 3


@dataclass(frozen=True)
class Reported:
    """What became of one report: the file, or the problems for which there is none."""

    case: str
    path: Path | None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Task:
    """A report that can be made: whose it is, what is asked for, and a folder of its own for what is passing."""

    name: str
    asked: Asked
    temporary: Path


def report_many(
    cases: Sequence[AnyCase],
    folder: str | Path = "reports",
    on_progress: Callable[[Reported], None] | None = None,
    *,
    scenario: str | None = None,
    changes: Changes | None = None,
) -> list[Reported]:
    """Write a report for each case and say what became of each, in the order given.

    All are checked before the first one is made; one that fails costs only itself. `on_progress` is called
    with each as it is done.
    """
    said = on_progress or (lambda _: None)
    with tempfile.TemporaryDirectory() as temporary:
        checked = list(_checked(cases, scenario, changes, Path(temporary)))
        done = {place: item for place, item in enumerate(checked) if isinstance(item, Reported)}
        for refused in done.values():
            said(refused)
        tasks = {place: item for place, item in enumerate(checked) if isinstance(item, Task)}
        for place, reported in _made(tasks, Path(folder)):
            done[place] = reported
            said(reported)
    return [done[place] for place in range(len(checked))]


def _checked(
    cases: Sequence[AnyCase], scenario: str | None, changes: Changes | None, temporary: Path
) -> Iterator[Task | Reported]:
    taken: dict[str, str] = {}
    for i, case in enumerate(cases):
        name, place = case.id if isinstance(case, Case) else str(case), temporary / str(i)
        try:
            found = asked(case, scenario, changes, place)
            _require_new(found.file_name, name, taken)
        except CaseError as error:
            yield Reported(name, None, error.problems)
        else:
            place.mkdir(parents=True, exist_ok=True)
            yield Task(name, found, place)


def _require_new(file_name: str, name: str, taken: dict[str, str]) -> None:
    """Two reports of one run must not go into the same file."""
    if file_name in taken:
        message = f"its report would replace that of {taken[file_name]}; give the cases names of their own."
        raise CaseError(Problem(name, None, "", message))
    taken[file_name] = name


def _made(tasks: dict[int, Task], folder: Path) -> Iterator[tuple[int, Reported]]:
    """Each report as it is done; one alone is not worth a worker."""
    return in_a_worker(tasks, folder) if hasattr(os, "fork") and len(tasks) > 1 else in_kernels(tasks, folder)


def in_kernels(tasks: dict[int, Task], folder: Path) -> Iterator[tuple[int, Reported]]:
    """A kernel for each, a few at a time; works everywhere."""
    with ThreadPoolExecutor(KERNELS_AT_A_TIME) as pool:
        waiting = {pool.submit(_outcome, task, folder): place for place, task in tasks.items()}
        for future in as_completed(waiting):
            yield waiting[future], future.result()


def _outcome(task: Task, folder: Path) -> Reported:
    try:
        return Reported(task.name, write_page(task.asked, folder, task.temporary, run))
    except CaseError as error:
        return Reported(task.name, None, error.problems)


def in_a_worker(tasks: dict[int, Task], folder: Path) -> Iterator[tuple[int, Reported]]:
    """All by one process that forks itself for each, without kernels; see `sib.reporting.worker`."""
    lines = [json.dumps(_as_json(place, task, folder)) + "\n" for place, task in tasks.items()]
    unanswered = dict(tasks)
    command = [sys.executable, "-m", "sib.reporting.worker"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as worker:
        assert worker.stdin is not None
        assert worker.stdout is not None
        worker.stdin.writelines(lines)
        worker.stdin.close()
        for line in worker.stdout:
            answer = json.loads(line)
            yield answer["place"], _reported(unanswered.pop(answer["place"]), answer)
    for place, task in unanswered.items():
        yield place, Reported(task.name, None, (Problem(task.name, None, "", "the process that makes reports ended."),))


def _as_json(place: int, task: Task, folder: Path) -> dict[str, object]:
    plain = {"place": place, "name": task.name, "folder": str(folder), "temporary": str(task.temporary)}
    return {**plain, "asked": task.asked.as_json()}


def _reported(task: Task, answer: dict[str, str | list[dict[str, str]] | None]) -> Reported:
    problems = tuple(Problem(**problem) for problem in answer["problems"] or ())  # type: ignore[arg-type]
    return Reported(task.name, Path(str(answer["path"])) if answer["path"] else None, problems)
