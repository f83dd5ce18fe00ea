"""Payment rules: count x price, a schedule of a measure, a share of a sum; and the gates and caps around them."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from sib.assumption import Amount, Frozen, Quantity, Share
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


class Tariff(RuleBase):
    """Count x price: so much for each outcome, each start or each period."""

    kind: Literal["tariff"]
    outcome: Counted
    """An outcome of the contract; or `starts`, or `periods`, for a fee."""
    price: Amount
    """Paid for each `per` of the outcome."""
    per: Quantity = Field(default={"value": 1}, validate_default=True)
    """How much of the outcome one price buys: 0.01 pays by the percentage point."""
    pays_on: Literal["gross", "net", "measure"] | None = None
    """`gross` everything counted; `net` what exceeds the counterfactual; `measure` the rate or change itself.

    Unless written: gross for counts and quantities, measure for rates and changes.
    """
    cohorts: tuple[Cohort, ...] = ()
    """Only these cohorts; all when empty."""
    segments: tuple[Segment, ...] = ()
    """Only these segments; all when empty."""
    first: Day | None = None
    """For `periods` and `starts`: from this day; the start of the contract unless written."""
    last: Day | None = None
    """For `periods` and `starts`: to this day; the end of service unless written."""


class Banded(RuleBase, Schedule):
    """A schedule of a measure: an amount, or a share of a tranche's principal, by the level reached."""

    kind: Literal["schedule"]
    outcome: Outcome
    gives: Literal["amount", "share of principal"] = "amount"
    tranche: Tranche | None = None
    """For `share of principal`: of which tranche, as drawn."""
    measured_over: Literal["each cohort", "all cohorts"] = "all cohorts"
    """Whether the schedule is read once on all cohorts pooled, or once for each."""

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


class Cap(Frozen):
    """The most that some rules may pay together over the contract; used up by date, within a date pro rata."""

    id: Id
    amount: Amount
    payments: tuple[Payment, ...] = ()
    """The rules it limits; every payment by a payer when empty."""
    title: str = ""
