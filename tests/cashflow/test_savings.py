"""What net outcomes save: how long, how much of it, in whose budget, in which prices, and how much of it is cash."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sib.appraisal import Result
from sib.cashflow.run import run
from sib.periods import add_months
from tests.building import case_of, plain, result_of

PARTIES = [
    {"id": "Council", "role": "payer"},
    {"id": "Charity", "role": "provider"},
    {"id": "NHS", "role": "other"},
    {"id": "Police", "role": "other"},
]


def saving(**terms: Any) -> dict[str, Any]:
    return {"id": "care", "outcome": "work", "unit_value": 1000, "saved_by": "Council", **terms}


def with_saving(*savings: dict[str, Any], period: str = "quarter", **sections: Any) -> dict[str, Any]:
    """Twenty net outcomes, all counted on the first period's last day: 2021-03-31, unless the periods are longer."""
    deal = {"start": "2021-01-01", "service_end": "2021-12-31", "period": period, "parties": PARTIES, "payments": []}
    forecast = {
        "cohorts": [{"id": "all", "starts": [40]}],
        "outcomes": [{"id": "work", "per_start": 0.75, "counterfactual": 0.25}],
        "savings": list(savings),
    }
    return plain(deal=deal | sections.pop("deal", {}), forecast=forecast | sections.pop("forecast", {}), **sections)


def by_date(result: Result, saving: int = 0) -> dict[str, float]:
    item = result.run.savings[saving]
    days = zip(result.run.timeline.dates, np.broadcast_to(item.gross, (len(result.run.timeline), 1)), strict=True)
    return {day.isoformat(): float(row[0]) for day, row in days if row[0]}


def cash_by_date(result: Result) -> dict[str, float]:
    cash = result.run.savings[0].cashable
    assert cash is not None
    return {d.isoformat(): float(row[0]) for d, row in zip(result.run.timeline.dates, cash, strict=True) if row[0]}


def day_by_day(count: float, begins: date, years: int, left: float, ends: list[date]) -> dict[str, float]:
    """An account kept by the day: each day of year k carries its part of that year, and `left` to the power k."""
    account: dict[str, float] = {}
    for k in range(years):
        first, over = add_months(begins, 12 * k), add_months(begins, 12 * (k + 1))
        length = (over - first).days
        for n in range(1, length + 1):
            day = first + timedelta(days=n)
            end = next(end for end in ends if end >= day).isoformat()
            account[end] = account.get(end, 0.0) + count * left**k / length
    return account


# One sum ---------------------------------------------------------------------------------------------------------


def test_a_single_sum_falls_when_the_outcome_does():
    assert by_date(result_of(with_saving(saving()))) == {"2021-03-31": pytest.approx(20_000)}


def test_a_lag_moves_a_single_sum_to_the_end_of_the_period_in_which_it_falls():
    # 31 March and four months is 31 July, in the quarter that ends on 30 September.
    assert by_date(result_of(with_saving(saving(lag="4 months")))) == {"2021-09-30": pytest.approx(20_000)}


def test_a_single_sum_beyond_the_horizon_is_not_counted():
    result = result_of(with_saving(saving(lag="5 years"), appraisal={"horizon": "2021-12-31"}))
    assert by_date(result) == {}
    assert result.savers["Council"].savings == 0


def test_attribution_displacement_and_optimism_each_take_their_part():
    # 20 x 1,000 x 0.8 x (1 - 0.05) x (1 - 0.15) = 12,920.
    item = saving(attribution=0.8, displacement=0.05, optimism_grade=4)
    assert sum(by_date(result_of(with_saving(item))).values()) == pytest.approx(12_920)
    # The same with the grade's share written out, and with another one: 20,000 x 0.8 x 0.95 x 0.7 = 10,640.
    item = saving(attribution=0.8, displacement=0.05, optimism_bias=0.3)
    assert sum(by_date(result_of(with_saving(item))).values()) == pytest.approx(10_640)


