"""Amounts and dates as the caller gives them, checked and turned into arrays, time first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Dates = NDArray[np.datetime64]
Amounts = ArrayLike
When = Sequence[date] | Sequence[str] | Dates

DAYS_PER_YEAR = 365.0
EPOCH = date(1970, 1, 1).toordinal()


def as_amounts(amounts: Amounts) -> Floats:
    """Amounts as float64 of shape (periods,) or (periods, scenarios); received is positive.

    Raises ValueError for another number of axes, and for a number that isn't finite in a single stream; a
    batch is left for `refuse_non_finite`, so that it need not be read twice.
    """
    array = np.asarray(amounts, dtype=np.float64)
    if array.ndim not in (1, 2):
        raise ValueError(
            f"amounts has {array.ndim} axes; give one amount per period, shape (periods,), "
            "or one column per scenario, shape (periods, scenarios)."
        )
    if array.ndim == 1:
        refuse_non_finite(array)
    return array


def columns(amounts: Floats) -> Floats:
    """Amounts with one column per scenario: a single stream becomes shape (periods, 1)."""
    return amounts if amounts.ndim == 2 else amounts[:, None]


def refuse_non_finite(amounts: Floats) -> None:
    """Raise ValueError at the first nan or infinity, with its position; return if there is none."""
    # A sum that is finite has only finite terms, and costs one pass without a copy.
    with np.errstate(over="ignore", invalid="ignore"):
        if np.isfinite(amounts.sum()):
            return
    bad = np.argwhere(~np.isfinite(amounts))
    if len(bad) == 0:
        return
    where = tuple(int(index) for index in bad[0])
    place = f"amounts[{', '.join(map(str, where))}]"
    raise ValueError(f"{place} is {amounts[where]}; every amount must be a finite number, 0 for no flow.")


def as_dates(dates: When, periods: int) -> Dates:
    """Dates as datetime64[D], one for each period, never decreasing; equal dates may follow each other.

    Takes datetime.date, ISO strings or datetime64. Raises ValueError when a date can't be read, when
    their number differs from the number of periods, or at the first date that goes back.
    """
    array = _read(dates)
    if array.shape != (periods,):
        raise ValueError(f"there are {array.size} dates for {periods} amounts; give one date per period.")
    back = np.flatnonzero(array[1:] < array[:-1])
    if len(back):
        later = int(back[0]) + 1
        raise ValueError(
            f"dates[{later}] is {array[later]}, before dates[{later - 1}], {array[later - 1]}; "
            "put dates and amounts in order of time."
        )
    return array


def _read(dates: When) -> Dates:
    if isinstance(dates, list | tuple) and all(type(day) is date for day in dates):
        # Many times quicker than numpy's own reading of them.
        return np.array([day.toordinal() - EPOCH for day in dates], dtype=np.int64).astype("datetime64[D]")
    given = np.asarray(dates)
    try:
        if given.size and given.dtype.kind not in "MOUT":
            raise TypeError(f"{given.ravel()[0]} is a number")
        array = given.astype("datetime64[D]")
    except (TypeError, ValueError) as problem:
        raise ValueError(
            f"dates could not be read ({problem}); give datetime.date, numpy.datetime64 "
            "or strings such as '2026-03-31'."
        ) from None
    missing = np.flatnonzero(np.isnat(array.ravel()))
    if len(missing):
        raise ValueError(f"dates[{int(missing[0])}] is missing; every amount needs its date.")
    return array


def years_from_first(dates: Dates) -> Floats:
    """Years since the first date, Actual/365 fixed, as Excel's XIRR counts them."""
    years: Floats = (dates - dates[:1]).astype(np.float64) / DAYS_PER_YEAR
    return years
