"""Investors' capital: tranches and guarantees."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from sib.assumption import Amount, Frozen, Rate
from sib.deal.dates import Day
from sib.deal.schedules import Schedule
from sib.naming import Id, Outcome, Party, Tranche

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
Repayment = Annotated[Annotated[FromReceipts | Bullet, Field(discriminator="kind")], BeforeValidator(_kind_alone)]


class Interest(Frozen):
    """A fixed rate on the principal outstanding, Actual/365 fixed."""

    rate: Rate
    """A year."""
    compounding: Literal["simple", "compound"] = "simple"
    """Whether unpaid interest itself bears interest."""


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
