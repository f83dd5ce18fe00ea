"""A stop-or-go rule after the first cohort, with the sums by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from sib.problems import CaseError
from sib.risk.staging import staging
from tests.building import case_of
from tests.risk.linear import linear


def in_two_stages(rate=0.5, **expected):
    """100 people a year for two years; each outcome, known at the year's end, pays 1,000."""
    data = linear()
    data["deal"] |= {"service_end": "2021-12-31", "tranches": []}
    data["deal"]["costs"] = [{"id": "team", "kind": "per period", "amount": 45_000}]
    data["forecast"]["cohorts"] = [
        {"id": "first", "starts": 100, "last": "2020-12-31"},
        {"id": "second", "starts": 100, "first": "2021-01-01"},
    ]
    data["forecast"]["outcomes"] = [{"id": "work", "per_start": rate, **expected}]
    return data


def test_the_chance_of_going_on_is_that_of_the_measure():
    found = staging(case_of(in_two_stages()), "work", go_at=0.45)
    # At least 45 of 100 people with a chance of a half each.
    assert found.goes_on == pytest.approx(binom.sf(44, 100, 0.5), abs=0.02)
    assert (found.cohort, found.later, found.decided.isoformat()) == ("first", ("second",), "2020-12-31")
    # It stops only by mistake: 50 % is truly above 45 %.
    assert found.right_to_stop == 0


def test_what_stopping_costs_is_what_the_second_year_would_have_earned():
    found = staging(case_of(in_two_stages()), "work", go_at=0.45, shown=("provider.margin", "payments.total"))
    margin, paid = found.results
    # 50,000 a year are paid and 45,000 spent; the second year's luck does not hang on the first's. The mean of 4,096
    # scenarios of a year lies within five errors of 1,000 sqrt(25/4096) = 78.
    assert (margin.at_once, margin.stopped) == pytest.approx((10_000, 5_000), abs=500)
    assert margin.gain == pytest.approx(-5_000 * (1 - found.goes_on), abs=5 * margin.error)
    assert (paid.at_once, paid.stopped) == pytest.approx((100_000, 50_000), abs=500)
    assert paid.staged == pytest.approx(50_000 + 50_000 * found.goes_on, abs=500)
    assert margin.error < 50


def test_who_is_stopped_is_who_was_paid_less():
    # The decision reads what the contract pays on: where fewer than 45 of the first 100 succeed it stops, and the mean
    # payment of those scenarios is that of so few: E[X | X <= 44] for a binomial of 100 and a half.
    found = staging(case_of(in_two_stages()), "work", go_at=0.45, shown=("payments.total",)).results[0]
    few = np.arange(45)
    mean = (few * binom.pmf(few, 100, 0.5)).sum() / binom.cdf(44, 100, 0.5)
    stops = binom.cdf(44, 100, 0.5)
    above = (100 * 0.5 - stops * mean) / (1 - stops)
    assert found.staged == pytest.approx(1000 * (stops * mean + (1 - stops) * (above + 50)), abs=600)


def test_where_success_is_uncertain_stopping_saves_what_failure_would_have_cost():
    data = in_two_stages({"value": 0.5, "distribution": "empirical", "values": [0.2, 0.8]})
    margin = staging(case_of(data), "work", go_at=0.5, shown=("provider.margin",)).results[0]
    # Half the time 20,000 - 45,000 in the second year, which the rule avoids; 7.5 errors lie between.
    assert margin.at_once == pytest.approx(10_000, abs=200)
    assert margin.gain == pytest.approx(12_500, abs=200)


def test_a_level_named_by_a_rule_is_the_one_to_decide_by():
    data = in_two_stages()
    data["deal"]["outcomes"] = [{"id": "work", "kind": "rate", "measured": {"first": "2020-12-31", "second": "2021-12-31"}}]  # noqa: E501  # fmt: skip
    data["deal"]["payments"] = [
        {"id": "work", "kind": "schedule", "outcome": "work", "points": [{"at": 0.4, "pays": 50_000}],
         "measured_over": "each cohort", "paid_by": "Council"}
    ]  # fmt: skip
    found = staging(case_of(data), "work")
    assert (found.go_at, found.goes_on) == (0.4, pytest.approx(binom.sf(39, 100, 0.5), abs=0.02))
    assert {one.output for one in found.results} >= {"payments.total", "provider.margin", "payers.Council.net"}


@pytest.mark.parametrize(
    ("changes", "question", "said"),
    [
        ({}, ("work", None), "give go_at"),
        ({}, ("wrk", 0.5), "no outcome of this case"),
        ({"cohorts": [{"id": "all", "starts": 100}]}, ("work", 0.5), "one cohort only"),
        ({"cohorts": [{"id": "a", "starts": 100}, {"id": "b", "starts": 10}]}, ("work", 0.5), "all others have begun"),
    ],
)
def test_a_plan_that_cannot_be_staged_says_why(changes, question, said):
    data = in_two_stages()
    data["forecast"] |= changes
    with pytest.raises(CaseError, match=said):
        staging(case_of(data), *question)
