"""The bundled cases: published deals as files inside the package."""

from __future__ import annotations

from pathlib import Path

LIBRARY = Path(__file__).parent.parent / "library"


def bundled() -> dict[str, Path]:
    """Every bundled case by name, in alphabetical order."""
    return {path.stem: path for path in sorted(LIBRARY.glob("*.yaml"))}
