"""From a case back to a file."""

from __future__ import annotations

from pathlib import Path

from sib.case import Case
from sib.files.writer import write_document


def save(case: Case, path: str | Path) -> None:
    """Write a case as YAML that `load` reads back to an equal case; a file that is there is replaced whole."""
    write_document(case.data(), path)
