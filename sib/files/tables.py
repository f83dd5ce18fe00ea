"""Long series that stand in a CSV beside the case: `{csv: starts.csv, column: starts}`."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path
from typing import Any

from sib.files.reader import MOST_BYTES, Document
from sib.paths import Loc, path_of
from sib.problems import CaseError, Problem

KEYS = {"csv", "column"}


def with_columns(document: Document, folder: Path) -> Document:
    """The document with every `{csv, column}` replaced by that column's numbers; CaseError for all that fail."""
    problems: list[Problem] = []
    data = _filled(document.data, (), document, folder, problems)
    if problems:
        raise CaseError(problems)
    return replace(document, data=data)


def _filled(value: Any, loc: Loc, document: Document, folder: Path, problems: list[Problem]) -> Any:
    if isinstance(value, dict) and set(value) == KEYS:
        try:
            return column(folder, str(value["csv"]), str(value["column"]))
        except (ValueError, OSError) as error:
            path = path_of(document.data, loc)
            problems.append(Problem(document.file, document.line_of(loc), path, str(error)))
            return value
    if isinstance(value, dict):
        return {key: _filled(item, (*loc, key), document, folder, problems) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, (*loc, i), document, folder, problems) for i, item in enumerate(value)]
    return value


def column(folder: Path, name: str, heading: str) -> list[float]:
    """The numbers of one column of a CSV in the case's own folder; ValueError says what is wrong with it."""
    path = (folder / name).resolve()
    if folder.resolve() not in path.parents:
        raise ValueError(f"{name!r} lies outside the case's folder; put the CSV beside the case.")
    if not path.is_file():
        raise ValueError(f"there is no file {name!r} beside the case; check the name.")
    if path.stat().st_size > MOST_BYTES:
        raise ValueError(f"{name!r} is larger than {MOST_BYTES:,} bytes; keep only the column that is needed.")
    try:
        rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    except UnicodeDecodeError:
        raise ValueError(f"{name!r} is not text in UTF-8; save it as CSV UTF-8.") from None
    if not rows or heading not in rows[0]:
        raise ValueError(f"{name!r} has no column {heading!r}; its columns: {', '.join(rows[0] if rows else [])}.")
    return [_number(row[heading], name, heading, line) for line, row in enumerate(rows, start=2)]


def _number(text: str | None, name: str, heading: str, line: int) -> float:
    try:
        return float((text or "").replace(",", "").strip())
    except ValueError:
        raise ValueError(f"{name!r} line {line}, column {heading!r}: {text!r} is not a number.") from None
