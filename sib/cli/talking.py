"""What every command does in the same way: read a case as it was asked for, and say things."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any

from sib.problems import CaseError, Problem, nearest

Arguments = argparse.Namespace

DONE, MENDABLE, WRONG_USAGE = 0, 1, 2


def values(given: Arguments) -> dict[str, Any]:
    """The changes of `--set`, their values read as YAML; all that cannot be read at once."""
    from sib.files.reader import read_value

    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for path, text in given.changes:
        try:
            values[path] = read_value(text, "--set")
        except CaseError as error:
            problems += [Problem("--set", None, path, problem.message) for problem in error.problems]
    if problems:
        raise CaseError(problems)
    return values


def load(given: Arguments, name: str) -> Any:
    """A case with the changes of `--set`; what had to be dropped is said."""
    from sib.files import load_with_notes

    case, notes = load_with_notes(name, values(given))
    for note in notes:
        say(note)
    if given.scenario is not None and given.scenario not in {item.id for item in case.scenarios}:
        raise CaseError(_unknown_scenario(name, given.scenario, [item.id for item in case.scenarios]))
    return case


def warned(given: Arguments, result: Any) -> Any:
    """What the reader must be warned of, with the lines of the file."""
    from sib.design.warnings import warnings
    from sib.show.warned import placed

    return placed(warnings(result), given.case)


def _unknown_scenario(case: str, name: str, known: list[str]) -> Problem:
    near = nearest(name, known)
    hint = f"did you mean {near!r}?" if near else f"its scenarios: {', '.join(known) or 'none'}."
    return Problem(case, None, "scenarios", f"{name!r} is not a scenario of this case; {hint}")


def print_json(value: Any) -> None:
    """One JSON value on standard output."""
    print(json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False, default=str))


def say(text: str) -> None:
    """A line on standard error, where no other program reads an answer."""
    print(text, file=sys.stderr)


def complain(problems: Sequence[Problem], *, as_json: bool) -> None:
    """Every problem, as lines on standard error or as one JSON object on standard output."""
    if as_json:
        print_json({"errors": [problem.as_dict() for problem in problems]})
        return
    for problem in problems:
        say(str(problem))
