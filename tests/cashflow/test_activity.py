"""Starts and active cases, by hand."""

from __future__ import annotations

import pytest

from sib.cashflow.activity import active_cases
from sib.cashflow.run import run
from sib.periods import Duration
from tests.building import case_of, plain


def starts(data: dict) -> dict[str, float]:
    done = run(case_of(data))
    rows = sum(group.starts for group in done.groups)[:, 0]
    return {day.isoformat(): float(n) for day, n in zip(done.timeline.dates, rows, strict=True) if n}


def cohort(**fields: object) -> dict:
    return plain(forecast={"cohorts": [{"id": "all", **fields}]})


def test_a_total_is_spread_evenly_over_the_quarters():
    # 80 people over eight quarters: ten a quarter, on its last day.
    found = starts(cohort(starts=80))
    assert list(found) == [
        "2020-03-31",
        "2020-06-30",
        "2020-09-30",
        "2020-12-31",
        "2021-03-31",
        "2021-06-30",
        "2021-09-30",
        "2021-12-31",
    ]
    assert list(found.values()) == pytest.approx([10] * 8)


def test_part_of_a_quarter_counts_in_part():
    # From 16 Feb 2020: 45 of the 91 days of the first quarter, then one whole quarter: 45/91 to 1.
    found = starts(cohort(starts=136, first="2020-02-16", last="2020-06-30"))
    assert found == pytest.approx({"2020-03-31": 45, "2020-06-30": 91})


def test_a_profile_gives_the_weights():
    # Weights 1, 3, 4 of 8: 10, 30, 40 of 80.
    found = starts(cohort(starts=80, profile=[1, 3, 4]))
    assert found == pytest.approx({"2020-03-31": 10, "2020-06-30": 30, "2020-09-30": 40})


def test_a_list_stands_as_it_is_from_the_cohorts_first_day():
    found = starts(cohort(starts=[3, 0, 5], first="2020-07-01"))
    assert found == {"2020-09-30": 3, "2021-03-31": 5}


def test_take_up_is_a_share_of_referrals():
    # 200 referred, 60 % start: 120 over eight quarters.
    found = starts(cohort(referrals=200, take_up=0.6))
    assert sum(found.values()) == pytest.approx(120)
    assert found["2020-03-31"] == pytest.approx(15)


def test_segments_share_the_starts_and_lose_nobody():
    data = cohort(starts=80, segments=[{"id": "near", "share": 0.25}, {"id": "far", "share": 0.75}])
    done = run(case_of(data))
    by_segment = {group.segment: float(group.starts.sum()) for group in done.groups}
    assert by_segment == pytest.approx({"near": 20, "far": 60})


def test_actual_starts_replace_the_forecast_up_to_their_last_date():
    # Ten a quarter are expected; 4 and 6 came; from the third quarter on ten again.
    data = cohort(starts=80)
    data["actuals"] = {
        "starts": [
            {"cohort": "all", "date": "2020-03-31", "value": 4},
            {"cohort": "all", "date": "2020-06-30", "value": 6},
        ]
    }
    found = starts(data)
    assert found["2020-03-31"] == 4
    assert found["2020-06-30"] == 6
    assert found["2020-09-30"] == pytest.approx(10)
    assert sum(found.values()) == pytest.approx(70)


def test_cases_stay_active_for_their_stay():
    # Ten start each quarter and stay six months: each is active in two quarters, so 10, 20, 20 …
    done = run(case_of(cohort(starts=[10, 10, 10])))
    active = active_cases(done.groups[0].starts, Duration(months=6), done.timeline)
    by_quarter = active[done.timeline.end_rows, 0]
    assert by_quarter[:5].tolist() == [10, 20, 20, 10, 0]


def test_an_actual_in_mid_period_stands_for_the_whole_period():
    # Ten a quarter are expected; 7 came by 15 May; the second quarter is known, and the first is taken as nobody.
    data = cohort(starts=80)
    data["actuals"] = {"starts": [{"cohort": "all", "date": "2020-05-15", "value": 7}]}
    found = starts(data)
    assert found["2020-06-30"] == pytest.approx(7)
    assert sum(found.values()) == pytest.approx(7 + 6 * 10)


def test_a_profile_of_draws_stays_within_its_scenario():
    import numpy as np

    data = cohort(starts=80, last="2020-12-31", profile=[1, 1, 2, 4])
    done = run(case_of(data), {"forecast.cohorts.all.profile[0]": np.array([1.0, 9.0])})
    # 80 x 1 / 8 in the first scenario, 80 x 9 / 16 in the second.
    assert done.groups[0].starts[done.timeline.end_rows[0]] == pytest.approx([10, 45])
