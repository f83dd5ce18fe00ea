"""Days that a re-tender takes, what is left of a contract, and when a change pays, against sums done by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sib.design.retendering import (
    PUBLISHED,
    PUBLISHED_NOTE,
    Bidders,
    Contract,
    Tender,
    break_even_improvement,
    treatments_forgone,
)

CONTRACT = Contract(months=36, ramp_up=12, run_down=6, annual_fee=1_200_000, tender_cost=100_000)


def test_the_published_days_are_their_sum():
    # 30+20+20+40+10 = 120; 10 x 15 + 6 x 15 + 4 x 5 + 60 = 320
    assert PUBLISHED.commissioner_days == 120
    assert PUBLISHED.bidder_days == 320
    assert PUBLISHED.days == 440
    assert "280" in PUBLISHED_NOTE


def test_those_days_are_treatments_not_given():
    # 440 x 4/12
    assert treatments_forgone(PUBLISHED.days) == pytest.approx(146.7, abs=0.05)


def test_days_cost_their_rate():
    assert Tender((10,), (Bidders(3, 5),)).cost(400) == pytest.approx(25 * 400)


def test_three_years_have_eighteen_good_months():
    assert CONTRACT.good_months == 18
    assert Contract(12, 12, 6, 1, 0).good_months == 0


def test_months_are_counted_by_their_effect():
    # Half of twelve, eighteen, half of six.
    assert CONTRACT.full_months == pytest.approx(6 + 18 + 3)
    # Nine months of an eighteen months' rise and fall reach half effect: a triangle 9 long and 0.5 high.
    assert Contract(9, 12, 6, 1, 0).full_months == pytest.approx(2.25)


def test_the_tender_is_spread_over_what_the_contract_yields():
    # (3 x 1,200,000 + 100,000)/27
    assert CONTRACT.cost_per_full_month == pytest.approx(3_700_000 / 27)
    assert CONTRACT.tender_share == pytest.approx(1 / 37)


@given(st.floats(1, 200), st.floats(0, 60))
def test_a_longer_contract_never_costs_more_for_a_month_at_full_effect(months, more):
    shorter, longer = (Contract(length, 12, 6, 1_200_000, 100_000) for length in (months, months + more))
    assert longer.cost_per_full_month <= shorter.cost_per_full_month * (1 + 1e-12)


def test_a_new_provider_must_make_good_what_the_change_costs():
    # At 100,000 a month the tender is one month: (36 + 1)/27 - 1 = 0.37037
    assert break_even_improvement(CONTRACT, 100_000) == pytest.approx(10 / 27)


def test_a_change_that_costs_nothing_needs_no_improvement():
    assert break_even_improvement(Contract(36, 0, 0, 1_200_000, 0), 100_000) == pytest.approx(0, abs=1e-15)


@pytest.mark.parametrize("numbers", [(0, 1, 1, 1, 1), (36, -1, 1, 1, 1), (36, 1, 1, 1, -1)])
def test_a_contract_has_a_length_and_nothing_negative(numbers):
    with pytest.raises(ValueError, match="must"):
        Contract(*numbers)
