"""A simulation agrees with what can be worked out, and does not depend on how it was run."""

from __future__ import annotations

from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from typing import Any

import numpy as np
import pytest
from scipy import stats

import sib
from sib.cashflow.run import run
from sib.chance import CELL
from sib.problems import CaseError
from sib.risk import simulation
from sib.risk.draws import draws_of
from sib.risk.runs import Runs
from sib.risk.simulation import simulate_block, tasks_of
from sib.risk.streams import Points
from sib.risk.workers import every_core
from tests.building import case_of, plain

FUND = {
    "tranches": [{"id": "notes", "investor": "Fund", "commitment": 30000, "draw": "at once"}],
    "costs": [{"id": "team", "kind": "per period", "amount": 3000, "paid_to": "Charity"}],
}


PARTIES = [
    {"id": "Council", "role": "payer"},
    {"id": "Company", "role": "vehicle"},
    {"id": "Charity", "role": "provider"},
    {"id": "Fund", "role": "investor"},
]
BOND = {**FUND, "parties": PARTIES}


def tariff(per_start: Any, starts: Any = 80, **sections: Any):
    """Eighty people in eight quarters, each success pays 1,000."""
    forecast = {"cohorts": [{"id": "all", "starts": starts}], "outcomes": [{"id": "work", "per_start": per_start}]}
    return case_of(plain(forecast={**forecast, **sections.pop("forecast", {})}, **sections))


def same(one: Runs, other: Runs) -> bool:
    return all(one.rows[path].tobytes() == other.rows[path].tobytes() for path in one.rows) and (
        list(one.rows) == list(other.rows) and one.as_dict() == other.as_dict()
    )


def test_a_single_tariff_is_binomial():
    runs = sib.simulate(tariff(0.35), scenarios=40_000, noise="participants")
    wanted, spread = stats.binom(80, 0.35), runs.results["payments.total"]
    assert spread.mean == pytest.approx(1000 * wanted.mean(), abs=4 * spread.error)
    assert spread.error == pytest.approx(1000 * wanted.std() / 200, rel=0.02)
    assert spread.sd == pytest.approx(1000 * wanted.std(), rel=0.02)
    for chance in (0.05, 0.5, 0.95):
        assert runs.quantile("payments.total", chance) == pytest.approx(1000 * wanted.ppf(chance), abs=1000)


def test_a_capped_normal_has_the_mean_that_the_normal_integral_gives():
    # Payments 80,000 x, x normal (0.5, 0.1), capped at 44,000, which is x at 0.55: 0.5 sd above the mean.
    # E min(x, c) = m + (c - m) (1 - Phi(k)) - s phi(k) ... with k = 0.5: m - s (phi(k) - k (1 - Phi(k))).
    rate = {"value": 0.5, "sd": 0.1, "distribution": "normal"}
    case = tariff(rate, deal={"caps": [{"id": "contract", "amount": 44000}]})
    runs = sib.simulate(case, scenarios=16_384, noise="parameters")
    spread = runs.results["payments.total"]
    wanted = 80_000 * (0.5 - 0.1 * (stats.norm.pdf(0.5) - 0.5 * stats.norm.sf(0.5)))
    assert spread.mean == pytest.approx(wanted, abs=5 * spread.error + 0.01)
    assert spread.error < 5
    assert spread.p95 == 44000
    assert runs.probabilities["payments.cut_by.contract"] == pytest.approx(stats.norm.sf(0.5), abs=1e-3)


@pytest.mark.parametrize("noise", ["parameters", "participants", "both"])
def test_the_mean_of_a_linear_deal_is_the_base_case(noise):
    case = tariff({"value": 0.5, "low": 0.3, "high": 0.7}, {"value": 80, "low": 60, "high": 100}, deal=FUND)
    runs = sib.simulate(case, scenarios=16_384, noise=noise)
    for path in ("payments.total", "investors.received", "payers.Council.paid", "provider.received"):
        spread = runs.results[path]
        assert spread.mean == pytest.approx(runs.base[path], abs=4 * spread.error + 1e-6), path
    assert runs.base["payments.total"] == 40_000


