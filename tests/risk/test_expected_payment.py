"""Expected payments under a normal error, by hand and against the plain average of many draws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sib.deal.schedules import paid_at
from sib.risk.expected_payment import pieces_along, pieces_of, pieces_when_rounded


def test_at_a_threshold_half_of_the_amount_is_expected():
    step = pieces_of([0.1], [500])
    assert step.expected(0.1, 0.03) == pytest.approx(250)
    assert step.chance(0.1, 0.03) == pytest.approx(0.5)
    # A coin for 500: standard deviation 250.
    assert step.spread(0.1, 0.03) == pytest.approx(250)
    assert (step.expected(0.1, 0.0), step.spread(0.1, 0.0), step.chance(0.0999, 0.0)) == (500, 0, 0)


def test_a_straight_line_pays_its_value_at_the_mean_whatever_the_error():
    line = pieces_of([-10, 10], [-1000, 1000], "joined", below=-1000)
    assert line.expected(0.3, 0.5) == pytest.approx(30)
    # 100 a unit: the spread of the measure, 0.5, times 100.
    assert line.spread(0.3, 0.5) == pytest.approx(50)
    assert line.chance(0.0, 0.5) == pytest.approx(0.5)


def test_what_is_paid_above_nothing_is_that_of_a_normal_cut_off():
    # E max(x, 0) of a normal around 0 with error s is s/sqrt(2 pi); the line ends ten errors out.
    floor = pieces_of([0, 10], [0, 10], "joined")
    assert floor.expected(0.0, 1.0) == pytest.approx(1 / np.sqrt(2 * np.pi))


def test_rounding_to_whole_points_moves_the_threshold_down_by_half_a_point():
    rounded = pieces_when_rounded([0.1], [500], "stepped", 0.01, (0.095, 0.02))
    assert rounded.expected(0.095, 0.02) == pytest.approx(250)


def test_levels_that_were_run_are_joined_and_level_outside():
    pieces = pieces_along([0.0, 1.0], [100.0, 200.0])
    assert pieces.at([-1, 0, 0.5, 1, 5]).tolist() == [100, 100, 150, 200, 200]


points = st.lists(st.tuples(st.floats(-3, 3), st.floats(-100, 100)), min_size=1, max_size=5, unique_by=lambda p: p[0])


@settings(max_examples=60, deadline=None)
@given(points, st.sampled_from(["stepped", "joined"]), st.floats(-50, 50), st.floats(-2, 2), st.floats(0.2, 2))
def test_the_integral_is_the_average_of_many_even_draws(points, form, below, true, error):
    from scipy.special import ndtri

    points = sorted((round(at, 2), pays) for at, pays in points)
    ats, pays = [list(part) for part in zip(*points, strict=True)]
    if len(set(ats)) < len(ats):
        return
    drawn = true + error * ndtri((np.arange(200_000) + 0.5) / 200_000)
    paid = paid_at(drawn, ats, pays, below, form)
    pieces = pieces_of(ats, pays, form, below)
    assert pieces.expected(true, error) == pytest.approx(paid.mean(), abs=0.01)
    assert pieces.spread(true, error) == pytest.approx(paid.std(), abs=0.05)
    assert pieces.at(drawn[::500]) == pytest.approx(paid[::500], abs=1e-6)
    assert pieces.chance(true, error) == pytest.approx((paid > 0).mean(), abs=1e-4)
