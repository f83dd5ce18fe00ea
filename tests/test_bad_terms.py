"""Terms that cannot be signed: the error names the clause."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from sib.case import Case
from sib.consistency import contradictions
from tests.building import plain

WORK = {"id": "work", "kind": "tariff", "outcome": "work", "price": 1000, "paid_by": "Council"}
DAYS = {"id": "days", "kind": "change", "measured": "2021-12-31"}


def found(data: dict) -> dict[str, str]:
    return dict(contradictions(Case.from_data(data)))


def refused(data: dict, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Case.from_data(data)


def test_bands_out_of_order():
    points = [{"at": 0.2, "pays": 1}, {"at": 0.1, "pays": 2}]
    rule = {"id": "b", "kind": "schedule", "outcome": "days", "points": points, "paid_by": "Council"}
    refused(plain(deal={"outcomes": [DAYS], "payments": [rule]}), "the points must rise: 0.1 comes after 0.2")


def test_prices_whose_dates_overlap():
    prices = [{"date": "2020-01-01", "price": 1}, {"date": "2020-01-01", "price": 2}]
    rule = {key: value for key, value in WORK.items() if key != "price"} | {"prices": prices}
    refused(plain(deal={"payments": [rule]}), "the dates of the prices overlap")


def test_shares_that_do_not_sum_to_one():
    refused(plain(deal={"payments": [{**WORK, "paid_by": {"Council": 0.9}}]}), "the shares sum to 0.9")


def test_a_cap_below_a_guaranteed_minimum():
    data = plain(
        deal={"caps": [{"id": "all", "amount": 90}], "pots": [{"id": "p", "payments": ["work"], "minimum": 100}]}
    )
    assert "below the minimum 100 that the pot 'p' guarantees" in found(data)["deal.caps.all.amount"]
    refused(
        plain(deal={"pots": [{"id": "p", "payments": ["work"], "minimum": 100, "maximum": 99}]}), "guaranteed minimum"
    )


def test_a_metric_that_no_cohort_produces():
    data = plain(forecast={"outcomes": []})
    assert "nothing is expected of 'work'" in found(data)["deal.payments.work.outcome"]


def test_an_outcome_measured_after_the_last_payment():
    outcome = {"id": "work", "kind": "count", "measured": "2022-01-01"}
    data = plain(deal={"outcomes": [outcome], "last_payment": "2021-12-31"})
    assert "after the last payment 2021-12-31" in found(data)["deal.outcomes.work.measured"]


def test_a_currency_that_differs():
    data = plain(deal={"payments": [{**WORK, "price": {"value": 1000, "unit": "EUR per start"}}]})
    assert found(data) == {
        "deal.payments.work.price": "the unit is EUR, the case is in GBP; convert the number and name its unit."
    }
    data["deal"]["payments"][0]["price"]["unit"] = "GBP per MST place"
    assert found(data) == {}


def test_outcomes_that_follow_each_other_in_a_circle():
    data = plain(deal={"outcomes": [{"id": "work", "kind": "count"}, {"id": "stay", "kind": "count"}]})
    data["forecast"]["outcomes"] = [
        {"id": "work", "per_start": 1, "follows": "stay"},
        {"id": "stay", "per_start": 1, "follows": "work"},
    ]
    assert set(found(data)) == {"forecast.outcomes.work.follows", "forecast.outcomes.stay.follows"}


def test_bundles_that_do_not_come_to_the_average():
    data = plain(forecast={"bundles": [{"id": "all", "share": 1, "claims": {"work": 2}}]})
    assert "the bundles come to 2 a start" in found(data)["forecast.outcomes.work.per_start"]


def test_a_rate_above_one_and_a_level_of_people():
    data = plain(
        deal={"outcomes": [{"id": "work", "kind": "rate"}]}, forecast={"outcomes": [{"id": "work", "per_start": 1.2}]}
    )
    assert "at most 1" in found(data)["forecast.outcomes.work.per_start"]
    data["deal"]["outcomes"][0]["kind"] = "level"
    assert "write levels" in found(data)["forecast.outcomes.work"]


def test_an_investor_who_lends_to_itself():
    data = plain(deal={"tranches": [{"id": "note", "investor": "Charity", "commitment": 1}]})
    assert "lend to itself" in found(data)["deal.tranches.note.investor"]


def test_a_saving_on_an_outcome_whose_net_nobody_knows():
    data = plain(forecast={"savings": [{"id": "care", "outcome": "work", "unit_value": 1, "saved_by": "Council"}]})
    assert "the net of 'work' is not known" in found(data)["forecast.savings.care.outcome"]
    data["forecast"]["outcomes"][0]["counterfactual"] = 0
    assert found(data) == {}


def test_starts_that_no_period_can_hold():
    data = plain(forecast={"cohorts": [{"id": "all", "starts": [1] * 9}]})
    assert "9 numbers for 8 periods" in found(data)["forecast.cohorts.all.starts"]
    data["forecast"]["cohorts"] = [{"id": "all", "starts": 8, "profile": [1] * 5, "first": "2021-01-01"}]
    assert "5 numbers for 4 periods" in found(data)["forecast.cohorts.all.profile"]
    data["forecast"]["cohorts"] = [{"id": "all", "starts": 8, "last": "2022-01-01"}]
    assert "after service ends" in found(data)["forecast.cohorts.all.last"]


def test_percentages_written_as_whole_numbers():
    rule = {
        "id": "b",
        "kind": "tariff",
        "outcome": "days",
        "price": 1,
        "paid_by": "Council",
        "gate": {"outcome": "days", "at_least": 10},
    }
    data = plain(deal={"outcomes": [DAYS], "payments": [rule]}, forecast={"outcomes": [{"id": "days", "change": 11}]})
    assert {path for path, message in found(data).items() if "35 % is 0.35" in message} == {
        "deal.payments.b.gate.at_least",
        "forecast.outcomes.days.change",
    }
    refused(
        plain(deal={"tranches": [{"id": "n", "investor": "Fund", "commitment": 1, "interest": {"rate": 6}}]}), "35 %"
    )
    refused(plain(appraisal={"hurdle": 5}), "35 %")


def test_a_draw_after_the_end():
    draw = {"kind": "on dates", "amounts": [{"date": "2035-01-01", "amount": 1}]}
    data = plain(
        deal={"tranches": [{"id": "n", "investor": "Fund", "commitment": 1, "draw": draw, "maturity": "2021-12-31"}]}
    )
    assert "is after its end 2021-12-31" in found(data)["deal.tranches.n.draw.amounts"]


def test_what_would_be_ignored_is_refused():
    costs = [
        {"id": "team", "kind": "per period", "amount": 1},
        {"id": "top", "kind": "overhead", "share": 0.1, "of": ["team"], "uplift": 0.02},
        {"id": "once", "kind": "one-off", "amount": 1, "date": "2020-02-02", "last": "2020-12-31"},
    ]
    assert set(found(plain(deal={"costs": costs}))) == {"deal.costs.top.uplift", "deal.costs.once.last"}
    segments = [{"id": "near", "share": 0.5}, {"id": "far", "share": 0.5}]
    data = plain(
        deal={"payments": [{**WORK, "segments": ["near"]}]},
        forecast={"cohorts": [{"id": "all", "starts": 80, "segments": segments}]},
        actuals={"outcomes": [{"outcome": "work", "date": "2020-03-31", "value": 1}]},
    )
    assert "make each segment a cohort" in found(data)["actuals.outcomes[0].outcome"]
