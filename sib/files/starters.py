"""First case files, one for each common structure, with comments that say what each line is."""

from __future__ import annotations

from pathlib import Path

from sib.files.bundle import bundled_folder
from sib.files.writer import write_text
from sib.problems import CaseError, Problem, nearest


def starters() -> dict[str, Path]:
    """Every starter by name."""
    return {path.stem: path for path in sorted((bundled_folder("templates") / "starters").glob("*.yaml"))}


def write_starter(name: str, starter: str = "tariff") -> Path:
    """Copy a starter to NAME.yaml in the current folder.

    CaseError for an unknown starter, and when such a file is there already.
    """
    text = _starter(starter).read_text(encoding="utf-8")
    path = Path(name if name.endswith((".yaml", ".yml")) else f"{name}.yaml")
    if path.exists():
        raise CaseError(Problem(str(path), None, "", "the file is there already; choose another name."))
    if not path.parent.is_dir():
        raise CaseError(Problem(str(path), None, "", f"there is no folder {str(path.parent)!r}; make it first."))
    write_text(text, path)
    return path


def _starter(name: str) -> Path:
    """The starter of this name; for an unknown one a CaseError with the nearest, and all that there are."""
    known = starters()
    if name in known:
        return known[name]
    near = nearest(name, known)
    hint = f"did you mean {near!r}? " if near else ""
    said = f"there is no starter {name!r}; {hint}The starters: {', '.join(known)}."
    raise CaseError(Problem(None, None, "", said))
