"""One outcome over time: how often it happened, what would have happened anyway, and what the contract measures."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sib.cashflow.by_date import ByDate
from sib.deal.outcomes import OutcomeMeasured
from sib.numbers import Row

Key = tuple[str | None, str | None]
"""A cohort and a segment; None where an actual does not say whose it is."""

Counts = dict[Key, ByDate]


@dataclass(frozen=True)
class Measurement:
    """What was measured of one cohort: on which row, how much (positive when good), with what weight.

    `value` is as the contract rounds it, `exact` before that.
    """

    cohort: str | None
    row: int
    value: Row
    weight: Row
    exact: Row


@dataclass
class OutcomeRows:
    """One outcome of the contract over time, by cohort and segment.

    `gross` and `counterfactual` are None where only the difference is known; `net` is positive when good.
    `evidenced` and `accepted` are what can be claimed for of the gross (or, where that is unknown, of the net).
    """

    outcome: OutcomeMeasured
    gross: Counts | None = field(default_factory=dict)
    counterfactual: Counts | None = field(default_factory=dict)
    net: Counts = field(default_factory=dict)
    comparison: Counts = field(default_factory=dict)
    """The counterfactual as the contract sees it: on its control group, with that group's noise."""
    evidenced: Counts = field(default_factory=dict)
    accepted: Counts = field(default_factory=dict)
    continues: dict[Key, float | Row] = field(default_factory=dict)
    """The share of those still there who are there at the next instalment."""
    measurements: list[Measurement] = field(default_factory=list)
    round_to: float | Row | None = None
    """The contract rounds each measure, and that of all cohorts, to the nearest multiple of this."""

    @property
    def counted(self) -> Counts:
        """The gross where it is known, else the net."""
        return self.net if self.gross is None else self.gross

    def pooled(self) -> tuple[int, Row] | None:
        """The last measurement's row and the measure of all cohorts together, weighted; None if none was made.

        Of a level, the last one.
        """
        if not self.measurements:
            return None
        last = max(self.measurements, key=lambda item: item.row)
        if self.outcome.kind == "level":
            return last.row, last.value
        weight = sum((item.weight for item in self.measurements), np.zeros(1))
        total = sum((item.exact * item.weight for item in self.measurements), np.zeros(1))
        equal = sum((item.exact for item in self.measurements), np.zeros(1)) / len(self.measurements)
        return last.row, rounded(np.where(weight > 0, total / np.where(weight > 0, weight, 1), equal), self.round_to)


def rounded(value: Row, to: float | Row | None) -> Row:
    """To the nearest multiple, halves up; as it is where the contract does not round."""
    return value if to is None else np.asarray(np.floor(value / to + 0.5 + 1e-9) * to)
