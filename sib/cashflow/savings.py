"""What the true net outcomes save and are worth, by date, and for whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sib.basis import Kind
from sib.basis.additionality import optimism_bias
from sib.basis.cashability import places_released
from sib.case import Case
from sib.cashflow.by_date import ByDate, Rows
from sib.cashflow.delays import later
from sib.cashflow.lasting import Spread, day_after, lasting, period_years, years_between
from sib.cashflow.outcomes import OutcomeRows
from sib.cashflow.prices import Prices
from sib.forecast.benefits import (
    BenefitExpected,
    ReleasedInSteps,
    SavingExpected,
    ServiceReplaced,
    UnitCostOfCase,
    Worth,
)
from sib.numbers import Numbers, NumbersAt, Row
from sib.periods import Timeline, is_month_end


@dataclass(frozen=True)
class Saving:
    """One organisation's part of one saving by date, in cash of the day; `cashable` is None where it is not known.

    A transfer moves money between people: it counts in budgets and not in public value.
    """

    saving: str
    saver: str
    gross: ByDate
    cashable: ByDate | None
    budget: str | None = None
    transfer: bool = False


@dataclass(frozen=True)
class Benefit:
    """What people or the economy gain, by date, in money of the day; it is in no budget."""

    benefit: str
    kind: Kind
    health: bool
    gross: ByDate


@dataclass(frozen=True)
class Worths:
    """Everything that net outcomes are worth in one run. Money, positive when good, (dates, scenarios)."""

    savings: list[Saving]
    benefits: list[Benefit]


class Valuing:
    """Values net outcomes, benefit by benefit."""

    def __init__(
        self, case: Case, numbers: Numbers, outcomes: Mapping[str, OutcomeRows], timeline: Timeline, prices: Prices
    ) -> None:
        self.case, self.numbers, self.outcomes, self.timeline, self.prices = case, numbers, outcomes, timeline, prices

    def worths(self) -> Worths:
        """Savings of every organisation, services replaced among them, and the benefits of everybody else."""
        forecast = self.case.forecast
        savings = [part for item in forecast.savings for part in self._saving(item)]
        replaced = [self._replaced(item) for item in forecast.replaced]
        return Worths([*savings, *replaced], [self._benefit(item) for item in forecast.benefits])

    def _saving(self, item: SavingExpected) -> Iterator[Saving]:
        at = self.numbers.at(f"forecast.savings.{item.id}")
        spread = self._spread(item, at)
        price = self._price(item, at)
        gross = spread.years * self._unit_value(item, at) * price
        cashable = self._cashable(item, at, spread, gross, price)
        transfer = item.transfer or self._is_transfer(item)
        for saver in item.saved_by.parties:
            share = at[f"saved_by.{saver}"]
            cash = None if cashable is None else cashable * share
            yield Saving(item.id, saver, gross * share, cash, self._budget_of(saver, item.budget), transfer)

    def _budget_of(self, saver: str, budget: str | None) -> str | None:
        """The budget, for the organisation whose it is; what others save is in budgets that the case does not name."""
        owners = {item.id: item.of for item in self.case.forecast.budgets}
        return budget if budget is not None and owners[budget] == saver else None

    def _benefit(self, item: BenefitExpected) -> Benefit:
        at = self.numbers.at(f"forecast.benefits.{item.id}")
        gross = self._spread(item, at).years * self._unit_value(item, at) * self._price(item, at)
        return Benefit(item.id, item.kind, item.health, gross)

    def _spread(self, item: Worth, at: NumbersAt) -> Spread:
        """Net outcomes that this deal may claim, on the days on which they are worth something."""
        net = sum(self.outcomes[item.outcome].net.values(), ByDate(len(self.timeline)))
        net = net * at.get("attribution", 1.0) * (1 - at.get("displacement", 0.0))
        if item.lasts is not None:
            return lasting(net, item, 1 - at.get("drop_off", 0.0), self.timeline)
        return Spread(self._once(net, item), ByDate(len(self.timeline)))

    def _once(self, net: ByDate, item: Worth) -> ByDate:
        """A single sum for each outcome after the lag; what would fall past the axis is not counted."""
        if item.lag is None:
            return net
        falls = [self.timeline.period_end_row(item.lag.after(day)) is not None for day in self.timeline.dates]
        return later(net.kept(falls), item.lag, self.timeline)

    def _cashable(
        self, item: SavingExpected, at: NumbersAt, spread: Spread, gross: ByDate, price: float | Rows
    ) -> ByDate | None:
        """What can be taken out of a budget: a share of what is saved, a setback too; or whole steps, within it.

        In steps it is never more than is saved, and all of a saving that is negative.
        """
        if item.cashable is None:
            return None
        if isinstance(item.cashable, ReleasedInSteps):
            return (self._released(item.cashable, at.at("cashable"), spread) * price).at_most(gross)
        return gross * at["cashable"]

    def _released(self, steps: ReleasedInSteps, at: NumbersAt, spread: Spread) -> ByDate:
        """Whole steps of the places that stand free at each period's end, at their marginal cost."""
        length = period_years(self.timeline)
        places = spread.places
        if steps.units_a_year is not None:
            places = spread.years.kept(length[:, 0] > 0) / length / at["units_a_year"]
        rows = {row: places_released(free, at["backfill"], at["step"]) for row, free in places.rows.items()}
        return ByDate(places.dates, rows) * at["marginal_cost"] * length

    def _replaced(self, item: ServiceReplaced) -> Saving:
        at = self.numbers.at(f"forecast.replaced.{item.id}")
        opening = self.case.deal.start
        begun = day_after(opening) if is_month_end(opening) else opening
        first, last = item.first or begun, item.last or self.case.deal.service_end
        lengths = ByDate(len(self.timeline))
        for row, period in zip(self.timeline.end_rows, self.timeline.periods, strict=True):
            begins, ends = max(first, period.first), min(last, period.last)
            if begins <= ends:
                lengths.add(int(row), years_between(first, day_after(ends)) - years_between(first, begins))
        gross = lengths * at["a_year"]
        cashable = None if item.cashable is None else gross * at["cashable"]
        return Saving(item.id, item.saved_by, gross, cashable, item.budget)

    def _price(self, item: Worth, at: NumbersAt) -> float | Rows:
        """What a unit of money of the item's price year comes to on each date, less optimism."""
        year, left = self._price_year(item), _not_optimism(item, at)
        return left if year is None else self.prices.of(year) * left

    def _unit_value(self, item: Worth, at: NumbersAt) -> float | Row:
        return (
            at["unit_value"] if item.unit_cost is None else self.numbers[f"forecast.unit_costs.{item.unit_cost}.value"]
        )

    def _price_year(self, item: Worth) -> str | None:
        return item.price_year if item.unit_cost is None else self._unit_costs[item.unit_cost].price_year

    def _is_transfer(self, item: Worth) -> bool:
        return item.unit_cost is not None and self._unit_costs[item.unit_cost].transfer

    @property
    def _unit_costs(self) -> dict[str, UnitCostOfCase]:
        return {cost.id: cost for cost in self.case.forecast.unit_costs}


def _not_optimism(item: Worth, at: NumbersAt) -> float | Row:
    """What is left once optimism is taken off, by a grade or by a share."""
    if item.optimism_grade is not None:
        return 1 - optimism_bias(item.optimism_grade)
    return 1 - at.get("optimism_bias", 0.0)
