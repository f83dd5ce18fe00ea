"""How a contradiction is told."""

from __future__ import annotations

Contradiction = tuple[str, str]
"""A path, and a sentence that says what is wrong and what to do."""
