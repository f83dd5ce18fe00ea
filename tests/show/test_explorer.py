import asyncio
import subprocess
import sys

import pytest

import sib
from sib.files import bundled
from sib.problems import CaseError

pytest.importorskip("ipywidgets")

from sib.show import explorer as module
from sib.show.explorer import Explorer, explore

LEARNING, PRICE = "forecast.outcomes.learning.net", "deal.payments.learning.price"


@pytest.fixture
def shown() -> Explorer:
    return explore("educate-girls")


@pytest.fixture
def planned(shown: Explorer) -> Explorer:
    shown.selector.value = "plan"
    return shown


def figures(shown: Explorer) -> str:
    return str(shown.headline.value)


@pytest.mark.parametrize("name", bundled())
def test_every_bundled_case_is_shown_with_its_figures_and_its_picture(name: str):
    shown = explore(name)
    assert shown.result.as_dict() == sib.appraise(sib.load(name)).as_dict()
    assert ("Drawn" in figures(shown)) == bool(sib.load(name).deal.tranches)
    assert "<svg" in shown.chart.value
    assert shown.message.value == ""
    assert shown.values == {}


def test_a_moved_slider_changes_the_figures_and_the_picture(planned: Explorer):
    before, picture = figures(planned), planned.chart.value
    planned.controls[LEARNING].field.value = 0.8
    assert figures(planned) != before
    assert '<td class="now up">377,112</td>' in figures(planned)
    assert planned.chart.value != picture
    assert planned.result.payments.total == pytest.approx(377_112)


def test_the_base_case_and_the_scenario_stay_beside_it(planned: Explorer):
    planned.controls[LEARNING].field.value = 0.8
    assert '<th scope="col">Base case</th><th scope="col">plan</th><th scope="col">Now</th>' in figures(planned)
    assert '<td>422,000</td><td>307,711</td><td class="now up">377,112</td>' in figures(planned)


def test_showing_a_case_turns_nothing(planned: Explorer):
    assert planned.values == {}
    assert planned.result.as_dict() == sib.appraise(sib.load("educate-girls"), "plan").as_dict()


def test_a_quick_simulation_says_how_sure_the_figures_are(planned: Explorer):
    before = planned.sure.value
    assert "4,096 scenarios" in before
    assert "Investors lose money" in before
    planned.controls[PRICE].field.value = 20.0
    assert planned.sure.value != before
    runs = sib.simulate(planned.result.case, 4096)
    assert f"{runs.results['payments.total'].p50:,.0f}" in planned.sure.value.replace("<wbr>", "")


def test_a_case_in_which_nothing_can_vary_says_so():
    assert "no number has a range, and nothing hangs on chance" in explore("street-impact-brighton").sure.value


def test_the_look_ahead_waits_until_the_numbers_rest():
    async def turn() -> tuple[str, str, str]:
        shown = explore("educate-girls")
        shown.selector.value = "plan"
        await asyncio.sleep(0.1)
        early = shown.sure.value
        await asyncio.sleep(2 * module.AT_REST)
        return early, shown.sure.value, " ".join(shown.sure._dom_classes)

    early, late, classes = asyncio.run(turn())
    assert early == ""
    assert "scenarios" in late
    assert module.STALE not in classes


def test_reset_puts_every_number_back(planned: Explorer):
    before = figures(planned)
    planned.controls[LEARNING].field.value = 0.8
    planned.controls[PRICE].field.value = 50.0
    assert set(planned.values) == {LEARNING, PRICE}
    planned.reset_button.click()
    assert planned.values == {}
    assert figures(planned) == before


def test_a_scenario_starts_from_its_own_numbers():
    shown = explore("nyc-able")
    shown.selector.value = "at-20"
    assert shown.controls["forecast.outcomes.bed-days.change"].value == 0.2
    assert shown.result.investors.irr.rate == pytest.approx(0.051, abs=0.0005)


def test_what_has_happened_is_said_beside_the_slider_that_it_replaces(shown: Explorer):
    control = shown.controls[LEARNING]
    assert control.field.disabled
    assert "As planned, both targets just met" in control.widget.children[-1].value
    shown.selector.value = "plan"
    assert not shown.controls[LEARNING].field.disabled


def test_a_percentage_is_typed_as_one():
    shown = explore("peterborough")
    box = shown.controls["deal.payments.events.gate.at_least"]
    assert box.field.value == 10.0
    box.field.value = 7.0
    assert shown.values == {"deal.payments.events.gate.at_least": 0.07}
    assert shown.result.payments.by_rule["events"] > 0


def test_a_mistake_is_told_in_a_sentence_and_the_last_good_figures_stay(shown: Explorer):
    shown.controls[PRICE].field.value = 30.0
    before, picture, result = figures(shown), shown.chart.value, shown.result
    shown.controls[PRICE].field.value = -5.0
    assert "Price: learning: must not be negative; -5 was written." in shown.message.value
    assert "Traceback" not in shown.message.value
    assert (figures(shown), shown.chart.value, shown.result) == (before, picture, result)
    shown.controls[PRICE].field.value = 31.0
    assert shown.message.value == ""
    assert figures(shown) != before


def test_numbers_beyond_reckoning_are_told_too(shown: Explorer):
    shown.controls[PRICE].field.value = 1e308
    assert "too large to reckon with" in shown.message.value


def test_a_fault_of_the_toolkit_is_not_blamed_on_the_user(shown: Explorer, monkeypatch: pytest.MonkeyPatch):
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(module, "turned", broken)
    with pytest.raises(ZeroDivisionError):
        shown.controls[PRICE].field.value = 30.0
    assert "The toolkit could not work this out" in shown.message.value


def test_what_is_typed_into_a_case_is_text_not_markup():
    case = sib.load("educate-girls").model_copy(update={"title": "<b>bold</b>"})
    top = explore(case).widget.children[1]
    assert "&lt;b&gt;bold&lt;/b&gt;" in top.children[0].value


def test_a_case_that_is_not_there_is_told_without_a_traceback():
    with pytest.raises(CaseError, match="did you mean 'educate-girls'") as raised:
        explore("educate-girl")
    assert raised.value._render_traceback_() == str(raised.value).splitlines()


def test_a_notebook_shows_the_widgets(shown: Explorer):
    assert "application/vnd.jupyter.widget-view+json" in shown._repr_mimebundle_()


def test_the_toolkit_is_imported_without_the_widgets():
    code = "import sys, sib; sib.appraise(sib.load('educate-girls')); sys.exit('ipywidgets' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
