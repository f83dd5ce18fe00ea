"""Savings and benefits that cannot be so: prices that are not known, one saving counted twice, a wrong ledger."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import combinations

from sib.basis import Deflator
from sib.basis.price_levels import price_level
from sib.basis.tables import years_in
from sib.case import Case
from sib.consistency.timing import MOST_PERIODS
from sib.consistency.told import Contradiction
from sib.forecast.benefits import ReleasedInSteps, SavingExpected, Worth
from sib.periods import MONTHS_IN, Duration, financial_year, regular_periods
from sib.terms import dates_in


def _worths(case: Case) -> Iterator[tuple[str, Worth]]:
    for name in ("savings", "benefits"):
        for item in getattr(case.forecast, name):
            yield f"forecast.{name}.{item.id}", item


def _price_years(case: Case) -> Iterator[Contradiction]:
    """Every price year must be one that the basis knows, and prices must reach to the end of the case."""
    basis, costs = case.appraisal.basis, {cost.id: cost for cost in case.forecast.unit_costs}
    stated = [(f"{path}.price_year", item.price_year) for path, item in _worths(case)]
    stated += [
        (f"{path}.unit_cost", costs[name].price_year) for path, item in _worths(case) if (name := item.unit_cost)
    ]
    if basis is None:
        for path, year in stated:
            if year is not None:
                yield (
                    path,
                    f"prices of {year} need a basis to bring them up to date; add appraisal.basis, with a deflator.",
                )
        return
    if basis.deflator is None and basis.inflation is None:
        yield "appraisal.basis", "prices over time are not known; add a deflator, or inflation: 0.02."
        return
    yield from _unknown_prices(case, [*stated, ("appraisal.basis.price_year", basis.price_year)])


def _unknown_prices(case: Case, stated: list[tuple[str, str | None]]) -> Iterator[Contradiction]:
    basis = case.appraisal.basis
    if basis is None or basis.deflator is None:
        return
    first, last = (_year_of(day, basis.deflator) for day in _reach(case))
    years = [("appraisal.basis.deflator", first), ("appraisal.basis.deflator", last)]
    years += [(path, year) for path, year in stated if year is not None]
    inflation = None if basis.inflation is None else basis.inflation.value
    ended = [year for _, year in years if inflation is None and _no_level(basis.deflator, year, None)]
    beyond = [year for year in ended if not _no_level(basis.deflator, year, 0.0)]
    if beyond:
        latest = max(beyond, key=lambda year: years_in(year)[0])
        yield "appraisal.basis.inflation", _no_level(basis.deflator, latest, None)
    for path, year in dict.fromkeys(years):
        if wrong := _no_level(basis.deflator, year, inflation or 0.0):
            yield path, wrong


def _no_level(deflator: Deflator, year: str, inflation: float | None) -> str:
    """Why a year has no price level; nothing if it has one."""
    try:
        price_level(deflator, year, inflation)
    except ValueError as error:
        return str(error)
    return ""


def _year_of(day: date, deflator: Deflator) -> str:
    return financial_year(day, deflator.financial_year_starts) if deflator.is_financial else str(day.year)


def _reach(case: Case) -> tuple[date, date]:
    """The first day that the case states, and one by which all that it expects is over."""
    stated = [day for part in (case.deal, case.forecast, case.actuals) for day in dates_in(part)]
    lengths = [max(map(_longest, item.delays), default=0) for item in case.forecast.outcomes]
    followed = any(item.follows for item in case.forecast.outcomes)
    waits = [_longest(item.measured_after) for item in case.deal.outcomes] + [
        _longest(r.lag) for r in case.deal.payments
    ]
    worths = [_longest(item.lag) + _longest(item.lasts) for _, item in _worths(case)]
    happened = (sum(lengths) if followed else max(lengths, default=0)) + max(waits, default=0)
    end = _ends(case, max([*stated, *filter(None, [case.appraisal.horizon])]), happened)
    return min(stated), end if case.appraisal.horizon else _ends(case, end, max(worths, default=0))


def _ends(case: Case, day: date, days: int) -> date:
    """The end of the period that holds a day so much later; listed periods go as far as they are listed."""
    later = date.fromordinal(min(day.toordinal() + days, date(date.max.year - 100, 1, 1).toordinal()))
    if not isinstance(case.deal.period, str):
        return later
    return regular_periods(case.deal.start, later, MONTHS_IN[case.deal.period])[-1].last


def _longest(length: Duration | None) -> int:
    """In days, rounded down: what a price level is asked for changes by the year."""
    return 0 if length is None else length.months * 365 // 12 + length.days


def _unit_costs(case: Case) -> Iterator[Contradiction]:
    """A unit cost belongs to the ledger of its kind."""
    costs = {cost.id: cost for cost in case.forecast.unit_costs}
    for path, item in _worths(case):
        cost = costs.get(item.unit_cost or "")
        if cost is None:
            continue
        fiscal = isinstance(item, SavingExpected)
        if fiscal and cost.kind != "fiscal":
            yield (
                f"{path}.unit_cost",
                f"{cost.id!r} is {cost.kind}, in no public budget; put it under forecast.benefits.",
            )
        if not fiscal and cost.transfer:
            yield (
                f"{path}.unit_cost",
                f"{cost.id!r} is a transfer, no gain to the public; put it under forecast.savings.",
            )
        elif not fiscal and cost.kind == "fiscal":
            yield f"{path}.unit_cost", f"{cost.id!r} is a fiscal unit cost; put it under forecast.savings."


def _budgets(case: Case) -> Iterator[Contradiction]:
    """A saving is made in a budget of somebody who saves."""
    budgets = {budget.id: budget for budget in case.forecast.budgets}
    for item in case.forecast.savings:
        if item.budget in budgets and budgets[item.budget].of not in item.saved_by.parties:
            owner = budgets[item.budget].of
            yield (
                f"forecast.savings.{item.id}.budget",
                f"{item.budget!r} is a budget of {owner!r}, which does not save here.",
            )
    for service in case.forecast.replaced:
        if service.budget in budgets and budgets[service.budget].of != service.saved_by:
            owner = budgets[service.budget].of
            yield f"forecast.replaced.{service.id}.budget", f"{service.budget!r} is a budget of {owner!r}; correct one."


def _counted_once(case: Case) -> Iterator[Contradiction]:
    """The same outcome must not free the same money twice."""
    for one, other in combinations(case.forecast.savings, 2):
        same_saver = bool(set(one.saved_by.parties) & set(other.saved_by.parties))
        if one.outcome != other.outcome or not same_saver or one.id in other.beside or other.id in one.beside:
            continue
        shared = one.budget is not None and one.budget == other.budget
        if shared or (one.unit_cost is not None and one.unit_cost == other.unit_cost):
            what = f"the budget {one.budget!r}" if shared else f"the unit cost {one.unit_cost!r}"
            yield (
                f"forecast.savings.{other.id}",
                f"{one.id!r} counts {what} of the same outcome for the same organisation already; remove one, or say "
                f"that they are different money with beside: [{one.id}].",
            )


def _marginal_costs(case: Case) -> Iterator[Contradiction]:
    """What a released place saves at the margin is no more than its average cost."""
    costs = {cost.id: cost.value.value for cost in case.forecast.unit_costs}
    for item in case.forecast.savings:
        steps = item.cashable
        if not isinstance(steps, ReleasedInSteps):
            continue
        each = item.unit_value.value if item.unit_value else costs.get(item.unit_cost or "", 0.0)
        average = each * (steps.units_a_year.value if steps.units_a_year else 1.0)
        if steps.marginal_cost.value > average * (1 + 1e-9):
            yield (
                f"forecast.savings.{item.id}.cashable.marginal_cost",
                f"{steps.marginal_cost.value:,.0f} a place and year is more than the {average:,.0f} that it saves in "
                "all; the marginal cost is the part that truly stops.",
            )


def _lengths(case: Case) -> Iterator[Contradiction]:
    """What lasts must not make the case longer than can be computed."""
    if not isinstance(case.deal.period, str) or case.appraisal.horizon is not None:
        return
    left = MOST_PERIODS * MONTHS_IN[case.deal.period] / 12 - (case.deal.service_end - case.deal.start).days / 365
    for path, item in _worths(case):
        years = sum(length.months / 12 + length.days / 365 for length in (item.lag, item.lasts) if length)
        if years > left:
            yield f"{path}.lasts", f"{years:.0f} years are too long for these periods; write appraisal.horizon."


CHECKS = (_lengths, _price_years, _unit_costs, _budgets, _counted_once, _marginal_costs)
