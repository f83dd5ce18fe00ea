"""Who gains and who pays: every organisation that pays or saves, by financial year, and when it is better off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sib.cashflow.by_date import ByDate, Rows
from sib.cashflow.growth import growth
from sib.cashflow.lasting import period_years
from sib.cashflow.run import Run
from sib.value.by_year import sums
from sib.value.calls import most_by_year
from sib.value.payers import cashable_of, own_costs_of, own_kinds, payments_of, savers_of, savings_of

ByYear = Mapping[str, float]


@dataclass(frozen=True)
class Organisation:
    """One organisation's budget by financial year, in cash of the day. Amounts are positive but for the nets.

    None where the case does not say: `cashable` where that is not known of every saving, `without_the_deal` where no
    budget is stated, `most` where nothing limits what it may be called on to pay.
    """

    name: str
    pays: bool
    paid: ByYear
    own_costs: ByYear
    own_costs_by_purpose: Mapping[str, float]
    savings: ByYear
    cashable: ByYear | None
    by_budget: Mapping[str, ByYear]
    without_the_deal: ByYear | None
    most: ByYear | None

    @cached_property
    def net(self) -> ByYear:
        """Savings less payments and own costs, year by year."""
        return self._less_spending(self.savings)

    @cached_property
    def net_cashable(self) -> ByYear | None:
        """The same with nothing but cashable savings."""
        return None if self.cashable is None else self._less_spending(self.cashable)

    @cached_property
    def with_the_deal(self) -> ByYear | None:
        """What it spends with the deal: its line without it, payments and own costs, less cashable savings."""
        if self.without_the_deal is None or self.net_cashable is None:
            return None
        return {year: line - self.net_cashable[year] for year, line in self.without_the_deal.items()}

    @property
    def total_net(self) -> float:
        """Savings less payments and own costs, in all."""
        return sum(self.net.values())

    @property
    def total_net_cashable(self) -> float | None:
        """Cashable savings less payments and own costs, in all."""
        return None if self.net_cashable is None else sum(self.net_cashable.values())

    @property
    def better_off_from(self) -> str | None:
        """The first financial year from whose end on it has saved more than it spent; None for never."""
        return better_off_from(self.net)

    @property
    def better_off_in_cash_from(self) -> str | None:
        """The same of cashable savings alone; None for never, and where cashable savings are not known."""
        return None if self.net_cashable is None else better_off_from(self.net_cashable)

    def _less_spending(self, saved: ByYear) -> ByYear:
        return {year: saved[year] - self.paid[year] - self.own_costs[year] for year in self.paid}


def better_off_from(net: ByYear) -> str | None:
    """The year from whose end on the running sum of a net is never below nothing; None if it ends below."""
    running = np.cumsum(list(net.values()))
    scale = max([1.0, *(abs(amount) for amount in net.values())])
    below = np.flatnonzero(running < -1e-9 * scale)
    first = int(below[-1]) + 1 if below.size else 0
    return list(net)[first] if first < len(net) else None


def organisations(run: Run) -> dict[str, Organisation]:
    """Every payer and every organisation that saves, in the order of the parties."""
    involved = {*run.case.deal.payers, *savers_of(run)}
    return {party.id: _organisation(run, party.id) for party in run.case.deal.parties if party.id in involved}


def _organisation(run: Run, name: str) -> Organisation:
    nothing = np.zeros((len(run.timeline), 1))
    own, saved, cash = own_costs_of(run, name), savings_of(run, name), cashable_of(run, name)
    known = saved is None or cash is not None
    return Organisation(
        name=name,
        pays=bool(payments_of(run, name).any()),
        paid=_to_horizon(run, payments_of(run, name)),
        own_costs=_to_horizon(run, nothing if own is None else own),
        own_costs_by_purpose=_by_purpose(run, name),
        savings=_to_horizon(run, nothing if saved is None else saved),
        cashable=_to_horizon(run, nothing if cash is None else cash) if known else None,
        by_budget=_by_budget(run, name),
        without_the_deal=_without_the_deal(run, name),
        most=most_by_year(run, name),
    )


def _by_purpose(run: Run, name: str) -> dict[str, float]:
    purposes = {cost.id: cost.purpose for cost in run.case.deal.costs if cost.paid_by == name}
    totals: dict[str, float] = {}
    for entry, rows in run.ledger:
        if entry.source == name and entry.kind in own_kinds(run, name) and entry.cost in purposes:
            purpose = purposes[entry.cost]
            totals[purpose] = totals.get(purpose, 0.0) + float(rows[:, 0].sum())
    return totals


def _by_budget(run: Run, name: str) -> dict[str, ByYear]:
    """Gross savings in each named budget of an organisation."""
    named = {item.budget for item in run.savings if item.saver == name and item.budget is not None}
    return {
        budget.id: _to_horizon(run, _sum(run, budget.id, name))
        for budget in run.case.forecast.budgets
        if budget.id in named
    }


def _sum(run: Run, budget: str, name: str) -> ByDate:
    own = [item.gross for item in run.savings if item.saver == name and item.budget == budget]
    return sum(own[1:], own[0])


def _without_the_deal(run: Run, name: str) -> ByYear | None:
    """What the organisation's budgets would come to without the deal, with their growth."""
    own = [budget for budget in run.case.forecast.budgets if budget.of == name]
    if not own:
        return None
    rows = np.zeros((len(run.timeline), 1))
    for budget in own:
        at = run.numbers.at(f"forecast.budgets.{budget.id}")
        grown = growth(at.get("growth", 0.0), run.case.deal.start, run.timeline)
        rows = rows + at["a_year"] * period_years(run.timeline) * grown
    return _to_horizon(run, rows)


def _to_horizon(run: Run, rows: ByDate | Rows) -> ByYear:
    """By financial year, nothing of what falls after the horizon."""
    horizon = run.case.appraisal.horizon or run.last_date
    return sums(run, rows * np.array([[float(day <= horizon)] for day in run.timeline.dates]))
