"""Each distribution has the quantiles, the mean and the limits that its name says."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import TypeAdapter, ValidationError
from scipy import stats

from sib.assumption import Amount, Assumption, Expected, ExpectedShare
from sib.case import Case
from sib.consistency import contradictions
from sib.risk.distributions import beta_quantile, ends_of, quantile_of
from sib.risk.draws import draws_of
from sib.risk.streams import Points
from tests.building import plain
from tests.risk.linear import linear

CHANCES = (np.arange(100_000) + 0.5) / 100_000
SHARE, NUMBER, TERM = TypeAdapter(ExpectedShare), TypeAdapter(Expected), TypeAdapter(Amount)

RANGE = {"value": 0.3, "low": 0.1, "high": 0.6}
# Of a lognormal with mean 2 and sd 1: variance of the logarithm ln(1 + 1/4).
LOG_SD = np.sqrt(np.log(1.25))

CASES = [
    # PERT: a = 1 + 4 (0.3 - 0.1) / 0.5 = 2.6, b = 1 + 4 (0.6 - 0.3) / 0.5 = 3.4
    (RANGE, stats.beta(2.6, 3.4, 0.1, 0.5)),
    ({**RANGE, "distribution": "pert"}, stats.beta(2.6, 3.4, 0.1, 0.5)),
    ({**RANGE, "distribution": "triangular"}, stats.triang(0.4, 0.1, 0.5)),
    ({**RANGE, "distribution": "uniform"}, stats.uniform(0.1, 0.5)),
    ({"value": 0.3, "low": 0.3, "high": 0.8}, stats.beta(1, 5, 0.3, 0.5)),
    ({"value": 0.8, "low": 0.3, "high": 0.8}, stats.beta(5, 1, 0.3, 0.5)),
    ({"value": 0.3, "low": 0.3, "high": 0.8, "distribution": "triangular"}, stats.triang(0, 0.3, 0.5)),
    ({"value": 10, "sd": 2, "distribution": "normal"}, stats.norm(10, 2)),
    ({"value": 2, "sd": 1, "distribution": "lognormal"}, stats.lognorm(LOG_SD, scale=2 / np.sqrt(1.25))),
    # Beta: a + b = 0.3 x 0.7 / 0.01 - 1 = 20
    ({"value": 0.3, "sd": 0.1, "distribution": "beta"}, stats.beta(6, 14)),
]


@pytest.mark.parametrize(("written", "wanted"), CASES)
def test_quantiles_are_those_of_the_distribution(written, wanted):
    found = quantile_of(NUMBER.validate_python(written))(CHANCES)
    assert found == pytest.approx(wanted.ppf(CHANCES), rel=1e-5, abs=1e-5)
    assert found.mean() == pytest.approx(wanted.mean(), rel=1e-4)


@pytest.mark.parametrize("shape", [(1, 5), (1.0001, 4.9), (0.2, 0.4), (50, 3), (300, 500)])
def test_the_table_of_a_beta_distribution_is_near(shape):
    assert beta_quantile(*shape, CHANCES) == pytest.approx(stats.beta.ppf(CHANCES, *shape), abs=2e-6)


def test_what_was_seen_comes_each_as_often():
    number = NUMBER.validate_python({"values": [6, 1, 2], "distribution": "empirical"})
    assert number.value == 3  # their mean
    found, often = np.unique(quantile_of(number)(CHANCES), return_counts=True)
    assert found.tolist() == [1, 2, 6]
    assert often == pytest.approx(np.full(3, 100_000 / 3), abs=1)


def test_a_normal_share_stays_between_0_and_1():
    number = SHARE.validate_python({"value": 0.3, "sd": 0.09, "distribution": "normal"})
    assert quantile_of(number)(np.array([1e-9, 0.5, 1 - 1e-16])) == pytest.approx([0, 0.3, 1])


def test_one_way_ends_are_low_and_high_or_one_in_twenty():
    assert ends_of(NUMBER.validate_python(RANGE)) == (0.1, 0.6)
    # 1.645 standard deviations either side hold all but one in twenty at each end.
    assert ends_of(NUMBER.validate_python({"value": 10, "sd": 2, "distribution": "normal"})) == pytest.approx(
        (10 - 2 * 1.644854, 10 + 2 * 1.644854), abs=1e-5
    )


def test_a_certain_number_has_no_distribution():
    with pytest.raises(ValueError, match="has no range"):
        quantile_of(Assumption(value=0.3))


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ({"value": 0.3, "low": 0.4, "high": 0.5}, "the value 0.3 is outside its range 0.4 to 0.5"),
        ({"value": 0.3, "low": 0.6, "high": 0.1}, "low is 0.6 and high 0.1; low must not be above high"),
        ({"value": 0.3, "low": 0.1}, "a range needs both ends"),
        (
            {"value": 0.3, "sd": 0.6, "distribution": "beta"},
            r"no beta distribution of mean 0.3 has sd 0.6; under 0.4583",
        ),
        ({"value": 0, "sd": 0.1, "distribution": "beta"}, "lies between 0 and 1; its value 0 does not"),
        ({"value": 0.3, "sd": 0.2, "distribution": "normal"}, "outside what this can be with probability 0.067"),
        ({"value": 0, "sd": 0.2, "distribution": "lognormal"}, "a lognormal number is above 0"),
        ({"value": 0.3, "sd": 0.1}, "write which distribution it has, as sd is given"),
        ({"value": 0.3, "distribution": "uniform"}, "distribution: uniform is written with low and high"),
        ({**RANGE, "sd": 0.1, "distribution": "normal"}, "with sd, without high and low"),
        ({"value": 0.3, "sd": -0.1, "distribution": "beta"}, "greater than 0"),
        ({"value": 0.9, "values": [0.1, 0.3], "distribution": "empirical"}, "outside its range 0.1 to 0.3"),
        ({"values": [0.1, 1.3], "distribution": "empirical"}, "must be at most 1"),
        ({**RANGE, "distribution": "gauss"}, "'pert', 'triangular'"),
    ],
)
def test_what_no_distribution_can_be_is_refused(written, words):
    with pytest.raises(ValidationError, match=words):
        SHARE.validate_python(written)


def test_a_term_has_no_distribution():
    with pytest.raises(ValidationError, match="a term was signed and has no range; remove distribution and sd"):
        TERM.validate_python({"value": 3, "sd": 1, "distribution": "normal"})


def test_a_distribution_is_written_as_it_was_read():
    for written, _ in CASES:
        number = NUMBER.validate_python(written)
        assert NUMBER.validate_python(NUMBER.dump_python(number)) == number


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ({"values": [-2, 3, 4], "distribution": "empirical"}, "must not be negative; -2 was written"),
        ({"value": 3, "low": -1, "high": 4}, "must not be negative"),
        # A normal around 3 with sd 50 is below nothing with a chance of Phi(-.06) = .48.
        ({"value": 3, "sd": 50, "distribution": "normal"}, "probability 0.48; write a lognormal, or low and high"),
    ],
)
def test_a_count_is_never_below_nothing(written, words):
    found = dict(contradictions(Case.from_data(plain(forecast={"outcomes": [{"id": "work", "per_start": written}]}))))
    assert words in found["forecast.outcomes.work.per_start"]


def test_points_may_be_lost():
    data = plain(forecast={"outcomes": [{"id": "work", "per_start": {"value": -2, "low": -4, "high": 1}}]})
    data["deal"]["outcomes"] = [{"id": "work", "kind": "quantity"}]
    assert contradictions(Case.from_data(data)) == []


def test_a_count_whose_tail_is_rounding_is_held_at_nothing():
    # Phi(-3.2) = .0007 is less than a thousandth.
    line = {"id": "work", "per_start": {"value": 3.2, "sd": 1, "distribution": "normal"}}
    case = Case.from_data(plain(forecast={"outcomes": [line]}))
    drawn = draws_of(case, Points("plain", 1, 65_536), 0, 65_536)["forecast.outcomes.work.per_start"]
    assert drawn.min() == 0
    assert drawn.mean() == pytest.approx(3.2, abs=0.02)


def test_a_rate_is_never_drawn_above_one():
    data = linear()
    data["deal"]["outcomes"] = [{"id": "work", "kind": "rate", "measured": "2020-12-31"}]
    points = [{"at": 0.2, "pays": 100}]
    data["deal"]["payments"] = [
        {"id": "work", "kind": "schedule", "outcome": "work", "points": points, "paid_by": "Council"}
    ]
    for spread in ({"values": [0.4, 1.2]}, {"value": 0.8, "sd": 0.2}):
        form = "empirical" if "values" in spread else "normal"
        data["forecast"]["outcomes"] = [{"id": "work", "per_start": spread | {"distribution": form}}]
        (told,) = contradictions(Case.from_data(data))
        assert told[0] == "forecast.outcomes.work.per_start"
        assert "is a rate, which is at most 1" in told[1]