def test_parameters_and_people_vary_each_on_their_own():
    # Variance of 1,000 x Bin(80, p), p uniform on 0.4 to 0.6: 80 E p(1-p) + 80^2 Var p, with Var p = 0.04/12.
    case = tariff({"value": 0.5, "low": 0.4, "high": 0.6, "distribution": "uniform"})
    people, unknown, both = (
        sib.simulate(case, scenarios=32_768, noise=noise).results["payments.total"].sd
        for noise in ("participants", "parameters", "both")
    )
    assert people == pytest.approx(1000 * np.sqrt(80 * 0.25), rel=0.02)
    assert unknown == pytest.approx(1000 * 80 * np.sqrt(0.04 / 12), rel=0.01)
    assert both == pytest.approx(1000 * np.sqrt(80 * (0.25 - 0.04 / 12) + 6400 * 0.04 / 12), rel=0.02)


def test_sobol_points_know_the_mean_better_than_plain_draws():
    case = tariff({"value": 0.5, "low": 0.3, "high": 0.8}, {"value": 80, "low": 60, "high": 90})
    sobol, plain_draws = (
        sib.simulate(case, 8192, noise="parameters", method=method).results["payments.total"]
        for method in ("sobol", "plain")
    )
    assert sobol.error < plain_draws.error / 20
    assert sobol.mean == pytest.approx(plain_draws.mean, abs=4 * plain_draws.error)


RANGED = {"value": 0.5, "low": 0.3, "high": 0.7}


@pytest.mark.parametrize("method", ["sobol", "plain"])
def test_the_same_seed_gives_the_same_bytes_however_it_is_run(method):
    case = tariff(RANGED, {"value": 80, "low": 60, "high": 100}, deal=FUND)
    asked = 5 * CELL + 100
    whole = sib.simulate(case, asked, seed=3, method=method)
    with ThreadPoolExecutor(1) as one, ThreadPoolExecutor(3) as three:
        assert same(whole, sib.simulate(case, asked, seed=3, method=method, executor=one))
        assert same(whole, sib.simulate(case, asked, seed=3, method=method, executor=three))
    for cells in (1, 3, 8):
        for task in tasks_of(case, whole.points, "both", cells):
            block, rows = simulate_block(task), slice(task.first, task.first + task.count)
            assert all(block.results[path].tobytes() == whole.rows[path][rows].tobytes() for path in whole.rows)
    assert not same(whole, sib.simulate(case, asked, seed=4, method=method))


def test_other_processes_give_the_same_bytes():
    case = tariff(RANGED, deal=FUND)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as processes:
        assert same(sib.simulate(case, 3 * CELL), sib.simulate(case, 3 * CELL, executor=processes))


def test_a_long_simulation_takes_every_core_by_itself(monkeypatch):
    case = tariff(RANGED, deal=FUND)
    alone = sib.simulate(case, 4 * CELL)
    monkeypatch.setattr(simulation, "WORTH_PROCESSES", 4 * CELL)
    monkeypatch.setattr(simulation, "cores", lambda: 2)
    taken = []
    monkeypatch.setattr(simulation, "every_core", lambda: taken.append(every_core()) or taken[0])
    assert same(alone, sib.simulate(case, 4 * CELL))
    assert len(taken) == 1


