from datetime import date

import pytest

from sib.show import formats
from sib.show.formats import MISSING
from sib.value.irr import irr

YEARS = [date(2020, 1, 1), date(2021, 1, 1), date(2022, 1, 1), date(2023, 1, 1)]


@pytest.mark.parametrize(
    ("amount", "written"),
    [(422_000, "USD 422,000"), (-1_200.4, "-USD 1,200"), (0.0, "USD 0"), (-0.3, "USD 0"), (999.5, "USD 1,000")],
)
def test_money_is_in_whole_units_and_nought_has_no_sign(amount, written):
    assert formats.money("USD", amount) == written


def test_what_is_missing_is_a_dash_with_its_reason():
    assert formats.money("GBP", None) == MISSING
    assert formats.percent(None, "no hurdle") == f"{MISSING} (no hurdle)"
    assert formats.day(None) == formats.count(None) == formats.multiple(None) == MISSING


@pytest.mark.parametrize(
    ("number", "written"),
    [(8_940, "8,940"), (62.5, "62.5"), (0.0902, "0.09"), (100.4, "100"), (-0.001, "0"), (3.0, "3")],
)
def test_counts_show_no_more_digits_than_they_mean(number, written):
    assert formats.count(number) == written


def test_percentages_multiples_and_dates():
    assert formats.percent(0.1474) == "14.7 %"
    assert formats.percent(-0.00001) == "0.0 %"
    assert formats.multiple(1.5184) == "1.52x"
    assert formats.day(date(2018, 7, 13)) == "13 Jul 2018"
    assert formats.long_day(date(2018, 7, 3)) == "3 July 2018"


@pytest.mark.parametrize(
    ("amounts", "written"),
    [
        ([-100, 0, 0, 133.1], "10.0 %"),
        ([-100, 0, 0, 0], "-100.0 % (total loss)"),
        ([0, 0, 0, 0], f"{MISSING} (nothing put in)"),
        ([100, 50, 0, 100], f"{MISSING} (nothing put in)"),
    ],
)
def test_a_rate_of_return_says_its_status(amounts, written):
    assert formats.irr(irr(amounts, YEARS)) == written


def test_several_rates_are_all_written():
    # (1+r) = 1.1 and 1.2 over periods of exactly 365 days.
    dates = [date(2021, 1, 1), date(2022, 1, 1), date(2023, 1, 1)]
    assert formats.irr(irr([-100, 230, -132], dates)) == "10.0 % (of several: 10.0 %, 20.0 %)"


@pytest.mark.parametrize(
    ("number", "written"),
    [(0.62133333, "0.62133333"), (7_200_000, "7,200,000"), (-1234.5678, "-1,234.5678"), (0.1, "0.1"), (1e-12, "1e-12")],
)
def test_a_register_shows_a_number_as_it_was_written(number, written):
    assert formats.exact(number) == written


@pytest.mark.parametrize(
    ("number", "written"), [(0.0, "0"), (2.91e-11, "2.9e-11"), (0.000351, "0.00035"), (0.0072, "0.0072"), (5.0, "5")]
)
def test_a_residual_has_two_digits(number, written):
    assert formats.tiny(number) == written


def test_amounts_percentages_and_dates_do_not_break_over_lines():
    kept = formats.unbroken("USD 422,000 on 13 July 2018, 14.7 % a year")
    assert kept == "USD\xa0422,000 on 13\xa0July 2018, 14.7\xa0% a year"
