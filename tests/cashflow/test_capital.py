"""Draws, interest, repayment by rank, guarantees and surplus, by hand."""

from __future__ import annotations

from datetime import date

import pytest

from tests.building import flows, plain, result_of

RECEIPT = {"id": "once", "kind": "tariff", "outcome": "work", "price": 1000, "paid_by": "Council"}


def funded(paid: float, *tranches: dict, **deal: object) -> dict:
    """One outcome payment of `paid` on 31 December 2021; capital goes to delivery that is not itemised."""
    data = plain(
        deal={
            "tranches": list(tranches),
            "payments": [RECEIPT],
            "outcomes": [{"id": "work", "kind": "count", "measured": "2021-12-31"}],
            "last_payment": "2021-12-31",
            **deal,
        }
    )
    data["forecast"] = {"cohorts": [{"id": "all", "starts": 1}], "outcomes": [{"id": "work", "per_start": paid / 1000}]}
    return data


NOTE = {"id": "note", "investor": "Fund", "commitment": 100_000}


def test_at_once_is_the_start_date():
    assert flows(result_of(funded(0, NOTE)), "draw") == {"2020-01-01": 100_000}


def test_on_dates_is_on_these_very_dates():
    draw = {"kind": "on dates", "amounts": [{"date": "2020-02-14", "amount": 1}, {"date": "2021-05-05", "amount": 2}]}
    assert flows(result_of(funded(0, {**NOTE, "draw": draw})), "draw") == {"2020-02-14": 1, "2021-05-05": 2}


def test_as_needed_draws_what_cash_does_not_reach_on_the_day_of_the_cost():
    # Costs 10,000 a quarter. 12,000 comes in on 30 June 2020 (8 people x 1,500): that quarter needs nothing and
    # leaves 2,000, which is passed on to the investor; the other seven quarters draw 10,000 each.
    data = plain(
        deal={
            "tranches": [{**NOTE, "draw": "as needed"}],
            "payments": [{**RECEIPT, "price": 1500}],
            "outcomes": [{"id": "work", "kind": "count", "measured": "2020-06-30"}],
            "costs": [{"id": "team", "kind": "per period", "amount": 10_000}],
        },
        forecast={"outcomes": [{"id": "work", "per_start": 0.1}]},
    )
    result = result_of(data)
    assert flows(result, "principal") == {"2020-06-30": pytest.approx(2000)}
    assert flows(result, "draw") == pytest.approx(
        dict.fromkeys(
            ["2020-03-31", "2020-09-30", "2020-12-31", "2021-03-31", "2021-06-30", "2021-09-30", "2021-12-31"], 10_000
        )
    )


def test_beyond_the_commitment_the_holder_runs_a_deficit():
    # Eight quarters of 10,000 on a commitment of 25,000: 55,000 short at the end.
    data = plain(
        deal={
            "tranches": [{**NOTE, "commitment": 25_000, "draw": "as needed"}],
            "payments": [],
            "costs": [{"id": "team", "kind": "per period", "amount": 10_000}],
        }
    )
    result = result_of(data)
    assert list(flows(result, "draw").values()) == pytest.approx([10_000, 10_000, 5_000])
    assert result.provider.peak_deficit == pytest.approx(55_000)
    assert result.provider.peak_deficit_date == date(2021, 12, 31)


def test_a_reserve_is_kept_until_service_ends_and_then_returned():
    # 3,000 is kept from the first draw on; it is not needed, so the investor gets it back at the end.
    data = plain(
        deal={
            "tranches": [{**NOTE, "draw": {"kind": "as needed", "reserve": 3000}}],
            "payments": [],
            "costs": [{"id": "team", "kind": "one-off", "amount": 7000, "date": "2020-03-31"}],
        }
    )
    result = result_of(data)
    assert sum(flows(result, "draw").values()) == pytest.approx(10_000)
    assert flows(result, "principal") == {"2021-12-31": pytest.approx(3000)}


