"""A process that has everything imported and forks itself for each report: `python -m sib.reporting.worker`.

It reads tasks as JSON, one to a line, and answers with a line for each as it is done. Only where there is fork.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from sib.files import bundled
from sib.problems import CaseError, Problem
from sib.reporting.page import write_page
from sib.reporting.parameters import Asked, asked
from sib.reporting.running import LONGEST_CELL, run_inside


def main() -> None:
    """Serve the tasks on standard input."""
    # Whatever a notebook prints goes to the other stream: standard output is for the answers alone.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    tasks = [json.loads(line) for line in sys.stdin]
    warm()
    for answer in serve(tasks, os.cpu_count() or 1):
        _say(answers, answer)


def _say(answers: TextIO, answer: dict[str, Any]) -> None:
    answers.write(json.dumps(answer) + "\n")
    answers.flush()


def warm() -> None:
    """Make one report and throw it away, so that everything is imported and found before the first fork."""
    with tempfile.TemporaryDirectory() as folder:
        case = asked(next(iter(bundled())), None, None, Path(folder))
        write_page(case, Path(folder), Path(folder), run_inside)


def serve(tasks: list[dict[str, Any]], at_a_time: int) -> Iterator[dict[str, Any]]:
    """The answer to each task as it is done, so many of them at a time."""
    waiting, running = list(tasks), dict[int, dict[str, Any]]()
    while waiting or running:
        while waiting and len(running) < at_a_time:
            task = waiting.pop(0)
            running[_forked(task)] = task
        process, status = os.wait()
        yield _answer_of(running.pop(process), status)


def _forked(task: dict[str, Any]) -> int:
    """The process that makes one report."""
    process = os.fork()
    if process:
        return process
    signal.alarm(LONGEST_CELL)
    try:
        _place_of_answer(task).write_text(json.dumps(_made(task)), encoding="utf-8")
    finally:
        os._exit(0)


def _made(task: dict[str, Any]) -> dict[str, Any]:
    try:
        path = write_page(Asked.from_json(task["asked"]), Path(task["folder"]), Path(task["temporary"]), run_inside)
    except CaseError as error:
        return {"place": task["place"], "path": None, "problems": [problem.as_dict() for problem in error.problems]}
    return {"place": task["place"], "path": str(path), "problems": []}


def _answer_of(task: dict[str, Any], status: int) -> dict[str, Any]:
    """What the process left; a problem where it left nothing."""
    if _place_of_answer(task).is_file():
        answer: dict[str, Any] = json.loads(_place_of_answer(task).read_text(encoding="utf-8"))
        return answer
    late = os.waitstatus_to_exitcode(status) == -signal.SIGALRM
    reason = f"took longer than {LONGEST_CELL} seconds" if late else "ended without a word"
    problem = Problem(task["name"], None, "", f"the process that made its report {reason}.")
    return {"place": task["place"], "path": None, "problems": [problem.as_dict()]}


def _place_of_answer(task: dict[str, Any]) -> Path:
    return Path(task["temporary"]) / "answer.json"


if __name__ == "__main__":
    main()
