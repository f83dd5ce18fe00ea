"""What comes of the starts: gross, counterfactual and net outcomes, and what the contract measures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sib.case import Case
from sib.cashflow.activity import Group, Rows, window
from sib.deal.outcomes import OutcomeMeasured
from sib.forecast.outcomes import OutcomeExpected
from sib.numbers import Numbers, Row
from sib.periods import Timeline

Key = tuple[str | None, str | None]
"""A cohort and a segment; None where an actual does not say whose it is."""


@dataclass(frozen=True)
class Measurement:
    """What was measured of one cohort: on which row, how much (positive when good), with what weight."""

    cohort: str | None
    row: int
    value: Row
    weight: Row


@dataclass
class OutcomeRows:
    """One outcome of the contract over time, by cohort and segment.

    `gross` and `counterfactual` are None where only the difference is known; `net` is positive when good.
    """

    outcome: OutcomeMeasured
    gross: dict[Key, Rows] | None = field(default_factory=dict)
    counterfactual: dict[Key, Rows] | None = field(default_factory=dict)
    net: dict[Key, Rows] = field(default_factory=dict)
    measurements: list[Measurement] = field(default_factory=list)

    def pooled(self) -> tuple[int, Row] | None:
        """The last measurement's row and the measure of all cohorts together, weighted; None if none was made."""
        if not self.measurements:
            return None
        row = max(item.row for item in self.measurements)
        weight = sum(item.weight for item in self.measurements)
        total = sum(item.value * item.weight for item in self.measurements)
        equal = sum(item.value for item in self.measurements) / len(self.measurements)
        return row, np.where(weight > 0, total / np.where(weight > 0, weight, 1), equal)


def outcomes_of(case: Case, numbers: Numbers, groups: list[Group], timeline: Timeline) -> dict[str, OutcomeRows]:
    """Every outcome of the contract over time, forecast after its last actual."""
    return {item.id: _Counting(case, numbers, groups, timeline, item).result() for item in case.deal.outcomes}


