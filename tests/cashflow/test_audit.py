"""Corners where one term meets another, each worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sib.cashflow.run import run
from tests.building import case_of, flows, plain, result_of
from tests.cashflow.test_capital import NOTE

WORK = {"id": "work", "kind": "tariff", "outcome": "work", "price": 1000, "paid_by": "Council"}


def test_without_a_last_payment_a_loan_ends_when_the_last_measurement_has_been_paid_for():
    # Measured 30 June 2022, paid six months later: 10,000 at 5 % simple from 1 Jan 2020 for 1,095 days is 11,500.
    data = plain(
        deal={
            "outcomes": [{"id": "work", "kind": "rate", "measured": "2022-06-30"}],
            "payments": [{**WORK, "price": 100_000, "lag": "6 months"}],
            "costs": [{"id": "team", "kind": "one-off", "amount": 10_000, "date": "2020-01-01"}],
            "tranches": [{**NOTE, "commitment": 10_000, "interest": {"rate": 0.05}}],
        }
    )
    investors = result_of(data).investors
    assert investors.received == pytest.approx(10_000 * (1 + 0.05 * 1095 / 365))


def test_receipts_that_costs_have_used_up_are_not_repaid_from_new_capital():
    # 5,000 comes in and 10,000 goes out each quarter; the 15,000 received in 2020 went into costs. On the day of the
    # second draw nothing is passed on; on 30 June the 5,000 of that quarter are, and no more.
    draw = {
        "kind": "on dates",
        "amounts": [{"date": "2020-12-31", "amount": 20_000}, {"date": "2021-04-01", "amount": 20_000}],
    }
    repayment = {"kind": "from receipts", "starting": "2021-01-01"}
    data = plain(
        deal={
            "costs": [{"id": "team", "kind": "per period", "amount": 10_000}],
            "tranches": [
                {**NOTE, "commitment": 40_000, "draw": draw, "repayment": repayment, "interest": {"rate": 0.05}}
            ],
        }
    )
    result = result_of(data)
    interest, principal = flows(result, "interest"), flows(result, "principal")
    assert "2021-04-01" not in principal
    assert interest["2021-06-30"] + principal["2021-06-30"] == pytest.approx(5_000)


def test_a_junior_is_not_repaid_while_a_senior_bullet_is_owed():
    # 40,000 comes in by the end: the senior's 30,000 first, then 10,000 for the junior.
    data = plain(
        deal={
            "last_payment": "2021-12-31",
            "tranches": [
                {**NOTE, "id": "s", "commitment": 30_000, "repayment": "bullet", "interest": {"rate": 0}},
                {**NOTE, "id": "j", "commitment": 30_000, "rank": "junior", "interest": {"rate": 0}},
            ],
        }
    )
    received = {name: view.received for name, view in result_of(data).investors.tranches.items()}
    assert received == pytest.approx({"s": 30_000, "j": 10_000})


def test_the_horizon_changes_no_flow():
    costs = [{"id": "case", "kind": "per case", "amount": 10, "stay": "2 years"}]
    near, far = plain(deal={"costs": costs}), plain(deal={"costs": costs}, appraisal={"horizon": "2030-12-31"})
    assert result_of(near).flows == result_of(far).flows


def test_a_share_of_a_saving_stops_at_the_last_claim():
    data = plain(
        deal={
            "last_claim": "2021-12-31",
            "payments": [{"id": "s", "kind": "share", "of": {"saving": "c"}, "share": 1, "paid_by": "Council"}],
        },
        forecast={
            "outcomes": [{"id": "work", "per_start": 0.5, "counterfactual": 0, "delay": "6 months"}],
            "savings": [{"id": "c", "outcome": "work", "unit_value": 1, "saved_by": "Council"}],
        },
    )
    # Eight quarters of five outcomes, of which the last two fall in 2022.
    assert result_of(data).payments.total == pytest.approx(30)


def test_a_share_does_not_change_when_capital_is_lost_and_not_repaid():
    data = plain(
        deal={
            "payments": [
                {
                    "id": "s",
                    "kind": "share",
                    "of": {"saving": "c"},
                    "share": 0.5,
                    "once_repaid": 0.1,
                    "paid_by": "Council",
                }
            ],
            "tranches": [{**NOTE, "maturity": "2020-12-31", "interest": {"rate": 0}}],
        },
        forecast={
            "outcomes": [{"id": "work", "per_start": 0.5, "counterfactual": 0}],
            "savings": [{"id": "c", "outcome": "work", "unit_value": 1, "saved_by": "Council"}],
        },
    )
    assert list(flows(result_of(data), "outcome payment").values()) == pytest.approx([2.5] * 8)


def test_after_a_cut_a_ceiling_may_be_used_to_the_full():
    # Starts 10 and 10, ceiling 40 %: 5 are claimed and 4 allowed, then 2, then 3 of which 2 fit in the 8.
    data = plain(
        deal={"payments": [{**WORK, "ceiling": 0.4}]},
        forecast={"cohorts": [{"id": "all", "starts": [10, 10]}], "outcomes": [{"id": "work", "per_start": 0}]},
        actuals={
            "outcomes": [
                {"outcome": "work", "date": day, "value": value}
                for day, value in (("2020-03-31", 5), ("2020-06-30", 2), ("2020-09-30", 3))
            ]
        },
    )
    assert list(flows(result_of(data), "outcome payment").values()) == pytest.approx([4000, 2000, 2000])


def test_a_fee_for_starting_counts_towards_a_cap_per_person():
    # 6,000 for starting and 6,000 for the outcome under 10,000: 100 people, 1.0m.
    fee = {**WORK, "id": "fee", "outcome": "starts", "price": 6_000}
    data = plain(
        deal={
            "payments": [fee, {**WORK, "price": 6_000}],
            "caps": [{"id": "person", "amount": 10_000, "per": "person"}],
        },
        forecast={
            "cohorts": [{"id": "all", "starts": [100]}],
            "outcomes": [{"id": "work", "per_start": 1, "delay": "3 months"}],
            "bundles": [{"id": "all", "share": 1, "claims": {"work": 1}}],
        },
    )
    assert result_of(data).payments.by_rule == pytest.approx({"fee": 600_000, "work": 400_000})


def test_rules_for_different_cohorts_do_not_share_a_persons_cap():
    rules = [{**WORK, "id": name, "price": 6_000, "cohorts": [name]} for name in "ab"]
    data = plain(
        deal={"payments": rules, "caps": [{"id": "person", "amount": 10_000, "per": "person"}]},
        forecast={
            "cohorts": [{"id": name, "starts": [50]} for name in "ab"],
            "outcomes": [{"id": "work", "per_start": 1}],
            "bundles": [{"id": "all", "share": 1, "claims": {"work": 1}}],
        },
    )
    assert result_of(data).payments.total == pytest.approx(600_000)


def test_a_cap_per_person_may_be_drawn():
    data = plain(
        deal={"caps": [{"id": "person", "amount": 500, "per": "person"}]},
        forecast={
            "bundles": [{"id": "some", "share": 0.5, "claims": {"work": 1}}, {"id": "none", "share": 0.5, "claims": {}}]
        },
    )
    done = run(case_of(data), {"deal.caps.person.amount": np.array([500.0, 2000.0])})
    # 40 people claim 1,000 each; 500 or all of it is paid.
    assert done.payments.accepted["work"].sum(axis=0) == pytest.approx([20_000, 40_000])


def test_growth_counts_from_the_start_and_a_month_end_start_is_the_day_before():
    uplifted = {"id": "team", "kind": "per period", "amount": 100, "uplift": 0.10}
    late = plain(deal={"start": "2020-03-31", "service_end": "2022-03-31", "costs": [uplifted]})
    late["deal"]["payments"][0]["first"] = "2019-06-01"
    # Four quarters at 100, four at 110, though a term states an earlier day.
    assert list(flows(result_of(late), "cost").values()) == pytest.approx([100] * 4 + [110] * 4)


def test_a_one_off_cost_stays_on_its_day():
    data = plain(
        deal={"costs": [{"id": "x", "kind": "one-off", "amount": 9, "date": "2020-02-14", "paid": "in advance"}]}
    )
    assert flows(result_of(data), "cost") == {"2020-02-14": 9}


def test_rules_that_follow_each_other_both_count_as_payable():
    data = plain(deal={"payments": [{**WORK, "last": "2020-12-31"}, {**WORK, "id": "later", "first": "2021-01-01"}]})
    assert result_of(data).outcomes["work"].payable == pytest.approx(40)


def test_interest_is_paid_with_each_part_of_the_principal():
    parts = {"kind": "on dates", "amounts": [{"date": "2020-12-31", "amount": 4_000}]}
    note = {**NOTE, "commitment": 10_000, "interest": {"rate": 0.0365}, "repayment": parts, "maturity": "2021-12-31"}
    paid = flows(result_of(plain(deal={"tranches": [note]})), "interest")
    # 365 days of 1.00 a day on 10,000; then 365 days of 0.60 on 6,000.
    assert paid == pytest.approx({"2020-12-31": 365, "2021-12-31": 219})


def test_cashable_net_is_unknown_where_nobody_says_what_is_cashable():
    data = plain(
        forecast={
            "outcomes": [{"id": "work", "per_start": 0.5, "counterfactual": 0}],
            "savings": [{"id": "c", "outcome": "work", "unit_value": 4_000, "saved_by": "Council"}],
        }
    )
    council = result_of(data).payers["Council"]
    assert (council.net, council.net_cashable) == (pytest.approx(120_000), None)
