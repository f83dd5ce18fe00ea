"""What comes some time after something else."""

from __future__ import annotations

import numpy as np

from sib.cashflow.by_date import ByDate, Rows
from sib.forecast.outcomes import in_months
from sib.numbers import Row
from sib.periods import Duration, Timeline


def delayed(rows: Rows, delay: Duration | None, timeline: Timeline) -> Rows:
    """An array moved by a delay: see `later`."""
    return later(ByDate.of_array(rows), delay, timeline).dense()


def later(rows: ByDate, delay: Duration | None, timeline: Timeline) -> ByDate:
    """Counts moved by a delay from the end of their period to the end of the period in which that falls.

    What would fall after the last period falls on the last date.
    """
    if delay is None:
        return rows
    moved = ByDate(rows.dates, width=rows.shape[1])
    to = timeline.rows_after(delay)
    for row in sorted(rows.rows):
        moved.add(to[row], rows.rows[row])
    return moved


def later_by(rows: ByDate, months: float | Row, timeline: Timeline) -> ByDate:
    """The same by a number of calendar months that may differ from one scenario to the next."""
    lengths, scenarios = np.unique(np.asarray(months), return_inverse=True)
    if len(lengths) == 1:
        return later(rows, in_months(float(lengths[0])), timeline)
    moved = ByDate(rows.dates, width=len(scenarios))
    to = np.array([timeline.rows_after(in_months(float(length))) for length in lengths])
    for row in sorted(rows.rows):
        target = to[scenarios, row]
        for there in np.unique(target):
            moved.add(int(there), np.where(target == there, rows.rows[row], 0.0))
    return moved
