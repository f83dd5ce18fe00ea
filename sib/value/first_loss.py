"""The first lost pound of a tranche, told in outcomes: how many fewer until it loses anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sib.case import Case
from sib.cashflow.run import run
from sib.numbers import Row
from sib.value.investors import drawn_flows, investor_flows
from sib.value.outcome_axis import OutcomeAxis, outcome_axis

# How finely one looks: so many levels, and then so many in each narrower stretch.
LEVELS, INSIDE, ROUNDS = 481, 41, 5
ROUNDING = 1e-9

Loses = Callable[[Row], NDArray[np.bool_]]
"""Whether the tranche loses anything at each of a row of levels."""


@dataclass(frozen=True)
class FirstLoss:
    """Where a tranche begins to lose, coming down from the case's own level.

    `level` is where it does not lose yet; `fewer` is how far that is below the case's own level. Of what is counted,
    `whole` is the least whole number fewer with which it loses; None of a measure, and of outcomes of several kinds.
    """

    tranche: str
    axis: OutcomeAxis
    level: float
    fewer: float
    whole: int | None


def first_losses(case: Case) -> dict[str, FirstLoss | None]:
    """The first loss of every investment; None of one that loses at no level, or already at the case's own."""
    axis = outcome_axis(case)
    names = [tranche.id for tranche in case.deal.tranches if not tranche.is_grant]
    return {name: None if axis is None else _first_loss(case, name, axis) for name in names}


def _first_loss(case: Case, tranche: str, axis: OutcomeAxis) -> FirstLoss | None:
    loses = _losing(case, tranche, axis)
    start = min(float(axis.levels[0]), 0.0)
    if axis.own <= start:
        return None
    grid = np.linspace(axis.own, start, LEVELS)
    lost = loses(grid)
    if lost[0] or not lost.any():
        return None
    whole_until, loses_from = _between(grid, lost)
    for _ in range(ROUNDS):
        grid = np.linspace(whole_until, loses_from, INSIDE)
        whole_until, loses_from = _between(grid, loses(grid))
    fewer = axis.own - whole_until
    whole = _whole_number(axis.own, fewer, loses) if axis.counted else None
    return FirstLoss(tranche, axis, whole_until, fewer, whole)


def _losing(case: Case, tranche: str, axis: OutcomeAxis) -> Loses:
    def loses(levels: Row) -> NDArray[np.bool_]:
        found = run(case, axis.draws(levels))
        drawn = drawn_flows(found, lambda entry: entry.tranche == tranche).sum(axis=0)
        net = investor_flows(found, lambda entry: entry.tranche == tranche).sum(axis=0)
        return np.asarray(net < -ROUNDING * drawn)

    return loses


def _between(grid: Row, lost: NDArray[np.bool_]) -> tuple[float, float]:
    """The last level without a loss on the way down, and the first with one."""
    first = int(np.argmax(lost)) if lost.any() else len(grid) - 1
    return float(grid[max(first - 1, 0)]), float(grid[first])


def _whole_number(own: float, fewer: float, loses: Loses) -> int | None:
    """The least whole number fewer with which the tranche loses; None where there are not so many."""
    near = np.arange(max(1, int(fewer) - 1), int(fewer) + 3, dtype=np.float64)
    near = near[near <= own + ROUNDING]
    lost = loses(own - near) if near.size else np.array([], bool)
    return int(near[lost][0]) if lost.any() else None
