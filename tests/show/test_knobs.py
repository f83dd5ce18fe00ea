import pytest

import sib
from sib.assumption import Assumption
from sib.case import Case
from sib.files import bundled
from sib.numbers import terms_in
from sib.problems import CaseError
from sib.show.choices import FORECAST_ONLY, advice, choices_of, without_effect
from sib.show.headline import lines_of, side_by_side
from sib.show.knobs import EXPECTED, Knob, knobs_of, step_of, turned

LEARNING, ENROLMENT = "forecast.outcomes.learning.net", "forecast.outcomes.enrolment.per_start"
PRICE, CAP = "deal.payments.learning.price", "deal.caps.contract.amount"


@pytest.fixture
def girls() -> Case:
    return sib.load("educate-girls")


@pytest.fixture
def plan(girls: Case) -> Case:
    return girls.in_scenario("plan")


def knob(case: Case, path: str) -> Knob:
    return next(item for item in knobs_of(case) if item.path == path)


@pytest.mark.parametrize("name", bundled())
def test_every_number_with_a_range_can_be_turned_within_it(name: str):
    case = sib.load(name)
    ranged = {p: t for p, t in terms_in(case) if isinstance(t, Assumption) and t.has_range}
    found = {item.path: (item.low, item.high) for item in knobs_of(case) if item.group == EXPECTED}
    assert found == {path: (term.low, term.high) for path, term in ranged.items()}


@pytest.mark.parametrize("name", bundled())
def test_every_knob_can_really_be_set_and_has_a_name_of_its_own(name: str):
    case = sib.load(name)
    knobs = knobs_of(case)
    for item in knobs:
        # A share may be at its most, and a draw may not exceed its commitment.
        room = 0.0 if item.unit.startswith("%") or ".draw." in item.path else item.step
        moved = turned(case, {item.path: item.value + room})
        assert dict(terms_in(moved.case))[item.path].value >= item.value
    assert len({item.label for item in knobs}) == len(knobs)


@pytest.mark.parametrize("name", bundled())
def test_nothing_turned_is_the_appraisal(name: str):
    case = sib.load(name)
    assert turned(case, {}).as_dict() == sib.appraise(case).as_dict()
    same = {item.path: item.value for item in knobs_of(case)}
    assert turned(case, same).as_dict() == sib.appraise(case).as_dict()


def test_a_turned_number_gives_what_the_changed_file_gives(plan: Case):
    file = sib.load("educate-girls", {"actuals.outcomes": [], LEARNING: 0.4})
    assert turned(plan, {LEARNING: 0.4}).as_dict() == sib.appraise(file).as_dict()


def test_prices_gates_caps_and_capital_can_be_turned(girls: Case):
    found = {item.path for item in knobs_of(girls)}
    assert {PRICE, CAP, "deal.tranches.notes.commitment"} <= found
    ladder = {item.path for item in knobs_of(sib.load("nyc-able"))}
    assert {"deal.payments.reduction.points[7].pays", "deal.guarantees.grant.amounts[0].amount"} <= ladder
    gates = {item.path for item in knobs_of(sib.load("peterborough"))}
    assert {"deal.payments.events.gate.at_least", "deal.payments.pooled.gate.pooled_at_least"} <= gates


@pytest.mark.parametrize("name", bundled())
def test_a_slider_can_stand_on_both_ends_and_exactly_on_the_cases_number(name: str):
    for item in knobs_of(sib.load(name)):
        if item.group == EXPECTED:
            places = item.positions
            assert (places[0], places[-1]) == (item.low, item.high)
            assert item.value in places
            assert 30 < len(places) < 300
            assert list(places) == sorted(set(places))


def test_a_slider_stands_on_round_numbers_in_between(girls: Case):
    assert knob(girls, LEARNING).positions[:3] == (0.31, 0.32, 0.33)
    assert knob(girls, "deal.costs.delivery.amount").positions[:3] == (22740, 22800, 22900)


def test_prices_that_change_are_named_by_the_day_from_which_they_apply(girls: Case):
    data = girls.data()
    rule = data["deal"]["payments"][0]
    del rule["price"]
    rule["prices"] = [{"date": "2015-06-30", "price": 40}, {"date": "2017-01-01", "price": 45}]
    found = {item.label: item.path for item in knobs_of(Case.from_data(data))}
    assert found["Price: learning, from 1 Jan 2017"] == "deal.payments.learning.prices[1].price"


def test_in_a_list_of_numbers_only_those_with_a_range_can_be_turned(girls: Case):
    starts = [{"value": 400, "low": 300, "high": 500}, 437]
    case = girls.changed({"forecast.cohorts.girls.starts": starts})[0]
    found = [item for item in knobs_of(case) if item.path.startswith("forecast.cohorts.girls")]
    assert [(item.path, item.label) for item in found] == [
        ("forecast.cohorts.girls.starts[0]", "Girls out of school: number who start 1")
    ]


def test_shares_that_sum_to_one_are_not_turned_one_by_one(girls: Case):
    parts = [{"id": "near", "share": {"value": 0.4, "low": 0.3, "high": 0.5}}, {"id": "far", "share": 0.6}]
    case = girls.changed({"forecast.cohorts.girls.segments": parts})[0]
    assert not [item.path for item in knobs_of(case) if "segments" in item.path]


def test_percentages_are_shown_as_people_say_them_and_read_back_exactly(girls: Case):
    share = knob(girls, ENROLMENT)
    assert share.written(0.79) == "79 %"
    assert share.shown(0.07) == 7.0
    assert share.meant(share.shown(0.79)) == 0.79


