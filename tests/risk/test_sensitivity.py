"""What an output hangs on, with the sums by hand."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from sib.appraisal import appraise
from sib.files import load
from sib.problems import CaseError
from sib.risk.importance import importance
from sib.risk.sensitivity import grid, sensitivity
from sib.risk.solving import solve
from tests.building import case_of
from tests.risk.linear import linear


def with_costs():
    data = linear()
    data["forecast"]["cohorts"][0]["starts"] = {"value": 20, "low": 18, "high": 22}
    return data


def test_each_assumption_is_taken_to_both_ends_of_its_own_range():
    wide, narrow = sensitivity(case_of(with_costs()))
    # 20 x .4 x 1,000 on 10,000 is -20 %, 20 x .7 x 1,000 is 40 %; 18 and 22 starts are -10 % and 10 %.
    assert wide.as_dict() == pytest.approx(
        {"path": "forecast.outcomes.work.per_start", "low": 0.4, "high": 0.7, "at_low": -0.2, "at_high": 0.4}
    )
    assert (narrow.path, narrow.at_low, narrow.at_high) == (
        "forecast.cohorts.all.starts", pytest.approx(-0.1), pytest.approx(0.1),
    )  # fmt: skip


def test_any_output_of_any_party_can_be_asked():
    (wide, _) = sensitivity(case_of(with_costs()), "payers.Council.net")
    assert (wide.at_low, wide.at_high) == pytest.approx((-8_000, -14_000))


@pytest.mark.parametrize("name", ["peterborough", "essex-mst"])
def test_a_row_is_what_a_case_with_that_number_gives(name):
    case = load(name)
    row = sensitivity(case, "payments.total")[0]
    for end, at in ((row.low, row.at_low), (row.high, row.at_high)):
        assert at == pytest.approx(appraise(case.changed({row.path: end})[0]).payments.total)


def test_where_an_output_ceases_to_exist_there_is_none_and_the_row_comes_first():
    data = with_costs()
    data["deal"]["tranches"][0]["draw"] = "as needed"
    data["deal"]["costs"] = [{"id": "team", "kind": "per period", "amount": {"value": 10, "low": 0, "high": 20}}]
    data["deal"]["costs"][0]["first"] = "2020-01-01"
    rows = sensitivity(case_of(data), "investors.multiple")
    assert all(one.size >= two.size for one, two in pairwise(rows))


def test_a_case_without_ranges_has_no_rows():
    data = linear(forecast={"outcomes": [{"id": "work", "per_start": 0.5}]})
    assert sensitivity(case_of(data)) == ()
    assert importance(case_of(data)) == ()


def test_an_output_that_is_not_there_is_told_with_the_nearest():
    with pytest.raises(CaseError, match=r"did you mean 'investors\.irr'"):
        sensitivity(case_of(linear()), "investor.irr")
    with pytest.raises(CaseError, match="one number"):
        sensitivity(case_of(linear()), "investors.irr_status")


def test_a_grid_builds_the_whole_deal_in_each_cell():
    price, rate = "deal.payments.work.price", "forecast.outcomes.work.per_start"
    found = grid(case_of(linear()), (price, [900, 1000, 1100]), (rate, [0.4, 0.5]), "investors.irr")
    # 20 x rate x price/10,000 - 1.
    assert found.values == pytest.approx(np.array([[-0.28, -0.1], [-0.2, 0], [-0.12, 0.1]]))


def test_a_grid_may_be_over_days():
    days = ("deal.payments.work.last", ["2020-06-30", "2020-12-31"])
    data = linear()
    data["deal"]["payments"][0]["last"] = "2020-12-31"
    found = grid(case_of(data), days, ("deal.payments.work.price", [1000, 2000]), "payments.total")
    assert found.values.tolist() == [[0, 0], [10_000, 20_000]]


def test_a_cell_that_the_case_cannot_hold_is_refused():
    with pytest.raises(CaseError, match="negative"):
        grid(case_of(linear()), ("deal.payments.work.price", [-1]), ("appraisal.hurdle", [0.1]), "investors.irr")


def test_a_sum_of_two_equal_spreads_is_half_of_each():
    data = linear()
    spread = {"value": 5_000, "low": 4_000, "high": 6_000, "distribution": "uniform"}
    data["forecast"]["outcomes"] = [{"id": "work", "per_start": 0.5}]
    data["deal"]["costs"] = [{"id": name, "kind": "per period", "amount": spread} for name in ("one", "two")]
    first, second = importance(case_of(data), "provider.cost")
    for one in (first, second):
        assert (one.alone, one.total) == pytest.approx((0.5, 0.5), abs=0.02)
        # Ranks of a sum against ranks of its parts: near 1/sqrt 2.
        assert one.rank == pytest.approx(0.7, abs=0.02)


def test_what_moves_nothing_explains_nothing():
    wide, idle = importance(case_of(with_idle()), "payments.total")
    assert (wide.total, idle.total) == pytest.approx((1, 0), abs=0.01)
    assert idle.rank == pytest.approx(0, abs=0.02)


def with_idle():
    data = linear()
    data["deal"]["costs"] = [{"id": "team", "kind": "per period", "amount": {"value": 5, "low": 4, "high": 6}}]
    return data


def test_shares_of_one_whole_make_room_for_the_one_that_is_moved():
    data = linear()
    data["forecast"]["cohorts"][0]["segments"] = [
        {"id": "near", "share": {"value": 0.5, "low": 0.3, "high": 0.8}},
        {"id": "far", "share": 0.5},
    ]
    data["forecast"]["outcomes"] = [
        {"id": "near", "outcome": "work", "segments": ["near"], "per_start": 0.8},
        {"id": "far", "outcome": "work", "segments": ["far"], "per_start": 0.2},
    ]
    (row,) = sensitivity(case_of(data), "payments.total")
    # 20 x (.3 x .8 + .7 x .2) and 20 x (.8 x .8 + .2 x .2), at 1,000 each.
    assert (row.at_low, row.at_high) == pytest.approx((7_600, 13_600))


def test_what_only_a_simulation_prints_can_be_asked_too():
    (wide, _) = sensitivity(case_of(with_costs()), "investors.payback_years")
    # Paid back after 365 days where 10,000 or more comes in, never where less does.
    assert (wide.at_low, wide.at_high) == (None, pytest.approx(1.0))


def with_bundles():
    """Half of all claim once; the forecast says so too, with a range and a correlation."""
    data = with_costs()
    data["forecast"]["bundles"] = [
        {"id": "yes", "share": 0.5, "claims": {"work": 1}},
        {"id": "no", "share": 0.5, "claims": {}},
    ]
    pair = ["forecast.outcomes.work.per_start", "forecast.cohorts.all.starts"]
    data["forecast"]["correlations"] = [{"between": pair, "value": 0.5}]
    return data


def test_bundles_follow_a_forecast_that_is_moved_as_they_follow_a_draw():
    wide, _ = sensitivity(case_of(with_bundles()), "payments.total")
    # 20 x .4 x 1,000 and 20 x .7 x 1,000: bundles say how claims are spread, not how many there are.
    assert (wide.at_low, wide.at_high) == pytest.approx((8_000, 14_000))
    # Beyond its own range too, where it has none to be correlated.
    found = solve(case_of(with_bundles()), wide.path, {"payments.total": 16_000})
    assert found.solutions == (pytest.approx(0.8),)


def test_a_cell_that_cannot_be_built_is_absent_and_says_why():
    data = linear()
    days = ("deal.service_end", ["2020-12-31", "2019-01-01"])
    found = grid(case_of(data), days, ("deal.payments.work.price", [1000]), "payments.total")
    assert found.values[0, 0] == 10_000
    assert np.isnan(found.values[1, 0])
    assert len(found.notes) == 1
    assert "2019-01-01" in found.notes[0]


def test_a_grid_without_values_is_told_of_both_fields():
    with pytest.raises(CaseError) as raised:
        grid(
            case_of(linear()),
            ("deal.payments.work.price", []),
            ("forecast.outcomes.work.per_start", []),
            "payments.total",
        )
    assert len(raised.value.problems) == 2
