"""Costs by hand."""

from __future__ import annotations

import pytest

from tests.building import flows, plain, result_of


def cost_flows(*costs: dict, starts: object = 80) -> dict[str, float]:
    data = plain(deal={"costs": list(costs)}, forecast={"cohorts": [{"id": "all", "starts": starts}]})
    return flows(result_of(data), "cost")


def test_per_period_runs_from_start_to_the_end_of_service():
    found = cost_flows({"id": "team", "kind": "per period", "amount": 100})
    assert len(found) == 8
    assert set(found.values()) == {100}


def test_part_of_a_period_costs_its_part():
    # From 16 Feb: 45 of the 91 days of the first quarter.
    found = cost_flows({"id": "team", "kind": "per period", "amount": 910, "first": "2020-02-16", "last": "2020-06-30"})
    assert found == pytest.approx({"2020-03-31": 450, "2020-06-30": 910})


def test_in_advance_falls_on_the_first_day():
    found = cost_flows({"id": "rent", "kind": "per period", "amount": 100, "last": "2020-06-30", "paid": "in advance"})
    assert found == {"2020-01-01": 100, "2020-04-01": 100}


def test_per_start():
    found = cost_flows({"id": "kit", "kind": "per start", "amount": 7}, starts=[3, 4])
    assert found == {"2020-03-31": 21, "2020-06-30": 28}


def test_per_case_and_period():
    # Stays of six months: 3, then 3 + 4, then 4 active.
    found = cost_flows({"id": "case", "kind": "per case", "amount": 10, "stay": "6 months"}, starts=[3, 4])
    assert found == {"2020-03-31": 30, "2020-06-30": 70, "2020-09-30": 40}


def test_in_steps_of_ten_cases():
    # 10 active: one step; 21 active: three; 11: two.
    found = cost_flows(
        {"id": "ward", "kind": "in steps", "amount": 500, "size": 10, "stay": "6 months"}, starts=[10, 11]
    )
    assert found == {"2020-03-31": 500, "2020-06-30": 1500, "2020-09-30": 1000}


def test_a_count_that_is_forty_but_for_rounding_is_four_steps():
    # 0.1 + 0.2 … ten starts of 0.3 and a 37: the sum is 40 but not in binary.
    found = cost_flows(
        {"id": "ward", "kind": "in steps", "amount": 1, "size": 10, "stay": "3 months"}, starts=[37 + sum([0.3] * 10)]
    )
    assert found == {"2020-03-31": 4}


def test_one_off():
    assert cost_flows({"id": "launch", "kind": "one-off", "amount": 9, "date": "2020-05-17"}) == {"2020-05-17": 9}


def test_overhead_is_a_share_of_other_costs():
    found = cost_flows(
        {"id": "top", "kind": "overhead", "share": 0.15, "of": ["team"]},
        {"id": "team", "kind": "per period", "amount": 100, "last": "2020-03-31"},
    )
    assert found == {"2020-03-31": pytest.approx(115)}


def test_uplift_steps_on_each_anniversary():
    # The first four quarters at 100, the next four at 103.
    found = list(cost_flows({"id": "team", "kind": "per period", "amount": 100, "uplift": 0.03}).values())
    assert found == pytest.approx([100] * 4 + [103] * 4)


def test_a_payers_own_cost_is_not_the_providers():
    data = plain(
        deal={"costs": [{"id": "contract management", "kind": "per period", "amount": 50, "paid_by": "Council"}]}
    )
    result = result_of(data)
    assert result.payers["Council"].own_costs == pytest.approx(400)
    assert result.payers["Council"].net == pytest.approx(-40_400)
    assert result.provider.cost is None
