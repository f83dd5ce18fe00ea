"""How the appraiser looks at a deal: to which day, in which prices, at which rates; nothing here was signed."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from sib.assumption import TEXT, AlsoWritten, ExpectedRate, ExpectedShare, Frozen, Rate, Share
from sib.basis import Deflator, DiscountSchedule, PriceYear
from sib.deal.dates import Day

ONE_RATE = "one rate"


def _one_rate(value: Any) -> Any:
    """A plain rate is a schedule of one band; a name is for the file that holds the table."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return value
    if isinstance(value, str):
        raise ValueError(f"{value!r} is not a discount rate; write a fraction, 0.035, or a bundled schedule's name")
    return {"id": ONE_RATE, "title": f"{value * 100:.4g} % a year", "bands": [{"rate": value}]}


class Basis(Frozen):
    """What public value is measured in: real prices of one year, discounted to one day."""

    discount: Annotated[DiscountSchedule, BeforeValidator(_one_rate), AlsoWritten(TEXT, {"type": "number"})]
    """Real social discount rates: the name of a bundled schedule, one rate, or bands of years."""
    deflator: Annotated[Deflator, AlsoWritten(TEXT)] | None = None
    """Prices by year: the name of a bundled deflator, or an index; `inflation` alone where there is none."""
    inflation: ExpectedRate | None = None
    """Growth of prices a year after the deflator's last year; of every year where there is no deflator."""
    price_year: PriceYear | None = None
    """Whose prices the results are in; the year in which the contract starts unless written."""
    base: Day | None = None
    """The day to which is discounted; the start of the contract unless written."""
    costs_optimism: ExpectedShare | None = None
    """What is put on top of resource costs for optimism, in public value only."""

    @property
    def name(self) -> str:
        """What it is called: the schedule, or its one rate."""
        return self.discount.title if self.discount.id == ONE_RATE else self.discount.id


class OtherWays(Frozen):
    """What is needed to compare the deal with other ways of paying for the same service."""

    borrowing_rate: Rate | None = None
    """At which the public sector borrows: the cost of public money, and only a price to compare with."""
    reserves_yield: Rate | None = None
    """What the public sector's reserves earn a year."""
    fee_margin: Share | None = None
    """What a provider on a fixed fee adds to its costs; nothing unless written."""
    success: ExpectedShare | None = None
    """The probability that the service works as forecast; it has no effect at all otherwise."""


class Appraisal(Frozen):
    """How the appraiser looks at the deal; nothing here changes what was signed or what is expected."""

    horizon: Day | None = None
    """The last day that is looked at; the last day on which anything happens unless written."""
    hurdle: Rate | None = None
    """The investor's required return a year, at which `npv` is taken."""
    financial_year_starts: Annotated[int, Field(ge=1, le=12)] = 4
    """The first month of the financial year: 4 is April."""
    basis: Annotated[Basis, AlsoWritten(TEXT)] | None = None
    """Without it there is no public value."""
    other_ways: OtherWays = OtherWays()
    """Rates for the comparison with other ways to pay."""
    not_monetised: tuple[str, ...] = ()
    """What matters and has no price here, in sentences."""
