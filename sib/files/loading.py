"""From a name or a path to a checked case; every mistake at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sib.case import Case
from sib.consistency import contradictions
from sib.files.library import bundled
from sib.files.published_tables import Fault, changes_with_published_tables, with_published_tables
from sib.files.reader import Document, problems_at, read_document
from sib.files.tables import with_columns
from sib.problems import CaseError, Problem, nearest


def load(name_or_path: str | Path, changes: Mapping[str, Any] | None = None) -> Case:
    """A case by the name of a bundled one, or from a file; `changes` are fields by path, applied before checking.

    Raises CaseError with every mistake in the file. Notes on ranges that a change had to drop are on
    `load_with_notes`.
    """
    return load_with_notes(name_or_path, changes or {})[0]


def load_with_notes(name_or_path: str | Path, changes: Mapping[str, Any]) -> tuple[Case, list[str]]:
    """The same, with a note for each range that no longer held a changed value."""
    path = path_of_case(name_or_path)
    document = with_columns(read_document(path), Path(path).parent)
    case = _checked(replace(document, data={"id": _name_of(path), **document.data}))
    if not changes:
        return case, []
    asked, faults = changes_with_published_tables(changes)
    if faults:
        raise CaseError([Problem("--set", None, str(loc[-1]), message) for loc, message in faults])
    data, notes = case.changed_data(asked)
    return _checked(replace(document, data=data)), notes


def path_of_case(name_or_path: str | Path) -> str:
    """Where a case is: a bundled name, or a path as given. Names that are neither are a CaseError with the nearest."""
    name, known = str(name_or_path), bundled()
    if name in known and not Path(name).is_file():
        return str(known[name])
    if not Path(name).exists() and Path(name).name == name and not name.endswith((".yaml", ".yml")):
        near = nearest(name, known)
        hint = f"did you mean {near!r}?" if near else f"bundled cases: {', '.join(known)}."
        raise CaseError(Problem(name, None, "", f"no bundled case and no file has this name; {hint}"))
    return name


def _name_of(path: str) -> str:
    """A case without an id is called by its file, as far as an id can say it."""
    return re.sub(r"[.\[\]=:]+", "-", Path(path).stem) or "case"


def _checked(document: Document) -> Case:
    data, faults = with_published_tables(document.data)
    document = replace(document, data=data)
    try:
        case = Case.from_data(document.data)
    except ValidationError as error:
        raise CaseError(_with_unknown_tables(_problems_of(error, document), faults, document)) from None
    found = contradictions(case)
    # A scenario inherits what is wrong with the base; only what it adds is worth a line.
    added = [] if found else list(_of_scenarios(case))
    problems = [Problem(None, None, path, message) for path, message in [*found, *added]]
    if problems:
        # Only a case with mistakes needs the sentences that tell them.
        from sib.files.messages import located

        raise CaseError(located(problems, document))
    return case


def _with_unknown_tables(problems: list[Problem], faults: list[Fault], document: Document) -> list[Problem]:
    """The schema's problems, with better words for the names of tables that there are not."""
    told = problems_at(document, [(loc, document.line_of(loc), message) for loc, message in faults])
    paths = {problem.path for problem in told}
    kept = [problem for problem in problems if problem.path not in paths]
    return sorted([*kept, *told], key=lambda problem: problem.line or 0)


def _problems_of(error: ValidationError, document: Document) -> list[Problem]:
    from sib.files.messages import problems_of

    return problems_of(error, document, Case)


def _of_scenarios(case: Case) -> Iterator[tuple[str, str]]:
    """What is wrong with the case under each of its named scenarios."""
    for scenario in case.scenarios:
        where = f"scenarios.{scenario.id}.set"
        try:
            data, _ = case.changed_data(scenario.set)
            changed = Case.from_data(data)
        except CaseError as error:
            yield from ((where, f"{problem.path}: {problem.message}") for problem in error.problems)
        except ValidationError as error:
            found = _problems_of(error, Document(data))
            yield from ((where, f"{problem.path}: {problem.message}") for problem in found)
        else:
            yield from ((where, f"{path}: {message}") for path, message in contradictions(changed))
