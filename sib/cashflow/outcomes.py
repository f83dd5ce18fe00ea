"""What comes of the starts: gross, counterfactual and net outcomes, and what the contract measures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import numpy as np

from sib.case import Case
from sib.cashflow.activity import Group, window
from sib.cashflow.by_date import ByDate
from sib.cashflow.delays import later, later_by
from sib.cashflow.known import Known
from sib.cashflow.measuring import Measuring, total_of
from sib.cashflow.outcome_rows import Counts as Counts
from sib.cashflow.outcome_rows import Key as Key
from sib.cashflow.outcome_rows import Measurement, rounded
from sib.cashflow.outcome_rows import OutcomeRows as OutcomeRows
from sib.cashflow.sampling import Sampling
from sib.deal.outcomes import OutcomeMeasured
from sib.forecast.outcomes import OutcomeExpected, UncertainDelay
from sib.numbers import Numbers, NumbersAt, Row
from sib.periods import Timeline


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
        self.blank = ByDate(len(timeline))
        self.people: Counts = {}

    def result(self, groups: list[Group], done: Mapping[str, OutcomeRows]) -> OutcomeRows:
        """Forecasts first, then actuals in their place, then what the contract makes of them."""
        self.people = {(group.cohort, group.segment): group.starts for group in groups}
        for expected in self.case.forecast.outcomes:
            if expected.of == self.outcome.id:
                before = done.get(expected.follows or "")
                self._expect(expected, self.people if before is None else before.counted)
        Known(self.case, self.numbers, self.timeline, self.rows, self.people).put_in_place()
        if self.outcome.of_cohort:
            measuring = Measuring(self.numbers, self.rows, self.people, self._row_of_measurement)
            self.rows.measurements += measuring.measured()
        self.rows.round_to = self._round_to()
        made = self.rows.measurements
        self.rows.measurements = [replace(item, value=rounded(item.exact, self.rows.round_to)) for item in made]
        return self.rows

    def _expect(self, expected: OutcomeExpected, base: Counts) -> None:
        """One line of the forecast: for each cohort and segment that it speaks of, what comes of the base."""
        at = self.numbers.at(f"forecast.outcomes.{expected.id}")
        sampling = None
        if self.numbers.chance is not None:
            sampling = Sampling(self.outcome, expected, at, self.numbers.chance)
        for i, item in enumerate(expected.levels):
            level = self._with_error(at[f"levels[{i}].value"], f"levels[{i}]", expected, sampling)
            self._measure(None, self.timeline.row(item.date), level)
        keys = [key for key in base if _chosen(key[0], expected.cohorts) and _chosen(key[1], expected.segments)]
        if expected.change is not None:
            self.rows.gross = self.rows.counterfactual = None
            for cohort in dict.fromkeys(key[0] for key in keys):
                change = self._with_error(at["change"], str(cohort), expected, sampling)
                self._measure(cohort, self._row_of_measurement(cohort), change)
        elif not expected.levels:
            for key in keys:
                self._expect_of(key, expected, at, base[key], sampling)

    def _with_error(
        self, value: float | Row, whose: str, expected: OutcomeExpected, sampling: Sampling | None
    ) -> float | Row:
        """A measure with the error of its measurement, where the forecast states one."""
        if sampling is None or expected.standard_error is None:
            return value
        return value + sampling.error(whose, self.numbers[f"forecast.outcomes.{expected.id}.standard_error"])

    def _expect_of(
        self, key: Key, expected: OutcomeExpected, at: NumbersAt, base: ByDate, sampling: Sampling | None
    ) -> None:
        when = self._when(key, base, expected, at)
        if expected.net is not None:
            # Of how many people the difference is, and of how many events, is not known: it has no noise.
            self.rows.gross = self.rows.counterfactual = sampling = None
            counted = self._add(self.rows.net, key, when * at["net"])
        else:
            happens = self._happens(key, expected, at, (base, when), sampling)
            counted = self._add(self.rows.gross, key, happens)
            without = when * at.get("counterfactual", 0.0)
            self._compare(key, expected, counted, without)
            self._add(self.rows.comparison, key, self._controls(key, at, when, sampling) or without)
        self._claim(key, expected, at, counted, sampling)

    def _happens(
        self,
        key: Key,
        expected: OutcomeExpected,
        at: NumbersAt,
        people: tuple[ByDate, ByDate],
        sampling: Sampling | None,
    ) -> ByDate:
        """What these people (as they come, and on the days on which it counts) do, each by chance if there is any."""
        (base, when), each, whose = people, at["per_start"], f"{key[0]}/{key[1]}"
        if sampling is None:
            return when * each
        if self._measured_on(key[0]) is not None or not isinstance(expected.delay, tuple):
            return sampling.counts(whose, when, each)
        shares = [at[f"delay[{i}].share"] for i in range(len(expected.delay))]
        parts = sampling.split(whose, sampling.counts(whose, base, each), shares)
        moved = (later(part, wait.after, self.timeline) for part, wait in zip(parts, expected.delay, strict=True))
        return sum(moved, self.blank)

    def _controls(self, key: Key, at: NumbersAt, when: ByDate, sampling: Sampling | None) -> ByDate | None:
        """The counterfactual as a control group of its size shows it, for each participant; None where none is kept."""
        if sampling is None or self.outcome.kind != "change" or self.outcome.against != "control group":
            return None
        each = self.numbers.get(f"deal.outcomes.{self.outcome.id}.controls", 1.0)
        expected = at.get("counterfactual", 0.0)
        return sampling.counts(f"{key[0]}/{key[1]}/controls", when * each, expected) / each

    def _compare(self, key: Key, expected: OutcomeExpected, gross: ByDate, without: ByDate) -> None:
        if expected.counterfactual is None:
            self.rows.counterfactual = None
            return
        self._add(self.rows.counterfactual, key, without)
        self._add(self.rows.net, key, gross - without if self.sign > 0 else (gross - without) * self.sign)

    def _claim(
        self, key: Key, expected: OutcomeExpected, at: NumbersAt, counted: ByDate, sampling: Sampling | None
    ) -> None:
        """What of it can be evidenced, what the payer accepts, and what is accepted the second time."""

        def part(name: str, counts: ByDate) -> ByDate:
            share = at[name]
            return counts * share if sampling is None else sampling.part(f"{key[0]}/{key[1]}/{name}", counts, share)

        evidenced = counted if expected.evidenced is None else part("evidenced", counted)
        accepted = evidenced if expected.accepted is None else part("accepted", evidenced)
        self._add(self.rows.evidenced, key, evidenced)
        self._add(self.rows.accepted, key, accepted)
        if expected.claimed_again is not None:
            again = part("claimed_again.share", evidenced - accepted)
            self._add(self.rows.accepted, key, later(again, expected.claimed_again.after, self.timeline))
        self.rows.continues[key] = at.get("continues", 1.0)

    def _add(self, into: Counts | None, key: Key, rows: ByDate) -> ByDate:
        if into is not None:
            into[key] = into[key] + rows if key in into else rows
        return rows

    def _when(self, key: Key, base: ByDate, expected: OutcomeExpected, at: NumbersAt) -> ByDate:
        """The base moved to the day on which the outcome counts: measured for all at once, or after the delay."""
        day = self._measured_on(key[0])
        if day is not None:
            return ByDate(len(self.timeline), {self.timeline.row(day): base.sum(axis=0)})
        if isinstance(expected.delay, tuple):
            parts = ((at[f"delay[{i}].share"], part.after) for i, part in enumerate(expected.delay))
            return sum((later(base, after, self.timeline) * share for share, after in parts), self.blank)
        if isinstance(expected.delay, UncertainDelay):
            return later_by(base, at["delay.months"], self.timeline)
        return later(base, expected.delay, self.timeline)

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
        self.rows.measurements.append(Measurement(cohort, row, measured, total_of(self.people, cohort), measured))

    def _round_to(self) -> float | Row | None:
        if self.outcome.round_to is None:
            return None
        return self.numbers[f"deal.outcomes.{self.outcome.id}.round_to"]


def _chosen(name: str | None, wanted: tuple[str, ...]) -> bool:
    return not wanted or name in wanted
