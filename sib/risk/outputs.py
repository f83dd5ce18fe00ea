"""Every party's results of a run in every scenario, under the paths of the appraisal's JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import partial
from typing import NamedTuple

import numpy as np

from sib.basis.discount_schedules import STANDARD
from sib.cashflow.by_date import ByDate, Rows
from sib.cashflow.ledger import Entry
from sib.cashflow.run import Run
from sib.numbers import Row
from sib.value.flows import DAYS_PER_YEAR, Dates
from sib.value.investors import Chosen, drawn_flows, invested, investor_flows, investors_of, of_investor
from sib.value.outcomes import outcome_figures
from sib.value.payers import cashable_of, own_costs_of, payments_of, savers_of, savings_of, to_horizon
from sib.value.payments import paid_by_payer, paid_by_rule
from sib.value.provider import deepest, deficit_of, provider_flows, provider_sums, reserves_left
from sib.value.public_value import real_flows, worth_in_scenarios
from sib.value.returns import irr, npv, payback_of_sums, peak_of_sums, running_sum

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
    by_tranche = {name: dict(_returns(run, "", _held_in(name))) for name in invested(run)}
    for name, figures in by_tranche.items():
        yield from ((f"investors.tranches.{name}{path}", row) for path, row in figures.items())
    for investor in investors_of(run):
        held = [name for name, book in invested(run).items() if investor in book.tranche.investors]
        whole = len(held) == 1 and invested(run)[held[0]].tranche.investors == (investor,)
        # Who holds a tranche alone has what the tranche has, unless a rule pays it besides.
        alone = whole and not any(rule.paid_to == investor for rule in run.case.deal.payments)
        own = by_tranche[held[0]] if alone else dict(_returns(run, "", of_investor(investor)))
        yield from ((f"investors.by_investor.{investor}{path}", row) for path, row in own.items())


def _held_in(tranche: str) -> Chosen:
    return lambda entry: entry.tranche == tranche


def _returns(run: Run, path: str, chosen: Chosen) -> Figures:
    """What one stream of investors' cash is worth."""
    net = investor_flows(run, chosen)
    days, flows = _moved(run, net)
    sums = running_sum(flows)
    drawn = drawn_flows(run, chosen).sum(axis=0)
    received = net.sum(axis=0) + drawn
    with np.errstate(invalid="ignore", divide="ignore"):
        multiple = np.where(drawn > 0, received / drawn, np.nan)
    yield f"{path}.drawn", drawn
    yield f"{path}.received", received
    found = irr(flows, days)
    yield f"{path}.irr", found.rate
    yield f"{path}{STATUS}", found.status
    yield f"{path}.multiple", multiple
    yield f"{path}.simple_return", multiple - 1
    yield f"{path}.npv", _npv(run, flows, days)
    yield f"{path}.payback_years", _years(run, payback_of_sums(sums, days))
    yield f"{path}.peak_exposure", peak_of_sums(sums)
    yield f"{path}.loss", np.maximum(0.0, drawn - received)
    yield f"{path}.loss_share", np.maximum(0.0, 1 - multiple)


def _npv(run: Run, flows: Rows, days: Dates) -> Row | None:
    """At the case's hurdle, on the day on which the contract starts; what moved before it does not count."""
    if run.case.appraisal.hurdle is None:
        return None
    hurdle = run.numbers["appraisal.hurdle"]
    start = np.datetime64(run.case.deal.start, "D")
    since = days >= start
    if not since.all():
        days, flows = days[since], flows[since]
    if not len(days):
        return np.zeros(run.scenarios)
    waits = float((days[0] - start).astype(int)) / DAYS_PER_YEAR
    found: Row = npv(hurdle, flows, days) / np.power(1 + np.asarray(hurdle), waits)
    return found


def _moved(run: Run, flows: ByDate) -> tuple[Dates, Rows]:
    """The dates on which anything moves, and what does, (dates, scenarios); of nothing the first date."""
    filled, rows = (flows if flows.rows else ByDate.of(flows.dates, {0: 0.0})).stacked()
    return np.array([run.timeline.dates[row] for row in filled], "datetime64[D]"), rows


def _years(run: Run, days: np.ndarray) -> Row:
    """Years from the start of the contract; nan for no day."""
    passed = (days - np.datetime64(run.case.deal.start, "D")).astype("timedelta64[D]")
    return np.where(np.isnat(passed), np.nan, passed.astype(np.int64) / DAYS_PER_YEAR)


class _Sums(NamedTuple):
    """What an organisation pays, bears itself, saves and can take out of a budget, to the horizon."""

    paid: Row
    own: Row | None
    savings: Row | None
    cashable: Row | None


def _organisations(run: Run) -> Figures:
    """Payers, then savers; most who pay save too, and are summed once."""
    names = dict.fromkeys([*run.case.deal.payers, *savers_of(run)])
    sums = {
        name: _Sums(
            _sum(run, payments_of(run, name)),
            *(_known(run, rows(run, name)) for rows in (own_costs_of, savings_of, cashable_of)),
        )
        for name in names
    }
    yield from _payers(run, sums)
    yield from _savers(run, sums)


def _payers(run: Run, sums: Mapping[str, _Sums]) -> Figures:
    for name in run.case.deal.payers:
        paid, own, savings, cashable = sums[name]
        spent = paid if own is None else paid + own
        yield f"payers.{name}.paid", paid
        yield f"payers.{name}.own_costs", own
        yield from _saved(f"payers.{name}", savings, cashable)
        yield f"payers.{name}.net", -spent if savings is None else savings - spent
        if savings is None or cashable is not None:
            yield f"payers.{name}.net_cashable", -spent if cashable is None else cashable - spent


def _savers(run: Run, sums: Mapping[str, _Sums]) -> Figures:
    for name in savers_of(run):
        paid, own, savings, cashable = sums[name]
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
    yield "provider.peak_deficit", _deepest(run, provider_flows(run))
    yield "provider.reserves_left", reserves_left(run)
    providers = run.case.deal.named("provider")
    for name in providers if len(providers) > 1 else ():
        yield f"provider.by_provider.{name}.peak_deficit", deficit_of(run, name)


def _guarantors(run: Run) -> Figures:
    """What each guarantor pays when it is called, and its fees."""
    for name in dict.fromkeys(one.guarantor for one in run.case.deal.guarantees):
        yield f"guarantors.{name}.paid", run.ledger.moved(partial(_is, "guarantee", "source", name)).sum(axis=0)
        yield f"guarantors.{name}.fees", run.ledger.moved(partial(_is, "guarantee fee", "target", name)).sum(axis=0)


def _is(kind: str, side: str, party: str, entry: Entry) -> bool:
    return entry.kind == kind and bool(getattr(entry, side) == party)


def _holder(run: Run) -> Figures:
    yield "holder.peak_deficit", _deepest(run, run.ledger.balance_moved(run.case.deal.contract_holder))


def _deepest(run: Run, flows: ByDate) -> Row:
    return deepest(running_sum(_moved(run, flows)[1]))


def _sum(run: Run, rows: ByDate) -> Row:
    return to_horizon(run, rows, horizon_of(run))


def _known(run: Run, rows: ByDate | None) -> Row | None:
    return None if rows is None else _sum(run, rows)


PARTS: tuple[Callable[[Run], Figures], ...] = (
    _outcomes,
    _payments,
    _investors,
    _organisations,
    _public_value,
    _provider,
    _holder,
    _guarantors,
)
"""What is reported, party by party; each yields paths and rows."""
