"""Every party's results of a run in every scenario, under the paths of the appraisal's JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import numpy as np

from sib.basis.discount_schedules import STANDARD
from sib.cashflow.activity import Rows
from sib.cashflow.run import Run
from sib.numbers import Row
from sib.value.flows import DAYS_PER_YEAR
from sib.value.investors import Chosen, drawn_flows, invested, investor_flows
from sib.value.outcomes import outcome_figures
from sib.value.payers import cashable_of, own_costs_of, payments_of, savers_of, savings_of, to_horizon
from sib.value.payments import paid_by_payer, paid_by_rule
from sib.value.provider import deepest, provider_cash, provider_sums
from sib.value.public_value import real_flows, worth_in_scenarios
from sib.value.returns import irr, npv, payback, peak_exposure, running_sum

STATUS = ".irr_status"

Figures = Iterator[tuple[str, Row | float | None]]


def outputs(run: Run) -> dict[str, Row]:
    """Every numeric result by its path, `investors.irr`, each of shape (scenarios,); nan where a scenario has none.

    What the case cannot fill is left out. Money is nominal; signs and units are those of the appraisal.
    `investors.payback_years` counts from the start of the contract, Actual/365.
    """
    return {path: row for path, row in outputs_with_statuses(run).items() if not path.endswith(STATUS)}


def outputs_with_statuses(run: Run) -> dict[str, Row]:
    """The same, and the codes of `IrrStatus` beside each rate of return."""
    figures = {path: value for part in PARTS for path, value in part(run) if value is not None}
    return {path: np.broadcast_to(np.asarray(value, float), (run.scenarios,)) for path, value in figures.items()}


def horizon_of(run: Run) -> date:
    """The day to which payers' and savers' results are counted."""
    return run.case.appraisal.horizon or run.timeline.dates[-1]


def _outcomes(run: Run) -> Figures:
    for name in run.outcomes:
        for key, row in outcome_figures(run, name).items():
            yield f"outcomes.{name}.{key}", row


def _payments(run: Run) -> Figures:
    by_rule = paid_by_rule(run)
    yield "payments.total", sum(by_rule.values(), np.zeros(run.scenarios))
    for name, row in paid_by_payer(run).items():
        yield f"payments.by_payer.{name}", row
    for name, row in by_rule.items():
        yield f"payments.by_rule.{name}", row


def _investors(run: Run) -> Figures:
    if not invested(run):
        return
    yield from _returns(run, "investors", lambda _: True)
    for name in invested(run):
        yield from _returns(run, f"investors.tranches.{name}", _held_in(name))


def _held_in(tranche: str) -> Chosen:
    return lambda entry: entry.tranche == tranche


def _returns(run: Run, path: str, chosen: Chosen) -> Figures:
    """What one stream of investors' cash is worth."""
    net, dates = investor_flows(run, chosen), run.timeline.dates
    drawn = drawn_flows(run, chosen).sum(axis=0)
    received = net.sum(axis=0) + drawn
    with np.errstate(invalid="ignore", divide="ignore"):
        multiple = np.where(drawn > 0, received / drawn, np.nan)
    yield f"{path}.drawn", drawn
    yield f"{path}.received", received
    found = irr(net, dates)
    yield f"{path}.irr", found.rate
    yield f"{path}{STATUS}", found.status
    yield f"{path}.multiple", multiple
    yield f"{path}.simple_return", multiple - 1
    yield f"{path}.npv", _npv(run, net)
    yield f"{path}.payback_years", _years(run, payback(net, dates))
    yield f"{path}.peak_exposure", peak_exposure(net)
    yield f"{path}.loss", np.maximum(0.0, drawn - received)
    yield f"{path}.loss_share", np.maximum(0.0, 1 - multiple)


def _npv(run: Run, net: Rows) -> Row | None:
    """At the case's hurdle, on the day on which the contract starts."""
    hurdle = run.case.appraisal.hurdle
    if hurdle is None:
        return None
    begun = sum(day < run.case.deal.start for day in run.timeline.dates)
    found: Row = npv(hurdle.value, net[begun:], run.timeline.dates[begun:])
    return found


def _years(run: Run, days: np.ndarray) -> Row:
    """Years from the start of the contract; nan for no day."""
    passed = (days - np.datetime64(run.case.deal.start, "D")).astype("timedelta64[D]")
    return np.where(np.isnat(passed), np.nan, passed.astype(np.int64) / DAYS_PER_YEAR)


def _payers(run: Run) -> Figures:
    for name in run.case.deal.payers:
        paid, own = _sum(run, payments_of(run, name)), _known(run, own_costs_of(run, name))
        savings, cashable = _known(run, savings_of(run, name)), _known(run, cashable_of(run, name))
        spent = paid if own is None else paid + own
        yield f"payers.{name}.paid", paid
        yield f"payers.{name}.own_costs", own
        yield from _saved(f"payers.{name}", savings, cashable)
        yield f"payers.{name}.net", -spent if savings is None else savings - spent
        if savings is None or cashable is not None:
            yield f"payers.{name}.net_cashable", -spent if cashable is None else cashable - spent


def _savers(run: Run) -> Figures:
    for name in savers_of(run):
        paid, own = _sum(run, payments_of(run, name)), _known(run, own_costs_of(run, name))
        savings, cashable = _known(run, savings_of(run, name)), _known(run, cashable_of(run, name))
        spent = paid if own is None else paid + own
        yield f"savers.{name}.paid", paid
        yield from _saved(f"savers.{name}", savings, cashable)
        yield f"savers.{name}.net", -spent if savings is None else savings - spent


def _saved(path: str, savings: Row | None, cashable: Row | None) -> Figures:
    yield f"{path}.savings", savings
    yield f"{path}.cashable", cashable
    yield f"{path}.never_cashable", None if savings is None or cashable is None else savings - cashable


def _public_value(run: Run) -> Figures:
    if run.case.appraisal.basis is not None:
        found = worth_in_scenarios(run, real_flows(run, horizon_of(run)), STANDARD)
        yield from ((f"public_value.{name}", row) for name, row in found.items())


def _provider(run: Run) -> Figures:
    sums = provider_sums(run)
    yield "provider.received", sums.received
    yield "provider.cost", sums.cost
    if sums.received is None or sums.cost is None:
        return
    with np.errstate(invalid="ignore", divide="ignore"):
        recovery = np.where(sums.cost > 0, sums.received / sums.cost, np.nan)
    yield "provider.margin", sums.received - sums.cost
    yield "provider.cost_recovery", recovery
    yield "provider.peak_deficit", deepest(provider_cash(run))


def _holder(run: Run) -> Figures:
    yield "holder.peak_deficit", deepest(running_sum(run.ledger.net(run.case.deal.contract_holder)))


def _sum(run: Run, rows: Rows) -> Row:
    return to_horizon(run, rows, horizon_of(run))


def _known(run: Run, rows: Rows | None) -> Row | None:
    return None if rows is None else _sum(run, rows)


PARTS: tuple[Callable[[Run], Figures], ...] = (
    _outcomes,
    _payments,
    _investors,
    _payers,
    _savers,
    _public_value,
    _provider,
    _holder,
)
"""What is reported, party by party; each yields paths and rows."""
