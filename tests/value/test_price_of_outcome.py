"""The range in which the price of an outcome may lie."""

from __future__ import annotations

import pytest

from sib.value.price_of_outcome import PriceOfOutcome, ceiling_per_gross_outcome, floor_per_outcome


def test_deadweight_lowers_what_a_gross_outcome_is_worth():
    # Of ten who find work, four would have anyway: 10 gross are worth 6 x 1,000.
    assert ceiling_per_gross_outcome(1000, 0.4) == pytest.approx(600)


def test_the_floor_spreads_every_cost_over_the_outcomes_that_are_paid():
    # 400 + 60 + 40 over a hundred outcomes.
    assert floor_per_outcome(100, delivery=400, management=60, finance=40) == pytest.approx(5)
    assert floor_per_outcome(0, delivery=400) is None


def test_a_price_lies_somewhere_between():
    assert PriceOfOutcome(400, 600, 450).position == pytest.approx(0.25)
    assert PriceOfOutcome(400, 600, 700).position == pytest.approx(1.5)
    assert PriceOfOutcome(400, 600, 450).is_empty is False


def test_an_empty_range_is_a_finding_and_has_no_inside():
    nothing = PriceOfOutcome(700, 600, 650)
    assert nothing.is_empty is True
    assert nothing.position is None


def test_what_is_not_known_is_not_nought():
    assert PriceOfOutcome(None, 600, 500).is_empty is None
    assert PriceOfOutcome(None, 600, 500).position is None
    assert PriceOfOutcome(400, 600).position is None
