"""What the reader of an appraisal must be warned of."""

from __future__ import annotations

import copy
from typing import Any

import sib
from sib.design.warnings import Warned, warnings
from tests.building import plain, result_of

PARTIES = [
    {"id": "Council", "role": "payer"},
    {"id": "Charity", "role": "provider"},
    {"id": "NHS", "role": "other"},
]
CARE = {"id": "care", "outcome": "work", "unit_value": 100, "saved_by": "Council", "cashable": 0.5}


def told(savings: list[dict[str, Any]] = [CARE], **sections: Any) -> dict[str, Warned]:  # noqa: B006
    forecast = {"outcomes": [{"id": "work", "per_start": 0.5, "counterfactual": 0.25}], "savings": savings}
    data = plain(deal={"parties": PARTIES}, forecast=forecast | sections.pop("forecast", {}), **sections)
    return {item.code: item for item in warnings(result_of(copy.deepcopy(data)))}


def test_a_clean_case_has_none():
    assert told() == {}
    assert told(appraisal={"horizon": "2021-12-31"}) == {}


def test_utah_has_no_comparison_group():
    found = {item.code: item for item in warnings(sib.appraise(sib.load("utah-preschool")))}
    assert found["missing-counterfactual"].path == "forecast.outcomes.kindergarten.counterfactual"
    assert "is a judgement and was not measured" in found["missing-counterfactual"].message


def test_a_counterfactual_that_nobody_states():
    found = told(savings=[], forecast={"outcomes": [{"id": "work", "per_start": 0.5}]})
    assert found["missing-counterfactual"].path == "forecast.outcomes.work"
    assert "is not stated" in found["missing-counterfactual"].message


def test_a_counterfactual_of_an_outcome_on_which_nothing_hangs():
    data = {"outcomes": [{"id": "work", "per_start": 0.5}], "savings": []}
    starts = {"id": "fee", "kind": "tariff", "outcome": "starts", "price": 10, "paid_by": "Council"}
    found = warnings(result_of(plain(deal={"payments": [starts]}, forecast=data)))
    assert found == []


def test_savings_that_all_fall_to_one_who_does_not_pay():
    found = told([{**CARE, "saved_by": "NHS"}])["savings-elsewhere"]
    assert found.path == "forecast.savings.care.saved_by"
    # Forty outcomes at 1,000.
    assert "all savings fall to NHS, which does not pay; Council pays 40,000 GBP and saves nothing" in found.message
    assert "savings-elsewhere" not in told([{**CARE, "saved_by": {"NHS": 0.9, "Council": 0.1}}])


def test_services_replaced_are_savings_too():
    old = {"id": "old", "saved_by": "NHS", "a_year": 10, "cashable": 1}
    found = told([], forecast={"replaced": [old]})
    assert found["savings-elsewhere"].path == "forecast.replaced.old.saved_by"
    old = {"id": "old", "saved_by": "Council", "a_year": 10}
    assert told(forecast={"replaced": [old]})["cashable-not-stated"].path == "forecast.replaced.old"


def test_a_horizon_before_the_last_saving():
    found = told([{**CARE, "lasts": "5 years"}], appraisal={"horizon": "2022-12-31"})["horizon-before-last-saving"]
    assert found.path == "appraisal.horizon"
    # The last outcome comes on 31 December 2021.
    assert "the appraisal ends 2022-12-31, but 'care' goes on until 2026-12-31" in found.message
    joy = {"id": "joy", "kind": "social", "outcome": "work", "unit_value": 1, "lag": "2 years"}
    assert "'joy'" in told(appraisal={"horizon": "2022-12-31"}, forecast={"benefits": [joy]})[
        "horizon-before-last-saving"
    ].message  # fmt: skip


def test_cash_of_which_nobody_knows():
    found = told([{key: CARE[key] for key in CARE if key != "cashable"}])["cashable-not-stated"]
    assert found.path == "forecast.savings.care"
    assert "freed capacity is not cash" in found.message


def test_the_gravest_comes_first():
    item = {**CARE, "saved_by": "NHS", "lasts": "5 years"}
    del item["cashable"]
    forecast = {"outcomes": [{"id": "work", "per_start": 0.5, "counterfactual": {"value": 0.1, "grade": 6}}]}
    found = told([item], forecast=forecast, appraisal={"horizon": "2022-12-31"})
    assert list(found) == [
        "savings-elsewhere",
        "missing-counterfactual",
        "horizon-before-last-saving",
        "cashable-not-stated",
    ]
