"""The bundled deals against what was published of them."""

from __future__ import annotations

import pytest

from sib.files import bundled, load
from sib.replication import replicate

# (case, scenario, quantity): the answer and the largest difference that published-deals allows. Typed from the
# sources here, not read from the case files, so that a file cannot loosen its own test.
PUBLISHED = {
    ("educate-girls", None, "payments.total"): (422_000, 1e-6),
    ("educate-girls", None, "outcomes.learning.net"): (8940, 0),
    ("educate-girls", None, "outcomes.learning.of_target"): (1.60, 0.005),
    ("educate-girls", None, "outcomes.enrolment.of_target"): (1.16, 0.005),
    ("educate-girls", None, "investors.irr"): (0.15, 0.005),
    ("nyc-able", None, "investors.simple_return"): (-0.1667, 0.0005),
    ("nyc-able", None, "investors.received"): (6_000_000, 0),
    ("nyc-able", None, "payments.total"): (0, 0),
    ("nyc-able", "at-5", "investors.simple_return"): (-0.25, 0.0005),
    ("nyc-able", "at-8-5", "investors.simple_return"): (-0.25, 0.0005),
    ("nyc-able", "at-10", "investors.irr"): (0.0, 0.0005),
    ("nyc-able", "at-11", "investors.irr"): (0.012, 0.0005),
    ("nyc-able", "at-12", "investors.irr"): (0.015, 0.0005),
    ("nyc-able", "at-13", "investors.irr"): (0.019, 0.0005),
    ("nyc-able", "at-16", "investors.irr"): (0.033, 0.0005),
    ("nyc-able", "at-20", "investors.irr"): (0.051, 0.0005),
    ("peterborough", None, "payments.by_rule.events"): (0, 0),
    ("peterborough", None, "outcomes.reconvictions.measure"): (0.090, 0.0005),
    ("denver", "first two payments", "payments.by_rule.housing"): (1_025_968, 0.5),
    ("denver", "to the fourth payment", "payments.by_rule.housing"): (3_913_932.96, 0.01),
    ("denver", "final payment", "payments.by_rule.housing"): (620_978.40, 0.01),
    ("denver", "final payment", "payments.total"): (5_724_978.40, 0.01),
    ("denver", None, "payments.by_rule.jail"): (5_104_000, 0.01),
    ("denver", None, "payments.total"): (9_638_911.36, 0.01),
    ("denver", None, "investors.received"): (8_600_000 + 1_038_911.36, 0.01),
    ("denver", None, "investors.simple_return"): (1_038_911.36 / 8_600_000, 0.01 / 8_600_000),
    ("denver", "maximum", "payments.total"): (11_420_000, 0.01),
    ("newpin", None, "investors.tranches.notes.coupons[0].rate"): (0.075, 0.0005),
    ("newpin", None, "investors.tranches.notes.coupons[1].rate"): (0.089, 0.0005),
    ("utah-preschool", None, "by_year.State of Utah.2015/16.savings"): (281_000, 0.005 * 281_000),
    ("utah-preschool", "first year only", "payments.total"): (267_000, 0.005 * 267_000),
    ("street-impact-brighton", None, "investors.tranches.senior loan.coupons[0].amount"): (4_913, 1),
    ("street-impact-brighton", None, "investors.tranches.senior loan.coupons[1].amount"): (5_024, 1),
    ("street-impact-brighton", None, "investors.tranches.senior loan.coupons[2].amount"): (2_512, 1),
    ("street-impact-brighton", None, "investors.tranches.senior loan.coupons[3].amount"): (2_539, 1),
    ("street-impact-brighton", None, "investors.tranches.senior loan.coupons[4].amount"): (32_539 - 30_000, 1),
    ("street-impact-brighton", None, "investors.tranches.senior loan.coupons[5].amount"): (47_026 - 45_000, 1),
    ("street-impact-brighton", None, "investors.irr"): (0.06632, 0.00001),
    ("reboot-west", None, "payments.total"): (1_871_540, 0),
    ("depaul-fcf", None, "payments.total"): (1_654_340, 1e-6),
    ("depaul-fcf", "no cap", "payments.total"): (1_692_700, 0),
    ("fusion-fcf", None, "payments.total"): (2_513_800, 1e-6),
    ("fusion-fcf", "no cap", "payments.total"): (3_032_950, 0),
    ("dc-water", None, "payments.by_rule.runoff"): (0, 0),
    ("dc-water", "tier 1", "payments.by_rule.runoff"): (3_300_000, 0),
    ("dc-water", "tier 3", "payments.by_rule.runoff"): (-3_300_000, 0),
    ("dc-water", None, "investors.bond_equivalent"): (0.0343, 0.0001),
    ("dc-water", None, "investors.irr"): (0.0346, 0.0001),
    ("dc-water", "tier 1", "investors.irr"): (0.0583, 0.0001),
    ("dc-water", "tier 3", "investors.irr"): (0.0084, 0.0001),
    ("chicago-cpc", None, "payments.by_rule.ready"): (500_000, 1e-6),
    ("chicago-cpc", "no cap", "payments.by_rule.ready"): (556_075, 0.005),
    ("essex-mst", None, "payments.total"): (7_100_000, 1e-6),
    ("essex-mst", None, "investors.multiple"): (1.45, 0.005),
    ("essex-mst", None, "investors.irr"): ((0.064 + 0.105) / 2, (0.105 - 0.064) / 2),
    ("mhep-shropshire", "one quarter", "payments.by_payer.Life Chances Fund"): (23_084, 0.001 * 54_962),
    ("mhep-shropshire", "one quarter", "payments.by_payer.Local commissioners"): (31_878, 0.001 * 54_962),
    ("mhep-shropshire", "maximum", "payments.by_payer.Life Chances Fund"): (434_484, 0.001 * 1_034_484),
    ("mhep-shropshire", "maximum", "payments.by_payer.Local commissioners"): (600_000, 0.001 * 1_034_484),
    ("iaam-adoption", None, "payments.total"): (8_000 + 23_000 + 6_800 + 15_800, 1e-9),
    ("iaam-adoption", "no family found", "payments.total"): (8_000, 1e-9),
    ("iaam-adoption", "breakdown in year 1", "payments.total"): (8_000 + 23_000, 1e-9),
    ("iaam-adoption", "breakdown in year 2", "payments.total"): (8_000 + 23_000 + 6_800, 1e-9),
    ("kangaroo-cameroon", None, "payments.total"): (2_430_000, 1e-6),
    ("kangaroo-cameroon", "no cap", "payments.total"): (3_100_000, 0.005),
    ("code-academy", None, "investors.drawn"): (683_700, 50),
    ("code-academy", None, "investors.received"): (646_368.52, 0.0005 * 683_700),
    ("code-academy", None, "investors.simple_return"): (-0.0546, 0.0005),
    ("work-programme", "maximum 18-24", "payments.total"): (400 + 1_200 + 13 * 170, 1e-9),
    ("work-programme", "maximum 25 and over", "payments.total"): (400 + 1_200 + 13 * 215, 1e-9),
    ("work-programme", "maximum early access", "payments.total"): (400 + 1_200 + 20 * 250, 1e-9),
}

