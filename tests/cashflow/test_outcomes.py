"""Outcomes, measures and what is net of them, by hand."""

from __future__ import annotations

import pytest

from tests.building import flows, plain, result_of


def test_gross_counterfactual_and_net():
    # 80 start, half find work, a fifth would have: 40 gross, 16 without, 24 net. A gross tariff pays 40.
    data = plain(forecast={"outcomes": [{"id": "work", "per_start": 0.5, "counterfactual": 0.2}]})
    view = result_of(data).outcomes["work"]
    assert (view.gross, view.counterfactual, view.net, view.payable) == pytest.approx((40, 16, 24, 40))


def test_less_is_good_turns_the_sign_of_net():
    data = plain(
        deal={"outcomes": [{"id": "work", "kind": "quantity", "good": "less"}], "payments": []},
        forecast={"outcomes": [{"id": "work", "per_start": 3, "counterfactual": 5}]},
    )
    # 80 x (5 - 3) = 160 fewer: good.
    assert result_of(data).outcomes["work"].net == pytest.approx(160)


def test_only_a_difference_leaves_gross_unknown():
    data = plain(forecast={"outcomes": [{"id": "work", "net": 0.3}]})
    data["deal"]["payments"][0]["pays_on"] = "net"
    view = result_of(data).outcomes["work"]
    assert (view.gross, view.counterfactual) == (None, None)
    assert view.net == pytest.approx(24)
    assert view.payable == pytest.approx(24)


def test_a_delay_counts_from_the_end_of_the_period_of_the_start():
    # Starts of Q1 2020 count on 31 March; six months later is 30 September: 5 people x 1,000.
    data = plain(forecast={"outcomes": [{"id": "work", "per_start": 0.5, "delay": "6 months"}]})
    paid = flows(result_of(data), "outcome payment")
    assert min(paid) == "2020-09-30"
    assert max(paid) == "2022-06-30"
    assert paid["2020-09-30"] == pytest.approx(5000)


def test_a_delay_that_ends_within_a_period_counts_at_its_end():
    # Four months after 31 March is 31 July, within the quarter that ends 30 September.
    data = plain(forecast={"outcomes": [{"id": "work", "per_start": 0.5, "delay": "4 months"}]})
    assert min(flows(result_of(data), "outcome payment")) == "2020-09-30"


def test_nothing_is_paid_for_after_the_last_claim():
    # With a six months' delay, starts from Q3 2021 on come too late for a last claim on 31 Dec 2021: 6 x 5 people.
    data = plain(
        deal={"last_claim": "2021-12-31"},
        forecast={"outcomes": [{"id": "work", "per_start": 0.5, "delay": "6 months"}]},
    )
    result = result_of(data)
    assert result.payments.total == pytest.approx(30_000)
    assert result.outcomes["work"].gross == pytest.approx(30)


def test_segments_can_do_differently():
    # 20 near at 0.8 and 60 far at 0.1: 16 + 6 = 22.
    data = plain(
        forecast={
            "cohorts": [
                {"id": "all", "starts": 80, "segments": [{"id": "near", "share": 0.25}, {"id": "far", "share": 0.75}]}
            ],
            "outcomes": [
                {"id": "near", "outcome": "work", "segments": ["near"], "per_start": 0.8},
                {"id": "far", "outcome": "work", "segments": ["far"], "per_start": 0.1},
            ],
        }
    )
    assert result_of(data).outcomes["work"].gross == pytest.approx(22)


CHANGE = {"id": "events", "kind": "change", "good": "less", "measured": "2022-06-30"}


def change(**outcome: object) -> dict:
    return plain(
        deal={"outcomes": [{**CHANGE, **outcome}], "payments": []},
        forecast={"outcomes": [{"id": "events", "per_start": 1.42, "counterfactual": 1.55}]},
    )


def test_a_relative_change_against_a_control_group():
    # (1.55 - 1.42) / 1.55 = 0.083871
    assert result_of(change()).outcomes["events"].measure == pytest.approx(0.13 / 1.55)


def test_an_absolute_change():
    assert result_of(change(change="absolute")).outcomes["events"].measure == pytest.approx(0.13)


