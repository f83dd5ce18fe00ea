"""Rows by date are the array of dates and scenarios that they stand for."""

from __future__ import annotations

import operator
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sib.cashflow.by_date import ByDate, positive
from sib.cashflow.counted import gains
from sib.cashflow.delays import delayed, later
from sib.periods import Duration, Timeline, regular_periods

DATES, SCENARIOS = 6, 3
amounts = st.floats(-1e6, 1e6)


@st.composite
def by_dates(draw) -> ByDate:
    """Some rows filled, each with a number for every scenario or one for all."""
    filled = draw(st.sets(st.integers(0, DATES - 1)))
    width = st.sampled_from([1, SCENARIOS])
    rows = {row: np.array(draw(st.lists(amounts, min_size=(n := draw(width)), max_size=n))) for row in filled}
    return ByDate(DATES, rows, SCENARIOS)


@given(by_dates(), by_dates(), amounts)
def test_arithmetic_is_that_of_the_arrays(one, other, number):
    for sign in (operator.add, operator.sub, operator.mul):
        assert np.array_equal(np.asarray(sign(one, other)), sign(one.dense(), other.dense()))
        assert np.array_equal(np.asarray(sign(one, other.dense())), sign(one.dense(), other.dense()))
        assert np.array_equal(np.asarray(sign(other.dense(), one)), sign(other.dense(), one.dense()))
    row = np.full(SCENARIOS, number)
    assert np.array_equal(np.asarray(one * row), one.dense() * row)
    assert np.array_equal(np.asarray(number * one), number * one.dense())
    assert np.array_equal(np.asarray(-one), -one.dense())


@given(by_dates(), st.integers(0, DATES - 1), st.integers(0, SCENARIOS - 1))
def test_it_is_read_as_the_array(one, row, column):
    whole = one.dense()
    assert one.shape == whole.shape
    assert len(one) == DATES
    assert np.array_equal(one[row], whole[row])
    assert np.array_equal(one[:, column], whole[:, column])
    assert np.array_equal(one[: row + 1].sum(axis=0), whole[: row + 1].sum(axis=0))
    assert np.array_equal(one.any(axis=1), whole.any(axis=1))
    assert one.max() == whole.max()
    assert one.sum(axis=0) == pytest.approx(whole.sum(axis=0), abs=1e-6)
    assert np.array_equal(np.array(list(one)), whole)
    assert np.array_equal(ByDate.of_array(whole).dense(), whole)
    assert np.array_equal(np.minimum(0, one), np.minimum(0, whole))


@given(by_dates(), st.integers(0, DATES - 1), amounts)
def test_adding_to_a_date_leaves_what_was_handed_in_alone(one, row, number):
    before, copy = one.dense(), ByDate(DATES, one.rows, SCENARIOS)
    copy.add(row, number)
    assert np.array_equal(one.dense(), before)
    assert copy.dense()[row] == pytest.approx(before[row] + number)


@given(by_dates(), st.integers(0, DATES - 1), st.floats(0, 1))
def test_parts_of_it(one, row, share):
    whole = one.dense()
    assert np.array_equal(one.after(row).dense()[row + 1 :], whole[row + 1 :])
    assert not one.after(row).dense()[: row + 1].any()
    assert np.array_equal(np.asarray(one.shrunk(share)), np.where(whole > 0, whole * share, whole))
    filled, stack = one.stacked()
    assert np.array_equal(np.broadcast_to(stack, (len(filled), max(stack.shape[1], SCENARIOS))), whole[filled])


@given(by_dates())
def test_what_is_positive(one):
    assert np.array_equal(positive(one.dense()), np.maximum(0, one.dense()))


@given(by_dates())
def test_gains_of_each_scenario_are_its_own(one):
    # Setbacks in one scenario leave another, in which nothing falls, as it is.
    whole = one.dense()
    for column in range(SCENARIOS):
        assert np.array_equal(gains(whole)[:, column], gains(whole[:, [column]])[:, 0])


@given(by_dates(), st.sampled_from([None, Duration(months=3), Duration(months=7), Duration(days=100)]))
def test_a_delay_moves_everything_and_loses_nothing(one, delay):
    timeline = Timeline.of(regular_periods(date(2020, 1, 1), date(2021, 6, 30), 3), [])
    assert len(timeline) == DATES
    assert np.allclose(later(one, delay, timeline).dense(), delayed(one.dense(), delay, timeline))
    assert later(one, delay, timeline).sum() == pytest.approx(one.sum(), abs=1e-6)
