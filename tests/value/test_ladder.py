"""Returns by outcome level and the waterfall of a pound, by hand and by pairs of cases."""

from __future__ import annotations

import numpy as np
import pytest

import sib
from sib.files import bundled
from sib.value.ladder import ladder
from sib.value.outcome_axis import outcome_axis
from sib.value.waterfall_of_a_pound import waterfall_of_a_pound
from tests.building import case_of, plain
from tests.cashflow.test_capital import GUARANTEE, NOTE, funded

SENIOR = {**NOTE, "id": "s", "commitment": 60_000}
JUNIOR = {**NOTE, "id": "j", "commitment": 40_000, "rank": "junior"}


def two(paid: float):
    return case_of(funded(paid, SENIOR, JUNIOR))


def test_one_count_is_its_own_axis_in_its_own_unit():
    # 80 people start, half of them reach it: 40; the axis goes half as far again.
    axis = outcome_axis(case_of(plain(deal={"tranches": [NOTE]})))
    assert (axis.own, axis.unit, axis.counted) == (40, "outcomes", True)
    assert axis.levels[[0, -1]] == pytest.approx([0, 60])


def test_returns_at_each_level():
    # 1,000 for each outcome on 31 Dec 2021, two years of 365 days after 100,000 went out: 121 of them are 10 % a year.
    found = ladder(case_of(funded(130_000, NOTE)), np.array([0.0, 50, 100, 121]))
    assert found.paid == pytest.approx([0, 50_000, 100_000, 121_000])
    assert found.whole.multiple == pytest.approx([0, 0.5, 1, 1.21])
    assert found.whole.loss == pytest.approx([100_000, 50_000, 0, 0])
    assert found.whole.irr.rate == pytest.approx([-1, 0.5**0.5 - 1, 0, 0.10])


def test_the_junior_tranche_loses_first():
    found = ladder(two(130_000), np.array([50.0, 70, 100]))
    # 60 senior: 50, 60 and 60 come back; 40 junior: nothing, 10 and 40.
    assert found.tranches["s"].received == pytest.approx([50_000, 60_000, 60_000])
    assert found.tranches["j"].received == pytest.approx([0, 10_000, 40_000])


@pytest.mark.parametrize("name", bundled())
def test_at_the_cases_own_level_it_is_the_appraisal(name):
    case = sib.load(name)
    axis = outcome_axis(case)
    if axis is None or not case.deal.tranches:
        return
    found, view = ladder(case, np.array([axis.own])), sib.appraise(case).investors
    assert found.whole.drawn == pytest.approx([view.drawn])
    assert found.whole.received == pytest.approx([view.received])
    assert found.whole.irr.rate == pytest.approx([view.irr.rate])


def test_twice_the_price_and_twice_the_capital_change_no_rate():
    data = funded(130_000, NOTE)
    double = funded(130_000, {**NOTE, "commitment": 200_000})
    double["deal"]["payments"] = [{**double["deal"]["payments"][0], "price": 2000}]
    one, other = ladder(case_of(data)), ladder(case_of(double))
    np.testing.assert_allclose(one.whole.irr.rate, other.whole.irr.rate)
    np.testing.assert_allclose(2 * one.whole.loss, other.whole.loss)


def test_a_measure_paid_by_a_schedule_runs_over_its_points():
    axis = outcome_axis(sib.load("nyc-able"))
    assert axis.named == (0.085, 0.10, 0.11, 0.12, 0.125, 0.13, 0.16, 0.20)
    assert axis.own == 0
    # 7.2m drawn; 8.5 % pays 4.8m and the guarantor tops up to 6.0m; 10 % pays 9.6m.
    found = ladder(sib.load("nyc-able"), np.array([0.0849, 0.085, 0.10]))
    assert found.whole.received == pytest.approx([6_000_000, 6_000_000, 9_600_000])


def test_only_what_exceeds_the_counterfactual_moves_where_that_is_paid():
    # 0.5 of 80 against 0.2: 24 more; at 12 more the gross is 16 + 12 = 28.
    data = plain(
        deal={
            "tranches": [NOTE],
            "payments": [{**plain()["deal"]["payments"][0], "pays_on": "net"}],
        },
        forecast={"outcomes": [{"id": "work", "per_start": 0.5, "counterfactual": 0.2}]},
    )
    axis = outcome_axis(case_of(data))
    assert axis.own == pytest.approx(24)
    assert axis.draws(np.array([0, 12, 24]))["forecast.outcomes.work.per_start"] == pytest.approx([0.2, 0.35, 0.5])


def test_no_investor_and_no_outcome_have_no_ladder():
    assert ladder(case_of(plain())) is None
    fee = {"id": "fee", "kind": "tariff", "outcome": "periods", "price": 1000, "paid_by": "Council"}
    assert ladder(case_of(plain(deal={"tranches": [NOTE], "payments": [fee]}))) is None


def test_the_first_pound_repays_the_senior_and_the_last_is_shared():
    found = waterfall_of_a_pound(two(130_000))
    names = [(share.tranche, share.part) for share in found.shares]
    first, last = (dict(zip(names, found.of_a_pound(at), strict=False)) for at in (0, found.own))
    assert first == pytest.approx({**dict.fromkeys(names, 0), ("s", "principal"): 1}, abs=1e-6)
    # Neither has a fixed return: the surplus is shared as 60 to 40.
    assert last == pytest.approx({**dict.fromkeys(names, 0), ("s", "surplus"): 0.6, ("j", "surplus"): 0.4}, abs=1e-6)


@pytest.mark.parametrize("paid", [50_000, 70_000, 130_000])
def test_what_everybody_gets_of_the_receipts_adds_up(paid):
    found = waterfall_of_a_pound(two(paid))
    assert found.own == pytest.approx(paid)
    assert found.receipts[[0, -1]] == pytest.approx([0, 1.5 * paid])
    np.testing.assert_allclose(sum(share.amounts for share in found.shares) + found.rest, found.receipts, atol=1e-6)


def test_a_guarantor_adds_what_receipts_do_not_reach():
    # A guaranteed total of 75,000: all of it without receipts, nothing from receipts of 75,000 on.
    data = funded(130_000, NOTE, guarantees=[GUARANTEE])
    data["deal"]["parties"].append({"id": "Giver", "role": "guarantor"})
    found = waterfall_of_a_pound(case_of(data))
    np.testing.assert_allclose(found.calls, np.maximum(0, 75_000 - found.receipts), atol=1e-4)


def test_a_cap_ends_the_receipts():
    data = funded(130_000, NOTE, caps=[{"id": "contract", "amount": 110_000}])
    found = waterfall_of_a_pound(case_of(data))
    assert (found.own, found.receipts[-1]) == pytest.approx((110_000, 110_000))
