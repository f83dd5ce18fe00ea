"""A written waterfall, rung by rung, by hand."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from sib.case import Case
from sib.value.waterfall_of_a_pound import waterfall_of_a_pound
from tests.building import case_of, flows, plain, result_of
from tests.cashflow.test_capital import NOTE, funded

LOAN = {**NOTE, "id": "loan", "commitment": 60_000, "interest": {"rate": 0.10}}
FIRST = {**NOTE, "id": "first", "commitment": 40_000, "investor": "Trust"}


def poured(paid: float, *rungs: dict) -> dict[str, float]:
    """Who has received how much of one receipt on the last day: 60,000 at 10 % and 40,000 without interest."""
    data = funded(paid, LOAN, FIRST, waterfall=list(rungs))
    data["deal"]["parties"].append({"id": "Trust", "role": "investor"})
    got: dict[str, float] = {}
    for flow in result_of(data).flows:
        if flow.source == "Charity" and flow.kind != "delivery":
            name = f"{flow.target} {flow.kind}"
            got[name] = got.get(name, 0) + flow.amount
    return got


COUPONS = {"rung": "coupons", "tranches": ["loan"]}
ALL = {"rung": "principal", "tranches": ["loan", "first"]}


def test_a_rung_is_whole_before_the_next_one_gets_anything():
    # Two years of 10 % on 60,000 are 12,000; the other 38,000 are shared 60 : 40.
    assert poured(50_000, COUPONS, ALL) == pytest.approx(
        {"Fund interest": 12_000, "Fund principal": 22_800, "Trust principal": 15_200}
    )


def test_the_order_is_the_lists_and_not_the_ranks():
    first, last = ({"rung": "principal", "tranches": [name]} for name in ("first", "loan"))
    assert poured(50_000, first, COUPONS, last) == pytest.approx({"Trust principal": 40_000, "Fund interest": 10_000})


def test_catch_up_and_surplus():
    # 200,000: interest 12,000, principal 100,000; 88,000 left. The charity catches up to a fifth of all profit so far:
    # 12,000 x 0.2 / 0.8 = 3,000. The other 85,000 go half and half.
    got = poured(
        200_000,
        COUPONS,
        ALL,
        {"rung": "catch-up", "party": "Council", "share": 0.2},
        {"rung": "surplus", "shares": {"Trust": 0.5, "Council": 0.5}},
    )
    assert got == pytest.approx(
        {
            "Fund interest": 12_000,
            "Fund principal": 60_000,
            "Trust principal": 40_000,
            "Council catch-up": 3_000,
            "Trust surplus": 42_500,
            "Council surplus": 42_500,
        }
    )


SPREAD = [{"after": f"{months} months", "share": 0.25} for months in (0, 12, 24, 36)]
REPAID = [{"rung": kind, "tranches": ["loan"]} for kind in ("coupons", "principal")]
CATCH_UP = {"rung": "catch-up", "party": "Charity", "share": 0.2}


def caught_up(fund: float, charity: float, *, paid: float = 450_000, **loan: object) -> dict[str, dict[str, float]]:
    """Four equal receipts a year apart, all after service, for 100,000 at 10 %; who shares the surplus how."""
    data = plain(
        deal={
            "service_end": "2020-12-31",
            "last_payment": "2023-12-31",
            "period": "year",
            "holder": "SPV",
            "tranches": [{**NOTE, "id": "loan", "interest": {"rate": 0.10, "day_count": "30/360"}, **loan}],
            "waterfall": [*REPAID, CATCH_UP, {"rung": "surplus", "shares": {"Fund": fund, "Charity": charity}}],
        },
        forecast={
            "cohorts": [{"id": "all", "starts": paid / 1000}],
            "outcomes": [{"id": "work", "per_start": 1, "delay": SPREAD}],
        },
    )
    data["deal"]["parties"].append({"id": "SPV", "role": "vehicle"})
    got: dict[str, dict[str, float]] = {}
    for flow in result_of(data).flows:
        if flow.source == "SPV" and flow.kind != "delivery":
            of = got.setdefault(f"{flow.target} {flow.kind}", {})
            of[flow.date.isoformat()] = of.get(flow.date.isoformat(), 0) + flow.amount
    return got


def test_catch_up_counts_the_surplus_that_its_party_has_had_on_earlier_dates():
    # 112,500 on each of four dates: 10,000 interest, 100,000 principal and 2,500 left, of which the charity takes all
    # of 10,000 x 0.2 / 0.8 = 2,500. It has a fifth then, and the three other dates are shared 80 : 20.
    got = caught_up(0.8, 0.2)
    days = ["2021-12-31", "2022-12-31", "2023-12-31"]
    assert got["Charity catch-up"] == pytest.approx({"2020-12-31": 2_500})
    assert got["Charity surplus"] == pytest.approx(dict.fromkeys(days, 22_500))
    assert got["Fund surplus"] == pytest.approx(dict.fromkeys(days, 90_000))
    # 70,000 of the profit of 350,000.
    assert sum(sum(got[f"Charity {kind}"].values()) for kind in ("catch-up", "surplus")) == pytest.approx(70_000)


def test_catch_up_makes_up_on_each_date_for_a_smaller_share_of_the_surplus_before_it():
    # Surplus 90 : 10. On the first date the charity catches up on the interest, 2,500. Of 112,500 on the second it has
    # 11,250 and the fund 101,250: of a profit of 125,000 a fifth is 25,000, it has 13,750, so on the third it takes
    # x with 13,750 + x = 0.2 (125,000 + x), x = 14,062.50, and then a tenth of the other 98,437.50.
    got = caught_up(0.9, 0.1)
    assert got["Charity catch-up"]["2022-12-31"] == pytest.approx(14_062.5)
    assert got["Charity surplus"]["2022-12-31"] == pytest.approx(9_843.75)


def test_who_has_had_more_than_its_share_does_not_catch_up():
    assert caught_up(0.7, 0.3)["Charity catch-up"] == pytest.approx({"2020-12-31": 2_500})


def test_catch_up_counts_what_is_over_a_return_cap_as_profit():
    # The fund may have 110,000 in all, so nothing of the surplus: its 80 % stay with the holder, and are not shared
    # again. The charity has its fifth of what is left: 0.2 x (450,000 - 100,000).
    got = caught_up(0.8, 0.2, return_cap={"multiple": 1.1})
    assert "Fund surplus" not in got
    assert sum(sum(got[f"Charity {kind}"].values()) for kind in ("catch-up", "surplus")) == pytest.approx(70_000)


def test_interest_that_a_return_cap_takes_off_the_principal_is_no_profit():
    # Interest of 10,000 and a cap of 105,000: 95,000 of the principal comes back, so that the fund has made 5,000.
    # The charity catches up by 5,000 x 0.2 / 0.8 = 1,250 of the 7,500 that are left.
    got = caught_up(0.8, 0.2, return_cap={"multiple": 1.05})
    assert got["Fund principal"] == pytest.approx({"2020-12-31": 95_000})
    assert got["Charity catch-up"] == pytest.approx({"2020-12-31": 1_250})


def test_an_investor_that_catches_up_counts_its_own_interest():
    # All profit is its own interest of 10,000: it has more than a half already.
    data = funded(200_000, LOAN, FIRST, waterfall=[COUPONS, ALL, {"rung": "catch-up", "party": "Fund", "share": 0.5}])
    data["deal"]["parties"].append({"id": "Trust", "role": "investor"})
    assert flows(result_of(data), "catch-up") == {}


def kept(rungs: list[dict] | None = None, **tranche: object) -> dict[str, float]:
    """150,000 for three years of costs of 100,000, of which outcomes pay 50,000 a year; what is repaid when."""
    data = plain(
        deal={
            "service_end": "2022-12-31",
            "period": "year",
            "costs": [{"id": "team", "kind": "per period", "amount": 100_000}],
            "tranches": [{**NOTE, "commitment": 150_000, **tranche}],
            "waterfall": rungs or [],
        },
        forecast={
            "cohorts": [{"id": "all", "starts": [50, 50, 50]}],
            "outcomes": [{"id": "work", "per_start": 1}],
        },
    )
    result = result_of(data)
    commitment = result.investors.commitment
    return {**flows(result, "principal"), commitment.status: commitment.shortfall, f"{commitment.date}": 0}


def test_what_is_over_on_a_day_is_passed_on_though_later_delivery_lacks_it_and_the_shortfall_is_told():
    # 100,000 is there after the first year's costs, 50,000 of it receipts, which repay. The third year lacks them.
    assert kept() == {"2020-12-31": 50_000, "exhausted": 50_000, "2022-12-31": 0}


def test_receipts_that_repay_later_or_a_reserve_or_capital_drawn_as_needed_pay_for_delivery_to_the_end():
    assert kept(repayment={"kind": "from receipts", "starting": "2022-12-31"}) == {"enough": 0, "None": 0}
    reserve = [{"rung": "reserve", "amount": 100_000}, {"rung": "principal", "tranches": ["note"]}]
    assert kept(reserve) == {"enough": 0, "None": 0}
    assert kept(draw="as needed") == {"enough": 0, "None": 0}


def test_a_reserve_is_kept_until_service_ends():
    # 5,000 comes in each quarter; 8,000 stays with the holder until the last day, when everything goes out.
    data = plain(
        deal={
            "tranches": [{**NOTE, "interest": {"rate": 0}}],
            "waterfall": [{"rung": "reserve", "amount": 8_000}, {"rung": "principal", "tranches": ["note"]}],
        }
    )
    assert list(flows(result_of(data), "principal").values()) == pytest.approx([2_000] + [5_000] * 5 + [13_000])


def test_ranks_and_a_waterfall_together_are_an_error():
    data = funded(1, {**LOAN, "rank": "senior"}, waterfall=[COUPONS])
    with pytest.raises(ValidationError, match="the order is given twice"):
        Case.from_data(data)
    with pytest.raises(ValidationError, match="the order is given twice"):
        Case.from_data(funded(1, LOAN, waterfall=[COUPONS], surplus={"Fund": 1}))


def test_what_the_holder_takes_of_the_surplus_is_not_shared_again():
    # 40,000 on 31 Dec 2021 for 30,000 lent: 10,000 is shared half and half, and stays so on the last payment date.
    data = plain(
        deal={
            "last_payment": "2022-06-30",
            "outcomes": [{"id": "work", "kind": "count", "measured": "2021-12-31"}],
            "tranches": [{**NOTE, "commitment": 30_000}],
            "surplus": {"Fund": 0.5, "Charity": 0.5},
        }
    )
    assert result_of(data).investors.received == pytest.approx(35_000)


def test_costs_are_the_first_rung_whether_written_or_not():
    assert poured(50_000, {"rung": "costs"}, COUPONS, ALL) == poured(50_000, COUPONS, ALL)


def test_the_pounds_go_out_in_the_order_of_the_rungs():
    # Written: the trust's principal, the fund's coupon, the fund's principal; by rank the fund's interest would lead.
    first, last = ({"rung": "principal", "tranches": [name]} for name in ("first", "loan"))
    data = funded(200_000, LOAN, FIRST, waterfall=[first, COUPONS, last])
    data["deal"]["parties"].append({"id": "Trust", "role": "investor"})
    found = waterfall_of_a_pound(case_of(data))
    assert [(share.tranche, share.part) for share in found.shares] == [
        ("first", "principal"),
        ("loan", "interest"),
        ("loan", "principal"),
    ]
    assert found.of_a_pound(1_000)[:1] == pytest.approx([1])
