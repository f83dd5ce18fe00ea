"""Terms that give what is wanted, where the answer is known in closed form."""

from __future__ import annotations

import pytest
from scipy.stats import beta

import sib
from sib.problems import CaseError
from sib.risk.sensitivity import grid
from sib.risk.solving import solve
from tests.building import case_of, plain
from tests.risk.linear import linear

PRICE = "deal.payments.work.price"


def test_the_price_for_a_rate_of_return_in_closed_form():
    # 10 p/10,000 - 1 = 8 % at 1,080.
    found = solve(case_of(linear()), PRICE, {"investors.irr": 0.08})
    assert (found.status, found.solutions) == ("solved", (pytest.approx(1080, rel=1e-9),))
    assert found.path == PRICE
    assert sib.appraise(case_of(linear()).changed({PRICE: found.solutions[0]})[0]).investors.irr.rate == pytest.approx(
        0.08, abs=1e-9
    )


@pytest.mark.parametrize("path", ["deal.payments[0].price", "deal.payments.work.price.value"])
def test_a_path_may_be_written_in_any_of_its_ways(path):
    assert solve(case_of(linear()), path, {"payments.total": 12_345}).solutions == (pytest.approx(1234.5),)


def test_an_assumption_can_be_solved_for():
    # 20 starts x rate x 1,000 = 13,000.
    found = solve(case_of(linear()), "forecast.outcomes.work.per_start", {"payments.total": 13_000})
    assert found.solutions == (pytest.approx(0.65),)


def test_what_is_never_reached_says_how_far_it_goes():
    case = case_of(linear(deal={"caps": [{"id": "contract", "amount": 10_610}]}))
    found = solve(case, PRICE, {"investors.irr": 0.08})
    assert (found.status, found.solutions) == ("unreachable", ())
    # 10,610 is the most that is paid: 6.1 %.
    assert found.highest == pytest.approx(0.061)
    assert "the highest is 0.061" in found.message


def test_a_step_is_a_jump_and_its_edge_is_found():
    data = plain()
    data["deal"]["outcomes"] = [{"id": "share", "kind": "rate", "measured": "2021-12-31"}]
    data["deal"]["payments"] = [
        {"id": "share", "kind": "schedule", "outcome": "share", "points": [{"at": 0.37, "pays": 500}],
         "paid_by": "Council"}
    ]  # fmt: skip
    data["forecast"]["outcomes"] = [{"id": "share", "per_start": 0.5}]
    found = solve(case_of(data), "forecast.outcomes.share.per_start", {"payments.total": 300})
    assert (found.status, found.solutions, found.gives) == ("jump", (pytest.approx(0.37, abs=1e-9),), (500,))


def test_a_curve_that_turns_is_met_on_both_sides():
    # 20 starts x rate, of which the payer keeps a price of 1,000: paid by a schedule that rises, then falls.
    data = plain()
    data["deal"]["outcomes"] = [{"id": "share", "kind": "rate", "measured": "2021-12-31"}]
    points = [{"at": 0, "pays": 0}, {"at": 0.5, "pays": 1000}, {"at": 1, "pays": 0}]
    data["deal"]["payments"] = [
        {"id": "share", "kind": "schedule", "form": "joined", "outcome": "share", "points": points,
         "paid_by": "Council"}
    ]  # fmt: skip
    data["forecast"]["outcomes"] = [{"id": "share", "per_start": 0.5}]
    found = solve(case_of(data), "forecast.outcomes.share.per_start", {"payments.total": 333})
    # 2,000 x = 333 and 2,000 (1 - x) = 333.
    assert (found.status, found.solutions) == ("several", (pytest.approx(0.1665), pytest.approx(0.8335)))


def test_a_level_stretch_that_is_met_is_told_by_its_two_ends():
    case = case_of(linear(deal={"caps": [{"id": "contract", "amount": 10_000}]}))
    found = solve(case, PRICE, {"payments.total": 10_000}, low=510, high=2_010)
    assert (found.status, found.solutions) == ("several", (pytest.approx(1000), 2_010))
    assert "an end of a stretch" in found.message


