"""Interest by convention, by measure, on its dates; and borrowers that pay from outside means. By hand."""

from __future__ import annotations

from datetime import date

import pytest

from sib.periods import year_fraction
from tests.building import flows, plain, result_of
from tests.cashflow.test_capital import NOTE, funded


@pytest.mark.parametrize(
    ("convention", "years"),
    [
        # 1 July 2019 to 1 April 2020 is 275 days: 184 of them in 2019, 91 in the leap year 2020.
        ("actual/365", 275 / 365),
        ("actual/actual", 184 / 365 + 91 / 366),
        ("30/360", 270 / 360),
    ],
)
def test_day_counts(convention, years):
    assert year_fraction(date(2019, 7, 1), date(2020, 4, 1), convention) == pytest.approx(years, abs=1e-15)


def test_thirty_days_hath_every_month():
    # Bond basis: 31 January to 31 March is two months; 30 January to 31 March too; 28 February to 31 March 33 days.
    assert year_fraction(date(2019, 1, 31), date(2019, 3, 31), "30/360") == pytest.approx(60 / 360)
    assert year_fraction(date(2019, 1, 30), date(2019, 3, 31), "30/360") == pytest.approx(60 / 360)
    assert year_fraction(date(2019, 2, 28), date(2019, 3, 31), "30/360") == pytest.approx(33 / 360)


def test_street_impact_brighton_to_the_pound():
    # Published: simple 6.5 % on 155,000 from 5 April 2018, 30,000 and 45,000 repaid on the last two dates.
    days = ["2018-09-30", "2019-03-31", "2019-06-30", "2019-09-30", "2019-12-31", "2020-03-31"]
    parts = [{"date": "2019-12-31", "amount": 30_000}, {"date": "2020-03-31", "amount": 45_000}]
    loan = {
        "id": "loan",
        "investor": "Fund",
        "commitment": 160_000,
        "maturity": "2021-03-31",
        "draw": {"kind": "on dates", "amounts": [{"date": "2018-04-05", "amount": 155_000}]},
        "interest": {"rate": 0.065, "paid": days},
        "repayment": {"kind": "on dates", "amounts": parts},
        "paid_from": "outside means",
    }
    data = plain(deal={"start": "2018-04-01", "service_end": "2020-03-31", "tranches": [loan], "payments": []})
    result = result_of(data)
    received = {day: amount for day, amount in flows(result, "interest").items() if day <= "2020-03-31"}
    for day, amount in flows(result, "principal").items():
        if day <= "2020-03-31":
            received[day] += amount
    published = dict(zip(days, [4_913, 5_024, 2_512, 2_539, 32_539, 47_026], strict=True))
    assert received == pytest.approx(published, abs=1)
    assert result.investors.received > 155_000
    assert result.provider.peak_deficit is None


def newpin() -> dict:
    """7m; coupon by the cumulative restoration rate, straight lines between 55 % 3.0 and 60 % 7.5 and on to 15 %."""
    points = [
        {"at": 0.55, "pays": 0.03},
        {"at": 0.60, "pays": 0.075},
        {"at": 0.65, "pays": 0.12},
        {"at": 0.70, "pays": 0.15},
    ]
    note = {
        "id": "note",
        "investor": "Fund",
        "commitment": 7_000_000,
        "repayment": "bullet",
        "maturity": "2015-06-30",
        "paid_from": "outside means",
        "interest": {
            "by": {"outcome": "rate", "schedule": {"form": "joined", "points": points}},
            "paid": ["2014-06-30", "2015-06-30"],
        },
    }
    data = plain(
        deal={
            "start": "2013-06-30",
            "service_end": "2015-06-30",
            "tranches": [note],
            "payments": [],
            "outcomes": [{"id": "rate", "kind": "level"}],
        }
    )
    data["forecast"]["outcomes"] = [
        {"id": "rate", "levels": [{"date": "2014-06-30", "value": 0.60}, {"date": "2015-06-30", "value": 0.616}]}
    ]
    return data


def test_newpin_coupons():
    # 60 % gives 7.5 %; 61.6 % gives 7.5 + 1.6 x 0.9 = 8.94 %; each for 365 days on 7m.
    coupons = result_of(newpin()).investors.tranches["note"].coupons
    assert [coupon.rate for coupon in coupons] == pytest.approx([0.075, 0.0894])
    assert [coupon.amount for coupon in coupons] == pytest.approx([525_000, 625_800])


def test_a_floor_holds_for_its_years():
    data = newpin()
    data["forecast"]["outcomes"][0]["levels"][0]["value"] = 0.50
    data["deal"]["tranches"][0]["interest"]["floor"] = {"rate": 0.05, "until": "2015-06-30"}
    assert result_of(data).investors.tranches["note"].coupons[0].rate == 0.05
    data["deal"]["tranches"][0]["interest"]["floor"]["until"] = "2014-01-01"
    # Until 1 January the floor, below the first point nothing: 7m x 5 % x 185 / 365 are paid on 30 June.
    coupons = result_of(data).investors.tranches["note"].coupons
    assert coupons[0].amount == pytest.approx(7_000_000 * 0.05 * 185 / 365)


def test_interest_can_start_later():
    # 5 % on 100,000 from 31 Dec 2020 to 31 Dec 2021 only.
    result = result_of(funded(200_000, {**NOTE, "interest": {"rate": 0.05, "starting": "2020-12-31"}}))
    assert sum(flows(result, "interest").values()) == pytest.approx(5_000)


def test_outside_means_bring_in_what_is_missing_and_no_more():
    result = result_of(funded(30_000, {**NOTE, "interest": {"rate": 0}, "paid_from": "outside means"}))
    assert sum(flows(result, "own means").values()) == pytest.approx(70_000)
    assert result.investors.received == pytest.approx(100_000)


@pytest.mark.parametrize(("runoff", "effective"), [(0.45, 0.0583), (0.30, 0.0346), (0.10, 0.0084)])
def test_dc_water_three_tiers(runoff, effective):
    # 25m at 3.43 % paid half-yearly for five years; above 41.3 % the issuer pays 3.3m more, below 18.6 % it is paid
    # 3.3m. Derived effective annual yields: 5.83, 3.46 and 0.84 % (bond-equivalent 3.43 % in the middle).
    days = [f"{year}-{month}" for year in range(2017, 2022) for month in ("03-29", "09-29")]
    bond = {
        "id": "bond",
        "investor": "Fund",
        "commitment": 25_000_000,
        "interest": {"rate": 0.0343, "day_count": "30/360", "paid": days},
        "repayment": "bullet",
        "maturity": "2021-09-29",
        "paid_from": "outside means",
    }
    points = [{"at": 0, "pays": -3_300_000}, {"at": 0.186, "pays": 0}, {"at": 0.413, "pays": 3_300_000}]
    payment = {
        "id": "tier",
        "kind": "schedule",
        "outcome": "runoff",
        "points": points,
        "paid_by": "Council",
        "paid_to": "Fund",
    }
    data = plain(
        deal={
            "start": "2016-09-29",
            "service_end": "2021-09-29",
            "period": "half-year",
            "tranches": [bond],
            "payments": [payment],
            "outcomes": [{"id": "runoff", "kind": "level"}],
        }
    )
    data["forecast"]["outcomes"] = [{"id": "runoff", "levels": [{"date": "2021-09-29", "value": runoff}]}]
    result = result_of(data)
    assert result.investors.irr.rate == pytest.approx(effective, abs=0.0002)
    assert result.payments.total == {0.45: 3_300_000, 0.30: 0, 0.10: -3_300_000}[runoff]