@pytest.mark.parametrize(("grade", "left"), [(1, 1), (2, 0.95), (3, 0.9), (4, 0.85), (5, 0.75), (6, 0.6)])
def test_each_grade_of_evidence_leaves_its_share(grade: int, left: float):
    result = result_of(with_saving(saving(optimism_grade=grade)))
    assert result.savers["Council"].savings == pytest.approx(20_000 * left)


def test_shares_divide_a_saving_among_organisations():
    # Domestic violence, 2,470 an incident: NHS 1,171, police 415, the rest 884.
    shares = {"NHS": 1171 / 2470, "Police": 415 / 2470, "Council": 884 / 2470}
    result = result_of(with_saving(saving(unit_value=2470, saved_by=shares, cashable=0.5)))
    assert {name: view.savings for name, view in result.savers.items()} == {
        "NHS": pytest.approx(20 * 1171), "Police": pytest.approx(20 * 415), "Council": pytest.approx(20 * 884)
    }  # fmt: skip
    assert result.savers["NHS"].cashable == pytest.approx(10 * 1171)
    assert result.savers["NHS"].never_cashable == pytest.approx(10 * 1171)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(1, 50), min_size=3, max_size=3))
def test_shares_of_all_who_save_make_up_the_whole(parts: list[int]):
    shares = {name: part / sum(parts) for name, part in zip(("Council", "NHS", "Police"), parts, strict=True)}
    found = run(case_of(with_saving(saving(saved_by=shares, cashable=0.4))))
    assert sum(item.gross.sum() for item in found.savings) == pytest.approx(20_000)
    assert sum(item.cashable.sum() for item in found.savings if item.cashable is not None) == pytest.approx(8_000)


# What lasts ------------------------------------------------------------------------------------------------------


def test_three_years_with_a_drop_off():
    # 20 x 1,000 in the first year, 0.9 of it in the second, 0.81 in the third: 20,000 x 2.71 = 54,200.
    result = result_of(with_saving(saving(lasts="3 years", drop_off=0.1)))
    assert result.savers["Council"].savings == pytest.approx(54_200)
    found = by_date(result)
    years = [sum(value for day, value in found.items() if a < day <= b) for a, b in
             [("2021-03-31", "2022-03-31"), ("2022-03-31", "2023-03-31"), ("2023-03-31", "2024-03-31")]]  # fmt: skip
    assert years == pytest.approx([20_000, 18_000, 16_200])
    assert "2021-03-31" not in found


@pytest.mark.parametrize("period", ["month", "quarter", "half-year", "year"])
@pytest.mark.parametrize("lag", [None, "45 days", "8 months"])
def test_periods_of_any_length_give_the_same_total_for_whole_years(period: str, lag: str | None):
    item = saving(lasts="4 years", drop_off=0.2) | ({"lag": lag} if lag else {})
    result = result_of(with_saving(item, period=period))
    # 20,000 x (1 + 0.8 + 0.64 + 0.512) = 59,040.
    assert result.savers["Council"].savings == pytest.approx(59_040)


@pytest.mark.parametrize(("lag", "begins"), [("45 days", date(2021, 5, 15)), ("8 months", date(2021, 11, 30))])
def test_a_lag_that_ends_within_a_period_agrees_with_an_account_by_the_day(lag: str, begins: date):
    result = result_of(with_saving(saving(lasts="3 years", drop_off=0.25, lag=lag)))
    ends = [period.last for period in result.run.timeline.periods]
    expected = day_by_day(20 * 1000, begins, 3, 0.75, ends)
    assert by_date(result) == pytest.approx(expected)


def test_part_of_a_year_is_counted_by_days():
    # From 31 March 2021 a year has 365 days; half a year ends on 30 September, after 183 of them.
    result = result_of(with_saving(saving(lasts="6 months")))
    assert result.savers["Council"].savings == pytest.approx(20_000 * 183 / 365)


def test_what_lasts_past_the_horizon_is_left_out():
    # From 31 March to 31 December 2021: 275 days of 365.
    result = result_of(with_saving(saving(lasts="10 years"), appraisal={"horizon": "2021-12-31"}))
    assert result.savers["Council"].savings == pytest.approx(20_000 * 275 / 365)


# Cash ------------------------------------------------------------------------------------------------------------


