"""Public value by hand: real, discounted, whoever gains and whoever pays."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sib.appraisal import Result
from sib.cashflow.run import run
from sib.files.reference import deflator, discount_schedule
from sib.value.organisations import organisations
from sib.value.public_value import PublicValueView, net_present_value
from tests.building import case_of, plain, result_of

PARTIES = [
    {"id": "Council", "role": "payer"},
    {"id": "NHS", "role": "payer"},
    {"id": "Charity", "role": "provider"},
    {"id": "Treasury", "role": "other"},
]
BASIS = {"discount": 0.035, "inflation": 0.0}
TEAM = {"id": "team", "kind": "per period", "amount": 5_000}
CARE = {
    "id": "care",
    "outcome": "work",
    "unit_value": 1_000,
    "saved_by": "Council",
    "lasts": "2 years",
    "cashable": 0.5,
}
OUTPUT = {"id": "output", "kind": "economic", "outcome": "work", "unit_value": 300}


def worth(**sections: Any) -> dict[str, Any]:
    """Two years from the last day of 2019 on, so that years end a whole number of years after the base.

    40 start in the first; 20 net outcomes and 30 gross ones are counted at the end of it, each paid 200.
    """
    deal = {
        "start": "2019-12-31",
        "service_end": "2021-12-31",
        "period": "year",
        "parties": PARTIES,
        "payments": [{"id": "work", "kind": "tariff", "outcome": "work", "price": 200, "paid_by": "Council"}],
        "costs": [TEAM],
    }
    forecast = {
        "cohorts": [{"id": "all", "starts": [40]}],
        "outcomes": [{"id": "work", "per_start": 0.75, "counterfactual": 0.25}],
        "savings": [CARE],
    }
    data = plain(deal=deal | sections.pop("deal", {}), forecast=forecast | sections.pop("forecast", {}))
    return copy.deepcopy(data | {"appraisal": {"basis": BASIS}} | sections)


def view(data: dict[str, Any]) -> PublicValueView:
    return result_of(data).public_value


def df(years: float, rate: float = 0.035) -> float:
    return (1 + rate) ** -years


# Present values --------------------------------------------------------------------------------------------------


def test_a_small_case_by_hand():
    management = {"id": "management", "kind": "per period", "amount": 500, "paid_by": "Council"}
    found = view(worth(deal={"costs": [TEAM, management]}, forecast={"savings": [CARE], "benefits": [OUTPUT]}))
    # Savings 20,000 after two and after three years, half of it cash; output 6,000 after one.
    fiscal = 20_000 * (df(2) + df(3))
    benefits = fiscal + 6_000 * df(1)
    # Delivery 5,000 and management 500 in each of two years; payments of 30 x 200 after one.
    resources = 5_500 * (df(1) + df(2))
    spent = 6_000 * df(1) + 500 * (df(1) + df(2))
    assert found.benefits == pytest.approx(benefits)
    assert found.resource_costs == pytest.approx(resources)
    assert found.npsv == pytest.approx(benefits - resources)
    assert found.bcr == pytest.approx(benefits / resources)
    assert found.fiscal_bcr == pytest.approx(fiscal / spent)
    assert found.cashable_bcr == pytest.approx(fiscal / 2 / spent)
    # After two years 20,000 saved is more than 7,000 spent; half of it as well.
    assert (found.payback_years, found.cashable_payback_years) == (2, 2)
    assert found.price_year == "2019"


def test_payback_waits_for_enough_and_may_never_come():
    dear = {"id": "work", "kind": "tariff", "outcome": "work", "price": 800, "paid_by": "Council"}
    found = view(worth(deal={"payments": [dear]}))
    # 24,000 is spent after one year; 20,000 comes back after two, 40,000 after three; of cash 20,000 in all.
    assert (found.payback_years, found.cashable_payback_years) == (3, None)


def test_payback_is_discounted():
    # 20,000 twice, after two years and three, is 37,325 at 3.5 %; 38,700 spent after one is 37,391.
    dear = {"id": "work", "kind": "tariff", "outcome": "work", "price": 1_290, "paid_by": "Council"}
    assert view(worth(deal={"payments": [dear]})).payback_years is None
    basis = {"discount": 0, "inflation": 0}
    assert view(worth(deal={"payments": [dear]}, appraisal={"basis": basis})).payback_years == 3


def test_optimism_is_put_on_resource_costs_only():
    plainly, cautious = view(worth()), view(worth(appraisal={"basis": {**BASIS, "costs_optimism": 0.4}}))
    assert cautious.resource_costs == pytest.approx(1.4 * 5_000 * (df(1) + df(2)))
    assert cautious.npsv == pytest.approx(plainly.npsv - 0.4 * 5_000 * (df(1) + df(2)))
    assert cautious.fiscal_bcr == pytest.approx(plainly.fiscal_bcr)


def test_another_base_moves_everything_by_the_same_years():
    plainly = view(worth())
    later = view(worth(appraisal={"basis": {**BASIS, "base": "2021-12-31"}}))
    assert later.npsv == pytest.approx(plainly.npsv * 1.035**2)
    assert later.bcr == pytest.approx(plainly.bcr)
    assert later.payback_years == 0


def test_nothing_after_the_horizon_counts():
    found = view(worth(appraisal={"basis": BASIS, "horizon": "2021-12-31"}))
    assert found.benefits == pytest.approx(20_000 * df(2))


def after(years: int, **terms: Any) -> dict[str, Any]:
    """A benefit of 20,000 so many years after the base; outcomes come after one year."""
    lag = {} if years == 1 else {"lag": f"{years - 1} years"}
    return {"id": "far", "kind": "social", "outcome": "work", "unit_value": 1_000, **lag, **terms}


def green_book(benefit: dict[str, Any]) -> PublicValueView:
    schedule = discount_schedule("green book 2026").model_dump(exclude_unset=True)
    forecast = {"savings": [], "benefits": [benefit]}
    return view(worth(forecast=forecast, appraisal={"basis": {"discount": schedule, "inflation": 0}}))


@pytest.mark.parametrize(
    ("years", "factor"), [(1, 0.966184), (5, 0.841973), (30, 0.356278), (31, 0.345901), (75, 0.094214), (76, 0.091916)]
)
def test_the_green_book_across_its_kinks(years: int, factor: float):
    assert green_book(after(years)).benefits == pytest.approx(20_000 * factor, abs=0.0051 * 2)


@pytest.mark.parametrize(("years", "factor"), [(30, 0.639762), (31, 0.631615)])
def test_health_has_a_rate_of_its_own(years: int, factor: float):
    assert green_book(after(years, health=True)).benefits == pytest.approx(20_000 * factor, abs=0.0102)


def test_the_review_that_is_not_adopted_is_a_named_sensitivity():
    found = green_book(after(30, health=True))
    review = found.sensitivities["june 2026 review"]
    # Three per cent, for health too.
    assert review.npsv == pytest.approx(20_000 * df(30, 0.03) - 5_000 * (df(1, 0.03) + df(2, 0.03)))
    assert "long horizon" not in found.sensitivities
    assert "long horizon" in green_book(after(60)).sensitivities


# Transfers -------------------------------------------------------------------------------------------------------


def test_a_jobseeker_into_work():
    # Fiscal 9,800 (9,234 of benefit not paid, 566 of health), public value 14,610 (14,044 of output and the health).
    savings = [
        {
            "id": "benefit",
            "outcome": "work",
            "unit_value": 9_234,
            "saved_by": "Treasury",
            "transfer": True,
            "cashable": 1,
        },
        {"id": "health", "outcome": "work", "unit_value": 566, "saved_by": "NHS", "cashable": 0},
    ]
    output = {"id": "output", "kind": "economic", "outcome": "work", "unit_value": 14_044}
    data = worth(deal={"costs": [{**TEAM, "last": "2020-12-31"}]}, forecast={"savings": savings, "benefits": [output]})
    found = view(data)
    assert found.benefits == pytest.approx(20 * 14_610 * df(1))
    assert found.npsv == pytest.approx((20 * 14_610 - 5_000) * df(1))
    assert found.fiscal_bcr == pytest.approx(20 * 9_800 / 6_000)
    assert found.cashable_bcr == pytest.approx(20 * 9_234 / 6_000)


def test_a_unit_cost_brings_its_price_year_and_whether_it_is_a_transfer():
    own = [
        {"id": "benefit", "value": 900, "price_year": 2018, "transfer": True, "kind": "fiscal"},
        {"id": "health", "value": 100, "price_year": 2018, "kind": "fiscal"},
    ]
    savings = [
        {"id": name, "outcome": "work", "unit_cost": name, "saved_by": "Treasury", "cashable": 1}
        for name in ("benefit", "health")
    ]
    data = worth(forecast={"savings": savings, "unit_costs": own}, appraisal={"basis": {**BASIS, "inflation": 0.1}})
    # Uprated from 2018 to the end of 2020, 1.21; in prices of 2019 again over 1.1.
    found = view(data)
    assert found.benefits == pytest.approx(20 * 100 * 1.1 * df(1))
    assert result_of(data).savers["Treasury"].savings == pytest.approx(20 * 1_000 * 1.21)


# What cannot be filled is null -----------------------------------------------------------------------------------


def test_without_a_basis_there_is_no_public_value():
    data = worth()
    del data["appraisal"]
    found = result_of(data).as_dict()["public_value"]
    assert {value for key, value in found.items() if key != "sensitivities"} == {None}
    assert found["sensitivities"] == {}


def test_without_a_cost_of_delivery_there_is_no_net_value():
    found = view(worth(deal={"costs": []}))
    assert (found.npsv, found.bcr, found.resource_costs) == (None, None, None)
    assert found.fiscal_bcr == pytest.approx(20_000 * (df(2) + df(3)) / (6_000 * df(1)))
    assert np.isnan(net_present_value(run(case_of(worth(deal={"costs": []}))), result_of(worth()).dates.horizon)).all()


def test_without_savings_and_benefits_there_is_nothing_to_compare_costs_with():
    found = view(worth(forecast={"savings": []}))
    assert (found.npsv, found.bcr, found.benefits, found.fiscal_bcr, found.cashable_bcr) == (None,) * 5
    assert (found.payback_years, found.cashable_payback_years) == (None, None)
    assert found.resource_costs == pytest.approx(5_000 * (df(1) + df(2)))
    # Benefits in no budget make up public value, and no fiscal ratio.
    found = view(worth(forecast={"savings": [], "benefits": [OUTPUT]}))
    assert found.npsv == pytest.approx(6_000 * df(1) - 5_000 * (df(1) + df(2)))
    assert found.fiscal_bcr is None


def test_cash_of_which_nobody_knows_has_no_ratio():
    found = view(worth(forecast={"savings": [{key: CARE[key] for key in CARE if key != "cashable"}]}))
    assert (found.cashable_bcr, found.cashable_payback_years) == (None, None)
    assert found.payback_years == 2


def test_a_plain_rate_is_a_basis():
    found = view(worth())
    assert found.basis is not None
    assert view(worth(appraisal={"basis": {"discount": 0.03, "inflation": 0}})).npsv > found.npsv


def test_the_price_year_of_a_deflator_of_financial_years():
    index = {"id": "fy", "index": {"2019/20": 100, "2020/21": 110, "2021/22": 120, "2022/23": 130}}
    found = view(worth(appraisal={"basis": {"discount": 0, "deflator": index, "inflation": 0}}))
    assert found.price_year == "2019/20"
    # 2021-12-31 is in 2021/22, 2022-12-31 in 2022/23; money of the day to prices of 2019/20.
    assert found.benefits == pytest.approx(20_000 / 1.2 + 20_000 / 1.3)


# Properties ------------------------------------------------------------------------------------------------------


@settings(max_examples=20, deadline=None)
@given(
    per_start=st.floats(0, 1),
    dead=st.tuples(st.floats(0, 1), st.floats(0, 1)),
    backfill=st.floats(0, 1),
    step=st.integers(1, 9),
)
def test_more_deadweight_never_raises_a_net_benefit(
    per_start: float, dead: tuple[float, float], backfill: float, step: int
):
    steps = {"step": step, "backfill": backfill, "marginal_cost": 700}
    data = worth(forecast={"savings": [{**CARE, "cashable": steps}], "benefits": [OUTPUT]})
    data["forecast"]["outcomes"][0]["per_start"] = per_start
    found = run(case_of(data), {"forecast.outcomes.work.counterfactual": np.array(sorted(dead))})
    horizon = result_of(data).dates.horizon
    (care,), (output,) = found.savings, found.benefits
    assert care.cashable is not None
    for row in (care.gross.sum(axis=0), output.gross.sum(axis=0), net_present_value(found, horizon)):
        assert row[1] <= row[0] + 1e-6
    assert care.cashable.sum(axis=0)[1] <= care.cashable.sum(axis=0)[0] + 1e-6
    assert np.all((care.cashable - care.gross).dense() <= 1e-9)


@settings(max_examples=20, deadline=None)
@given(
    price=st.floats(0, 900),
    share=st.floats(0.05, 0.95),
    saved=st.floats(-500, 3_000),
    own=st.floats(0, 3_000),
    bears=st.sampled_from(["Council", "NHS", "Treasury"]),
)
def test_on_one_basis_the_nets_of_organisations_sum_to_fiscal_benefits_less_payments_and_own_costs(
    price: float, share: float, saved: float, own: float, bears: str
):
    rule = {
        "id": "work", "kind": "tariff", "outcome": "work", "price": price, "lag": "3 months",
        "paid_by": {"Council": share, "NHS": 1 - share},
    }  # fmt: skip
    costs = [TEAM, {"id": "own", "kind": "per period", "amount": own, "paid_by": bears}]
    item = {**CARE, "unit_value": max(saved, 0), "saved_by": {"Council": share, "Treasury": 1 - share}}
    transfer = {**CARE, "id": "transfer", "transfer": True, "saved_by": "NHS"}
    data = worth(
        deal={"payments": [rule], "costs": costs},
        forecast={"savings": [item, transfer], "replaced": [{"id": "old", "saved_by": "NHS", "a_year": 1_234}]},
    )
    result = result_of(data)
    fiscal = 40_000 * max(saved, 0) / 1_000 + 40_000 + 2 * 1_234
    nets = {name: item.total_net for name, item in organisations(result.run).items()}
    assert sum(nets.values()) == pytest.approx(fiscal - 30 * price - 2 * own)
    assert nets["Council"] == pytest.approx(result.payers["Council"].net)
    assert nets["Treasury"] == pytest.approx(result.savers["Treasury"].net)


def in_prices_of_one_year(inflation: float, price_year: int | None) -> Result:
    """The same case: real amounts with no inflation, or amounts of each year grown by it; from 1 January on."""
    grown = [(1 + inflation) ** k if price_year is None else 1.0 for k in range(4)]
    years = [f"{2020 + k}" for k in range(4)]
    costs = [
        {"id": f"team {year}", "kind": "one-off", "amount": 5_000 * factor, "date": f"{year}-12-31"}
        for year, factor in zip(years, grown, strict=True)
    ]
    cohorts = [{"id": year, "starts": [40], "first": f"{year}-01-01", "last": f"{year}-12-31"} for year in years[:3]]
    terms = {"price_year": price_year} if price_year else {"price_year": 2020}
    savings = [{**CARE, "lasts": "1 year", "unit_value": 1_000, "cashable": 0.5, **terms}]
    prices = [{"date": f"{year}-01-01", "price": 200 * factor} for year, factor in zip(years, grown, strict=True)]
    rule = {"id": "work", "kind": "tariff", "outcome": "work", "prices": prices, "paid_by": "Council"}
    rate = 0.0 if price_year else inflation
    data = worth(
        deal={"start": "2020-01-01", "service_end": "2023-12-31", "costs": costs, "payments": [rule]},
        forecast={"cohorts": cohorts, "savings": savings},
        appraisal={"basis": {"discount": 0.035, "inflation": rate}},
    )
    return result_of(data)


@pytest.mark.parametrize("inflation", [0.02, 0.1, -0.03])
def test_real_and_nominal_runs_of_the_same_case_agree(inflation: float):
    nominal, real = in_prices_of_one_year(inflation, None), in_prices_of_one_year(inflation, 2020)
    assert nominal.payers["Council"].paid != pytest.approx(real.payers["Council"].paid)
    for name in ("npsv", "bcr", "fiscal_bcr", "cashable_bcr", "benefits", "resource_costs"):
        assert getattr(nominal.public_value, name) == pytest.approx(getattr(real.public_value, name)), name


def test_every_scenario_of_a_run_with_draws_has_the_net_value_of_the_single_run():
    data = worth(appraisal={"basis": {**BASIS, "costs_optimism": 0.1}})
    data["forecast"]["savings"][0]["price_year"] = 2018
    draws = {
        "appraisal.basis.inflation": np.array([0.0, 0.05, 0.1]),
        "appraisal.basis.costs_optimism": np.array([0.1, 0.0, 0.5]),
        "forecast.savings.care.unit_value": np.array([1_000.0, 500.0, 50.0]),
    }
    case, horizon = case_of(data), result_of(data).dates.horizon
    together = net_present_value(run(case, draws), horizon)
    for i in range(3):
        changed, _ = case.changed({path: float(row[i]) for path, row in draws.items()})
        assert together[i] == pytest.approx(float(net_present_value(run(changed), horizon)[0]))


def test_the_bundled_deflator_and_schedule_make_a_basis():
    basis = {
        "discount": discount_schedule("green book 2026").model_dump(exclude_unset=True),
        "deflator": deflator("uk gdp deflator 2025-12").model_dump(exclude_unset=True),
        "inflation": 0.02,
    }
    found = view(worth(appraisal={"basis": basis}))
    # Cash of the end of 2021 and 2022 in prices of 2019, 81.1085; costs at the ends of 2020 and 2021.
    benefits = 20_000 * 81.1085 * (df(2) / 85.6358 + df(3) / 90.5005)
    costs = 5_000 * 81.1085 * (df(1) / 85.2137 + df(2) / 85.6358)
    assert (found.basis, found.price_year) == ("green book 2026", "2019")
    assert found.npsv == pytest.approx(benefits - costs)
