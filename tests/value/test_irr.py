"""Single streams: worked answers, what each status means, other people's solvers."""

from datetime import date, datetime, timedelta

import mpmath
import numpy as np
import numpy_financial
import pytest
import pyxirr
from hypothesis import assume, given
from hypothesis import strategies as st

from sib.value.returns import IrrStatus, irr, npv, periodic_irr

EXCEL_AMOUNTS = [-10_000, 2_750, 4_250, 3_250, 2_750]
EXCEL_DATES = ["2008-01-01", "2008-03-01", "2008-10-30", "2009-02-15", "2009-04-01"]


# -------------------------------------------------------------------------------- worked answers


@pytest.mark.parametrize(
    ("amounts", "roots"),
    [
        # 1000 (1 - 1.2 v)(1 - 1.3 v) with the sign turned: 2500 = 1000 (1.2 + 1.3), 1560 = 1000 x 1.2 x 1.3.
        ((-1000, 2500, -1560), (0.20, 0.30)),
        ((-100, 230, -132), (0.10, 0.20)),
        ((-50, -100, 600, 300, -100), (-0.768895, 1.854418)),
        ((*[87.17] * 12, -86.43), (-0.502073,)),
        # Two roots at once: 100 (1 - 1.1 v)^2 touches nought and does not cross it.
        ((-100, 220, -121), (0.10,)),
        ((-100, 110), (0.10,)),
        ((100, -110), (0.10,)),
        ((-100, 100), (0.0,)),
        ((0, 0, -100, 0, 121, 0), (0.10,)),
        ((-100, 50), (-0.50,)),
        ((-100, 200, -110), ()),
        ((-100, 0, 0, 0), ()),
        ((0, 5, 0), ()),
    ],
)
def test_worked_streams_have_the_known_roots(amounts: tuple[float, ...], roots: tuple[float, ...]) -> None:
    assert periodic_irr(amounts).roots == pytest.approx(roots, abs=1e-6)


@pytest.mark.parametrize(
    ("amounts", "label", "rate"),
    [
        ((-100, 110), "unique", 0.10),
        ((-1000, 2500, -1560), "several", 0.20),
        ((-100, 220, -121), "unique", 0.10),
        ((-100, 200, -110), "none", None),
        ((-100, 0, 0, 0), "total loss", -1.0),
        ((-100,), "total loss", -1.0),
        ((0, 5, 0), "no outlay", None),
        ((0, 0), "no outlay", None),
        ((), "no outlay", None),
    ],
)
def test_the_status_says_what_is_known(amounts: tuple[float, ...], label: str, rate: float | None) -> None:
    result = periodic_irr(amounts)
    assert result.status.label == label
    assert str(result.status) == label
    assert result.rate == (None if rate is None else pytest.approx(rate, abs=1e-12))
    assert result.status in IrrStatus


def test_excels_example() -> None:
    # Excel stops within 1e-8; the rate is 0.37336253352.
    assert irr(EXCEL_AMOUNTS, EXCEL_DATES).rate == pytest.approx(0.373362535, abs=2e-9)


def test_dates_may_be_strings_dates_or_numpy_dates() -> None:
    as_dates = [date.fromisoformat(day) for day in EXCEL_DATES]
    as_numpy = np.array(EXCEL_DATES, dtype="datetime64[D]")
    assert irr(EXCEL_AMOUNTS, as_dates) == irr(EXCEL_AMOUNTS, EXCEL_DATES) == irr(EXCEL_AMOUNTS, as_numpy)


def test_a_quarter_at_three_per_cent_is_12_55_a_year() -> None:
    # 1.03^4 = 1.12550881; four times 3 % is 12 %, which is not an effective rate.
    result = periodic_irr([-100, 103], periods_per_year=4)
    assert result.rate == pytest.approx(0.12550881, abs=1e-14)
    assert result.per_period == pytest.approx(0.03, abs=1e-14)
    assert result.bond_equivalent == pytest.approx(0.12, abs=1e-14)
    assert result.roots == (result.rate,)


def test_a_total_loss_loses_all_of_every_period() -> None:
    result = periodic_irr([-100, 0, 0], periods_per_year=4)
    assert (result.rate, result.per_period, result.bond_equivalent) == (-1.0, -1.0, -4.0)


def test_a_stream_without_a_rate_has_none_of_any_kind() -> None:
    result = periodic_irr([-100, 200, -110], periods_per_year=4)
    assert (result.rate, result.per_period, result.bond_equivalent) == (None, None, None)


# ---------------------------------------------------------------------- which of several is quoted


