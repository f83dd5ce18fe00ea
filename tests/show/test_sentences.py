from dataclasses import replace
from typing import Any

import pytest

import sib
from sib.appraisal import Result
from sib.files import bundled
from sib.show.formats import MISSING
from sib.show.sentences import answer, for_investors, for_payers, for_provider
from sib.value.irr import Irr, IrrStatus
from tests.building import plain, result_of

NOTES = {"id": "notes", "investor": "Fund", "commitment": 30_000}
COST = {"id": "staff", "kind": "per period", "amount": 4_000}


def deal_with(per_start: float = 0.5, **deal: Any) -> Result:
    """80 starts at GBP 1,000 for each that finds work: GBP 40,000 where half do."""
    forecast = {"outcomes": [{"id": "work", "per_start": per_start}]}
    return result_of(plain(deal=deal, forecast=forecast))


def test_a_gain():
    said = for_investors(deal_with(tranches=[NOTES]))
    assert said.startswith(
        "Investors (Fund) put in GBP 30,000 and get back GBP 40,000: a gain of GBP 10,000, 1.33x their money, "
    )
    # 5,000 a quarter: the sixth payment brings it to 30,000.
    assert said.endswith(" a year; they have their money back on 30 June 2021.")


def test_a_loss():
    said = for_investors(deal_with(0.25, tranches=[NOTES]))
    assert said.startswith("Investors (Fund) put in GBP 30,000 and get back GBP 20,000: a loss of GBP 10,000, -")
    assert "money back" not in said


def test_a_total_loss():
    assert for_investors(deal_with(0.0, tranches=[NOTES])) == "Investors (Fund) put in GBP 30,000 and lose all of it."


def test_their_money_and_no_more():
    said = for_investors(deal_with(0.375, tranches=[NOTES]))
    assert "get back GBP 30,000: their money and no more, 0.0 % a year" in said


def test_no_investor():
    assert for_investors(deal_with()) == (
        "The case has no investors, so there is no capital to repay and no rate of return."
    )


def test_capital_that_is_never_drawn():
    said = for_investors(deal_with(tranches=[NOTES | {"draw": "as needed"}], costs=[COST | {"amount": 0}]))
    assert said == "Investors (Fund) commit capital, but none of it is drawn."


def test_a_guarantor_is_named_as_the_source_of_the_money():
    said = for_investors(sib.appraise(sib.load("nyc-able")))
    assert said == (
        "Investors (Goldman Sachs) put in USD 7,200,000 and get back USD 6,000,000, all of it from the guarantor: "
        "a loss of USD 1,200,000, -5.9 % a year."
    )


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Irr(0.1, IrrStatus.SEVERAL, (0.1, 0.2)), "no single rate of return describes this, 10.0 % and 20.0 % a year"),
        (Irr(None, IrrStatus.NONE, ()), "no rate of return fits these flows"),
    ],
)
def test_rates_that_are_several_or_none(found, said):
    result = deal_with(tranches=[NOTES])
    result.__dict__["investors"] = replace(result.investors, irr=found)
    assert said in for_investors(result)


def test_payers_pay_and_the_cap_says_what_it_cut():
    said = for_payers(deal_with(caps=[{"id": "contract", "amount": 30_000}]))
    assert said == (
        "The payer, Council, pays GBP 30,000 between 31 March 2020 and 30 June 2021; "
        "the contract cap cuts GBP 10,000 of what the rules alone would give."
    )


def test_nothing_is_paid():
    assert for_payers(deal_with(0.0)) == (
        "The payer, Council, pays nothing, because nothing that the contract pays for is reached."
    )


def test_nothing_is_paid_because_of_the_cap():
    said = for_payers(deal_with(caps=[{"id": "contract", "amount": 0}]))
    assert (
        said == "The payer, Council, pays nothing; the contract cap cuts GBP 40,000 of what the rules alone would give."
    )


def test_payers_who_share_and_save():
    parties = [*plain()["deal"]["parties"], {"id": "Ministry", "role": "payer"}]
    payment = plain()["deal"]["payments"][0] | {"paid_by": {"Council": 0.75, "Ministry": 0.25}}
    saving = {"id": "benefits", "outcome": "work", "unit_value": 2_000, "saved_by": "Ministry", "cashable": 0.5}
    outcome = {"id": "work", "per_start": 0.5, "counterfactual": 0}
    deal, forecast = {"parties": parties, "payments": [payment]}, {"savings": [saving], "outcomes": [outcome]}
    said = for_payers(result_of(plain(deal=deal, forecast=forecast)))
    assert "pay GBP 40,000 (Council GBP 30,000, Ministry GBP 10,000) between" in said
    assert said.endswith(
        "; Ministry saves GBP 80,000 (GBP 40,000 of it cashable), GBP 70,000 net and GBP 30,000 net in cash."
    )


def test_a_provider_that_runs_short():
    # 5,000 a quarter comes in, 6,000 goes out: 1,000 deeper each of eight quarters.
    said = for_provider(deal_with(costs=[COST | {"amount": 6_000}]))
    assert said == (
        "The provider, Charity, spends GBP 48,000, recovers 83.3 % of it and is short of cash by up to GBP 8,000, "
        "deepest on 31 December 2021; work: 40 outcomes."
    )


def test_a_provider_that_never_does():
    said = for_provider(deal_with(costs=[COST]))
    assert said.startswith(
        "The provider, Charity, spends GBP 32,000, recovers 125.0 % of it and is never short of cash"
    )


def test_no_costs():
    assert for_provider(deal_with()).startswith(
        "The case states no provider costs, so it can't say whether delivery is"
    )


def test_outcomes_that_would_have_come_anyway():
    forecast = {"outcomes": [{"id": "work", "per_start": 0.5, "counterfactual": 0.2}]}
    assert "work: 40 outcomes, 16 without the service" in for_provider(result_of(plain(forecast=forecast)))


@pytest.mark.parametrize("name", bundled())
def test_every_bundled_answer_is_three_whole_sentences(name):
    case = sib.load(name)
    for scenario in (None, *(item.id for item in case.scenarios)):
        for sentence in answer(sib.appraise(case, scenario)):
            assert sentence[0].isupper()
            assert sentence.endswith(".")
            assert not {"None", "nan", "  ", MISSING, "-0"} & {
                sentence[i : i + n] for n in (1, 2, 3, 4) for i in range(len(sentence))
            }
