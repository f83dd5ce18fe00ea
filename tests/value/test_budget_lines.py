"""What comes back to which budget, and what tops up whom."""

from __future__ import annotations

import pytest

import sib
from sib.value.budget_lines import budget_lines
from sib.value.contributions import Contributions
from sib.value.other_ways import other_ways
from tests.building import plain, result_of


def saved(name, each, **more):
    return {"id": name, "outcome": "work", "unit_value": each, "saved_by": "Council", **more}


def test_savings_are_added_up_by_budget_and_known_only_where_all_are():
    # 40 net outcomes: beds 40 x (100 + 50), 40 x 100 x 0.5 of it known; care 40 x 10, half of it cash.
    savings = [
        saved("a", 100, cashable=0.5, budget="beds"),
        saved("b", 50, budget="beds", beside=["a"]),
        saved("c", 10, cashable=0.5, budget="care"),
    ]
    budgets = [{"id": "beds", "of": "Council", "a_year": 1, "ring_fenced": True, "title": "Beds"}]
    budgets += [{"id": "care", "of": "Council", "a_year": 1}]
    outcomes = [{"id": "work", "per_start": 0.5, "counterfactual": 0}]
    result = result_of(plain(forecast={"outcomes": outcomes, "savings": savings, "budgets": budgets}))
    beds, care = budget_lines(result.run, "Council")
    assert (beds.title, beds.ring_fenced, beds.cashable, beds.never_cashable) == ("Beds", True, None, None)
    assert beds.gross == pytest.approx(6_000)
    assert (care.title, care.ring_fenced) == ("care", False)
    assert (care.gross, care.cashable, care.never_cashable) == pytest.approx((400, 200, 200))


def test_a_top_up_takes_the_slice_of_each_gain_and_fills_each_shortfall():
    # 30 are lacking of 100 + 20 gained: a quarter of each gain.
    sharing = Contributions({"A": 100.0, "B": 20.0}, {"C": 30.0}, ("A",), None, 0.25, 0.0)
    assert [sharing.top_up(name) for name in "ABCD"] == pytest.approx([-25, -5, 30, 0])


def test_nobody_gives_more_than_the_gain():
    sharing = Contributions({"A": 20.0}, {"C": 30.0}, (), None, 1.5, 10.0)
    assert sharing.top_up("A") == -20


def test_without_an_effect_that_could_fail_there_is_nothing_to_compare():
    assert other_ways(sib.load("nyc-able").in_scenario(None)) is None
