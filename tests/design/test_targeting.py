"""True cases found, missed and wrongly suspected, against published figures and sums done by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sib.design.targeting import (
    Reach,
    Screen,
    Service,
    break_even_cost,
    break_even_precision,
    cases_averted,
    cost_per_case_averted,
    positive_predictive_value,
)

shares = st.floats(0.01, 0.99)

# Shinn and others on families at risk of shelter: 270,000 families on welfare; of 10,000 that enter, 90 % are on it.
SHINN = Screen(people=270_000, base_rate=9_000 / 270_000, hit_rate=0.66, false_alarm_rate=0.10)


def test_the_published_screen_finds_some_six_thousand_and_suspects_some_27_000():
    # 9,000 x 0.66 = 5,940; (270,000 - 9,000) x 0.10 = 26,100: the source rounds to 6,000 and 27,000.
    assert SHINN.found == pytest.approx(5_940)
    assert SHINN.false_alarms == pytest.approx(26_100)
    assert SHINN.missed == pytest.approx(3_060)
    assert SHINN.picked == pytest.approx(32_040)
    assert round(SHINN.found, -3) == 6_000
    assert SHINN.false_alarms == pytest.approx(27_000, rel=0.04)


def test_a_tighter_cut_finds_fewer_with_far_fewer_false_alarms():
    # 3,600 of 9,000 is a hit rate of 0.4; 5,400 of 270,000 a rate of 0.02.
    tight = Screen(people=270_000, base_rate=9_000 / 270_000, hit_rate=0.40, false_alarm_rate=0.02)
    assert tight.found == pytest.approx(3_600)
    assert tight.false_alarms == pytest.approx(5_400, rel=0.04)
    # Its places reach a true case in two of five, the looser ones in fewer than one of five.
    assert tight.precision == pytest.approx(0.40, abs=0.01)
    assert SHINN.precision == pytest.approx(0.185, abs=0.001)


def test_precision_is_the_share_of_places_that_reach_a_case():
    # 0.1 x 0.5 = 0.05 of hits; 0.9 x 0.05 = 0.045 of alarms; 0.05/0.095
    assert positive_predictive_value(0.1, 0.5, 0.05) == pytest.approx(0.05 / 0.095)
    assert SHINN.precision == pytest.approx(SHINN.found / SHINN.picked)


def test_nobody_picked_has_no_precision():
    assert positive_predictive_value(0.1, 0, 0) is None
    assert cost_per_case_averted(1000, None, 0.5) is None


def test_averting_one_case_takes_many_places():
    # One place in five reaches a case and half of those are averted: ten places at 1,000.
    assert cost_per_case_averted(1_000, 0.2, 0.5) == pytest.approx(10_000)
    assert cases_averted(10, 0.2, 0.5) == pytest.approx(1)
    assert cost_per_case_averted(1_000, 0.2, 0) is None


def test_break_even_stands_where_cost_meets_saving():
    # A case saves 20,000, half are averted: a place at 1,000 pays from one true case in ten.
    assert break_even_precision(1_000, 20_000, 0.5) == pytest.approx(0.1)
    assert break_even_cost(20_000, 0.1, 0.5) == pytest.approx(1_000)
    assert break_even_precision(1_000, 0, 0.5) is None


@given(shares, shares, shares, shares)
def test_a_higher_base_rate_never_lowers_precision(one, other, hit, alarm):
    low, high = sorted((one, other))
    assert positive_predictive_value(low, hit, alarm) <= positive_predictive_value(high, hit, alarm) + 1e-12


@given(shares, shares, shares)
def test_everybody_is_found_missed_suspected_or_left_alone(base, hit, alarm):
    screen = Screen(1000, base, hit, alarm)
    left_alone = (1000 - screen.cases) * (1 - alarm)
    assert screen.found + screen.missed + screen.false_alarms + left_alone == pytest.approx(1000)


@pytest.mark.parametrize("rates", [(1.2, 0.5, 0.1), (0.1, -0.5, 0.1), (0.1, 0.5, 10)])
def test_a_rate_is_a_fraction(rates):
    with pytest.raises(ValueError, match="must be from 0 to 1"):
        Screen(100, *rates)


def test_a_service_costs_for_everybody_and_saves_for_the_cases():
    # 1,000 people, 100 cases, 50 found and 45 suspected: 95 places at 1,000; 25 averted, 2,500 in each of two years.
    service = Service(cost_per_place=1_000, risk_reduction=0.5, saving_a_year=2_500, years=2)
    reach = Reach(Screen(1_000, 0.1, 0.5, 0.05), service)
    assert reach.places_free == pytest.approx(50)
    assert reach.cost == pytest.approx(95_000)
    assert reach.averted == pytest.approx(25)
    assert reach.saving == pytest.approx(125_000)
    assert reach.net == pytest.approx(30_000)
    assert reach.cost_per_case_averted == pytest.approx(95_000 / 25)


@given(shares, shares, shares)
def test_a_service_breaks_even_at_its_break_even_precision(base, hit, alarm):
    screen = Screen(1_000, base, hit, alarm)
    # Set the cost of a place to what it is worth at this screen's precision.
    cost = break_even_cost(20_000, screen.precision, 0.5)
    assert Reach(screen, Service(cost, 0.5, 20_000)).net == pytest.approx(0, abs=1e-6)
    assert break_even_precision(cost, 20_000, 0.5) == pytest.approx(screen.precision)
