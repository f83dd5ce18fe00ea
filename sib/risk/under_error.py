"""What rules pay when each cohort is measured with an error of its own: many errors through the engine at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from sib.case import Case
from sib.cashflow.run import run
from sib.numbers import Row
from sib.risk.measured import Measured

# Errors that are tried where several cohorts differ.
POINTS = 2**12
# Less than this part of the largest payment is none.
NOTHING = 1e-9

Start = Literal["expected", "nothing"]
"""Whether the service does what is expected of it, or nothing at all."""


@dataclass(frozen=True)
class Paid:
    """A payment under error: its mean, its standard deviation and the chance that there is any."""

    expected: float
    spread: float
    chance: float


def paid_under_error(case: Case, rules: Sequence[str], made: Sequence[Measured], start: Start) -> Paid:
    """What these rules pay together, all cohorts measured with their own errors."""
    return paid_of(payments(case, rules, draws(made, noise(len(made)), start)))


def noise(cohorts: int, points: int = POINTS) -> Row:
    """Normal errors of several cohorts, (cohorts, points), spread evenly: Sobol points, the same each time."""
    from scipy.special import ndtri
    from scipy.stats.qmc import Sobol

    spread = Sobol(cohorts, scramble=False).random(points) + 0.5 / points
    return np.asarray(ndtri(spread.T))


def draws(made: Sequence[Measured], off: Row, start: Start) -> dict[str, Row]:
    """The numbers of the case in each point, where each cohort is `off` by its own errors."""
    rows = {}
    for item, errors in zip(made, off, strict=True):
        error = item.error if start == "expected" else item.error_at_nothing
        for path, line in item.lines.items():
            base = line.expected if start == "expected" else line.nothing
            rows[path] = line.at(0.0 if base is None else base, error, errors)
    return rows


def payments(case: Case, rules: Sequence[str], rows: Mapping[str, Row]) -> Row:
    """What these rules pay over the whole contract, after caps, one number a scenario."""
    accepted = run(case, rows).payments.accepted
    return np.asarray(sum((accepted[rule].sum(axis=0) for rule in rules), np.zeros(1)))


def paid_of(paid: Row) -> Paid:
    """The mean, the spread and the chance of payments that are equally likely."""
    some = NOTHING * max(1.0, float(np.abs(paid).max()))
    return Paid(float(paid.mean()), float(paid.std()), float((paid > some).mean()))
