"""Tables and pictures about uncertainty, as they are read."""

from __future__ import annotations

import pytest

from sib.appraisal import appraise
from sib.files import load
from sib.risk.deal_space import deal_space
from sib.risk.importance import importance
from sib.risk.payment_risk import payment_risks
from sib.risk.sensitivity import sensitivity
from sib.risk.solving import solve
from sib.risk.staging import staging
from sib.show import risk_charts, risk_tables
from sib.show.svg import to_svg
from tests.building import case_of
from tests.risk.linear import linear
from tests.risk.test_deal_space import PRICE, RATE, with_three_sides
from tests.risk.test_payment_risk import with_fall
from tests.risk.test_staging import in_two_stages

TITLE = "Price: work: investors and Council could sign from GBP 1,050 to GBP 1,200; the contract's GBP 1,000 is outside"


def test_a_range_in_which_all_could_sign_is_the_title_of_its_picture():
    case = case_of(with_three_sides())
    figure = risk_charts.deal_space(case, deal_space(case, PRICE, RATE))
    title = str(figure.get_label())
    assert title.startswith(TITLE)
    assert "investors could not sign; Council could sign" in title
    svg = to_svg(figure)
    assert "not for investors" in svg
    assert svg == to_svg(risk_charts.deal_space(case, deal_space(case, PRICE, RATE)))


def test_where_no_value_contents_all_the_title_says_so():
    data = with_three_sides()
    data["forecast"]["savings"][0]["unit_value"] = 900
    case = case_of(data)
    figure = risk_charts.deal_space(case, deal_space(case, PRICE, RATE))
    assert (
        "nowhere from GBP 0 to GBP 2,000 could investors and Council sign; "
        "as it stands it is not for investors and Council" in str(figure.get_label())
    )


def test_all_is_said_only_where_every_side_was_asked():
    data = with_three_sides()
    data["deal"]["parties"][1]["reserves"] = 1_000
    data["deal"]["costs"] = [{"id": "team", "kind": "per period", "amount": 10_000}]
    case = case_of(data)
    label = str(risk_charts.deal_space(case, deal_space(case, PRICE, RATE)).get_label())
    assert label.startswith("Price: work: all could sign from GBP 1,050 to GBP 1,200")


def test_the_widest_bar_is_the_title_of_a_tornado():
    result = appraise(case_of(linear()))
    figure = risk_charts.tornado(result, "investors.irr", sensitivity(result.case), 0.0)
    assert str(figure.get_label()).startswith(
        "Investors: return a year hangs most on Work: -20.00 % at its low, 40.00 % at its high."
    )


def test_a_tornado_of_nothing_says_that_nothing_moves():
    result = appraise(case_of(linear()))
    rows = sensitivity(result.case, "investors.drawn")
    label = str(risk_charts.tornado(result, "investors.drawn", rows, 10_000).get_label())
    assert label.startswith("No assumption with a range moves investors: drawn")


def test_measurement_risk_is_read_as_chances():
    case = case_of(with_fall(controls=10))
    table = risk_tables.measurement(case, payment_risks(case))
    (row,) = table.rows
    assert row[1:4] == ("15.0 %", "10.0 %", "4.3 %")
    assert risk_tables.cliffs(case, payment_risks(case)).rows[0][1:3] == ("10.00 %", "500")


def test_a_rule_whose_error_is_unknown_is_named_with_the_reason():
    case = load("nyc-able")
    table = risk_tables.measurement(case, payment_risks(case))
    assert table.rows == ()
    assert "Payment by the fall in bed-days: how much is expected" in table.note


def test_other_tables_hold_a_row_for_each_answer():
    case = case_of(linear())
    found = solve(case, PRICE, {"investors.irr": 0.08})
    assert risk_tables.solved(case, found).rows == (("GBP 1,080", "8.00 %"),)
    spread = risk_tables.all_at_once(case, "payments.total", importance(case, "payments.total"))
    assert spread.rows[0][:3] == ("Work", "100 %", "100 %")
    sides = case_of(with_three_sides())
    assert [row[-2:] for row in risk_tables.sides(sides, deal_space(sides, PRICE, RATE)).rows] == [
        ("no", "from GBP 1,050 on"),
        ("yes", "up to GBP 1,200"),
    ]


def test_both_plans_stand_side_by_side():
    result = appraise(case_of(in_two_stages()))
    table = risk_tables.staged(result, staging(result.case, "work", go_at=0.45, shown=("provider.margin",)))
    # 10,000 in the mean; 4,096 scenarios know it to about 110.
    assert table.rows[0][0] == "provider: margin"
    assert abs(int(table.rows[0][1].removeprefix("GBP ").replace(",", "")) - 10_000) < 550
    assert "second goes on" in table.note


@pytest.mark.parametrize("target", [{"P(payments.total >= 6000)": 0.9}, {"p10(payments.total)": 9_000}])
def test_a_target_of_a_simulation_is_named_as_it_was_asked(target):
    case = case_of(linear())
    (name,) = target
    assert name in risk_tables.solved(case, solve(case, PRICE, target)).title