def test_simple_interest_is_actual_365():
    # 5 % on 100,000 from 1 Jan 2020 to 31 Dec 2021 is 730 days (2020 has 366, to the day before two years): 10,000.
    result = result_of(funded(200_000, {**NOTE, "interest": {"rate": 0.05}}))
    assert flows(result, "interest") == {"2021-12-31": pytest.approx(10_000)}
    assert flows(result, "principal") == {"2021-12-31": pytest.approx(100_000)}
    # No surplus for a fixed return: the rest stays with the holder.
    assert result.investors.received == pytest.approx(110_000)


def test_compound_interest_gives_its_rate_as_irr():
    result = result_of(funded(200_000, {**NOTE, "interest": {"rate": 0.05, "compounding": "compound"}}))
    assert result.investors.irr.rate == pytest.approx(0.05, abs=1e-12)


def test_without_a_fixed_return_the_surplus_is_the_investors():
    result = result_of(funded(130_000, NOTE))
    assert (result.investors.drawn, result.investors.received) == pytest.approx((100_000, 130_000))
    # 730 days are two years of Actual/365: 1.3^(1/2) - 1.
    assert result.investors.irr.rate == pytest.approx(1.3**0.5 - 1)


def test_a_stated_surplus_is_split_as_written():
    result = result_of(funded(130_000, NOTE, surplus={"Fund": 0.6, "Council": 0.4}))
    assert result.investors.received == pytest.approx(118_000)
    assert flows(result, "surplus") == {"2021-12-31": pytest.approx(30_000)}


def test_senior_is_whole_before_junior_gets_anything():
    # 70,000 for 60,000 senior and 40,000 junior: 60,000 and 10,000; the junior loses 30,000.
    result = result_of(
        funded(
            70_000,
            {**NOTE, "id": "s", "commitment": 60_000},
            {**NOTE, "id": "j", "commitment": 40_000, "rank": "junior"},
        )
    )
    received = {name: view.received for name, view in result.investors.tranches.items()}
    assert received == pytest.approx({"s": 60_000, "j": 10_000})
    assert result.investors.tranches["j"].simple_return == pytest.approx(-0.75)


def test_equal_ranks_share_in_proportion_to_what_is_due():
    result = result_of(
        funded(50_000, {**NOTE, "id": "a", "commitment": 60_000}, {**NOTE, "id": "b", "commitment": 40_000})
    )
    assert {n: v.received for n, v in result.investors.tranches.items()} == pytest.approx({"a": 30_000, "b": 20_000})


def test_a_bullet_waits_for_maturity():
    # Receipts of 5,000 a quarter stay with the holder until the loan of 20,000 falls due; 20,000 is left over.
    data = plain(
        deal={
            "tranches": [
                {**NOTE, "commitment": 20_000, "repayment": "bullet", "interest": {"rate": 0}, "maturity": "2021-12-31"}
            ]
        }
    )
    assert flows(result_of(data), "principal") == {"2021-12-31": pytest.approx(20_000)}


def test_a_bullet_by_a_schedule_on_a_measure():
    # Half the principal below 10 %, all of it from there on.
    schedule = {"points": [{"at": 0, "pays": 0.5}, {"at": 0.10, "pays": 1}]}
    for fall, repaid in [(0.0, 50_000), (0.0999, 50_000), (0.10, 100_000)]:
        data = funded(
            100_000,
            {**NOTE, "interest": {"rate": 0}, "repayment": {"kind": "bullet", "outcome": "days", "schedule": schedule}},
        )
        data["deal"]["outcomes"].append({"id": "days", "kind": "change", "measured": "2021-12-31"})
        data["forecast"]["outcomes"].append({"id": "days", "change": fall})
        assert flows(result_of(data), "principal") == {"2021-12-31": pytest.approx(repaid)}


GUARANTEE = {
    "id": "g",
    "guarantor": "Giver",
    "tranche": "note",
    "amounts": [{"date": "2020-12-31", "amount": 60_000}, {"date": "2021-12-31", "amount": 75_000}],
}


