"""Measurement risk of a case's own rules, with the sums by hand."""

from __future__ import annotations

import pytest
from scipy.stats import binom, norm

from sib.files import load
from sib.risk.payment_risk import outcome_risks, payment_risks
from sib.risk.simulation import simulate
from tests.building import case_of, plain

STEP = {"kind": "schedule", "outcome": "fall", "points": [{"at": 0.1, "pays": 500}], "paid_by": "Council"}


def with_fall(rule=STEP, starts=300, line=None, **outcome):
    data = plain()
    data["deal"]["outcomes"] = [{"id": "fall", "kind": "change", "good": "less", "measured": "2021-12-31"} | outcome]
    data["deal"]["payments"] = [{"id": "fall", **rule}]
    data["forecast"]["cohorts"] = [{"id": "all", "starts": starts}]
    data["forecast"]["outcomes"] = [{"id": "fall", **(line or {"per_start": 1.7, "counterfactual": 2.0})}]
    return data


def test_events_against_ten_controls_each():
    (risk,) = payment_risks(case_of(with_fall(controls=10)))
    # sqrt((1/300 + 1/3000)/2) = .042817; true fall .15, trigger .10.
    error = ((1 / 300 + 1 / 3000) / 2) ** 0.5
    assert (risk.error, risk.level, risk.trigger, risk.people, risk.controls) == pytest.approx(
        (error, 0.15, 0.1, 300, 3000)
    )
    assert risk.paid_for_nothing == pytest.approx(norm.sf(0.1 / error), abs=1e-6)
    assert risk.unpaid_for_effect == pytest.approx(norm.cdf((0.1 - 0.15) / error), abs=1e-6)
    assert risk.expected == pytest.approx(500 * norm.sf((0.1 - 0.15) / error), abs=0.01)
    assert (risk.at_mean, [one.jump for one in risk.cliffs]) == (pytest.approx(500), pytest.approx([500]))
    assert risk.power == pytest.approx(norm.cdf(0.15 / error - 1.959964), abs=1e-6)
    # One event fewer among 300 people of whom 600 are expected.
    assert risk.one_person == pytest.approx(1 / 600)


def test_shares_of_people_have_the_power_of_two_proportions():
    data = with_fall(line={"per_start": 0.54, "counterfactual": 0.6}, starts=1000)
    (risk,) = payment_risks(case_of(data))
    assert risk.power == pytest.approx(0.77, abs=0.005)
    assert any("controls" in note for note in risk.notes)


def test_a_historical_rate_has_no_error_of_its_own():
    fixed = with_fall(against="historical rate", baseline=2, line={"per_start": 1.7})
    (risk,) = payment_risks(case_of(fixed))
    assert risk.error == pytest.approx((1 / 300 / 2) ** 0.5)
    assert risk.controls is None


def test_a_cap_bounds_what_is_expected():
    data = with_fall(controls=10)
    data["deal"]["caps"] = [{"id": "contract", "amount": 200}]
    (risk,) = payment_risks(case_of(data))
    (uncapped,) = payment_risks(case_of(with_fall(controls=10)))
    assert risk.expected == pytest.approx(uncapped.expected * 200 / 500, abs=0.01)
    assert risk.paid_for_nothing == pytest.approx(uncapped.paid_for_nothing)


def test_a_rate_against_a_fixed_target():
    data = with_fall(line={"per_start": 0.45, "counterfactual": 0.3}, starts=100)
    data["deal"]["outcomes"] = [{"id": "fall", "kind": "rate", "measured": "2021-12-31"}]
    data["deal"]["payments"][0]["points"] = [{"at": 0.4, "pays": 500}]
    (risk,) = payment_risks(case_of(data))
    # sqrt(.45 x .55/100) = .049749, and where nothing is done sqrt(.3 x .7/100) = .045826.
    assert risk.error == pytest.approx(0.049749, abs=1e-6)
    # Fewer than 40 of 100 people, counted.
    assert risk.unpaid_for_effect == pytest.approx(binom.cdf(39, 100, 0.45), abs=3e-4)
    assert risk.paid_for_nothing == pytest.approx(binom.sf(39, 100, 0.3), abs=3e-4)
    assert risk.one_person == pytest.approx(0.01)
    assert risk.spread == pytest.approx(500 * (binom.cdf(39, 100, 0.45) * binom.sf(39, 100, 0.45)) ** 0.5, rel=0.01)
    told = simulate(case_of(data), 65_536, noise="participants").rows["payments.total"]
    assert (told == 0).mean() == pytest.approx(risk.unpaid_for_effect, abs=0.006)


