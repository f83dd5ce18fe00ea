"""What an appraisal stands on: how the future is discounted, how prices are compared, what a unit costs.

Each is a dated vintage with its source, so that a published table never changes under a case that names it.
"""

from __future__ import annotations

import datetime as dt
import re
from itertools import pairwise
from typing import Annotated, Any, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from sib.assumption import AlsoWritten, Figure, Frozen
from sib.naming import Id, Listed

Floats = NDArray[np.float64]

# Shares are written to a few digits: a third three times is 0.999.
ROUNDING = 0.001

Kind = Literal["fiscal", "economic", "social"]

_YEAR = re.compile(r"(\d{4})(?:/(\d{2}))?")


def years_in(price_year: str) -> tuple[int, bool]:
    """The year in which a price year starts, and whether it is a financial one (`2015/16`), not a calendar one."""
    found = _YEAR.fullmatch(price_year)
    if found is None:
        raise ValueError(
            f"{price_year!r} is not a price year; write a calendar year, 2015, or a financial one, 2015/16"
        )
    first = int(found[1])
    if found[2] is not None and int(found[2]) != (first + 1) % 100:
        raise ValueError(f"{price_year!r} is not one year; the financial year after {first} is {first}/{_next(first)}")
    return first, found[2] is not None


def _next(year: int) -> str:
    return f"{(year + 1) % 100:02d}"


def _year_as_text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _is_price_year(text: str) -> str:
    years_in(text)
    return text


PriceYear = Annotated[
    str, BeforeValidator(_year_as_text), AfterValidator(_is_price_year), AlsoWritten({"type": "integer"})
]
"""A calendar year, `2015`, or a financial year, `2015/16`."""


class Band(Frozen):
    """The discount rate of some years."""

    to: Annotated[int, Field(gt=0)] | None = None
    """The last year from the base that has the rate; left out for all years after."""
    rate: Annotated[Figure, Field(gt=-1, lt=1)]
    """Real, a fraction a year."""


def _in_order(bands: tuple[Band, ...]) -> tuple[Band, ...]:
    ends = [band.to for band in bands]
    if ends and (ends[-1] is not None or None in ends[:-1]):
        raise ValueError("the last band, and no other, has no end; leave out its `to`, and give the others one")
    closed = [end for end in ends if end is not None]
    if any(later <= earlier for earlier, later in pairwise(closed)):
        raise ValueError("the bands must follow each other; write them with `to` increasing")
    return bands


Bands = Annotated[tuple[Band, ...], AfterValidator(_in_order)]


class Vintage(Frozen):
    """One edition of a published table: what it is called, where it was read and when it was published."""

    id: Id
    """The name by which a case asks for it."""
    title: str = ""
    """What it is, in words."""
    source_text: str = ""
    """Where the figures were read."""
    url: str = ""
    """The address of the source, if known."""
    date: dt.date | None = None
    """When the edition was published; the first day of its month, or of its year, where no more is known."""
    country: str = ""
    """Whose public money it is for."""
    note: str = ""
    """Anything a reader should know, for example `unverified`."""


class Sensitivity(Vintage):
    """Other rates to try beside a schedule's own. Without health bands, health is discounted like the rest."""

    bands: Annotated[Bands, Field(min_length=1)]
    """The rates for everything, or for everything but health."""
    health: Bands = ()
    """The rates for health in utility units (QALY)."""


class DiscountSchedule(Vintage):
    """Real social discount rates by year from the base; the base itself is not discounted."""

    bands: Annotated[Bands, Field(min_length=1)]
    """The standard rates."""
    health: Bands = ()
    """For health in utility units (QALY) only; money saved by a health service has the standard rates."""
    long_horizon: Bands = ()
    """The sensitivity to show where the horizon is beyond fifty years."""
    sensitivities: Listed[Sensitivity] = ()
    """Other rates by name, never used unless asked for."""


