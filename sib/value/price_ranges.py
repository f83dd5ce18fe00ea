"""The range in which each outcome's price can be agreed, worked out from the case."""

from __future__ import annotations

from datetime import date

import numpy as np

from sib.cashflow.ledger import UNITEMISED
from sib.cashflow.run import Run
from sib.cashflow.savings import Saving
from sib.deal.payments import Tariff
from sib.value.investors import investor_flows
from sib.value.payers import base
from sib.value.price_of_outcome import PriceOfOutcome, ceiling_per_gross_outcome, floor_per_outcome


def price_ranges(run: Run) -> dict[str, PriceOfOutcome]:
    """For each rule that pays a price for a count: what it must bring, what it is worth to all who save, what it is.

    The floor shares delivery, management and finance cost between the rules in proportion to what they pay; the
    ceiling is the saving for a net outcome, times net over gross. To the horizon, in cash of the day. Source: GO Lab.
    """
    rules = [rule for rule in run.case.deal.payments if isinstance(rule, Tariff) and rule.id in run.payments.by_payers]
    return {
        rule.id: PriceOfOutcome(
            _floor(run, rule),
            _ceiling(run, rule, _saved(run, rule)),
            _price(run, rule),
            _ceiling(run, rule, _saved_in_cash(run, rule)),
        )
        for rule in rules
    }


def _floor(run: Run, rule: Tariff) -> float | None:
    costs = run.ledger.total(lambda e: e.kind == "cost" or e.target == UNITEMISED)
    if not costs.any():
        return None
    finance = max(0.0, float(investor_flows(run, lambda _: True)[:, 0].sum()))
    part = _part_of_payments(run, rule)
    return floor_per_outcome(_units(run, rule), delivery=float(costs[:, 0].sum()) * part, finance=finance * part)


def _saved(run: Run, rule: Tariff) -> float | None:
    """What all organisations save by the outcome, to the horizon; None for nothing."""
    savings = _savings_by(run, rule)
    return sum(base(run, item.gross, _horizon(run)) or 0.0 for item in savings) if savings else None


def _saved_in_cash(run: Run, rule: Tariff) -> float | None:
    """The cashable part of it; None where that is not known of every saving."""
    cash = [base(run, item.cashable, _horizon(run)) for item in _savings_by(run, rule)]
    known = [amount for amount in cash if amount is not None]
    return sum(known) if known and len(known) == len(cash) else None


def _savings_by(run: Run, rule: Tariff) -> list[Saving]:
    named = {item.id for item in run.case.forecast.savings if item.outcome == rule.outcome}
    return [item for item in run.savings if item.saving in named]


def _horizon(run: Run) -> date:
    return run.case.appraisal.horizon or run.last_date


def _ceiling(run: Run, rule: Tariff, saved: float | None) -> float | None:
    """None where nothing is saved by the outcome, or how much of it is net is not known."""
    counts = run.outcomes.get(rule.outcome)
    if saved is None or counts is None:
        return None
    gross, net = (sum(float(rows[:, 0].sum()) for rows in (part or {}).values()) for part in (counts.gross, counts.net))
    if rule.pays_on == "net" or counts.gross is None:
        return saved / net if net > 0 else None
    return ceiling_per_gross_outcome(saved / net, 1 - net / gross) if net > 0 and gross > 0 else None


def _price(run: Run, rule: Tariff) -> float | None:
    """What is due for each accepted outcome on average, before any cap."""
    units = _units(run, rule)
    cut = sum(float(rows[:, 0].sum()) for (_, name), rows in run.payments.clipped.items() if name == rule.id)
    return (_paid(run, rule) + cut) / units if units > 0 else None


def _units(run: Run, rule: Tariff) -> float:
    return float(np.asarray(run.claims[rule.id].units)[:, 0].sum())


def _paid(run: Run, rule: Tariff) -> float:
    return float(run.ledger.total(lambda e: e.rule == rule.id)[:, 0].sum())


def _part_of_payments(run: Run, rule: Tariff) -> float:
    """The rule's part of everything that payers pay under prices."""
    prices = [item for item in run.case.deal.payments if isinstance(item, Tariff) and item.id in run.payments.by_payers]
    total = sum(_paid(run, item) for item in prices)
    return _paid(run, rule) / total if total > 0 else 1 / len(prices)
