"""Where a number comes from: by hand on small cases, and for every number of every bundled case."""

from __future__ import annotations

import json

import pytest

import sib
from sib.appraisal import appraise
from sib.cli import main
from sib.explanation import Explainer, Explanation, explain
from sib.explanation.columns import with_number
from sib.explanation.flows import grouped
from sib.explanation.words import UNKNOWN
from sib.files import bundled, load
from sib.numbers import terms_in
from sib.paths import leaves
from sib.problems import CaseError
from sib.show import explained
from tests.building import case_of, plain

# 80 starts, half of them in work, 1,000 each: 40,000, five outcomes on each of eight quarter ends.
STARTS, RATE, PRICE = "forecast.cohorts.all.starts", "forecast.outcomes.work.per_start", "deal.payments.work.price"
NOTES = {"id": "notes", "investor": "Fund", "commitment": 30_000}
STAFF = {"id": "staff", "kind": "per period", "amount": {"value": 6_000, "low": 5_000, "high": 7_500}}


def of(quantity: str, **sections) -> Explanation:
    return explain(case_of(plain(**sections)), quantity)


def paths(found: Explanation) -> list[str]:
    return [number.path for number in found.numbers]


def number(found: Explanation, path: str):
    return next(one for one in found.numbers if one.path == path)


def test_a_total_rests_on_exactly_the_numbers_that_make_it():
    found = of("payments.total")
    assert found.value == 40_000 == 80 * 0.5 * 1_000
    assert found.unit == "GBP"
    assert set(paths(found)) == {STARTS, RATE, PRICE}
    assert not any(one.only_further for one in found.numbers)


def test_what_it_becomes_when_a_number_is_another():
    one = number(of("payments.total"), RATE)
    # No range: 1 % and 10 % either way.
    assert (one.at_lower, one.at_higher, one.at_low, one.at_high) == pytest.approx((39_600, 40_400, 36_000, 44_000))


def test_a_range_is_where_the_number_is_tried():
    forecast = {"outcomes": [{"id": "work", "per_start": {"value": 0.5, "low": 0.25, "high": 0.75, "grade": 3}}]}
    one = number(of("payments.total", forecast=forecast), RATE)
    assert (one.at_low, one.at_high) == pytest.approx((20_000, 60_000))
    assert (one.kind, one.low, one.high, one.grade) == ("assumption", 0.25, 0.75, 3)


def test_the_rows_it_counts_add_up_to_it():
    found = of("payments.total")
    assert [(str(row.date), row.amount) for row in found.flows[:2]] == [("2020-03-31", 5_000), ("2020-06-30", 5_000)]
    assert found.sums
    (group,) = grouped(found.flows)
    assert (group.count, group.total, group.source, group.target) == (8, 40_000, "Council", "Charity")


def test_the_rule_says_how_it_pays_and_what_was_measured():
    (rule,) = of("payments.by_rule.work").rules
    assert (rule.kind, rule.achieved, rule.units, rule.claimed, rule.cut, rule.accepted) == (
        "tariff", 40, 40, 40_000, 0, 40_000,
    )  # fmt: skip
    assert rule.words == "count x price: the price for each accepted 'work'"
    assert {term.path: term.value for term in rule.terms}[PRICE] == 1_000


def test_a_cap_that_binds_is_what_it_rests_on_and_says_what_it_cut():
    found = of("payments.total", deal={"caps": [{"id": "contract", "amount": 38_000}]})
    (cut,) = found.clipped
    assert (cut.cap, cut.rule, cut.amount) == ("contract", "work", pytest.approx(2_000))
    assert [(term.path, term.value) for term in cut.terms] == [("deal.caps.contract.amount", 38_000)]
    at_once = [one.path for one in found.numbers if not one.only_further]
    assert at_once == ["deal.caps.contract.amount"]
    # A tenth less is 36,000, which the cap leaves alone: these move it, but only further on.
    further = {one.path for one in found.numbers if one.only_further}
    assert further == {STARTS, RATE, PRICE}
    assert number(found, PRICE).at_low == pytest.approx(36_000)


def test_the_limit_of_a_rule_is_named_by_its_term():
    data = plain()
    data["deal"]["payments"][0]["ceiling"] = 0.4
    (cut,) = explain(case_of(data), "payments.total").clipped
    # 40 outcomes, of which the ceiling lets 32 be claimed for.
    assert cut.amount == pytest.approx(8_000)
    assert [term.path for term in cut.terms] == ["deal.payments.work.ceiling"]


