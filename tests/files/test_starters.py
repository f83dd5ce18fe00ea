"""The starter cases: each runs, and gives what its terms give by hand."""

from __future__ import annotations

from datetime import date

import pytest

from sib.appraisal import Result, appraise
from sib.cli import main
from sib.files import load
from sib.files.bundle import bundled_folder
from sib.files.starters import starters, write_starter
from sib.problems import CaseError

GUIDE = (bundled_folder("templates") / "WRITING-A-CASE.md").read_text(encoding="utf-8")


def appraised(name: str, scenario: str | None = None) -> Result:
    return appraise(load(starters()[name]), scenario)


def every_appraisal() -> list[tuple[str, str | None]]:
    cases = {name: load(path) for name, path in starters().items()}
    return [(name, scenario) for name, case in cases.items() for scenario in (None, *(s.id for s in case.scenarios))]


@pytest.mark.parametrize(("name", "scenario"), every_appraisal())
def test_a_starter_runs_and_its_sums_come_out(name, scenario):
    result = appraised(name, scenario)
    assert max(result.residuals.values()) <= result.residual_tolerance
    assert result.flows


@pytest.mark.parametrize("name", starters())
def test_a_starter_is_short_says_what_it_is_and_is_in_the_guide(name):
    text = starters()[name].read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 100
    assert text.startswith("# A case file")
    assert "illustrations" in text
    assert max(map(len, text.splitlines())) <= 120
    assert f"| `{name}` |" in GUIDE


def amounts(result: Result, rule: str) -> dict[str, float]:
    return {str(flow.date): flow.amount for flow in result.flows if flow.rule == rule}


def test_tariff():
    # 400 referrals x 0.75 start; 135 of them work at 3,000, 84 stay at 4,500.
    result = appraised("tariff")
    assert result.payments.by_rule == pytest.approx({"work": 300 * 0.45 * 3_000, "stayed": 300 * 0.28 * 4_500})


def test_threshold_with_control_group():
    # 600 people a cohort, 1.35 nights fewer each, 235 a night; paid two months after each report.
    result = appraised("threshold-with-control-group")
    assert amounts(result, "nights") == pytest.approx({"2028-08-31": 190_350, "2029-08-31": 190_350})
    assert result.outcomes["nights"].measure == pytest.approx(1.35 / 9)
    # Eight quarters at 42,000 are drawn; the investors get all that is paid.
    assert result.investors.drawn == pytest.approx(336_000)
    assert result.investors.received == pytest.approx(380_700)


def test_just_below_the_threshold_nothing_is_paid_and_the_saving_is_there():
    result = appraised("threshold-with-control-group", "just below")
    assert result.outcomes["nights"].measure == pytest.approx(0.89 / 9)
    assert result.payments.total == 0
    assert result.investors.irr.rate == -1
    assert result.payers["Health board"].savings == pytest.approx(1_200 * 0.89 * 400)


def test_banded_bond_coupon():
    # 58 %, 62 % and 66 % are in the bands of 3, 6 and 9 %; at 66 % the whole principal comes back.
    result = appraised("banded-bond-coupon")
    coupons = {"2027-09-30": 60_000, "2028-09-30": 120_000, "2029-09-30": 180_000}
    assert amounts(result, "coupon") == pytest.approx(coupons)
    assert amounts(result, "redemption") == pytest.approx({"2029-09-30": 2_000_000})
    # The fee, the issue and the trustee use up the bond; investors get what the state pays.
    assert result.investors.received == pytest.approx(result.payments.total) == pytest.approx(2_360_000)


def test_the_lowest_band_pays_no_coupon_and_half_of_the_principal():
    result = appraised("banded-bond-coupon", "lowest band")
    assert result.payments.by_rule == pytest.approx({"coupon": 0, "redemption": 1_000_000})


def test_blended_fee_and_outcomes():
    result = appraised("blended-fee-and-outcomes")
    # Four quarters each at 60, 40 and 20 thousand; 270 start, half are housed, seven in ten of those stay.
    assert list(amounts(result, "fee").values()) == [60_000] * 4 + [40_000] * 4 + [20_000] * 4
    assert result.payments.by_rule == pytest.approx({"fee": 480_000, "housed": 135 * 2_400, "stayed": 94.5 * 3_600})


def test_the_flat_fee_costs_the_council_as_much():
    flat = appraised("blended-fee-and-outcomes", "fee alone")
    assert flat.payments.total == pytest.approx(appraised("blended-fee-and-outcomes").payments.total)


def test_shared_saving():
    # A child saves 22 weeks at 1,100; eight children in the first quarter, seven in the last.
    result = appraised("shared-saving")
    paid = amounts(result, "saving")
    assert paid["2027-09-30"] == pytest.approx(0.95 * 8 * 22 * 1_100)
    assert paid["2029-06-30"] == pytest.approx(0.40 * 7 * 22 * 1_100)
    assert result.payers["Council"].savings == pytest.approx(60 * 22 * 1_100)
    repaid = max(flow.date for flow in result.flows if flow.kind == "principal")
    # What falls after the day of repayment is shared at 40 %; it is paid three months later.
    assert repaid == date(2028, 9, 30)
    assert [day for day, amount in paid.items() if amount < 100_000] == ["2029-03-31", "2029-06-30"]


def test_provider_bid_without_investor():
    result = appraised("provider-bid-without-investor")
    # Active for three quarters: 20, 50, 80, 90 … 90, 80, 50, 20 people are 1+2+4+4+4+4+4+4+2+1 advisers.
    advisers = [flow.amount / 14_500 for flow in result.flows if flow.cost == "advisers"]
    assert advisers == pytest.approx([1, 2, 4, 4, 4, 4, 4, 4, 2, 1])
    assert amounts(result, "attachment")["2026-08-14"] == pytest.approx(20 * 700)
    assert sum(amounts(result, "kept").values()) == pytest.approx(220 * 0.4 * 0.65 * 0.9 * 4_100)
    assert result.investors.drawn is None


def test_late_payment_deepens_the_providers_deficit_and_costs_it_nothing():
    # Two more months of waiting: the same money, later.
    soon, late = (appraised("provider-bid-without-investor", name).provider for name in (None, "paid late"))
    assert late.margin == pytest.approx(soon.margin)
    assert soon.peak_deficit < late.peak_deficit < 220_000


@pytest.mark.parametrize("name", starters())
def test_new_writes_the_starter_that_is_asked_for(name, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["new", "mine", "--from", name]) == 0
    assert (tmp_path / "mine.yaml").read_text(encoding="utf-8") == starters()[name].read_text(encoding="utf-8")
    assert main(["validate", "mine.yaml"]) == 0
    assert "no mistakes" in capsys.readouterr().out


def test_an_unknown_starter_names_those_that_there_are(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CaseError, match=r"did you mean 'shared-saving'\? The starters: banded-bond-coupon, .*tariff"):
        write_starter("mine", "shared-savings")
    assert list(tmp_path.iterdir()) == []
