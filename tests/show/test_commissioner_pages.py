"""The commissioner's pages: what they say of small cases worked by hand."""

from __future__ import annotations

import re

import pytest

import sib
from sib.files import bundled
from sib.show import gain_and_loss, other_ways_page, pages, parts, payer_tables, price_page, tables
from sib.show.formats import MISSING
from sib.show.organisation_words import (
    about_organisation,
    what_comes_back,
    what_flips_it,
    what_it_pays,
    when_better_off,
)
from sib.show.payer_charts import CASH, SPENT, money_back, so_far
from sib.show.price_page import where
from sib.value.organisations import organisations
from sib.value.other_ways import other_ways
from sib.value.price_of_outcome import PriceOfOutcome
from tests.building import PLAIN, plain, result_of

STAFF = {"id": "staff", "kind": "per period", "amount": 4_000}
MANAGER = {
    "id": "manager",
    "kind": "one-off",
    "date": "2020-01-01",
    "amount": 5_000,
    "paid_by": "Council",
    "purpose": "contract management",
}
PARTIES = [*PLAIN["deal"]["parties"], {"id": "Health", "role": "other"}]
RATES = {"discount": 0.035, "inflation": 0.0}


def saving(of, each, cashable=None, **more):
    """Every net outcome saves an organisation so much, at once."""
    told = {} if cashable is None else {"cashable": cashable}
    return {"id": f"of {of}", "outcome": "work", "unit_value": each, "saved_by": of, **told, **more}


def case(*savings, deal=None, forecast=None, **sections):
    """Eighty start, half achieve and none would have anyway: 40 outcomes at 1,000, paid by the council."""
    outcomes = [
        {"id": "work", "per_start": {"value": 0.5, "low": 0.3, "high": 0.6}, "counterfactual": {"value": 0, "grade": 1}}
    ]
    expected = {"outcomes": outcomes, "savings": list(savings), **(forecast or {})}
    return result_of(plain(deal={"parties": PARTIES, **(deal or {})}, forecast=expected, **sections))


def page(result):
    return pages.payer_pages(result).text.replace("\xa0", " ")


def council(result):
    return organisations(result.run)["Council"]


def title(figure):
    return figure.get_suptitle().replace("\n", " ").replace("\xa0", " ")


def test_a_payer_that_saves_nothing_is_told_never():
    # It pays 40 x 1,000; every saving is the health service's.
    result = case(saving("Health", 3_000, 0.5))
    assert when_better_off(result, council(result)) == "Never: it spends GBP 40,000 and saves nothing."
    assert what_comes_back(result, council(result)) == "Nothing: all savings fall to Health."
    assert "Never: it spends GBP 40,000 and saves nothing." in page(result)
    assert what_flips_it(result, council(result)) == []


def test_a_payer_is_told_that_it_gains_on_paper_and_never_in_cash():
    # Saves 40 x 3,000 = 120,000, a fifth of it in cash: 24,000 - 40,000 is 16,000 short; gross 80,000 ahead.
    result = case(saving("Council", 3_000, 0.2))
    said = when_better_off(result, council(result))
    assert "GBP 80,000 ahead in all" in said
    assert said.endswith("In cash never: it ends GBP 16,000 short.")
    assert about_organisation(result, council(result)) == "Council never gets its money back in cash: GBP 16,000 short"
    assert "GBP 24,000 of it is cash; GBP 96,000 never is." in what_comes_back(result, council(result))


def test_what_would_turn_the_answer_is_said_in_words():
    # In cash 40 x (u x 0.2 - 1,000) turns at u = 5,000, on gross savings at u = 1,000.
    result = case(saving("Council", 3_000, 0.2))
    in_cash, gross = what_flips_it(result, council(result))
    assert in_cash.startswith("Council gets its money back in cash only if ")
    assert "the part that is cash (of Council) is above 33.3 %" in in_cash or "is above GBP 5,000" in in_cash
    assert "is below GBP 1,000 (expected: GBP 3,000), Council never gets its money back even on gross savings." in gross


def test_cash_that_is_not_stated_is_not_taken_for_nothing():
    result = case(saving("Council", 3_000))
    assert "In cash: not known" in when_better_off(result, council(result))
    assert "How much of it is cash is not stated." in what_comes_back(result, council(result))
    cashable = [column.name for column in payer_tables.years(result, council(result)).columns].index("Cashable")
    assert {row[cashable] for row in payer_tables.years(result, council(result)).rows} == {MISSING}