def places(free: float, **terms: Any) -> dict[str, Any]:
    """So many places stand free for a year from the first quarter's end."""
    steps = {"step": 10, "backfill": 0.5, "marginal_cost": 600}
    return with_saving(
        saving(lasts="1 year", cashable=steps | terms), forecast={"cohorts": [{"id": "all", "starts": [2 * free]}]}
    )


def test_ten_places_with_a_step_of_ten_and_half_of_them_filled_again_release_nothing():
    view = result_of(places(10)).savers["Council"]
    assert (view.savings, view.cashable) == (pytest.approx(10_000), 0)
    assert view.never_cashable == pytest.approx(10_000)


def test_twenty_places_release_one_step():
    # 20 x (1 - 0.5) = 10: one step of ten places at 600 a year each, a quarter of it in each of four quarters.
    result = result_of(places(20))
    assert result.savers["Council"].cashable == pytest.approx(6_000, rel=1e-3)
    assert list(cash_by_date(result)) == ["2021-06-30", "2021-09-30", "2021-12-31", "2022-03-31"]


@pytest.mark.parametrize("period", ["month", "quarter", "half-year", "year"])
def test_a_step_saves_the_same_in_a_whole_year_of_any_periods(period: str):
    data = places(20)
    data["deal"] |= {"period": period, "start": "2020-03-01"}
    assert result_of(data).savers["Council"].cashable == pytest.approx(6_000, rel=0.01)


def bed_days(free: float) -> dict[str, Any]:
    """Bed-days saved in one year, one period long: 365 of them are a bed."""
    steps = {"step": 10, "backfill": 0.5, "marginal_cost": 200 * 365, "units_a_year": 365}
    item = saving(unit_value=300, cashable=steps)
    return with_saving(item, period="year", forecast={"cohorts": [{"id": "all", "starts": [2 * 365 * free]}]})


def test_bed_days_of_ten_beds_release_nothing_and_of_twenty_one_ward():
    assert result_of(bed_days(10)).savers["Council"].cashable == 0
    # 20 beds, half filled again, are one ward of ten: 10 x 73,000 a year; saved in all 20 x 365 x 300.
    view = result_of(bed_days(20)).savers["Council"]
    assert (view.savings, view.cashable) == (pytest.approx(2_190_000), pytest.approx(730_000))


def test_steps_need_places_of_one_kind():
    steps = {"step": 10, "backfill": 0.5, "marginal_cost": 600}
    for terms in ({"cashable": steps}, {"cashable": steps | {"units_a_year": 365}, "lasts": "1 year"}):
        with pytest.raises(ValueError, match="steps need places"):
            case_of(with_saving(saving(**terms)))


def test_optimism_takes_off_cash_too():
    data = places(20)
    data["forecast"]["savings"][0]["optimism_bias"] = 0.25
    assert result_of(data).savers["Council"].cashable == pytest.approx(4_500, rel=1e-3)


def test_places_that_drop_off_fall_below_the_step():
    # 20 places in the first year, 16 in the second: 8 after backfill, less than a step.
    data = places(20)
    data["forecast"]["savings"][0] |= {"lasts": "2 years", "drop_off": 0.2}
    assert max(cash_by_date(result_of(data))) == "2022-03-31"


def test_of_a_saving_that_is_negative_the_same_share_is_cash():
    data = with_saving(saving(cashable=0.3))
    data["forecast"]["outcomes"][0] |= {"per_start": 0.25, "counterfactual": 0.5}
    view = result_of(data).savers["Council"]
    assert (view.savings, view.cashable) == (pytest.approx(-10_000), pytest.approx(-3_000))


def test_in_steps_a_saving_that_is_negative_counts_in_full():
    data = with_saving(saving(lasts="1 year", cashable={"step": 1, "backfill": 0, "marginal_cost": 300}))
    data["forecast"]["outcomes"][0] |= {"per_start": 0.25, "counterfactual": 0.5}
    view = result_of(data).savers["Council"]
    assert view.cashable == pytest.approx(view.savings)
    assert view.savings < 0


