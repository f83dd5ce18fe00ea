"""What was achieved, what would have been anyway, and what the contract accepts of it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

import numpy as np

from sib.cashflow.outcomes import Counts
from sib.cashflow.run import Run
from sib.deal.payments import Banded, ShareOfSum, Tariff
from sib.numbers import Row

People = tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True)
class OutcomeView:
    """Counts of one outcome to the last claim. `net` is positive when good; None where the case does not say.

    `payable` is in the unit of the rule that pays for it, before any money cap. `of_target` is a fraction.
    """

    gross: float | None
    counterfactual: float | None
    net: float | None
    evidenced: float | None
    accepted: float | None
    payable: float | None
    unit: str
    target: float | None
    of_target: float | None
    measure: float | None
    """What was measured of all cohorts together, for a rate or a change."""


def outcome_views(run: Run) -> dict[str, OutcomeView]:
    """Every outcome of the contract, in the order of the case."""
    return {name: _view(run, name) for name in run.outcomes}


def _view(run: Run, name: str) -> OutcomeView:
    figures = {key: None if row is None else float(row[0]) for key, row in outcome_figures(run, name).items()}
    outcome = run.outcomes[name].outcome
    return OutcomeView(**figures, unit=outcome.unit, target=outcome.target.value if outcome.target else None)


def outcome_figures(run: Run, name: str) -> dict[str, Row | None]:
    """The numbers of an `OutcomeView` by name, each with one for each scenario (or one for all)."""
    result = run.outcomes[name]
    pooled = result.pooled()
    measure = None if pooled is None else np.asarray(pooled[1])
    gross, net = _count(run, result.gross), _count(run, result.net)
    if result.outcome.kind == "level":
        gross = measure
    elif net is None and gross is None:
        net = measure
    target = result.outcome.target.value if result.outcome.target else None
    reached = gross if gross is not None else net
    return {
        "gross": gross,
        "counterfactual": _count(run, result.counterfactual),
        "net": net,
        "evidenced": _count(run, result.evidenced),
        "accepted": _count(run, result.accepted),
        "payable": payable_units(run, name),
        "of_target": reached / target if target and reached is not None else None,
        "measure": measure,
    }


def _count(run: Run, counts: Counts | None) -> Row | None:
    """The number counted by the last claim; None where it is not known."""
    if not counts:
        return None
    last = run.case.deal.last_claim
    in_time = len(run.timeline) if last is None else bisect_right(run.timeline.dates, last)
    rows = [values for part in counts.values() for row, values in part.rows.items() if row < in_time]
    total = np.zeros(max([1, *(values.size for values in rows)]))
    for values in rows:
        total += values
    return total


def payable(run: Run, outcome: str) -> float | None:
    """What the contract accepts of an outcome before any cap, in the base case; None where no rule pays for it."""
    units = payable_units(run, outcome)
    return None if units is None else float(units[0])


def payable_units(run: Run, outcome: str) -> Row | None:
    """The same in every scenario.

    Where several rules pay for the same people they count once, and instalments of an outcome count only where
    nothing else is paid for it.
    """
    rules = [
        rule
        for rule in run.case.deal.payments
        if not isinstance(rule, ShareOfSum) and rule.outcome == outcome and rule.id in run.payments.by_payers
    ]
    once = [rule for rule in rules if getattr(rule, "instalments", None) is None]
    by_people: dict[People, Row] = {}
    for people in {_people(rule) for rule in once or rules}:
        of_these = [rule for rule in once or rules if _people(rule) == people]
        units = np.broadcast_arrays(*(run.claims[rule.id].units.sum(axis=0) for rule in of_these))
        # One rule after another pays for different outcomes; rules at the same time pay for the same ones.
        in_turn = all(rule.first or rule.last for rule in of_these)
        by_people[people] = np.sum(units, axis=0) if in_turn else np.max(units, axis=0)
    everybody = by_people.get(((), ()))
    if everybody is None and by_people:
        return np.asarray(sum(by_people.values()))
    return everybody


def _people(rule: Tariff | Banded) -> People:
    """Whom a rule pays for: cohorts and segments, everybody where none are named."""
    return (rule.cohorts, rule.segments) if isinstance(rule, Tariff) else ((), ())
