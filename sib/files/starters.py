"""First case files, one for each common structure, with comments that say what each line is."""

from __future__ import annotations

from pathlib import Path

from sib.files.bundle import bundled_folder
from sib.files.writer import write_text
from sib.problems import CaseError, Problem


def starters() -> dict[str, Path]:
    """Every starter by name."""
    return {path.stem: path for path in sorted((bundled_folder("templates") / "starters").glob("*.yaml"))}


def write_starter(name: str, starter: str = "tariff") -> Path:
    """Copy a starter to NAME.yaml in the current folder; CaseError when such a file is there already."""
    path = Path(name if name.endswith((".yaml", ".yml")) else f"{name}.yaml")
    if path.exists():
        raise CaseError(Problem(str(path), None, "", "the file is there already; choose another name."))
    if not path.parent.is_dir():
        raise CaseError(Problem(str(path), None, "", f"there is no folder {str(path.parent)!r}; make it first."))
    write_text(starters()[starter].read_text(encoding="utf-8"), path)
    return path