def test_a_delay_that_nobody_knows_sends_all_of_a_scenario_to_one_day():
    # Starts count on 31 March 2020. A delay that is as likely anywhere from 0 to 12 months, rounded: none with .5/12,
    # 1 to 3 months (by 30 June) with 3/12, 4 to 6 with 3/12, 7 to 9 with 3/12, 10 to 12 with 2.5/12.
    delay = {"months": {"value": 6, "low": 0, "high": 12, "distribution": "uniform"}}
    case = case_of(plain(forecast={"cohorts": [{"id": "all", "starts": [80]}],
                                   "outcomes": [{"id": "work", "per_start": 0.5, "delay": delay}]}))  # fmt: skip
    points = Points("sobol", 1, 8192)
    found = run(case, draws_of(case, points, 0, 8192))
    claimed = np.asarray(found.payments.claimed["work"])
    assert (np.count_nonzero(claimed, axis=0) == 1).all()
    shares = {str(found.timeline.dates[row]): share for row, share in enumerate((claimed > 0).mean(axis=1)) if share}
    assert shares == pytest.approx(
        {"2020-03-31": 0.5 / 12, "2020-06-30": 3 / 12, "2020-09-30": 3 / 12, "2020-12-31": 3 / 12,
         "2021-03-31": 2.5 / 12}, abs=0.001,
    )  # fmt: skip
    assert claimed.sum(axis=0) == pytest.approx(40_000)
    by_chance = sib.simulate(case, 4096).rows["payments.total"]
    assert by_chance.mean() == pytest.approx(40_000, abs=5 * 1000 * np.sqrt(20 / 4096))
    assert by_chance.std() == pytest.approx(1000 * np.sqrt(20), rel=0.05)


def test_an_uncertain_delay_is_its_value_in_the_base_case():
    told, length = (
        sib.appraise(case_of(plain(forecast={"outcomes": [{"id": "work", "per_start": 0.5, "delay": delay}]})))
        for delay in ({"months": {"value": 6, "low": 3, "high": 12}}, "6 months")
    )
    assert told.as_dict()["flows"] == length.as_dict()["flows"]


def test_with_plain_draws_another_assumption_leaves_the_others_as_they_were():
    one, more = (
        tariff(RANGED),
        tariff(RANGED, deal={"costs": [{**FUND["costs"][0], "amount": {"value": 3000, "low": 2000, "high": 4000}}]}),
    )
    first, second = (sib.simulate(case, 1000, method="plain") for case in (one, more))
    assert first.rows["payments.total"].tobytes() == second.rows["payments.total"].tobytes()


def test_more_plain_cells_begin_with_the_same_ones():
    few, many = (sib.simulate(tariff(RANGED), count * CELL, method="plain") for count in (1, 3))
    assert np.array_equal(few.rows["payments.total"], many.rows["payments.total"][:CELL])


def test_named_assumptions_move_together():
    starts, rate = "forecast.cohorts.all.starts", "forecast.outcomes.work.per_start"
    together = {"correlations": [{"between": [starts, rate], "value": 0.8}]}
    case = tariff(RANGED, {"value": 80, "low": 60, "high": 100}, forecast=together)
    from sib.risk.draws import draws_of
    from sib.risk.streams import Points

    for method in ("sobol", "plain"):
        draws = draws_of(case, Points(method, 1, 8 * CELL), 0, 8 * CELL)
        assert stats.spearmanr(draws[starts], draws[rate]).statistic == pytest.approx(0.8, abs=0.02)
        # What each of them is by itself does not change.
        assert draws[rate].mean() == pytest.approx(0.5, abs=0.01)


def test_shares_of_a_whole_still_sum_to_one():
    from sib.risk.draws import draws_of
    from sib.risk.streams import Points

    segments = [{"id": "a", "share": {"value": 0.5, "low": 0.2, "high": 0.7}}, {"id": "b", "share": 0.5}]
    case = tariff(0.5, forecast={"cohorts": [{"id": "all", "starts": 80, "segments": segments}]})
    draws = draws_of(case, Points("plain", 1, 100), 0, 100)
    assert sum(draws.values()) == pytest.approx(np.ones(100))
    assert len(draws) == 2


def test_a_loss_is_counted_and_weighed():
    # The Fund puts 30,000 into the Company, which pays 24,000 to the Charity and keeps 6,000; each of 80 successes
    # brings 1,000. With fewer than 24 the Fund gets back less than it put in: 6,000 and 1,000 for each.
    runs = sib.simulate(tariff(0.35, deal=BOND), 40_000)
    successes = stats.binom(80, 0.35)
    assert runs.probabilities["investors.loss"] == pytest.approx(successes.cdf(23), abs=0.01)
    lost = sum((24 - n) * 1000 * successes.pmf(n) for n in range(24))
    assert runs.expected_loss == pytest.approx(lost, abs=4 * runs.results["investors.loss"].error)
    assert runs.probability_errors["investors.loss"] == pytest.approx(np.sqrt(0.13 * 0.87 / 40_000), rel=0.1)
    assert sum(runs.irr_status.values()) == pytest.approx(1)


