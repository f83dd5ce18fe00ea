"""Laws that hold for every deal: conservation, and pairs of deals of which one must not do worse."""

from __future__ import annotations

import copy

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sib.appraisal import Result
from sib.cashflow.residuals import residuals_of, tolerance_of
from sib.cashflow.run import run
from tests.building import case_of, plain, result_of

money = st.floats(0, 1e6).map(lambda x: round(x, 2))
shares = st.floats(0, 1)


@st.composite
def deals(draw) -> dict:
    """Deals with a tariff, a schedule, a cap, costs, two tranches and perhaps a guarantee."""
    cost = {"id": "team", "kind": "per period", "amount": draw(money)}
    senior = {
        "id": "s",
        "investor": "Fund",
        "commitment": draw(money),
        "draw": draw(st.sampled_from(["at once", "as needed"])),
    }
    junior = {
        "id": "j",
        "investor": "Giver",
        "commitment": draw(money),
        "rank": "junior",
        "interest": {"rate": draw(st.floats(0, 0.2)), "compounding": draw(st.sampled_from(["simple", "compound"]))},
    }
    points = [{"at": 0.05, "pays": draw(money)}, {"at": 0.10, "pays": draw(money)}]
    data = plain(
        deal={
            "last_payment": "2023-06-30",
            "outcomes": [{"id": "work", "kind": "count"}, {"id": "days", "kind": "change", "measured": "2022-06-30"}],
            "payments": [
                {
                    "id": "work",
                    "kind": "tariff",
                    "outcome": "work",
                    "price": draw(money),
                    "paid_by": {"Council": 0.3, "NHS": 0.7},
                    "lag": draw(st.sampled_from(["0 days", "3 months", "45 days"])),
                },
                {
                    "id": "days",
                    "kind": "schedule",
                    "outcome": "days",
                    "form": draw(st.sampled_from(["stepped", "joined"])),
                    "points": points,
                    "paid_by": "Council",
                },
            ],
            "caps": [{"id": "all", "amount": draw(money)}],
            "costs": [cost],
            "tranches": [senior, junior],
            "guarantees": [
                {
                    "id": "g",
                    "guarantor": "NHS",
                    "tranche": "s",
                    "amounts": [{"date": "2020-01-01", "amount": draw(money)}],
                }
            ]
            if draw(st.booleans())
            else [],
        },
        forecast={
            "cohorts": [{"id": "all", "starts": draw(st.floats(0, 1000))}],
            "outcomes": [
                {"id": "work", "per_start": draw(shares), "delay": "6 months"},
                {"id": "days", "change": draw(st.floats(-0.1, 0.3))},
            ],
        },
    )
    data["deal"]["parties"] += [{"id": "NHS", "role": "payer"}, {"id": "Giver", "role": "investor"}]
    return data


def changed(data: dict, change) -> Result:
    other = copy.deepcopy(data)
    change(other["deal"], other["forecast"])
    return result_of(other)


@given(deals())
def test_every_residual_holds(data):
    result_of(data)


@given(deals())
def test_every_pound_that_one_party_pays_another_receives(data):
    # Re-added from the printed flows alone, not from the ledger's own sums.
    result = result_of(data)
    net: dict[str, float] = {}
    for flow in result.flows:
        net[flow.source] = net.get(flow.source, 0.0) - flow.amount
        net[flow.target] = net.get(flow.target, 0.0) + flow.amount
    assert sum(net.values()) == pytest.approx(0, abs=1e-6)
    years = result.by_year
    for party in ("Council", "NHS", "Fund", "Giver", "Charity"):
        told = sum(year.received - year.paid for year in years[party].values())
        assert told == pytest.approx(net.get(party, 0.0), abs=1e-6)


@given(deals())
def test_investors_are_never_paid_more_than_is_there(data):
    # Re-added by date from the printed flows: what investors get on a date is no more than the cash of the day before
    # and what comes in on that date, less costs.
    to_investors = ("interest", "principal", "surplus")
    cash = 0.0
    flows_by_date: dict = {}
    for flow in result_of(data).flows:
        flows_by_date.setdefault(flow.date, []).append(flow)
    for day in sorted(flows_by_date):
        paid = 0.0
        for flow in flows_by_date[day]:
            if flow.source == "Charity" and flow.kind in to_investors:
                paid += flow.amount
            else:
                cash += flow.amount * ((flow.target == "Charity") - (flow.source == "Charity"))
        assert paid <= max(0.0, cash) + 1e-6
        cash -= paid


@given(deals(), st.floats(1, 3))
def test_a_higher_cap_never_pays_less_and_no_cap_is_passed(data, factor):
    before = result_of(data)
    amount = data["deal"]["caps"][0]["amount"]
    assert before.payments.total <= amount * (1 + 1e-9)

    def raise_cap(deal, forecast):
        deal["caps"][0]["amount"] = amount * factor

    assert changed(data, raise_cap).payments.total >= before.payments.total - 1e-6


@given(deals())
def test_total_plus_clipped_is_the_sum_before_caps(data):
    result = result_of(data)

    def no_cap(deal, forecast):
        deal["caps"] = []

    clipped = sum(item.amount for item in result.payments.clipped if item.cap == "all")
    assert result.payments.total + clipped == pytest.approx(changed(data, no_cap).payments.total, abs=1e-5)


