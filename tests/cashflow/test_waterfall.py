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
    first = {"rung": "principal", "tranches": ["first"]}
    assert poured(50_000, first, COUPONS) == pytest.approx({"Trust principal": 40_000, "Fund interest": 10_000})


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
