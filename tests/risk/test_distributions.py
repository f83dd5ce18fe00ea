"""Each distribution has the quantiles, the mean and the limits that its name says."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import TypeAdapter, ValidationError
from scipy import stats

from sib.assumption import Amount, Assumption, Expected, ExpectedShare
from sib.risk.distributions import beta_quantile, ends_of, quantile_of

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
        ({"value": 0.3, "low": 0.6, "high": 0.1}, "the value 0.3 is outside its range 0.6 to 0.1"),
        ({"value": 0.3, "low": 0.1}, "a range needs both ends"),
        (
            {"value": 0.3, "sd": 0.6, "distribution": "beta"},
            r"no beta distribution of mean 0.3 has sd 0.6; under 0.4583",
        ),
        ({"value": 0, "sd": 0.1, "distribution": "beta"}, "lies between 0 and 1; its value 0 does not"),
        ({"value": 0.3, "sd": 0.2, "distribution": "normal"}, "outside what this can be with probability 0.067"),
        ({"value": 0, "sd": 0.2, "distribution": "lognormal"}, "a lognormal number is above 0"),
        ({"value": 0.3, "sd": 0.1}, "write which distribution has this sd"),
        ({"value": 0.3, "distribution": "uniform"}, "write a uniform distribution with low and high"),
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
