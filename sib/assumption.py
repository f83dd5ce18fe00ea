"""A number that somebody has to believe: its value, its range, its source and its grade.

In a case file each such number is written plainly (`0.35`) or as a map (`{value: 0.35, low: 0.25, …}`).
Terms are what was signed and have no range; assumptions are what is expected and may have one.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import fmean
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    PrivateAttr,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

from sib.naming import Reference

if TYPE_CHECKING:
    from pydantic_core import CoreSchema


class AlsoWritten:
    """Annotates a value that a file may write in other forms too, so that an editor's schema accepts them."""

    def __init__(self, *forms: dict[str, Any]) -> None:
        self.forms = forms

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """The other forms first, as they are the shorter ones."""
        return {"anyOf": [*self.forms, handler(core)]}


TEXT: dict[str, Any] = {"type": "string"}


class Frozen(BaseModel):
    """The base of every value of a case: frozen, unknown keys refused, no nan and no infinity."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True, defer_build=True
    )

    written_without_its_keys: ClassVar[bool] = False
    """Whether a file writes the content of its one field directly, so that a path has no part for the field."""
    short_forms: ClassVar[tuple[dict[str, Any], ...]] = ()
    """For the editor's schema: shorter ways in which a file may write the same."""

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """What is written without its keys is any of its fields' values."""
        schema = handler(core)
        if not cls.written_without_its_keys:
            return schema
        resolved = handler.resolve_ref_schema(schema)
        fields = resolved.get("properties", {}).values()
        forms = [form for field in fields for form in field.get("anyOf", [field]) if form != {"type": "null"}]
        for key in ("type", "properties", "additionalProperties", "required"):
            resolved.pop(key, None)
        resolved["anyOf"] = [*cls.short_forms, *forms]
        return schema


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


UNCERTAIN = ("low", "high", "distribution", "sd", "values")
"""The keys of an assumption that say how uncertain it is."""


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
        given = [key for key in UNCERTAIN if isinstance(value, dict) and key in value]
        if given and "low" not in cls.model_fields:
            named = "low and high" if set(given) & {"low", "high"} else " and ".join(given)
            raise ValueError(f"a term was signed and has no range; remove {named}, or put the range on a forecast")
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


Distribution = Literal["pert", "triangular", "uniform", "normal", "lognormal", "beta", "empirical"]

_NEEDS = {
    **dict.fromkeys(("pert", "triangular", "uniform"), ("low", "high")),
    **dict.fromkeys(("normal", "lognormal", "beta"), ("sd",)),
    "empirical": ("values",),
}

# A normal distribution may lie outside what the number can be with this chance; what does is put on the limit.
NEGLIGIBLE = 0.001


