"""Investors' capital: tranches and guarantees."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from sib.assumption import Amount, Frozen, Rate
from sib.deal.dates import Day
from sib.deal.schedules import Schedule
from sib.naming import Id, Outcome, Party, Tranche
from sib.periods import DayCount

RANKS = ("senior", "mezzanine", "junior")


class DatedAmount(Frozen):
    """An amount on a day."""

    date: Day
    amount: Amount


class AtOnce(Frozen):
    """All of the commitment on the start date of the contract."""

    kind: Literal["at once"]


class OnDates(Frozen):
    """Stated amounts on stated dates."""

    kind: Literal["on dates"]
    amounts: tuple[DatedAmount, ...] = Field(min_length=1)


class AsNeeded(Frozen):
    """Whatever costs the holder cannot meet from its cash, on the day they fall, up to the commitment."""

    kind: Literal["as needed"]
    reserve: Amount | None = None
    """The cash that is kept at hand."""


class InParts(Frozen):
    """Stated parts of the principal on stated dates; what is left is due at maturity."""

    kind: Literal["on dates"]
    amounts: tuple[DatedAmount, ...] = Field(min_length=1)


class FromReceipts(Frozen):
    """Repaid from outcome payments as they arrive."""

    kind: Literal["from receipts"]
    starting: Day | None = None
    """No repayment before this day: receipts pay for delivery until then."""


class Bullet(Frozen):
    """Repaid in one sum at maturity: in full, or as a schedule of a measure says."""

    kind: Literal["bullet"]
    outcome: Outcome | None = None
    schedule: Schedule | None = None
    """The share of the principal repaid, by the level of the outcome."""

    @model_validator(mode="after")
    def _schedule_of_something(self) -> Self:
        if (self.outcome is None) != (self.schedule is None):
            raise ValueError("outcome and schedule go together; write both or neither")
        return self


def _kind_alone(value: Any) -> Any:
    """`at once` is short for `{kind: at once}`."""
    return {"kind": value} if isinstance(value, str) else value


Draw = Annotated[Annotated[AtOnce | OnDates | AsNeeded, Field(discriminator="kind")], BeforeValidator(_kind_alone)]
Repayment = Annotated[
    Annotated[FromReceipts | Bullet | InParts, Field(discriminator="kind")], BeforeValidator(_kind_alone)
]


class CouponByMeasure(Frozen):
    """A rate a year that is set by the level of an outcome; each measurement sets it for the time that led to it."""

    outcome: Outcome
    schedule: Schedule


class Floor(Frozen):
    """A least rate a year, up to a day."""

    rate: Rate
    until: Day


class Interest(Frozen):
    """Interest on the principal outstanding: at a fixed rate, or at one that a measure sets."""

    rate: Rate | None = None
    """A year."""
    by: CouponByMeasure | None = None
    """In place of a fixed rate."""
    floor: Floor | None = None
    """The least that is due, whatever the measure."""
    starting: Day | None = None
    """None accrues before this day."""
    compounding: Literal["simple", "compound"] = "simple"
    """Whether unpaid interest itself bears interest."""
    day_count: DayCount = "actual/365"
    paid: Literal["with principal", "each period"] | tuple[Day, ...] = "with principal"
    """When it falls due: whenever principal may be repaid, on the last day of each period, or on stated days."""

    @model_validator(mode="after")
    def _one_rate(self) -> Self:
        if (self.rate is None) == (self.by is None):
            raise ValueError("interest needs its rate; write either rate or by")
        return self


class TrancheOfCapital(Frozen):
    """One investor's (or one class of investors') money: drawn, rewarded, repaid, in its rank."""

    id: Id
    title: str = ""
    investor: Party
    commitment: Amount
    """The most that may be drawn."""
    rank: Literal["senior", "mezzanine", "junior"] = "senior"
    """Who is paid first; equal ranks share in proportion to what each is due."""
    draw: Draw = Field(default="at once", validate_default=True)
    interest: Interest | None = None
    """A tranche without a fixed return shares the surplus."""
    repayment: Repayment = Field(default="from receipts", validate_default=True)
    maturity: Day | None = None
    """The day by which it ends; the last payment date unless written. What is unpaid then is lost."""
    paid_from: Literal["the deal", "outside means"] = "the deal"
    """A borrower with means outside the deal pays all that is due; those means are not modelled."""


class Guarantee(Frozen):
    """Somebody else makes a tranche's principal good, up to the amount in force when the tranche ends."""

    id: Id
    title: str = ""
    guarantor: Party
    tranche: Tranche
    amounts: tuple[DatedAmount, ...] = Field(min_length=1)
    """The guaranteed total in force from each date on: principal repaid and call together reach it."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        days = [item.date for item in self.amounts]
        if days != sorted(set(days)):
            raise ValueError("the dates must rise; sort the amounts by date and write each date once")
        return self
