from html.parser import HTMLParser

import pytest

import sib
from sib.files import bundled
from sib.replication import Replication
from sib.show import tables
from sib.show.formats import MISSING
from sib.show.table import Column, Table, as_frame, as_html, figures, without_empty_columns
from tests.building import plain, result_of

OF_A_RESULT = (
    tables.headline, tables.key_dates, tables.who_puts_in_and_gets, tables.outcomes, tables.payments, tables.returns,
    tables.investor_flows, tables.payers, tables.savers, tables.provider, tables.by_year, tables.residuals,
)  # fmt: skip
OF_A_CASE = (tables.parties, tables.assumptions, tables.terms, tables.sources)


def column(table: Table, name: str) -> dict[str, str]:
    place = [one.name for one in table.columns].index(name)
    return {row[0]: row[place] for row in table.rows}


@pytest.fixture(scope="module")
def girls():
    return sib.appraise(sib.load("educate-girls"))


def test_everybody_of_the_deal_stands_in_the_table_of_who_puts_in_and_gets(girls):
    table = tables.who_puts_in_and_gets(girls)
    assert column(table, "Puts in")["UBS Optimus"] == "277,915"
    assert column(table, "Net") == {
        "CIFF": "-422,000", "Educate Girls": "0", "UBS Optimus": "144,085", "Bond account": "0",
        "staff and suppliers": "277,915", "All together": "0",
    }  # fmt: skip


def test_payments_show_what_the_cap_cut_and_what_is_left(girls):
    # 8,940 levels at 43.16 and 92 points at 840, cut pro rata to 422,000.
    table = tables.payments(girls)
    assert column(table, "Before caps")["All payments"] == "463,130"
    assert column(table, "Cut by the contract cap")["All payments"] == "-41,130"
    assert column(table, "Paid")["All payments"] == "422,000"
    assert table.note == "The contract cap is USD 422,000."


def test_a_cap_that_does_not_bind_is_said_not_to_have_cut():
    table = tables.payments(result_of(plain(deal={"caps": [{"id": "contract", "amount": 50_000}]})))
    assert [one.name for one in table.columns] == ["Rule", "Before caps", "Paid"]
    assert table.note == "The contract cap is GBP 50,000. Nothing was cut."


def test_outcomes_keep_counts_shares_and_units_of_payment_apart(girls):
    table = tables.outcomes(girls)
    girls_enrolled = "Girls out of school who were enrolled"
    assert column(table, "Achieved")[girls_enrolled] == "768"
    assert column(table, "Measured")[girls_enrolled] == "92.0 %"
    assert column(table, "Accepted for payment")[girls_enrolled] == "92 x percentage point"
    assert column(table, "Anyway")[girls_enrolled] == MISSING


def test_a_tranche_has_a_column_only_where_there_are_several(girls):
    assert [one.name for one in tables.returns(girls).columns] == ["Figure", "All investors"]
    two = plain(deal={"tranches": [
        {"id": "a", "title": "First", "investor": "Fund", "commitment": 10_000},
        {"id": "b", "investor": "Fund", "commitment": 5_000},
    ]})  # fmt: skip
    table = tables.returns(result_of(two))
    assert [one.name for one in table.columns] == ["Figure", "All investors", "First", "b"]
    assert next(row for row in table.rows if row[0] == "Drawn") == ("Drawn", "GBP 15,000", "GBP 10,000", "GBP 5,000")


def test_investors_flows_are_signed_as_a_spreadsheet_takes_them(girls):
    rows = tables.investor_flows(girls).rows
    assert [(row[0], row[-1]) for row in rows] == [
        ("30 Jun 2015", "-277,915"), ("13 Jul 2018", "277,915"), ("13 Jul 2018", "144,085"),
    ]  # fmt: skip


