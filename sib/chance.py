"""Sampling noise: what a number of people does when each of them has a known chance.

Scenarios are drawn in cells. Each cell of each path has a stream of its own, so that neither blocks nor threads nor
other assumptions change a draw. A slightly higher share gives the same successes and a few more, which is what
comparing two contracts needs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.random import PCG64DXSM, Generator
from numpy.random.bit_generator import ISeedSequence
from numpy.typing import NDArray

Row = NDArray[np.float64]
Rows = NDArray[np.float64]

CELL = 8192
"""Scenarios that are drawn from one stream together; blocks are whole cells."""

# More people than this are halved by a normal quantile; fewer by counting random bits, which is exact.
_COUNTED = 256
# So few who are undecided are decided one by one, each by the rest of the share.
_ONE_BY_ONE = 4
_ONE = {width: np.dtype(f"u{width // 8}").type(1) for width in (8, 16, 32, 64)}
# The places of a byte's binary digits, the highest first.
_PLACES = np.arange(7, -1, -1, dtype=np.uint8)[:, None]
# Counts with more variance than this are drawn by a normal quantile with its next two terms; others exactly.
_MANY, _VERY_MANY = 64.0, 500.0


class _Words(ISeedSequence):
    """A generator's first state: the words of a digest, which are as good as random and cost less than numpy's own."""

    def __init__(self, words: NDArray[np.uint64]) -> None:
        self._words = words

    def generate_state(self, n_words: int, dtype: Any = np.uint32) -> Any:
        """As many words as the generator asks for: four of 64 bits."""
        return self._words.view(dtype)[:n_words]


def stream(seed: int, cell: int, path: str) -> PCG64DXSM:
    """The random numbers of one path in one cell of a simulation with this seed."""
    digest = blake2b(f"{seed}/{cell}/{path}".encode(), digest_size=32).digest()
    words: Any = _Words(np.frombuffer(digest, "<u8"))
    return PCG64DXSM(words)


class Chance:
    """Sampling noise of participants for scenarios first … first + scenarios - 1 of a simulation with one seed.

    `first` is a multiple of CELL; ValueError otherwise. Every method takes and gives arrays of shape
    (dates, scenarios); (dates, 1), a row or a number stands for all. `deviates` are normal ones by path, for the few
    errors that are spread evenly (Sobol points) in place of being drawn.
    """

    def __init__(self, seed: int, first: int, scenarios: int, deviates: Mapping[str, Row] | None = None) -> None:
        if first % CELL:
            raise ValueError(f"scenario {first} does not begin a cell of {CELL}")
        self.seed, self.first, self.scenarios = seed, first, scenarios
        self._deviates = deviates or {}

    def binomial(self, path: str, people: Rows, share: Rows | Row | float) -> Rows:
        """How many of `people` have what each of them has with chance `share`: whole numbers, mean people times share.

        A part of a person is a person with that chance. Shares are held between 0 and 1.
        """
        return self._each(path, _binomial, people, np.clip(share, 0.0, 1.0))

    def beta_binomial(self, path: str, people: Rows, share: Row | float, correlation: float | Row) -> Rows:
        """The same where people resemble each other: the intra-class correlation of any two, on one date or on two.

        Variance n p (1-p) (1 + (n-1) correlation); the share itself is drawn from a beta distribution, once for all
        dates.
        """
        share, correlation = np.atleast_2d(np.clip(share, 0.0, 1.0)), np.asarray(correlation, float)
        known = np.broadcast_to(share, (1, max(share.shape[-1], correlation.size)))
        drawn = self._each(f"{path}/correlation", _beta, known, correlation)
        return self.binomial(path, people, drawn)

    def poisson(self, path: str, mean: Rows, dispersion: float | Row = 1.0) -> Rows:
        """Counts with this mean and with variance `dispersion` times the mean (negative binomial above 1)."""
        dispersion = np.asarray(dispersion, float)
        if (dispersion > 1).any():
            mean = self._each(f"{path}/dispersion", _gamma, mean, dispersion)
        return self._each(path, _poisson, mean, 0.0)

    def normal(self, path: str, rows: int) -> Rows:
        """Standard normal deviates, (rows, scenarios)."""
        if rows == 1 and path in self._deviates:
            return self._deviates[path][None]
        return self._each(path, _normal, np.ones((rows, 1)), 0.0)

    def _each(self, path: str, draw: Callable[[PCG64DXSM, Row, Row], Row], rows: Rows, other: Rows | float) -> Rows:
        """The draws cell by cell, all dates of a cell together; a date on which there is nothing stays nothing."""
        rows, others = np.asarray(rows, float), np.asarray(other, float)
        others = np.broadcast_to(others, (len(rows), others.shape[-1] if others.ndim else 1))
        drawn = np.zeros((len(rows), self.scenarios))
        for begin in range(0, self.scenarios, CELL):
            cut = slice(begin, min(begin + CELL, self.scenarios))
            filled = np.flatnonzero(_cut(rows, cut).any(axis=1))
            if filled.size:
                bits = stream(self.seed, (self.first + begin) // CELL, path)
                kept = slice(None) if filled.size == len(rows) else filled
                flat = draw(bits, *(_whole_cell(_cut(part, cut)[kept]) for part in (rows, others)))
                drawn[kept, cut] = flat.reshape(len(filled), CELL)[:, : cut.stop - begin]
        return drawn


def _cut(rows: Rows, cut: slice) -> Rows:
    return rows if rows.shape[1] == 1 else rows[:, cut]


def _whole_cell(rows: Rows) -> Row:
    """The scenarios of a whole cell, one date after another; beyond the last scenario there is nothing."""
    if rows.shape[1] == CELL:
        return rows.ravel()
    if rows.shape[1] == 1:
        return np.repeat(rows[:, 0], CELL)
    return np.pad(rows, ((0, 0), (0, CELL - rows.shape[1]))).ravel()


def _binomial(bits: PCG64DXSM, people: Row, share: Row) -> Row:
    """Whole people, each with their chance, and one more for what is left of a person."""
    whole = np.maximum(np.floor(people), 0.0)
    part = people - whole
    # No variance is more than a quarter of the people.
    draw = _successes if whole.max() <= 4 * _VERY_MANY else _some_of_many
    drawn = draw(bits, whole, share)
    if part.any():
        drawn += Generator(bits).random(len(part)) < part * share
    return drawn


def _some_of_many(bits: PCG64DXSM, whole: Row, share: Row) -> Row:
    """By the normal quantile where the variance is large; the others person by person."""
    variance = whole * share * (1 - share)
    many = variance > _VERY_MANY
    drawn = np.zeros(len(whole))
    if many.any():
        z, skew = Generator(bits).standard_normal(len(whole)), 1 - 2 * share
        drawn = _by_quantile(z, whole * share, np.maximum(variance, 1.0), skew, 1 - 6 * share * (1 - share))
        drawn = np.where(many, np.clip(drawn, 0.0, whole), 0.0)
    if not many.all():
        drawn += _successes(bits, np.where(many, 0.0, whole), share)
    return drawn


def _by_quantile(z: Row, mean: Row, variance: Row, third: Row | float, fourth: Row | float) -> Row:
    """A count at a normal deviate, by Cornish and Fisher; `third` and `fourth` are cumulants over the variance."""
    spread = np.sqrt(variance - 1 / 12)  # a rounded number has a twelfth more variance (Sheppard)
    curve = (z**3 - 3 * z) * (fourth / 24) - (2 * z**3 - 5 * z) * (third * third / 36)
    return np.asarray(np.floor(mean + spread * z + third * (z * z - 1) / 6 + curve / spread + 0.5))


def _successes(bits: PCG64DXSM, people: Row, share: Row) -> Row:
    """Binomial draws digit by digit of the share.

    Each person's uniform number is compared with the share, one binary digit at a time. A digit that is the share's
    own leaves the person undecided; on average half of them are, so the loop is short.
    """
    count = np.zeros(len(people))
    undecided: NDArray[Any] = people.astype(np.uint8 if people.max() < _COUNTED else np.int64)
    digits = (np.minimum(share, 1 - 2.0**-53) * 2.0**53).astype(np.uint64) << np.uint64(11)
    # At first all are looked at, later those of whom some are undecided.
    places: slice | NDArray[np.intp] = slice(None)
    while (most := int(undecided.max(initial=0))) > _ONE_BY_ONE:
        successes, undecided = _eight_digits(bits, undecided, (digits >> np.uint64(56)).astype(np.uint8))
        count[places] += successes
        left = _filled(undecided)
        places = left if isinstance(places, slice) else places[left]
        undecided, digits = undecided[left], digits[left] << np.uint64(8)
    if isinstance(places, slice):
        places = _filled(undecided)
        undecided, digits = undecided[places], digits[places]
    rest, generator = digits * 2.0**-64, Generator(bits)
    successes = np.zeros(len(places))
    for person in range(most):
        successes += (generator.random(len(places)) < rest) & (undecided > person)
    count[places] += successes
    return count


def _filled(counts: NDArray[Any]) -> NDArray[np.intp]:
    """Where there is anyone: numpy looks for what is true three times as fast as for what is not nought."""
    return np.asarray((counts != 0).nonzero()[0])


def _eight_digits(bits: PCG64DXSM, undecided: NDArray[Any], byte: NDArray[np.uint8]) -> tuple[NDArray[Any], ...]:
    """Successes by eight binary digits of the shares, and who is still undecided."""
    count = np.zeros_like(undecided)
    for digit in (byte >> _PLACES) & np.uint8(1):
        most = int(undecided.max())
        if not most:
            break
        ones = _halved(bits, undecided, most)
        zeros = undecided - ones
        count += digit * zeros
        undecided = zeros + digit * (ones - zeros)
    return count, undecided


def _halved(bits: PCG64DXSM, people: NDArray[Any], most: int) -> NDArray[Any]:
    """How many of the people have a one: binomial with a half."""
    if most >= _COUNTED:
        return _halved_by_normal(bits, people)
    width = next((bit for bit in (8, 16, 32) if most <= bit), 64)
    if most <= width:
        return _ones(bits, people, width).astype(people.dtype, copy=False)
    here = np.minimum(people, people.dtype.type(width))
    ones = _ones(bits, here, width).astype(people.dtype, copy=False)
    return np.asarray(ones + _halved(bits, people - here, most - width))


def _ones(bits: PCG64DXSM, people: NDArray[Any], width: int) -> NDArray[Any]:
    """How many of at most `width` people have a one, each a bit of a word of that width."""
    whole = _ONE[width]
    words = bits.random_raw(-(-len(people) * width // 64)).view(whole.dtype)[: len(people)]
    # A shift by the whole width gives nought, so that nought less one is a word of ones.
    mask = np.left_shift(whole, people.astype(whole.dtype, copy=False))
    mask -= whole
    mask &= words
    return np.asarray(np.bitwise_count(mask))


def _halved_by_normal(bits: PCG64DXSM, people: NDArray[Any]) -> NDArray[Any]:
    """Half of many by the normal quantile; few among them by counting bits."""
    z = Generator(bits).standard_normal(len(people))
    many = people >= _COUNTED
    ones = np.clip(_by_quantile(z, people / 2, np.maximum(people / 4, 1.0), 0.0, -0.5), 0, people).astype(people.dtype)
    if many.all():
        return ones
    few = np.where(many, 0, people)
    counted = _halved(bits, few, max(1, int(few.max())))
    return np.asarray(np.where(many, ones, counted))


def _poisson(bits: PCG64DXSM, mean: Row, _: Row) -> Row:
    """Counts by inversion of the distribution function; many by the normal quantile."""
    mean = np.maximum(mean, 0.0)
    few = mean < _MANY
    drawn = np.zeros(len(mean))
    if few.any():
        drawn[few] = _searched(Generator(bits).random(len(mean))[few], mean[few])
    if not few.all():
        z, many = Generator(bits).standard_normal(len(mean))[~few], mean[~few]
        drawn[~few] = np.maximum(_by_quantile(z, many, many, 1.0, 1.0), 0.0)
    return drawn


def _searched(uniform: Row, mean: Row) -> Row:
    """The smallest count whose distribution function reaches the uniform number."""
    drawn, left = np.zeros(len(mean)), np.arange(len(mean))
    chance = np.exp(-mean)
    above = uniform - chance
    for count in range(1, 1000):
        kept = above >= 0
        if not kept.all():
            left, mean, chance, above = left[kept], mean[kept], chance[kept], above[kept]
        if not left.size:
            break
        drawn[left] = count
        chance = chance * (mean / count)
        above = above - chance
    return drawn


def _gamma(bits: PCG64DXSM, mean: Row, dispersion: Row) -> Row:
    """A Poisson mean that varies so that the count has `dispersion` times its mean as variance."""
    scale = np.maximum(dispersion - 1, 0.0)
    varies = (scale > 0) & (mean > 0)
    shape = np.where(varies, mean / np.where(varies, scale, 1.0), 1.0)
    return np.where(varies, Generator(bits).standard_gamma(shape) * scale, mean)


def _beta(bits: PCG64DXSM, share: Row, correlation: Row) -> Row:
    """A share that varies so that two people of one date are correlated."""
    varies = (correlation > 0) & (share > 0) & (share < 1)
    rest = np.where(varies, 1 / np.where(varies, correlation, 1.0) - 1, 1.0)
    generator = Generator(bits)
    yes = generator.standard_gamma(np.where(varies, share * rest, 1.0))
    no = generator.standard_gamma(np.where(varies, (1 - share) * rest, 1.0))
    total = yes + no
    return np.where(varies & (total > 0), yes / np.where(total > 0, total, 1.0), share)


def _normal(bits: PCG64DXSM, _: Row, __: Row) -> Row:
    return Generator(bits).standard_normal(len(_))
