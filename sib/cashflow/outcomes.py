"""What comes of the starts: gross, counterfactual and net outcomes, and what the contract measures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from sib.case import Case
from sib.cashflow.activity import Group, Rows, window
from sib.deal.outcomes import OutcomeMeasured
from sib.forecast.outcomes import OutcomeExpected
from sib.numbers import Numbers, NumbersAt, Row
from sib.periods import Duration, Timeline

Key = tuple[str | None, str | None]
"""A cohort and a segment; None where an actual does not say whose it is."""

Counts = dict[Key, Rows]


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
    `evidenced` and `accepted` are what can be claimed for of the gross (or, where that is unknown, of the net).
    """

    outcome: OutcomeMeasured
    gross: Counts | None = field(default_factory=dict)
    counterfactual: Counts | None = field(default_factory=dict)
    net: Counts = field(default_factory=dict)
    evidenced: Counts = field(default_factory=dict)
    accepted: Counts = field(default_factory=dict)
    continues: dict[Key, float | Row] = field(default_factory=dict)
    """The share of those still there who are there at the next instalment."""
    measurements: list[Measurement] = field(default_factory=list)

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
        total = sum((item.value * item.weight for item in self.measurements), np.zeros(1))
        equal = sum((item.value for item in self.measurements), np.zeros(1)) / len(self.measurements)
        return last.row, np.where(weight > 0, total / np.where(weight > 0, weight, 1), equal)


def outcomes_of(case: Case, numbers: Numbers, groups: list[Group], timeline: Timeline) -> dict[str, OutcomeRows]:
    """Every outcome of the contract over time, forecast after its last actual, in the order of the case."""
    after = {item.of: item.follows for item in case.forecast.outcomes if item.follows}
    done: dict[str, OutcomeRows] = {}
    waiting = list(case.deal.outcomes)
    while waiting:
        outcome = next((item for item in waiting if after.get(item.id) in (None, *done)), waiting[0])
        waiting.remove(outcome)
        done[outcome.id] = _Counting(case, numbers, timeline, outcome).result(groups, done)
    return {item.id: done[item.id] for item in case.deal.outcomes}


