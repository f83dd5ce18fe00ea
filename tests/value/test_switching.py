"""The value of an input at which an answer changes sign, by hand where everything is linear."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

from sib.cashflow.run import run
from sib.value.switching import Switch, cashable_net_of, net_of, npsv_of, switching_values
from tests.building import case_of, plain

DEAL = {
    "start": "2020-12-31",
    "service_end": "2021-12-31",
    "period": "year",
    "costs": [{"id": "team", "kind": "per period", "amount": {"value": 12_000, "low": 10_000, "high": 18_000}}],
    "payments": [{"id": "work", "kind": "tariff", "outcome": "work", "price": 500, "paid_by": "Council"}],
}


def linear(**sections: Any) -> dict[str, Any]:
    """All on one day, a year after the base: 20 net outcomes at 800, less 12,000; 40 gross ones paid at 500."""
    saving = {"id": "care", "outcome": "work", "unit_value": 800, "saved_by": "Council", "cashable": 0.5}
    forecast = {
        "cohorts": [{"id": "all", "starts": 80}],
        "outcomes": [{"id": "work", "per_start": {"value": 0.5, "low": 0.45, "high": 0.55}, "counterfactual": 0.25}],
        "savings": [saving],
    }
    data = plain(deal=DEAL | sections.pop("deal", {}), forecast=forecast | sections.pop("forecast", {}))
    return copy.deepcopy(data | {"appraisal": {"basis": {"discount": 0.035, "inflation": 0.0}}} | sections)


def switches(data: dict[str, Any], answer: Any = npsv_of) -> dict[str, Switch]:
    return {item.path: item for item in switching_values(case_of(data), answer)}


def test_public_value_by_hand():
    found = switches(linear())
    # 80 (p - c) 800 = 12,000 at p - c = 0.1875, and 20 v = 12,000 at 600; costs may rise to 16,000.
    expected = {
        "deal.costs.team.amount": 16_000,
        "forecast.outcomes.work.per_start": 0.4375,
        "forecast.outcomes.work.counterfactual": 0.3125,
        "forecast.savings.care.unit_value": 600,
        "forecast.cohorts.all.starts": 60,
    }
    assert {path: item.switches_at for path, item in found.items()} == pytest.approx(expected)
    assert found["deal.costs.team.amount"].change == pytest.approx(1 / 3)
    assert found["forecast.savings.care.unit_value"].change == pytest.approx(-0.25)


def test_the_nearest_comes_first():
    found = list(switches(linear()).values())
    assert next(item.path for item in found) == "forecast.outcomes.work.per_start"
    distances = [abs(item.change or 0) for item in found]
    assert distances == sorted(distances)


def test_whether_it_is_within_what_is_believed():
    found = switches(linear())
    assert found["deal.costs.team.amount"].within_range is True
    assert found["forecast.outcomes.work.per_start"].within_range is False
    assert found["forecast.outcomes.work.counterfactual"].within_range is None


def test_each_value_turns_the_answer_when_it_is_put_into_the_case():
    case = case_of(linear())
    for item in switching_values(case, npsv_of):
        signs = []
        for factor in (0.99, 1.01):
            changed, _ = case.changed({item.path: item.switches_at * factor})
            signs.append(np.sign(npsv_of(run(changed))[0]))
        assert signs[0] * signs[1] == -1, item.path


def test_a_payers_net_by_hand():
    # Saved 20 x 800 = 16,000, paid 40 x 500 = 20,000: nil at a unit value of 1,000; per start p: 80 (p - 0.25) 800 =
    # 80 p 500, p = 2/3; without the service c: 64,000 (0.5 - c) = 20,000, c = 0.1875.
    found = switches(linear(), net_of("Council"))
    expected = {
        "forecast.savings.care.unit_value": 1_000,
        "forecast.outcomes.work.per_start": 2 / 3,
        "forecast.outcomes.work.counterfactual": 0.1875,
    }
    assert {path: item.switches_at for path, item in found.items()} == pytest.approx(expected)


def test_a_payers_cash_by_hand():
    # Half of 16,000 is cash, 20,000 is paid: a unit value of 2,000 would do; all of the 16,000 would not.
    found = switches(linear(), cashable_net_of("Council"))
    assert found["forecast.savings.care.unit_value"].switches_at == pytest.approx(2_000)
    assert "forecast.savings.care.cashable" not in found


def test_only_to_touch_nothing_is_no_turning():
    # No costs but those of each start: the value is in proportion to the starts, and nothing without any.
    each = [{"id": "each", "kind": "per start", "amount": 150}]
    found = switches(linear(deal={"costs": each}))
    assert "forecast.cohorts.all.starts" not in found
    assert found["deal.costs.each.amount"].switches_at == pytest.approx(200)


def test_where_nothing_turns_it_there_is_none():
    each = [{"id": "each", "kind": "per start", "amount": 1}]
    data = linear(deal={"costs": each})
    data["forecast"]["savings"] = []
    assert switches(data) == {}
    # A value that is not known has no sign.
    assert switches(linear(deal={"costs": []})) == {}
    data = linear()
    data["forecast"]["savings"][0].pop("cashable")
    assert switches(data, cashable_net_of("Council")) == {}


def test_a_negative_input_is_tried_on_both_sides():
    # A unit value cannot be negative, an inflation can: costs in two years' time fall with it.
    data = linear(deal={"start": "2020-12-31"})
    data["appraisal"]["basis"]["inflation"] = {"value": -0.01}
    data["forecast"]["savings"][0] |= {"price_year": 2020}
    found = switches(data)
    assert all(np.isfinite(item.switches_at) for item in found.values())
    assert "forecast.savings.care.unit_value" in found


def test_a_jump_over_nothing_counts_as_turning_there():
    # A step of 12 places at 2,000 each: 24,000 of cash against 20,000 paid, or nothing.
    steps = {"step": 12, "backfill": 0.2, "marginal_cost": 2_000}
    data = linear()
    data["deal"]["service_end"] = "2022-12-31"
    data["deal"]["costs"] = []
    data["forecast"]["cohorts"] = [{"id": "all", "starts": [80, 0]}]
    data["forecast"]["savings"] = [
        {
            "id": "care",
            "outcome": "work",
            "unit_value": 2_000,
            "saved_by": "Council",
            "lasts": "1 year",
            "cashable": steps,
        }
    ]
    found = switches(data, cashable_net_of("Council"))
    # 20 (1 - b) falls below 12 at b = 0.4.
    assert found["forecast.savings.care.cashable.backfill"].switches_at == pytest.approx(0.4, abs=0.001)
