"""Where notebooks and templates are: inside an installed package, or at the root of a checkout."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).parent.parent


def notebook(name: str) -> Path:
    """The notebook of this name, without its ending."""
    return _folder("notebooks") / f"{name}.ipynb"


def templates() -> Path:
    """The folder of templates, one folder for each."""
    return _folder("templates")


def _folder(name: str) -> Path:
    bundled = PACKAGE / "bundled" / name
    return bundled if bundled.is_dir() else PACKAGE.parent / name
