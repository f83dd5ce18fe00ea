"""Growth a year in steps on each anniversary: of costs, and of indexed prices."""

from __future__ import annotations

import numpy as np

from sib.cashflow.activity import Rows
from sib.numbers import Row
from sib.periods import Timeline


def growth(rate: float | Row, timeline: Timeline) -> Rows:
    """(1 + rate) to the power of whole years since the first date, one row for each date."""
    start = timeline.dates[0]
    whole = [day.year - start.year - ((day.month, day.day) < (start.month, start.day)) for day in timeline.dates]
    grown: Rows = np.power(1 + np.asarray(rate, float), np.array(whole, float)[:, None])
    return grown