def test_a_cliff_far_away_is_found_at_the_end_of_the_range():
    data = plain()
    data["deal"]["outcomes"] = [{"id": "fall", "kind": "change", "measured": "2021-12-31"}]
    data["deal"]["payments"] = [
        {"id": "fall", "kind": "schedule", "outcome": "fall", "points": [{"at": 0.1, "pays": 9_000}],
         "paid_by": "Council"}
    ]  # fmt: skip
    data["forecast"]["outcomes"] = [{"id": "fall", "change": {"value": 0.0, "low": -0.05, "high": 0.2}}]
    found = explain(case_of(data), "payments.total")
    assert (found.value, paths(found)) == (0, ["forecast.outcomes.fall.change"])
    assert found.numbers[0].only_further
    assert found.numbers[0].at_high == 9_000


def test_a_margin_takes_costs_off():
    found = of("provider.margin", deal={"costs": [STAFF]})
    assert found.value == 40_000 - 8 * 6_000
    assert sum(row.amount for row in found.flows) == pytest.approx(found.value)
    assert set(paths(found)) == {STARTS, RATE, PRICE, "deal.costs.staff.amount"}
    assert number(found, "deal.costs.staff.amount").at_high == 40_000 - 8 * 7_500


def test_a_net_position_counts_savings_that_nobody_pays():
    saving = {"id": "care", "outcome": "work", "unit_value": 3_000, "saved_by": "Council", "cashable": 0.5}
    forecast = {"outcomes": [{"id": "work", "per_start": 0.5, "counterfactual": 0.25}], "savings": [saving]}
    found = of("payers.Council.net", forecast=forecast)
    # 20 net outcomes x 3,000, less 40,000 paid; the savings are rows too.
    assert found.value == pytest.approx(20_000)
    assert sum(row.amount for row in found.flows if row.kind == "saving") == pytest.approx(60_000)
    assert sum(row.amount for row in found.flows) == pytest.approx(20_000)
    assert "forecast.savings.care.unit_value" in paths(found)
    assert "forecast.savings.care.cashable" not in paths(found)


def test_numbers_that_views_read_for_themselves_move_what_they_show():
    data = plain(deal={"tranches": [NOTES]}, appraisal={"hurdle": 0.08})
    data["deal"]["outcomes"][0]["target"] = 50
    explainer = Explainer(appraise(case_of(data)))
    assert "appraisal.hurdle" in paths(explainer.explain("investors.npv"))
    assert "appraisal.hurdle" not in paths(explainer.explain("investors.irr"))
    reached = number(explainer.explain("outcomes.work.of_target"), "deal.outcomes.work.target")
    assert reached.at_high == pytest.approx(40 / 55)


def test_weights_that_reach_into_other_scenarios_are_run_one_by_one():
    cohort = {"id": "all", "starts": 80, "last": "2020-12-31", "profile": [1, 1, 2, 4]}
    found = of("by_year.Council.2019/20.paid", forecast={"cohorts": [cohort]})
    # The first quarter has an eighth of the starts: 5 outcomes.
    assert found.value == pytest.approx(5_000)
    first = number(found, "forecast.cohorts.all.profile[0]")
    assert first.at_high == pytest.approx(40_000 * 1.1 / 8.1)
    assert number(found, "forecast.cohorts.all.profile[3]").at_high == pytest.approx(40_000 / 8.4)


def test_why_a_rate_is_another_elsewhere():
    # 30,000 out at once, 10 % more back after two years of 365 and 366 days.
    data = plain(deal={"tranches": [NOTES], "service_end": "2021-12-31"})
    data["deal"]["outcomes"][0]["measured"] = "2021-12-31"
    data["forecast"]["outcomes"] = [{"id": "work", "per_start": 33 / 80}]
    found = explain(case_of(data), "investors.irr")
    rates = {one.name: one.value for one in found.alternatives}
    days = 730
    assert rates["IRR on dates"] == pytest.approx(1.1 ** (365 / days) - 1) == found.value
    assert rates["Periodic, effective"] == pytest.approx(1.1 ** (1 / 2) - 1)
    assert rates["Periodic, times n"] == pytest.approx(4 * (1.1 ** (1 / 8) - 1))
    assert rates["Simple, a year"] == pytest.approx(0.1 / (days / 365))
    assert rates["Simple, in all"] == pytest.approx(0.1)
    assert rates["Flows at the end"] == pytest.approx(rates["IRR on dates"])
    # The last quarter begins on 1 October 2021, 639 days after the start; its middle is 45 days later.
    assert rates["Flows at the start"] == pytest.approx(1.1 ** (365 / 639) - 1)
    assert rates["Flows at the middle"] == pytest.approx(1.1 ** (365 / 684) - 1)
    assert of("payments.total").alternatives == ()


