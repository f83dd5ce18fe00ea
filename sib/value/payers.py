"""What each payer pays and saves, and what every organisation that saves gains."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from sib.cashflow.activity import Rows
from sib.cashflow.run import Run


@dataclass(frozen=True)
class PayerView:
    """One payer to the horizon. Paid, costs and savings are positive; None where the case states none.

    `net` is savings less paid less own costs, counting as nothing whatever the case does not state; `net_cashable` is
    None where there are savings of which nobody says how much is cashable.
    """

    paid: float
    own_costs: float | None
    savings: float | None
    cashable: float | None
    net: float
    net_cashable: float | None


@dataclass(frozen=True)
class SaverView:
    """One organisation that saves, paying or not."""

    savings: float
    cashable: float | None
    paid: float
    net: float


def payer_views(run: Run, horizon: date) -> dict[str, PayerView]:
    """Every payer of the deal, those who pay nothing too."""
    return {name: _payer(run, name, horizon) for name in run.case.deal.payers}


def _payer(run: Run, name: str, horizon: date) -> PayerView:
    paid = to_horizon(run, payments_of(run, name), horizon)
    stated = any(cost.paid_by == name for cost in run.case.deal.costs)
    own = to_horizon(run, run.ledger.total(lambda e: e.source == name and e.kind == "own cost"), horizon)
    savings, cashable = savings_to(run, name, horizon)
    spent = paid + own
    return PayerView(
        paid=paid,
        own_costs=own if stated else None,
        savings=savings,
        cashable=cashable,
        net=(savings or 0.0) - spent,
        net_cashable=None if savings is not None and cashable is None else (cashable or 0.0) - spent,
    )


def payments_of(run: Run, payer: str) -> Rows:
    """Outcome payments and fees of a payer by date, less what came back."""
    forth = run.ledger.total(lambda e: e.source == payer and e.rule is not None)
    back = run.ledger.total(lambda e: e.target == payer and e.rule is not None)
    return forth - back


def saver_views(run: Run, horizon: date) -> dict[str, SaverView]:
    """Every organisation that saves."""
    views = {}
    for name in dict.fromkeys(saving.saver for saving in run.savings):
        savings, cashable = savings_to(run, name, horizon)
        paid = to_horizon(run, payments_of(run, name), horizon)
        own = to_horizon(run, run.ledger.total(lambda e, name=name: e.source == name and e.kind == "own cost"), horizon)  # type: ignore[misc]
        views[name] = SaverView(savings or 0.0, cashable, paid, (savings or 0.0) - paid - own)
    return views


def savings_to(run: Run, saver: str, horizon: date) -> tuple[float | None, float | None]:
    """Gross and cashable savings of an organisation to the horizon; None where the case does not say."""
    own = [saving for saving in run.savings if saving.saver == saver]
    if not own:
        return None, None
    gross = sum(to_horizon(run, saving.gross, horizon) for saving in own)
    known = [saving.cashable for saving in own if saving.cashable is not None]
    cashable = sum(to_horizon(run, rows, horizon) for rows in known) if len(known) == len(own) else None
    return gross, cashable


def to_horizon(run: Run, rows: Rows, horizon: date) -> float:
    """The base case's sum up to and on the horizon."""
    kept = np.array([day <= horizon for day in run.timeline.dates])
    return float(rows[kept, 0].sum())
