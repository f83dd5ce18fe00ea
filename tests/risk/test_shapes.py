"""What pictures of a simulation are drawn from, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from sib.risk.fan import fan_of, party_to_show
from sib.risk.paid_chances import paid_chances
from sib.risk.payment_risk import payment_risks
from sib.risk.shapes import shape_of
from sib.risk.simulation import simulate
from sib.risk.two_way import widest_grid
from tests.building import case_of
from tests.risk.linear import linear
from tests.risk.test_payment_risk import with_fall


def whole(shape):
    return sum(atom.share for atom in shape.atoms) + shape.shares.sum() + shape.below + shape.above


def test_a_cap_is_an_atom_with_its_name():
    # From ten outcomes on 9,500 of 10,000 come back: -5 %.
    runs = simulate(case_of(linear(deal={"caps": [{"id": "contract", "amount": 9_500}]})), 4096)
    shape = shape_of(runs)
    atom = next(atom for atom in shape.atoms if atom.value == -0.05)
    assert atom.cap == "contract"
    assert atom.share == runs.probabilities["payments.cut_by.contract"]
    assert whole(shape) == pytest.approx(1)


def test_a_total_loss_is_an_atom():
    # 20 people with one chance in twenty: nobody succeeds in .95^20 = .358 of scenarios.
    data = linear(forecast={"outcomes": [{"id": "work", "per_start": 0.05}]})
    shape = shape_of(simulate(case_of(data), 4096))
    assert shape.atoms[0].value == -1
    assert shape.atoms[0].share == pytest.approx(0.95**20, abs=0.03)
    assert whole(shape) == pytest.approx(1)


def test_without_single_values_all_is_spread_in_bars_of_a_round_width():
    runs = simulate(case_of(linear()), 4096, noise="parameters")
    shape = shape_of(runs)
    assert shape.atoms == ()
    # From -20 to 40 % in 22 bars or more: 5 percentage points are the next round width above 60/22.
    assert np.diff(shape.edges) == pytest.approx(0.05)
    assert (shape.edges[0], shape.edges[-1]) == pytest.approx((-0.2, 0.4))
    assert whole(shape) == pytest.approx(1)


def test_a_fan_ends_where_the_results_do():
    runs = simulate(case_of(linear()), 4096)
    fan = fan_of(runs, "investors")
    gain = runs.rows["investors.received"] - runs.rows["investors.drawn"]
    assert fan.cash[:, -1] == pytest.approx(np.quantile(gain, (0.05, 0.25, 0.5, 0.75, 0.95)))
    assert fan.cash[:, 0] == pytest.approx(-10_000)
    assert (fan.base[0], fan.base[-1], fan.scenarios) == (-10_000, pytest.approx(0), 4096)


def test_a_fan_is_of_whose_cash_moves():
    assert party_to_show(simulate(case_of(linear()), 4096)) == "investors"
    still = case_of(linear(forecast={"outcomes": [{"id": "work", "per_start": 0.5}]}))
    assert party_to_show(simulate(still, 64, noise="parameters")) is None


def test_the_chance_of_a_payment_rises_through_a_half_at_the_trigger():
    case = case_of(with_fall(controls=10))
    (found,) = paid_chances(case, payment_risks(case))
    # A true fall of .15, a trigger of .10, a standard error of sqrt((1/300 + 1/3000)/2) whatever the effect.
    error = ((1 / 300 + 1 / 3000) / 2) ** 0.5
    assert (found.nothing[0], found.expected[0], found.levels[-1]) == pytest.approx((0, 0.15, 0.3))
    assert found.together == pytest.approx(norm.cdf((found.levels - 0.1) / error), abs=0.003)
    assert found.triggers == {"fall": 0.1}


def test_where_the_error_is_not_told_there_is_nothing_to_draw():
    case = case_of(with_fall(line={"change": 0.12}))
    assert paid_chances(case, payment_risks(case)) == ()


def test_the_two_widest_swings_make_the_grid():
    data = linear()
    data["forecast"]["cohorts"] = [{"id": "all", "starts": {"value": 20, "low": 10, "high": 30}}]
    found = widest_grid(case_of(data))
    # IRR = starts x rate/10 - 1: starts move it by 1.0, the rate by 0.6.
    assert (found.first, found.second) == ("forecast.cohorts.all.starts", "forecast.outcomes.work.per_start")
    assert found.values.shape == (5, 5)
    assert (found.values[0, 0], found.values[-1, -1]) == pytest.approx((10 * 0.4 / 10 - 1, 30 * 0.7 / 10 - 1))


def test_one_range_makes_no_grid():
    assert widest_grid(case_of(linear())) is None
