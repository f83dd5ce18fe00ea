"""Sampling noise of participants: payments follow what is measured, savings what really happened."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

import sib
from sib.cashflow.run import Run, run
from sib.chance import CELL, Chance
from tests.building import case_of, plain

SCENARIOS = 4 * CELL
BENCHMARK = Path(__file__).parents[1] / "benchmarks" / "three-tranches.yaml"


def by_chance(data: dict, scenarios: int = SCENARIOS) -> Run:
    return run(case_of(data), chance=Chance(3, 0, scenarios))


def paid(found: Run) -> np.ndarray:
    return np.asarray(sum(found.payments.paid.values())).sum(axis=0)


def counts(found: Run, outcome: str = "work") -> np.ndarray:
    return np.asarray(sum(found.outcomes[outcome].gross.values()))


def expecting(*outcomes: dict, starts: object = 80, **sections: object) -> dict:
    return plain(forecast={"cohorts": [{"id": "all", "starts": starts}], "outcomes": list(outcomes)}, **sections)


def assert_mean(found: np.ndarray, mean: float, sd: float) -> None:
    """Within five standard errors of the mean, and the spread within a twentieth."""
    assert found.mean() == pytest.approx(mean, abs=5 * sd / np.sqrt(found.size))
    assert found.std() == pytest.approx(sd, rel=0.05)


def test_a_count_once_a_person_is_binomial():
    # 80 people, a half each, 1,000 a head: mean 40,000, variance 80 x 1/4 = 20.
    assert_mean(paid(by_chance(expecting({"id": "work", "per_start": 0.5}))), 40_000, 1000 * np.sqrt(20))


def test_overdispersion_is_a_multiple_of_the_variance():
    found = by_chance(expecting({"id": "work", "per_start": 0.5, "overdispersion": 3}, starts=[80]))
    assert_mean(paid(found), 40_000, 1000 * np.sqrt(60))
    found = by_chance(expecting({"id": "work", "per_start": 2, "overdispersion": 3}, starts=[80]))
    assert_mean(paid(found), 160_000, 1000 * np.sqrt(480))


def test_what_repeats_is_poisson():
    # 1.5 of each of 80: mean and variance 120.
    found = counts(by_chance(expecting({"id": "work", "per_start": 1.5})))
    assert np.array_equal(found, np.round(found))
    assert_mean(found.sum(axis=0), 120, np.sqrt(120))


def test_savings_follow_what_really_happened_less_what_was_expected_anyway():
    # 5,000 for each success less the 80 x 0.2 = 16 that would have been anyway.
    data = expecting({"id": "work", "per_start": 0.5, "counterfactual": 0.2})
    data["forecast"]["savings"] = [{"id": "s", "outcome": "work", "unit_value": 5_000, "saved_by": "Council"}]
    found = by_chance(data)
    assert found.savings[0].gross.sum(axis=0) == pytest.approx(5_000 * (counts(found).sum(axis=0) - 16))


def test_the_second_outcome_comes_of_those_who_really_had_the_first():
    data = expecting({"id": "work", "per_start": 0.5}, {"id": "stay", "follows": "work", "per_start": 0.6}, starts=[80])
    data["deal"]["outcomes"].append({"id": "stay", "kind": "count"})
    found = by_chance(data)
    first, second = counts(found)[:, :], counts(found, "stay")
    assert (second <= first).all()
    # Of 80 each stays with 0.3: binomial too.
    assert_mean(second.sum(axis=0), 24, np.sqrt(80 * 0.3 * 0.7))


def test_a_delay_that_is_spread_sends_each_success_one_way():
    delay = [{"after": "3 months", "share": 0.6}, {"after": "9 months", "share": 0.4}]
    found = counts(by_chance(expecting({"id": "work", "per_start": 0.5, "delay": delay}, starts=[80])))
    assert np.array_equal(found, np.round(found))
    early, late = found[found.any(axis=1)]
    assert_mean(early + late, 40, np.sqrt(20))
    # Of 80 each comes early with 0.3, late with 0.2.
    assert_mean(early, 24, np.sqrt(80 * 0.3 * 0.7))
    assert_mean(late, 16, np.sqrt(80 * 0.2 * 0.8))


def test_those_who_are_referred_take_it_up_by_chance():
    # Of 100 referred each starts with 0.7 and then succeeds with 0.5: binomial with 0.35 of 100.
    data = expecting({"id": "work", "per_start": 0.5})
    data["forecast"]["cohorts"] = [{"id": "all", "referrals": [100], "take_up": 0.7}]
    found = by_chance(data)
    starts = np.asarray(sum(group.starts for group in found.groups)).sum(axis=0)
    assert_mean(starts, 70, np.sqrt(100 * 0.7 * 0.3))
    assert_mean(counts(found).sum(axis=0), 35, np.sqrt(100 * 0.35 * 0.65))


def test_those_who_are_still_there_at_an_instalment_are_so_by_chance():
    # Each of 80 who succeed is paid for after a month with 0.5, after two with 0.25. Payments for one person: none
    # with 0.5, one with 0.25, two with 0.25; mean 0.75, variance 0.25 + 4 x 0.25 - 0.75^2 = 0.6875.
    data = expecting({"id": "work", "per_start": 1, "continues": 0.5}, starts=[80])
    data["deal"]["payments"][0]["instalments"] = {"count": 2, "every": "1 month"}
    assert_mean(paid(by_chance(data)), 1000 * 60, 1000 * np.sqrt(80 * 0.6875))


def test_a_net_that_is_only_known_as_such_continues_as_expected():
    data = expecting({"id": "work", "net": 0.49, "continues": 0.5}, starts=[80])
    data["deal"]["payments"][0] |= {"pays_on": "net", "instalments": {"count": 2, "every": "1 month"}}
    assert np.unique(paid(by_chance(data))) == pytest.approx([1000 * 80 * 0.49 * 0.75])


def measured_as(outcome: dict, *expected: dict) -> np.ndarray:
    data = expecting(*expected, starts=[200])
    data["deal"] |= {"outcomes": [{"id": "work", "measured": "2022-06-30", **outcome}], "payments": []}
    return by_chance(data).outcomes["work"].measurements[0].value


def test_a_rate_is_measured_on_the_people_of_the_cohort():
    assert_mean(measured_as({"kind": "rate"}, {"id": "work", "per_start": 0.3}), 0.3, np.sqrt(0.3 * 0.7 / 200))


def test_a_change_is_measured_with_the_error_that_is_stated_or_none():
    stated = {"id": "work", "change": 0.1, "standard_error": 0.04}
    assert_mean(measured_as({"kind": "change"}, stated), 0.1, 0.04)
    assert measured_as({"kind": "change"}, {"id": "work", "change": 0.1}).tolist() == [0.1]


def test_the_noise_of_a_control_group_is_in_the_measure_and_not_in_the_saving():
    # 200 people at 0.5, a control group half as large at 0.3: variance 0.25/200 + 0.21/100. The true net count varies
    # by the participants alone: 200 x 0.25.
    data = expecting({"id": "work", "per_start": 0.5, "counterfactual": 0.3}, starts=[200])
    outcome = {"id": "work", "kind": "change", "change": "absolute", "measured": "2022-06-30", "controls": 0.5}
    data["deal"] |= {"outcomes": [outcome], "payments": []}
    found = by_chance(data).outcomes["work"]
    assert_mean(found.measurements[0].value, 0.2, np.sqrt(0.25 / 200 + 0.21 / 100))
    assert_mean(sum(found.net.values()).sum(axis=0), 40, np.sqrt(200 * 0.25))


def net_of_controls(starts: int, controls: float | None, **more: Any) -> Run:
    """1,000 for each fewer than a control group has: 1.4 events a head against 1.6."""
    line = {"id": "work", "per_start": 1.4, "counterfactual": 1.6, **more}
    data = expecting(line, starts=[starts])
    outcome = {"id": "work", "kind": "change", "good": "less", "measured": "2021-12-31"}
    outcome |= {} if controls is None else {"controls": controls}
    rule = {"id": "work", "kind": "tariff", "outcome": "work", "price": 1000, "pays_on": "net", "paid_by": "Council"}
    data["deal"] |= {"outcomes": [outcome], "payments": [rule]}
    data["forecast"]["savings"] = [{"id": "s", "outcome": "work", "unit_value": 5_000, "saved_by": "Council"}]
    return by_chance(data)


@pytest.mark.parametrize("controls", [None, 4.0])
def test_a_net_tariff_pays_on_the_control_group_as_it_was_measured(controls):
    # 10,000 people are far from the floor at nothing: 2,000 fewer; variance 14,000 of their own events, and 16,000 of
    # as many controls, or 16,000 / 4 of four for each. Savings vary by the participants' events alone.
    found = net_of_controls(10_000, controls)
    assert_mean(paid(found), 2_000_000, 1000 * np.sqrt(14_000 + 16_000 / (controls or 1)))
    assert_mean(found.savings[0].gross.sum(axis=0), 10_000_000, 5_000 * np.sqrt(14_000))


def test_a_net_count_without_a_control_group_is_compared_with_what_was_expected():
    data = expecting({"id": "work", "per_start": 0.5, "counterfactual": 0.1}, starts=[400])
    data["deal"]["payments"][0]["pays_on"] = "net"
    # 200 less 40; variance 400 / 4.
    assert_mean(paid(by_chance(data)), 160_000, 1000 * np.sqrt(100))


def test_what_is_evidenced_and_accepted_is_so_by_chance():
    # Of 400 each succeeds, is evidenced and accepted with 0.5 x 0.8 x 0.5 = 0.2: binomial; the true count with 0.5.
    found = by_chance(expecting({"id": "work", "per_start": 0.5, "evidenced": 0.8, "accepted": 0.5}, starts=[400]))
    assert_mean(paid(found), 80_000, 1000 * np.sqrt(400 * 0.2 * 0.8))
    assert_mean(counts(found).sum(axis=0), 200, np.sqrt(100))
    claims = found.outcomes["work"]
    for one, whole in ((claims.accepted, claims.evidenced), (claims.evidenced, claims.gross)):
        assert (sum(one.values()).dense() <= sum(whole.values()).dense()).all()


def test_what_is_claimed_again_comes_of_what_was_rejected():
    line = {"id": "work", "per_start": 0.5, "accepted": 0.5, "claimed_again": {"share": 0.4, "after": "6 months"}}
    # Of 400 each is paid with 0.5 x (0.5 + 0.5 x 0.4) = 0.35.
    found = by_chance(expecting(line, starts=[400]))
    assert_mean(paid(found), 140_000, 1000 * np.sqrt(400 * 0.35 * 0.65))


def test_a_difference_that_is_only_known_as_such_has_no_noise():
    data = expecting({"id": "work", "net": 0.25, "evidenced": 0.9}, starts=[80])
    data["deal"]["payments"][0]["pays_on"] = "net"
    assert np.unique(paid(by_chance(data, CELL))) == pytest.approx([18_000])


def test_levels_are_measured_with_the_error_that_is_stated():
    levels = [{"date": "2021-12-31", "value": 50}]
    found = measured_as({"kind": "level", "measured": None}, {"id": "work", "levels": levels, "standard_error": 2})
    assert_mean(found, 50, 2)


def test_what_is_known_has_no_noise():
    data = expecting({"id": "work", "per_start": 0.5})
    data["actuals"] = {"outcomes": [{"outcome": "work", "date": "2021-12-31", "value": 33}]}
    assert paid(by_chance(data, CELL)) == pytest.approx(33_000)


def test_the_mean_over_noise_is_the_run_without_it():
    # Without its caps the benchmark's payments are linear in the counts; five standard errors.
    case = sib.load(BENCHMARK).changed({"deal.caps": []})[0]
    found, base = paid(run(case, chance=Chance(5, 0, SCENARIOS))), paid(run(case))[0]
    assert found.mean() == pytest.approx(base, abs=5 * found.std() / np.sqrt(SCENARIOS))


def test_one_block_or_several_draw_the_same():
    case = sib.load(BENCHMARK)
    whole = paid(run(case, chance=Chance(5, 0, 2 * CELL + 5)))
    parts = [paid(run(case, chance=Chance(5, first, size))) for first, size in ((0, CELL), (CELL, CELL), (2 * CELL, 5))]
    assert np.array_equal(whole, np.concatenate(parts))


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        ({"id": "work", "change": 0.1, "overdispersion": 2}, "overdispersion stands beside per_start"),
        ({"id": "work", "per_start": 0.5, "overdispersion": 0.5}, "it must be at least 1"),
        ({"id": "work", "per_start": 0.5, "standard_error": 0.1}, "standard_error stands beside change or levels"),
        ({"id": "work", "change": 0.1, "standard_error": -0.1}, "must not be negative"),
    ],
)
def test_noise_of_the_wrong_kind_is_refused(outcome, said):
    with pytest.raises(ValidationError, match=said):
        case_of(expecting(outcome))


def test_noise_is_written_as_it_was_read():
    written = {"id": "work", "per_start": 0.5, "overdispersion": {"value": 2, "low": 1, "high": 3}}
    case = case_of(expecting(written))
    assert case.data()["forecast"]["outcomes"] == [written]
    assert type(case).from_data(case.data()) == case