class Deflator(Vintage):
    """A price index by year; years are all calendar years, or all financial years."""

    index: Annotated[dict[PriceYear, Annotated[Figure, Field(gt=0)]], Field(min_length=1)]
    """The price level of each year, in the order of the years; only ratios are used."""
    financial_year_starts: Annotated[int, Field(ge=1, le=12)] = 4
    """The first month of the financial years that are read from, or in, the index: 4 is April."""

    @model_validator(mode="after")
    def _one_kind_of_year_in_order(self) -> Self:
        years = [years_in(year) for year in self.index]
        if len({financial for _, financial in years}) > 1:
            raise ValueError("the index mixes calendar years and financial years; write years of one form")
        if any(later <= earlier for earlier, later in pairwise(years)):
            raise ValueError("the years of the index must increase from line to line")
        return self

    @property
    def is_financial(self) -> bool:
        """Whether the index has financial years."""
        return years_in(next(iter(self.index)))[1]

    @property
    def last_year(self) -> int:
        """The year in which the last year of the index starts."""
        return years_in(next(reversed(self.index)))[0]

    @property
    def levels(self) -> dict[int, float]:
        """The price level by the year in which each year of the index starts."""
        return {years_in(year)[0]: level for year, level in self.index.items()}


def _sum_to_one(shares: dict[str, float]) -> dict[str, float]:
    total = sum(shares.values())
    if shares and abs(total - 1) > ROUNDING:
        raise ValueError(f"the shares sum to {total:.4g}; the shares of all who save must sum to 1")
    return shares


Shares = Annotated[dict[str, Annotated[Figure, Field(ge=0, le=1)]], AfterValidator(_sum_to_one)]
"""Parts of a whole by organisation, which sum to one."""


class UnitCost(Frozen):
    """What one unit costs or is worth, in the prices of one year, and to whom."""

    id: Id
    """The name by which a case asks for it."""
    title: str = ""
    """What it is, in words."""
    unit: str = ""
    """What one of it is, for example `per child-year`."""
    value: Annotated[Figure, Field(ge=0)]
    """Money per unit, in prices of `price_year`."""
    price_year: PriceYear
    """The year whose prices the value is in."""
    published_value: Annotated[Figure, Field(ge=0)] | None = None
    """The figure before anybody uprated it."""
    published_year: PriceYear | None = None
    """The year whose prices the published figure is in."""
    amounts: Annotated[dict[str, Annotated[Figure, Field(ge=0)]], Field(default_factory=dict)]
    """The published value by organisation that saves; `saved_by` follows from it."""
    kind: Kind = "fiscal"
    """Public money (fiscal), somebody else's money (economic) or wellbeing (social)."""
    transfer: bool = False
    """Whether it only moves money between people, as benefits and taxes do: no public value."""
    saved_by: Annotated[Shares, Field(default_factory=dict)]
    """The share of each organisation that saves; empty where the source does not say."""
    outcome: str = ""
    """The outcome of which this is one part; parts of one outcome are different savings and may be added."""
    source_text: str = ""
    """Where the figure was read."""
    note: str = ""
    """Anything a reader should know, for example `derived` or `unverified`."""

    @model_validator(mode="before")
    @classmethod
    def _shares_from_amounts(cls, value: Any) -> Any:
        amounts = value.get("amounts") if isinstance(value, dict) else None
        if not isinstance(amounts, dict) or value.get("saved_by"):
            return value
        if not all(isinstance(amount, int | float) for amount in amounts.values()):
            return value
        total = sum(amounts.values())
        if total <= 0:
            return value
        return {**value, "saved_by": {name: amount / total for name, amount in amounts.items()}}

    @model_validator(mode="after")
    def _amounts_make_the_published_value(self) -> Self:
        total = sum(self.amounts.values())
        if self.amounts and (self.published_value is None or abs(total - self.published_value) > 0.005):
            raise ValueError(f"the amounts sum to {total:g}, not to the published value {self.published_value}")
        return self

    @model_validator(mode="after")
    def _published_has_its_year(self) -> Self:
        if (self.published_value is None) != (self.published_year is None):
            raise ValueError("a published value needs its price year; write both, or neither")
        return self


class UnitCosts(Vintage):
    """A published table of unit costs."""

    rows: Listed[UnitCost]
    """The unit costs, each with an id of its own."""

    @property
    def by_id(self) -> dict[str, UnitCost]:
        """The unit costs by their id."""
        return {row.id: row for row in self.rows}
