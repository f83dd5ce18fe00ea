"""What comes some time after something else."""

from __future__ import annotations

from sib.cashflow.by_date import ByDate, Rows
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
