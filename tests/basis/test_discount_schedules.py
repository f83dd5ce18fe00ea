"""Discount factors at every change of rate, against the published table and against the recurrence year by year."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sib.basis import DiscountSchedule
from sib.basis.discount_schedules import discount_factor, names_of_rates, nominal_rate, rates_named, real_rate
from sib.files.reference import discount_schedule

GREEN_BOOK = discount_schedule("green book 2026")
HEALTH = rates_named(GREEN_BOOK).health
KINKS = [0, 1, 5, 10, 30, 31, 75, 76, 125, 126, 200, 201, 300, 301]

# HM Treasury, Green Book, February 2026: last year of the band, then per cent a year.
TABLES = {
    "standard": [(30, "3.50"), (75, "3.00"), (125, "2.50"), (200, "2.00"), (300, "1.50"), (9999, "1.00")],
    "health": [(30, "1.50"), (75, "1.29"), (125, "1.07"), (200, "0.86"), (300, "0.64"), (9999, "0.43")],
    "long horizon": [(30, "3.00"), (75, "2.57"), (125, "2.14"), (200, "1.71"), (300, "1.29"), (9999, "0.86")],
}
BANDS = {"standard": GREEN_BOOK.bands, "health": HEALTH, "long horizon": GREEN_BOOK.long_horizon}


def year_by_year(table: str, years: int) -> float:
    """DF(t) = DF(t-1)/(1 + r_t), with r_t the rate of the band that holds t, in decimal arithmetic."""
    factor = Decimal(1)
    for year in range(1, years + 1):
        rate = next(Decimal(percent) for last, percent in TABLES[table] if year <= last)
        factor /= 1 + rate / 100
    return float(factor)


@pytest.mark.parametrize(
    ("years", "published"),
    [
        (0, 1), (1, 0.966184), (5, 0.841973), (10, 0.708919), (30, 0.356278), (31, 0.345901), (75, 0.094214),
        (76, 0.091916), (125, 0.027411),
    ],
)  # fmt: skip
def test_the_published_standard_factors_come_out(years, published):
    assert round(discount_factor(GREEN_BOOK.bands, years), 6) == published


@pytest.mark.parametrize(("years", "published"), [(30, 0.639762), (31, 0.631615)])
def test_the_published_health_factors_come_out(years, published):
    assert round(discount_factor(HEALTH, years), 6) == published


@pytest.mark.parametrize("table", list(TABLES))
@pytest.mark.parametrize("years", KINKS)
def test_every_change_of_rate_agrees_with_the_recurrence(table, years):
    assert discount_factor(BANDS[table], years) == pytest.approx(year_by_year(table, years), rel=1e-12)


def test_parts_of_a_year_continue_inside_their_band():
    # Half a year at 3.5 %: 1.035^-0.5; half a year after the thirtieth at 3 %.
    assert discount_factor(GREEN_BOOK.bands, 0.5) == pytest.approx(1.035**-0.5, rel=1e-14)
    assert discount_factor(GREEN_BOOK.bands, 30.5) == pytest.approx(1.035**-30 * 1.03**-0.5, rel=1e-14)


def test_before_the_base_the_first_rate_compounds_up():
    assert discount_factor(GREEN_BOOK.bands, -2) == pytest.approx(1.035**2, rel=1e-14)


def test_an_array_is_discounted_place_by_place():
    years = np.array([[0.0, 1.0], [30.25, 400.0]])
    factors = discount_factor(GREEN_BOOK.bands, years)
    assert factors.shape == (2, 2)
    assert factors.ravel().tolist() == [discount_factor(GREEN_BOOK.bands, year) for year in years.ravel()]
    assert isinstance(discount_factor(GREEN_BOOK.bands, 1), float)


def test_one_rate_for_ever_needs_one_band():
    flat = DiscountSchedule(id="own", bands=({"rate": 0.05},))
    assert discount_factor(flat.bands, 60) == pytest.approx(1.05**-60, rel=1e-13)
    assert discount_factor(flat.bands, -1) == pytest.approx(1.05, rel=1e-14)


@given(st.floats(-50, 500), st.floats(0.001, 100))
def test_later_is_worth_less(years, more):
    assert discount_factor(GREEN_BOOK.bands, years + more) < discount_factor(GREEN_BOOK.bands, years)


def test_the_review_is_a_sensitivity_without_a_health_rate():
    review = rates_named(GREEN_BOOK, "june 2026 review")
    assert discount_factor(review.bands, 100) == pytest.approx(1.03**-100, rel=1e-12)
    assert review.health == review.bands
    assert names_of_rates(GREEN_BOOK) == ["standard", "long horizon", "june 2026 review"]
    assert rates_named(GREEN_BOOK).bands[0].rate == 0.035


def test_unknown_rates_are_named_with_the_nearest():
    with pytest.raises(ValueError, match=r"did you mean 'june 2026 review'\?"):
        rates_named(GREEN_BOOK, "june 2026 reveiw")


def test_a_nominal_rate_holds_inflation():
    # 1.035 x 1.02 = 1.0557
    assert nominal_rate(0.035, 0.02) == pytest.approx(0.0557, rel=1e-12)
    assert real_rate(0.0557, 0.02) == pytest.approx(0.035, rel=1e-12)


@pytest.mark.parametrize(
    ("bands", "said"),
    [
        ([{"to": 30, "rate": 0.035}], "leave out its `to`"),
        ([{"rate": 0.035}, {"to": 30, "rate": 0.03}], "leave out its `to`"),
        ([{"to": 30, "rate": 0.035}, {"to": 30, "rate": 0.03}, {"rate": 0.02}], "increasing"),
    ],
)
def test_bands_that_do_not_follow_each_other_are_refused(bands, said):
    with pytest.raises(ValueError, match=said):
        DiscountSchedule(id="own", bands=bands)
