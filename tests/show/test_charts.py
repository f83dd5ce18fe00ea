import re

import pytest

import sib
from sib.files import bundled
from sib.show import charts
from sib.show.series import deal_money, provider_money
from sib.show.svg import as_image, to_svg
from tests.building import plain, result_of

ALL = (charts.cash_flow, charts.provider_cash, charts.payments_by_year)
NOTES = {"id": "notes", "investor": "Fund", "commitment": 30_000}


@pytest.fixture(scope="module")
def girls():
    return sib.appraise(sib.load("educate-girls"))


def amounts(chart, name):
    bar = next(one for one in chart.bars if one.name == name)
    return dict(zip(chart.stretches, bar.amounts.tolist(), strict=True))


def title(figure):
    return figure.get_suptitle().replace("\n", " ")


def test_money_in_goes_up_and_money_out_goes_down(girls):
    chart = deal_money(girls)
    assert amounts(chart, "Investors put in") == {"2015": 277_915, "2016": 0, "2017": 0, "2018": 0}
    assert amounts(chart, "Investors get back")["2018"] == pytest.approx(-422_000)
    assert amounts(chart, "Spent on delivery")["2016"] == pytest.approx(-101_060)


def test_the_line_ends_where_the_investors_end(girls):
    assert deal_money(girls).line.amounts.tolist() == pytest.approx([-277_915, -277_915, -277_915, 144_085])


def test_a_short_deal_is_drawn_by_quarter():
    assert deal_money(result_of(plain())).stretches[:2] == ("Q1 2020", "Q2 2020")


def test_capital_that_the_provider_holds_counts_in_its_cash():
    cost = {"id": "staff", "kind": "per period", "amount": 6_000}
    chart = provider_money(result_of(plain(deal={"tranches": [NOTES], "costs": [cost]})))
    assert amounts(chart, "Received")["Q1 2020"] == 35_000


@pytest.mark.parametrize(
    ("per_start", "deal", "said"),
    [
        (0.5, {"tranches": [NOTES]}, "Investors are paid back in June 2021 and end GBP 10,000 ahead"),
        (0.25, {"tranches": [NOTES]}, "Investors lose GBP 10,000 of the GBP 30,000 that they put in"),
        (0.0, {"tranches": [NOTES]}, "Investors lose all of the GBP 30,000 that they put in"),
        (0.375, {"tranches": [NOTES]}, "Investors are paid back in December 2021, and no more than that"),
        (0.5, {}, "Payers pay GBP 40,000 between March 2020 and December 2021"),
        (0.0, {}, "No payer pays anything"),
    ],
)
def test_the_title_states_what_is_seen(per_start, deal, said):
    forecast = {"outcomes": [{"id": "work", "per_start": per_start}]}
    assert title(charts.cash_flow(result_of(plain(deal=deal, forecast=forecast)))) == said


@pytest.mark.parametrize("name", bundled())
@pytest.mark.parametrize("draw", ALL, ids=lambda draw: draw.__name__)
def test_a_chart_is_the_same_text_each_time(name, draw):
    result = sib.appraise(sib.load(name))
    assert to_svg(draw(result)) == to_svg(draw(result))


def test_a_chart_has_axes_with_units_and_says_what_it_shows(girls):
    figure = charts.cash_flow(girls)
    assert figure.axes[0].get_ylabel() == "USD thousand"
    svg = to_svg(figure)
    assert svg.startswith('<svg role="img" aria-label="Investors are paid back in July 2018')
    assert "<title>Investors are paid back in July 2018 and end USD 144,085 ahead</title>" in svg
    assert "2018 USD 422,000" in re.search("<desc>(.*?)</desc>", svg)[1]


def test_an_image_needs_no_other_file(girls):
    image = as_image(charts.cash_flow(girls))
    assert 'src="data:image/svg+xml;base64,' in image
    assert re.search('alt="[^"]{40,}"', image)


def test_bars_differ_in_grey_as_well_as_in_colour(girls):
    """Neighbours in a stack are told apart by shade or by hatching."""
    handles = charts.cash_flow(girls).axes[0].get_legend().get_patches()
    looks = {(round(sum(patch.get_facecolor()[:3]), 1), patch.get_hatch()) for patch in handles}
    assert len(looks) == len(handles) == 4
