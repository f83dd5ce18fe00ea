"""The timeline, by hand."""

from __future__ import annotations

from datetime import date

import pytest

from sib.periods import Duration, Period, Timeline, add_months, financial_year, regular_periods


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2015, 1, 31), 1, date(2015, 2, 28)),
        (date(2016, 1, 31), 1, date(2016, 2, 29)),
        (date(2015, 2, 28), 3, date(2015, 5, 31)),
        (date(2015, 1, 30), 1, date(2015, 2, 28)),
        (date(2015, 11, 15), 14, date(2017, 1, 15)),
        (date(2015, 3, 31), -1, date(2015, 2, 28)),
    ],
)
def test_months_later_and_a_month_end_stays_one(day, months, later):
    assert add_months(day, months) == later


def test_quarters_from_the_first_of_a_month_end_on_month_ends():
    periods = regular_periods(date(2026, 4, 1), date(2026, 12, 31), 3)
    assert periods == [
        Period(date(2026, 4, 1), date(2026, 6, 30)),
        Period(date(2026, 7, 1), date(2026, 9, 30)),
        Period(date(2026, 10, 1), date(2026, 12, 31)),
    ]


def test_a_start_on_a_month_end_is_the_balance_date_before_the_first_period():
    assert [p.last for p in regular_periods(date(2015, 6, 30), date(2016, 1, 1), 3)] == [
        date(2015, 9, 30),
        date(2015, 12, 31),
        date(2016, 3, 31),
    ]


def test_a_start_in_mid_month_makes_contract_quarters():
    assert [p.last for p in regular_periods(date(2016, 2, 16), date(2016, 8, 1), 3)] == [
        date(2016, 5, 15),
        date(2016, 8, 15),
    ]


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("3 months", date(2016, 5, 31)),
        ("45 days", date(2016, 4, 14)),
        ("1 quarter", date(2016, 5, 31)),
        ("2 years", date(2018, 2, 28)),
        ("1 week", date(2016, 3, 7)),
    ],
)
def test_lengths_of_time(text, after):
    # From 29 February 2016, a month end.
    assert Duration.parse(text).after(date(2016, 2, 29)) == after


@pytest.mark.parametrize("text", ["", "3", "months", "-1 month", "3 fortnights", 3, None])
def test_what_is_no_length_of_time(text):
    with pytest.raises(ValueError, match="length of time"):
        Duration.parse(text)


def test_a_stated_date_is_on_the_axis_as_it_is():
    timeline = Timeline.of(regular_periods(date(2026, 1, 1), date(2026, 6, 30), 3), [date(2026, 2, 14)])
    assert timeline.dates == (date(2026, 2, 14), date(2026, 3, 31), date(2026, 6, 30))
    assert timeline.period_end_row(date(2026, 2, 14)) == 1
    assert timeline.period_end_row(date(2026, 7, 1)) is None


def test_financial_years():
    assert financial_year(date(2016, 3, 31), 4) == "2015/16"
    assert financial_year(date(2016, 4, 1), 4) == "2016/17"
    assert financial_year(date(1999, 7, 1), 7) == "1999/00"
    assert financial_year(date(2016, 12, 31), 1) == "2016"
