"""Makes reports: one, or many of which a bad one costs only itself."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sib.case import Case
from sib.files.writer import write_text
from sib.problems import CaseError, Problem
from sib.reporting import places
from sib.reporting.parameters import Asked, asked
from sib.reporting.rendering import as_html
from sib.reporting.running import run

# Kernels spend half their time waiting for one another's imports; more at a time gain nothing.
AT_A_TIME = 3

AnyCase = str | Path | Case
Changes = Mapping[str, Any]


@dataclass(frozen=True)
class Reported:
    """What became of one report: the file, or the problems for which there is none."""

    case: str
    path: Path | None
    problems: tuple[Problem, ...] = ()


def report(
    case: AnyCase, folder: str | Path = "reports", *, scenario: str | None = None, changes: Changes | None = None
) -> Path:
    """Write the report of a case as `folder/<case>.html`, or `<case>-<scenario>.html`, and return its path.

    `case` is a bundled name, a path or a case; `changes` are fields by path. Raises CaseError for whatever the
    user can mend; a report that was there before stays as it was then.
    """
    with tempfile.TemporaryDirectory() as temporary:
        return _write(asked(case, scenario, changes, Path(temporary)), Path(folder), Path(temporary))


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
    with tempfile.TemporaryDirectory() as temporary, ThreadPoolExecutor(AT_A_TIME) as pool:
        checked = list(_checked(cases, scenario, changes, Path(temporary)))
        waiting = [pool.submit(_outcome, item, Path(folder), said) for item in checked]
        return [future.result() for future in waiting]


@dataclass(frozen=True)
class _Checked:
    """One case of several: what is asked for, or what is wrong with it; and a folder of its own."""

    name: str
    temporary: Path
    asked: Asked | None = None
    problems: tuple[Problem, ...] = ()


def _checked(
    cases: Sequence[AnyCase], scenario: str | None, changes: Changes | None, temporary: Path
) -> Iterator[_Checked]:
    taken: dict[str, str] = {}
    for i, case in enumerate(cases):
        name, place = case.id if isinstance(case, Case) else str(case), temporary / str(i)
        try:
            found = asked(case, scenario, changes, place)
            _require_new(found.file_name, name, taken)
        except CaseError as error:
            yield _Checked(name, place, problems=error.problems)
        else:
            yield _Checked(name, place, found)


def _require_new(file_name: str, name: str, taken: dict[str, str]) -> None:
    """Two reports of one run must not go into the same file."""
    if file_name in taken:
        message = f"its report would replace that of {taken[file_name]}; give the cases names of their own."
        raise CaseError(Problem(name, None, "", message))
    taken[file_name] = name


def _outcome(item: _Checked, folder: Path, said: Callable[[Reported], None]) -> Reported:
    found = Reported(item.name, None, item.problems)
    if item.asked is not None:
        try:
            found = Reported(item.name, _write(item.asked, folder, item.temporary))
        except CaseError as error:
            found = Reported(item.name, None, error.problems)
    said(found)
    return found


def _write(wanted: Asked, folder: Path, temporary: Path) -> Path:
    """Run, render, and put the page in its place in one step."""
    _make(folder)
    _make(temporary)
    path = folder / wanted.file_name
    ran = temporary / "ran.ipynb"
    try:
        notebook = run(places.notebook("appraisal"), wanted.parameters.as_json(), ran)
    except CaseError as error:
        raise _kept(error, ran, path.with_suffix(".failed.ipynb")) from None
    write_text(as_html(notebook, wanted.title), path)
    return path


def _kept(error: CaseError, ran: Path, place: Path) -> CaseError:
    """The same error, with the notebook that failed kept beside where its report would be."""
    if ran.is_file():
        write_text(ran.read_text(encoding="utf-8"), place)
    return CaseError(Problem(str(place), problem.line, problem.path, problem.message) for problem in error.problems)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CaseError(Problem(str(folder), None, "", f"the folder cannot be made ({reason}).")) from None