@pytest.mark.parametrize(
    ("paid", "maturity", "called"),
    [
        (0, "2021-12-31", 75_000),
        (40_000, "2021-12-31", 35_000),
        (75_000, "2021-12-31", 0),
        (200_000, "2021-12-31", 0),
        (0, "2020-12-31", 60_000),
        (0, "2020-12-30", 0),
    ],
)
def test_a_guarantee_tops_up_to_the_amount_in_force_when_the_tranche_ends(paid, maturity, called):
    data = funded(paid, {**NOTE, "maturity": maturity}, guarantees=[GUARANTEE])
    data["deal"]["parties"].append({"id": "Giver", "role": "guarantor"})
    result = result_of(data)
    assert sum(flows(result, "guarantee").values()) == pytest.approx(called)
    assert result.investors.received == pytest.approx(called + (paid if maturity == "2021-12-31" else 0))


def test_the_irr_without_the_guarantee_is_a_total_loss_where_only_the_guarantor_paid():
    data = funded(0, NOTE, guarantees=[GUARANTEE])
    data["deal"]["parties"].append({"id": "Giver", "role": "guarantor"})
    investors = result_of(data).investors
    assert investors.irr.rate == pytest.approx(0.75**0.5 - 1)
    assert investors.irr_unguaranteed.status.label == "total loss"
    assert investors.irr_unguaranteed.rate == -1


def test_actual_draws_replace_the_agreed_ones():
    data = funded(0, NOTE)
    data["actuals"] = {"draws": [{"tranche": "note", "date": "2020-03-03", "value": 42}]}
    assert flows(result_of(data), "draw") == {"2020-03-03": 42}


def test_unspent_capital_goes_back_when_the_tranche_ends():
    # 100,000 drawn, one cost of 30,000: 70,000 returns on the last payment date.
    data = plain(
        deal={
            "tranches": [NOTE],
            "payments": [],
            "last_payment": "2021-12-31",
            "costs": [{"id": "team", "kind": "one-off", "amount": 30_000, "date": "2020-06-30"}],
        }
    )
    assert flows(result_of(data), "principal") == {"2021-12-31": pytest.approx(70_000)}


def test_a_bid_without_an_investor_shows_the_providers_own_deficit():
    # 10,000 out on each of eight quarter ends, 5,000 in: after eight quarters 40,000 down.
    data = plain(deal={"costs": [{"id": "team", "kind": "per period", "amount": 10_000}]})
    result = result_of(data)
    assert result.provider.peak_deficit == pytest.approx(40_000)
    assert (result.provider.received, result.provider.cost) == pytest.approx((40_000, 80_000))
    assert result.provider.cost_recovery == pytest.approx(0.5)
    assert result.investors.irr.status.label == "no outlay"
    assert (result.investors.drawn, result.investors.multiple) == (None, None)


def test_several_investors_hold_one_tranche():
    data = funded(130_000, {**NOTE, "investor": {"Fund": 0.75, "Trust": 0.25}})
    data["deal"]["parties"].append({"id": "Trust", "role": "investor"})
    result = result_of(data)
    assert (result.investors.drawn, result.investors.received) == pytest.approx((100_000, 130_000))
    paid = {flow.target: flow.amount for flow in result.flows if flow.kind == "principal"}
    assert paid == pytest.approx({"Fund": 75_000, "Trust": 25_000})


def test_a_grant_is_never_repaid_and_is_no_investment():
    # 40,000 given, 60,000 lent; 100,000 comes in: the lender has its 60,000 and all of the surplus.
    data = funded(
        100_000,
        {**NOTE, "commitment": 60_000},
        {**NOTE, "id": "gift", "kind": "grant", "commitment": 40_000, "investor": "Giver"},
    )
    data["deal"]["parties"].append({"id": "Giver", "role": "other"})
    result = result_of(data)
    assert set(result.investors.tranches) == {"note"}
    assert (result.investors.drawn, result.investors.received) == pytest.approx((60_000, 100_000))


def test_a_recoverable_grant_goes_back_to_a_pool():
    data = funded(50_000, {**NOTE, "kind": "recoverable grant", "investor": "Giver", "returned_to": "Pool"})
    data["deal"]["parties"] += [{"id": "Giver", "role": "other"}, {"id": "Pool", "role": "other"}]
    result = result_of(data)
    assert {flow.target: flow.amount for flow in result.flows if flow.kind == "principal"} == {
        "Pool": pytest.approx(50_000)
    }
    assert result.investors.irr.status.label == "no outlay"


