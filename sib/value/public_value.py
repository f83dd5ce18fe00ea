"""What the deal is worth to the public: in real prices, discounted, whoever gains and whoever pays.

Public value counts resource costs and what people, the economy and public budgets gain; payments between parties,
and benefits and taxes, only move money and are left out. The two budget ratios count what payers pay.
Source: HM Treasury, Green Book, 2026; the cost-benefit method for local partnerships, 2014.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from sib.basis import Bands
from sib.basis.discount_schedules import LONG_HORIZON, STANDARD, discount_factor, names_of_rates, rates_named
from sib.cashflow.by_date import ByDate
from sib.cashflow.lasting import years_between
from sib.cashflow.ledger import UNITEMISED
from sib.cashflow.run import Run
from sib.numbers import Row
from sib.perspective import Basis
from sib.value.payers import own_costs_of, payments_of

# The horizon in years beyond which the Green Book wants a sensitivity at lower rates.
LONG = 50


@dataclass(frozen=True)
class Worth:
    """Present values and their ratios, real; None where the case does not state what they need.

    Ratios are of benefits over costs: `bcr` of all benefits over resource costs, the other two over the payers'
    payments and own costs.
    """

    npsv: float | None
    bcr: float | None
    fiscal_bcr: float | None
    cashable_bcr: float | None


@dataclass(frozen=True)
class PublicValueView(Worth):
    """Public value to the horizon, on the basis that the case names. Present values are real and positive.

    `payback_years` is from the base to the first date on which discounted fiscal benefits have made up for the
    payers' payments and own costs; None for never.
    """

    basis: str | None
    price_year: str | None = None
    benefits: float | None = None
    resource_costs: float | None = None
    payback_years: float | None = None
    cashable_payback_years: float | None = None
    sensitivities: dict[str, Worth] = field(default_factory=dict)


@dataclass(frozen=True)
class RealFlows:
    """The flows of public value by date, in the prices of the basis, not discounted; None where not known."""

    fiscal: ByDate
    cashable: ByDate | None
    transfers: ByDate
    economic_and_social: ByDate
    health: ByDate
    resources: ByDate | None
    payers_spend: ByDate


def public_value_view(run: Run, horizon: date) -> PublicValueView:
    """Public value of the base case; everything None without a basis."""
    basis = run.case.appraisal.basis
    if basis is None:
        return PublicValueView(None, None, None, None, basis=None)
    flows = real_flows(run, horizon)
    standard = worth(run, flows, STANDARD)
    years = years_from_base(run)
    present = discount_factor(rates_named(basis.discount).bands, years)[:, None]
    return PublicValueView(
        **vars(standard),
        basis=basis.name,
        price_year=price_year_of(run),
        benefits=None if (gained := _gained(run, flows, STANDARD)) is None else _number(gained),
        resource_costs=None if flows.resources is None else _number(_value(run, flows.resources, STANDARD)),
        payback_years=_payback((flows.fiscal - flows.payers_spend) * present, flows, years) if run.savings else None,
        cashable_payback_years=None
        if flows.cashable is None
        else _payback((flows.cashable - flows.payers_spend) * present, flows, years),
        sensitivities={name: worth(run, flows, name) for name in _other_rates(basis, run, horizon)},
    )


def net_present_value(run: Run, horizon: date) -> Row:
    """Net present social value in every scenario: discounted benefits less resource costs; nan where not known."""
    flows = real_flows(run, horizon)
    if flows.resources is None or not _has_benefits(run):
        return np.full(run.scenarios, np.nan)
    net = _value(run, _benefits(flows) - flows.resources, STANDARD) + _health(run, flows, STANDARD)
    return np.broadcast_to(net, (run.scenarios,))


def worth(run: Run, flows: RealFlows, rates: str) -> Worth:
    """The base case's public value at the rates of that name."""
    rows = worth_in_scenarios(run, flows, rates)
    return Worth(**{name: None if row is None or np.isnan(row[0]) else float(row[0]) for name, row in rows.items()})


def worth_in_scenarios(run: Run, flows: RealFlows, rates: str) -> dict[str, Row | None]:
    """The same by name, one number for each scenario (or one for all); nan for a ratio to costs of nothing."""
    gained = _gained(run, flows, rates)
    cost = None if flows.resources is None else _value(run, flows.resources, rates)
    spent = _value(run, flows.payers_spend, rates)
    fiscal = _value(run, flows.fiscal, rates) if run.savings else None
    cashable = None if flows.cashable is None else _value(run, flows.cashable, rates)
    return {
        "npsv": None if gained is None or cost is None else gained - cost,
        "bcr": None if gained is None or cost is None else _ratio(gained, cost),
        "fiscal_bcr": None if fiscal is None else _ratio(fiscal, spent),
        "cashable_bcr": None if cashable is None else _ratio(cashable, spent),
    }


def _gained(run: Run, flows: RealFlows, rates: str) -> Row | None:
    """All benefits that are no transfer; None where the case states none."""
    if not _has_benefits(run):
        return None
    return _value(run, _benefits(flows), rates) + _health(run, flows, rates)