class _Counting:
    """Counts one outcome."""

    def __init__(
        self, case: Case, numbers: Numbers, groups: list[Group], timeline: Timeline, outcome: OutcomeMeasured
    ) -> None:
        self.case, self.numbers, self.groups, self.timeline, self.outcome = case, numbers, groups, timeline, outcome
        self.rows = OutcomeRows(outcome)
        self.sign = 1.0 if outcome.good == "more" else -1.0
        self.blank = np.zeros((len(timeline), 1))

    def result(self) -> OutcomeRows:
        """Forecasts first, then actuals in their place, then what the contract makes of them."""
        for expected in self.case.forecast.outcomes:
            if expected.of == self.outcome.id:
                self._expect(expected)
        self._put_actuals_in_place()
        if self.outcome.of_cohort:
            self.rows.measurements += self._measured_from_people()
        self.rows.measurements = [_rounded(item, self._round_to()) for item in self.rows.measurements]
        return self.rows

    def _expect(self, expected: OutcomeExpected) -> None:
        at = self.numbers.at(f"forecast.outcomes.{expected.id}")
        chosen = [
            g for g in self.groups if _chosen(g.cohort, expected.cohorts) and _chosen(g.segment, expected.segments)
        ]
        if expected.change is not None:
            self.rows.gross = self.rows.counterfactual = None
            self._measure_change(chosen, at["change"])
            return
        for group in chosen:
            when = self._when(group, expected)
            if expected.net is not None:
                self.rows.gross = self.rows.counterfactual = None
                self._add(self.rows.net, group, when * at["net"])
                continue
            gross = when * at["per_start"]
            self._add(self.rows.gross, group, gross)
            if expected.counterfactual is None:
                self.rows.counterfactual = None
            else:
                without = when * at["counterfactual"]
                self._add(self.rows.counterfactual, group, without)
                self._add(self.rows.net, group, self.sign * (gross - without))

    def _add(self, into: dict[Key, Rows] | None, group: Group, rows: Rows) -> None:
        if into is not None:
            key = (group.cohort, group.segment)
            into[key] = into.get(key, self.blank) + rows

    def _when(self, group: Group, expected: OutcomeExpected) -> Rows:
        """Starts moved to the day on which the outcome counts: measured for all at once, or after the delay."""
        day = self._measured_on(group.cohort)
        if day is not None:
            moved = np.zeros_like(group.starts)
            moved[self.timeline.row(day)] = group.starts.sum(axis=0)
            return moved
        return delayed(group.starts, expected, self.timeline)

    def _measured_on(self, cohort: str) -> date | None:
        """The day on which a cohort is measured as a whole; None when outcomes count as they happen."""
        stated = self.outcome.measured
        if isinstance(stated, date):
            return stated
        if stated is not None and cohort in stated:
            return stated[cohort]
        if not self.outcome.of_cohort:
            return None
        last = {item.id: window(self.case, item)[1] for item in self.case.forecast.cohorts}[cohort]
        wait = self.outcome.measured_after
        row = self.timeline.period_end_row(wait.after(last) if wait else last)
        return self.timeline.dates[-1 if row is None else row]

    def _measure_change(self, chosen: Iterable[Group], change: float | Row) -> None:
        for cohort in dict.fromkeys(group.cohort for group in chosen):
            people = sum((g.starts.sum(axis=0) for g in self.groups if g.cohort == cohort), np.zeros(1))
            row = self.timeline.row(self._measured_on(cohort) or self.timeline.dates[-1])
            self.rows.measurements.append(Measurement(cohort, row, np.atleast_1d(np.asarray(change, float)), people))

    def _put_actuals_in_place(self) -> None:
        actual = [(i, a) for i, a in enumerate(self.case.actuals.outcomes) if a.outcome == self.outcome.id]
        if not actual:
            return
        until = self.timeline.row(max(item.date for _, item in actual))
        self.rows.measurements = [item for item in self.rows.measurements if item.row > until]
        only = self.case.forecast.cohorts[0].id if len(self.case.forecast.cohorts) == 1 else None
        counts = self.rows.gross if self.rows.gross is not None else self.rows.net
        for rows in counts.values():
            rows[: until + 1] = 0
        for i, item in actual:
            value = np.atleast_1d(np.asarray(self.numbers[f"actuals.outcomes[{i}].value"], float))
            cohort, row = item.cohort or only, self.timeline.row(item.date)
            if self.outcome.kind == "change":
                people = sum((g.starts.sum(axis=0) for g in self.groups if g.cohort == cohort), np.zeros(1))
                self.rows.measurements.append(Measurement(cohort, row, value, people))
            else:
                happened = np.zeros((len(self.timeline), 1))
                happened[row] = value
                counts[cohort, None] = counts.get((cohort, None), self.blank) + happened
        self._net_of_actuals()

    def _net_of_actuals(self) -> None:
        gross, without = self.rows.gross, self.rows.counterfactual
        if gross and without:
            for key in gross:
                self.rows.net[key] = self.sign * (gross[key] - without.get(key, self.blank))

    def _measured_from_people(self) -> list[Measurement]:
        """What the contract measures of each cohort that was counted: its rate, or its change."""
        gross = self.rows.gross
        if not gross:
            return []
        done = {item.cohort for item in self.rows.measurements}
        cohorts = [name for name in dict.fromkeys(key[0] for key in gross) if name not in done]
        return [self._measurement(name) for name in cohorts]

    def _measurement(self, cohort: str | None) -> Measurement:
        people = sum((g.starts.sum(axis=0) for g in self.groups if g.cohort == cohort), np.zeros(1))
        gross = _total(self.rows.gross, cohort)
        filled = np.flatnonzero(_by_date(self.rows.gross, cohort).any(axis=1))
        row = (
            int(filled[-1])
            if filled.size
            else self.timeline.row(self._measured_on(cohort or "") or self.timeline.dates[-1])
        )
        if self.outcome.kind == "rate":
            return Measurement(cohort, row, _ratio(gross, people), people)
        if self.outcome.against == "control group":
            without = _total(self.rows.counterfactual, cohort)
        else:
            without = people * self.numbers[f"deal.outcomes.{self.outcome.id}.baseline"]
        better = self.sign * (gross - without)
        if self.outcome.change == "relative":
            return Measurement(cohort, row, _ratio(better, without), without)
        return Measurement(cohort, row, _ratio(better, people), people)

    def _round_to(self) -> float | Row | None:
        if self.outcome.round_to is None:
            return None
        return self.numbers[f"deal.outcomes.{self.outcome.id}.round_to"]


def delayed(starts: Rows, expected: OutcomeExpected, timeline: Timeline) -> Rows:
    """Starts moved by the delay from the end of their period to the end of the period in which that falls."""
    if expected.delay is None:
        return starts
    moved = np.zeros_like(starts)
    for row in np.flatnonzero(starts.any(axis=1)):
        to = timeline.period_end_row(expected.delay.after(timeline.dates[row]))
        moved[-1 if to is None else to] += starts[row]
    return moved


def _chosen(name: str | None, wanted: tuple[str, ...]) -> bool:
    return not wanted or name in wanted


def _by_date(counts: dict[Key, Rows] | None, cohort: str | None) -> Rows:
    return sum((rows for key, rows in (counts or {}).items() if key[0] == cohort), np.zeros((1, 1)))


def _total(counts: dict[Key, Rows] | None, cohort: str | None) -> Row:
    total: Row = _by_date(counts, cohort).sum(axis=0)
    return total


def _ratio(above: Row, below: Row) -> Row:
    """A quotient that is nothing where there is nothing to divide by."""
    above, below = np.broadcast_arrays(above, below)
    return np.divide(above, below, out=np.zeros(above.shape), where=below != 0)


def _rounded(item: Measurement, to: float | Row | None) -> Measurement:
    if to is None:
        return item
    value: NDArray[np.float64] = np.floor(item.value / to + 0.5) * to
    return Measurement(item.cohort, item.row, value, item.weight)
