"""What is known of an outcome, in place of what was expected of it."""

from __future__ import annotations

import numpy as np

from sib.case import Case
from sib.cashflow.by_date import ByDate
from sib.cashflow.measuring import total_of
from sib.cashflow.outcome_rows import Counts, Measurement, OutcomeRows
from sib.numbers import Numbers, Row
from sib.periods import Timeline


class Known:
    """The actuals of one outcome. What did not happen by the last of them did not happen."""

    def __init__(self, case: Case, numbers: Numbers, timeline: Timeline, rows: OutcomeRows, people: Counts) -> None:
        self._case, self._numbers, self._timeline, self._rows, self._people = case, numbers, timeline, rows, people
        self._outcome, self._sign = rows.outcome, 1.0 if rows.outcome.good == "more" else -1.0

    def put_in_place(self) -> None:
        """Counts and measurements that are known replace the forecast up to the last of them."""
        actual = [(i, item) for i, item in enumerate(self._case.actuals.outcomes) if item.outcome == self._outcome.id]
        if not actual:
            return
        self._forget(self._timeline.known_to(max(item.date for _, item in actual)))
        cohorts = self._case.forecast.cohorts
        only = cohorts[0].id if len(cohorts) == 1 else None
        for i, item in actual:
            value, row = self._numbers[f"actuals.outcomes[{i}].value"], self._timeline.row(item.date)
            if self._outcome.kind == "change":
                self._put_change(item.cohort or only, row, np.atleast_1d(np.asarray(value, float)))
            elif self._outcome.kind == "level":
                self._put_measurement(item.cohort or only, row, np.atleast_1d(np.asarray(value, float)))
            else:
                self._put_count(item.cohort or only, row, value)
        self._compare()

    def _forget(self, until: int) -> None:
        """Leave out of the forecast what lies no later than a row."""
        self._rows.measurements = [item for item in self._rows.measurements if item.row > until]
        for counts in (self._rows.counted, self._rows.evidenced, self._rows.accepted):
            counts.update({key: rows.after(until) for key, rows in counts.items()})

    def _put_count(self, cohort: str | None, row: int, value: float | Row) -> None:
        happened, key = ByDate.of(len(self._timeline), {row: value}), (cohort, None)
        for counts in (self._rows.counted, self._rows.evidenced, self._rows.accepted):
            counts[key] = counts[key] + happened if key in counts else happened

    def _put_measurement(self, cohort: str | None, row: int, value: Row) -> None:
        people = total_of(self._people, cohort)
        self._rows.measurements.append(Measurement(cohort, row, value, people, value))

    def _put_change(self, cohort: str | None, row: int, change: Row) -> None:
        """A cohort's change that was measured, and the count that it comes to, once, on that day."""
        self._rows.measurements = [item for item in self._rows.measurements if item.cohort != cohort]
        gross, counterfactual = self._rows.gross, self._rows.counterfactual
        if gross is None:
            self._put_measurement(cohort, row, change)
            return
        people, anyway = total_of(self._people, cohort), total_of(counterfactual, cohort)
        by_number = self._outcome.against != "control group"
        without = people * self._numbers[f"deal.outcomes.{self._outcome.id}.baseline"] if by_number else anyway
        weight = without if self._outcome.change == "relative" else people
        self._rows.measurements.append(Measurement(cohort, row, change, weight, change))
        happened = without + self._sign * change * weight
        self._count_once(cohort, row, (gross, self._rows.evidenced, self._rows.accepted), happened)
        # No control group is drawn for what is known.
        self._count_once(cohort, row, (self._rows.comparison,), anyway)
        if counterfactual is not None:
            self._count_once(cohort, row, (counterfactual,), anyway)
            self._count_once(cohort, row, (self._rows.net,), self._sign * (happened - anyway))

    def _count_once(self, cohort: str | None, row: int, into: tuple[Counts, ...], total: Row) -> None:
        """A cohort's total on one day in place of all that was expected of it."""
        for counts in into:
            for key in [key for key in counts if key[0] == cohort]:
                del counts[key]
            counts[cohort, None] = ByDate.of(len(self._timeline), {row: total})

    def _compare(self) -> None:
        gross, without = self._rows.gross, self._rows.counterfactual
        if gross and without:
            blank = ByDate(len(self._timeline))
            keys = dict.fromkeys([*gross, *without])
            self._rows.net.update({key: self._sign * (gross.get(key, blank) - without.get(key, blank)) for key in keys})
