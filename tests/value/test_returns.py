"""Present value, multiple, payback and exposure, against sums done by hand."""

from datetime import date

import numpy as np
import pytest
import pyxirr
from hypothesis import given
from hypothesis import strategies as st

from sib.value.returns import irr, level_payment, multiple, npv, payback, peak_exposure

YEARS = ["2020-01-01", "2021-01-01", "2022-01-01", "2023-01-01"]
BATCH = np.array([(-100, -50, 90, 90), (-100, 0, 0, 50), (10, 0, 0, 0), (0, 0, 0, 0)], float).T
flows = st.lists(st.floats(-1e6, 1e6).map(lambda amount: round(amount, 2)), min_size=4, max_size=4)


# ---------------------------------------------------------------------------------- present value


def test_equal_periods_leave_the_first_amount_as_it_is() -> None:
    # -100 + 60/1.1 + 60.5/1.21 = -100 + 54.5454... + 50
    assert npv(0.10, [-100, 60, 60.5]) == pytest.approx(4.545454545454547)


def test_an_annual_rate_is_taken_by_the_period() -> None:
    # 1.21^(1/2) = 1.1 for half a year.
    assert npv(0.21, [-100, 110], periods_per_year=2) == pytest.approx(0.0, abs=1e-12)


def test_dates_count_days_in_years_of_365() -> None:
    # 2020 is a leap year: 366 days.
    assert npv(0.10, [-100, 110], YEARS[:2]) == pytest.approx(-100 + 110 * 1.1 ** (-366 / 365), rel=1e-14)


def test_a_batch_takes_one_rate_or_one_each() -> None:
    by_one = npv(0.10, BATCH, YEARS)
    assert by_one.shape == (4,)
    assert by_one[0] == pytest.approx(npv(0.10, BATCH[:, 0], YEARS))
    each = npv([0.0, 0.1, 0.2, 0.3], BATCH, YEARS)
    assert each[0] == pytest.approx(BATCH[:, 0].sum())
    assert each[1] == pytest.approx(npv(0.1, BATCH[:, 1], YEARS))
    assert npv([0.1, 0.2], [-100, 110]) == pytest.approx([0.0, -100 + 110 / 1.2])


@given(flows, st.floats(-0.5, 1.0))
def test_pyxirr_agrees_on_present_values(amounts: list[float], rate: float) -> None:
    dates = [date.fromisoformat(day) for day in YEARS]
    scale = max(1.0, *map(abs, amounts))
    assert npv(rate, amounts, dates) == pytest.approx(pyxirr.xnpv(rate, dates, amounts), abs=1e-9 * scale)
    assert npv(rate, amounts) == pytest.approx(pyxirr.npv(rate, amounts), abs=1e-9 * scale)


def test_the_present_value_at_the_irr_is_nought() -> None:
    amounts = [-100, -50, 90, 90]
    assert npv(irr(amounts, YEARS).rate, amounts, YEARS) == pytest.approx(0.0, abs=1e-11)


def test_rates_that_discount_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="above -1"):
        npv(-1.0, [-100, 110])
    with pytest.raises(ValueError, match="periods_per_year"):
        npv(0.1, [-100, 110], periods_per_year=0)


# -------------------------------------------------------------------- multiple, payback, exposure


def test_the_multiple_is_what_came_back_over_what_went_in() -> None:
    assert multiple([-100, -50, 90, 90]) == pytest.approx(1.2)  # 180/150
    assert multiple([-100, 0, 0, 0]) == 0.0
    assert np.isnan(multiple([10, 0]))
    np.testing.assert_allclose(multiple(BATCH), [1.2, 0.5, np.nan, np.nan])


def test_payback_is_the_first_date_at_which_all_is_back() -> None:
    # Running sums -100, -150, -60, +30.
    assert payback([-100, -50, 90, 90], YEARS) == date(2023, 1, 1)
    # -100, 0: to the penny is enough.
    assert payback([-100, 100, -50, 90], YEARS) == date(2021, 1, 1)
    assert payback([-100, 0, 0, 50], YEARS) is None
    assert payback([10, 0, 0, 0], YEARS) is None
    # It counts from when money is first out: +10, -20, -20, +20.
    assert payback([10, -30, 0, 40], YEARS) == date(2023, 1, 1)


def test_payback_of_a_batch_is_dates_with_gaps() -> None:
    expected = np.array(["2023-01-01", "NaT", "NaT", "NaT"], dtype="datetime64[D]")
    np.testing.assert_array_equal(payback(BATCH, YEARS), expected)


def test_flows_of_one_date_count_together_for_payback() -> None:
    # Paid in and received on one day: never out of pocket.
    assert payback([-100, 120, 0, 0], [YEARS[0], YEARS[0], *YEARS[1:3]]) is None


def test_rounding_does_not_put_payback_off() -> None:
    # Three tenths less three times a tenth is 5.6e-17, not nought.
    assert payback([-0.3, 0.1, 0.1, 0.1], YEARS) == date(2023, 1, 1)


def test_peak_exposure_is_the_most_that_was_out() -> None:
    assert peak_exposure([-100, -50, 90, 90]) == 150.0
    assert peak_exposure([10, 0, 0, 0]) == 0.0
    assert peak_exposure([]) == 0.0
    np.testing.assert_array_equal(peak_exposure(BATCH), [150, 100, 0, 0])


@given(flows)
def test_who_pays_back_was_exposed(amounts: list[float]) -> None:
    if payback(amounts, YEARS) is not None:
        assert peak_exposure(amounts) > 0
        assert multiple(amounts) > 0


@given(st.lists(flows, min_size=1, max_size=6))
def test_a_batch_equals_its_streams(streams: list[list[float]]) -> None:
    batch = np.array(streams).T
    assert peak_exposure(batch) == pytest.approx([peak_exposure(one) for one in streams])
    assert multiple(batch) == pytest.approx([multiple(one) for one in streams], nan_ok=True)
    assert npv(0.05, batch, YEARS) == pytest.approx([npv(0.05, one, YEARS) for one in streams], abs=1e-6)
    assert [day.item() for day in payback(batch, YEARS)] == [payback(one, YEARS) for one in streams]


@pytest.mark.parametrize("measure", [multiple, peak_exposure, lambda amounts: payback(amounts, YEARS)])
def test_numbers_that_are_none_are_refused(measure) -> None:
    with pytest.raises(ValueError, match=r"amounts\[2\] is nan"):
        measure([-100, 0, np.nan, 50])
    with pytest.raises(ValueError, match=r"amounts\[2, 1\] is nan"):
        measure(np.where(np.arange(8).reshape(4, 2) == 5, np.nan, 1.0))


# --------------------------------------------------------------------------------- level payments


def test_a_level_payment_repays_principal_and_interest() -> None:
    # 100 at 10 % in two payments: p/1.1 + p/1.21 = 100, p = 121/2.1.
    assert level_payment(0.10, 2, 100) == pytest.approx(121 / 2.1)
    assert level_payment(0.0, 4, 100) == pytest.approx(25.0)
