"""Dates along an axis of years."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray


def years_of(dates: Sequence[date]) -> NDArray[np.float64]:
    """Dates as years with a fraction; 1 January 2018 is 2018."""
    days = np.array(dates, dtype="datetime64[D]")
    years = days.astype("datetime64[Y]")
    length = ((years + 1).astype("datetime64[D]") - years.astype("datetime64[D]")).astype(float)
    into = (days - years.astype("datetime64[D]")).astype(float)
    return np.asarray(years.astype(int) + 1970 + into / length)