def test_money_is_shown_with_its_currency_and_what_it_is_for(girls: Case):
    assert knob(girls, PRICE).written(43.16) == "USD 43.16 per level"
    assert knob(girls, CAP).written(422_000) == "USD 422,000"


def test_other_units_stand_behind_the_number(girls: Case):
    assert knob(girls, LEARNING).written(0.4) == "0.4 levels a child"


@pytest.mark.parametrize(
    ("span", "step"),
    [(1, 0.01), (0.79, 0.01), (0.25, 0.005), (7580, 100), (422_000, 5000), (2, 0.02), (0, 0.01), (3e-7, 5e-9)],
)
def test_steps_are_about_a_hundredth_and_round(span: float, step: float):
    assert step_of(span) == pytest.approx(step)


def test_a_number_that_cannot_be_is_told_with_its_path(girls: Case):
    with pytest.raises(CaseError, match=rf"{PRICE}: must not be negative; -5 was written\."):
        turned(girls, {PRICE: -5})
    with pytest.raises(CaseError, match="must be at most 1"):
        turned(sib.load("peterborough"), {"deal.payments.pooled.share": 1.5})


def test_a_contradiction_between_numbers_is_told(girls: Case):
    with pytest.raises(CaseError, match="exceed the commitment"):
        turned(sib.load("nyc-able"), {"deal.tranches.loan.commitment": 1.0})


def test_numbers_beyond_reckoning_are_refused_without_a_warning(girls: Case):
    with pytest.raises(CaseError, match="too large to reckon with"):
        turned(girls, {PRICE: 1e307})


def test_a_scenario_keeps_the_ranges_and_stretches_them_to_its_own_value(girls: Case):
    far = girls.changed({"actuals.outcomes": [], LEARNING: 1.3})[0]
    assert not dict(terms_in(far))[LEARNING].has_range
    found = {item.path: item for item in knobs_of(far, girls)}[LEARNING]
    assert (found.low, found.high, found.value) == (0.31, 1.3, 1.3)


def test_the_versions_to_start_from_are_the_case_and_its_scenarios(girls: Case):
    assert [choice.id for choice in choices_of(girls)] == ["base case", "plan", "bonus"]


def test_the_forecast_alone_is_offered_where_no_scenario_leaves_the_actuals_out(girls: Case):
    known = girls.model_copy(update={"scenarios": ()})
    last = choices_of(known)[-1]
    assert last.id == FORECAST_ONLY
    assert sib.appraise(last.case).as_dict()["payments"] == sib.appraise(girls, "plan").as_dict()["payments"]


def test_what_has_happened_leaves_forecasts_without_effect(girls: Case, plan: Case):
    paths = (LEARNING, ENROLMENT, "deal.costs.delivery.amount")
    assert without_effect(girls, [knob(girls, path) for path in paths]) == {LEARNING, ENROLMENT}
    assert without_effect(plan, [knob(plan, path) for path in paths]) == frozenset()
    assert without_effect(girls, []) == frozenset()


def test_a_number_that_only_moves_what_a_cap_cuts_does_have_an_effect(plan: Case):
    capped = plan.changed({CAP: 1000})[0]
    low, high = turned(capped, {LEARNING: 0.31}), turned(capped, {LEARNING: 1.1})
    assert [low.payments.total, high.payments.total] == pytest.approx([1000, 1000])
    assert without_effect(capped, [knob(capped, LEARNING)]) == frozenset()


def test_advice_names_the_scenario_in_which_the_number_counts(girls: Case):
    choices = choices_of(girls)
    knobs = [item for item in knobs_of(girls) if item.group == EXPECTED]
    found = advice(choices, choices[0], knobs)
    assert set(found) == {LEARNING, ENROLMENT}
    assert "As planned, both targets just met" in found[LEARNING]
    assert advice(choices, choices[1], knobs) == {}


def test_the_headline_has_every_party(girls: Case):
    lines = {(line.section, line.label): line.text for line in lines_of(sib.appraise(girls))}
    assert lines["Investors", "Drawn"] == "277,915"
    assert lines["Investors", "Return a year (IRR)"] == "14.7 %"
    assert lines["Investors", "Multiple"] == "1.52x"
    assert lines["Payers", "CIFF pays"] == "422,000"
    assert lines["Provider", "Margin"] == "0"
    assert lines["Provider", "Deepest deficit"] == "0"
    assert [text for (section, _), text in lines.items() if section == "Cut by caps"] == ["34,267", "6,863"]


def test_the_headlines_number_is_the_appraisals(girls: Case):
    result = sib.appraise(girls, "plan")
    numbers = {line.label: line.number for line in lines_of(result)}
    assert numbers["Return a year (IRR)"] == result.investors.irr.rate
    assert numbers["CIFF pays"] == result.payers["CIFF"].paid


def test_side_by_side_marks_what_moved_and_which_way(girls: Case, plan: Case):
    before, now = turned(plan, {}), turned(plan, {LEARNING: 0.8})
    page = side_by_side({"Base case": before, "Now": now})
    assert '<td>307,711</td><td class="now up">377,112</td>' in page
    still = side_by_side({"Base case": before, "Now": before})
    assert "now up" not in still
    assert "now down" not in still


def test_names_from_a_case_cannot_bring_markup_into_the_page(girls: Case):
    outcome = girls.deal.outcomes[0].model_copy(update={"title": "<script>x</script>"})
    deal = girls.deal.model_copy(update={"outcomes": (outcome, *girls.deal.outcomes[1:])})
    page = side_by_side({"Now": sib.appraise(girls), "Then": sib.appraise(girls.model_copy(update={"deal": deal}))})
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