def test_the_return_of_expected_flows_is_that_of_the_mean_of_the_flows():
    case = tariff(0.5, deal=FUND)
    runs = sib.simulate(case, CELL)
    total = sum(runs.block.flows)
    assert total.sum() == pytest.approx((runs.rows["investors.received"] - runs.rows["investors.drawn"]).sum())
    rate = runs.irr_of_expected_flows.rate
    days = np.array([(day - case.deal.start).days for day in runs.block.dates])
    assert (total / (1 + rate) ** (days / 365)).sum() == pytest.approx(0, abs=1e-6 * np.abs(total).max())


def test_a_total_loss_counts_as_minus_one_in_quantiles():
    # All of the 24,000 is spent, and nobody succeeds.
    notes = [{**FUND["tranches"][0], "commitment": 24000}]
    runs = sib.simulate(tariff(0.0, deal={**BOND, "tranches": notes}), 100)
    assert runs.irr_status == {"total loss": 1.0}
    assert runs.results["investors.irr"].p5 == runs.results["investors.irr"].p95 == -1
    assert runs.probabilities["investors.total_loss"] == 1
    assert runs.probability_errors["investors.total_loss"] > 0


def test_four_times_the_scenarios_halve_the_error():
    runs = sib.simulate(tariff(0.5), 10_000)
    error = runs.results["payments.total"].error
    assert runs.scenarios_for("payments.total", error / 2) == pytest.approx(40_000, rel=0.001)
    with pytest.raises(ValueError, match="endless"):
        runs.scenarios_for("payments.total", 0)


def test_errors_are_as_large_as_results_differ():
    # Eight seeds: the spread of their means is the error that each of them states, within what eight can tell.
    case = tariff(RANGED)
    found = [sib.simulate(case, 8192, seed=seed).results["payments.total"] for seed in range(8)]
    spread, told = np.std([one.mean for one in found], ddof=1), np.mean([one.error for one in found])
    assert 0.4 < spread / told < 2.0


@pytest.mark.parametrize(("asked", "run"), [(1, 8), (8, 8), (9, 16), (10_000, 16_384), (16_384, 16_384)])
def test_sobol_points_are_rounded_up_and_said_so(asked, run):
    runs = sib.simulate(tariff(RANGED), asked)
    assert runs.scenarios == run
    assert any("were asked for" in note for note in runs.notes) == (asked != run)


def test_a_case_without_ranges_says_that_only_chance_is_left():
    runs = sib.simulate(tariff(0.5), 1000)
    assert runs.scenarios == 1000
    assert runs.notes == ("No parameter varies: the spread is what people do by chance.",)
    assert runs.results["payments.total"].sd > 0


def test_a_case_without_ranges_or_chance_is_the_base_case():
    runs = sib.simulate(tariff(0.5), 100, noise="parameters")
    assert runs.results["payments.total"].p5 == runs.results["payments.total"].p95 == 40_000


@pytest.mark.parametrize("asked", [0, -5])
def test_no_scenarios_are_refused(asked):
    with pytest.raises(CaseError, match="ask for one or more"):
        sib.simulate(tariff(0.5), asked)


@pytest.mark.parametrize("asked", [10**10, 10**30])
def test_too_many_scenarios_are_answered_with_what_they_would_take(asked):
    with pytest.raises(CaseError, match=r"would take about .* of memory \(measured on 8,192\)"):
        sib.simulate(tariff(RANGED), asked)


class Broken(Executor):
    """Loses whatever it is given."""

    def submit(self, fn, /, *args, **kwargs):
        future: Future[Any] = Future()
        future.set_exception(BrokenExecutor("a worker died"))
        return future


def test_an_executor_that_breaks_is_named():
    with pytest.raises(RuntimeError, match="the executor stopped before all scenarios were run"):
        sib.simulate(tariff(RANGED), 3 * CELL, executor=Broken())