def test_a_ring_fence_is_said_and_budgets_are_told_apart():
    budgets = [{"id": "beds", "of": "Council", "a_year": 100_000, "ring_fenced": True}]
    result = case(saving("Council", 3_000, 0.5, budget="beds"), forecast={"budgets": budgets})
    assert "The budget for beds is ring-fenced: what is saved there has to stay there." in page(result)
    assert payer_tables.budgets(result, council(result)).rows == (("beds", "120,000", "60,000", "60,000", "yes"),)


def test_a_stated_budget_shows_the_line_without_and_with_the_deal():
    # The first year of the axis to March 2020: a quarter of 100,000, and 5,000 of own costs on the first day.
    budgets = [{"id": "beds", "of": "Council", "a_year": 100_000}]
    result = case(saving("Council", 3_000, 0), forecast={"budgets": budgets}, deal={"costs": [MANAGER]})
    table = payer_tables.years(result, council(result))
    names = [column.name for column in table.columns]
    for row in table.rows[:-1]:
        without, with_it = (
            float(row[names.index(f"{word} the deal")].replace(",", "")) for word in ("Without", "With")
        )
        spent = sum(float(row[names.index(part)].replace(",", "")) for part in ("Payments expected", "Own costs"))
        assert with_it - without == pytest.approx(spent, abs=1.5)


def test_own_costs_are_told_by_purpose_and_the_most_by_the_cap():
    result = case(saving("Council", 3_000), deal={"costs": [MANAGER], "caps": [{"id": "all", "amount": 60_000}]})
    assert payer_tables.purposes(result, council(result)).rows[0] == ("Contract management", "5,000")
    said = what_it_pays(result, council(result))
    assert "GBP 5,000 of own costs" in said
    assert "In one year it may be called on for GBP 60,000 at most." in said


def test_without_a_cap_nothing_limits_the_call():
    result = case(saving("Council", 3_000))
    assert "Nothing in the contract limits what it may be called on to pay." in what_it_pays(result, council(result))


def test_the_chart_adds_up_and_says_what_it_finds():
    result = case(saving("Council", 3_000, 0.2))
    lines = so_far(council(result))
    assert (lines[SPENT][-1], lines[CASH][-1]) == pytest.approx((40_000, 24_000))
    assert title(money_back(result, council(result))) == about_organisation(result, council(result))


def test_who_gains_without_paying_is_named():
    # Health gains 120,000, 60,000 of it cash, against the council's 40,000: a third, and two thirds in cash.
    result = case(saving("Health", 3_000, 0.5))
    (said,) = gain_and_loss.about_sharing(result, organisations(result.run))
    assert said.startswith("Health gains GBP 120,000, GBP 60,000 of it in cash, and pays nothing.")
    assert "a top-slice of 33.3 % of every gain" in said
    assert "a top-slice of 66.7 % of every gain" in said


def test_what_the_gains_cannot_make_up_for_comes_from_a_central_fund():
    # Health gains 40 x 500 = 20,000; the council's 40,000 leave 20,000.
    result = case(saving("Health", 500, 1))
    (said,) = gain_and_loss.about_sharing(result, organisations(result.run))
    assert "GBP 20,000 would have to come from a central fund" in said


def test_gross_cashable_and_never_cashable_are_three_columns():
    result = case(saving("Council", 3_000, 0.2))
    found = organisations(result.run)
    for table in (
        tables.payers(result), tables.savers(result), tables.savings_by_year(result),
        gain_and_loss.by_organisation(result, found), payer_tables.years(result, found["Council"]),
    ):  # fmt: skip
        names = " ".join(column.name for column in table.columns)
        assert re.search("ross.*ashable.*ever cashable", names)
        assert {"120,000", "24,000", "96,000"} <= {cell for row in table.rows for cell in row}


def test_without_savings_the_pages_say_so():
    result = result_of(plain())
    assert "The case states no savings" in pages.payers(result).text
    assert "Not known: the case states no savings." in page(result)
    assert "never" not in page(result)


def test_public_value_is_absent_without_a_basis_and_the_first_page_says_so():
    result = case(saving("Council", 3_000), deal={"costs": [STAFF]})
    assert pages.public_value(result) == pages.EMPTY
    assert "public value (the case gives no basis for it)" in pages.first(result, {}, []).text
    assert "public-value" not in parts.present(result)


