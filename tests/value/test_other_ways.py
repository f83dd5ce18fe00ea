"""Other ways to pay, by hand on a case in which everything is linear in the effect."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

from sib.appraisal import appraise
from sib.value.effect import effect_draws
from sib.value.other_ways import OtherWaysView, WayToPay, other_ways
from tests.building import case_of, plain

PARTIES = [
    {"id": "Council", "role": "payer"},
    {"id": "Charity", "role": "provider"},
    {"id": "Fund", "role": "investor"},
]
RATES = {"borrowing_rate": 0.05, "reserves_yield": 0.02, "fee_margin": 0.1, "success": 0.75}


def linear(rates: dict[str, Any] | None = None, **deal: Any) -> dict[str, Any]:
    """Two years; delivery 10,000 at the end of each; 20 net of 40 gross outcomes, after two years, at 1,500 each.

    The council spends 1,000 of its own at the end of each year, and saves 4,000 for each net outcome.
    """
    costs = [
        {"id": "team", "kind": "per period", "amount": 10_000},
        {"id": "own", "kind": "per period", "amount": 1_000, "paid_by": "Council", "purpose": "contract management"},
    ]
    rule = {"id": "work", "kind": "tariff", "outcome": "work", "price": 1_500, "paid_by": "Council", "pays_on": "net"}
    tranche = {"id": "loan", "investor": "Fund", "commitment": 20_000, "draw": "as needed"}
    data = plain(
        deal={
            "start": "2020-12-31", "service_end": "2022-12-31", "period": "year", "parties": PARTIES, "costs": costs,
            "payments": [rule], "tranches": [tranche], **deal,
        },
        forecast={
            "cohorts": [{"id": "all", "starts": [0, 80]}],
            "outcomes": [{"id": "work", "per_start": 0.5, "counterfactual": 0.25}],
            "savings": [{"id": "care", "outcome": "work", "unit_value": 4_000, "saved_by": "Council"}],
        },
        appraisal={"other_ways": RATES if rates is None else rates},
    )  # fmt: skip
    return copy.deepcopy(data)


def compared(data: dict[str, Any]) -> OtherWaysView:
    found = other_ways(case_of(data))
    assert found is not None
    return found


def way(found: OtherWaysView, name: str) -> WayToPay:
    return next(item for item in found.ways if item.name == name)


def test_every_way_has_its_cost_if_it_works_if_it_fails_and_as_expected():
    found = compared(linear())
    # Own budget 20,000; reserves forgo a year of 2 % on the first 10,000, borrowing costs a year of 5 % on it.
    # Fee: 20,000 and a tenth, and 2,000 of own costs. Results: 20 x 1,500 and the own costs, or these alone.
    costs = {item.name: (item.cost, item.cost_if_it_fails, item.expected_cost) for item in found.ways}
    assert costs == {
        "nothing": (0, 0, 0),
        "own budget": pytest.approx((20_000, 20_000, 20_000)),
        "own reserves": pytest.approx((20_200, 20_200, 20_200)),
        "borrowing": pytest.approx((20_500, 20_500, 20_500)),
        "fixed fee": pytest.approx((24_000, 24_000, 24_000)),
        "payment by results, no investor": pytest.approx((32_000, 2_000, 24_500)),
        "this deal": pytest.approx((32_000, 2_000, 24_500)),
    }
    # At twice the effect: 40 x 1,500 and the own costs.
    assert way(found, "this deal").worst_cost == pytest.approx(62_000)


@pytest.mark.parametrize("purpose", ["delivery", "management", "evaluation", "other"])
def test_a_service_of_its_own_has_the_own_costs_that_are_not_of_a_contract(purpose: str):
    data = linear()
    data["deal"]["costs"][1]["purpose"] = purpose
    found = compared(data)
    # 20,000 and twice 1,000; reserves and borrowing carry the first 11,000 for a year at 2 and 5 %.
    assert way(found, "own budget").cost == pytest.approx(22_000)
    assert way(found, "own reserves").cost == pytest.approx(22_220)
    assert way(found, "borrowing").cost == pytest.approx(22_550)
    # The fee and the deal have them whatever they are for.
    assert (way(found, "fixed fee").cost, way(found, "this deal").cost) == pytest.approx((24_000, 32_000))


@pytest.mark.parametrize("purpose", ["procurement", "contract management", "verification"])
def test_nobody_procures_manages_or_verifies_a_contract_with_itself(purpose: str):
    data = linear()
    data["deal"]["costs"][1]["purpose"] = purpose
    assert way(compared(data), "own budget").cost == pytest.approx(20_000)


def test_a_level_that_fails_stays_at_its_baseline():
    # 0.75 is hoped for after 0.5 before: half the effect is 0.625. Without a baseline it falls to nothing.
    data = linear()
    data["deal"]["outcomes"].append({"id": "share", "kind": "level", "baseline": 0.5})
    levels = [{"date": "2022-12-31", "value": 0.75}]
    data["forecast"]["outcomes"].append({"id": "share", "levels": levels})
    path, shares = "forecast.outcomes.share.levels[0].value", np.array([0.0, 0.5, 1.0])
    assert effect_draws(case_of(data), shares)[path] == pytest.approx([0.5, 0.625, 0.75])
    data["deal"]["outcomes"][1].pop("baseline")
    assert effect_draws(case_of(data), shares)[path] == pytest.approx([0, 0.375, 0.75])


def test_who_loses_if_it_fails():
    found = compared(linear())
    assert way(found, "own budget").lost_if_it_fails == pytest.approx({"public sector": 20_000})
    assert way(found, "fixed fee").lost_if_it_fails == pytest.approx({"public sector": 24_000})
    # Delivery of 20,000 that nobody pays falls to the provider without an investor, and to the investors with one.
    lost = way(found, "payment by results, no investor").lost_if_it_fails
    assert lost == pytest.approx({"public sector": 2_000, "provider": 20_000})
    assert way(found, "this deal").lost_if_it_fails == pytest.approx({"public sector": 2_000, "investors": 20_000})


def test_how_deep_the_provider_goes():
    found = compared(linear())
    # Without an investor it waits for its money with the first year's 10,000; with one, or a fee, it does not.
    assert way(found, "payment by results, no investor").provider_peak_deficit == pytest.approx(10_000)
    assert way(found, "this deal").provider_peak_deficit == pytest.approx(0)
    assert way(found, "fixed fee").provider_peak_deficit == pytest.approx(0)


def test_what_risk_costs_and_when_the_deal_is_the_cheaper_way():
    found = compared(linear())
    # Three times in four 32,000, else 2,000: 24,500 against 24,000.
    assert found.price_of_risk == pytest.approx(500)
    assert found.saved_if_it_fails == pytest.approx(22_000)
    # 2,000 + p 30,000 = 24,000.
    assert found.break_even_success == pytest.approx(22_000 / 30_000)
    # The fee leaves 80,000 - 24,000; the deal (1 + u) 50,000 - 2,000: u = 0.16.
    assert found.uplift == pytest.approx(0.16)


def test_without_a_probability_nothing_is_expected_and_risk_is_priced_as_if_it_works():
    found = compared(linear(rates={}))
    assert found.success is None
    assert {item.expected_cost for item in found.ways} == {None}
    assert found.price_of_risk == pytest.approx(32_000 - 22_000)
    assert "own reserves" not in [item.name for item in found.ways]


def test_where_one_way_is_always_cheaper_no_probability_breaks_even():
    cheap = {"id": "work", "kind": "tariff", "outcome": "work", "price": 500, "paid_by": "Council", "pays_on": "net"}
    assert compared(linear(payments=[cheap])).break_even_success is None
    # Paid for everybody, and dear: 20 who would have come anyway cost more than the fee.
    dear = {**cheap, "price": 3_000, "pays_on": "gross"}
    found = compared(linear(payments=[dear]))
    assert found.saved_if_it_fails < 0
    assert found.break_even_success is None


def test_an_uplift_beyond_twice_the_effect_is_none():
    dear = {"id": "work", "kind": "tariff", "outcome": "work", "price": 3_900, "paid_by": "Council", "pays_on": "net"}
    assert compared(linear(payments=[dear])).uplift is None
    data = linear()
    data["forecast"]["savings"] = []
    assert compared(data).uplift is None


def test_gross_payments_go_on_though_the_service_has_no_effect():
    rule = {"id": "work", "kind": "tariff", "outcome": "work", "price": 1_000, "paid_by": "Council"}
    # Twenty would have come anyway.
    assert way(compared(linear(payments=[rule])), "this deal").cost_if_it_fails == pytest.approx(22_000)


@pytest.mark.parametrize("pays_on", ["net", "gross"])
def test_the_deal_is_the_appraisal_of_the_case(pays_on: str):
    rule = {"id": "work", "kind": "tariff", "outcome": "work", "price": 900, "paid_by": "Council", "pays_on": pays_on}
    case = case_of(linear(payments=[rule], caps=[{"id": "all", "amount": 33_000}]))
    found = other_ways(case)
    assert found is not None
    deal = way(found, "this deal")
    for effect, cost in ((1.0, deal.cost), (0.0, deal.cost_if_it_fails)):
        changed, _ = case.changed({"forecast.outcomes.work.per_start": 0.25 + 0.25 * effect})
        result = appraise(changed)
        council = result.payers["Council"]
        assert cost == pytest.approx(council.paid + (council.own_costs or 0))
    failed = appraise(case.changed({"forecast.outcomes.work.per_start": 0.25})[0])
    lost = failed.investors.drawn - failed.investors.received
    assert deal.lost_if_it_fails.get("investors", 0) == pytest.approx(max(0, lost))


def test_there_is_no_comparison_without_costs_or_without_an_effect():
    assert other_ways(case_of(linear(costs=[], tranches=[]))) is None
    data = linear()
    data["forecast"]["outcomes"][0]["counterfactual"] = 0.5
    assert other_ways(case_of(data)) is None