@pytest.mark.parametrize(
    ("paid", "form", "called"),
    [
        (0, {"share": 0.75}, 75_000),
        (60_000, {"share": 0.75}, 15_000),
        (80_000, {"share": 0.75}, 0),
        # The first loss up to 30,000: of a loss of 100,000, of 20,000, of none.
        (0, {"first_loss": 30_000}, 30_000),
        (80_000, {"first_loss": 30_000}, 20_000),
        (120_000, {"first_loss": 30_000}, 0),
    ],
)
def test_forms_of_guarantee(paid, form, called):
    data = funded(paid, NOTE, guarantees=[{"id": "g", "guarantor": "Giver", "tranche": "note", **form}])
    data["deal"]["parties"].append({"id": "Giver", "role": "guarantor"})
    assert sum(flows(result_of(data), "guarantee").values()) == pytest.approx(called)


def test_a_guarantee_fee_is_paid_each_period_by_the_holder():
    # 2 % a year on 100,000 for the 731 days of 2020 and 2021: 4,000 and the leap day's 5.48.
    data = funded(0, NOTE, guarantees=[{"id": "g", "guarantor": "Giver", "tranche": "note", "share": 1, "fee": 0.02}])
    data["deal"]["parties"].append({"id": "Giver", "role": "guarantor"})
    fees = flows(result_of(data), "guarantee fee")
    assert len(fees) == 8
    assert sum(fees.values()) == pytest.approx(100_000 * 0.02 * 731 / 365)


def guaranteed(paid: float, note: dict, **guarantee: object) -> dict:
    """A receipt on 31 December 2021, and a guarantee."""
    data = funded(paid, note, guarantees=[{"id": "g", "guarantor": "Giver", "tranche": "note", **guarantee}])
    data["deal"]["parties"].append({"id": "Giver", "role": "guarantor"})
    return data


def test_a_guarantee_fee_stops_once_the_principal_has_been_repaid_and_nothing_more_can_be_drawn():
    # 70,000 comes in on 30 June 2020 and repays it all: 2 % on 60,000 for the 182 days of that half year, and no more.
    note = {**NOTE, "commitment": 60_000}
    data = guaranteed(70_000, note, share=1, fee=0.02)
    data["deal"]["outcomes"][0]["measured"] = "2020-06-30"
    assert sum(flows(result_of(data), "guarantee fee").values()) == pytest.approx(60_000 * 0.02 * 182 / 365)
    # With a second draw still to come it goes on: on 60,000 until then, on 70,000 from that quarter on.
    amounts = [{"date": "2020-01-01", "amount": 60_000}, {"date": "2021-12-31", "amount": 10_000}]
    data["deal"]["tranches"] = [{**note, "commitment": 70_000, "draw": {"kind": "on dates", "amounts": amounts}}]
    fees = flows(result_of(data), "guarantee fee")
    assert sum(fees.values()) == pytest.approx(0.02 * (60_000 * 639 + 70_000 * 92) / 365)


@pytest.mark.parametrize(
    ("paid", "form", "called"),
    [
        # 20 % simple for 730 days is 40,000; a cap of 120,000 leaves 80,000 of the principal. All of these are repaid
        # from 200,000: the 20,000 that the cap withholds are not guaranteed.
        (200_000, {"share": 1}, 0),
        (200_000, {"first_loss": 50_000}, 0),
        # 100,000 pays the interest and 60,000; the guarantor adds no more than the cap leaves, 20,000.
        (100_000, {"share": 1}, 20_000),
        (100_000, {"share": 0.7}, 10_000),
        (0, {"share": 1}, 100_000),
    ],
)
def test_a_guarantee_does_not_pay_what_a_return_cap_withholds(paid, form, called):
    note = {**NOTE, "interest": {"rate": 0.20}, "return_cap": {"multiple": 1.2}}
    result = result_of(guaranteed(paid, note, **form))
    assert sum(flows(result, "guarantee").values()) == pytest.approx(called)
    assert result.investors.received <= 120_000 + 1e-6


