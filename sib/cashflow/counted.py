"""What has been counted in a run before any money is claimed, and claims told by cohort."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from sib.case import Case
from sib.cashflow.activity import Group, Rows
from sib.cashflow.outcomes import OutcomeRows
from sib.numbers import Numbers, Row
from sib.periods import Timeline

ByCohort = dict[str | None, Rows]


@dataclass(frozen=True)
class Counted:
    """Everything that a claim may be made on."""

    case: Case
    numbers: Numbers
    timeline: Timeline
    groups: list[Group]
    outcomes: Mapping[str, OutcomeRows]

    @property
    def blank(self) -> Rows:
        """Nothing on any date."""
        return np.zeros((len(self.timeline), 1))

    def on_row(self, row: int, value: float | Row) -> Rows:
        """A value on one date and nothing elsewhere."""
        rows = np.zeros((len(self.timeline), np.size(value)))
        rows[row] = value
        return rows

    def starts(self, cohorts: tuple[str, ...], segments: tuple[str, ...]) -> Rows:
        """The starts of some cohorts and segments, all where none are named."""
        chosen = (
            group.starts
            for group in self.groups
            if (not cohorts or group.cohort in cohorts) and (not segments or group.segment in segments)
        )
        return sum(chosen, self.blank)


def summed(parts: Iterable[tuple[str | None, Rows]]) -> ByCohort:
    """Parts of the same cohort added up."""
    total: ByCohort = {}
    for cohort, rows in parts:
        total[cohort] = total[cohort] + rows if cohort in total else rows
    return total


def gains(rows: Rows) -> Rows:
    """What a running total gains above its highest so far, and above nothing: setbacks are made up before more counts.

    Where nothing ever falls this is the rows themselves, so that what is paid for sums to the total.
    """
    highest = np.maximum.accumulate(np.maximum(0, np.cumsum(rows, axis=0)), axis=0)
    return rows if np.all(rows >= 0) else np.diff(highest, axis=0, prepend=0)
