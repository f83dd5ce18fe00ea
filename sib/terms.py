"""Every number of a case, by path, and every date."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sib.assumption import Frozen, Term


def terms_in(value: Any, path: str = "") -> Iterator[tuple[str, Term]]:
    """Every number of a case with its path, in the order of the file."""
    if isinstance(value, Term):
        yield path, value
    elif isinstance(value, Frozen):
        for name in type(value).model_fields:
            inner = path if value.written_without_its_keys else f"{path}.{name}".lstrip(".")
            yield from terms_in(getattr(value, name), inner)
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from terms_in(item, f"{path}.{name}")
    elif isinstance(value, tuple):
        for position, item in enumerate(value):
            named = getattr(item, "id", None)
            yield from terms_in(item, f"{path}[{position}]" if named is None else f"{path}.{named}")


def dates_in(value: Any) -> Iterator[date]:
    """Every date stated anywhere in a part of a case."""
    if isinstance(value, date):
        yield value
    elif isinstance(value, Frozen):
        for name in type(value).model_fields:
            yield from dates_in(getattr(value, name))
    elif isinstance(value, Mapping):
        yield from (day for item in value.values() for day in dates_in(item))
    elif isinstance(value, tuple):
        yield from (day for item in value for day in dates_in(item))
