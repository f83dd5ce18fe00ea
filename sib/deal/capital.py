"""Investors' capital: tranches and guarantees."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from sib.assumption import TEXT, AlsoWritten, Amount, Frozen, Quantity, Rate, Share
from sib.deal.dates import Day
from sib.deal.parties import PaidBy
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
    order: Annotated[int, Field(ge=1)] | None = None
    """Drawn first, second …; equals in proportion to what is undrawn. Else grants, then from the lowest rank up."""


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


KIND_ALONE = (BeforeValidator(_kind_alone), AlsoWritten(TEXT))

Draw = Annotated[Annotated[AtOnce | OnDates | AsNeeded, Field(discriminator="kind")], *KIND_ALONE]
Repayment = Annotated[
    Annotated[FromReceipts | Bullet | InParts, Field(discriminator="kind")],
    BeforeValidator(_kind_alone),
    AlsoWritten(TEXT),
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


class ReturnCap(Frozen):
    """The most that a tranche may return: a multiple of what was drawn, or a rate a year on an account."""

    multiple: Quantity | None = None
    rate: Rate | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if (self.multiple is None) == (self.rate is None):
            raise ValueError("a return cap is a multiple or a rate; write one of them")
        return self


class AtReturnCap(Frozen):
    """The tranche ends on the day on which it has returned all that its return cap allows."""

    kind: Literal["at its return cap"]


class AtMilestone(Frozen):
    """The tranche ends on a day if an outcome, as measured by then, has reached a level or has not."""

    kind: Literal["at a milestone"]
    outcome: Outcome
    date: Day
    """The day of the test, and of the end."""
    at_least: Quantity | None = None
    """It ends if the measure has reached this; the edge is included."""
    below: Quantity | None = None
    """It ends if the measure is below this."""
    repays: Share | None = None
    """The share of the principal outstanding that falls due on that day; all of it unless written."""

    @model_validator(mode="after")
    def _one_test(self) -> Self:
        if (self.at_least is None) == (self.below is None):
            raise ValueError("a milestone has one test; write at_least or below")
        return self


EarlyEnd = Annotated[Annotated[AtReturnCap | AtMilestone, Field(discriminator="kind")], *KIND_ALONE]


class TrancheOfCapital(Frozen):
    """One investor's (or one class of investors') money: drawn, rewarded, repaid, in its rank."""

    id: Id
    title: str = ""
    kind: Literal["loan", "performance note", "equity", "quasi-equity", "grant", "recoverable grant"] = "loan"
    """What it is called. A grant is never repaid; a recoverable one goes back to a pool. Neither is an investment."""
    investor: PaidBy
    """Whose money it is: a party, or a map of parties to shares that sum to one."""
    commitment: Amount
    """The most that may be drawn."""
    commitment_fee: Rate | None = None
    """A year, on what has not been drawn, until service ends; paid at each period's end."""
    rank: Literal["senior", "mezzanine", "junior"] = "senior"
    """Who is paid first; equal ranks share in proportion to what each is due."""
    draw: Draw = Field(default="at once", validate_default=True)
    interest: Interest | None = None
    """A tranche without a fixed return shares the surplus."""
    repayment: Repayment = Field(default="from receipts", validate_default=True)
    maturity: Day | None = None
    """The day by which it ends; the last payment date unless written. What is unpaid then is lost."""
    return_cap: ReturnCap | None = None
    """The most that it may return; what is over it goes to whoever `deal.over_cap` names, else to the holder."""
    ends_early: EarlyEnd | None = None
    """When it ends before its maturity: nothing more is drawn then, and what is unpaid is lost."""
    loss_share: Share | None = None
    """The part it bears of a loss of principal among equal ranks; by what each is owed unless written."""
    returned_to: Party | None = None
    """For a recoverable grant: the pool that it goes back to."""
    paid_from: Literal["the deal", "outside means"] = "the deal"
    """A borrower with means outside the deal pays all that is due; those means are not modelled."""

    @model_validator(mode="after")
    def _pool_of_a_recoverable_grant(self) -> Self:
        if (self.kind == "recoverable grant") != (self.returned_to is not None):
            raise ValueError("kind: recoverable grant and returned_to go together; write both or neither")
        if self.kind == "grant" and (self.interest or self.return_cap):
            raise ValueError("a grant bears no return; remove interest and return_cap, or choose another kind")
        if isinstance(self.ends_early, AtReturnCap) and self.return_cap is None:
            raise ValueError("ends_early: at its return cap needs a cap; add return_cap")
        if self.investor.queue is not None:
            raise ValueError("investors hold a tranche by shares; write a map of shares")
        return self

    @property
    def is_grant(self) -> bool:
        """Whether it is given and not invested."""
        return self.kind in ("grant", "recoverable grant")

    @property
    def investors(self) -> tuple[str, ...]:
        """Whose money it is, in the order written."""
        return self.investor.parties


class Guarantee(Frozen):
    """Somebody else makes a tranche's principal good on the day it ends: exactly one of the three forms."""

    id: Id
    title: str = ""
    guarantor: Party
    tranche: Tranche
    amounts: tuple[DatedAmount, ...] = ()
    """The guaranteed total in force from each date on: principal repaid and call together reach it."""
    share: Share | None = None
    """The guaranteed total as a share of what was drawn."""
    first_loss: Amount | None = None
    """The guarantor bears the first loss of principal, up to this amount."""
    fee: Rate | None = None
    """A year, on the amount guaranteed, paid by the holder at each period's end until the tranche ends.

    It stops earlier once no principal is outstanding and none can be drawn any more.
    """

    @model_validator(mode="after")
    def _one_form_in_order(self) -> Self:
        if sum(map(bool, (self.amounts, self.share is not None, self.first_loss is not None))) != 1:
            raise ValueError("a guarantee has one form; write one of amounts, share and first_loss")
        days = [item.date for item in self.amounts]
        if days != sorted(set(days)):
            raise ValueError("the dates must rise; sort the amounts by date and write each date once")
        return self
