"""The rate of interest on each date: fixed, or set by a measure, with its floor."""

from __future__ import annotations

from datetime import date

import numpy as np

from sib.cashflow.claims import read_schedule
from sib.cashflow.counted import Counted
from sib.deal.capital import CouponByMeasure, TrancheOfCapital
from sib.numbers import NumbersAt, Row
from sib.periods import DayCount, year_fraction

Rate = float | Row


def accrued(tranche: TrancheOfCapital, row: int, counted: Counted) -> Rate:
    """What one pound of principal earns from the last date to this one; nothing before interest starts."""
    interest, dates = tranche.interest, counted.timeline.dates
    if interest is None or row == 0:
        return 0.0
    begins = max(dates[row - 1], interest.starting or dates[row - 1])
    if begins >= dates[row]:
        return 0.0
    years = _years(counted.case.deal.start, begins, dates[row], interest.day_count)
    rate = rate_on(tranche, row, counted)
    if interest.compounding == "simple":
        return rate * years
    grown: Row = np.power(1 + np.asarray(rate), years) - 1
    return grown


def _years(start: date, begins: date, ends: date, convention: DayCount) -> float:
    """Years between two days; on 30/360, the difference of those from the start, so that no day between matters."""
    if convention != "30/360":
        return year_fraction(begins, ends, convention)
    return year_fraction(start, ends, convention) - year_fraction(start, begins, convention)


def rate_on(tranche: TrancheOfCapital, row: int, counted: Counted) -> Rate:
    """The rate a year that applies to the days that end on a row."""
    interest = tranche.interest
    if interest is None:
        return 0.0
    at = counted.numbers.at(f"deal.tranches.{tranche.id}.interest")
    rate = at["rate"] if interest.by is None else _by_measure(interest.by, at, row, counted)
    if interest.floor is not None and counted.timeline.dates[row] <= interest.floor.until:
        rate = np.maximum(rate, at["floor.rate"])
    return rate


def _by_measure(coupon: CouponByMeasure, at: NumbersAt, row: int, counted: Counted) -> Rate:
    """The schedule read at the next measurement from a row on, at the last one after that; nothing without any."""
    made = sorted(counted.outcomes[coupon.outcome].measurements, key=lambda item: item.row)
    if not made:
        return 0.0
    next_one = next((item for item in made if item.row >= row), made[-1])
    return read_schedule(coupon.schedule, at.at("by.schedule"), next_one.value)
