"""Freed places that leave a budget, by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sib.basis.cashability import places_released


@pytest.mark.parametrize(
    ("free", "backfill", "step", "released"),
    [
        (10, 0.5, 10, 0),  # five are left, less than a step
        (20, 0.5, 10, 10),  # ten are left, one step
        (39, 0.5, 10, 10),  # nineteen and a half
        (10, 0, 10, 10),
        (100, 1, 10, 0),
        (0.3, 0, 0.1, 0.3),  # a third of a step is not lost to rounding
    ],
)
def test_only_whole_steps_of_what_is_not_filled_again_are_released(free, backfill, step, released):
    assert places_released(free, backfill, step) == pytest.approx(released)


def test_the_stock_at_each_date_is_looked_at_on_its_own():
    assert places_released(np.array([[10.0], [20.0]]), 0.5, 10).tolist() == [[0], [10]]


@given(st.floats(0, 1e4), st.floats(0, 1), st.floats(0.1, 100))
def test_no_more_is_released_than_is_free(free, backfill, step):
    assert places_released(free, backfill, step) <= free * (1 - backfill) + 1e-6 * step