def _has_benefits(run: Run) -> bool:
    return bool(run.savings or run.benefits)


def real_flows(run: Run, horizon: date) -> RealFlows:
    """What counts in public value and in budgets, in real terms, nothing of it after the horizon."""
    kept = np.array([[float(day <= horizon)] for day in run.timeline.dates])
    real = run.prices.in_real_terms() * kept
    spent = [payments_of(run, payer) for payer in run.case.deal.payers]
    own = [own_costs_of(run, payer) for payer in run.case.deal.payers]
    resources = resource_costs(run)
    return RealFlows(
        fiscal=_sum(run, (item.gross for item in run.savings)) * real,
        cashable=_sum(run, (item.cashable for item in run.savings)) * real if _all_cash_known(run) else None,
        transfers=_sum(run, (item.gross for item in run.savings if item.transfer)) * real,
        economic_and_social=_sum(run, (item.gross for item in run.benefits if not item.health)) * real,
        health=_sum(run, (item.gross for item in run.benefits if item.health)) * real,
        resources=None if resources is None else resources * real,
        payers_spend=_sum(run, [*spent, *own]) * real,
    )


def resource_costs(run: Run) -> ByDate | None:
    """What the service takes in staff and supplies, whoever bears it, by date, with optimism put on; cash of the day.

    None where the case states no cost of delivery, and capital does not stand for it. What one party pays another
    that has costs of its own counts once, as these.
    """
    bear = {entry.source for entry, _ in run.ledger if entry.kind in ("cost", "own cost")}
    delivery = run.ledger.moved(lambda e: (e.kind == "cost" and e.target not in bear) or e.target == UNITEMISED)
    own = run.ledger.moved(lambda e: e.kind == "own cost")
    paid = run.ledger.moved(lambda e: e.rule is not None)
    if not delivery.any() and not _delivery_is_stated(run) and (paid.any() or not own.any()):
        return None
    more: ByDate = (delivery + own) * (1 + run.numbers.get("appraisal.basis.costs_optimism", 0.0))
    return more


def _delivery_is_stated(run: Run) -> bool:
    """Whether the case states a cost of somebody who is no payer, be it nothing."""
    return any(cost.paid_by not in run.case.deal.payers for cost in run.case.deal.costs)


def years_from_base(run: Run) -> Row:
    """Years from the basis's day to every date: whole years, and the part that has passed of the next one."""
    basis = run.case.appraisal.basis
    start = (basis.base if basis else None) or run.case.deal.start
    return np.array([years_between(start, day) for day in run.timeline.dates])


def price_year_of(run: Run) -> str:
    """The year in whose prices public value is given."""
    return run.prices.real_year


def _benefits(flows: RealFlows) -> ByDate:
    """What counts at the standard rate: fiscal benefits that are no transfer, economic and social ones."""
    net: ByDate = flows.fiscal - flows.transfers + flows.economic_and_social
    return net


def _value(run: Run, rows: ByDate, rates: str) -> Row:
    """Discounted at the standard bands of the rates of that name, one for each scenario."""
    return _discounted(run, rows, rates_named(_basis(run).discount, rates).bands)


def _health(run: Run, flows: RealFlows, rates: str) -> Row:
    return _discounted(run, flows.health, rates_named(_basis(run).discount, rates).health)


def _discounted(run: Run, rows: ByDate, bands: Bands) -> Row:
    factors = discount_factor(bands, years_from_base(run))
    total: Row = (rows * factors[:, None]).sum(axis=0)
    return total


def _other_rates(basis: Basis, run: Run, horizon: date) -> list[str]:
    """The schedule's sensitivities; the one for long horizons only where the horizon is long."""
    start = basis.base or run.case.deal.start
    others = [name for name in names_of_rates(basis.discount) if name != STANDARD]
    return [name for name in others if name != LONG_HORIZON or years_between(start, horizon) > LONG]


def _payback(net: ByDate, flows: RealFlows, years: Row) -> float | None:
    """The first date from the payers' first pound on at which the sum is not negative, in years from the base."""
    spent = np.flatnonzero(flows.payers_spend[:, 0])
    first = int(spent[0]) if spent.size else 0
    running = np.cumsum(net[:, 0])
    largest = float(np.abs(running).max(initial=1.0))
    back = np.flatnonzero(running[first:] >= -1e-9 * largest)
    return float(years[first + back[0]]) if back.size else None


def _basis(run: Run) -> Basis:
    basis = run.case.appraisal.basis
    assert basis is not None  # without a basis nothing is discounted
    return basis


def _sum(run: Run, rows: Iterable[ByDate | None]) -> ByDate:
    return sum((item for item in rows if item is not None), ByDate(len(run.timeline)))


def _all_cash_known(run: Run) -> bool:
    return bool(run.savings) and all(item.cashable is not None for item in run.savings)


def _number(row: Row) -> float:
    return float(np.atleast_1d(row)[0])


def _ratio(gained: Row, spent: Row) -> Row:
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio: Row = np.where(spent > 0, gained / spent, np.nan)
    return ratio
