"""What the contract measures of each cohort whose outcomes were counted: its rate, or its change."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sib.cashflow.outcome_rows import Counts, Measurement, OutcomeRows
from sib.numbers import Numbers, Row


class Measuring:
    """Measures cohorts on what was counted of them.

    `otherwise` is the row on which a cohort is measured of which nothing was counted.
    """

    def __init__(
        self, numbers: Numbers, rows: OutcomeRows, people: Counts, otherwise: Callable[[str | None], int]
    ) -> None:
        self._numbers, self._rows, self._people = numbers, rows, people
        self._otherwise, self._outcome = otherwise, rows.outcome

    def measured(self) -> list[Measurement]:
        """The measurement of every cohort that has been counted and not been measured yet."""
        gross = self._rows.gross or {}
        done = {item.cohort for item in self._rows.measurements}
        return [self._of(name) for name in dict.fromkeys(key[0] for key in gross) if name not in done]

    def _of(self, cohort: str | None) -> Measurement:
        """On the last day on which anything of the cohort is counted; a rate is of what the contract accepts."""
        people, row = total_of(self._people, cohort), self._row(cohort)
        if self._outcome.kind == "rate":
            rate = _ratio(total_of(self._rows.accepted, cohort), people)
            return Measurement(cohort, row, rate, people, rate)
        if self._outcome.against == "control group":
            without = total_of(self._rows.comparison, cohort)
        else:
            without = people * self._numbers[f"deal.outcomes.{self._outcome.id}.baseline"]
        better = (1.0 if self._outcome.good == "more" else -1.0) * (total_of(self._rows.gross, cohort) - without)
        weight = without if self._outcome.change == "relative" else people
        change = _ratio(better, weight)
        return Measurement(cohort, row, change, weight, change)

    def _row(self, cohort: str | None) -> int:
        counts = (self._rows.gross or {}).items()
        rows = [row for key, counted in counts if key[0] == cohort for row in counted.rows]
        return max(rows, default=self._otherwise(cohort))


def total_of(counts: Counts | None, cohort: str | None) -> Row:
    """All that was counted of a cohort, (scenarios,)."""
    chosen = [rows for key, rows in (counts or {}).items() if key[0] == cohort]
    total: Row = sum(chosen[1:], chosen[0]).sum(axis=0) if chosen else np.zeros(1)
    return total


def _ratio(above: Row, below: Row) -> Row:
    """A quotient that is nothing where there is nothing to divide by."""
    above, below = np.broadcast_arrays(above, below)
    return np.divide(above, below, out=np.zeros(above.shape), where=below != 0)
