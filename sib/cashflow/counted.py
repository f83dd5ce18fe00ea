"""What has been counted in a run before any money is claimed, and claims told by cohort."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from sib.case import Case
from sib.cashflow.activity import Group, Rows
from sib.cashflow.by_date import ByDate
from sib.cashflow.outcomes import OutcomeRows
from sib.numbers import Numbers, Row
from sib.periods import Timeline

ByCohort = dict[str | None, ByDate]


@dataclass(frozen=True)
class Counted:
    """Everything that a claim may be made on."""

    case: Case
    numbers: Numbers
    timeline: Timeline
    groups: list[Group]
    outcomes: Mapping[str, OutcomeRows]

    @property
    def blank(self) -> ByDate:
        """Nothing on any date."""
        return ByDate(len(self.timeline))

    def on_row(self, row: int, value: float | Row) -> ByDate:
        """A value on one date and nothing elsewhere."""
        return ByDate.of(len(self.timeline), {row: value})

    def starts(self, cohorts: tuple[str, ...], segments: tuple[str, ...]) -> ByDate:
        """The starts of some cohorts and segments, all where none are named."""
        chosen = (
            group.starts
            for group in self.groups
            if (not cohorts or group.cohort in cohorts) and (not segments or group.segment in segments)
        )
        return sum(chosen, self.blank)


def summed(parts: Iterable[tuple[str | None, ByDate]]) -> ByCohort:
    """Parts of the same cohort added up."""
    total: ByCohort = {}
    for cohort, rows in parts:
        total[cohort] = total[cohort] + rows if cohort in total else rows
    return total


def gains(rows: Rows) -> Rows:
    """What a running total gains above its highest so far, and above nothing: setbacks are made up before more counts.

    In scenarios in which nothing ever falls this is the rows themselves, so that what is paid for sums to the total.
    """
    rises = np.all(rows >= 0, axis=0)
    if rises.all():
        return rows
    highest = np.maximum.accumulate(np.maximum(0, np.cumsum(rows, axis=0)), axis=0)
    return np.where(rises, rows, np.diff(highest, axis=0, prepend=0))