def test_progress_is_told_to_the_end():
    told: list[tuple[int, int]] = []
    sib.simulate(tariff(RANGED), 4 * CELL, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (4 * CELL, 4 * CELL)
    assert told == sorted(told)


def test_correlations_that_cannot_be_are_named():
    from sib.case import Case
    from sib.consistency import contradictions

    paths = [f"deal.costs.{name}.amount" for name in "abc"]
    costs = [{**FUND["costs"][0], "id": name, "amount": {"value": 3, "low": 2, "high": 4}} for name in "abc"]

    def said(*correlations: tuple[str, str, float]) -> list[str]:
        written = [{"between": [one, other], "value": value} for one, other, value in correlations]
        case = Case.from_data(plain(deal={"costs": costs}, forecast={"correlations": written}))
        return [message for _, message in contradictions(case)]

    a, b, c = paths
    assert said((a, b, 0.9), (b, c, 0.9), (a, c, 0.8)) == []
    assert said((a, b, 1.0)) == []
    (found,) = said((a, b, 0.9), (b, c, 0.9), (a, c, -0.5))
    assert "cannot hold together" in found
    assert f"{a} and {c} at -0.5" in found
    (found,) = said((a, "deal.costs.d.amount", 0.5))
    assert "'deal.costs.d.amount' is not an assumption with a range" in found
    (found,) = said((a, b, 0.5), (b, a, 0.5))
    assert "written twice" in found


@pytest.mark.parametrize("period", ["year", "month"])
def test_cash_of_a_linear_deal_is_that_of_the_base_case_whatever_the_period(period):
    # 60 people, .3 against .2, 1,500 each and .8 of it cash: 7,200. Some months lose, others gain.
    saving = {"id": "s", "outcome": "work", "unit_value": 1_500, "saved_by": "Council", "cashable": 0.8}
    data = plain(deal={"period": period}, forecast={
        "cohorts": [{"id": "all", "starts": 60}],
        "outcomes": [{"id": "work", "per_start": 0.3, "counterfactual": 0.2}], "savings": [saving],
    })  # fmt: skip
    found = sib.simulate(case_of(data), 8192).rows["payers.Council.cashable"]
    assert found.mean() == pytest.approx(7_200, abs=5 * found.std() / np.sqrt(8192))


@pytest.mark.parametrize("period", ["year", "month"])
def test_overdispersion_is_that_of_the_cohort_whatever_the_period(period):
    # 60 people and a half: variance 15, and 8 times as much.
    data = plain(deal={"period": period}, forecast={
        "cohorts": [{"id": "all", "starts": 60}], "outcomes": [{"id": "work", "per_start": 0.5, "overdispersion": 8}],
    })  # fmt: skip
    found = sib.simulate(case_of(data), 16_384).rows["outcomes.work.gross"]
    assert found.var() == pytest.approx(120, rel=0.05)


def test_what_may_well_be_more_than_one_each_is_counted_as_events():
    # A lognormal of .7 and .4 exceeds 1 with a chance of a sixth: none of its mean is cut off.
    spread = {"value": 0.7, "sd": 0.4, "distribution": "lognormal"}
    found = sib.simulate(tariff(spread), 16_384).rows["outcomes.work.gross"]
    base = sib.appraise(tariff(spread)).outcomes["work"].gross
    assert found.mean() == pytest.approx(base, abs=5 * found.std() / np.sqrt(16_384))


def test_one_provider_does_not_pay_for_another():
    # What the company pays A too much does not help B, which is paid next to nothing.
    parties = [
        {"id": "Council", "role": "payer"},
        {"id": "Company", "role": "vehicle"},
        {"id": "A", "role": "provider", "reserves": 1_000},
        {"id": "B", "role": "provider", "reserves": 1_000},
    ]
    own = [
        {"id": "work", "kind": "tariff", "outcome": "work", "price": 1000, "paid_by": "Council"},
        {"id": "to A", "kind": "tariff", "outcome": "work", "price": 900, "paid_by": "Company", "paid_to": "A"},
        {"id": "to B", "kind": "tariff", "outcome": "periods", "price": 100, "paid_by": "Company", "paid_to": "B"},
    ]
    costs = [{"id": "b", "kind": "per period", "amount": 800, "paid_by": "B"}]
    data = plain(deal={"parties": parties, "payments": own, "costs": costs})
    runs = sib.simulate(case_of(data), 512)
    # Eight quarters of 800 less 100.
    assert runs.results["provider.by_provider.B.peak_deficit"].p50 == pytest.approx(5_600)
    assert runs.results["provider.by_provider.A.peak_deficit"].p95 == 0
    assert runs.results["provider.reserves_left"].p50 == pytest.approx(-4_600)
    assert runs.probabilities["provider.reserves_run_out"] == 1


def test_a_guarantor_and_each_investor_have_results_of_their_own():
    data = tariff({"value": 0.2, "low": 0.1, "high": 0.3}, deal=FUND).data()
    data["deal"]["parties"].append({"id": "Trust", "role": "guarantor"})
    data["deal"]["guarantees"] = [{"id": "g", "guarantor": "Trust", "tranche": "notes", "share": 0.75}]
    runs = sib.simulate(case_of(data), 1024)
    lost = np.maximum(
        0, 0.75 * runs.rows["investors.drawn"] - (runs.rows["investors.received"] - runs.rows["guarantors.Trust.paid"])
    )
    assert runs.rows["guarantors.Trust.paid"] == pytest.approx(lost, abs=0.01)
    assert runs.probabilities["guarantors.Trust.called"] == np.mean(runs.rows["guarantors.Trust.paid"] > 0.005)
    assert np.array_equal(runs.rows["investors.by_investor.Fund.irr"], runs.rows["investors.irr"], equal_nan=True)


@pytest.mark.parametrize(
    ("options", "words"),
    [({"noise": "sampling"}, "noise is 'sampling'; choose one of both"), ({"method": "Sobol"}, "choose one of sobol"),
     ({"metod": "plain"}, "'metod' is no option")],
)  # fmt: skip
def test_an_option_that_there_is_not_is_not_taken_for_another(options, words):
    with pytest.raises(ValueError, match=words):
        sib.simulate(tariff(RANGED), 64, **options)


@pytest.mark.parametrize("number", ["10", 10.5, None, True])
def test_a_number_of_scenarios_is_a_whole_number(number):
    with pytest.raises(TypeError, match="give a whole number"):
        sib.simulate(tariff(RANGED), number)


def test_a_quantile_of_a_result_in_steps_says_that_it_may_be_the_next_step():
    # 60 people, a chance of .35: the 5 % quantile is 15 or 16 people, and an error of nought would be a lie.
    runs = sib.simulate(tariff(0.35), 8192)
    shares = stats.binom.cdf(np.arange(61), 60, 0.35)
    near = float(shares[np.argmin(np.abs(shares - 0.05))])
    assert runs.quantile_error("outcomes.work.gross", near) >= 0.25


def test_few_errors_of_measurement_are_spread_evenly():
    # Paid 1,000 where a change of .1, measured with a standard error of .04, shows .12 or more: 1 - Phi(.5).
    outcome = {"id": "fall", "kind": "change", "measured": "2021-12-31"}
    step = {"id": "fall", "kind": "schedule", "outcome": "fall", "points": [{"at": 0.12, "pays": 1_000}],
            "paid_by": "Council"}  # fmt: skip
    data = plain(deal={"outcomes": [outcome], "payments": [step]},
                 forecast={"outcomes": [{"id": "fall", "change": 0.1, "standard_error": 0.04}]})  # fmt: skip
    case = case_of(data)
    paid = {method: sib.simulate(case, 8192, method=method) for method in ("sobol", "plain")}
    wanted = stats.norm.sf(0.5)
    assert (paid["sobol"].rows["payments.total"] > 0).mean() == pytest.approx(wanted, abs=0.0005)
    assert paid["sobol"].results["payments.total"].error < paid["plain"].results["payments.total"].error / 4
    assert paid["sobol"].points.method == "sobol"
    assert paid["plain"].results["payments.total"].mean == pytest.approx(1000 * wanted, abs=25)