class Assumption(Term):
    """A number that is expected, with the range in which it may lie, or with a named distribution.

    `low` to `high` around the value, which is the most likely: PERT unless `distribution` says `triangular` or
    `uniform`. Or `sd` around the value, which is the mean: `normal`, `lognormal`, or `beta` from 0 to 1.
    Or `empirical`: `values` that were seen, equally likely; the value is their mean unless written.
    """

    low: Figure | None = None
    """The lowest it may reasonably be."""
    high: Figure | None = None
    """The highest it may reasonably be."""
    distribution: Distribution | None = None
    """Its form; `pert` where only a range is written."""
    sd: Annotated[Figure, Field(gt=0)] | None = None
    """The standard deviation, in the unit of the number."""
    values: Annotated[tuple[Figure, ...], Field(min_length=2)] | None = None
    """What was seen elsewhere, for an empirical distribution."""

    _limits: tuple[float | None, float | None] = PrivateAttr((None, None))

    @model_validator(mode="before")
    @classmethod
    def _mean_of_what_was_seen(cls, value: Any) -> Any:
        seen = value.get("values") if isinstance(value, dict) and "value" not in value else None
        if isinstance(seen, list | tuple) and seen and all(type(item) in (int, float) for item in seen):
            return {"value": fmean(seen), **value}
        return value

    @model_validator(mode="after")
    def _range_holds_value(self) -> Self:
        if (self.low is None) != (self.high is None):
            raise ValueError("a range needs both ends; write low and high, or neither")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"low is {self.low:g} and high {self.high:g}; low must not be above high")
        low, high = (min(self.values), max(self.values)) if self.values else (self.low, self.high)
        if low is not None and high is not None and not low <= self.value <= high:
            raise ValueError(f"the value {self.value:g} is outside its range {low:g} to {high:g}")
        return self

    @model_validator(mode="after")
    def _distribution_has_what_it_needs(self) -> Self:
        given = {key for key in ("low", "high", "sd", "values") if getattr(self, key) is not None}
        if self.distribution is None and given - {"low", "high"}:
            told = min(given - {"low", "high"})
            raise ValueError(f"write which distribution it has, as {told} is given: {', '.join(_NEEDS)}")
        wanted = _NEEDS[self.distribution or "pert"]
        if self.distribution is not None and given != set(wanted):
            extra = sorted(given - set(wanted))
            without = f", without {' and '.join(extra)}" if extra else ""
            raise ValueError(f"distribution: {self.distribution} is written with {' and '.join(wanted)}{without}")
        return self

    @model_validator(mode="after")
    def _moments_are_possible(self) -> Self:
        if self.distribution == "lognormal" and not self.value > 0:
            raise ValueError(f"a lognormal number is above 0; its value {self.value:g} is not")
        if self.distribution == "beta" and self.sd is not None:
            if not 0 < self.value < 1:
                raise ValueError(f"a beta number lies between 0 and 1; its value {self.value:g} does not")
            most = math.sqrt(self.value * (1 - self.value))
            if not self.sd < most:
                raise ValueError(
                    f"no beta distribution of mean {self.value:g} has sd {self.sd:g}; under {most:.4g} it has"
                )
        return self

    @property
    def has_range(self) -> bool:
        """Whether the number was given a low and a high that differ."""
        return self.low is not None and self.low != self.high

    @property
    def is_uncertain(self) -> bool:
        """Whether it has a range or a distribution in which it varies."""
        return self.has_range or self.sd is not None or bool(self.values and min(self.values) < max(self.values))

    @property
    def limits(self) -> tuple[float | None, float | None]:
        """The least and the most that a number of its kind can be; None where there is no limit."""
        return self._limits

    def may_exceed(self, limit: float) -> bool:
        """Whether it is more than this, or may be with a chance that is not negligible."""
        ends = [self.value, *(() if self.high is None else (self.high,)), *(self.values or ())]
        return max(ends) > limit or self._chance_below(limit, -1) > NEGLIGIBLE

    def within(self, minimum: float | None, maximum: float | None) -> Self:
        """The same, knowing its limits. ValueError if it would often be outside them."""
        self._limits = (minimum, maximum)
        outside = sum(self._chance_below(limit, sign) for limit, sign in ((minimum, 1), (maximum, -1)))
        if outside > NEGLIGIBLE:
            raise ValueError(
                f"a {self.distribution} number of mean {self.value:g} and sd {self.sd:g} is outside what this can be "
                f"with probability {outside:.2g}; write {self._better(maximum)}"
            )
        return self

    def _better(self, maximum: float | None) -> str:
        """What may be written in place of a distribution that goes too far."""
        if self.distribution == "normal":
            return "a lognormal, or low and high" if maximum is None else "a beta, or low and high"
        return "a smaller sd, or low and high"

    def _chance_below(self, limit: float | None, sign: int) -> float:
        """The chance to lie on the wrong side of a limit: below it, or with sign -1 above it."""
        if limit is None or self.sd is None or self.distribution == "beta":
            return 0.0
        if self.distribution == "normal":
            return 0.5 * math.erfc(sign * (self.value - limit) / self.sd / math.sqrt(2))
        mean, spread = lognormal_parameters(self.value, self.sd)
        return 0.0 if limit <= 0 else 0.5 * math.erfc(sign * (mean - math.log(limit)) / spread / math.sqrt(2))


def lognormal_parameters(mean: float, sd: float) -> tuple[float, float]:
    """Mean and standard deviation of the logarithm of a lognormal number."""
    variance = math.log1p((sd / mean) ** 2)
    return math.log(mean) - variance / 2, math.sqrt(variance)


class Unit:
    """A marker in a field's annotation: what the number is measured in when the file does not say."""

    def __init__(self, name: str) -> None:
        self.name = name


def _within(minimum: float | None, maximum: float | None) -> Callable[[Term], Term]:
    def check(number: Term) -> Term:
        ends = [number.value, getattr(number, "low", None), getattr(number, "high", None)]
        ends += getattr(number, "values", None) or ()
        for end in (end for end in ends if end is not None):
            if minimum is not None and end < minimum:
                wanted = "must not be negative" if minimum == 0 else f"must be at least {minimum:g}"
                raise ValueError(f"{wanted}; {end:g} was written")
            if maximum is not None and end > maximum:
                raise ValueError(f"must be at most {maximum:g} (a fraction, so 35 % is 0.35); {end:g} was written")
        return number.within(minimum, maximum) if isinstance(number, Assumption) else number

    return check


_PLAIN = BeforeValidator(plain_number)
_A_RATE = AfterValidator(_within(-1, 1))
not_negative = _within(0, None)
_POSITIVE, _FRACTION = AfterValidator(not_negative), AfterValidator(_within(0, 1))

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
ExpectedNumber = Annotated[Assumption, _PLAIN, _POSITIVE, Unit("")]
