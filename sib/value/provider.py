"""The providers' cash: what they receive, what delivery costs them, and how deep they go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import reduce

import numpy as np

from sib.cashflow.by_date import ByDate, Rows
from sib.cashflow.run import Run
from sib.numbers import Row
from sib.value.returns import running_sum

# A balance below nothing by less than this part of the largest is rounding.
ROUNDING = 1e-9

CAPITAL = ("draw", "interest", "principal", "surplus", "own means")


@dataclass(frozen=True)
class ProviderView:
    """All providers together. Money is nominal; None where the case does not say.

    `received` is without capital raised and less what is paid back; `margin` is received less cost; `peak_deficit` is
    positive, before reserves, and counts capital raised and repaid.
    """

    received: float | None
    cost: float | None
    margin: float | None
    cost_recovery: float | None
    peak_deficit: float | None
    peak_deficit_date: date | None


def provider_view(run: Run) -> ProviderView:
    """All providers of the deal together."""
    sums = provider_sums(run)
    received = None if sums.received is None else float(sums.received[0])
    cost = None if sums.cost is None else float(sums.cost[0])
    deficit, day = (None, None) if cost is None else peak_deficit(run)
    return ProviderView(
        received=received,
        cost=cost,
        margin=None if received is None or cost is None else received - cost,
        cost_recovery=received / cost if received is not None and cost else None,
        peak_deficit=deficit,
        peak_deficit_date=day,
    )


@dataclass(frozen=True)
class ProviderSums:
    """What all providers receive and spend over the whole deal, one for each scenario; None where nobody says."""

    received: Row | None
    cost: Row | None


def provider_sums(run: Run) -> ProviderSums:
    """Received without capital raised and less what is paid back, and the cost of delivery."""
    providers = set(run.case.deal.named("provider"))
    surplus = run.case.deal.surplus or {}
    income = run.ledger.moved(
        lambda e: (
            e.target in providers
            and e.source not in providers
            and (e.kind not in CAPITAL or (e.kind == "surplus" and e.tranche is None and e.target in surplus))
        )
    )
    spent = run.ledger.moved(lambda e: e.source in providers and e.target not in providers and e.kind == "cost")
    income = income - paid_back(run)
    stated = any((cost.paid_by or run.case.deal.contract_holder) in providers for cost in run.case.deal.costs)
    known = stated or income.any()
    return ProviderSums(income.sum(axis=0) if known else None, spent.sum(axis=0) if stated else None)


def reserves_left(run: Run) -> Row | None:
    """What reserves leave at the deepest deficit, of the provider who then has least; None where none states any.

    Each provider has its own cash and its own reserves: what one has too much of is of no help to another.
    """
    stated = [party.id for party in run.case.deal.parties if party.role == "provider" and party.reserves is not None]
    left = [run.numbers[f"deal.parties.{name}.reserves"] - deficit_of(run, name) for name in stated]
    return reduce(np.minimum, left) if left else None


def deficit_of(run: Run, provider: str) -> Row:
    """How deep a provider's own cash falls, positive, one for each scenario."""
    moved = run.ledger.balance_moved(provider)
    return deepest(running_sum(moved.stacked()[1])) if moved.rows else np.zeros(1)


def paid_back(run: Run) -> ByDate:
    """What providers pay back under a payment rule, a malus: to payers or to a holder of the contract, positive."""
    providers, rules = set(run.case.deal.named("provider")), run.payments.rules
    return run.ledger.moved(
        lambda e: e.rule is not None and e.source in providers and e.source not in rules[e.rule].paid_by.parties
    )


def provider_cash(run: Run) -> Rows:
    """The running cash of all providers together, before reserves, (dates, scenarios)."""
    return running_sum(provider_flows(run).dense())


def provider_flows(run: Run) -> ByDate:
    """What all providers receive less what they pay, by date, (dates, scenarios)."""
    nets = (run.ledger.balance_moved(name) for name in run.case.deal.named("provider"))
    return sum(nets, ByDate(len(run.timeline), width=run.scenarios))


@dataclass(frozen=True)
class HolderView:
    """Who holds the contract and the money, and how far capital and receipts fall short of what it must pay."""

    party: str
    peak_deficit: float
    peak_deficit_date: date | None


def holder_view(run: Run) -> HolderView:
    """The holder of the contract; its deficit is positive, and nothing where its cash never falls below nothing."""
    holder = run.case.deal.contract_holder
    return HolderView(holder, *_deepest(run, running_sum(run.ledger.net(holder))))


def peak_deficit(run: Run) -> tuple[float, date | None]:
    """How far the providers' cash falls below nothing, as a positive number, and when."""
    return _deepest(run, provider_cash(run))


def deepest(cash: Rows) -> Row:
    """How far a running balance falls below nothing, positive; what rounding leaves below nothing is nothing."""
    lowest, largest = cash.min(axis=0), np.maximum(cash.max(axis=0), -cash.min(axis=0))
    return np.where(-lowest > ROUNDING * np.maximum(1.0, largest), -lowest, 0.0)


def _deepest(run: Run, cash: Rows) -> tuple[float, date | None]:
    """The base case's lowest point, and when it is reached."""
    short = float(deepest(cash)[0])
    return short, run.timeline.dates[int(np.argmin(cash[:, 0]))] if short > 0 else None
