"""The investors' page: what its charts, sentences and tables say of small cases worked by hand."""

from __future__ import annotations

import re

import pytest

import sib
from sib.files import bundled, load
from sib.show import investor_charts, ladder_tables, pages
from sib.show.investor_page import pieces
from sib.show.investor_series import balances, tranche_money
from sib.show.investor_tables import by_investor
from sib.show.investor_words import about_ladder, about_pounds, first_loss_sentences
from sib.show.svg import to_svg
from sib.value.ladder import ladder
from sib.value.waterfall_of_a_pound import waterfall_of_a_pound
from tests.building import plain, result_of
from tests.cashflow.test_capital import GUARANTEE, NOTE, funded

SENIOR = {**NOTE, "id": "s", "title": "Senior", "commitment": 60_000}
JUNIOR = {**NOTE, "id": "j", "title": "Junior", "commitment": 40_000, "rank": "junior"}

# The quarter's 5,000 of payments meet it.
CHEAP = {"id": "team", "kind": "per period", "amount": 1_000}


def two(paid: float):
    return result_of(funded(paid, SENIOR, JUNIOR))


def guaranteed(paid: float):
    data = funded(paid, NOTE, guarantees=[GUARANTEE])
    data["deal"]["parties"].append({"id": "Giver", "role": "guarantor"})
    return result_of(data)


def title(figure):
    return figure.get_suptitle().replace("\n", " ")


def test_without_an_investor_the_page_is_absent():
    assert pages.investors(result_of(plain())) == pages.EMPTY


@pytest.mark.parametrize(
    ("result", "images"),
    [
        (two(130_000), 4),
        (guaranteed(0), 2),
        (guaranteed(130_000), 4),
        (result_of(plain(deal={"tranches": [{**NOTE, "draw": "as needed"}], "costs": [CHEAP]})), 0),
    ],
    ids=["two ranks", "nothing expected", "a guarantee", "nothing drawn"],
)
def test_what_the_case_cannot_fill_is_left_out(result, images):
    assert len(re.findall("<img", "".join(pieces(result)))) == images


@pytest.mark.parametrize("name", bundled())
def test_every_bundled_page_is_the_same_each_time_and_described(name):
    result = sib.appraise(sib.load(name))
    page = pages.investors(result).text
    assert page == pages.investors(result).text
    assert all(re.search('alt="[^"]{40,}"', image) for image in re.findall("<img[^>]*>", page))


def test_flows_of_several_tranches_are_told_apart():
    # 70,000 back: the senior has its 60,000, the junior 10,000 of its 40,000.
    figure = investor_charts.flows_by_tranche(two(70_000))
    assert title(figure) == "Senior ends even and Junior loses GBP 30,000"
    bars = {bar.name: bar.amounts.sum() for bar in tranche_money(two(70_000)).bars}
    assert bars == pytest.approx({"Senior": 0, "Junior": -30_000})


def test_flows_of_one_tranche_are_told_by_kind():
    # 75,000 guaranteed, 40,000 repaid: the guarantor adds 35,000.
    bars = {bar.name: bar.amounts.sum() for bar in tranche_money(guaranteed(40_000)).bars}
    assert bars == pytest.approx({"Put in": -100_000, "Principal": 40_000, "From guarantors": 35_000})


def test_balances_fall_to_nothing_and_say_what_is_lost():
    found = {one.tranche: one for one in balances(two(70_000))}
    assert (found["s"].amounts[0], found["j"].amounts[0]) == (60_000, 40_000)
    assert (found["s"].amounts[-1], found["j"].amounts[-1]) == (0, 0)
    assert (found["s"].lost, found["j"].lost) == pytest.approx((0, 30_000))
    assert "GBP 30,000 of it is never repaid" in title(investor_charts.outstanding(two(70_000)))


def test_the_balance_grows_by_interest_that_is_not_paid():
    # 5 % a year, simple, on 100,000: after 730 days 10,000 is owed on top, then all is paid.
    result = result_of(funded(200_000, {**NOTE, "interest": {"rate": 0.05}}))
    before_the_last = balances(result)[0].amounts[-2]
    # 30 September 2021 is day 638.
    assert before_the_last == pytest.approx(100_000 * (1 + 0.05 * 638 / 365))


