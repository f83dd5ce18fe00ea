"""Terms that all sides could sign, with the edges worked out by hand."""

from __future__ import annotations

import pytest

from sib.risk.deal_space import deal_space
from tests.building import case_of
from tests.risk.linear import linear

PRICE, RATE = "deal.payments.work.price", "forecast.outcomes.work.per_start"


def with_three_sides(**changes):
    data = linear(**changes)
    data["appraisal"] = {"hurdle": 0.05}
    data["forecast"]["savings"] = [{"id": "care", "outcome": "work", "unit_value": 1_200, "saved_by": "Council"}]
    data["forecast"]["outcomes"] = [{"id": "work", "per_start": 0.5, "counterfactual": 0}]
    return data


def test_the_price_range_lies_between_the_investors_floor_and_the_payers_ceiling():
    space = deal_space(case_of(with_three_sides()), PRICE, RATE)
    # Investors need 10 p >= 10,500; the council saves 1,200 an outcome.
    assert space.ranges == ((pytest.approx(1_050), pytest.approx(1_200, abs=0.01)),)
    assert (space.own, space.own_signs) == ((1_000, 0.5), {"Investors": False, "Council": True})
    assert set(space.unheard) == {"Provider"}


def test_the_region_is_where_every_side_is_content():
    space = deal_space(case_of(with_three_sides()), PRICE, RATE)
    # 20 x rate x price >= 10,500 and price <= 1,200.
    at_1100 = int(abs(space.at_first - 1_100).argmin())
    price = space.at_first[at_1100]
    expected = [(20 * rate * price >= 10_500) and price <= 1_200 for rate in space.at_second]
    assert space.all_sign[at_1100].tolist() == expected
    assert space.all_sign.shape == (len(space.at_first), len(space.at_second))


def test_a_provider_signs_as_long_as_its_reserves_last():
    data = with_three_sides()
    data["deal"]["tranches"] = []
    data["deal"]["parties"][1]["reserves"] = 1_000
    data["deal"]["costs"] = [{"id": "team", "kind": "per period", "amount": 12_000}]
    space = deal_space(case_of(data), PRICE, RATE)
    # 12,000 of cost less 10 p must not exceed 1,000; the council's ceiling is 1,200.
    assert space.ranges == ((pytest.approx(1_100, abs=0.01), pytest.approx(1_200, abs=0.01)),)
    assert space.unheard == {"Investors": "the case has no capital"}


def test_where_no_price_contents_all_there_is_no_range():
    data = with_three_sides()
    data["forecast"]["savings"][0]["unit_value"] = 900
    space = deal_space(case_of(data), PRICE, RATE)
    assert space.ranges == ()


def test_the_cap_is_the_second_term_where_there_is_one():
    data = with_three_sides(deal={"caps": [{"id": "contract", "amount": 11_000}]})
    space = deal_space(case_of(data))
    assert (space.first, space.second) == (PRICE, "deal.caps.contract.amount")
    # The cap holds payments under 11,000 whatever the price, and the council saves 12,000.
    assert space.ranges == ((pytest.approx(1_050), 2_000),)


def test_a_case_in_which_nobody_can_be_asked_has_no_space():
    data = linear()
    assert deal_space(case_of(data)) is None


def test_a_payer_signs_on_what_is_cash_where_that_is_known():
    data = with_three_sides()
    data["forecast"]["savings"][0]["cashable"] = 0.9
    space = deal_space(case_of(data), PRICE, RATE)
    # 1,200 saved an outcome, of which 1,080 are cash: the ceiling; investors still need 1,050.
    assert space.ranges == ((pytest.approx(1_050), pytest.approx(1_080, abs=0.01)),)
    assert [side.output for side in space.sides] == ["investors.irr", "payers.Council.net_cashable"]
