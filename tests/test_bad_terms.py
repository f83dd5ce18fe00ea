"""Terms that cannot be signed: the error names the clause."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from sib.appraisal import appraise
from sib.case import Case
from sib.cli import main
from sib.consistency import contradictions
from sib.files.loading import load, load_with_notes
from sib.files.saving import save
from sib.problems import CaseError
from tests.building import plain

WORK = {"id": "work", "kind": "tariff", "outcome": "work", "price": 1000, "paid_by": "Council"}
DAYS = {"id": "days", "kind": "change", "measured": "2021-12-31"}


def found(data: dict) -> dict[str, str]:
    return dict(contradictions(Case.from_data(data)))


def refused(data: dict, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Case.from_data(data)


def test_bands_out_of_order():
    points = [{"at": 0.2, "pays": 1}, {"at": 0.1, "pays": 2}]
    rule = {"id": "b", "kind": "schedule", "outcome": "days", "points": points, "paid_by": "Council"}
    refused(plain(deal={"outcomes": [DAYS], "payments": [rule]}), "the points must rise: 0.1 comes after 0.2")


def test_prices_whose_dates_overlap():
    prices = [{"date": "2020-01-01", "price": 1}, {"date": "2020-01-01", "price": 2}]
    rule = {key: value for key, value in WORK.items() if key != "price"} | {"prices": prices}
    refused(plain(deal={"payments": [rule]}), "the dates of the prices overlap")


def test_shares_that_do_not_sum_to_one():
    refused(plain(deal={"payments": [{**WORK, "paid_by": {"Council": 0.9}}]}), "the shares sum to 0.9")


def test_a_cap_below_a_guaranteed_minimum():
    data = plain(
        deal={"caps": [{"id": "all", "amount": 90}], "pots": [{"id": "p", "payments": ["work"], "minimum": 100}]}
    )
    assert "below the minimum 100 that the pot 'p' guarantees" in found(data)["deal.caps.all.amount"]
    refused(
        plain(deal={"pots": [{"id": "p", "payments": ["work"], "minimum": 100, "maximum": 99}]}), "guaranteed minimum"
    )


def test_a_metric_that_no_cohort_produces():
    data = plain(forecast={"outcomes": []})
    assert "nothing is expected of 'work'" in found(data)["deal.payments.work.outcome"]


def test_an_outcome_measured_after_the_last_payment():
    outcome = {"id": "work", "kind": "count", "measured": "2022-01-01"}
    data = plain(deal={"outcomes": [outcome], "last_payment": "2021-12-31"})
    assert "after the last payment 2021-12-31" in found(data)["deal.outcomes.work.measured"]


def test_a_currency_that_differs():
    data = plain(deal={"payments": [{**WORK, "price": {"value": 1000, "unit": "EUR per start"}}]})
    assert found(data) == {
        "deal.payments.work.price": "the unit is EUR, the case is in GBP; convert the number and name its unit."
    }
    data["deal"]["payments"][0]["price"]["unit"] = "GBP per MST place"
    assert found(data) == {}


def test_outcomes_that_follow_each_other_in_a_circle():
    data = plain(deal={"outcomes": [{"id": "work", "kind": "count"}, {"id": "stay", "kind": "count"}]})
    data["forecast"]["outcomes"] = [
        {"id": "work", "per_start": 1, "follows": "stay"},
        {"id": "stay", "per_start": 1, "follows": "work"},
    ]
    assert set(found(data)) == {"forecast.outcomes.work.follows", "forecast.outcomes.stay.follows"}


def test_bundles_that_do_not_come_to_the_average():
    data = plain(forecast={"bundles": [{"id": "all", "share": 1, "claims": {"work": 2}}]})
    assert "the bundles come to 2 a start" in found(data)["forecast.outcomes.work.per_start"]


def test_a_rate_above_one_and_a_level_of_people():
    data = plain(
        deal={"outcomes": [{"id": "work", "kind": "rate"}]}, forecast={"outcomes": [{"id": "work", "per_start": 1.2}]}
    )
    assert "at most 1" in found(data)["forecast.outcomes.work.per_start"]
    data["deal"]["outcomes"][0]["kind"] = "level"
    assert "write levels" in found(data)["forecast.outcomes.work"]


def test_an_investor_who_lends_to_itself():
    data = plain(deal={"tranches": [{"id": "note", "investor": "Charity", "commitment": 1}]})
    assert "lend to itself" in found(data)["deal.tranches.note.investor"]


def test_a_benefit_of_an_outcome_whose_net_nobody_knows_or_that_nobody_expects():
    benefit = {"id": "output", "kind": "economic", "unit_value": 1}
    data = plain(forecast={"benefits": [{**benefit, "outcome": "work"}]})
    assert "nothing can be said to be gained" in found(data)["forecast.benefits.output.outcome"]
    data["deal"]["outcomes"].append({"id": "health", "kind": "count"})
    data["forecast"]["benefits"] = [{**benefit, "outcome": "health"}]
    assert "nothing is expected of 'health'" in found(data)["forecast.benefits.output.outcome"]


def test_a_saving_on_an_outcome_whose_net_nobody_knows():
    data = plain(forecast={"savings": [{"id": "care", "outcome": "work", "unit_value": 1, "saved_by": "Council"}]})
    assert "the net of 'work' is not known" in found(data)["forecast.savings.care.outcome"]
    data["forecast"]["outcomes"][0]["counterfactual"] = 0
    assert found(data) == {}


def test_starts_that_no_period_can_hold():
    data = plain(forecast={"cohorts": [{"id": "all", "starts": [1] * 9}]})
    assert "9 numbers for 8 periods" in found(data)["forecast.cohorts.all.starts"]
    data["forecast"]["cohorts"] = [{"id": "all", "starts": 8, "profile": [1] * 5, "first": "2021-01-01"}]
    assert "5 numbers for 4 periods" in found(data)["forecast.cohorts.all.profile"]
    data["forecast"]["cohorts"] = [{"id": "all", "starts": 8, "last": "2022-01-01"}]
    assert "after service ends" in found(data)["forecast.cohorts.all.last"]


def test_percentages_written_as_whole_numbers():
    rule = {
        "id": "b",
        "kind": "tariff",
        "outcome": "days",
        "price": 1,
        "paid_by": "Council",
        "gate": {"outcome": "days", "at_least": 10},
    }
    data = plain(deal={"outcomes": [DAYS], "payments": [rule]}, forecast={"outcomes": [{"id": "days", "change": 11}]})
    assert {path for path, message in found(data).items() if "35 % is 0.35" in message} == {
        "deal.payments.b.gate.at_least",
        "forecast.outcomes.days.change",
    }
    refused(
        plain(deal={"tranches": [{"id": "n", "investor": "Fund", "commitment": 1, "interest": {"rate": 6}}]}), "35 %"
    )
    refused(plain(appraisal={"hurdle": 5}), "35 %")


def test_a_draw_after_the_end():
    draw = {"kind": "on dates", "amounts": [{"date": "2035-01-01", "amount": 1}]}
    data = plain(
        deal={"tranches": [{"id": "n", "investor": "Fund", "commitment": 1, "draw": draw, "maturity": "2021-12-31"}]}
    )
    assert "is after its end 2021-12-31" in found(data)["deal.tranches.n.draw.amounts"]


def test_what_would_be_ignored_is_refused():
    costs = [
        {"id": "team", "kind": "per period", "amount": 1},
        {"id": "top", "kind": "overhead", "share": 0.1, "of": ["team"], "uplift": 0.02},
        {"id": "once", "kind": "one-off", "amount": 1, "date": "2020-02-02", "last": "2020-12-31"},
    ]
    assert set(found(plain(deal={"costs": costs}))) == {"deal.costs.top.uplift", "deal.costs.once.last"}
    segments = [{"id": "near", "share": 0.5}, {"id": "far", "share": 0.5}]
    data = plain(
        deal={"payments": [{**WORK, "segments": ["near"]}]},
        forecast={"cohorts": [{"id": "all", "starts": 80, "segments": segments}]},
        actuals={"outcomes": [{"outcome": "work", "date": "2020-03-31", "value": 1}]},
    )
    assert "make each segment a cohort" in found(data)["actuals.outcomes[0].outcome"]


NOTE = {"id": "note", "investor": "Fund", "commitment": 1}
MILESTONE = {"kind": "at a milestone", "outcome": "work", "date": "2020-12-31", "at_least": 1}


def test_a_milestone_without_a_test_or_with_two():
    for test in ({"at_least": None}, {"below": 1}):
        data = plain(deal={"tranches": [{**NOTE, "ends_early": {**MILESTONE, **test}}]})
        refused(data, "a milestone has one test; write at_least or below")


def test_a_milestone_that_comes_too_late_or_too_early():
    data = plain(deal={"tranches": [{**NOTE, "ends_early": MILESTONE, "maturity": "2020-12-31"}]})
    assert "is not before its end 2020-12-31" in found(data)["deal.tranches.note.ends_early.date"]
    data = plain(deal={"tranches": [{**NOTE, "ends_early": {**MILESTONE, "date": "2019-12-31"}}]})
    assert "is before the start 2020-01-01" in found(data)["deal.tranches.note.ends_early.date"]


def test_a_milestone_of_a_rate_beyond_one():
    data = plain(
        deal={
            "outcomes": [{"id": "work", "kind": "rate", "measured": "2020-12-31"}],
            "tranches": [{**NOTE, "ends_early": {**MILESTONE, "at_least": 60}}],
        }
    )
    assert "35 % is 0.35" in found(data)["deal.tranches.note.ends_early.at_least"]


def test_capital_that_hangs_on_what_nobody_expects():
    schedule = {"points": [{"at": 0, "pays": 0.05}]}
    tranches = [
        {**NOTE, "id": "a", "ends_early": MILESTONE},
        {**NOTE, "id": "b", "interest": {"by": {"outcome": "work", "schedule": schedule}}},
        {**NOTE, "id": "c", "repayment": {"kind": "bullet", "outcome": "work", "schedule": schedule}},
    ]
    answers = found(plain(deal={"payments": [], "tranches": tranches}, forecast={"outcomes": []}))
    assert set(answers) == {
        "deal.tranches.a.ends_early.outcome",
        "deal.tranches.b.interest.by.outcome",
        "deal.tranches.c.repayment.outcome",
    }
    assert all("nothing is expected of 'work'" in message for message in answers.values())


def test_an_end_at_a_return_cap_that_is_not_written():
    refused(plain(deal={"tranches": [{**NOTE, "ends_early": "at its return cap"}]}), "add return_cap")


def test_loss_shares_that_do_not_fit():
    def answer(*tranches: dict, **deal: object) -> str:
        rungs = [{"rung": "principal", "tranches": [one["id"] for one in tranches]}]
        ranked = found(plain(deal={"tranches": list(tranches), **deal}))
        assert found(plain(deal={"tranches": list(tranches), "waterfall": rungs, **deal})) == ranked
        return ranked.get("deal.tranches.a.loss_share", "")

    a, b = {**NOTE, "id": "a", "loss_share": 0.3}, {**NOTE, "id": "b", "loss_share": 0.7}
    assert answer(a, b) == ""
    assert "of a, b sum to 1.1; write one for each" in answer(a, {**b, "loss_share": 0.8})
    assert "of a, b sum to 0.3; write one for each" in answer(a, {**NOTE, "id": "b"})
    assert "must end together" in answer(a, {**b, "maturity": "2020-12-31"})


def test_a_tranche_that_no_rung_of_a_waterfall_repays():
    other = {**NOTE, "id": "other"}
    coupons = {"rung": "coupons", "tranches": ["note", "other"]}
    principal = {"rung": "principal", "tranches": ["note"]}
    told = found(plain(deal={"tranches": [NOTE, other], "waterfall": [coupons, principal]}))
    assert list(told) == ["deal.waterfall"]
    assert "no rung repays 'other'" in told["deal.waterfall"]
    # A share of the surplus repays it; a grant is not repaid; without a written list every rank is.
    surplus = {"rung": "surplus", "shares": {"Fund": 1}}
    assert found(plain(deal={"tranches": [NOTE, other], "waterfall": [principal, surplus]})) == {}
    assert found(plain(deal={"tranches": [NOTE, {**other, "kind": "grant"}], "waterfall": [principal]})) == {}
    assert found(plain(deal={"tranches": [NOTE, other]})) == {}


def test_an_investor_that_guarantees_its_own_tranche():
    guarantee = {"id": "g", "guarantor": "Fund", "tranche": "note", "share": 0.5}
    told = found(plain(deal={"tranches": [NOTE], "guarantees": [guarantee]}))
    assert list(told) == ["deal.guarantees.g.guarantor"]
    assert "would pay itself" in told["deal.guarantees.g.guarantor"]


def test_a_cohort_without_a_day_of_measurement():
    cohorts = [{"id": "one", "starts": 40}, {"id": "two", "starts": 40}]
    outcome = {"id": "work", "kind": "count", "measured": {"one": "2021-06-30"}}
    told = found(plain(deal={"outcomes": [outcome]}, forecast={"cohorts": cohorts}))
    assert list(told) == ["deal.outcomes.work.measured"]
    assert "no day for the cohort 'two'" in told["deal.outcomes.work.measured"]
    # Nothing is expected of the second cohort, so it needs no day.
    of_one = {"cohorts": cohorts, "outcomes": [{"id": "work", "per_start": 0.5, "cohorts": ["one"]}]}
    assert found(plain(deal={"outcomes": [outcome]}, forecast=of_one)) == {}
    both = {**outcome, "measured": {"one": "2021-06-30", "two": "2021-12-31"}}
    assert found(plain(deal={"outcomes": [both]}, forecast={"cohorts": cohorts})) == {}


def test_costs_anywhere_but_first_in_a_waterfall():
    costs, principal = {"rung": "costs"}, {"rung": "principal", "tranches": ["note"]}
    assert found(plain(deal={"tranches": [NOTE], "waterfall": [costs, principal]})) == {}
    refused(plain(deal={"tranches": [NOTE], "waterfall": [principal, costs]}), "write the rung costs first")


def test_receipts_that_are_passed_on_without_capital_for_delivery():
    data = plain(deal={"tranches": [NOTE], "receipts": "passed on"})
    assert "add a tranche with draw: as needed" in found(data)["deal.receipts"]


def test_an_order_of_drawing_that_leaves_one_out():
    first = {**NOTE, "id": "a", "draw": {"kind": "as needed", "order": 1}}
    team = {"id": "team", "kind": "per period", "amount": 1}
    data = plain(deal={"tranches": [first, {**NOTE, "draw": "as needed"}], "costs": [team]})
    assert "write order for each" in found(data)["deal.tranches.note.draw"]
    refused(plain(deal={"tranches": [{**first, "draw": {"kind": "as needed", "order": 0}}]}), "greater than or equal")


# Savings and public value ----------------------------------------------------------------------------------------

CARE = {"id": "care", "outcome": "work", "unit_value": 100, "saved_by": "Council"}


def with_care(*others: dict, **sections: object) -> dict:
    outcomes = [{"id": "work", "per_start": 0.5, "counterfactual": 0.25}]
    savings = {"outcomes": outcomes, "savings": list(others or [CARE])}
    return plain(forecast=savings | sections.pop("forecast", {}), **sections)  # type: ignore[operator]


def test_a_saving_that_is_divided_in_a_queue():
    queue = [{"payer": "Council", "up_to": 5}, {"payer": "Charity"}]
    refused(with_care({**CARE, "saved_by": queue}), "a saving is divided by shares, not in a queue")


def test_shares_of_a_saving_over_one():
    refused(with_care({**CARE, "saved_by": {"Council": 0.8, "Charity": 0.3}}), "the shares sum to 1.1")


def test_a_transfer_that_is_called_economic():
    gain = {"id": "gain", "kind": "economic", "outcome": "work", "unit_value": 5, "transfer": True}
    refused(with_care(forecast={"benefits": [gain]}), "what it saves a budget stands under forecast.savings")


@pytest.mark.parametrize("year", ["2015/17", "15", "next year"])
def test_what_is_no_price_year(year: str):
    refused(with_care({**CARE, "price_year": year}), "not a price year|not one year")


def test_a_price_year_without_a_basis():
    data = with_care({**CARE, "price_year": 2019})
    assert "prices of 2019 need a basis" in found(data)["forecast.savings.care.price_year"]
    data["appraisal"] = {"basis": {"discount": 0.035}}
    assert "add a deflator, or inflation" in found(data)["appraisal.basis"]


def test_price_years_that_a_deflator_does_not_know():
    index = {"id": "ours", "index": {"2020": 100, "2022": 104, "2023": 105}}
    basis = {"discount": 0.035, "deflator": index, "inflation": 0.02}
    data = with_care({**CARE, "price_year": 2019}, appraisal={"basis": basis})
    assert "'ours' begins in 2020" in found(data)["forecast.savings.care.price_year"]
    data = with_care({**CARE, "price_year": 2021}, appraisal={"basis": basis})
    assert "'ours' has no price level for 2021" in found(data)["forecast.savings.care.price_year"]


def test_a_deflator_that_does_not_reach_as_far_as_the_case():
    index = {"id": "ours", "index": {"2020": 100, "2021": 104}}
    basis = {"discount": 0.035, "deflator": index}
    assert found(with_care(appraisal={"basis": basis})) == {}
    # Five years from the last outcome, on 31 December 2021.
    answers = found(with_care({**CARE, "lasts": "5 years"}, appraisal={"basis": basis}))
    assert answers == {"appraisal.basis.inflation": "'ours' ends in 2021; give an inflation to continue it to 2026."}
    assert found(with_care({**CARE, "lasts": "5 years"}, appraisal={"basis": {**basis, "inflation": 0}})) == {}
    late = {"id": "late", "index": {"2021": 100}}
    answers = found(with_care(appraisal={"basis": {"discount": 0.035, "deflator": late, "inflation": 0.02}}))
    assert "'late' begins in 2021 and has no price level for 2020" in answers["appraisal.basis.deflator"]


def test_a_marginal_cost_above_the_average():
    steps = {"step": 10, "backfill": 0.5, "marginal_cost": 101}
    data = with_care({**CARE, "lasts": "1 year", "cashable": steps})
    assert "more than the 100 that it saves in all" in found(data)["forecast.savings.care.cashable.marginal_cost"]
    steps = {"step": 10, "backfill": 0.5, "marginal_cost": 36_500, "units_a_year": 365}
    assert found(with_care({**CARE, "cashable": steps})) == {}


def test_the_same_saving_twice_in_one_budget():
    budgets = [{"id": "children", "of": "Council", "a_year": 1_000}]
    one, other = {**CARE, "budget": "children"}, {**CARE, "id": "again", "budget": "children"}
    data = with_care(one, other, forecast={"budgets": budgets})
    assert "'care' counts the budget 'children'" in found(data)["forecast.savings.again"]
    assert found(with_care(one, {**other, "beside": ["care"]}, forecast={"budgets": budgets})) == {}
    assert found(with_care({**one, "beside": ["again"]}, other, forecast={"budgets": budgets})) == {}


def test_a_budget_of_somebody_else():
    budgets = [{"id": "wards", "of": "Charity", "a_year": 1_000}]
    service = {"id": "old", "saved_by": "Council", "a_year": 5, "budget": "wards"}
    data = with_care({**CARE, "budget": "wards"}, forecast={"budgets": budgets, "replaced": [service]})
    assert "a budget of 'Charity', which does not save here" in found(data)["forecast.savings.care.budget"]
    assert "a budget of 'Charity'" in found(data)["forecast.replaced.old.budget"]


def test_a_unit_cost_in_the_wrong_ledger():
    each = {"value": 5, "price_year": 2020}
    costs = [{"id": "joy", "kind": "social", **each}, {"id": "bed", **each}]
    sections = {"appraisal": {"basis": {"discount": 0.035, "inflation": 0.02}}}
    care = {key: CARE[key] for key in CARE if key != "unit_value"} | {"unit_cost": "joy"}
    gain = {"id": "gain", "kind": "social", "outcome": "work", "unit_cost": "bed"}
    answers = found(with_care(care, forecast={"unit_costs": costs, "benefits": [gain]}, **sections))
    assert "put it under forecast.benefits" in answers["forecast.savings.care.unit_cost"]
    assert "put it under forecast.savings" in answers["forecast.benefits.gain.unit_cost"]


WORTH = """\
title: Worth
currency: GBP
deal:
  start: 2026-04-01
  service_end: 2029-03-31
  period: quarter
  parties:
    - {id: Council, role: payer}
    - {id: NHS, role: other}
    - {id: Charity, role: provider}
  outcomes:
    - {id: home, kind: count}
  payments:
    - {id: home, kind: tariff, outcome: home, price: 5_000, paid_by: Council}
  costs:
    - {id: team, kind: per period, amount: 40_000}
