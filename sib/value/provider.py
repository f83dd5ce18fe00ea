"""The providers' cash: what they receive, what delivery costs them, and how deep they go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from sib.cashflow.activity import Rows
from sib.cashflow.run import Run

CAPITAL = ("draw", "interest", "principal", "surplus")


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


def peak_deficit(run: Run) -> tuple[float, date | None]:
    """How far the providers' cash falls below nothing, as a positive number, and when."""
    cash = provider_cash(run)[:, 0]
    lowest = int(np.argmin(cash))
    return (float(-cash[lowest]), run.timeline.dates[lowest]) if cash[lowest] < 0 else (0.0, None)