def test_the_title_says_who_gets_the_first_and_the_last():
    result = two(130_000)
    said = about_pounds(result, waterfall_of_a_pound(result.case))
    assert said == (
        "The first GBP received goes to principal of Senior; "
        "the last to the surplus of Senior (60 %) and the surplus of Junior (40 %)"
    )


def test_the_ladder_says_where_investors_are_whole():
    # 130 in the case, 100 needed; the axis has 121 levels up to 195, 1.625 apart: 100.75 is the first at or above.
    assert about_ladder(ladder(two(130_000).case)) == (
        "Investors have their money back from 101 outcomes on; the case is at 130 outcomes"
    )


def test_a_ladder_that_rises_and_falls_says_where_investors_are_whole():
    # Peterborough's principal and 3 % are paid on the pooled gate of 7.5 %, until cohorts pass theirs and are paid by
    # the event, which is less.
    assert about_ladder(ladder(load("peterborough"))) == (
        "Investors have their money back only from 7.6 % to 9.2 %, and lose at others; the case is at 9.0 %"
    )


def test_the_first_lost_pound_is_told_in_outcomes():
    assert first_loss_sentences(two(130_000)) == [
        "With 71 fewer outcomes (130 in the case), Senior loses its first GBP; down to there it is whole.",
        "With 31 fewer outcomes (130 in the case), Junior loses its first GBP; down to there it is whole.",
    ]
    assert first_loss_sentences(two(70_000))[1] == "Junior already loses GBP 30,000 in this case."


def test_charts_have_units_and_words():
    result = two(130_000)
    pounds = investor_charts.pounds(result, waterfall_of_a_pound(result.case))
    axes = pounds.axes[0]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("Received from payers, GBP thousand", "GBP thousand")
    steps = investor_charts.by_outcome(result, ladder(result.case)).axes[0]
    assert steps.get_ylabel() == "Received, times drawn"
    assert "Senior: principal: GBP 0 of GBP 0" in to_svg(pounds)


def test_the_table_marks_the_case_and_has_a_column_for_each_tranche():
    result = two(130_000)
    tables = ladder_tables.by_outcome(result, ladder(result.case))
    assert [table.title for table in tables] == [f"{x} by outcome level" for x in ("IRR on dates", "Multiple", "Loss")]
    own = next(row for row in tables[1].rows if "this case" in row[0])
    # 100,000 of capital and 30,000 of surplus shared by what was drawn: 1.3 times for each.
    assert own == ("130 (this case)", "130,000", "1.30x", "1.30x", "1.30x")
    (single,) = ladder_tables.by_outcome(guaranteed(130_000), ladder(guaranteed(130_000).case))
    assert [column.name for column in single.columns][2:] == ["IRR on dates", "Multiple", "Loss"]


def test_investors_that_share_a_tranche_have_a_table():
    data = funded(130_000, {**NOTE, "investor": {"Fund": 0.75, "Trust": 0.25}})
    data["deal"]["parties"].append({"id": "Trust", "role": "investor"})
    rows = {row[0]: row[1:3] for row in by_investor(result_of(data)).rows}
    assert rows == {"Fund": ("75,000", "97,500"), "Trust": ("25,000", "32,500")}


def test_structures_side_by_side_have_a_dash_for_a_tranche_that_one_lacks():
    table = ladder_tables.compare({"one": result_of(funded(130_000, NOTE)), "two": two(130_000)})
    rows = {row[0]: row[1:] for row in table.rows}
    assert rows["All investors: multiple"] == ("1.30x", "1.30x")
    assert rows["Junior: drawn"] == ("–", "40,000")  # noqa: RUF001


def test_every_convention_has_a_row_for_each_structure():
    table = ladder_tables.by_convention({"one": result_of(funded(121_000, NOTE)), "other": result_of(funded(0, NOTE))})
    rows = {row[0]: row[1:3] for row in table.rows}
    assert rows["IRR on dates"] == ("10.00 %", "-100.00 %")
