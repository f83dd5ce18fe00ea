"""What is kept of a block of scenarios: every party's results, what came about, and the sums of investors' cash."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sib.cashflow.activity import Rows
from sib.cashflow.by_date import ByDate
from sib.cashflow.run import Run
from sib.numbers import Row
from sib.risk.outputs import STATUS, horizon_of, outputs_with_statuses
from sib.value.investors import invested, investor_flows
from sib.value.payers import cashable_of, own_costs_of, payments_of, to_horizon
from sib.value.provider import provider_cash
from sib.value.returns import running_sum

Yes = NDArray[np.bool_]
Event = tuple[str, Yes]

# Scenarios whose running cash is kept, for a picture.
DRAWN = 4096
# Of what was drawn: a loss as small as this is rounding. Of the currency: half a hundredth of one is nothing.
ROUNDING, HALF_A_PENNY = 1e-9, 0.005


@dataclass(frozen=True)
class Block:
    """Results and events of `count` scenarios from `first`, each of shape (scenarios,).

    `flows` holds for each unit the sum over its scenarios of all investors' cash by date; `cash`, of the first unit
    only, the running cash of each party, (dates, scenarios).
    """

    first: int
    count: int
    results: dict[str, Row]
    events: dict[str, Yes]
    status: NDArray[np.int8] | None
    flows: tuple[Row, ...]
    dates: tuple[date, ...]
    cash: dict[str, Rows]


def reduced(run: Run, first: int, count: int) -> Block:
    """One unit; a run in which nothing varies stands for all its scenarios."""
    found = {path: _wide(row, count) for path, row in outputs_with_statuses(run).items()}
    results = {path: row for path, row in found.items() if not path.endswith(STATUS)}
    status = found[f"investors{STATUS}"].astype(np.int8) if f"investors{STATUS}" in found else None
    events = {name: _wide(row, count) for name, row in _events(run, results)}
    cash = {name: _first_of(rows, count) for name, rows in _cash(run)} if first == 0 else {}
    return Block(first, count, results, events, status, (_summed(run, count),), tuple(run.timeline.dates), cash)


def _summed(run: Run, count: int) -> Row:
    """All investors' cash by date, summed over the scenarios."""
    net = investor_flows(run, lambda _: True)
    sums = np.zeros(len(net))
    for row, amounts in net.rows.items():
        sums[row] = _wide(amounts, count).sum()
    return sums


def _first_of(rows: Rows, count: int) -> Rows:
    """The first scenarios, as many as a picture needs."""
    return np.broadcast_to(rows, (len(rows), count))[:, :DRAWN].copy()


def _wide(row: Any, count: int) -> Any:
    return np.broadcast_to(row, (count,))


@dataclass(frozen=True)
class _Small:
    """What is left of a block once its rows are put in their place: the order of things must not hang on timing."""

    results: tuple[str, ...]
    events: tuple[str, ...]
    has_status: bool
    flows: tuple[Row, ...]
    dates: tuple[date, ...]
    cash: dict[str, Rows]


def joined(blocks: Iterable[Block], first: int, count: int) -> Block:
    """Blocks in any order as one; what a block does not report did not come about in it, and is nothing."""
    results: dict[str, Row] = {}
    events: dict[str, Yes] = {}
    status = np.zeros(count, np.int8)
    small: dict[int, _Small] = {}
    for block in blocks:
        rows = slice(block.first - first, block.first - first + block.count)
        for path, row in block.results.items():
            results.setdefault(path, np.zeros(count))[rows] = row
        for name, yes in block.events.items():
            events.setdefault(name, np.zeros(count, dtype=bool))[rows] = yes
        if block.status is not None:
            status[rows] = block.status
        names = (tuple(block.results), tuple(block.events))
        small[block.first] = _Small(*names, block.status is not None, block.flows, block.dates, block.cash)
    in_order = [small[at] for at in sorted(small)]
    return Block(
        first,
        count,
        {path: results[path] for part in in_order for path in part.results},
        {name: events[name] for part in in_order for name in part.events},
        status if in_order[0].has_status else None,
        tuple(flow for part in in_order for flow in part.flows),
        in_order[0].dates,
        in_order[0].cash,
    )


def _events(run: Run, results: dict[str, Row]) -> Iterator[Event]:
    """What may come about for each party."""
    if "investors.drawn" in results:
        yield from _of_investors(run, results)
    for name in run.case.deal.payers:
        cashable = cashable_of(run, name)
        if cashable is not None:
            by_horizon = results[f"payers.{name}.net_cashable"]
            by_end = by_horizon if contract_end(run) == horizon_of(run) else _left(run, name, cashable)
            for when, left in (("contract_end", by_end), ("horizon", by_horizon)):
                yield f"payers.{name}.cashable_covers_cost_by_{when}", left >= -HALF_A_PENNY
    if "provider.reserves_left" in results:
        yield "provider.reserves_run_out", results["provider.reserves_left"] < -HALF_A_PENNY
    for name in dict.fromkeys(one.guarantor for one in run.case.deal.guarantees):
        yield f"guarantors.{name}.called", results[f"guarantors.{name}.paid"] > HALF_A_PENNY
    for cap in dict.fromkeys(cap for cap, _ in run.payments.clipped):
        cut = sum(rows.sum(axis=0) for (name, _), rows in run.payments.clipped.items() if name == cap)
        yield f"payments.cut_by.{cap}", np.asarray(cut) > HALF_A_PENNY


def _left(run: Run, payer: str, cashable: ByDate) -> Row:
    """What cashable savings leave a payer by the end of the contract, once it has paid and borne its own costs."""
    own = own_costs_of(run, payer)
    left = cashable - payments_of(run, payer) - (0.0 if own is None else own)
    return to_horizon(run, left, contract_end(run))


def _of_investors(run: Run, results: dict[str, Row]) -> Iterator[Event]:
    drawn = results["investors.drawn"]
    yield "investors.loss", results["investors.loss"] > ROUNDING * drawn
    yield "investors.total_loss", (drawn > 0) & (results["investors.received"] <= ROUNDING * drawn)
    if run.case.appraisal.hurdle is not None:
        yield "investors.irr_above_hurdle", results["investors.irr"] >= run.numbers["appraisal.hurdle"] - ROUNDING


def contract_end(run: Run) -> date:
    """The last day that the contract states: of payment, of claims, or of service."""
    deal = run.case.deal
    return deal.last_payment or deal.last_claim or deal.service_end


def _cash(run: Run) -> Iterator[tuple[str, Rows]]:
    """Running cash by date: of all investors, of all providers, and what each payer has paid (negative)."""
    if invested(run):
        yield "investors", running_sum(investor_flows(run, lambda _: True).dense())
    if run.case.deal.named("provider"):
        yield "provider", provider_cash(run)
    for name in run.case.deal.payers:
        yield f"payers.{name}", -running_sum(payments_of(run, name).dense())
