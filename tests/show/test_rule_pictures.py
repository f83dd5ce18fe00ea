"""What the pictures of payment rules say, and that they say it to everybody."""

from __future__ import annotations

import json
import re

import pytest

from sib.files import load
from sib.problems import CaseError
from sib.reporting.places import notebook
from sib.show import rule_pictures
from sib.show.rule_examples import examples
from sib.show.rule_words import achieved, described, finding
from sib.value.payment_curve import payment_curve
from tests.building import case_of, plain

TITLES = {
    "tariff": "GBP 1,000 for one more person, with no cliff and no limit",
    "cap": "GBP 1,000 for one more person up to 60, and nothing beyond",
    "stepped": "3 cliffs; the largest: reaching 10 % instead of just missing it is worth GBP 50,000",
    "joined": "No cliff: GBP 6,000 to GBP 10,000 for one more percentage point up to 15 %, and nothing beyond",
    "gate": "Reaching 10 % instead of just missing it is worth GBP 72,000",
    "two-sided": "No cliff: GBP 8,000 to GBP 12,000 for one more percentage point up to 15 %, and nothing beyond; "
    "the payee pays back where the line is below nothing",
    "ceiling": "GBP 1,000 for one more person up to 60, and nothing beyond",
    "person": "GBP 1,000 for one more up to 150, and nothing beyond",
    # Of 0.3 x 1 + 0.3 x 3 = 1.2 claims a person those who claim three reach the cap at half of it, 60 of all 100; then
    # a quarter of each more comes of those who claim one, until these reach it too, at half as much again: 180.
    "bundles": "No cliff: GBP 250 to GBP 1,000 for one more up to 180, and nothing beyond",
}


def curve_of(name: str):
    return payment_curve(examples()[name].case, "rule")


@pytest.mark.parametrize("name", TITLES)
def test_the_title_states_the_finding(name):
    assert finding(curve_of(name), "GBP") == TITLES[name]


def test_a_share_that_falls_once_the_loan_is_repaid_has_cliffs_that_cost():
    assert re.match(
        "2 cliffs; the largest: reaching GBP 85,765 .* costs GBP 11,793", finding(curve_of("saving"), "GBP")
    )


def test_a_measure_that_is_rounded_makes_a_staircase():
    case = load("educate-girls")
    curve = payment_curve(case, "enrolment")
    assert finding(curve, "USD") == "A staircase of 100 steps, the largest of USD 840"
    figure = rule_pictures.picture(case, curve)
    # Two lines, the line at nothing and the mark: no step is marked on its own.
    assert len(figure.axes[0].lines) == 4


def test_the_axes_have_their_units():
    case = examples()["gate"].case
    axes = rule_pictures.picture(case, curve_of("gate")).axes[0]
    assert axes.get_xlabel() == "Fall in nights in hospital, %"
    assert axes.get_ylabel() == "GBP thousand paid over the contract"
    assert axes.xaxis.get_major_formatter()(0.125, 0) == "12.5 %"
    assert achieved(examples()["tariff"].case, curve_of("tariff")) == "People in work"


def test_the_picture_is_told_in_words():
    told = described(curve_of("gate"), "GBP")
    assert told == (
        "Paid at 0 % GBP 0, 10 % GBP 72,000, 19.2 % GBP 138,240. Cliffs: 10 %: +GBP 72,000. "
        "As the case stands: 12 %, GBP 86,400."
    )
    assert "Paid at" in rule_pictures.example("gate").text


def test_every_rule_of_a_case_is_drawn_or_says_why_not():
    page = rule_pictures.of_case("educate-girls").text
    assert page.count("<img") == 2
    assert "No picture: &#x27;delivery&#x27; is paid whatever is achieved" in page
    assert rule_pictures.of_case("").text == ""


def test_an_unknown_rule_suggests_the_nearest():
    with pytest.raises(CaseError, match="did you mean 'enrolment'"):
        rule_pictures.of_case("educate-girls", "enrolmnt")


def test_a_rule_that_pays_nothing_says_so():
    data = plain()
    data["deal"]["payments"][0]["price"] = 0
    assert finding(payment_curve(case_of(data), "work"), "GBP") == "Nothing is paid at any level"


def test_the_notebook_holds_no_logic_and_every_example():
    cells = json.loads(notebook("payment_rules").read_text(encoding="utf-8"))["cells"]
    source = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    assert not re.search(r"^\s*(def|class|for|if)\b", source, re.MULTILINE)
    assert set(re.findall(r'example\("([^"]+)"\)', source)) == set(examples())
    assert all(cell["id"] and not cell.get("outputs") for cell in cells)