ROWS = {(row.case, row.scenario, row.quantity): row for name in bundled() for row in replicate(load(name))}


@pytest.mark.parametrize("which", PUBLISHED)
def test_the_model_gives_the_published_answer(which):
    value, tolerance = PUBLISHED[which]
    assert ROWS[which].model == pytest.approx(value, abs=tolerance + 1e-12)
    assert ROWS[which].tolerance <= tolerance + 1e-12
    assert ROWS[which].status == "replicates"


def test_nothing_differs():
    assert [row for row in ROWS.values() if row.status == "differs"] == []


def test_every_published_answer_is_held_here():
    told = {which for which, row in ROWS.items() if row.status == "replicates"}
    given_back = {  # what goes in comes out: no answer of the model
        ("nyc-able", None, "investors.drawn"),
        ("nyc-able", "at-20", "payments.total"),
    }
    written_from_it = {("peterborough", None, "investors.irr")}
    assert told - set(PUBLISHED) == given_back | written_from_it


def test_only_newpins_third_year_is_known_to_differ():
    known = [which for which, row in ROWS.items() if row.status == "known difference"]
    assert known == [("newpin", None, "investors.tranches.notes.coupons[2].rate")]
    # On the line from 7.5 % at 60 to 12 % at 65 %, 61 % gives 8.40 %, not the 12.15 % that was published.
    assert ROWS[known[0]].model == pytest.approx(0.084)
    assert ROWS[known[0]].published == 0.1215


def test_every_published_deal_has_a_case():
    assert set(bundled()) >= {which[0] for which in PUBLISHED}


def test_reboot_west_once_per_person_misses_what_was_paid():
    from sib.appraisal import appraise

    # Of the first five outcomes 286 + 212 + 241 + 225 + 0 claims at 220 exceed one for each of 241 people.
    once = appraise(load("reboot-west"), "once per person").payments.total
    assert once == pytest.approx(1_871_540 - 220 * (286 + 212 + 241 + 225)) == 1_659_460


def test_denvers_return_lies_in_the_range_of_the_possible_draws():
    from sib.appraisal import appraise

    case = load("denver")
    assert 0.024 <= appraise(case).investors.irr.rate <= 0.025
    assert 0.048 <= appraise(case, "quarterly draws").investors.irr.rate <= 0.055


