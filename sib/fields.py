"""Every field of a case that can be set, by path, with its unit and its range."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, get_args

from pydantic.fields import FieldInfo

from sib.assumption import Frozen, Term, Unit
from sib.basis import Vintage
from sib.case import Case
from sib.periods import Duration


@dataclass(frozen=True)
class Field:
    """One field: its path as `--set` takes it, its value, its type in a word, its unit and its range."""

    path: str
    value: Any
    type: str
    unit: str
    low: float | None
    high: float | None

    def as_dict(self) -> dict[str, Any]:
        """As `sib fields --json` prints it, dates as ISO text."""
        plain = asdict(self)
        return plain | {"value": str(self.value) if isinstance(self.value, dt.date) else self.value}


def fields_of(case: Case) -> list[Field]:
    """The fields of the deal, the forecast, the actuals and the appraisal, in the order of the file.

    Money is in the case's currency; `money` in the schema is told as that currency.
    """
    sections = ("deal", "forecast", "actuals", "appraisal")
    return [field for name in sections for field in _of_model(getattr(case, name), name, case.currency)]


def _of_model(model: Frozen, path: str, currency: str) -> Iterator[Field]:
    for name, info in type(model).model_fields.items():
        if name == "id":
            continue
        inner = path if model.written_without_its_keys else f"{path}.{name}"
        unit = currency if (found := unit_of(info)) == "money" else found
        yield from _of_value(getattr(model, name), inner, unit, currency)


def _of_value(value: Any, path: str, unit: str, currency: str) -> Iterator[Field]:
    if isinstance(value, Vintage):
        return  # a published table is changed by its name, and not figure by figure
    if isinstance(value, Term):
        low, high = getattr(value, "low", None), getattr(value, "high", None)
        yield Field(path, value.value, "number", value.unit or unit, low, high)
    elif isinstance(value, Frozen) and isinstance(written := value.model_dump(), str):
        yield Field(path, written, "text", "", None, None)
    elif isinstance(value, Frozen):
        yield from _of_model(value, path, currency)
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from _of_value(item, f"{path}.{name}", unit, currency)
    elif isinstance(value, tuple):
        for position, item in enumerate(value):
            name = getattr(item, "id", None)
            yield from _of_value(item, f"{path}[{position}]" if name is None else f"{path}.{name}", unit, currency)
    elif value is not None and value != "":
        yield Field(path, str(value) if isinstance(value, Duration) else value, _type(value), "", None, None)


def _type(value: Any) -> str:
    if isinstance(value, dt.date):
        return "date"
    if isinstance(value, Duration):
        return "length of time"
    return "number" if isinstance(value, int | float) else "text"


def unit_of(info: FieldInfo) -> str:
    """The unit that a field's annotation states, or nothing."""
    return next((item.name for item in [*info.metadata, *_inside(info.annotation)] if isinstance(item, Unit)), "")


def _inside(annotation: Any) -> Iterator[Any]:
    yield from getattr(annotation, "__metadata__", ())
    for part in get_args(annotation):
        yield from _inside(part)