@given(deals())
def test_payers_parts_sum_to_the_whole(data):
    payments = result_of(data).payments
    assert sum(payments.by_payer.values()) == pytest.approx(payments.total, abs=1e-6)
    assert sum(payments.by_rule.values()) == pytest.approx(payments.total, abs=1e-6)


@given(deals())
def test_doubling_the_price_doubles_the_tariffs_claims(data):
    def bare(deal, forecast):
        deal["caps"] = []

    def doubled(deal, forecast):
        bare(deal, forecast)
        deal["payments"][0]["price"] *= 2

    once, twice = changed(data, bare), changed(data, doubled)
    assert twice.payments.by_rule["work"] == pytest.approx(2 * once.payments.by_rule["work"])
    assert twice.payments.by_rule["days"] == pytest.approx(once.payments.by_rule["days"])


@given(deals())
def test_doubling_all_money_doubles_all_flows_and_leaves_the_irr(data):
    def twice(deal, forecast):
        for payment in deal["payments"]:
            if "price" in payment:
                payment["price"] *= 2
            for point in payment.get("points", []):
                point["pays"] *= 2
        deal["caps"][0]["amount"] *= 2
        deal["costs"][0]["amount"] *= 2
        for tranche in deal["tranches"]:
            tranche["commitment"] *= 2
        for guarantee in deal["guarantees"]:
            guarantee["amounts"][0]["amount"] *= 2

    once, doubled = result_of(data), changed(data, twice)
    assert [flow.amount * 2 for flow in once.flows] == pytest.approx([flow.amount for flow in doubled.flows], abs=1e-6)
    if once.investors.irr.rate is not None and once.investors.drawn > 1:
        assert doubled.investors.irr.rate == pytest.approx(once.investors.irr.rate, abs=1e-9)


@given(deals())
def test_a_guarantee_never_lowers_what_the_investor_receives(data):
    def none(deal, forecast):
        deal["guarantees"] = []

    assert result_of(data).investors.received >= changed(data, none).investors.received - 1e-6


@given(deals())
def test_senior_is_never_worse_than_junior_at_equal_terms(data):
    def alike(deal, forecast):
        deal["guarantees"] = []
        deal["tranches"][1] = {
            **deal["tranches"][0],
            "id": "j",
            "investor": "Giver",
            "rank": "junior",
            "draw": "at once",
        }
        deal["tranches"][0]["draw"] = "at once"

    tranches = changed(data, alike).investors.tranches
    assert tranches["s"].received >= tranches["j"].received - 1e-6


@given(deals(), st.lists(st.tuples(shares, st.floats(-0.1, 0.3)), min_size=1, max_size=5))
def test_scenarios_run_together_as_they_run_alone(data, draws):
    # One door for numbers: rows of draws give, column by column, what each scenario gives by itself.
    paths = ("forecast.outcomes.work.per_start", "forecast.outcomes.days.change")
    case = case_of(data)
    rows = {path: np.array([draw[i] for draw in draws]) for i, path in enumerate(paths)}
    together = run(case, rows)
    assert max(residuals_of(together).values()) <= tolerance_of(together)
    flows = dict(together.ledger)
    for column in range(len(draws)):
        alone = run(case, {path: row[column : column + 1] for path, row in rows.items()})
        for entry, rows_alone in alone.ledger:
            assert flows[entry][:, column] == pytest.approx(rows_alone[:, 0], rel=1e-12, abs=1e-9)


@given(deals(), st.floats(0.05, 0.10))
def test_stepped_and_joined_schedules_agree_at_the_points(data, fall):
    def read_at(form: str, change: float) -> float:
        def at(deal, forecast):
            deal["caps"] = []
            deal["payments"][1]["form"] = form
            forecast["outcomes"][1]["change"] = change

        return changed(data, at).payments.by_rule["days"]

    for edge in (0.05, 0.10):
        assert read_at("stepped", edge) == pytest.approx(read_at("joined", edge))
    low, high = sorted(point["pays"] for point in data["deal"]["payments"][1]["points"])
    assert low - 1e-6 <= read_at("joined", fall) <= high + 1e-6


@given(deals(), st.sampled_from(["contract", "year", "payment"]), money)
def test_no_cap_of_any_kind_is_passed_and_the_order_of_rules_does_not_matter(data, per, amount):
    def capped(deal, forecast):
        deal["caps"] = [{"id": "all", "amount": amount, "per": per}]

    def turned(deal, forecast):
        capped(deal, forecast)
        deal["payments"].reverse()

    one, other = changed(data, capped), changed(data, turned)
    assert one.payments.by_rule == pytest.approx(other.payments.by_rule, abs=1e-6)
    accepted = sum(one.run.payments.accepted.values())[:, 0]
    assert (accepted.max() if per == "payment" else 0) <= amount * (1 + 1e-9)
    first_year = accepted[[day.year == 2020 for day in one.run.timeline.dates]].sum()
    assert (first_year if per == "year" else 0) <= amount * (1 + 1e-9)


@given(deals(), shares)
def test_a_higher_ceiling_never_pays_less(data, ceiling):
    def under(share):
        def change(deal, forecast):
            deal["payments"][0]["ceiling"] = share

        return change

    assert changed(data, under(ceiling)).payments.total <= changed(data, under(1.0)).payments.total + 1e-6