def test_a_stretch_that_only_one_value_of_the_grid_lies_on_is_found_whole():
    data = linear()
    data["deal"]["outcomes"] = [{"id": "share", "kind": "rate", "measured": "2020-12-31"}]
    points = [{"at": 0, "pays": 0}, {"at": 0.50, "pays": 80}, {"at": 0.501, "pays": 80}, {"at": 1, "pays": 100}]
    data["deal"]["payments"] = [
        {"id": "share", "kind": "schedule", "form": "joined", "outcome": "share", "points": points,
         "paid_by": "Council"}
    ]  # fmt: skip
    data["forecast"]["outcomes"] = [{"id": "share", "per_start": 0.5005}]
    found = solve(case_of(data), "forecast.outcomes.share.per_start", {"payments.total": 80})
    assert (found.status, found.solutions) == ("several", (pytest.approx(0.5), pytest.approx(0.501)))


def test_a_whole_number_is_tried_as_one():
    data = linear()
    data["deal"]["payments"][0]["instalments"] = {"count": 3, "every": "1 month"}
    found = solve(case_of(data), "deal.payments.work.instalments.count", {"payments.total": 20_000}, low=1, high=6)
    assert (found.status, found.solutions) == ("solved", (2,))


def test_a_quantile_is_met_on_the_same_scenarios():
    # Payment is people x rate x price, of so many people that chance is nothing: its median is that of the rate.
    data = linear()
    data["forecast"]["cohorts"][0]["starts"] = 200_000
    median = solve(case_of(data), PRICE, {"p50(payments.total)": 100_000_000})
    twice = solve(case_of(data), PRICE, {"p50(payments.total)": 200_000_000})
    assert (median.status, twice.status) == ("solved", "solved")
    assert twice.solutions[0] == pytest.approx(2 * median.solutions[0])
    # PERT from .4 over .5 to .7 is a beta of 1 + 4/3 and 1 + 8/3, stretched.
    assert median.solutions[0] == pytest.approx(
        100_000_000 / 200_000 / (0.4 + 0.3 * beta(7 / 3, 11 / 3).median()), rel=1e-3
    )


def test_the_lowest_price_at_which_reserves_survive_nine_times_in_ten():
    data = linear()
    data["deal"]["parties"][1]["reserves"] = 2_000
    data["deal"]["tranches"] = []
    data["deal"]["costs"] = [{"id": "team", "kind": "per period", "amount": {"value": 12_000, "low": 8_000, "high": 16_000, "distribution": "uniform"}}]  # noqa: E501  # fmt: skip
    data["forecast"] = {
        "cohorts": [{"id": "all", "starts": 10}],
        "outcomes": [{"id": "work", "per_start": 1}],
    }
    found = solve(case_of(data), PRICE, {"P(reserves survive)": 0.9})
    assert found.status == "solved"
    # In nine of ten scenarios costs are under 15,200, which 10 p + 2,000 must meet.
    assert found.solutions[0] == pytest.approx(1_320, abs=2)
    same = solve(case_of(data), PRICE, {"P(provider.peak_deficit <= 2000)": 0.9})
    assert found.solutions == pytest.approx(same.solutions)


@pytest.mark.parametrize(
    ("path", "target", "said"),
    [
        (PRICE, {"investors.ir": 0.08}, "did you mean 'investors.irr'"),
        (PRICE, {"investors": 0.08}, "name one"),
        (PRICE, {"payments.by_rule.wrk": 1}, "did you mean"),
        (PRICE, {}, "give one"),
        (PRICE, {"P(investors.irr)": 0.9}, "is no event"),
        (PRICE, {"P(reserves survive)": 0.9}, "states its reserves"),
        (PRICE, {"investors.irr": float("nan")}, "finite"),
        ("deal.start", {"investors.irr": 0.08}, "a number is needed"),
        ("deal.payments.wrk.price", {"investors.irr": 0.08}, "did you mean 'work'"),
    ],
)
def test_a_question_that_cannot_be_answered_says_what_to_ask(path, target, said):
    with pytest.raises(CaseError) as raised:
        solve(case_of(linear()), path, target)
    assert said in str(raised.value)


def test_a_range_that_the_case_cannot_hold_is_refused():
    with pytest.raises(CaseError, match="negative"):
        solve(case_of(linear()), PRICE, {"investors.irr": 0.08}, low=-5)
    with pytest.raises(CaseError, match="low < high"):
        solve(case_of(linear()), PRICE, {"investors.irr": 0.08}, low=5, high=5)