@settings(max_examples=25, deadline=None)
@given(
    per_start=st.floats(0, 1),
    counterfactual=st.floats(0, 1),
    step=st.integers(1, 12),
    marginal=st.floats(0, 1),
    in_steps=st.booleans(),
)
def test_a_backfill_of_one_leaves_nothing_cashable_and_cash_never_exceeds_the_saving(
    per_start: float, counterfactual: float, step: int, marginal: float, in_steps: bool
):
    steps = {"step": step, "backfill": 0.4, "marginal_cost": 1000 * marginal}
    item = saving(lasts="2 years", drop_off=0.1, cashable=steps if in_steps else marginal)
    data = with_saving(item)
    data["forecast"]["outcomes"][0] |= {"per_start": per_start, "counterfactual": counterfactual}
    rows = np.linspace(0, 1, 9)
    path = "forecast.savings.care.cashable" + (".backfill" if in_steps else "")
    found = run(case_of(data), {path: rows, "forecast.outcomes.work.counterfactual": counterfactual * (1 - rows / 2)})
    (one,) = found.savings
    assert one.cashable is not None
    if in_steps:
        assert np.all(np.asarray(one.cashable) <= np.asarray(one.gross) + 1e-9)
    else:
        assert np.all(np.abs(one.cashable) <= np.abs(one.gross) + 1e-9)
    if in_steps and per_start >= counterfactual:
        assert np.all(one.cashable[:, -1] == 0)


# Prices ----------------------------------------------------------------------------------------------------------

OWN = {"id": "ours", "index": {"2019": 80, "2020": 100, "2021": 110}}


def basis(**terms: Any) -> dict[str, Any]:
    return {"basis": {"discount": 0.035, **terms}}


def priced(appraisal: dict[str, Any], **terms: Any) -> float:
    result = result_of(with_saving(saving(**terms), appraisal=appraisal))
    return result.savers["Council"].savings


def test_a_price_year_is_brought_up_by_an_own_deflator():
    # From 80 to 110: 20,000 x 1.375 = 27,500.
    assert priced(basis(deflator=OWN, inflation=0.1), price_year=2019) == pytest.approx(27_500)


def test_inflation_goes_on_after_the_last_year():
    # A year after the outcome of 2021 is in 2022: 110 x 1.1 = 121, against 100 in 2020.
    assert priced(basis(deflator=OWN, inflation=0.1), price_year=2020, lag="1 year") == pytest.approx(24_200)
    # And inflation alone, without an index: 1.1 squared.
    assert priced(basis(inflation=0.1), price_year=2020, lag="1 year") == pytest.approx(24_200)


def test_the_deflator_of_the_united_kingdom():
    from sib.files.reference import deflator

    index = deflator("uk gdp deflator 2025-12").model_dump(exclude_unset=True)
    # 2015 is 75.1536, 2021 is 85.6358.
    expected = 20_000 * 85.6358 / 75.1536
    assert priced(basis(deflator=index, inflation=0.02), price_year=2015) == pytest.approx(expected)
    # 2015/16 is three quarters of 2015 and a quarter of 2016, 76.4554.
    blend = 0.75 * 75.1536 + 0.25 * 76.4554
    found = priced(basis(deflator=index, inflation=0.02), price_year="2015/16")
    assert found == pytest.approx(20_000 * 85.6358 / blend)
    # 2026 is two years after the last: 100 x 1.02 squared.
    found = priced(basis(deflator=index, inflation=0.02), price_year=2021, lag="5 years")
    assert found == pytest.approx(20_000 * 100 * 1.02**2 / 85.6358)


def test_an_index_of_financial_years():
    index = {"id": "fy", "index": {"2019/20": 80, "2020/21": 100, "2021/22": 120}}
    # 31 March 2021 still is in 2020/21; a quarter later it is 2021/22.
    assert priced(basis(deflator=index, inflation=0.1), price_year="2019/20") == pytest.approx(25_000)
    assert priced(basis(deflator=index, inflation=0.1), price_year="2019/20", lag="3 months") == pytest.approx(30_000)
    # A calendar year is a quarter of the financial year before and three quarters of its own: 95.
    assert priced(basis(deflator=index, inflation=0.1), price_year="2020") == pytest.approx(20_000 * 100 / 95)


