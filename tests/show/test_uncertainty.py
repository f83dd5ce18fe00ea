"""The pages about uncertainty: what they say, when they are absent, and that they are the same twice."""

from __future__ import annotations

import re

import pytest

import sib
from sib.risk.shapes import shape_of
from sib.show import foreseen, pages, parts, uncertainty_charts, uncertainty_tables, uncertainty_words
from sib.show.chances import counted, often
from sib.show.foreseen import simulated
from sib.show.svg import to_svg
from tests.building import plain, result_of
from tests.risk.linear import linear
from tests.risk.test_deal_space import with_three_sides
from tests.risk.test_payment_risk import with_fall


def still():
    """A case in which all that is uncertain has happened: nobody starts."""
    return plain(forecast={"cohorts": [{"id": "all", "starts": 0}]})


@pytest.mark.parametrize(
    ("share", "words", "short"),
    [
        (0.026, "in 26 of 1,000 scenarios", "26 of 1,000"),
        (0.0, "in none of 4,096 scenarios", "none"),
        (1.0, "in all 4,096 scenarios", "all"),
        (1 / 4096, "in 1 of 4,096 scenarios", "1 of 4,096"),
        (4095 / 4096, "in 4,095 of 4,096 scenarios", "4,095 of 4,096"),
    ],
)
def test_a_chance_is_said_as_a_natural_frequency(share, words, short):
    assert (often(share, 4096), counted(share, 4096)) == (words, short)


def test_few_scenarios_are_counted_as_they_are():
    assert often(0.25, 64) == "in 16 of 64 scenarios"


def test_the_page_says_what_investors_risk_and_the_return_on_expected_flows():
    page = pages.uncertainty(result_of(linear())).text
    assert re.search(r"Investors lose money in \d+ of 1,000 scenarios", page)
    assert "The IRR of expected flows" in page
    assert "How likely" in page
    assert page.count("<img") == 3


def test_the_mean_of_rates_of_return_is_nowhere():
    result = result_of(linear())
    table = uncertainty_tables.spreads(result, simulated(result))
    assert [column.name for column in table.columns] == [
        "Result", "Base case", "5 %", "Median", "95 %", "Error of median",
    ]  # fmt: skip
    assert table.rows[0][:2] == ("Investors: return a year (IRR)", "0.0 %")


def test_what_is_the_same_in_every_scenario_has_no_row():
    result = result_of(linear())
    assert not any("drawn" in row[0] for row in uncertainty_tables.spreads(result, simulated(result)).rows[2:])


def test_the_same_case_gives_the_same_page_twice():
    for page in (pages.uncertainty, pages.measurement, pages.deal_space):
        first = page(sib.appraise(sib.load("peterborough"))).text
        for known in (foreseen._simulated, foreseen._space, foreseen._risks):
            known.cache_clear()
        assert page(sib.appraise(sib.load("peterborough"))).text == first


def test_another_case_has_another_page():
    one, other = result_of(linear()), result_of(linear(deal={"caps": [{"id": "contract", "amount": 9_500}]}))
    assert pages.uncertainty(one).text != pages.uncertainty(other).text
    assert simulated(one).case == one.case


def test_where_nothing_varies_the_page_is_absent_and_said_to_be():
    result = result_of(still())
    assert pages.uncertainty(result) == pages.EMPTY
    assert parts.absent(result)["uncertainty"] == "no number has a range, and nothing hangs on chance"


def test_parts_about_measures_and_terms_are_absent_with_their_reason():
    gone = parts.absent(result_of(plain()))
    assert gone["measurement"] == "no rule pays by a measured rate, change or level"
    assert gone["deal-space"] == (
        "nobody could be asked: Investors: the case has no capital; Council: no savings of its own are stated; "
        "Provider: no reserves are stated"
    )
    assert parts.absent(sib.appraise(sib.load("nyc-able")))["measurement"].startswith(
        "how much is expected of a person"
    )


def test_a_measurement_is_drawn_with_both_of_its_errors():
    page = pages.measurement(result_of(with_fall(controls=10))).text
    # 1 - Phi(.1/.042817) = .0098; Phi(-.05/.042817) = .1214.
    assert "does nothing in 10 contracts of 1,000; for the expected 15.0 % nothing is in 121 contracts of 1,000" in page
    assert "Cliffs" in page


def test_terms_are_drawn_where_a_side_refuses_some():
    page = pages.deal_space(result_of(with_three_sides())).text
    assert "investors and Council could sign from GBP 1,050 to GBP 1,200" in page
    assert "Not asked: Provider, as no reserves are stated" in page


def test_a_total_loss_is_named_in_the_picture_of_returns():
    result = result_of(linear(forecast={"outcomes": [{"id": "work", "per_start": 0.05}]}))
    runs = simulated(result)
    figure = uncertainty_charts.returns(runs, shape_of(runs))
    assert "and all of it in 3" in str(figure.get_label())
    assert "total loss" in to_svg(figure)


def test_a_cap_is_named_in_the_picture_of_returns():
    result = result_of(linear(deal={"caps": [{"id": "contract", "amount": 9_500}]}))
    runs = simulated(result)
    assert "-5.0 % contract cap" in str(uncertainty_charts.returns(runs, shape_of(runs)).get_label())


def test_each_side_has_its_sentence():
    data = plain(deal={"costs": [{"id": "team", "kind": "per period", "amount": 6_000}]})
    data["deal"]["parties"][1]["reserves"] = 8_000
    result = result_of(data)
    said = dict(uncertainty_words.by_chair(result, simulated(result)))
    assert "Investors" not in said
    assert "Council pays between GBP" in said["Payers"]
    assert "The provider's reserves run out in" in said["Provider"]


def test_a_page_that_a_case_refuses_is_absent_and_says_why(monkeypatch):
    from sib.appraisal import appraise
    from sib.problems import CaseError, Problem
    from sib.show import pages, parts, uncertainty_page
    from tests.building import case_of
    from tests.risk.test_deal_space import with_three_sides

    def refuses(*_):
        raise CaseError(Problem(None, None, "deal.caps", "it cannot be."))

    for name in ("simulated", "measurement_risks", "space"):
        monkeypatch.setattr(uncertainty_page, name, refuses)
    result = appraise(case_of(with_three_sides()))
    gone = parts.absent(result)
    assert {gone[name] for name in ("uncertainty", "measurement", "deal-space")} == {"deal.caps: it cannot be"}
    assert pages.uncertainty(result) == pages.measurement(result) == pages.deal_space(result) == pages.EMPTY


def test_a_payer_who_gains_by_paying_nothing_is_told_so():
    from sib.appraisal import appraise
    from sib.show.organisation_words import what_flips_it
    from sib.value.organisations import organisations
    from tests.building import case_of
    from tests.risk.test_payment_risk import STEP, with_fall

    data = with_fall(STEP | {"points": [{"at": 0.1, "pays": 50_000}]})
    data["forecast"]["savings"] = [{"id": "care", "outcome": "fall", "unit_value": 100, "saved_by": "Council"}]
    result = appraise(case_of(data))
    # 300 x .3 x 100 = 9,000 saved against 50,000 paid; where 1.7 stands against less than 1.7/.9 = 1.889, the fall is
    # under 10 % and nothing is paid.
    (said,) = what_flips_it(result, organisations(result.run)["Council"])
    assert "fewer than 1.89" in said
    assert said.endswith("because it then pays nothing; it saves less too.")


def test_names_of_single_returns_fit_their_bars():
    from sib.show.uncertainty_charts import _narrow

    assert _narrow("total loss\n-100 %").split("\n") == ["total", "loss", "-100\u00a0%"]