@pytest.mark.parametrize(
    ("growth", "sign", "rate"),
    [
        # The stream (1 - g v)(1 - h v)... has roots g - 1, h - 1; its sum is (1 - g)(1 - h)...
        ((0.5, 1.1, 1.3), 1, 0.10),  # sum 0.5 x -0.1 x -0.3 = 0.015, a gain: 10 % and 30 % are on its side
        ((0.5, 1.1, 1.3), -1, -0.50),  # a loss: only -50 % is
        ((0.8, 1.5), -1, 0.50),  # sum -(0.2 x -0.5) = 0.1, a gain: 50 %, though -20 % is nearer
        ((0.8, 1.5), 1, -0.20),
        ((1.2, 1.3), -1, 0.20),  # sum -0.06, a loss, yet both roots are positive: the nearer
        ((0.8, 0.9), 1, -0.10),  # sum 0.02, a gain, yet both roots are negative: the nearer
    ],
)
def test_which_of_several_is_quoted(growth: tuple[float, ...], sign: int, rate: float) -> None:
    result = periodic_irr(sign * np.poly(growth))
    assert result.status.label == "several"
    assert result.roots == pytest.approx([g - 1 for g in growth], abs=1e-12)
    assert result.rate == pytest.approx(rate, abs=1e-12)


def test_a_stream_that_breaks_even_has_the_root_zero() -> None:
    # Roots 0 and 40 %; what the sum's rounding says of the side must not matter.
    result = periodic_irr(-np.poly([1.0, 1.4]) * 0.1)
    assert result.rate == pytest.approx(0.0, abs=1e-12)
    assert result.status.label == "several"


# ------------------------------------------------------------------------------- double and worse


@pytest.mark.parametrize("rate", [-0.9, -0.31, -0.05, 0.0, 0.07, 0.5, 3.0, 40.0])
@pytest.mark.parametrize("gap", [1, 3])
def test_a_double_root_is_one_root(rate: float, gap: int) -> None:
    amounts = np.zeros(2 * gap + 1)
    amounts[::gap] = -np.poly([(1 + rate) ** gap] * 2)
    result = periodic_irr(amounts)
    assert result.status.label == "unique"
    assert result.roots == pytest.approx((rate,), rel=1e-6, abs=1e-7)


def test_a_double_root_beside_a_simple_one() -> None:
    result = periodic_irr(-np.poly([1.1, 1.1, 1.5]))
    assert result.roots == pytest.approx((0.1, 0.5), abs=1e-6)
    assert result.status.label == "several"


def test_just_off_a_double_root_there_are_two_or_none() -> None:
    assert len(periodic_irr([-100, 220.0001, -121]).roots) == 2
    assert periodic_irr([-100, 219.9999, -121]).status.label == "none"


@pytest.mark.parametrize("times", [3, 4, 6])
def test_a_root_of_high_multiplicity_is_one_root(times: int) -> None:
    result = periodic_irr(-np.poly([1.0] * times))
    assert result.roots == pytest.approx((0.0,), abs=1e-3)


# ------------------------------------------------------------------------------------ extremes


@pytest.mark.parametrize("rate", [1e6, 1e3, -0.9999, -0.99999999, 1e-9, -1e-9])
def test_very_high_and_very_low_rates(rate: float) -> None:
    amounts = [-1.0, 0.0, 0.0, (1 + rate) ** 3]
    assert periodic_irr(amounts).rate == pytest.approx(rate, rel=1e-6 if abs(rate) < 1e-6 else 1e-11)


def test_a_rate_stays_a_number_above_minus_one() -> None:
    high, low = (irr([-100, back], ["2020-01-01", "2020-01-02"]) for back in (1e9, 1e-9))
    assert high.status == low.status == IrrStatus.UNIQUE
    assert np.isfinite(high.rate)
    assert -1.0 < low.rate < -0.999


@pytest.mark.parametrize(
    ("amounts", "roots"),
    [
        # 9248 v - v^3 is 4 at v = 96.1663 and near v = 1/2312: one small flow at the end, at a high rate.
        ((4, -9248, 0, 1), (1 / 96.166306 - 1, 2310.9999999532)),
        # The same turned round: a small flow at the beginning, at a rate close to -100 %.
        ((1, 0, -9248, 4), (1 / 2311.9999999532 - 1, 95.166306)),
        ((-4e-7, 31_410, -0.28), (-1 + 0.28 / 31_410, 31_410 / 4e-7 - 1)),
    ],
)
def test_a_second_root_may_hang_on_a_small_flow(amounts: tuple[float, ...], roots: tuple[float, ...]) -> None:
    result = periodic_irr(amounts)
    assert result.status.label == "several"
    assert result.roots == pytest.approx(roots, rel=1e-5)


def test_flows_that_are_rounding_make_no_roots() -> None:
    # What is left of a sum that should be nought must not count as an outlay or a change of sign.
    assert periodic_irr([1e-17, -100, 110, -1e-17]).status.label == "unique"
    assert periodic_irr([1e-17, -100, 1e-17]).status.label == "total loss"