forecast:
  cohorts:
    - {id: all, starts: 400}
  outcomes:
    - {id: home, per_start: 0.5, counterfactual: 0.25}
  savings:
    - id: care
      outcome: home
      unit_cost: child in care
      lasts: 3 years
      saved_by: {Council: 0.9, NHS: 0.1}
      budget: children
      cashable: {step: 10, backfill: 0.4, marginal_cost: 30_000}
    - {id: visits, outcome: home, unit_cost: A&E attendance, saved_by: NHS, cashable: 0.3}
  benefits:
    - {id: joy, kind: social, outcome: home, unit_value: 800, price_year: 2024/25}
  budgets:
    - {id: children, of: Council, a_year: 12_000_000, growth: 0.03}
  unit_costs:
    - {id: A&E attendance, value: 200, price_year: 2024/25}
scenarios:
  - id: review
    set: {appraisal.basis.discount: june 2026 review, forecast.savings.care.cashable.backfill: 0.2}
  - id: prison
    set: {forecast.savings.care.unit_cost: prison place}
appraisal:
  basis: {discount: green book 2026, deflator: uk gdp deflator 2025-12, inflation: 0.02, price_year: 2026/27}
"""

# What is broken: text of the case, what stands there instead, and the path and words of the answer.
BROKEN_WORTH = {
    "price year": ("price_year: 2024/25}\n  budgets", "price_year: 2024/26}\n  budgets",
                   "forecast.benefits.joy.price_year", "the financial year after 2024 is 2024/25"),
    "price year before the index": ("price_year: 2024/25}\n  budgets", "price_year: 1970}\n  budgets",
                                    "forecast.benefits.joy.price_year", "begins in 2000"),
    "shares over one": ("NHS: 0.1}", "NHS: 0.3}", "forecast.savings.care.saved_by", "the shares sum to 1.2"),
    "driver": ("kind: social, outcome: home", "kind: social, outcome: hom", "forecast.benefits.joy.outcome",
               "did you mean 'home'?"),
    "transfer": ("kind: social, outcome: home", "kind: economic, transfer: true, outcome: home",
                 "forecast.benefits.joy", "stands under forecast.savings"),
    "schedule": ("discount: green book 2026", "discount: green bok 2026", "appraisal.basis.discount",
                 "did you mean 'green book 2026'?"),
    "deflator": ("uk gdp deflator 2025-12", "uk gdp deflator 2025-11", "appraisal.basis.deflator",
                 "did you mean 'uk gdp deflator 2025-12'?"),
    "unit cost": ("unit_cost: child in care", "unit_cost: child in cares", "forecast.savings.care.unit_cost",
                  "did you mean 'child in care'?"),
    "no basis": ("appraisal:\n  basis: {discount: green book 2026, deflator: uk gdp deflator 2025-12, inflation: 0.02, "
                 "price_year: 2026/27}\n", "", "forecast.benefits.joy.price_year", "need a basis"),
    "marginal cost": ("marginal_cost: 30_000", "marginal_cost: 60_000", "forecast.savings.care.cashable.marginal_cost",
                      "more than the 52,676"),
    "twice": ("saved_by: NHS, cashable: 0.3}", "saved_by: {Council: 1}, cashable: 0.3, budget: children}",
              "forecast.savings.visits", "say that they are different money with beside: [care]"),
    "another's budget": ("of: Council", "of: Charity", "forecast.savings.care.budget", "a budget of 'Charity'"),
    "no such saver": ("saved_by: NHS", "saved_by: NSH", "forecast.savings.visits.saved_by", "did you mean 'NHS'?"),
    "no such budget": ("budget: children", "budget: childern", "forecast.savings.care.budget",
                       "did you mean 'children'?"),
    "unit cost in a scenario": ("unit_cost: prison place", "unit_cost: prison palace", "scenarios.prison.set",
                                "is not a unit cost"),
    "backfill": ("backfill: 0.4", "backfill: 40", "forecast.savings.care.cashable.backfill", "35 % is 0.35"),
    "no inflation": (" inflation: 0.02,", "", "appraisal.basis.inflation", "give an inflation to continue it to 2032"),
}  # fmt: skip


def errors_of(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> list[dict]:
    file = tmp_path / "worth.yaml"
    file.write_text(text, encoding="utf-8")
    code = main(["validate", str(file), "--json"])
    printed = capsys.readouterr()
    assert "Traceback" not in printed.err
    if code == 0:
        return []
    errors = json.loads(printed.out)["errors"]
    assert all(error["file"] == str(file) and error["line"] for error in errors)
    return errors


def test_the_case_of_worth_holds_together(tmp_path, capsys):
    assert errors_of(WORTH, tmp_path, capsys) == []


@pytest.mark.parametrize("name", BROKEN_WORTH)
def test_a_mistake_about_worth_is_told_with_its_line_and_path(name, tmp_path, capsys):
    old, new, path, words = BROKEN_WORTH[name]
    assert WORTH.count(old) >= 1
    errors = errors_of(WORTH.replace(old, new, 1), tmp_path, capsys)
    told = [error for error in errors if error["path"] == path and words in error["message"]]
    assert told, errors
    if new:
        assert abs(told[0]["line"] - (WORTH[: WORTH.index(old)].count("\n") + 1)) <= 8
        assert len(errors) == 1, "one mistake is not told as many"


def test_several_mistakes_about_worth_at_once(tmp_path, capsys):
    text = WORTH
    for name in ("schedule", "unit cost", "driver", "backfill"):
        text = text.replace(*BROKEN_WORTH[name][:2], 1)
    errors = errors_of(text, tmp_path, capsys)
    assert [error["path"] for error in errors] == [
        "forecast.savings.care.unit_cost",
        "forecast.savings.care.cashable.backfill",
        "forecast.benefits.joy.outcome",
        "appraisal.basis.discount",
    ]


def test_a_case_of_worth_is_written_and_read_again_as_the_same(tmp_path, capsys):
    assert errors_of(WORTH, tmp_path, capsys) == []
    case = load(tmp_path / "worth.yaml")
    assert Case.from_data(case.data()) == case
    save(case, tmp_path / "again.yaml")
    again = load(tmp_path / "again.yaml")
    assert again.changed({"id": case.id})[0] == case
    own = {cost.id: cost.value.value for cost in again.forecast.unit_costs}
    assert own["A&E attendance"] == 200
    assert own["child in care"] == pytest.approx(52_675.64)


def test_fields_of_worth_are_changed_by_name_and_by_path(tmp_path, capsys):
    assert errors_of(WORTH, tmp_path, capsys) == []
    file = tmp_path / "worth.yaml"
    review = load(file).in_scenario("review")
    changes = {"appraisal.basis.discount": "june 2026 review", "forecast.savings.care.cashable.backfill": 0.2}
    asked = load_with_notes(file, changes)[0]
    assert asked.appraisal == review.appraisal
    assert asked.forecast == review.forecast
    assert review.appraisal.basis is not None
    assert review.appraisal.basis.discount.bands[0].rate == 0.03
    place = load_with_notes(file, {"forecast.savings.care.unit_cost": "prison place"})[0]
    assert place.forecast.savings[0].unit_cost == "prison place"
    assert appraise(place).savers["NHS"] == appraise(load(file), "prison").savers["NHS"]
    with pytest.raises(CaseError, match="did you mean 'june 2026 review'"):
        load_with_notes(file, {"appraisal.basis.discount": "june 2026 revue"})