def test_a_rate_is_of_what_the_payer_accepts():
    # 120 people of whom .45 succeed and .9 of those are accepted: .405; 48 of them reach .40. Nothing done, .3 x .9.
    data = with_fall(line={"per_start": 0.45, "counterfactual": 0.3, "accepted": 0.9}, starts=120)
    data["deal"]["outcomes"] = [{"id": "fall", "kind": "rate", "measured": "2021-12-31"}]
    data["deal"]["payments"][0]["points"] = [{"at": 0.4, "pays": 500}]
    (risk,) = payment_risks(case_of(data))
    assert risk.level == pytest.approx(0.405)
    assert [cliff.at for cliff in risk.cliffs] == pytest.approx([0.4])
    assert risk.unpaid_for_effect == pytest.approx(binom.cdf(47, 120, 0.405), abs=3e-4)
    assert risk.paid_for_nothing == pytest.approx(binom.sf(47, 120, 0.27), abs=3e-4)
    assert risk.expected == pytest.approx(500 * binom.sf(47, 120, 0.405), abs=0.3)
    told = simulate(case_of(data), 65_536, noise="participants").rows["payments.total"]
    assert (told > 0).mean() == pytest.approx(binom.sf(47, 120, 0.405), abs=0.008)


def test_the_spread_of_a_payment_that_jumps():
    # 500 with chance p: standard deviation 500 sqrt(p (1 - p)), here of a step .05 below what is expected.
    (risk,) = payment_risks(case_of(with_fall(controls=10)))
    paid = norm.sf((0.1 - 0.15) / ((1 / 300 + 1 / 3000) / 2) ** 0.5)
    assert risk.spread == pytest.approx(500 * (paid * (1 - paid)) ** 0.5, rel=1e-5)


def test_a_gate_on_a_measure_is_a_risk_of_what_waits_behind_it():
    # 20 for each of 300 who start, paid only if the fall of .15 is measured at .10 or more.
    gated = {"kind": "tariff", "outcome": "starts", "price": 20, "paid_by": "Council",
             "gate": {"outcome": "fall", "at_least": 0.1}}  # fmt: skip
    (risk,) = payment_risks(case_of(with_fall(gated, controls=10)))
    error = ((1 / 300 + 1 / 3000) / 2) ** 0.5
    assert (risk.trigger, risk.cliffs) == (0.1, ())
    assert risk.paid_for_nothing == pytest.approx(norm.sf(0.1 / error), abs=3e-4)
    assert risk.unpaid_for_effect == pytest.approx(norm.cdf((0.1 - 0.15) / error), abs=3e-4)
    assert risk.expected == pytest.approx(6000 * norm.sf((0.1 - 0.15) / error), rel=1e-3)


def test_cohorts_that_are_held_to_their_gate_by_themselves_are_told_one_by_one():
    (events, _) = payment_risks(load("peterborough"))
    # A single cohort of 936 or 866 men and as many controls, 1.55 events each, does nothing and shows .10 or more.
    largest = max((2 / people / 1.55) ** 0.5 for people in (936, 866))
    assert events.trigger == 0.1
    assert events.of_one[0] == pytest.approx(norm.sf(0.1 / largest), abs=1e-3)


def test_a_level_has_its_baseline_to_do_nothing_at():
    data = with_fall(line={"levels": [{"date": "2021-12-31", "value": 0.6}], "standard_error": 0.1})
    data["deal"]["outcomes"] = [{"id": "fall", "kind": "level", "baseline": 0.3}]
    data["deal"]["payments"][0] |= {"points": [{"at": 0.5, "pays": 500}], "measured_over": "each date"}
    (risk,) = payment_risks(case_of(data))
    assert risk.paid_for_nothing == pytest.approx(norm.sf(2), abs=1e-3)
    assert risk.unpaid_for_effect == pytest.approx(norm.sf(1), abs=1e-3)
    del data["deal"]["outcomes"][0]["baseline"]
    (risk,) = payment_risks(case_of(data))
    assert risk.paid_for_nothing is None
    assert any("it has no baseline" in note for note in risk.notes)


def test_two_cohorts_have_two_chances_of_their_gate():
    (events, pooled) = payment_risks(load("peterborough"))
    first, second = events.errors["cohort 1"], events.errors["cohort 2"]
    # Falls of .0839 and .097 against a gate of .10: sqrt(2/936/1.55) = .0371, sqrt(2/866/1.55) = .0386.
    assert (first, second) == pytest.approx((0.0371, 0.0386), abs=5e-5)
    neither = norm.cdf((0.1 - 0.13 / 1.55) / first) * norm.cdf((0.1 - 0.097) / second)
    assert events.unpaid_for_effect == pytest.approx(neither, abs=0.002)
    assert events.paid_for_nothing == pytest.approx(norm.sf(0.1 / first) + norm.sf(0.1 / second), abs=0.001)
    assert events.at_mean == 0
    assert pooled.at_mean > 0


def test_a_simulation_of_people_and_controls_is_paid_as_often():
    case = load("peterborough")
    drawn = simulate(case, 8192, 1, noise="participants").rows
    for risk in payment_risks(case):
        paid = drawn[f"payments.by_rule.{risk.rule}"] > 0
        # Counts are whole, so that the normal error is not the whole truth; sampling adds half a point.
        assert paid.mean() == pytest.approx(1 - risk.unpaid_for_effect, abs=0.03)