def test_people_have_a_chance_of_their_own_in_a_simulation():
    # Ten people with a half each: nine times in ten at least three come (binomial: P(X >= 3) = .945, P(X >= 4) = .828).
    data = linear(forecast={"cohorts": [{"id": "all", "starts": 10}], "outcomes": [{"id": "work", "per_start": 0.5}]})
    found = solve(case_of(data), PRICE, {"P(payments.total >= 6000)": 0.9}, low=1_000, high=3_000)
    assert (found.status, found.solutions) == ("jump", (pytest.approx(2_000, abs=0.01),))


def test_a_field_is_looked_at_as_far_as_it_may_go():
    data = linear()
    data["deal"]["outcomes"] = [{"id": "work", "kind": "rate", "measured": "2020-12-31"}]
    points = [{"at": 0.2, "pays": 100}, {"at": 0.5, "pays": 300}]
    data["deal"]["payments"] = [
        {"id": "work", "kind": "schedule", "form": "joined", "outcome": "work", "points": points, "paid_by": "Council"}
    ]
    data["forecast"]["outcomes"] = [{"id": "work", "per_start": 0.4}]
    # At .4, (.4 - a)/(.5 - a) of the way from 100 to 300 is 200 where a is .3; points must rise, so a < .5.
    found = solve(case_of(data), "deal.payments.work.points[0].at", {"payments.total": 200})
    assert (found.high, found.solutions) == (pytest.approx(0.4), (pytest.approx(0.3),))


def test_a_field_below_nothing_is_looked_for_below_nothing():
    data = linear()
    data["deal"]["outcomes"] = [{"id": "work", "kind": "rate", "measured": "2020-12-31"}]
    data["deal"]["payments"] = [
        {"id": "work", "kind": "schedule", "outcome": "work", "points": [{"at": 0.6, "pays": 100}], "below": -50,
         "paid_by": "Council"}
    ]  # fmt: skip
    found = solve(case_of(data), "deal.payments.work.below", {"payments.total": -120})
    assert (found.low, found.solutions) == (-150, (pytest.approx(-120),))


def test_a_number_that_is_called_value_is_found():
    data = linear()
    data["deal"]["outcomes"] = [{"id": "share", "kind": "level"}]
    data["deal"]["payments"] = [
        {"id": "share", "kind": "tariff", "outcome": "share", "price": 1000, "paid_by": "Council"}
    ]
    data["forecast"]["outcomes"] = [{"id": "share", "levels": [{"date": "2020-12-31", "value": {"value": 0.5, "low": 0, "high": 1}}]}]  # noqa: E501  # fmt: skip
    case = case_of(data)
    found = solve(case, "forecast.outcomes.share.levels[0].value", {"payments.total": 620})
    assert found.solutions == (pytest.approx(0.62),)
    assert sib.sensitivity(case, "payments.total")[0].at_high == pytest.approx(1000)


def test_a_share_that_others_must_make_room_for_cannot_be_solved_for_alone():
    data = linear(deal={"surplus": {"Fund": 0.5, "Charity": 0.5}})
    with pytest.raises(CaseError, match="cannot be changed by itself"):
        solve(case_of(data), "deal.surplus.Fund", {"investors.irr": 0.1})


def test_what_every_value_gives_is_always_and_not_unreachable():
    # 20 starts x 0.5 x price: from nothing to 3,000 the total is 0 to 30,000, never below nothing.
    found = solve(case_of(linear()), PRICE, {"payments.total >=": 0})
    assert (found.status, found.solutions, found.lowest) == ("always", (), 0)
    assert found.message.startswith("always: at every value looked at payments.total is >= 0")
    assert solve(case_of(linear()), PRICE, {"payments.total <=": 30_000}).status == "always"


def test_a_probability_that_is_always_higher_is_always():
    data = linear()
    data["deal"]["parties"][1]["reserves"] = 2_000
    data["deal"]["costs"] = [{"id": "team", "kind": "per period", "amount": 500}]
    wanted = {"P(reserves survive)": 0.9}
    # Costs of 500 never run reserves of 2,000 out.
    assert solve(case_of(data), PRICE, wanted).status == "always"
    assert solve(case_of(data), PRICE, {"P(reserves survive) <=": 0.9}).status == "unreachable"


