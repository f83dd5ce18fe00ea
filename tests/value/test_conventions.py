"""One stream, many rates: each by hand."""

from __future__ import annotations

import pytest

from sib.value.conventions import ALL, Holding, conventions
from tests.building import plain, result_of
from tests.cashflow.test_capital import GUARANTEE, NOTE, funded


def rates(data: dict, holding: Holding = ALL) -> dict[str, float | None]:
    return {one.name: one.rate for one in conventions(result_of(data).run, holding)}


def test_one_draw_and_one_receipt_two_years_later():
    # 100,000 on 1 Jan 2020, 121,000 on 31 Dec 2021, 730 days later: 10 % a year. Eight quarters: i = 1.21^(1/8) - 1.
    found, i = rates(funded(121_000, NOTE)), 1.21 ** (1 / 8) - 1
    assert found["IRR on dates"] == pytest.approx(0.10)
    assert found["Periodic, a period"] == pytest.approx(i)
    assert found["Periodic, times n"] == pytest.approx(4 * i)
    assert found["Periodic, effective"] == pytest.approx((1 + i) ** 4 - 1)
    assert found["Simple, in all"] == pytest.approx(0.21)
    assert found["Simple, a year"] == pytest.approx(0.105)


def test_flows_moved_within_their_period():
    # The last quarter begins on 1 Oct 2021, day 639; its middle, 45 of 91 days on, is day 684; its end day 730.
    found = rates(funded(121_000, NOTE))
    for name, days in (("start", 639), ("middle", 684), ("end", 730)):
        assert found[f"Flows at the {name}"] == pytest.approx(1.21 ** (365 / days) - 1)


def test_on_drawn_and_on_committed():
    # 50,000 of 100,000 is drawn on 31 Dec 2020 and gives 60,500 a year later: 21 %. On the commitment: 100,000 out on
    # 1 Jan 2020, 60,500 and the 50,000 never drawn back after two years. Simple: 10,500 on 100,000 in one year.
    draw = {"kind": "on dates", "amounts": [{"date": "2020-12-31", "amount": 50_000}]}
    found = rates(funded(60_500, {**NOTE, "draw": draw}))
    assert found["IRR on dates"] == pytest.approx(0.21)
    assert found["IRR on the commitment"] == pytest.approx(1.105**0.5 - 1)
    assert found["Simple, a year, on the commitment"] == pytest.approx(0.105)


def test_all_drawn_at_the_start_makes_drawn_and_committed_one():
    found = rates(funded(121_000, NOTE))
    assert found["IRR on the commitment"] == pytest.approx(found["IRR on dates"])


def test_before_and_after_the_guarantee():
    # The guarantor's 75,000 is all that comes back.
    data = funded(0, NOTE, guarantees=[GUARANTEE])
    data["deal"]["parties"].append({"id": "Giver", "role": "guarantor"})
    found = rates(data)
    assert found["IRR on dates"] == pytest.approx(0.75**0.5 - 1)
    assert found["Before the guarantee"] == found["Before guarantee and fees"] == -1
    assert found["Before commitment fees"] == pytest.approx(found["IRR on dates"])


def test_before_fees_is_less_where_the_investor_receives_them():
    draw = {"kind": "on dates", "amounts": [{"date": "2020-12-31", "amount": 50_000}]}
    fee = rates(funded(200_000, {**NOTE, "draw": draw, "commitment_fee": 0.01, "interest": {"rate": 0.05}}))
    none = rates(funded(200_000, {**NOTE, "draw": draw, "interest": {"rate": 0.05}}))
    assert fee["Before commitment fees"] == pytest.approx(none["IRR on dates"]) == pytest.approx(0.05)
    assert fee["IRR on dates"] is None or fee["IRR on dates"] > fee["Before commitment fees"]


def test_a_tranche_has_its_own_and_nothing_drawn_has_none():
    senior, junior = {**NOTE, "id": "s", "commitment": 60_000}, {**NOTE, "id": "j", "rank": "junior"}
    junior["commitment"] = 40_000
    data = funded(70_000, senior, junior)
    assert rates(data, Holding(tranche="s"))["IRR on dates"] == pytest.approx(0)
    assert rates(data, Holding(tranche="j"))["Simple, in all"] == pytest.approx(-0.75)
    assert conventions(result_of(plain()).run) == ()


def test_an_investor_has_its_part_of_each_tranche():
    # The Trust gives a tenth of 100,000 on 31 Dec 2020, with the Fund the rest: half is drawn, 60,500 comes back.
    draw = {"kind": "on dates", "amounts": [{"date": "2020-12-31", "amount": 50_000}]}
    data = funded(60_500, {**NOTE, "draw": draw, "investor": {"Fund": 0.9, "Trust": 0.1}})
    data["deal"]["parties"].append({"id": "Trust", "role": "investor"})
    all_of_it, trust = rates(data), rates(data, Holding(investor="Trust"))
    assert set(trust) == set(all_of_it)
    for name, rate in all_of_it.items():
        assert trust[name] == pytest.approx(rate), name
    assert Holding(investor="Trust").commitment(result_of(data).run) == pytest.approx(10_000)
