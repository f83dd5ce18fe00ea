"""Internal rates of return of many streams on shared dates: a quick pass for all, all roots for the rest.

The quick pass takes each stream's start from the cumulants of its inflows and outflows over time, one step
of the third order, and then a proof that the root is the only one: if the balance outstanding at that rate
never changes sides (a pure investment, or a pure loan), there is no other (Teichroew, Robichek and
Montalbano, 1965). It settles almost every stream of an ordinary deal. The others go to `sib.value.roots`, one
alone to `sib.value.roots_of_one`.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sib.value.discounting import LEFT, Axis, balances, finished, third_order_step
from sib.value.flows import Floats, refuse_non_finite
from sib.value.irr_start import QuickStart, Start
from sib.value.present import Mask, Rows
from sib.value.roots import all_roots
from sib.value.roots_of_one import roots_of_one

Codes = NDArray[np.int8]

# Scenarios in a block: a row of them stays in the processor's nearest memory.
BLOCK = 8192
# Streams that are searched for all roots together.
CHUNK = 4096
# Of the flows: a balance this small is nought, and beside changes of sign a flow this small is rounding.
ROUNDING = 1e-14
# Where the sign changes once only, no flow is too small for a rate but those that discounting would lose.
VANISHING = 1e-120
# Amounts up to this are taken as they are; larger or smaller ones are scaled first.
HANDY = 1e30


class IrrStatus(IntEnum):
    """What is known of an internal rate of return; `label` is its word, which `str` gives too."""

    UNIQUE = 0
    SEVERAL = 1
    NONE = 2
    TOTAL_LOSS = 3
    NO_OUTLAY = 4

    @property
    def label(self) -> str:
        """One of `unique`, `several`, `none`, `total loss`, `no outlay`."""
        return self.name.lower().replace("_", " ")

    def __str__(self) -> str:
        return self.label


class Solved(NamedTuple):
    """Answers of a batch in x = ln(1+r) per year: `status` and the `roots`, nan after the last.

    `roots` has shape (most roots, streams), ascending; `gain` is the undiscounted sum where there are
    several roots, else 0.
    """

    status: Codes
    roots: Floats
    gain: Floats


def solve(amounts: Floats, years: Floats) -> Solved:
    """Every stream of amounts of shape (periods, streams), years from the first date, never decreasing.

    Raises ValueError for an amount that is not finite; whatever else the flows are, it has an answer.
    """
    given = amounts
    amounts, years = _one_flow_a_date(*_from_first_flow(amounts, years))
    count = amounts.shape[1]
    if len(years) == 0:
        return Solved(np.full(count, IrrStatus.NO_OUTLAY, np.int8), np.full((1, count), np.nan), np.zeros(count))
    batch, quick = Batch(amounts, Axis(years)), QuickStart(years, count)
    with np.errstate(all="ignore"):
        for block in _slices(count, BLOCK):
            start = quick(amounts[:, block], batch.work)
            if not np.isfinite(start.net.sum()):
                refuse_non_finite(given)
            batch.take_quick_pass(block, start)
        batch.take_second_pass()
        return batch.solved()


def _from_first_flow(amounts: Floats, years: Floats) -> tuple[Floats, Floats]:
    """Without the dates before anything happens in any stream; years count from the first that is left."""
    first = 0
    while first < len(years) and not amounts[first].any():
        first += 1
    return amounts[first:], years[first:] - years[first : first + 1]


def _one_flow_a_date(amounts: Floats, years: Floats) -> tuple[Floats, Floats]:
    fresh = np.ones(len(years), dtype=bool)
    fresh[1:] = years[1:] > years[:-1]
    if fresh.all():
        return amounts, years
    return np.add.reduceat(amounts, np.flatnonzero(fresh), axis=0), years[fresh]


def _slices(count: int, size: int) -> list[slice]:
    return [slice(start, min(start + size, count)) for start in range(0, count, size)]


class Batch:
    """Streams on their way to an answer: `x` is the root so far, `found` to the last digits, `pure` the only one."""

    def __init__(self, amounts: Floats, axis: Axis) -> None:
        count = amounts.shape[1]
        self.amounts, self.axis = amounts, axis
        self.x, self.size = np.empty(count), np.empty(count)
        self.found, self.pure, self.lost = (np.zeros(count, dtype=bool) for _ in range(3))
        self.work = np.empty((len(amounts), min(count, BLOCK)))

    def take_quick_pass(self, block: slice, start: Start) -> None:
        """One step and the proof for a block of streams."""
        amounts = self.amounts[:, block]
        self.size[block] = start.inward - start.net
        self.lost[block] = _are_lost(amounts, (start.inward == 0) & (start.net < 0))
        self._improve(block, amounts, start.x)

    def take_second_pass(self) -> None:
        """The same for the streams for which one step was too short, from where it led."""
        again = np.flatnonzero(self.pure & ~self.found & np.isfinite(self.x))
        for part in _slices(len(again), BLOCK):
            rows = again[part]
            self._improve(rows, self.amounts.take(rows, axis=1), self.x[rows])

    def _improve(self, rows: slice | Rows, amounts: Floats, start: Floats) -> None:
        near = third_order_step(amounts, self.axis, start, self.work[:, : len(start)])
        value, wrong = balances(amounts, self.axis, near)
        self.x[rows], left = finished(near, value)
        # Where the rate is negative, balances shrink towards the first date, and what is rounding with them.
        growth = np.exp(-np.minimum(near.x, 0.0) * self.axis.span)
        slack = ROUNDING * self.size[rows] / growth
        self.pure[rows] = wrong <= slack
        # The proof is for the first flow that makes the value nought: it must have the sign of the one there is.
        first = np.abs(amounts[0])
        close = np.abs(value) <= np.where(first > slack * growth * growth * growth, first, slack)
        self.found[rows] = close & (left < LEFT)

    def solved(self) -> Solved:
        """The answers, those of the streams that are left from a search for all roots."""
        unique = self.found & self.pure
        status = np.where(self.lost, IrrStatus.TOTAL_LOSS, IrrStatus.UNIQUE).astype(np.int8)
        roots, gain = np.where(unique, self.x, np.nan)[None], np.zeros(len(unique))
        left = np.flatnonzero(~(unique | self.lost))
        for part in _slices(len(left), CHUNK):
            rows = left[part]
            status[rows], found, gain[rows] = _thorough(self.amounts.take(rows, axis=1), self.axis)
            if len(found) > len(roots):
                roots = np.vstack([roots, np.full((len(found) - len(roots), roots.shape[1]), np.nan)])
            roots[: len(found), rows] = found
        return Solved(status, roots, gain)


def _are_lost(amounts: Floats, suspects: Mask) -> Mask:
    """Which of the suspects, in whose groups of dates nothing is left of the inflows, have none at all."""
    lost = suspects.copy()
    lost[suspects] = (amounts[:, suspects] <= 0).all(axis=0)
    return lost


def _thorough(amounts: Floats, axis: Axis) -> tuple[Codes, Floats, Floats]:
    """Status, all roots, and undiscounted sum of streams of any kind."""
    amounts = _without_rounding(_scaled(amounts))
    paid_in, received = amounts.min(axis=0) < 0, amounts.max(axis=0) > 0
    rows = np.flatnonzero(paid_in & received)
    status = np.where(paid_in, IrrStatus.TOTAL_LOSS, IrrStatus.NO_OUTLAY).astype(np.int8)
    found = np.full((1, len(status)), np.nan)
    if len(rows):
        which, x = _roots_of(amounts if len(rows) == len(status) else amounts.take(rows, axis=1), axis)
        number = np.bincount(which, minlength=len(rows))
        status[rows] = np.choose(np.minimum(number, 2), [IrrStatus.NONE, IrrStatus.UNIQUE, IrrStatus.SEVERAL])
        found = np.full((max(1, int(number.max())), len(status)), np.nan)
        place = np.arange(len(x)) - (np.cumsum(number) - number)[which]
        found[place, rows[which]] = x
    return status, found, amounts.sum(axis=0)


def _roots_of(amounts: Floats, axis: Axis) -> tuple[Rows, Floats]:
    if amounts.shape[1] > 1:
        return all_roots(amounts, axis)
    x = np.array(roots_of_one(amounts[:, 0], axis))
    return np.zeros(len(x), dtype=np.intp), x


def _scaled(amounts: Floats) -> Floats:
    """Streams whose amounts are out of the ordinary, brought near 1 by a power of two, which rounds nothing."""
    largest = np.maximum(amounts.max(axis=0), -amounts.min(axis=0))
    if largest.min() > 1 / HANDY and largest.max() < HANDY:
        return amounts
    return np.asarray(np.ldexp(amounts, -np.frexp(largest)[1]))


def _without_rounding(amounts: Floats) -> Floats:
    """Streams freed of flows that are nothing beside the largest; what that is, their signs decide."""
    size = np.abs(amounts)
    largest = size.max(axis=0)
    if not ((size < ROUNDING * largest) & (size > 0)).any():
        return amounts
    nothing = np.where(_sign_changes(amounts) > 1, ROUNDING, VANISHING)
    return np.where(size < nothing * largest, 0.0, amounts)


def _sign_changes(amounts: Floats) -> NDArray[np.intp]:
    """Changes of sign along each stream, zeros left out (Descartes bounds the number of roots by them)."""
    latest = np.zeros(amounts.shape[1])
    changes = np.zeros(amounts.shape[1], dtype=np.intp)
    for sign in np.sign(amounts):
        changes += sign * latest < 0
        latest = np.where(sign != 0, sign, latest)
    return changes
