"""What an outcome costs those who pay: each that happened, and each that would not have happened anyway."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sib.cashflow.run import Run
from sib.value.outcomes import OutcomeView
from sib.value.payers import base, own_costs_of


@dataclass(frozen=True)
class CostPerOutcome:
    """Payers' payments and own costs for one outcome, cash of the day, positive; None where nothing is counted."""

    gross: float | None
    net: float | None


def costs_per_outcome(run: Run, outcomes: dict[str, OutcomeView], horizon: date) -> dict[str, CostPerOutcome]:
    """By outcome that a rule pays for; own costs are shared in proportion to what is paid for each."""
    paid = {name: _paid_for(run, name, horizon) for name in outcomes}
    own = sum(base(run, own_costs_of(run, payer), horizon) or 0.0 for payer in run.case.deal.payers)
    total = sum(paid.values())
    cost = {name: amount * (1 + own / total) for name, amount in paid.items() if total > 0 and amount > 0}
    return {
        name: CostPerOutcome(_each(amount, outcomes[name].gross), _each(amount, outcomes[name].net))
        for name, amount in cost.items()
    }


def _paid_for(run: Run, outcome: str, horizon: date) -> float:
    """What payers pay under the rules that name the outcome, less what comes back."""
    payers = set(run.case.deal.payers)
    rules = {rule.id for rule in run.case.deal.payments if getattr(rule, "outcome", None) == outcome}
    forth = run.ledger.moved(lambda e: e.rule in rules and e.source in payers)
    back = run.ledger.moved(lambda e: e.rule in rules and e.target in payers)
    return base(run, forth - back, horizon) or 0.0


def _each(amount: float, count: float | None) -> float | None:
    return amount / count if count is not None and count > 0 else None
