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
