"""Where notebooks and templates are: inside an installed package, or at the root of a checkout."""

from __future__ import annotations

from pathlib import Path

from sib.files.bundle import bundled_folder


def notebook(name: str) -> Path:
    """The notebook of this name, without its ending."""
    return bundled_folder("notebooks") / f"{name}.ipynb"


def templates() -> Path:
    """The folder of templates, one folder for each."""
    return bundled_folder("templates")
