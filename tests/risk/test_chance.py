"""What people do by chance: the right distributions, and streams that nothing else disturbs."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from sib.chance import CELL, Chance

MANY = 16 * CELL


def fits(drawn: np.ndarray, chances: np.ndarray) -> float:
    """The p-value of Pearson's test that counts come with these chances."""
    seen = np.bincount(drawn.astype(int).ravel(), minlength=len(chances))[: len(chances)]
    expected = chances * drawn.size
    usual = expected > 10
    return float(stats.chi2.sf(((seen - expected)[usual] ** 2 / expected[usual]).sum(), usual.sum() - 1))


@pytest.mark.parametrize(
    ("people", "share"),
    [(1, 0.3), (7, 0.5), (24, 0.35), (60, 0.02), (200, 0.9), (300, 0.35), (1000, 0.02), (5000, 0.4)],
)
def test_successes_are_binomial(people, share):
    drawn = Chance(1, 0, MANY).binomial("a", np.full((2, 1), float(people)), share)
    assert fits(drawn, stats.binom.pmf(np.arange(people + 1), people, share)) > 1e-4


@pytest.mark.parametrize("mean", [0.1, 3.0, 20.0, 63.0, 65.0, 500.0])
def test_counts_are_poisson(mean):
    drawn = Chance(1, 0, MANY).poisson("a", np.full((2, 1), mean))
    assert fits(drawn, stats.poisson.pmf(np.arange(3 * int(mean) + 30), mean)) > 1e-4


def test_dispersed_counts_are_negative_binomial():
    # variance 2.5 x 20 = 50 is n (1 - p) / p^2 at p = 1 / 2.5 = 0.4, n = 20 x 0.4 / 0.6
    drawn = Chance(1, 0, MANY).poisson("a", np.full((2, 1), 20.0), 2.5)
    assert fits(drawn, stats.nbinom.pmf(np.arange(150), 20 * 0.4 / 0.6, 0.4)) > 1e-4


def test_people_who_resemble_each_other_are_beta_binomial():
    # correlation 0.1 is 1 / (a + b + 1): a + b = 9
    drawn = Chance(1, 0, MANY).beta_binomial("a", np.full((1, 1), 24.0), 0.35, 0.1)
    assert fits(drawn, stats.betabinom.pmf(np.arange(25), 24, 9 * 0.35, 9 * 0.65)) > 1e-4
    # Those of several dates resemble each other as well: 10 and 14 are as 24.
    parts = Chance(1, 0, MANY).beta_binomial("a", np.array([[10.0], [14.0]]), 0.35, 0.1)
    assert fits(parts.sum(axis=0), stats.betabinom.pmf(np.arange(25), 24, 9 * 0.35, 9 * 0.65)) > 1e-4


def test_no_correlation_is_binomial():
    people = np.full((1, 1), 24.0)
    alone = Chance(1, 0, CELL).binomial("a", people, 0.35)
    assert np.array_equal(alone, Chance(1, 0, CELL).beta_binomial("a", people, 0.35, 0.0))


def test_a_part_of_a_person_keeps_the_mean():
    drawn = Chance(1, 0, MANY).binomial("a", np.full((4, 1), 2.3), 0.4)
    assert drawn.mean() == pytest.approx(2.3 * 0.4, abs=4 * np.sqrt(0.6 / drawn.size))
    assert np.array_equal(drawn, np.round(drawn))


@pytest.mark.parametrize(("share", "wanted"), [(0.0, 0.0), (1.0, 24.0)])
def test_what_is_certain_is_certain(share, wanted):
    assert (Chance(1, 0, CELL).binomial("a", np.full((1, 1), 24.0), share) == wanted).all()


def test_blocks_are_parts_of_one_simulation():
    people = np.random.default_rng(0).integers(0, 60, (5, 3 * CELL)).astype(float)
    whole = Chance(7, 0, 3 * CELL).binomial("a", people, 0.35)
    first = Chance(7, 0, CELL).binomial("a", people[:, :CELL], 0.35)
    rest = Chance(7, CELL, 2 * CELL).binomial("a", people[:, CELL:], 0.35)
    assert np.array_equal(whole, np.hstack([first, rest]))


def test_fewer_scenarios_of_the_same_people_are_the_first_ones():
    people = np.full((3, 1), 24.0)
    many, few = (Chance(7, 0, count).binomial("a", people, 0.35) for count in (CELL, 100))
    assert np.array_equal(many[:, :100], few)


def test_a_path_has_a_stream_of_its_own():
    people = np.full((1, 1), 24.0)
    chance = Chance(1, 0, CELL)
    one, other = chance.binomial("a", people, 0.35), chance.binomial("b", people, 0.35)
    assert abs(np.corrcoef(one[0], other[0])[0, 1]) < 0.06  # four standard errors of 1 / sqrt(4096)
    assert np.array_equal(one, Chance(1, 0, CELL).binomial("a", people, 0.35))


def test_a_higher_share_gives_the_same_successes_and_more():
    people = np.full((2, 1), 24.0)
    low, high = (Chance(1, 0, CELL).binomial("a", people, share) for share in (0.35, 0.36))
    assert (high >= low).mean() > 0.999
    assert (high - low).mean() == pytest.approx(0.24, abs=0.02)


def test_nobody_does_nothing():
    people = np.zeros((3, CELL))
    people[1] = 10
    drawn = Chance(1, 0, CELL).binomial("a", people, 0.5)
    assert not drawn[[0, 2]].any()
    assert drawn[1].any()


def test_a_simulation_begins_with_a_cell():
    with pytest.raises(ValueError, match="does not begin a cell"):
        Chance(1, 5, 10)


def test_normal_deviates_are_normal():
    drawn = Chance(1, 0, MANY).normal("a", 2)
    assert drawn.shape == (2, MANY)
    assert stats.kstest(drawn.ravel(), "norm").pvalue > 1e-4