def test_terms_and_assumptions_are_apart_and_complete():
    case = sib.load("educate-girls")
    terms, expected = tables.terms(case), tables.assumptions(case)
    assert "deal.payments.learning.price" in column(terms, "Value")
    assert "forecast.outcomes.learning.net" not in column(terms, "Value")
    assert column(expected, "High")["forecast.outcomes.learning.net"] == "1.1"
    assert column(expected, "Grade")["deal.costs.delivery.amount"] == "6"
    assert column(terms, "Unit")["appraisal.hurdle"] == "fraction a year"
    # Nobody wrote that a lone payer pays the whole, or that a price is for one.
    assert not [path for path in column(terms, "Value") if "paid_by" in path or path == "deal.payments.learning.per"]


def test_years_add_up_to_what_was_paid_in_all(girls):
    table = tables.by_year(girls)
    assert table.rows[-1][0] == "All years"
    assert column(table, "CIFF pays") == {
        "2015": "0",
        "2016": "0",
        "2017": "0",
        "2018": "422,000",
        "All years": "422,000",
    }
    assert "CIFF receives" not in [one.name for one in table.columns]


def test_a_check_that_fails_says_no(girls):
    girls = sib.appraise(sib.load("educate-girls"))
    girls.__dict__["residuals"] = {"ledger sums to zero": 12.0}
    assert tables.residuals(girls).rows == (("Ledger sums to zero", "12", "0.00035", "NO"),)


def test_published_differences_of_shares_are_percentage_points():
    row = Replication("a", None, "investors.irr", 0.15, 0.1474, -0.0026, 0.005, "replicates", False, "S", "")
    (line,) = tables.published([row]).rows
    assert line == ("investors.irr", "15.00 %", "14.74 %", "-0.26 pp", "0.50 pp", "replicates, derived", "S")


@pytest.mark.parametrize("make", OF_A_RESULT, ids=lambda make: make.__name__)
def test_a_bare_case_fills_every_table_of_a_result(make):
    assert as_html(make(result_of(plain()))).count("<table") == 1


@pytest.mark.parametrize("make", OF_A_CASE, ids=lambda make: make.__name__)
def test_a_bare_case_fills_every_table_of_a_case(make):
    assert as_html(make(result_of(plain()).case)).count("<table") == 1


@pytest.mark.parametrize("name", bundled())
def test_every_bundled_case_fills_every_table(name):
    case = sib.load(name)
    for scenario in (None, *(item.id for item in case.scenarios)):
        result = sib.appraise(case, scenario)
        for make in OF_A_RESULT:
            assert "None" not in str(make(result).rows)
            assert "nan" not in str(make(result).rows)


class Tags(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_html_tables_say_which_cells_head_which(girls):
    table = tables.payments(girls)
    tags = Tags(as_html(table)).found
    scopes = [attributes["scope"] for tag, attributes in tags if tag == "th"]
    assert scopes == ["col"] * len(table.columns) + ["row"] * len(table.rows)
    assert [tag for tag, _ in tags].count("caption") == 1


def test_words_in_a_table_are_no_markup():
    table = Table("<b>", (Column("A & B"), figures("C", "GBP")), (("<script>", "1"),), note="a < b")
    page = as_html(table)
    assert "<script>" not in page
    assert "<b>" not in page
    assert "A &amp; B" in page


def test_a_row_of_the_wrong_length_is_refused():
    with pytest.raises(ValueError, match="2 columns, but a row of 1"):
        Table("T", (Column("A"), Column("B")), (("1",),))


def test_columns_in_which_nothing_is_said_can_be_left_out():
    table = Table("T", (Column("A"), Column("B"), Column("C")), (("1", MISSING, "x"), ("2", "", "")))
    assert [one.name for one in without_empty_columns(table).columns] == ["A", "C"]
    assert without_empty_columns(table).rows == (("1", "x"), ("2", ""))


def test_a_frame_has_the_units_in_its_headings(girls):
    frame = as_frame(tables.payments(girls))
    assert frame.loc["All payments", "Paid, USD"] == "422,000"