class _Counting:
    """Counts one outcome."""

    def __init__(self, case: Case, numbers: Numbers, timeline: Timeline, outcome: OutcomeMeasured) -> None:
        self.case, self.numbers, self.timeline, self.outcome = case, numbers, timeline, outcome
        self.rows = OutcomeRows(outcome)
        self.sign = 1.0 if outcome.good == "more" else -1.0
        self.blank = np.zeros((len(timeline), 1))
        self.people: Counts = {}

    def result(self, groups: list[Group], done: Mapping[str, OutcomeRows]) -> OutcomeRows:
        """Forecasts first, then actuals in their place, then what the contract makes of them."""
        self.people = {(group.cohort, group.segment): group.starts for group in groups}
        for expected in self.case.forecast.outcomes:
            if expected.of == self.outcome.id:
                before = done.get(expected.follows or "")
                self._expect(expected, self.people if before is None else before.counted)
        self._put_actuals_in_place()
        if self.outcome.of_cohort:
            self.rows.measurements += self._measured_from_people()
        self.rows.measurements = [_rounded(item, self._round_to()) for item in self.rows.measurements]
        return self.rows

    def _expect(self, expected: OutcomeExpected, base: Counts) -> None:
        """One line of the forecast: for each cohort and segment that it speaks of, what comes of the base."""
        at = self.numbers.at(f"forecast.outcomes.{expected.id}")
        for i, item in enumerate(expected.levels):
            self._measure(None, self.timeline.row(item.date), at[f"levels[{i}].value"])
        keys = [key for key in base if _chosen(key[0], expected.cohorts) and _chosen(key[1], expected.segments)]
        if expected.change is not None:
            self.rows.gross = self.rows.counterfactual = None
            for cohort in dict.fromkeys(key[0] for key in keys):
                self._measure(cohort, self._row_of_measurement(cohort), at["change"])
        elif not expected.levels:
            for key in keys:
                self._expect_of(key, expected, at, self._when(key, base[key], expected, at))

    def _expect_of(self, key: Key, expected: OutcomeExpected, at: NumbersAt, when: Rows) -> None:
        if expected.net is not None:
            self.rows.gross = self.rows.counterfactual = None
            counted = self._add(self.rows.net, key, when * at["net"])
        else:
            counted = self._add(self.rows.gross, key, when * at["per_start"])
            self._compare(key, expected, counted, when * at.get("counterfactual", 0.0))
        self._claim(key, expected, at, counted)

    def _compare(self, key: Key, expected: OutcomeExpected, gross: Rows, without: Rows) -> None:
        if expected.counterfactual is None:
            self.rows.counterfactual = None
            return
        self._add(self.rows.counterfactual, key, without)
        self._add(self.rows.net, key, self.sign * (gross - without))

    def _claim(self, key: Key, expected: OutcomeExpected, at: NumbersAt, counted: Rows) -> None:
        """What of it can be evidenced, what the payer accepts, and what is accepted the second time."""
        evidenced = self._add(self.rows.evidenced, key, counted * at.get("evidenced", 1.0))
        accepted = self._add(self.rows.accepted, key, evidenced * at.get("accepted", 1.0))
        if expected.claimed_again is not None:
            again = delayed(evidenced - accepted, expected.claimed_again.after, self.timeline)
            self._add(self.rows.accepted, key, again * at["claimed_again.share"])
        self.rows.continues[key] = at.get("continues", 1.0)

    def _add(self, into: Counts | None, key: Key, rows: Rows) -> Rows:
        if into is not None:
            into[key] = into.get(key, self.blank) + rows
        return rows

    def _when(self, key: Key, base: Rows, expected: OutcomeExpected, at: NumbersAt) -> Rows:
        """The base moved to the day on which the outcome counts: measured for all at once, or after the delay."""
        day = self._measured_on(key[0])
        if day is not None:
            moved = np.zeros_like(base)
            moved[self.timeline.row(day)] = base.sum(axis=0)
            return moved
        if isinstance(expected.delay, tuple):
            parts = ((at[f"delay[{i}].share"], part.after) for i, part in enumerate(expected.delay))
            return sum((share * delayed(base, after, self.timeline) for share, after in parts), self.blank)
        return delayed(base, expected.delay, self.timeline)

    def _measured_on(self, cohort: str | None) -> date | None:
        """The day on which a cohort is measured as a whole; None when outcomes count as they happen."""
        stated = self.outcome.measured
        if isinstance(stated, date):
            return stated
        if stated is not None and cohort in stated:
            return stated[cohort]
        if not self.outcome.of_cohort or self.outcome.kind == "level":
            return None
        lasts = {item.id: window(self.case, item)[1] for item in self.case.forecast.cohorts}
        last = lasts.get(cohort or "", self.case.deal.service_end)
        wait = self.outcome.measured_after
        row = self.timeline.period_end_row(wait.after(last) if wait else last)
        return self.timeline.dates[-1 if row is None else row]

    def _row_of_measurement(self, cohort: str | None) -> int:
        return self.timeline.row(self._measured_on(cohort) or self.timeline.dates[-1])

    def _measure(self, cohort: str | None, row: int, value: float | Row) -> None:
        measured = np.atleast_1d(np.asarray(value, float))
        self.rows.measurements.append(Measurement(cohort, row, measured, _total(self.people, cohort)))

    def _put_actuals_in_place(self) -> None:
        actual = [(i, a) for i, a in enumerate(self.case.actuals.outcomes) if a.outcome == self.outcome.id]
        if not actual:
            return
        until = self.timeline.known_to(max(item.date for _, item in actual))
        self.rows.measurements = [item for item in self.rows.measurements if item.row > until]
        only = self.case.forecast.cohorts[0].id if len(self.case.forecast.cohorts) == 1 else None
        for counts in (self.rows.counted, self.rows.evidenced, self.rows.accepted):
            counts.update({key: _after(rows, until) for key, rows in counts.items()})
        for i, item in actual:
            value, row = self.numbers[f"actuals.outcomes[{i}].value"], self.timeline.row(item.date)
            cohort = item.cohort or only
            if self.outcome.kind in ("change", "level"):
                self._measure(cohort, row, value)
                continue
            happened = np.zeros((len(self.timeline), np.size(value)))
            happened[row] = value
            for counts in (self.rows.counted, self.rows.evidenced, self.rows.accepted):
                self._add(counts, (cohort, None), happened)
        self._net_of_actuals()

    def _net_of_actuals(self) -> None:
        gross, without = self.rows.gross, self.rows.counterfactual
        if gross and without:
            keys = dict.fromkeys([*gross, *without])
            self.rows.net.update(
                {key: self.sign * (gross.get(key, self.blank) - without.get(key, self.blank)) for key in keys}
            )

    def _measured_from_people(self) -> list[Measurement]:
        """What the contract measures of each cohort that was counted: its rate, or its change."""
        gross = self.rows.gross or {}
        done = {item.cohort for item in self.rows.measurements}
        cohorts = [name for name in dict.fromkeys(key[0] for key in gross) if name not in done]
        return [self._measurement(name) for name in cohorts]

    def _measurement(self, cohort: str | None) -> Measurement:
        people, gross = _total(self.people, cohort), _total(self.rows.gross, cohort)
        filled = np.flatnonzero(_by_date(self.rows.gross, cohort).any(axis=1))
        row = int(filled[-1]) if filled.size else self._row_of_measurement(cohort)
        if self.outcome.kind == "rate":
            return Measurement(cohort, row, _ratio(gross, people), people)
        if self.outcome.against == "control group":
            without = _total(self.rows.counterfactual, cohort)
        else:
            without = people * self.numbers[f"deal.outcomes.{self.outcome.id}.baseline"]
        better = self.sign * (gross - without)
        weight = without if self.outcome.change == "relative" else people
        return Measurement(cohort, row, _ratio(better, weight), weight)

    def _round_to(self) -> float | Row | None:
        if self.outcome.round_to is None:
            return None
        return self.numbers[f"deal.outcomes.{self.outcome.id}.round_to"]


