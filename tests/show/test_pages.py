import re

import pytest

import sib
from sib.files import bundled
from sib.show import pages, parts
from tests.building import plain, result_of

COST = {"id": "staff", "kind": "per period", "amount": 4_000}
TRANCHE = {"id": "notes", "investor": "Fund", "commitment": 30_000}


def whole(result):
    """Everything that the cells of the notebook show."""
    case = result.case
    shown = [pages.contents(result), pages.first(result, {}, []), pages.scenarios(case), pages.published(case)]
    shown += [
        page(result) for page in (
            pages.outcomes, pages.investors, pages.payers, pages.payer_pages, pages.public_value, pages.other_ways,
            pages.prices, pages.provider, pages.uncertainty, pages.measurement, pages.deal_space, pages.years,
            pages.assumptions, pages.checks,
        )
    ]  # fmt: skip
    return "".join(one.text for one in [*shown, pages.footer(case, result)])


@pytest.mark.parametrize("name", bundled())
def test_every_link_of_the_contents_leads_to_a_part(name):
    page = whole(sib.appraise(sib.load(name)))
    assert set(re.findall('href="#([^"]+)"', page)) == set(re.findall('<section class="part" id="([^"]+)"', page))
    assert len(re.findall("<h1", page)) == 1


@pytest.mark.parametrize("name", bundled())
def test_every_image_has_words_for_who_cannot_see_it(name):
    page = whole(sib.appraise(sib.load(name)))
    images = re.findall("<img[^>]*>", page)
    assert images
    assert all(re.search('alt="[^"]{20,}"', image) for image in images)


def test_parts_that_a_bare_case_cannot_fill_are_absent_and_named():
    result = result_of(plain())
    assert pages.investors(result) == pages.provider(result) == pages.EMPTY
    assert pages.scenarios(result.case) == pages.published(result.case) == pages.EMPTY
    page = whole(result)
    assert "the investors&#x27; page (the case has no investors)" in page
    assert "the provider&#x27;s page (the case states no provider costs)" in page
    assert 'href="#investors"' not in page


def test_parts_are_there_as_soon_as_the_case_can_fill_them():
    result = result_of(plain(deal={"tranches": [TRANCHE], "costs": [COST]}))
    assert {"investors", "provider"} <= set(parts.present(result))
    assert "GBP\xa030,000" in pages.investors(result).text
    assert "GBP\xa032,000" in pages.provider(result).text


def test_a_scenario_and_changes_are_said_on_the_first_page():
    case = sib.load("educate-girls", {"deal.caps.contract.amount": 400_000})
    page = pages.first(sib.appraise(case, "plan"), {"deal.caps.contract.amount": 400_000}, ["a range was dropped."])
    assert "Scenario: As planned, both targets just met." in page.text
    assert "Changed from the file: deal.caps.contract.amount is 400000." in page.text
    assert "a range was dropped." in page.text
    assert "Scenario:" not in pages.first(sib.appraise(case), {}, []).text


def test_every_scenario_has_a_row():
    case = sib.load("nyc-able")
    assert pages.scenarios(case).text.count('<th scope="row"') == 1 + len(case.scenarios)


def test_payments_are_drawn_where_they_are_made_on_several_days():
    assert "<img" in pages.outcomes(result_of(plain())).text
    assert "<img" not in pages.outcomes(sib.appraise(sib.load("educate-girls"))).text


def test_the_footer_tells_the_input_the_program_and_the_date_of_the_data():
    case = sib.load("educate-girls")
    words = pages.footer(case, sib.appraise(case, "plan")).text
    assert f"input {case.fingerprint}" in words
    assert f"sib {sib.__version__}" in words
    assert "data of 1\xa0November 2026" in words
    assert "scenario plan" in words
    assert case.fingerprint != sib.load("educate-girls", {"deal.caps.contract.amount": 1}).fingerprint


def test_words_of_a_case_are_no_markup():
    result = result_of({**plain(), "title": "<script>alert(1)</script>", "summary": "a < b & c"})
    page = whole(result)
    assert "<script" not in page
    assert "a &lt; b &amp; c" in page
