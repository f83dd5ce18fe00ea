"""Views of tranches and of each investor, and the measures of life and loss, by hand."""

from __future__ import annotations

import pytest

import sib
from sib.files import bundled
from tests.building import plain, result_of
from tests.cashflow.test_capital import GUARANTEE, NOTE, funded

SENIOR = {**NOTE, "id": "s", "commitment": 60_000, "investor": {"Fund": 0.75, "Trust": 0.25}}
JUNIOR = {**NOTE, "id": "j", "commitment": 40_000, "rank": "junior"}


def shared(paid: float) -> dict:
    data = funded(paid, SENIOR, JUNIOR)
    data["deal"]["parties"].append({"id": "Trust", "role": "investor"})
    return data


def test_each_investor_has_its_part_of_its_tranches():
    # 70,000 back: 60,000 senior (45,000 to the Fund, 15,000 to the Trust), 10,000 junior, all the Fund's.
    found = result_of(shared(70_000)).investors.by_investor
    assert {name: view.drawn for name, view in found.items()} == pytest.approx({"Fund": 85_000, "Trust": 15_000})
    assert {name: view.received for name, view in found.items()} == pytest.approx({"Fund": 55_000, "Trust": 15_000})
    assert found["Fund"].loss == pytest.approx(30_000)
    assert found["Trust"].irr.rate == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("name", bundled())
def test_investors_and_tranches_both_sum_to_the_whole(name):
    view = sib.appraise(sib.load(name)).investors
    for parts in (view.tranches, view.by_investor):
        assert sum(part.drawn for part in parts.values()) == pytest.approx(view.drawn or 0)
        assert sum(part.received for part in parts.values()) == pytest.approx(view.received or 0)


def test_a_sole_investor_in_a_sole_tranche_is_the_whole():
    view = result_of(funded(130_000, NOTE)).investors
    assert view.by_investor["Fund"].irr == view.tranches["note"].irr == view.irr


def test_a_share_of_the_surplus_beside_a_shared_tranche_is_received():
    # 100,000 repays the capital; the 30,000 over it are the Trust's, though it holds its tranche with another.
    data = shared(130_000)
    data["deal"]["surplus"] = {"Trust": 1}
    view = result_of(data).investors
    assert view.by_investor["Trust"].received == pytest.approx(45_000)
    assert view.received == pytest.approx(130_000)


def test_average_life_weighs_years_by_principal():
    # 5,000 at each of the first six quarter ends repay 30,000 drawn on 1 Jan 2020: after 90, 181, 273, 365, 455 and
    # 546 days, 1,910 days in all.
    view = result_of(plain(deal={"tranches": [{**NOTE, "commitment": 30_000}]})).investors
    assert view.average_life == pytest.approx(1910 / 6 / 365)


@pytest.mark.parametrize(("paid", "life"), [(130_000, 2.0), (40_000, 2.0), (0, None)])
def test_average_life_of_a_single_repayment_is_its_distance(paid, life):
    assert result_of(funded(paid, NOTE)).investors.average_life == life


def test_what_a_guarantor_makes_good_has_come_back():
    data = funded(0, NOTE, guarantees=[GUARANTEE])
    data["deal"]["parties"].append({"id": "Giver", "role": "guarantor"})
    view = result_of(data).investors
    assert view.average_life == 2.0
    # The guaranteed total is 75,000 of 100,000.
    assert (view.loss, view.loss_share) == pytest.approx((25_000, 0.25))


@pytest.mark.parametrize(
    ("paid", "loss", "share"), [(0, 100_000, 1), (70_000, 30_000, 0.3), (100_000, 0, 0), (130_000, 0, 0)]
)
def test_loss_is_what_never_came_back(paid, loss, share):
    view = result_of(funded(paid, NOTE)).investors
    assert (view.loss, view.loss_share) == pytest.approx((loss, share))


def test_the_json_holds_each_investor_with_the_keys_of_a_tranche():
    data = result_of(shared(70_000)).as_dict()["investors"]
    assert set(data["by_investor"]) == {"Fund", "Trust"}
    assert set(data["by_investor"]["Fund"]) == set(data["tranches"]["s"]) - {"coupons"}
    assert {"average_life", "loss", "loss_share"} <= set(data)


def test_no_investor_has_no_measures():
    data = result_of(plain()).as_dict()["investors"]
    assert (data["by_investor"], data["loss"], data["average_life"], data["loss_share"]) == ({}, None, None, None)