def delayed(rows: Rows, delay: Duration | None, timeline: Timeline) -> Rows:
    """Counts moved by a delay from the end of their period to the end of the period in which that falls.

    What would fall after the last period falls on the last date.
    """
    if delay is None:
        return rows
    moved = np.zeros_like(rows)
    for row in np.flatnonzero(rows.any(axis=1)):
        to = timeline.period_end_row(delay.after(timeline.dates[row]))
        moved[-1 if to is None else to] += rows[row]
    return moved


def _chosen(name: str | None, wanted: tuple[str, ...]) -> bool:
    return not wanted or name in wanted


def _after(rows: Rows, row: int) -> Rows:
    """The same with nothing up to and on a row."""
    kept = rows.copy()
    kept[: row + 1] = 0
    return kept


def _by_date(counts: Counts | None, cohort: str | None) -> Rows:
    return sum((rows for key, rows in (counts or {}).items() if key[0] == cohort), np.zeros((1, 1)))


def _total(counts: Counts | None, cohort: str | None) -> Row:
    total: Row = _by_date(counts, cohort).sum(axis=0)
    return total


def _ratio(above: Row, below: Row) -> Row:
    """A quotient that is nothing where there is nothing to divide by."""
    above, below = np.broadcast_arrays(above, below)
    return np.divide(above, below, out=np.zeros(above.shape), where=below != 0)


def _rounded(item: Measurement, to: float | Row | None) -> Measurement:
    if to is None:
        return item
    return Measurement(item.cohort, item.row, np.floor(item.value / to + 0.5 + 1e-9) * to, item.weight)
