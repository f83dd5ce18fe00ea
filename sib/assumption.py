"""A number that somebody has to believe: its value, its range, its source and its grade.

In a case file each such number is written plainly (`0.35`) or as a map (`{value: 0.35, low: 0.25, …}`).
Terms are what was signed and have no range; assumptions are what is expected and may have one.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

from sib.naming import Reference

if TYPE_CHECKING:
    from pydantic_core import CoreSchema


class Frozen(BaseModel):
    """The base of every value of a case: frozen, unknown keys refused, no nan and no infinity."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True, defer_build=True
    )

    written_without_its_keys: ClassVar[bool] = False
    """Whether a file writes the content of its one field directly, so that a path has no part for the field."""


def plain_number(value: object) -> object:
    """Read a bare number as `{value: number}`; anything else is left for the schema to judge."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return {"value": value}
    return value


def strictly_a_number(value: object) -> object:
    """Refuse text and yes/no where a number belongs, instead of guessing what was meant."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"a number was expected, {value!r} was written; write digits without quotes")
    if not math.isfinite(value):
        raise ValueError(f"a finite number was expected, {value} was written")
    return value


Figure = Annotated[float, BeforeValidator(strictly_a_number)]


class Term(Frozen):
    """A number that was signed, with where it was read. It has no range: see `Assumption`."""

    value: Figure
    """The number itself."""
    unit: str = ""
    """What one of it is, for example `GBP per start`."""
    source: Annotated[str, Reference("source")] | None = None
    """The id of a source of this case."""
    grade: Annotated[int, Field(ge=1, le=6)] | None = None
    """Quality of the evidence: 1 local data and a randomised trial … 6 uncorroborated judgement."""
    note: str = ""
    """Anything a reader of the register should know, for example `derived` or `unverified`."""

    @model_validator(mode="before")
    @classmethod
    def _no_range_unless_expected(cls, value: Any) -> Any:
        given = [end for end in ("low", "high") if isinstance(value, dict) and end in value]
        if given and "low" not in cls.model_fields:
            raise ValueError("a term was signed and has no range; remove low and high, or put the range on a forecast")
        return value

    @model_serializer(mode="wrap")
    def _as_written(self, handler: SerializerFunctionWrapHandler) -> Any:
        """Write a bare number where nothing but the value was given, so that a file reads as it was written."""
        written = {key: item for key, item in handler(self).items() if item not in (None, "")}
        return written["value"] if set(written) == {"value"} else written

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """An editor accepts the plain number as well as the map."""
        return {"anyOf": [{"type": "number"}, handler(core)]}


class Assumption(Term):
    """A number that is expected, with the range in which it may lie (`low` to `high`)."""

    low: Figure | None = None
    """The lowest it may reasonably be."""
    high: Figure | None = None
    """The highest it may reasonably be."""

    @model_validator(mode="after")
    def _range_holds_value(self) -> Self:
        if (self.low is None) != (self.high is None):
            raise ValueError("a range needs both ends; write low and high, or neither")
        if self.low is not None and self.high is not None and not self.low <= self.value <= self.high:
            raise ValueError(f"the value {self.value:g} is outside its range {self.low:g} to {self.high:g}")
        return self

    @property
    def has_range(self) -> bool:
        """Whether the number was given a low and a high that differ."""
        return self.low is not None and self.low != self.high


class Unit:
    """A marker in a field's annotation: what the number is measured in when the file does not say."""

    def __init__(self, name: str) -> None:
        self.name = name


def _within(minimum: float | None, maximum: float | None) -> Callable[[Term], Term]:
    def check(number: Term) -> Term:
        ends = [number.value, getattr(number, "low", None), getattr(number, "high", None)]
        for end in (end for end in ends if end is not None):
            if minimum is not None and end < minimum:
                wanted = "must not be negative" if minimum == 0 else f"must be at least {minimum:g}"
                raise ValueError(f"{wanted}; {end:g} was written")
            if maximum is not None and end > maximum:
                raise ValueError(f"must be at most {maximum:g} (a fraction, so 35 % is 0.35); {end:g} was written")
        return number

    return check


_PLAIN = BeforeValidator(plain_number)
_A_RATE = AfterValidator(_within(-1, 1))
_POSITIVE, _FRACTION = AfterValidator(_within(0, None)), AfterValidator(_within(0, 1))

Amount = Annotated[Term, _PLAIN, _POSITIVE, Unit("money")]
SignedAmount = Annotated[Term, _PLAIN, Unit("money")]
Share = Annotated[Term, _PLAIN, _FRACTION, Unit("fraction")]
Rate = Annotated[Term, _PLAIN, _A_RATE, Unit("fraction a year")]
Quantity = Annotated[Term, _PLAIN, Unit("")]
Count = Annotated[Term, _PLAIN, _POSITIVE, Unit("people")]

ExpectedAmount = Annotated[Assumption, _PLAIN, _POSITIVE, Unit("money")]
ExpectedCount = Annotated[Assumption, _PLAIN, _POSITIVE, Unit("people")]
ExpectedShare = Annotated[Assumption, _PLAIN, _FRACTION, Unit("fraction")]
ExpectedRate = Annotated[Assumption, _PLAIN, _A_RATE, Unit("fraction a year")]
Expected = Annotated[Assumption, _PLAIN, Unit("")]
