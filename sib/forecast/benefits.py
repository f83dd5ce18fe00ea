"""What net outcomes are worth: savings in somebody's budget, and benefits that are in nobody's."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from sib.assumption import ExpectedAmount, ExpectedRate, ExpectedShare, Frozen, Quantity
from sib.basis import Kind, PriceYear
from sib.deal.dates import Day, Length
from sib.deal.parties import PaidBy
from sib.naming import Budget, Id, Outcome, Party, Saving, UnitCostId

Grade = Annotated[int, Field(ge=1, le=6)]


class UnitCostOfCase(Frozen):
    """What one unit costs, in the prices of a year: the case's own, or a row of a bundled table that it names."""

    id: Id
    title: str = ""
    unit: str = ""
    """What one of it is, for example `per child-year`."""
    value: ExpectedAmount
    """Money per unit, in prices of `price_year`."""
    price_year: PriceYear
    kind: Kind = "fiscal"
    """Public money (fiscal), other people's money (economic) or wellbeing (social)."""
    transfer: bool = False
    """Whether it only moves money between people, as benefits and taxes do."""
    source_text: str = ""
    """Where it was read."""


class Worth(Frozen):
    """What one net outcome is worth, when, for how long, and how much of it may be claimed for this deal."""

    id: Id
    title: str = ""
    outcome: Outcome
    """The outcome that drives it: its true net count."""
    unit_value: ExpectedAmount | None = None
    """For each net outcome; for each year of it where `lasts` is written."""
    unit_cost: UnitCostId | None = None
    """In place of a unit value and its price year: a line of forecast.unit_costs, or of a bundled table."""
    price_year: PriceYear | None = None
    """The year whose prices the unit value is in; cash of the day on which it falls unless written."""
    lag: Length | None = None
    """From the outcome to the first of it; at once unless written."""
    lasts: Length | None = None
    """How long it goes on; a single sum unless written."""
    drop_off: ExpectedShare | None = None
    """The part that is lost each year after the first."""
    attribution: ExpectedShare | None = None
    """The part that is this deal's where others share the credit; all unless written."""
    displacement: ExpectedShare | None = None
    """The part that only moves a loss to somebody else; none unless written."""
    optimism_grade: Grade | None = None
    """Quality of the evidence, 1 to 6, which takes 0, 5, 10, 15, 25 or 40 % off for optimism."""
    optimism_bias: ExpectedShare | None = None
    """The part taken off for optimism, in place of a grade's."""

    @model_validator(mode="after")
    def _one_way_of_valuing(self) -> Self:
        if (self.unit_value is None) == (self.unit_cost is None):
            raise ValueError("write either unit_value or unit_cost")
        if self.unit_cost is not None and self.price_year is not None:
            raise ValueError("a unit cost brings its own price year; remove price_year")
        if self.drop_off is not None and self.lasts is None:
            raise ValueError("a drop-off needs a length; write lasts: 5 years")
        if self.optimism_grade is not None and self.optimism_bias is not None:
            raise ValueError("write either optimism_grade or optimism_bias")
        return self


class ReleasedInSteps(Frozen):
    """Cash that leaves a budget only in whole steps of freed places: a bed, a ward, a wing, a caseload."""

    step: Quantity
    """How many places must stand free for the next step of cost to be released."""
    backfill: ExpectedShare
    """The part of freed places that is filled again."""
    marginal_cost: ExpectedAmount
    """What a place in a released step truly saves a year, in the prices of the unit value."""
    units_a_year: Quantity | None = None
    """How many outcomes a year fill one place (365 bed-days); without it, an outcome frees a place while it lasts."""

    @model_validator(mode="after")
    def _steps_are_something(self) -> Self:
        if self.step.value <= 0 or (self.units_a_year is not None and self.units_a_year.value <= 0):
            raise ValueError("step and units_a_year must be more than nothing")
        return self


class SavingExpected(Worth):
    """What an organisation spends less for each net outcome: a fiscal benefit."""

    saved_by: PaidBy
    """The organisation that saves; or a map of organisations to shares that sum to one."""
    transfer: bool = False
    """Whether it is only a payment less to people (a benefit, a tax): it counts in budgets, not in public value."""
    budget: Budget | None = None
    """The budget in which it is saved, a line of forecast.budgets."""
    beside: tuple[Saving, ...] = ()
    """Other savings in the same budget from the same outcome that are known not to be the same money."""
    cashable: ExpectedShare | ReleasedInSteps | None = None
    """The part that can be taken out of a budget; or the steps in which it can. Unknown unless written."""

    @model_validator(mode="after")
    def _is_divided_by_shares(self) -> Self:
        if self.saved_by.shares is None:
            raise ValueError("a saving is divided by shares, not in a queue; write saved_by: {Council: 0.6, NHS: 0.4}")
        return self

    @model_validator(mode="after")
    def _steps_have_places(self) -> Self:
        steps = self.cashable
        if isinstance(steps, ReleasedInSteps) and (self.lasts is None) == (steps.units_a_year is None):
            raise ValueError("steps need places: write lasts (each outcome frees a place so long), or units_a_year")
        return self


class BenefitExpected(Worth):
    """What people, businesses or society gain from each net outcome; it is in no public budget."""

    kind: Literal["economic", "social"]
    """Other people's money (economic), or wellbeing (social)."""
    transfer: bool = False
    """Always no: a transfer gains one what it costs another."""
    health: bool = False
    """Whether it is health in utility units, which has a discount rate of its own."""

    @model_validator(mode="after")
    def _is_no_transfer(self) -> Self:
        if self.transfer:
            raise ValueError(
                f"a transfer gains one what it costs another, so it is no {self.kind} benefit; what it saves a budget "
                "stands under forecast.savings, with transfer: true"
            )
        return self


class ServiceReplaced(Frozen):
    """A service that is no longer needed while the deal runs: what it would have cost."""

    id: Id
    title: str = ""
    saved_by: Party
    a_year: ExpectedAmount
    """What it would have cost a year, in cash of the day."""
    first: Day | None = None
    """The start of the contract unless written."""
    last: Day | None = None
    """The end of service unless written."""
    cashable: ExpectedShare | None = None
    """The part that truly stops being paid; unknown unless written."""
    budget: Budget | None = None


class BudgetExpected(Frozen):
    """What an organisation would spend under one heading without the deal."""

    id: Id
    title: str = ""
    of: Party
    a_year: ExpectedAmount
    """In the first year from the start of the contract, in cash of the day."""
    growth: ExpectedRate | None = None
    """Growth of demand and prices together a year, in steps on each anniversary."""
    ring_fenced: bool = False
    """Whether what is saved in it must stay in it."""