def test_a_guarantee_is_left_out_of_the_rate_without_it():
    explainer = Explainer(appraise(load("nyc-able")))
    assert {row.kind for row in explainer.explain("investors.irr_unguaranteed").flows} == {"draw"}
    assert {row.kind for row in explainer.explain("investors.irr").flows} == {"draw", "guarantee"}


# The Fund and the Trust give 30,000 on the first day, three to one; the 40,000 that is paid goes to them.
SHARED = {"id": "shared", "investor": {"Fund": 0.75, "Trust": 0.25}, "commitment": 30_000}


@pytest.fixture(scope="module")
def shared() -> Explainer:
    data = plain(deal={"tranches": [SHARED]})
    data["deal"]["parties"].append({"id": "Trust", "role": "investor"})
    return Explainer(appraise(case_of(data)))


def test_an_investor_is_explained_by_its_own_flows(shared):
    drawn = shared.explain("investors.by_investor.Trust.drawn")
    assert [(row.source, row.kind, row.amount) for row in drawn.flows] == [("Trust", "draw", 7_500)]
    assert (drawn.value, drawn.sums) == (7_500, True)
    received = shared.explain("investors.by_investor.Trust.received")
    assert {row.target for row in received.flows} == {"Trust"}
    assert sum(row.amount for row in received.flows) == pytest.approx(received.value) == pytest.approx(10_000)


def test_all_that_is_out_at_once_is_the_peak(shared):
    peak = shared.explain("investors.tranches.shared.peak_exposure")
    assert peak.value == pytest.approx(sum(row.amount for row in peak.flows)) == pytest.approx(30_000)


def test_an_investor_s_rate_has_every_convention(shared):
    trust, everybody = (shared.explain(f"investors{who}.irr").alternatives for who in (".by_investor.Trust", ""))
    assert [one.name for one in trust] == [one.name for one in everybody]
    assert [one.value for one in trust] == pytest.approx([one.value for one in everybody])
    assert UNKNOWN not in {one.words for one in trust}
    assert shared.explain("investors.by_investor.Trust.multiple").alternatives == ()


@pytest.mark.parametrize(
    ("name", "unit"),
    [("average_life", "years"), ("loss", "GBP"), ("loss_share", "fraction"), ("payback_date", "date")],
)
@pytest.mark.parametrize("who", ["", ".tranches.shared", ".by_investor.Fund"])
def test_every_figure_of_investors_has_its_formula_and_unit(shared, who, name, unit):
    found = shared.explain(f"investors{who}.{name}")
    assert found.unit == unit
    assert found.formula != UNKNOWN


def test_what_is_committed_is_explained(shared):
    parts = [quantity for quantity in shared.quantities if quantity.startswith("investors.commitment.")]
    assert len(parts) == 3
    assert UNKNOWN not in {shared.explain(quantity).formula for quantity in parts}


@pytest.mark.parametrize(
    ("quantity", "words"),
    [
        ("payments.totl", "did you mean 'payments.total'?"),
        ("payments.by_rule.wrok", "did you mean 'payments.by_rule.work'?"),
        ("payments.by_rule", "it holds several quantities; name one: payments.by_rule.work."),
        ("savers", "it is empty in this case."),
        ("zzz", "quantities begin with case, scenario"),
        ("payments..total", "did you mean 'payments.total'?"),
    ],
)
def test_an_unknown_quantity_says_what_to_write(quantity, words):
    with pytest.raises(CaseError) as caught:
        of(quantity)
    (problem,) = caught.value.problems
    assert problem.path == quantity
    assert words in problem.message


def test_nothing_to_explain_is_said():
    found = of("provider.cost")
    assert found.value is None
    assert found.numbers == ()
    assert any("no such number" in note for note in found.notes)


def every_appraisal():
    quick = [("educate-girls", None), ("nyc-able", "at-20")]
    return quick + [pytest.param(name, None, marks=pytest.mark.slow) for name in bundled() if name != "educate-girls"]