def test_a_commitment_fee_is_paid_on_what_is_not_drawn():
    # Nothing of 100,000 is drawn in 2020; half of it from 31 Dec 2020 on: 366 and 365 / 2 days at 1 %.
    draw = {"kind": "on dates", "amounts": [{"date": "2020-12-31", "amount": 50_000}]}
    result = result_of(funded(200_000, {**NOTE, "draw": draw, "commitment_fee": 0.01}))
    fees = flows(result, "commitment fee")
    assert sum(fees.values()) == pytest.approx(1000 * (366 + 365 / 2) / 365)


def test_fees_of_a_contract_that_opens_on_a_balance_date_count_the_days_after_it():
    # From 31 December 2019 to 31 December 2020 are 366 days, of which 10,000 is undrawn and 10,000 drawn, at 1 % each.
    guarantee = {"id": "g", "guarantor": "Charity", "tranche": "note", "first_loss": 10_000, "fee": 0.01}
    draw = {"kind": "on dates", "amounts": [{"date": "2019-12-31", "amount": 10_000}]}
    note = {**NOTE, "commitment": 20_000, "commitment_fee": 0.01, "draw": draw, "maturity": "2020-12-31"}
    data = funded(200_000, note, guarantees=[guarantee], holder="Vehicle", period="year")
    data["deal"]["parties"].append({"id": "Vehicle", "role": "vehicle"})
    data["deal"] |= {"start": "2019-12-31", "service_end": "2020-12-31"}
    result = result_of(data)
    assert sum(flows(result, "commitment fee").values()) == pytest.approx(100 * 366 / 365)
    assert sum(flows(result, "guarantee fee").values()) == pytest.approx(100 * 366 / 365)


def test_thirty_days_a_month_whatever_other_days_are_stated():
    # 100,000 at 6 % for two years of 360 days: 12,000, also with a day in the middle on which nothing happens.
    note = {**NOTE, "draw": "at once", "interest": {"rate": 0.06, "day_count": "30/360"}}
    for day in ("2020-08-31", "2020-02-28"):
        data = funded(200_000, note, costs=[{"id": "nothing", "kind": "one-off", "amount": 0, "date": day}])
        data["deal"]["start"] = "2019-12-31"
        assert sum(flows(result_of(data), "interest").values()) == pytest.approx(12_000)


@pytest.mark.parametrize(
    ("cap", "received"),
    [
        ({"multiple": 1.5}, 150_000),
        ({"multiple": 3}, 240_000),
        # 10 % a year for two years of 365 days: 121,000.
        ({"rate": 0.10}, 121_000),
    ],
)
def test_a_return_cap_and_who_gets_what_is_over_it(cap, received):
    result = result_of(funded(240_000, {**NOTE, "return_cap": cap}, over_cap={"Council": 1}))
    assert result.investors.received == pytest.approx(received)
    assert sum(flows(result, "over the return cap").values()) == pytest.approx(240_000 - received)


def test_a_tranche_that_ends_is_not_repaid_from_what_another_lent_for_delivery():
    # Two notes of 50,000 at once; 10,000 a quarter is spent. The first ends after a year: 60,000 of cash is left, and
    # it is owed 50,000; the other, repaid from receipts, gets nothing then.
    data = plain(
        deal={
            "tranches": [
                {**NOTE, "id": "a", "commitment": 50_000, "maturity": "2020-12-31", "interest": {"rate": 0}},
                {**NOTE, "id": "b", "commitment": 50_000, "interest": {"rate": 0}},
            ],
            "payments": [],
            "costs": [{"id": "team", "kind": "per period", "amount": 10_000, "last": "2020-12-31"}],
        }
    )
    result = result_of(data)
    repaid = {(flow.tranche, flow.date.isoformat()): flow.amount for flow in result.flows if flow.kind == "principal"}
    assert repaid == pytest.approx({("a", "2020-12-31"): 50_000, ("b", "2021-12-31"): 10_000})