@pytest.mark.parametrize(("sign", "said"), [(">", "from 1,080"), (">=", "from 1,080"), ("<=", "up to 1,080")])
def test_the_direction_says_which_side_will_do(sign, said):
    found = solve(case_of(linear()), PRICE, {f"investors.irr {sign}": 0.08})
    assert said in found.message
    assert found.solutions == (pytest.approx(1080),)
    assert found.target == {"investors.irr": 0.08}


@pytest.mark.parametrize(("sign", "paid"), [(">=", 500), ("<=", 0)])
def test_a_jump_is_met_on_the_side_that_is_wanted(sign, paid):
    data = plain()
    data["deal"]["outcomes"] = [{"id": "share", "kind": "rate", "measured": "2021-12-31"}]
    data["deal"]["payments"] = [
        {"id": "share", "kind": "schedule", "outcome": "share", "points": [{"at": 0.37, "pays": 500}],
         "paid_by": "Council"}
    ]  # fmt: skip
    data["forecast"]["outcomes"] = [{"id": "share", "per_start": 0.5}]
    found = solve(case_of(data), "forecast.outcomes.share.per_start", {f"payments.total {sign}": 300})
    assert (found.status, found.gives) == ("jump", (paid,))


def test_a_search_looks_up_to_where_the_output_ceases_to_be():
    data = linear()
    found = solve(case_of(data), "deal.tranches.notes.commitment", {"investors.multiple >=": 1.0}, low=0, high=20_000)
    # 10,000 come back whatever was drawn: at least 1 from the first pound drawn up to 10,000.
    assert [round(value, 3) for value in found.solutions] == [0.0, 10_000.0]
    assert found.jumps == (True, False)
    assert "from" in found.message
    assert "where it jumps from no number" in found.message


def test_reserves_and_the_hurdle_are_fields_too():
    data = linear()
    data["deal"]["parties"] = [{**party, "reserves": 2_000} if party["id"] == "Charity" else party
                               for party in data["deal"]["parties"]]  # fmt: skip
    data["appraisal"] = {"hurdle": 0.05}
    case = case_of(data)
    # One draw of 10,000 and 10,000 back a year (366 days of 2020) later: npv(h) = 10,000/(1+h)^(t) - 10,000.
    found = solve(case, "appraisal.hurdle", {"investors.npv": -500}, low=0, high=0.2)
    (hurdle,) = found.solutions
    changed = case.changed({"appraisal.hurdle": hurdle})[0]
    assert sib.appraise(changed).investors.npv == pytest.approx(-500)
    two = grid(case, ("appraisal.hurdle", [0.0, 0.1]), (PRICE, [1000.0]), "investors.npv")
    assert two.values[0, 0] > two.values[1, 0] + 500


def test_how_many_scenarios_stand_behind_a_chance_is_said():
    found = solve(
        case_of(linear()), PRICE, {"P(payments.total >= 9000)": 0.5}, low=500, high=2000, scenarios=1000, seed=7
    )
    assert "1,024 scenarios, seed 7, the same at each value" in found.message
    with pytest.raises(CaseError, match="0 scenarios are none"):
        solve(case_of(linear()), PRICE, {"P(payments.total >= 9000)": 0.5}, scenarios=0)


def test_what_lies_below_its_own_value_is_looked_at_where_nothing_is_not_allowed():
    data = linear()
    data["deal"]["payments"] = [{"id": "work", "kind": "schedule", "outcome": "work", "paid_by": "Council",
                                 "points": [{"at": 2, "pays": 100}, {"at": 6, "pays": 300}]}]  # fmt: skip
    # From above the first point's 2 on; a tenth and a quarter of 6 lie below it, 0.4 of it does not.
    found = solve(case_of(data), "deal.payments.work.points[1].at", {"payments.total": 200})
    assert found.low == pytest.approx(2.4)


def test_an_option_of_no_such_name_is_not_ignored():
    with pytest.raises(ValueError, match="'lo' is no option here; the options: low, high"):
        solve(case_of(linear()), PRICE, {"investors.irr": 0.08}, lo=5)
