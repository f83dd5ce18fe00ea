"""How capital runs out, ends early, shares a loss and is made good by a malus, by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from sib.cashflow.residuals import residuals_of, tolerance_of
from sib.cashflow.run import run
from sib.files.loading import load
from sib.files.saving import save
from sib.show.sentences import for_investors
from tests.building import case_of, flows, plain, result_of
from tests.cashflow.test_capital import NOTE, funded

TEAM = {"id": "team", "kind": "per period", "amount": 10_000}


def delivered(*tranches: dict, **deal: object) -> dict:
    """Eight quarters that cost 10,000 each; nothing is paid for."""
    return plain(deal={"tranches": list(tranches), "payments": [], "costs": [TEAM], **deal})


def test_a_commitment_that_does_not_reach_is_exhausted_on_a_day_by_an_amount():
    # 25,000 pays for two quarters and a half: 5,000 is missing on 30 September 2020, 55,000 in the end.
    result = result_of(delivered({**NOTE, "commitment": 25_000, "draw": "as needed"}))
    found = result.as_dict()["investors"]["commitment"]
    assert found == {"status": "exhausted", "date": "2020-09-30", "shortfall": pytest.approx(55_000)}
    assert "The commitment is exhausted on 30 September 2020: up to GBP 55,000 more is needed." in for_investors(result)


def test_a_commitment_that_just_reaches_is_enough():
    result = result_of(delivered({**NOTE, "commitment": 80_000, "draw": "as needed"}))
    assert result.as_dict()["investors"]["commitment"] == {"status": "enough", "date": None, "shortfall": 0}
    assert "exhausted" not in for_investors(result)


def test_money_that_is_committed_and_comes_later_is_not_missing():
    # 40,000 lasts for 2020, the rest comes on 30 June 2021: the quarter between is the holder's deficit, no more.
    amounts = [{"date": "2020-01-01", "amount": 40_000}, {"date": "2021-06-30", "amount": 40_000}]
    result = result_of(delivered({**NOTE, "commitment": 80_000, "draw": {"kind": "on dates", "amounts": amounts}}))
    assert result.investors.commitment.status == "enough"
    assert result.holder.peak_deficit == pytest.approx(10_000)


def test_a_case_without_capital_has_no_commitment():
    assert result_of(delivered()).investors.commitment is None


@pytest.mark.parametrize(
    ("ranks", "orders", "drawn"),
    [
        # 20,000 of 30,000 and 60,000: two thirds of it is a third of each; or the first in full and the rest.
        (("senior", "senior"), (None, None), (20_000 / 3, 40_000 / 3)),
        (("junior", "senior"), (None, None), (20_000, 0)),
        (("junior", "senior"), (2, 1), (0, 20_000)),
        (("junior", "senior"), (1, 1), (20_000 / 3, 40_000 / 3)),
    ],
)
def test_as_needed_capital_is_drawn_in_order_or_in_proportion(ranks, orders, drawn):
    tranches = [
        {**NOTE, "id": name, "commitment": amount, "rank": rank, "draw": {"kind": "as needed", "order": order}}
        for name, amount, rank, order in zip("ab", (30_000, 60_000), ranks, orders, strict=True)
    ]
    data = delivered(*tranches, costs=[{"id": "once", "kind": "one-off", "amount": 20_000, "date": "2020-03-31"}])
    views = result_of(data).investors.tranches
    assert (views["a"].drawn, views["b"].drawn) == pytest.approx(drawn)


def early(fall: float, *, draw: object = "at once", **more: object) -> dict:
    """100,000, of which 10,000 is spent at once; a fall below 10 % by the end of 2020 ends it a year early."""
    milestone = {"kind": "at a milestone", "outcome": "days", "date": "2020-12-31", "below": 0.10, **more}
    data = plain(
        deal={
            "last_payment": "2021-12-31",
            "outcomes": [{"id": "days", "kind": "change", "measured": "2020-12-31"}],
            "payments": [],
            "costs": [{"id": "once", "kind": "one-off", "amount": 10_000, "date": "2020-01-01"}],
            "tranches": [{**NOTE, "draw": draw, "repayment": "bullet", "ends_early": milestone}],
        },
        forecast={"outcomes": [{"id": "days", "change": fall}]},
    )
    data["deal"]["parties"].append({"id": "Giver", "role": "guarantor"})
    return data


@pytest.mark.parametrize(
    ("fall", "more", "repaid"),
    [
        # Below the test: all that is there, or 75 % of 100,000; what is left of the 90,000 stays with the holder.
        (0.05, {}, {"2020-12-31": 90_000}),
        (0.05, {"repays": 0.75}, {"2020-12-31": 75_000}),
        # The edge is not below it: the loan runs to its end.
        (0.10, {"repays": 0.75}, {"2021-12-31": 90_000}),
    ],
)
def test_a_tranche_ends_early_at_a_milestone(fall, more, repaid):
    result = result_of(early(fall, **more))
    assert flows(result, "principal") == pytest.approx(repaid)
    assert result.investors.loss == pytest.approx(100_000 - sum(repaid.values()))


def test_a_milestone_that_is_reached_ends_it_too():
    data = early(0.10)
    test = data["deal"]["tranches"][0]["ends_early"]
    data["deal"]["tranches"][0]["ends_early"] = {**test, "below": None, "at_least": 0.10}
    assert flows(result_of(data), "principal") == {"2020-12-31": pytest.approx(90_000)}


def test_what_has_not_been_drawn_by_an_early_end_is_not_drawn_any_more():
    amounts = [{"date": "2020-01-01", "amount": 60_000}, {"date": "2021-03-31", "amount": 40_000}]
    draw = {"kind": "on dates", "amounts": amounts}
    assert flows(result_of(early(0.05, draw=draw)), "draw") == {"2020-01-01": 60_000}
    assert flows(result_of(early(0.10, draw=draw)), "draw") == {"2020-01-01": 60_000, "2021-03-31": 40_000}


def test_fees_stop_and_the_guarantor_pays_on_the_day_of_an_early_end():
    # 75,000 is repaid and 80,000 guaranteed. 1 % on 80,000 for the 366 days of 2020, and not for 2021.
    data = early(0.05, repays=0.75)
    data["deal"]["guarantees"] = [
        {"id": "g", "guarantor": "Giver", "tranche": "note", "share": 0.8, "fee": 0.01},
    ]
    result = result_of(data)
    assert flows(result, "guarantee") == {"2020-12-31": pytest.approx(5_000)}
    assert sum(flows(result, "guarantee fee").values()) == pytest.approx(80_000 * 0.01 * 366 / 365)


def test_a_count_is_tested_by_what_has_been_counted_by_then():
    # 5 people find work each quarter: 20 by the end of 2020.
    for least, ends in ((20, "2020-12-31"), (21, "2021-12-31")):
        milestone = {"kind": "at a milestone", "outcome": "work", "date": "2020-12-31", "at_least": least}
        note = {**NOTE, "commitment": 1_000, "interest": {"rate": 0}, "repayment": "bullet", "ends_early": milestone}
        data = plain(deal={"tranches": [note], "last_payment": "2021-12-31"})
        assert flows(result_of(data), "principal") == {ends: pytest.approx(1_000)}


def test_each_scenario_has_its_own_end():
    case = case_of(early(0.05, repays=0.75))
    together = run(case, {"forecast.outcomes.days.change": np.array([0.05, 0.10, 0.20, 0.0])})
    assert max(residuals_of(together).values()) <= tolerance_of(together)
    assert together.books["note"].repaid == pytest.approx([75_000, 90_000, 90_000, 75_000])
    row = together.timeline.row(date(2020, 12, 31))
    assert together.books["note"].principal_paid[row] == pytest.approx([75_000, 0, 0, 75_000])


def test_a_tranche_that_ends_at_its_return_cap_draws_no_more():
    # 5,000 a quarter: 20,000 is back by the end of 2020, which is all that it may return.
    amounts = [{"date": "2020-01-01", "amount": 20_000}, {"date": "2021-06-30", "amount": 10_000}]
    note = {**NOTE, "draw": {"kind": "on dates", "amounts": amounts}, "return_cap": {"multiple": 1}}
    open_end, ends = (
        result_of(plain(deal={"tranches": [one], "last_payment": "2021-12-31"}))
        for one in (note, {**note, "ends_early": "at its return cap"})
    )
    assert (open_end.investors.drawn, ends.investors.drawn) == pytest.approx((30_000, 20_000))
    assert (open_end.investors.received, ends.investors.received) == pytest.approx((30_000, 20_000))


def test_what_a_return_cap_forbids_does_not_hold_up_a_lower_rank():
    # Compound interest at 50 % would be owed far beyond 1.1 times 10,000; the junior still has its 20,000 on the way.
    senior = {**NOTE, "id": "s", "commitment": 10_000, "return_cap": {"multiple": 1.1}}
    senior["interest"] = {"rate": 0.5, "compounding": "compound"}
    junior = {**NOTE, "id": "j", "commitment": 20_000, "rank": "junior"}
    views = result_of(plain(deal={"tranches": [senior, junior], "last_payment": "2021-12-31"})).investors.tranches
    assert views["s"].received == pytest.approx(11_000)
    # 40,000 comes in: 11,000, then 20,000, then the surplus.
    assert views["j"].received == pytest.approx(29_000)
    assert views["j"].payback_date == date(2021, 9, 30)


def test_what_a_schedule_forgives_does_not_hold_up_a_lower_rank():
    # Half of 60,000 is repaid; of 50,000 received 20,000 is left for the junior on the same day.
    schedule = {"points": [{"at": 0, "pays": 0.5}]}
    senior = {**NOTE, "id": "s", "commitment": 60_000, "interest": {"rate": 0}}
    senior["repayment"] = {"kind": "bullet", "outcome": "work", "schedule": schedule}
    junior = {**NOTE, "id": "j", "commitment": 40_000, "rank": "junior", "interest": {"rate": 0}}
    views = result_of(funded(50_000, senior, junior)).investors.tranches
    assert (views["s"].received, views["j"].received) == pytest.approx((30_000, 20_000))


A = {**NOTE, "id": "a", "commitment": 60_000, "loss_share": 0.2, "interest": {"rate": 0}}
B = {**NOTE, "id": "b", "commitment": 40_000, "loss_share": 0.8, "interest": {"rate": 0}}


@pytest.mark.parametrize(
    ("paid", "a", "b"),
    [
        (100_000, 60_000, 40_000),
        # 30,000 is lost: 6,000 and 24,000.
        (70_000, 54_000, 16_000),
        # 50,000: 10,000 and 40,000.
        (50_000, 50_000, 0),
        # 70,000: b cannot lose 56,000, so a bears the rest.
        (30_000, 30_000, 0),
    ],
)
@pytest.mark.parametrize("waterfall", [[], [{"rung": "principal", "tranches": ["a", "b"]}]])
def test_equal_ranks_may_share_a_loss_otherwise(paid, a, b, waterfall):
    views = result_of(funded(paid, A, B, waterfall=waterfall)).investors.tranches
    assert (views["a"].received, views["b"].received) == pytest.approx((a, b))


def test_a_loss_is_shared_alike_whether_money_comes_at_once_or_bit_by_bit():
    # 40,000 in eight quarters on 100,000: 60,000 is lost, 12,000 of a and 48,000 of b, which has 40,000: 20,000 of a.
    views = result_of(plain(deal={"tranches": [A, B], "last_payment": "2021-12-31"})).investors.tranches
    assert (views["a"].received, views["b"].received) == pytest.approx((40_000, 0))
    data = plain(deal={"tranches": [A, B], "last_payment": "2021-12-31"})
    data["deal"]["payments"][0]["price"] = 1_750
    views = result_of(data).investors.tranches
    assert (views["a"].received, views["b"].received) == pytest.approx((54_000, 16_000))


def test_receipts_that_are_passed_on_do_not_pay_for_delivery():
    # 12,000 comes in on 30 June 2020. Recycled, it spares that quarter's draw of 10,000; passed on, it goes out whole.
    def with_receipts(word: str, commitment: float) -> dict:
        return plain(
            deal={
                "receipts": word,
                "tranches": [{**NOTE, "commitment": commitment, "draw": "as needed", "interest": {"rate": 0}}],
                "payments": [{"id": "w", "kind": "tariff", "outcome": "work", "price": 1500, "paid_by": "Council"}],
                "outcomes": [{"id": "work", "kind": "count", "measured": "2020-06-30"}],
                "costs": [TEAM],
            },
            forecast={"outcomes": [{"id": "work", "per_start": 0.1}]},
        )

    recycled, passed_on = (result_of(with_receipts(word, 100_000)) for word in ("recycled", "passed on"))
    assert (recycled.investors.drawn, recycled.investors.received) == pytest.approx((70_000, 2_000))
    assert (passed_on.investors.drawn, passed_on.investors.received) == pytest.approx((80_000, 12_000))
    # With 15,000 in all, 5,000 of the second quarter is paid from receipts: 7,000 is passed on.
    short = result_of(with_receipts("passed on", 15_000))
    assert (short.investors.drawn, short.investors.received) == pytest.approx((15_000, 7_000))


MALUS = [{"at": 0, "pays": -20_000}, {"at": 0.10, "pays": 0}]


def with_malus(paid_by: str, **deal: object) -> dict:
    data = early(0.05)
    rule = {"id": "malus", "kind": "schedule", "outcome": "days", "points": MALUS}
    data["deal"]["payments"] = [{**rule, "paid_by": paid_by, "paid_to": "Charity"}]
    data["deal"].update(deal)
    return data


def test_a_malus_is_paid_back_to_the_payer():
    result = result_of(with_malus("Council", tranches=[]))
    assert [(f.source, f.target, f.amount) for f in result.flows if f.rule == "malus"] == [
        ("Charity", "Council", pytest.approx(20_000))
    ]
    assert result.payments.total == pytest.approx(-20_000)
    assert result.payers["Council"].paid == pytest.approx(-20_000)
    assert (result.provider.received, result.provider.margin) == pytest.approx((-20_000, -30_000))


def test_a_malus_paid_into_the_waterfall_goes_to_investors_when_it_comes():
    # The loan of 10,000 is spent on the first day; the charity owes 20,000 at the end of 2020, a year before it ends.
    data = with_malus("SPV", tranches=[{**NOTE, "commitment": 10_000, "interest": {"rate": 0}}])
    data["deal"]["parties"].append({"id": "SPV", "role": "vehicle"})
    result = result_of(data)
    assert flows(result, "principal") == {"2020-12-31": pytest.approx(10_000)}
    assert result.provider.received == pytest.approx(-20_000)
    assert result.payments.total == 0


def test_a_case_with_these_terms_is_written_and_read_back(tmp_path):
    data = early(0.05, repays=0.75)
    capped = {"draw": "as needed", "return_cap": {"multiple": 1.5}, "ends_early": "at its return cap"}
    data["deal"]["tranches"] += [{**A, **capped, "rank": "junior"}, {**B, **capped, "rank": "junior"}]
    data["deal"]["receipts"] = "passed on"
    case = case_of(data)
    save(case, tmp_path / "case.yaml")
    again = load(tmp_path / "case.yaml")
    assert again.deal == case.deal
    changed, _ = again.changed({"deal.tranches.note.ends_early.below": 0.02, "deal.tranches.a.loss_share": 0.3})
    assert (changed.deal.tranches[0].ends_early.below.value, changed.deal.tranches[1].loss_share.value) == (0.02, 0.3)


def test_a_waterfall_that_begins_with_costs_is_written_and_read_back(tmp_path):
    rungs = [{"rung": "costs"}, {"rung": "principal", "tranches": ["note"]}]
    case = case_of(delivered(NOTE, waterfall=rungs))
    save(case, tmp_path / "case.yaml")
    assert load(tmp_path / "case.yaml").deal == case.deal
