"""How long what an outcome is worth goes on, and how many places stand free because of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sib.cashflow.by_date import ByDate, Rows
from sib.forecast.benefits import Worth
from sib.numbers import Row
from sib.periods import Duration, Timeline, add_months, is_month_end

Days = NDArray[np.int64]


@dataclass(frozen=True)
class Spread:
    """What follows from outcomes on each date: (dates, scenarios), on the last days of periods.

    `years` are outcome-years that fall in the period, `places` outcomes that still go on at its end.
    """

    years: ByDate
    places: ByDate


def lasting(net: ByDate, worth: Worth, left: float | Row, timeline: Timeline) -> Spread:
    """What goes on for a length after each outcome; `left` is the part that is left of it after every year.

    An outcome counts on the last day of its period, and goes on from the next one. A year of it sums to one
    over the periods that it touches, and what lies past the axis is not counted.
    """
    assert worth.lasts is not None  # only what lasts is spread
    lasts = np.array([period.last.toordinal() for period in timeline.periods])
    firsts = np.array([period.first.toordinal() - 1 for period in timeline.periods])
    sources, counts = net.stacked()
    years, places = np.zeros((len(lasts), 1)), np.zeros((len(lasts), 1))
    begun = [worth.lag.after(timeline.dates[row]) if worth.lag else timeline.dates[row] for row in sources]
    for k in range(_whole_years(worth.lasts)):
        within = np.zeros((len(lasts), len(sources)))
        going = np.zeros_like(within)
        for column, day in enumerate(begun):
            begins, ends, over = _year(day, k, worth.lasts)
            within[:, column] = np.clip(np.minimum(lasts, over) - np.maximum(firsts, begins), 0, None) / (ends - begins)
            going[:, column] = (begins < lasts) & (lasts <= over)
        years = years + (within @ counts) * left**k
        places = places + (going @ counts) * left**k
    return Spread(_on_ends(years, timeline), _on_ends(places, timeline))


def period_years(timeline: Timeline) -> Rows:
    """The length of each period in years on its last day, (dates, 1); from anniversary to anniversary exactly one."""
    start = timeline.periods[0].first
    opening = start if is_month_end(start) else _day_before(start)
    passed = [years_between(opening, day) for day in (opening, *(period.last for period in timeline.periods))]
    return _on_ends(np.diff(passed)[:, None], timeline).dense()


def years_between(start: date, day: date) -> float:
    """Anniversaries passed, and the days since the last of them over the days to the next; negative before."""
    whole = day.year - start.year
    if add_months(start, 12 * whole) > day:
        whole -= 1
    last, following = add_months(start, 12 * whole), add_months(start, 12 * (whole + 1))
    return whole + (day - last).days / (following - last).days


def day_after(day: date) -> date:
    """The next day."""
    return date.fromordinal(day.toordinal() + 1)


def last_day_of(worth: Worth, outcome_day: date) -> date:
    """The last day on which an outcome of this day is still worth something."""
    begins = worth.lag.after(outcome_day) if worth.lag else outcome_day
    return worth.lasts.after(begins) if worth.lasts else begins


def _year(day: date, k: int, length: Duration) -> tuple[int, int, int]:
    """The day before year k begins, its last day, and the day on which it is over, as day numbers."""
    begins, ends = Duration(months=12 * k).after(day), Duration(months=12 * (k + 1)).after(day)
    return begins.toordinal(), ends.toordinal(), min(ends, length.after(day)).toordinal()


def _whole_years(length: Duration) -> int:
    return -(-length.months // 12) + -(-length.days // 365)


def _on_ends(by_period: Rows, timeline: Timeline) -> ByDate:
    filled = np.flatnonzero(by_period.any(axis=1))
    return ByDate(len(timeline), {int(timeline.end_rows[i]): by_period[i] for i in filled}, by_period.shape[1])


def _day_before(day: date) -> date:
    return date.fromordinal(day.toordinal() - 1)