def test_utahs_share_falls_to_forty_per_cent_once_the_lenders_are_repaid():
    from sib.appraisal import appraise

    # 108 child-years at 2,607 a year: 95 % of 281,556 is 267,478.20, 40 % is 112,622.40.
    result = appraise(load("utah-preschool").changed({"deal.caps.payers of cohort 1.amount": 9_000_000})[0])
    by_day: dict = {}
    for flow in result.flows:
        if flow.rule is not None:
            by_day[flow.date] = by_day.get(flow.date, 0) + flow.amount
    paid = list(by_day.values())
    repaid_on = max(flow.date for flow in result.flows if flow.kind == "principal")
    assert paid == pytest.approx([267_478.20] * 5 + [112_622.40] * 2, rel=1e-6)
    assert list(by_day)[4] == repaid_on


def test_the_six_receipts_of_street_impact_brighton_fall_on_their_days():
    from sib.appraisal import appraise

    received: dict = {}
    for flow in appraise(load("street-impact-brighton")).flows:
        if flow.kind in ("interest", "principal"):
            received[flow.date.isoformat()] = received.get(flow.date.isoformat(), 0) + flow.amount
    at_par = 80_000  # stays outstanding; the base case has it returned on the last day
    told = {
        "2018-09-30": 4_913, "2019-03-31": 5_024, "2019-06-30": 2_512,
        "2019-09-30": 2_539, "2019-12-31": 32_539, "2020-03-31": 47_026 + at_par,
    }  # fmt: skip
    assert received == pytest.approx(told, abs=1)


def test_newpin_repays_half_the_principal_below_its_line():
    from sib.appraisal import appraise

    repaid = {
        name: sum(flow.amount for flow in appraise(load("newpin"), name).flows if flow.kind == "principal")
        for name in (None, "below the line")
    }
    assert repaid == pytest.approx({None: 7_000_000, "below the line": 3_500_000})


def test_what_the_fair_chance_fund_cut_and_paid_is_price_times_count():
    from sib.appraisal import appraise

    for name, before_cap in (("depaul-fcf", 1_692_700), ("fusion-fcf", 3_032_950)):
        payments = appraise(load(name)).payments
        assert payments.total + sum(item.amount for item in payments.clipped) == pytest.approx(before_cap)


def test_peterborough_pays_at_the_pooled_gate_only():
    case = load("peterborough")
    by_rule = _by_rule(case)
    # 5.0m at 3 % a year, compound, from 1 Sep 2010 to 27 Jul 2017: 2,521 days.
    assert by_rule == pytest.approx({"events": 0, "pooled": 5_000_000 * 1.03 ** (2521 / 365)})
    gate = "deal.payments.pooled.gate.pooled_at_least"
    assert _by_rule(case.changed({gate: 0.0902})[0])["pooled"] == 0
    own = "deal.payments.events.gate.at_least"
    assert _by_rule(case.changed({own: 0.083})[0])["events"] > 0


def _by_rule(case):
    from sib.appraisal import appraise

    return appraise(case).payments.by_rule


def test_nyc_pays_nothing_below_the_first_step_and_its_edge_is_included():
    case = load("nyc-able").in_scenario("at-10")
    path = "forecast.outcomes.bed-days.change"
    from sib.appraisal import appraise

    paid = {change: appraise(case.changed({path: change})[0]).payments.total for change in (0.0849, 0.085, 0.0999, 0.1)}
    assert paid == {0.0849: 0, 0.085: 4_800_000, 0.0999: 4_800_000, 0.1: 9_600_000}


def test_educate_girls_without_its_cap_would_cost_463_130():
    from sib.appraisal import appraise

    # 8,940 x 43.16 + 92 x 840 = 385,850.40 + 77,280 (published as the uncapped sum, 463,130).
    payments = appraise(load("educate-girls")).payments
    assert payments.total + sum(item.amount for item in payments.clipped) == pytest.approx(463_130.40)
    # At target: 5,592 x 43.16 + 79 x 840 = 241,350.72 + 66,360.
    assert appraise(load("educate-girls"), "plan").payments.total == pytest.approx(307_710.72, abs=0.01)


def test_the_bonus_leaves_the_investor_about_ten_per_cent():
    from sib.appraisal import appraise

    result = appraise(load("educate-girls"), "bonus")
    assert result.investors.irr.rate == pytest.approx(0.103, abs=0.001)
    # A third of 422,000 - 277,915 = 144,085 goes to the provider beside its advances.
    assert result.provider.margin == pytest.approx(144_085 / 3, abs=0.01)