def test_flows_of_one_date_are_netted() -> None:
    dates = ["2020-01-01", "2020-01-01", "2021-01-01", "2021-01-01"]
    assert irr([-150, 50, 100, 10], dates).rate == irr([-100, 110], ["2020-01-01", "2021-01-01"]).rate


# ------------------------------------------------------------------------------------ refusals


@pytest.mark.parametrize(
    ("amounts", "dates", "words"),
    [
        ([-1, np.nan], ["2020-01-01", "2021-01-01"], r"amounts\[1\] is nan"),
        ([-1, np.inf], ["2020-01-01", "2021-01-01"], r"amounts\[1\] is inf"),
        ([-1, 2], ["2021-01-01", "2020-01-01"], r"dates\[1\] is 2020-01-01, before dates\[0\], 2021-01-01"),
        ([-1, 2, 3], ["2020-01-01", "2021-01-01"], "2 dates for 3 amounts"),
        ([-1, 2], ["2020-01-01", "31/12/2020"], "could not be read"),
        ([-1, 2], [2020, 2021], "is a number"),
        ([-1, 2], ["2020-01-01", None], "missing|could not be read"),
        ([[[1]]], ["2020-01-01"], "3 axes"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(amounts: list, dates: list, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        irr(amounts, dates)


def test_dates_with_an_hour_are_read_as_days() -> None:
    hours = [datetime.fromisoformat(text) for text in ("2020-01-01T18:00", "2021-01-01T06:00")]
    assert irr([-100, 110], hours) == irr([-100, 110], [date(2020, 1, 1), date(2021, 1, 1)])


def test_a_batch_names_period_and_scenario() -> None:
    amounts = np.ones((3, 10_000))
    amounts[2, 9_000] = np.nan
    with pytest.raises(ValueError, match=r"amounts\[2, 9000\] is nan"):
        irr(amounts, ["2020-01-01", "2020-01-01", "2021-01-01"])


@pytest.mark.parametrize("periods", [0, -1, np.inf, np.nan])
def test_periods_per_year_must_be_a_number_above_nought(periods: float) -> None:
    with pytest.raises(ValueError, match="periods_per_year"):
        periodic_irr([-1, 2], periods)


# ---------------------------------------------------------------------------------- properties

flows = st.lists(st.floats(-1e6, 1e6).map(lambda x: round(x, 2)), min_size=1, max_size=24)
gaps = st.integers(0, 400)


@given(flows, st.sampled_from([1e12, 1e-12, 3.0, 1e-30]))
def test_the_scale_of_the_flows_does_not_matter(amounts: list[float], scale: float) -> None:
    plain, scaled = periodic_irr(amounts), periodic_irr(np.array(amounts) * scale)
    assert scaled.status == plain.status
    assert scaled.roots == pytest.approx(plain.roots, rel=1e-6, abs=1e-6)


@given(flows)
def test_the_other_side_of_the_contract_has_the_same_roots(amounts: list[float]) -> None:
    assert periodic_irr(np.negative(amounts)).roots == pytest.approx(periodic_irr(amounts).roots, rel=1e-9, abs=1e-9)


@given(flows)
def test_time_turned_round_turns_the_growth_round(amounts: list[float]) -> None:
    forward, back = periodic_irr(amounts), periodic_irr(amounts[::-1])
    turned = [1 / (1 + root) for root in reversed(back.roots)]
    assert [1 + root for root in forward.roots] == pytest.approx(turned, rel=1e-5)


@given(flows, st.integers(0, 3), st.integers(0, 3))
def test_empty_periods_before_and_after_change_nothing(amounts: list[float], before: int, after: int) -> None:
    padded = periodic_irr([0.0] * before + amounts + [0.0] * after)
    assert padded.status == periodic_irr(amounts).status
    assert padded.roots == pytest.approx(periodic_irr(amounts).roots, rel=1e-6, abs=1e-6)


@given(flows, st.lists(gaps, min_size=24, max_size=24))
def test_the_present_value_at_every_root_is_nought(amounts: list[float], days: list[int]) -> None:
    dates = [date(2000, 1, 1) + timedelta(days=int(day)) for day in np.cumsum(days[: len(amounts)])]
    for root in irr(amounts, dates).roots:
        assume(-0.99 < root < 100)
        size = npv(root, np.abs(amounts), dates)
        assert abs(npv(root, amounts, dates)) <= 1e-11 * size


@given(st.lists(st.floats(0.01, 1e4), min_size=1, max_size=20), st.floats(-0.5, 2.0))
def test_a_stream_made_from_a_rate_gives_it_back(paid_back: list[float], rate: float) -> None:
    growth = (1 + rate) ** -np.arange(1, len(paid_back) + 1)
    result = periodic_irr([-float(np.dot(paid_back, growth)), *paid_back])
    assert result.rate == pytest.approx(rate, rel=1e-11, abs=1e-13)
    assert result.status.label == "unique"


@given(flows, st.lists(gaps, min_size=24, max_size=24))
def test_any_stream_has_an_answer_that_hangs_together(amounts: list[float], days: list[int]) -> None:
    dates = np.datetime64("2000-01-01") + np.cumsum(days[: len(amounts)]).astype("timedelta64[D]")
    result = irr(amounts, dates)
    assert list(result.roots) == sorted(set(result.roots))
    assert (result.status == IrrStatus.UNIQUE) == (len(result.roots) == 1)
    assert (result.status == IrrStatus.SEVERAL) == (len(result.roots) > 1)
    assert (result.rate is None) == (result.status in (IrrStatus.NONE, IrrStatus.NO_OUTLAY))
    assert result.rate in (*result.roots, -1.0, None)


# ------------------------------------------------------------------------------ second opinions


def ordinary(rng: np.random.Generator) -> np.ndarray:
    drawn = -rng.uniform(20, 120, rng.integers(1, 9))
    return np.concatenate([drawn, rng.gamma(2.0, 40.0, 40 - len(drawn)) * rng.integers(0, 2, 40 - len(drawn)), [5.0]])


def quarters(count: int) -> list[date]:
    return [date(2015 + month // 12, month % 12 + 1, 1) for month in range(0, 3 * count, 3)]


def test_pyxirr_agrees_where_there_is_one_root() -> None:
    rng = np.random.default_rng(11)
    for _ in range(200):
        amounts = ordinary(rng)
        dates = quarters(len(amounts))
        # pyxirr stops within 1e-9.
        assert irr(amounts, dates).rate == pytest.approx(pyxirr.xirr(dates, amounts), abs=2e-9)
        assert periodic_irr(amounts).rate == pytest.approx(pyxirr.irr(amounts), abs=2e-9)


def test_numpy_financial_agrees_where_there_is_one_root() -> None:
    rng = np.random.default_rng(12)
    for _ in range(20):
        amounts = ordinary(rng)
        assert periodic_irr(amounts).rate == pytest.approx(numpy_financial.irr(amounts), rel=1e-9)


@pytest.mark.parametrize("scale", [1.0, 1e12, 1e-12])
def test_mpmath_agrees_to_twelve_digits(scale: float) -> None:
    rng = np.random.default_rng(13)
    with mpmath.workdps(40):
        for _ in range(20):
            amounts = ordinary(rng) * scale
            dates = quarters(len(amounts))
            years = [mpmath.mpf((day - dates[0]).days) / 365 for day in dates]
            terms = list(zip([mpmath.mpf(float(amount)) / scale for amount in amounts], years, strict=True))
            rate = irr(amounts, dates).rate
            exact = mpmath.findroot(lambda r, terms=terms: sum(a * (1 + r) ** -t for a, t in terms), mpmath.mpf(rate))
            assert abs(rate - exact) <= 1e-12 * abs(exact)


def exact_roots(amounts: np.ndarray) -> list[float]:
    """Real roots above -1 of a polynomial, from all its complex ones, with 60 digits."""
    trimmed = np.trim_zeros(amounts)
    with mpmath.workdps(60):
        growth = mpmath.polyroots([mpmath.mpf(float(a)) for a in trimmed], maxsteps=500, extraprec=400)
        real = [mpmath.re(z) for z in growth if abs(mpmath.im(z)) < abs(z) * mpmath.mpf(10) ** -25]
        return sorted(float(z - 1) for z in real if z > 0)


def awkward(rng: np.random.Generator, kind: int) -> np.ndarray:
    periods = int(rng.integers(3, 22))
    if kind == 0:
        return rng.normal(size=periods)
    if kind == 1:
        return np.round(3 * rng.normal(size=periods))
    if kind == 2:
        return -np.poly(rng.uniform(0.3, 2.5, size=5))
    if kind == 3:
        return rng.normal(size=periods) * 10.0 ** rng.uniform(-4, 4, size=periods)
    return rng.normal(size=periods) * (rng.random(periods) < 0.4)


@pytest.mark.filterwarnings("ignore:Descending")
@pytest.mark.parametrize("kind", range(5))
def test_all_real_roots_of_awkward_streams_are_found(kind: int) -> None:
    rng = np.random.default_rng(100 + kind)
    for _ in range(40):
        amounts = awkward(rng, kind)
        if (amounts > 0).any() and (amounts < 0).any():
            exact = pytest.approx(exact_roots(amounts), rel=1e-6, abs=1e-6)
            assert periodic_irr(amounts).roots == exact, amounts
            # One stream and many have a search each.
            roots = periodic_irr(np.column_stack([amounts, amounts])).roots[:, 1]
            assert tuple(roots[~np.isnan(roots)]) == exact, amounts