def test_a_stated_error_is_used_as_it_is():
    data = with_fall(line={"change": 0.15, "standard_error": 0.05})
    (risk,) = payment_risks(case_of(data))
    assert risk.paid_for_nothing == pytest.approx(norm.sf(2), abs=1e-6)
    assert risk.unpaid_for_effect == pytest.approx(norm.sf(1), abs=1e-6)


def test_overdispersion_widens_the_error_by_its_root():
    line = {"per_start": 1.7, "counterfactual": 2.0}
    (plain_risk,) = payment_risks(case_of(with_fall(line=line)))
    (wide,) = payment_risks(case_of(with_fall(line=line | {"overdispersion": 4})))
    assert wide.error == pytest.approx(2 * plain_risk.error)
    shares = {"per_start": 0.54, "counterfactual": 0.6}
    (people,) = payment_risks(case_of(with_fall(line=shares)))
    (alike,) = payment_risks(case_of(with_fall(line=shares | {"overdispersion": 4})))
    assert alike.error == pytest.approx(2 * people.error)


def test_a_line_for_all_cohorts_is_measured_cohort_by_cohort():
    data = with_fall({"kind": "schedule", "points": STEP["points"], "measured_over": "each cohort"} | STEP)
    data["forecast"]["cohorts"] = [{"id": name, "starts": 300} for name in ("one", "two")]
    (risk,) = payment_risks(case_of(data))
    alone = risk.errors["one"]
    assert risk.errors == {"one": alone, "two": alone}
    assert risk.error == pytest.approx(alone / 2**0.5)


def test_what_cannot_be_told_says_why():
    (risk,) = payment_risks(case_of(with_fall(line={"change": 0.12})))
    assert risk.error is None
    assert "counterfactual" in risk.reason
    assert payment_risks(case_of(plain())) == ()


def test_controls_belong_to_a_control_group():
    with pytest.raises(ValueError, match="control group"):
        case_of(with_fall(against="historical rate", baseline=2, controls=10))


def test_two_gates_on_one_measure_pay_for_nothing_more_often_than_either():
    case = load("peterborough")
    (both,) = outcome_risks(case)
    events, pooled = payment_risks(case)
    assert both.rules == ("events", "pooled")
    assert both.paid_for_nothing > max(events.paid_for_nothing, pooled.paid_for_nothing)
    assert both.paid_for_nothing <= events.paid_for_nothing + pooled.paid_for_nothing
    assert both.unpaid_for_effect < min(events.unpaid_for_effect, pooled.unpaid_for_effect)


def visits():
    """Two cohorts of 300, each with 600 controls, 4 visits a head with twice a Poisson variance, and a gate each."""
    rule = STEP | {"points": [{"at": 0.08, "pays": 300}], "measured_over": "each cohort"}
    line = {"per_start": 3.6, "counterfactual": 4.0, "overdispersion": 2}
    data = with_fall(rule, line=line, controls=2)
    data["forecast"]["cohorts"] = [{"id": name, "starts": 300} for name in ("one", "two")]
    return case_of(data)


def test_the_error_that_is_told_is_the_one_that_the_trigger_reads():
    (risk,) = payment_risks(visits())
    # sqrt(2 (1/300 + 1/600)/4) = .05 for each cohort; pooled, .05/sqrt 2 = .0354.
    assert risk.read == pytest.approx((0.05, 0.05))
    assert risk.error == pytest.approx(0.05 / 2**0.5)
    assert risk.as_dict()["error"] == pytest.approx(0.05)
    assert risk.power == pytest.approx(norm.cdf(0.1 / 0.05 - 1.959964), abs=1e-6)


def test_paid_for_nothing_rests_on_the_first_order_and_the_counts_themselves_say_less():
    (risk,) = payment_risks(visits())
    # First order: a chance of 1 - Phi(.08/.05) = .0548 for each cohort, 1 - (1 - .0548)^2 = .1066 for one of both.
    assert risk.paid_for_nothing == pytest.approx(1 - norm.cdf(1.6) ** 2, abs=0.002)
    # Of the counts: T <= .92 C a head, where T - .92 C has mean 4 x .08 and variance 8 (1/300 + .92^2/600), so that
    # each cohort is paid with a chance of 1 - Phi(1.643) = .0502: .098 for one of both. Drawn anew 400,000 times as
    # negative binomials it is .097: the first order says .009 too much, which the page tells.
    each = norm.sf(0.32 / (8 * (1 / 300 + 0.92**2 / 600)) ** 0.5)
    assert 1 - (1 - each) ** 2 == pytest.approx(0.098, abs=0.0005)
    assert any("first order" in note for note in risk.notes)


def test_what_a_measurement_risks_stands_in_a_simulations_plain_data():
    found = simulate(visits(), 64, 1).as_dict()["measurement"]
    assert list(found) == ["fall"]
    assert set(found["fall"]) == {
        "trigger", "error", "power", "paid_for_nothing", "unpaid_for_effect", "expected", "at_mean",
    }  # fmt: skip
    assert found["fall"]["trigger"] == 0.08
    assert simulate(case_of(plain()), 64, 1).as_dict()["measurement"] == {}
