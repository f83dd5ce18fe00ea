"""Every organisation's budget by hand: what it pays, saves and spends, when it is better off, and who rides free."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sib.value.contributions import contributions, contributions_in_cash
from sib.value.organisations import Organisation, better_off_from, organisations
from tests.building import plain, result_of

PARTIES = [
    {"id": "Council", "role": "payer"},
    {"id": "NHS", "role": "payer"},
    {"id": "Charity", "role": "provider"},
    {"id": "Police", "role": "other"},
    {"id": "Nobody", "role": "other"},
]
RULE = {"id": "work", "kind": "tariff", "outcome": "work", "price": 1_000, "paid_by": {"Council": 0.75, "NHS": 0.25}}


def money(**sections: Any) -> dict[str, Any]:
    """Four years from 1 April 2020, a period each; ten net outcomes at the end of each of the first two."""
    deal = {
        "start": "2020-04-01",
        "service_end": "2024-03-31",
        "period": "year",
        "parties": PARTIES,
        "payments": [RULE],
    }
    forecast = {
        "cohorts": [{"id": "all", "starts": [20, 20]}],
        "outcomes": [{"id": "work", "per_start": 0.5, "counterfactual": 0}],
    }
    data = plain(deal=deal | sections.pop("deal", {}), forecast=forecast | sections.pop("forecast", {}))
    return copy.deepcopy(data | sections)


def views(**sections: Any) -> dict[str, Organisation]:
    return organisations(result_of(money(**sections)).run)


def saved(**terms: Any) -> dict[str, Any]:
    return {"id": "care", "outcome": "work", "unit_value": 1_500, "saved_by": "Council", **terms}


# Paid, saved, spent ----------------------------------------------------------------------------------------------


def test_payments_and_own_costs_by_year_and_purpose():
    costs = [
        {"id": "tender", "kind": "one-off", "amount": 300, "date": "2020-05-01", "paid_by": "Council",
         "purpose": "procurement"},
        {"id": "manager", "kind": "per period", "amount": 100, "paid_by": "Council", "purpose": "contract management"},
        {"id": "audit", "kind": "per period", "amount": 10, "paid_by": "Council", "purpose": "contract management"},
        {"id": "study", "kind": "one-off", "amount": 70, "date": "2024-03-31", "paid_by": "Police",
         "purpose": "evaluation"},
        {"id": "team", "kind": "per period", "amount": 9_000},
    ]  # fmt: skip
    found = views(deal={"costs": costs}, forecast={"savings": [saved(saved_by="Police")]})
    council = found["Council"]
    assert council.paid == {"2020/21": 7_500, "2021/22": 7_500, "2022/23": 0, "2023/24": 0}
    assert council.own_costs == {"2020/21": 410, "2021/22": 110, "2022/23": 110, "2023/24": 110}
    assert council.own_costs_by_purpose == {"procurement": 300, "contract management": 440}
    assert found["NHS"].paid == {"2020/21": 2_500, "2021/22": 2_500, "2022/23": 0, "2023/24": 0}
    # One that only saves bears its own costs too.
    assert found["Police"].own_costs_by_purpose == {"evaluation": 70}
    assert found["Police"].total_net == pytest.approx(30_000 - 70)
    assert list(found) == ["Council", "NHS", "Police"]
    assert [item.pays for item in found.values()] == [True, True, False]


def test_savings_and_cash_by_year_and_budget():
    budgets = [{"id": "children", "of": "Council", "a_year": 1}, {"id": "roads", "of": "Council", "a_year": 1}]
    savings = [
        saved(lasts="1 year", cashable=0.5, budget="children"),
        saved(id="other", unit_value=100, cashable=0, budget="roads"),
    ]
    council = views(forecast={"savings": savings, "budgets": budgets})["Council"]
    # Ten outcomes on 31 March 2021 are worth 15,000 in the year after, and 1,000 at once.
    assert list(council.savings.values()) == pytest.approx([1_000, 16_000, 15_000, 0])
    assert council.cashable is not None
    assert list(council.cashable.values()) == pytest.approx([0, 7_500, 7_500, 0])
    assert list(council.by_budget["children"].values()) == pytest.approx([0, 15_000, 15_000, 0])
    assert list(council.by_budget["roads"].values()) == pytest.approx([1_000, 1_000, 0, 0])
    assert council.total_net == pytest.approx(32_000 - 15_000)
    assert council.total_net_cashable == pytest.approx(0)


def test_cash_of_which_nobody_knows_is_null():
    council = views(forecast={"savings": [saved(), saved(id="other", cashable=1)]})["Council"]
    assert (council.cashable, council.net_cashable, council.total_net_cashable) == (None, None, None)
    assert council.better_off_in_cash_from is None


def test_a_payer_that_saves_nothing_has_cash_of_nothing():
    nhs = views(forecast={"savings": [saved()]})["NHS"]
    assert (nhs.total_net, nhs.total_net_cashable) == (-5_000, -5_000)


# Better off ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("net", "year"),
    [
        ([-5, 3, 3, 0], "c"),
        ([-5, 3, 2, 0], "c"),
        ([5, -3, 1, 1], "a"),
        ([5, -9, 1, 9], "d"),
        ([5, -9, 1, 1], None),
        ([-1, 0, 0, 0], None),
        ([0, 0, 0, 0], "a"),
    ],
)
def test_the_year_from_whose_end_on_it_is_never_worse_off(net: list[float], year: str | None):
    assert better_off_from(dict(zip("abcd", net, strict=True))) == year


def test_the_year_in_which_each_is_better_off_or_never():
    found = views(forecast={"savings": [saved(unit_value=900, lag="2 years", cashable=0.5)]})
    # The council pays 7,500 twice and saves 9,000 in each of the third and the fourth year; half of it in cash.
    assert found["Council"].better_off_from == "2023/24"
    assert found["Council"].better_off_in_cash_from is None
    assert found["NHS"].better_off_from is None


# The most ----------------------------------------------------------------------------------------------------------


def most(name: str = "Council", **deal: Any) -> list[float] | None:
    found = views(deal=deal)[name]
    if found.most is None:
        return None
    assert all(found.most[year] >= paid - 1e-9 for year, paid in found.paid.items())
    return list(found.most.values())


def test_without_a_cap_there_is_no_most():
    assert most() is None
    assert most(caps=[{"id": "each", "amount": 100, "per": "payment"}]) is None


def test_a_contract_cap_is_what_earlier_years_have_left_of_it():
    # Three quarters of 24,000 is 18,000; 7,500 is expected in each of the first two years.
    cap = {"id": "all", "amount": 24_000}
    assert most(caps=[cap], last_payment="2024-03-31") == pytest.approx([18_000, 10_500, 3_000, 3_000])
    assert most("NHS", caps=[cap], last_payment="2024-03-31") == pytest.approx([6_000, 3_500, 1_000, 1_000])
    # Nothing can be asked for after the last payment.
    late = {"id": "fee", "kind": "one-off", "amount": 1, "date": "2022-05-01"}
    ends = {"service_end": "2022-03-31", "last_payment": "2022-03-31"}
    assert most(caps=[cap], costs=[late], **ends) == pytest.approx([18_000, 10_500, 0])


def test_a_cap_over_some_other_rules_limits_nothing():
    fee = {"id": "fee", "kind": "tariff", "outcome": "periods", "price": 1, "paid_by": "Council"}
    assert most(payments=[RULE, fee], caps=[{"id": "some", "amount": 24_000, "payments": ["work"]}]) is None


def test_a_yearly_cap_in_years_of_the_contract_that_are_financial_years():
    cap = {"id": "year", "amount": 8_000, "per": "year"}
    assert most(caps=[cap], last_payment="2024-03-31") == pytest.approx([6_000] * 4)
    assert most(caps=[cap], last_payment="2024-03-31", payments=[{**RULE, "paid_by": "Council"}]) == [8_000] * 4


def test_a_financial_year_that_holds_parts_of_two_contract_years_may_bring_both_caps():
    # Contract years are calendar years. What falls from April 2020 to March 2021 belongs to two of them.
    cap = {"id": "year", "amount": 8_000, "per": "year"}
    found = most(start="2020-01-01", service_end="2021-12-31", period="quarter", caps=[cap], last_payment="2021-12-31")
    assert found == pytest.approx([6_000, 12_000, 6_000])


def test_a_lag_moves_a_yearly_cap_into_the_years_in_which_it_is_paid():
    # Claims of each financial year fall on its last day, and are paid half a year later.
    cap = {"id": "year", "amount": 8_000, "per": "year", "year": "financial"}
    late = {**RULE, "lag": "6 months"}
    found = most(payments=[late], caps=[cap], service_end="2022-03-31", last_claim="2022-03-31")
    assert found is not None
    assert found[1] >= 6_000
    assert found[2] == pytest.approx(6_000)


def test_the_smaller_of_two_caps_counts():
    caps = [{"id": "year", "amount": 8_000, "per": "year"}, {"id": "all", "amount": 16_000}]
    # 6,000 a year, and 12,000 in all; 6,000 is what the yearly cap lets be paid of 7,500.
    assert most(caps=caps, last_payment="2024-03-31") == pytest.approx([6_000, 6_000, 0, 0])


@settings(max_examples=20, deadline=None)
@given(
    start=st.sampled_from(["2020-01-01", "2020-04-01", "2020-09-15"]),
    lag=st.sampled_from([None, "2 months", "7 months"]),
    amount=st.floats(100, 20_000),
    per=st.sampled_from([{"per": "contract"}, {"per": "year"}, {"per": "year", "year": "financial"}]),
    share=st.floats(0.1, 0.9),
)
def test_no_more_is_expected_than_the_most(
    start: str, lag: str | None, amount: float, per: dict[str, Any], share: float
):
    rule = {**RULE, "paid_by": {"Council": share, "NHS": 1 - share}} | ({"lag": lag} if lag else {})
    deal = {"start": start, "service_end": "2022-12-31", "period": "quarter", "payments": [rule]}
    data = money(deal={**deal, "caps": [{"id": "cap", "amount": amount, **per}]})
    data["forecast"]["cohorts"] = [{"id": "all", "starts": 200}]
    for item in organisations(result_of(data).run).values():
        assert item.most is not None
        assert all(item.most[year] >= paid - 1e-6 for year, paid in item.paid.items())


# Without the deal ------------------------------------------------------------------------------------------------


def test_the_line_without_the_deal_grows_on_each_anniversary():
    budgets = [
        {"id": "children", "of": "Council", "a_year": 100_000, "growth": 0.1},
        {"id": "roads", "of": "Council", "a_year": 1_000},
        {"id": "wards", "of": "NHS", "a_year": 5},
    ]
    council = views(forecast={"budgets": budgets, "savings": [saved(cashable=0.5, budget="children")]})["Council"]
    assert council.without_the_deal is not None
    assert list(council.without_the_deal.values()) == pytest.approx([101_000, 111_000, 122_000, 134_100])
    # With it: 7,500 more is paid and 7,500 less spent in each of the first two years.
    assert council.with_the_deal is not None
    assert list(council.with_the_deal.values()) == pytest.approx([101_000, 111_000, 122_000, 134_100])


def test_no_budget_no_line():
    assert views(forecast={"savings": [saved()]})["Council"].without_the_deal is None


# Contributions ---------------------------------------------------------------------------------------------------


def test_who_gains_without_paying_and_what_would_make_each_whole():
    # 20 outcomes: the council pays 15,000 and saves 6,000; the health service pays 5,000 and saves 9,000; the police
    # pay nothing and save 15,000.
    shares = {"Council": 0.2, "NHS": 0.3, "Police": 0.5}
    found = contributions(views(forecast={"savings": [saved(saved_by=shares, cashable=0.4)]}))
    assert found.gains == {"NHS": pytest.approx(4_000), "Police": pytest.approx(15_000)}
    assert found.shortfalls == {"Council": pytest.approx(9_000)}
    assert found.free_riders == ("Police",)
    # 20,000 in all, in proportion to what each saves.
    assert found.pooled == {
        "Council": pytest.approx(4_000),
        "NHS": pytest.approx(6_000),
        "Police": pytest.approx(10_000),
    }
    assert found.top_slice == pytest.approx(9_000 / 19_000)
    assert found.central_fund == 0


def test_in_cash_there_may_be_too_little_to_share():
    # Of 30,000, 40 % is cash: the council 2,400 for 15,000, the health service 3,600 for 5,000, the police 6,000.
    shares = {"Council": 0.2, "NHS": 0.3, "Police": 0.5}
    found = contributions_in_cash(views(forecast={"savings": [saved(saved_by=shares, cashable=0.4)]}))
    assert found is not None
    assert found.shortfalls == {"Council": pytest.approx(12_600), "NHS": pytest.approx(1_400)}
    assert found.gains == {"Police": pytest.approx(6_000)}
    assert found.top_slice == pytest.approx(14_000 / 6_000)
    assert found.central_fund == pytest.approx(8_000)
    assert contributions_in_cash(views(forecast={"savings": [saved()]})) is None


def test_where_nobody_saves_there_is_nothing_to_pool():
    found = contributions(views())
    assert (found.pooled, found.top_slice, found.free_riders) == (None, None, ())
    assert found.central_fund == pytest.approx(20_000)


def test_a_budget_holds_the_savings_of_its_owner_alone():
    # 20 net outcomes x 1,000, three quarters the Council's: 15,000 in its budget, and the 5,000 of the NHS in none.
    data = plain(
        forecast={
            "outcomes": [{"id": "work", "per_start": 0.5, "counterfactual": 0.25}],
            "budgets": [{"id": "care", "of": "Council", "a_year": 100_000}],
            "savings": [
                {
                    "id": "placements",
                    "outcome": "work",
                    "unit_value": 1_000,
                    "saved_by": {"Council": 0.75, "NHS": 0.25},
                    "budget": "care",
                }
            ],
        }
    )
    data["deal"]["parties"].append({"id": "NHS", "role": "other"})
    found = organisations(result_of(data).run)
    assert sum(found["Council"].by_budget["care"].values()) == pytest.approx(15_000)
    assert found["NHS"].by_budget == {}