@pytest.mark.parametrize(("name", "scenario"), every_appraisal())
def test_every_number_of_every_bundled_case_is_explained(name, scenario):
    result = sib.appraise(load(name), scenario)
    explainer = Explainer(result)
    answer = dict(leaves(result.as_dict()))
    assert len(explainer.quantities) > 100
    for quantity in explainer.quantities:
        found = explainer.explain(quantity)
        assert found.value == answer[quantity], quantity
        assert found.formula.endswith("."), quantity
        if found.sums:
            total = sum(row.amount for row in found.flows)
            assert total == pytest.approx(found.value, abs=result.residual_tolerance), quantity
        json.dumps(found.as_dict(), allow_nan=False)


@pytest.mark.parametrize("name", ["educate-girls", "peterborough", "utah-preschool", "reboot-west"])
def test_a_run_of_all_nudges_agrees_with_a_run_of_each(name):
    """The second opinion: the case changed at one number and appraised by itself."""
    case = load(name)
    quantities = ("payments.total", "investors.received", "provider.margin")
    explainer = Explainer(appraise(case))
    for quantity in quantities:
        moved = {one.path: one.at_higher for one in explainer.explain(quantity).numbers}
        for path, term in terms_in(case):
            if path in moved:
                step = 0.01 * (abs(term.value) or 1.0)
                alone = appraise(with_number(case, path, term.value + step)).as_dict()
                section, key = quantity.split(".")
                assert alone[section][key] == pytest.approx(moved[path], rel=1e-9, abs=1e-6), (quantity, path)


def test_a_number_is_replaced_and_nothing_else():
    case = load("peterborough")
    before = dict(terms_in(case))
    after = dict(terms_in(with_number(case, "deal.payments.events.paid_by[0].up_to", 7.0)))
    changed = {path for path in before if before[path].value != after[path].value}
    assert changed == {"deal.payments.events.paid_by[0].up_to"}


def test_the_tables_name_flows_rules_caps_and_numbers():
    case = load("educate-girls")
    found = explain(case, "payments.total")
    shown = {table.title: table for table in explained.tables(found, case)}
    assert shown["The flows it counts"].rows[-1][-1] == "422,000"
    assert shown["What was cut"].rows[0] == (
        "the contract cap", "Learning gained above the control group", "34,267", "deal.caps.contract.amount = 422,000",
    )  # fmt: skip
    numbers = shown["The numbers it rests on"]
    assert numbers.rows[0][:4] == (
        "deal.caps.contract.amount", "422,000", "USD",
        "S1: Brookings: educate girls development impact bond, final results",
    )  # fmt: skip


def test_many_rows_are_gathered_first():
    found = of("provider.margin", deal={"costs": [STAFF]})
    gathered, first = explained.flow_tables(found, case_of(plain(deal={"costs": [STAFF]})))
    assert [row[-2:] for row in gathered.rows] == [("8", "40,000"), ("8", "-48,000"), ("", "-8,000")]
    assert len(first.rows) == explained.FIRST_ROWS


@pytest.mark.parametrize(
    ("quantity", "shown"),
    [
        ("payments.total", "payments.total: USD 422,000"),
        ("investors.irr", "investors.irr: 14.74 % a year"),
        ("investors.multiple", "investors.multiple: 1.52x"),
        ("dates.last_payment", "dates.last_payment: 13 Jul 2018"),
        ("outcomes.learning.net", "outcomes.learning.net: 8,940 ASER levels"),
        ("investors.irr_status", "investors.irr_status: unique"),
    ],
)
def test_the_command_prints_the_value_first(quantity, shown, capsys):
    assert main(["explain", "educate-girls", quantity]) == 0
    assert capsys.readouterr().out.startswith(shown)


def test_the_command_as_json_with_a_change_and_a_scenario(capsys):
    change = "deal.caps.contract.amount=300000"
    assert main(["explain", "educate-girls", "payments.total", "--set", change, "--scenario", "plan", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["value"] == pytest.approx(300_000)
    assert answer["flows"][0].keys() == {"date", "from", "to", "kind", "rule", "tranche", "cost", "amount"}
    assert main(["explain", "educate-girls", "payments.totl", "--json"]) == 1
    assert "payments.total" in json.loads(capsys.readouterr().out)["errors"][0]["message"]
