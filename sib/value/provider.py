"""The providers' cash: what they receive, what delivery costs them, and how deep they go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from sib.cashflow.activity import Rows
from sib.cashflow.run import Run

CAPITAL = ("draw", "interest", "principal", "surplus", "own means")


@dataclass(frozen=True)
class ProviderView:
    """All providers together. Money is nominal; None where the case does not say.

    `received` is without capital raised; `margin` is received less cost; `peak_deficit` is positive, before reserves,
    and counts capital raised and repaid.
    """

    received: float | None
    cost: float | None
    margin: float | None
    cost_recovery: float | None
    peak_deficit: float | None
    peak_deficit_date: date | None


def provider_view(run: Run) -> ProviderView:
    """All providers of the deal together."""
    providers = set(run.case.deal.named("provider"))
    surplus = run.case.deal.surplus or {}
    income = run.ledger.total(
        lambda e: (
            e.target in providers
            and e.source not in providers
            and (e.kind not in CAPITAL or (e.kind == "surplus" and e.tranche is None and e.target in surplus))
        )
    )
    spent = run.ledger.total(lambda e: e.source in providers and e.target not in providers and e.kind == "cost")
    stated = any((cost.paid_by or run.case.deal.contract_holder) in providers for cost in run.case.deal.costs)
    known = stated or income.any()
    received, cost = float(income[:, 0].sum()), float(spent[:, 0].sum())
    deficit, day = peak_deficit(run) if stated else (None, None)
    return ProviderView(
        received=received if known else None,
        cost=cost if stated else None,
        margin=received - cost if stated else None,
        cost_recovery=received / cost if stated and cost > 0 else None,
        peak_deficit=deficit,
        peak_deficit_date=day,
    )


def provider_cash(run: Run) -> Rows:
    """The running cash of all providers together, before reserves, (dates, scenarios)."""
    names = run.case.deal.named("provider")
    return np.cumsum(sum((run.ledger.net(name) for name in names), np.zeros(run.ledger.shape)), axis=0)


@dataclass(frozen=True)
class HolderView:
    """Who holds the contract and the money, and how far capital and receipts fall short of what it must pay."""

    party: str
    peak_deficit: float
    peak_deficit_date: date | None


def holder_view(run: Run) -> HolderView:
    """The holder of the contract; its deficit is positive, and nothing where its cash never falls below nothing."""
    holder = run.case.deal.contract_holder
    return HolderView(holder, *_deepest(run, np.cumsum(run.ledger.net(holder), axis=0)))


def peak_deficit(run: Run) -> tuple[float, date | None]:
    """How far the providers' cash falls below nothing, as a positive number, and when."""
    return _deepest(run, provider_cash(run))


def _deepest(run: Run, cash: Rows) -> tuple[float, date | None]:
    """The lowest point of a running balance; what rounding leaves below nothing is nothing."""
    base = cash[:, 0]
    lowest = int(np.argmin(base))
    short = -float(base[lowest]) > 1e-9 * max(1.0, float(np.abs(base).max()))
    return (-float(base[lowest]), run.timeline.dates[lowest]) if short else (0.0, None)
