"""The timeline: any increasing list of dates, the lengths that make one, financial years and day counts."""

from __future__ import annotations

import calendar
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

DayCount = Literal["actual/365", "actual/actual", "30/360"]

MONTHS_IN = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}
_DURATION = re.compile(r"^\s*(\d+)\s*(day|week|month|quarter|half-year|year)s?\s*$")


def is_month_end(day: date) -> bool:
    """Whether the next day starts a month."""
    return (day + timedelta(days=1)).day == 1


def add_months(day: date, months: int) -> date:
    """The same day of a later (or earlier) month; the last day of a month stays the last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, last if is_month_end(day) else min(day.day, last))


@dataclass(frozen=True)
class Duration:
    """A length of time as contracts write it: so many calendar months and so many days."""

    months: int = 0
    days: int = 0

    @classmethod
    def parse(cls, text: object) -> Duration:
        """Read `3 months`, `45 days`, `1 quarter`; raises ValueError for anything else."""
        if isinstance(text, Duration):
            return text
        found = _DURATION.match(text) if isinstance(text, str) else None
        if found is None:
            raise ValueError(
                f"a length of time was expected, {text!r} was written; write for example 3 months or 45 days"
            )
        number, word = int(found[1]), found[2]
        if word in ("day", "week"):
            return cls(days=number * (7 if word == "week" else 1))
        return cls(months=number * MONTHS_IN[word])

    def after(self, day: date) -> date:
        """The day this long after the given one."""
        return add_months(day, self.months) + timedelta(days=self.days)

    def __str__(self) -> str:
        return f"{self.days} days" if self.days else f"{self.months} months"


@dataclass(frozen=True)
class Period:
    """A stretch of time, first and last day included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """Days in it, both ends counted."""
        return (self.last - self.first).days + 1

    def share_within(self, first: date, last: date) -> float:
        """The part of this period that lies between two dates, both included: 0 to 1."""
        overlap = (min(self.last, last) - max(self.first, first)).days + 1
        return max(0, overlap) / self.days


def regular_periods(start: date, end: date, months: int) -> list[Period]:
    """Periods of so many months from `start`, as many as it takes to reach `end`.

    A start on the last day of a month is the balance date before the first period, so that its periods end on
    month ends; otherwise each period ends the day before the next one's first day.
    """
    back = 0 if is_month_end(start) else 1
    ends = [add_months(start, months) - timedelta(days=back)]
    while ends[-1] < end:
        ends.append(add_months(start, months * (len(ends) + 1)) - timedelta(days=back))
    firsts = [start, *(last + timedelta(days=1) for last in ends[:-1])]
    return [Period(first, last) for first, last in zip(firsts, ends, strict=True)]


def listed_periods(start: date, ends: Iterable[date]) -> list[Period]:
    """Periods that end on the given, increasing dates; the first begins at `start`."""
    lasts = list(ends)
    firsts = [start, *(last + timedelta(days=1) for last in lasts[:-1])]
    return [Period(first, last) for first, last in zip(firsts, lasts, strict=True)]