def test_public_value_names_its_basis_and_is_not_netted_with_the_budget():
    appraisal = {"basis": RATES, "not_monetised": ["Peace at home."]}
    result = case(saving("Council", 3_000), deal={"costs": [STAFF]}, appraisal=appraisal)
    text = pages.public_value(result).text.replace("\xa0", " ")
    assert "Discount rates: 3.5 % a year" in text
    assert "Prices of 2020" in text
    assert "never added to them" in text
    assert "Peace at home." in text
    # Payments of 40,000 for 40 outcomes, none of which would have been anyway.
    assert "1,000</td>" in text


def test_a_payback_that_never_comes_is_said():
    result = case(saving("Council", 100, 1), deal={"costs": [STAFF]}, appraisal={"basis": RATES})
    assert "never" in pages.public_value(result).text


def test_the_price_of_the_risk_and_the_break_even_are_said():
    # Delivery 8 x 4,000 = 32,000 as a fee, 40,000 by results: 8,000 more if it works, 32,000 less if not.
    # p x 40,000 = 32,000 at 80 %.
    result = case(saving("Council", 3_000), deal={"costs": [STAFF]})
    found = other_ways(result.case)
    assert found is not None
    price, break_even, uplift = other_ways_page.in_words(result, found)
    assert "the deal costs GBP 8,000 more than a fixed fee" in price
    assert "If the service fails, the deal costs GBP 32,000 less than the fee." in price
    assert break_even.startswith("Below a probability of success of 80.0 % the deal is the cheaper way")
    assert uplift.startswith("An investor's management must add ")
    assert other_ways_page.ways(result, found).rows[0][:3] == ("Nothing", "0", "0")


def test_without_costs_of_delivery_there_is_no_comparison():
    result = case(saving("Council", 3_000))
    assert pages.other_ways(result) == pages.EMPTY
    assert "other ways to pay (the case states no cost of delivery" in pages.first(result, {}, []).text


@pytest.mark.parametrize(
    ("price", "said"),
    [
        (PriceOfOutcome(800, 1_800, 1_000), "inside, 20 % of the way from floor to ceiling"),
        (PriceOfOutcome(800, 1_800, 700), "below the floor: it does not cover the cost"),
        (PriceOfOutcome(800, 1_800, 2_000), "above the ceiling: it is more than the outcome saves"),
        (PriceOfOutcome(800, 500, 600), "no price suits both: the floor is above the ceiling"),
        (PriceOfOutcome(None, 500, 400), MISSING),
    ],
)
def test_where_a_price_lies_is_said(price, said):
    assert where(price) == said


def test_an_empty_range_is_a_finding():
    # Floor 32,000 / 40 = 800, ceiling 500.
    result = case(saving("Council", 500), deal={"costs": [STAFF]})
    text = "".join(price_page.pieces(result)).replace("\xa0", " ")
    assert "suits both sides: it must bring GBP 800 to cover its cost, and is worth GBP 500" in text


def test_savings_of_others_are_warned_of_on_the_first_page():
    said = pages.first(case(saving("Health", 3_000, 0.5)), {}, []).text.replace("\xa0", " ")
    assert "Before you read on" in said
    assert "All savings fall to Health, which does not pay" in said
    assert said.index("All savings fall") < said.index("Who puts in what")


def test_where_there_is_nothing_to_warn_of_nothing_is_said():
    assert "Before you read on" not in pages.first(case(saving("Council", 3_000, 0.5)), {}, []).text


def test_every_payer_has_a_page_of_its_own():
    result = sib.appraise(sib.load("utah-preschool"))
    assert [name for name in parts.present(result) if name.startswith("payer-")] == ["payer-1", "payer-2"]
    assert "The page of Salt Lake County" in page(result)


@pytest.mark.parametrize("name", bundled())
def test_every_bundled_case_has_its_pages_and_describes_its_pictures(name):
    result = sib.appraise(sib.load(name))
    shown = (pages.payers, pages.payer_pages, pages.public_value, pages.other_ways, pages.prices)
    text = "".join(one(result).text for one in shown)
    assert not re.search(r"\bnan\b|\binf\b|None", re.sub('base64,[^"]*', "", text))
    assert all(re.search('alt="[^"]{40,}"', image) for image in re.findall("<img[^>]*>", text))
