"""Errors, power and chances, against worked figures of the field."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sib.risk.measurement import (
    chance_of_reaching,
    error_of_difference,
    error_of_events,
    error_of_ratio,
    error_of_share,
    people_for_power,
    power_of_shares,
    power_of_test,
)


def test_fifty_people_tell_a_half_from_three_quarters_three_times_in_four():
    assert power_of_shares(0.5, 0.75, 50) == pytest.approx(0.740, abs=0.0005)
    assert people_for_power(0.5, 0.75, 0.9) == pytest.approx(76.7, abs=0.05)


def test_a_cut_of_a_tenth_of_sixty_per_cent_needs_a_thousand_people_an_arm():
    assert power_of_shares(0.54, 0.60, 1000) == pytest.approx(0.77, abs=0.005)
    assert np.ceil(people_for_power(0.54, 0.60, 0.8)) == 1068


def test_a_gate_below_the_noise_pays_for_nothing_one_time_in_five():
    ten_each, equal = error_of_events(1.55, 300, 3000, 3.5), error_of_events(1.55, 300, 300, 3.5)
    assert chance_of_reaching(0.075, 0.0, ten_each) == pytest.approx(0.205, abs=0.0005)
    assert chance_of_reaching(0.075, 0.0, equal) == pytest.approx(0.27, abs=0.005)


def test_at_the_trigger_itself_a_service_that_works_is_paid_half_the_time():
    assert chance_of_reaching(0.1, 0.1, 0.04) == 0.5
    # Without error an edge is included.
    assert chance_of_reaching(0.1, [0.0999, 0.1], 0.0).tolist() == [0, 1]


def test_errors_by_hand():
    # sqrt(.5 x .5/100) = .05; with as many controls, times sqrt 2; as a share of .5, times 2.
    assert error_of_share(0.5, 100) == pytest.approx(0.05)
    assert error_of_difference(0.5, 0.5, 100, 100) == pytest.approx(0.05 * 2**0.5)
    assert error_of_ratio(0.5, 0.5, 100, 100) == pytest.approx(0.1 * 2**0.5)
    # sqrt(2 (1/200 + 1/200)/0.5) = .2; against a fixed number sqrt(2/200/0.5) = .1414.
    assert error_of_events(0.5, 200, 200, 2) == pytest.approx(0.2)
    assert error_of_events(0.5, 200, np.inf, 2) == pytest.approx(0.02**0.5)


def test_the_power_for_no_effect_is_half_of_the_level_of_the_test():
    # Counted on the side of the effect, as the formula does.
    assert power_of_test(0.0, 1.0) == pytest.approx(0.025)
    assert power_of_test(1.959964, 1.0) == pytest.approx(0.5, abs=1e-6)


@given(
    st.floats(0.05, 0.95), st.floats(0.05, 0.95), st.floats(0.3, 0.99), st.floats(0.5, 20)
)  # fmt: skip
def test_the_people_needed_for_a_power_have_that_power(share, without, power, controls):
    if abs(share - without) > 0.01:
        people = people_for_power(share, without, power, controls)
        assert power_of_shares(share, without, people, controls) == pytest.approx(power)


@given(st.floats(0.05, 0.95), st.floats(0.05, 0.95), st.integers(10, 5000), st.floats(0.1, 50))
def test_more_controls_never_lose_power_where_the_cohort_is_the_noisier(share, without, people, controls):
    few, many = (error_of_events(1.0, people, people * k) for k in (controls, controls * 2))
    assert many < few
    assert error_of_difference(share, without, people, people * controls) > error_of_share(share, people)
