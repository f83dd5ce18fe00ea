"""Growth a year in steps on each anniversary of the contract's start: of costs, and of indexed prices."""

from __future__ import annotations

from datetime import date

import numpy as np

from sib.cashflow.activity import Rows
from sib.numbers import Row
from sib.periods import Timeline, whole_years


def growth(rate: float | Row, start: date, timeline: Timeline) -> Rows:
    """(1 + rate) to the power of whole years since the start, none before it; one row for each date."""
    years = [max(0, whole_years(start, day)) for day in timeline.dates]
    grown: Rows = np.power(1 + np.asarray(rate, float), np.array(years, float)[:, None])
    return grown