def test_a_contract_baseline_is_what_the_contract_compares_with():
    # The contract compares 1.42 with its baseline of 2.0, whatever the true counterfactual is.
    view = result_of(change(against="contract baseline", baseline=2.0)).outcomes["events"]
    assert view.measure == pytest.approx(0.58 / 2.0)
    assert view.net == pytest.approx(80 * 0.13)


def test_cohorts_are_pooled_by_what_would_have_happened():
    # Cohort a: 100 x (2.0 -> 1.0); cohort b: 300 x (1.0 -> 1.0). Avoided 100 of 500 events: 20 %.
    data = change(measured={"a": "2021-06-30", "b": "2022-06-30"})
    data["forecast"] = {
        "cohorts": [{"id": "a", "starts": 100}, {"id": "b", "starts": 300}],
        "outcomes": [
            {"id": "a", "outcome": "events", "cohorts": ["a"], "per_start": 1.0, "counterfactual": 2.0},
            {"id": "b", "outcome": "events", "cohorts": ["b"], "per_start": 1.0, "counterfactual": 1.0},
        ],
    }
    assert result_of(data).outcomes["events"].measure == pytest.approx(0.2)


def test_a_rate_is_rounded_as_the_contract_says():
    # 37 of 80 is 0.4625, to the nearest whole point 0.46: 46 points at 10 each.
    data = plain(
        deal={
            "outcomes": [{"id": "pass", "kind": "rate", "round_to": 0.01, "measured": "2022-06-30"}],
            "payments": [
                {"id": "pass", "kind": "tariff", "outcome": "pass", "price": 10, "per": 0.01, "paid_by": "Council"}
            ],
        },
        forecast={"outcomes": [{"id": "pass", "per_start": 0.4625}]},
    )
    result = result_of(data)
    assert result.payments.total == pytest.approx(460)
    assert result.outcomes["pass"].gross == pytest.approx(37)
    assert result.outcomes["pass"].payable == pytest.approx(46)


def test_actual_outcomes_replace_the_forecast_up_to_their_last_date():
    # 5 a quarter are expected; 2 were counted by 30 June 2020; six quarters of 5 follow: 32.
    data = plain(actuals={"outcomes": [{"outcome": "work", "date": "2020-06-30", "value": 2}]})
    result = result_of(data)
    assert result.outcomes["work"].gross == pytest.approx(32)
    assert flows(result, "outcome payment")["2020-06-30"] == pytest.approx(2000)
    assert "2020-03-31" not in flows(result, "outcome payment")


def test_a_rate_counts_what_the_contract_accepts():
    # 40 of 80 pass, nine tenths can be evidenced: 0.45, 45 points at 10 each.
    data = plain(
        deal={
            "outcomes": [{"id": "pass", "kind": "rate", "measured": "2022-06-30"}],
            "payments": [
                {"id": "pass", "kind": "tariff", "outcome": "pass", "price": 10, "per": 0.01, "paid_by": "Council"}
            ],
        },
        forecast={"outcomes": [{"id": "pass", "per_start": 0.5, "evidenced": 0.9}]},
    )
    assert result_of(data).outcomes["pass"].measure == pytest.approx(0.45)
    assert result_of(data).payments.total == pytest.approx(450)


def test_the_measure_of_all_cohorts_is_rounded_once():
    # 100 people at 10.6 % and 100 at 10.29 % are 10.445 % together: 10 points. Rounded before, 11 and 10 points would
    # make 10.5, which is 11.
    data = change(good="more", change="absolute", round_to=0.01, measured={"a": "2021-06-30", "b": "2022-06-30"})
    data["forecast"] = {
        "cohorts": [{"id": "a", "starts": 100}, {"id": "b", "starts": 100}],
        "outcomes": [
            {"id": "a", "outcome": "events", "cohorts": ["a"], "per_start": 0.106, "counterfactual": 0},
            {"id": "b", "outcome": "events", "cohorts": ["b"], "per_start": 0.1029, "counterfactual": 0},
        ],
    }
    assert result_of(data).outcomes["events"].measure == pytest.approx(0.10)
