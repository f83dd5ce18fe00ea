"""How many fewer outcomes until a tranche loses, by hand."""

from __future__ import annotations

import pytest

import sib
from sib.value.first_loss import first_losses
from tests.building import case_of, plain
from tests.cashflow.test_capital import NOTE, funded

SENIOR = {**NOTE, "id": "s", "commitment": 60_000}
JUNIOR = {**NOTE, "id": "j", "commitment": 40_000, "rank": "junior"}


def test_the_junior_loses_first_and_the_senior_when_the_junior_is_gone():
    # 130 outcomes at 1,000: with 100 both are whole, with 60 the senior is.
    found = first_losses(case_of(funded(130_000, SENIOR, JUNIOR)))
    assert {name: one.level for name, one in found.items()} == pytest.approx({"s": 60, "j": 100}, abs=1e-3)
    assert {name: one.fewer for name, one in found.items()} == pytest.approx({"s": 70, "j": 30}, abs=1e-3)
    # With 30 fewer the junior has just its money back; the 31st costs it.
    assert {name: one.whole for name, one in found.items()} == {"s": 71, "j": 31}


def test_half_an_outcome_on_top_is_lost_first():
    # 130.5 outcomes: 30 fewer leave 100.5, still whole; 31 fewer leave 99.5.
    assert first_losses(case_of(funded(130_500, SENIOR, JUNIOR)))["j"].whole == 31


def test_a_larger_commitment_loses_sooner():
    smaller, larger = (
        first_losses(case_of(funded(130_000, {**NOTE, "commitment": amount})))["note"] for amount in (90_000, 110_000)
    )
    assert (smaller.whole, larger.whole) == (41, 21)


def test_a_guarantee_of_everything_never_lets_it_lose():
    guarantee = {"id": "g", "guarantor": "Giver", "tranche": "note", "share": 1}
    data = funded(130_000, NOTE, guarantees=[guarantee])
    data["deal"]["parties"].append({"id": "Giver", "role": "guarantor"})
    assert first_losses(case_of(data)) == {"note": None}


def test_what_loses_already_has_no_first_loss():
    assert first_losses(case_of(funded(90_000, NOTE))) == {"note": None}


def test_at_the_very_edge_one_fewer_is_enough():
    found = first_losses(case_of(funded(100_000, NOTE)))["note"]
    assert (found.fewer, found.whole) == (pytest.approx(0, abs=1e-3), 1)


def test_a_fee_alone_depends_on_no_outcome():
    fee = {"id": "fee", "kind": "tariff", "outcome": "periods", "price": 10_000, "paid_by": "Council"}
    assert first_losses(case_of(plain(deal={"tranches": [NOTE], "payments": [fee]}))) == {"note": None}


def test_a_measure_is_told_in_its_own_unit():
    # A fall of 12.5 %: the payment is above the 7.2m drawn down to 10 %, and 4.8m below.
    case = sib.load("nyc-able", {"forecast.outcomes.bed-days.change": 0.125})
    found = first_losses(case)["loan"]
    assert (found.level, found.fewer, found.whole) == (pytest.approx(0.10), pytest.approx(0.025), None)
