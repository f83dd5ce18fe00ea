"""Where the notebooks and templates are: inside an installed package, or beside it in a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent.parent


def bundled_folder(name: str) -> Path:
    """The folder `notebooks` or `templates`, wherever this installation keeps it."""
    inside = _PACKAGE / "bundled" / name
    return inside if inside.is_dir() else _PACKAGE.parent / name
