"""Payment rules: count x price, a schedule of a measure, a share of a sum; and the gates around them."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from sib.assumption import Amount, ExpectedRate, Frozen, Quantity, Share
from sib.deal.dates import Day, Length
from sib.deal.parties import PaidBy
from sib.deal.schedules import Schedule
from sib.naming import Cohort, CostId, Counted, Id, Outcome, Party, Payment, Saving, Segment, Tranche


class Gate(Frozen):
    """A test that a measure must pass before anything is paid.

    A cohort is paid once its own measure reaches `at_least`. At the last cohort's measurement, if all cohorts
    pooled reach `pooled_at_least`, whatever has not been paid yet is paid, once.
    """

    outcome: Outcome
    at_least: Quantity | None = None
    """What each cohort must reach on its own; its edge is included."""
    pooled_at_least: Quantity | None = None
    """What all cohorts together must reach; its edge is included."""
    unless_paid: tuple[Payment, ...] = ()
    """Rules that make this one void once they have paid anything."""

    @model_validator(mode="after")
    def _tests_something(self) -> Self:
        if self.at_least is None and self.pooled_at_least is None:
            raise ValueError("a gate needs a test; add at_least or pooled_at_least")
        return self


class Retention(Frozen):
    """A part of each payment that is held back and released later."""

    share: Share
    until: Day
    """The day of its release; what falls due later is not held back."""


class PriceFrom(Frozen):
    """A price that applies from a day on."""

    date: Day
    price: Amount


class Instalments(Frozen):
    """An outcome that is paid for again and again while it lasts: sustainment."""

    count: Annotated[int, Field(ge=1, le=600)]
    """How many payments there are at the most."""
    every: Length
    """The time between the outcome and the first of them, and between one and the next."""


class RuleBase(Frozen):
    """What every payment rule says: who pays whom, for whom, and when."""

    id: Id
    title: str = ""
    paid_by: PaidBy
    """A payer; or a map of payers to shares that sum to one; or a queue of payers, each `up_to` an amount."""
    paid_to: Party | None = None
    """Who receives it; without it, the holder of the contract."""
    lag: Length | None = None
    """From the end of the period (or the day of measurement) to the day of payment."""
    gate: Gate | None = None
    source: str = ""
    """Where the term is written, in a word or two; numbers have a `source` of their own."""
    first: Day | None = None
    """Only for what falls on or after this day; so one rule can follow another when terms change."""
    last: Day | None = None
    """Only for what falls on or before this day."""
    already_received: Amount | None = None
    """Money received for the same from elsewhere: claims are set off against it first."""
    retained: Retention | None = None

    @model_validator(mode="after")
    def _days_in_order(self) -> Self:
        if self.first and self.last and self.last < self.first:
            raise ValueError(f"last {self.last} is before first {self.first}; put the dates in order")
        return self


class Tariff(RuleBase):
    """Count x price: so much for each outcome, each start or each period."""

    kind: Literal["tariff"]
    outcome: Counted
    """An outcome of the contract; or `starts`, or `periods`, for a fee."""
    price: Amount | None = None
    """Paid for each `per` of the outcome."""
    prices: tuple[PriceFrom, ...] = ()
    """Prices that change: each applies from its date on, the first also before it."""
    indexed: ExpectedRate | None = None
    """Growth of the price a year, in steps on each anniversary of the contract's start."""
    per: Quantity = Field(default={"value": 1}, validate_default=True)
    """How much of the outcome one price buys: 0.01 pays by the percentage point."""
    pays_on: Literal["gross", "net", "measure", "increase"] | None = None
    """`gross` everything counted; `net` what exceeds the counterfactual; `measure` the rate, change or level itself,
    each time it is measured; `increase` what a level has risen since it was last measured.

    Unless written: gross for counts and quantities, measure for the others.
    """
    cohorts: tuple[Cohort, ...] = ()
    """Only these cohorts; all when empty."""
    segments: tuple[Segment, ...] = ()
    """Only these segments; all when empty."""
    instalments: Instalments | None = None
    """Paid for again and again while the outcome lasts; the forecast's `continues` says how many it does."""
    ceiling: Share | None = None
    """The most that may be claimed for: this share of all who have started so far."""

    @model_validator(mode="after")
    def _one_price_or_several(self) -> Self:
        if (self.price is None) == (not self.prices):
            raise ValueError("a tariff needs its price; write either price or prices")
        days = [item.date for item in self.prices]
        if days != sorted(set(days)):
            raise ValueError("the dates of the prices overlap; write each date once, in order")
        return self


class Banded(RuleBase, Schedule):
    """A schedule of a measure: an amount, or a share of a tranche's principal, by the level reached."""

    kind: Literal["schedule"]
    outcome: Outcome
    gives: Literal["amount", "share of principal"] = "amount"
    tranche: Tranche | None = None
    """For `share of principal`: of which tranche, as drawn."""
    measured_over: Literal["each cohort", "all cohorts", "each date"] = "all cohorts"
    """Whether the schedule is read once on all cohorts pooled, once for each, or each time a level is measured."""

    @model_validator(mode="after")
    def _principal_of_something(self) -> Self:
        if (self.gives == "share of principal") != (self.tranche is not None):
            raise ValueError("gives: share of principal and tranche: … go together; write both or neither")
        return self


class Sum(Frozen):
    """The sum that a share is taken of: exactly one of these."""

    owed: Tranche | None = None
    """What is owed on a tranche on the day: principal and interest."""
    drawn: Tranche | None = None
    """What has been drawn of a tranche, once."""
    saving: Saving | None = None
    """A saving of the forecast, as it falls."""
    costs: tuple[CostId, ...] | None = None
    """Costs, as they fall."""
    payments: tuple[Payment, ...] | None = None
    """What other rules pay, as it is accepted."""

    @property
    def stands_still(self) -> bool:
        """Whether it is a balance, taken on one day, and not a stream that falls over time."""
        return self.owed is not None or self.drawn is not None

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        given = [name for name in type(self).model_fields if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(
                f"a share is taken of one sum, {len(given)} were written; keep one of owed, drawn, "
                "saving, costs, payments"
            )
        return self


class ShareOfSum(RuleBase):
    """A share of a sum: of a saving, of costs, of other payments, of what is owed to investors."""

    kind: Literal["share"]
    of: Sum
    share: Share
    once_repaid: Share | None = None
    """The share that applies in its place once all capital that was drawn has been repaid, with its interest."""
    due: Day | None = None
    """For a sum that stands still (owed, drawn): the day on which it is taken; else the gate's day."""

    @model_validator(mode="after")
    def _taken_some_day(self) -> Self:
        if self.of.stands_still and self.due is None and (self.gate is None or self.gate.pooled_at_least is None):
            raise ValueError("this sum stands still; add due: a day, or a gate with pooled_at_least")
        if self.gate is not None and self.gate.at_least is not None:
            raise ValueError("a share of a sum belongs to no cohort; use pooled_at_least in its gate")
        return self


Rule = Annotated[Tariff | Banded | ShareOfSum, Field(discriminator="kind")]
