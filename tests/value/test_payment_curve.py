"""What a rule pays along its levels, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sib.appraisal import appraise
from sib.files import load
from sib.value.payment_curve import payment_curve
from tests.building import case_of, plain


def with_work(**rule):
    data = plain()
    data["deal"]["payments"][0] |= rule
    return data


def with_change(line: dict, rule: dict, **outcome):
    data = plain()
    measured = {"id": "fall", "kind": "change", "good": "less", "measured": "2021-12-31"}
    data["deal"]["outcomes"] = [{**measured, **outcome}]
    data["deal"]["payments"] = [{"id": "fall", "outcome": "fall", "paid_by": "Council", **rule}]
    data["forecast"]["outcomes"] = [{"id": "fall", **line}]
    return data


STEPS = {"kind": "schedule", "points": [{"at": 0.1, "pays": 500}, {"at": 0.15, "pays": 700}]}


def test_levels_that_are_given_are_what_is_run():
    curve = payment_curve(case_of(plain()), "work", np.array([0.0, 10, 40, 55]))
    assert curve.levels.tolist() == [0, 10, 40, 55]
    assert curve.paid.tolist() == pytest.approx([0, 10_000, 40_000, 55_000])
    assert (curve.driver.now, curve.now) == pytest.approx((40, 40_000))
    assert curve.cliffs == ()


def test_the_slope_is_what_one_more_is_worth():
    (slope,) = payment_curve(case_of(plain()), "work").slopes
    assert (slope.start, slope.end, slope.each) == pytest.approx((0, 80, 1_000))


def test_a_cap_bends_the_line_where_it_binds():
    data = plain(deal={"caps": [{"id": "contract", "amount": 33_300}]})
    curve = payment_curve(case_of(data), "work")
    first, second = curve.slopes
    # 33.3 people, which is no level of the grid.
    assert (first.end, second.start, second.each) == pytest.approx((33.3, 33.3, 0), abs=1e-6)
    assert curve.paid_at(33.3) == pytest.approx(33_300)
    assert curve.paid[-1] == pytest.approx(33_300)
    assert curve.before_caps[-1] == pytest.approx(80_000)
    assert curve.cliffs == ()


@pytest.mark.parametrize("line", [{"change": 0.12}, {"per_start": 7.92, "counterfactual": 9}])
def test_the_steps_of_a_schedule_are_cliffs_whichever_way_the_change_is_told(line):
    curve = payment_curve(case_of(with_change(line, STEPS)), "fall")
    assert [(one.at, one.jump, one.one_more) for one in curve.cliffs] == [(0.1, 500, 500), (0.15, 200, 200)]
    assert (curve.driver.now, curve.now) == pytest.approx((0.12, 500))
    assert curve.paid_at(0.0999) == 0
    assert curve.paid_at(0.1) == 500


def test_a_joined_schedule_has_none_however_steep():
    points = [{"at": 0.1, "pays": 0}, {"at": 0.1005, "pays": 500}, {"at": 0.2, "pays": 600}]
    curve = payment_curve(case_of(with_change({"change": 0.12}, STEPS | {"form": "joined", "points": points})), "fall")
    assert curve.cliffs == ()
    assert curve.paid_at(0.10025) == pytest.approx(250, rel=0.2)


def test_a_threshold_pays_all_up_to_it_at_once():
    rule = {"kind": "tariff", "pays_on": "net", "price": 10, "gate": {"outcome": "fall", "at_least": 0.1}}
    curve = payment_curve(case_of(with_change({"per_start": 7.92, "counterfactual": 9}, rule)), "fall")
    (cliff,) = curve.cliffs
    # 80 people, 9 nights each, a tenth of them: 72 nights at 10.
    assert (cliff.at, cliff.jump, cliff.one_more) == pytest.approx((0.1, 720, 720))
    # Beyond it a percentage point is 7.2 nights.
    assert curve.slopes[-1].each == pytest.approx(72)


def test_below_nothing_is_looked_at_where_the_rule_goes_there():
    points = [{"at": -0.05, "pays": -600}, {"at": 0, "pays": 0}, {"at": 0.15, "pays": 1_200}]
    rule = STEPS | {"form": "joined", "points": points, "below": -600}
    curve = payment_curve(case_of(with_change({"change": 0.12}, rule)), "fall")
    assert curve.levels[0] < -0.05
    assert [slope.each for slope in curve.slopes] == pytest.approx([0, 120, 80, 0], abs=1e-6)


def test_a_net_count_is_what_moves_where_only_that_is_paid():
    data = with_work(pays_on="net")
    data["deal"]["outcomes"][0]["good"] = "less"
    data["forecast"]["outcomes"] = [{"id": "work", "per_start": 0.5, "counterfactual": 0.75}]
    curve = payment_curve(case_of(data), "work")
    # 20 fewer than would have been; each further one is worth 1,000.
    assert (curve.driver.now, curve.now, curve.paid[0]) == pytest.approx((20, 20_000, 0))
    assert curve.slopes[0].each == pytest.approx(1_000)


def test_a_rate_is_a_fraction_and_a_point_is_a_hundredth():
    data = with_work(per=0.01, price=50)
    data["deal"]["outcomes"] = [{"id": "work", "kind": "rate", "measured": "2021-12-31"}]
    curve = payment_curve(case_of(data), "work")
    assert curve.driver.fraction
    assert (curve.driver.now, curve.driver.end, curve.slopes[0].each) == pytest.approx((0.5, 1, 50))


def test_a_fee_for_starts_moves_with_the_starts():
    curve = payment_curve(case_of(with_work(outcome="starts", price=100)), "work")
    assert (curve.driver.name, curve.driver.now, curve.now) == ("starts", 80, pytest.approx(8_000))
    assert curve.slopes[0].each == pytest.approx(100)


@pytest.mark.parametrize("outcome", ["periods"])
def test_a_fee_by_the_period_has_no_curve(outcome):
    with pytest.raises(ValueError, match="paid whatever is achieved"):
        payment_curve(case_of(with_work(outcome=outcome, price=100)), "work")


def test_what_was_paid_in_the_past_does_not_hide_the_rule():
    data = plain(actuals={"payments": [{"payment": "work", "date": "2021-12-31", "value": 7}]})
    assert payment_curve(case_of(data), "work").slopes[0].each == pytest.approx(1_000)


def test_an_unknown_rule_is_a_key_error():
    with pytest.raises(KeyError):
        payment_curve(case_of(plain()), "wrok")


@pytest.mark.parametrize(
    ("name", "rule"),
    [("nyc-able", "reduction"), ("educate-girls", "learning"), ("peterborough", "pooled"), ("dc-water", "runoff")],
)
def test_the_cases_own_level_pays_what_the_appraisal_says(name, rule):
    case = load(name)
    assert payment_curve(case, rule).now == pytest.approx(appraise(case).payments.by_rule[rule], abs=1e-6)


def test_the_published_ladder_has_its_cliffs_where_it_was_published():
    cliffs = payment_curve(load("nyc-able"), "reduction").cliffs
    assert [one.at for one in cliffs] == [0.085, 0.1, 0.11, 0.12, 0.125, 0.13, 0.16, 0.2]
    assert [one.jump for one in cliffs[:2]] == [4_800_000, 4_800_000]
    # 2014's gate of 10 %: 1,802 people at 1.55 events, a tenth of them, at 1,700.
    (gate,) = payment_curve(load("peterborough"), "events").cliffs
    assert gate.jump == pytest.approx(1_802 * 1.55 * 0.1 * 1_700)