def test_the_marginal_cost_has_the_prices_of_the_unit_value():
    data = places(20)
    data["forecast"]["savings"][0] |= {"price_year": 2020}
    data["appraisal"] = basis(deflator=OWN, inflation=0)
    # Four quarters at 110 against 100, one of them in 2022, which has the level of 2021.
    assert result_of(data).savers["Council"].cashable == pytest.approx(6_600, rel=1e-3)


def test_money_of_the_day_does_not_move_with_prices():
    assert priced(basis(deflator=OWN, inflation=0.5), lag="3 years") == pytest.approx(20_000)


# Services replaced -----------------------------------------------------------------------------------------------


def replaced(period: str, start: str = "2019-04-01", end: str = "2022-03-31", **terms: Any) -> dict[str, Any]:
    data = with_saving(
        period=period, forecast={"replaced": [{"id": "old", "saved_by": "Council", "a_year": 80_000, **terms}]}
    )
    data["deal"] |= {"start": start, "service_end": end}
    return data


@pytest.mark.parametrize("period", ["month", "quarter", "half-year", "year"])
def test_whole_years_of_a_replaced_service_are_exactly_what_it_costs_a_year(period: str):
    # The first of the three years holds 29 February 2020.
    view = result_of(replaced(period, cashable=0.5)).savers["Council"]
    assert view.savings == pytest.approx(240_000, rel=1e-12)
    assert view.cashable == pytest.approx(120_000, rel=1e-12)
    years = result_of(replaced(period)).by_year["Council"]
    assert [years[name].savings for name in ("2019/20", "2020/21", "2021/22")] == pytest.approx([80_000] * 3, rel=1e-12)


def test_part_of_a_year_of_a_replaced_service_is_counted_by_days():
    # 1 January to 31 March 2021 is 90 days of the 365 from 1 January on.
    data = replaced("quarter", first="2021-01-01", last="2021-03-31")
    assert result_of(data).savers["Council"].savings == pytest.approx(80_000 * 90 / 365)


def test_a_replaced_service_whose_cash_nobody_knows():
    view = result_of(replaced("year")).savers["Council"]
    assert (view.cashable, view.never_cashable) == (None, None)


# Draws -----------------------------------------------------------------------------------------------------------


def test_every_scenario_of_a_run_with_draws_is_the_single_run():
    steps = {"step": 2, "backfill": 0.4, "marginal_cost": 400}
    item = saving(lasts="3 years", drop_off=0.1, price_year=2020, cashable=steps, saved_by={"Council": 0.6, "NHS": 0.4})
    data = with_saving(
        item,
        appraisal=basis(inflation=0.02),
        forecast={
            "benefits": [{"id": "joy", "kind": "social", "outcome": "work", "unit_value": 50, "lasts": "2 years"}]
        },
    )
    draws = {
        "forecast.savings.care.unit_value": np.array([1000.0, 700.0, 1200.0]),
        "forecast.savings.care.cashable.backfill": np.array([0.4, 0.0, 0.9]),
        "forecast.savings.care.drop_off": np.array([0.1, 0.3, 0.0]),
        "appraisal.basis.inflation": np.array([0.02, 0.1, -0.01]),
        "forecast.outcomes.work.per_start": np.array([0.75, 0.9, 0.2]),
    }
    case = case_of(data)
    together = run(case, draws)
    for i in range(3):
        alone = run(case.changed({path: float(row[i]) for path, row in draws.items()})[0])
        for many, one in zip(together.savings, alone.savings, strict=True):
            assert np.allclose(np.broadcast_to(many.gross, (len(alone.timeline), 3))[:, i], one.gross[:, 0])
            assert many.cashable is not None
            assert one.cashable is not None
            assert np.allclose(many.cashable[:, i], one.cashable[:, 0])
        assert np.allclose(together.benefits[0].gross[:, i], alone.benefits[0].gross[:, 0])
        assert np.allclose(together.prices.in_real_terms()[:, i], alone.prices.in_real_terms()[:, 0])