@dataclass(frozen=True)
class Timeline:
    """Every date on which something may happen (`dates`, increasing), and the periods whose ends are among them."""

    dates: tuple[date, ...]
    periods: tuple[Period, ...]

    @classmethod
    def of(cls, periods: Iterable[Period], stated: Iterable[date]) -> Timeline:
        """The axis of these periods' ends and of every stated date."""
        kept = tuple(periods)
        return cls(tuple(sorted({period.last for period in kept} | set(stated))), kept)

    def __len__(self) -> int:
        return len(self.dates)

    def row(self, day: date) -> int:
        """The row of a date that is on the axis; KeyError when it is not."""
        return self._rows[day]

    def row_from(self, day: date) -> int | None:
        """The row of the first date on or after `day`; None past the end."""
        row = bisect_left(self.dates, day)
        return row if row < len(self.dates) else None

    def known_to(self, day: date) -> int:
        """The last row of what is known once something was recorded on a day: the end of the period that holds it."""
        row = self.period_end_row(day)
        return self._rows[day] if row is None else row

    def period_end_row(self, day: date) -> int | None:
        """The row of the last day of the period in which `day` falls; None past the last period."""
        index = bisect_left(self._lasts, day)
        return self._rows[self._lasts[index]] if index < len(self._lasts) else None

    def period_ending(self, row: int) -> Period | None:
        """The period that ends on the date of a row; None where none does."""
        return self._ending.get(self.dates[row])

    def rows_after(self, delay: Duration) -> list[int]:
        """For each date the row of the last day of the period in which the day so long after it falls.

        The last row for what would fall after the last period.
        """

        def rows() -> list[int]:
            ends = (self.period_end_row(delay.after(day)) for day in self.dates)
            return [len(self) - 1 if row is None else row for row in ends]

        found: list[int] = self._once(("after", delay), rows)
        return found

    def parts_within(self, first: date, last: date) -> list[tuple[int, float]]:
        """The periods that lie between two dates at least in part: the row of each one's end, and which part does."""

        def parts() -> list[tuple[int, float]]:
            ends = zip(self.end_rows, self.periods, strict=True)
            inside = [(int(row), one) for row, one in ends if first <= one.last and one.first <= last]
            return [(row, one.share_within(first, last)) for row, one in inside]

        found: list[tuple[int, float]] = self._once(("within", first, last), parts)
        return found

    def whole_years_since(self, start: date) -> NDArray[np.float64]:
        """Anniversaries of a contract's start that have passed by each date, none before it."""

        def years() -> NDArray[np.float64]:
            return np.array([max(0, whole_years(start, day)) for day in self.dates], float)

        passed: NDArray[np.float64] = self._once(("since", start), years)
        return passed

    def _once(self, question: tuple[object, ...], answer: Callable[[], Any]) -> Any:
        """The answer to a question that every cohort and cost asks, in every run on this axis."""
        if question not in self._answers:
            self._answers[question] = answer()
        return self._answers[question]

    @cached_property
    def _answers(self) -> dict[tuple[object, ...], Any]:
        return {}

    @cached_property
    def _ending(self) -> dict[date, Period]:
        return {period.last: period for period in self.periods}

    @cached_property
    def end_rows(self) -> NDArray[np.intp]:
        """The row of each period's last day."""
        return np.array([self._rows[period.last] for period in self.periods], dtype=np.intp)

    @cached_property
    def years(self) -> NDArray[np.float64]:
        """Years since the first date, Actual/365 fixed, one for each date."""
        return np.array([(day - self.dates[0]).days / 365 for day in self.dates])

    @cached_property
    def _rows(self) -> dict[date, int]:
        return {day: row for row, day in enumerate(self.dates)}

    @cached_property
    def _lasts(self) -> list[date]:
        return [period.last for period in self.periods]


def year_fraction(begins: date, ends: date, convention: DayCount) -> float:
    """Years between two days as a contract counts them.

    `actual/365` divides days by 365; `actual/actual` by the days of the calendar year in which each falls (ISDA);
    `30/360` takes every month for thirty days (bond basis).
    """
    if convention == "actual/365":
        return (ends - begins).days / 365
    if convention == "30/360":
        first, last = min(begins.day, 30), 30 if ends.day == 31 and begins.day >= 30 else ends.day
        return ((ends.year - begins.year) * 360 + (ends.month - begins.month) * 30 + last - first) / 360
    new_years = [date(year, 1, 1) for year in range(begins.year + 1, ends.year + 1)]
    return sum(
        (b - a).days / (366 if calendar.isleap(a.year) else 365) for a, b in pairwise([begins, *new_years, ends])
    )


def whole_years(start: date, day: date) -> int:
    """Anniversaries of a contract's start that have passed by a day; a start on a month's end is the day before."""
    begins = start + timedelta(days=1) if is_month_end(start) else start
    return day.year - begins.year - ((day.month, day.day) < (begins.month, begins.day))


def financial_year(day: date, first_month: int) -> str:
    """The financial year of a date: `2015/16`, or `2015` where it is the calendar year."""
    if first_month == 1:
        return str(day.year)
    begins = day.year if day.month >= first_month else day.year - 1
    return f"{begins}/{(begins + 1) % 100:02d}"
