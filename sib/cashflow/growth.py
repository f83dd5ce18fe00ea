"""Growth a year in steps on each anniversary of the contract's start: of costs, and of indexed prices."""

from __future__ import annotations

from datetime import date

import numpy as np

from sib.cashflow.activity import Rows
from sib.numbers import Row
from sib.periods import Timeline


def growth(rate: float | Row, start: date, timeline: Timeline) -> Rows:
    """(1 + rate) to the power of whole years since the start, none before it; one row for each date."""
    # Powers take long, and several dates of a year have the same one.
    years, of_dates = np.unique(timeline.whole_years_since(start), return_inverse=True)
    grown: Rows = np.power(1 + np.asarray(rate, float), years[:, None])
    return grown[of_dates]
