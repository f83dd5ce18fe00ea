"""Every real root of one stream: the search of `sib.value.roots` with plain numbers.

The arrays that serve thousands of streams cost more than the sums where there is one. The proofs, the grid of
rates and the limits are the same.
"""

from __future__ import annotations

from itertools import pairwise
from math import inf, isinf, log
from typing import NamedTuple

import numpy as np

from sib.value.cells import TINY, TOUCHES
from sib.value.discounting import Axis
from sib.value.flows import Floats
from sib.value.present import MODERATE
from sib.value.roots import CLOSE, FIRST_LOOK, NARROW

# A step of Newton's rule this small, as x times span, leaves nothing.
LAST_STEP = 1e-9
# Turns of Newton's rule kept in brackets, after which the bracket is as narrow as numbers allow.
MOST_TURNS = 200


class Seen(NamedTuple):
    """The stream at a rate x: logarithms of the present values of inflows and outflows, and their mean times."""

    x: float
    log_in: float
    mean_in: float
    log_out: float
    mean_out: float

    @property
    def gap(self) -> float:
        """ln(inflows/outflows)."""
        return self.log_in - self.log_out

    @property
    def slope(self) -> float:
        """The gap's derivative by x."""
        return self.mean_out - self.mean_in


Cell = tuple[Seen, Seen]


def roots_of_one(amounts: Floats, axis: Axis) -> list[float]:
    """All real roots x = ln(1+r) of a stream of shape (periods,), ascending, a double root once.

    It needs an inflow and an outflow.
    """
    one = _One(amounts, axis)
    points = [one.at_end(first=False), *one.first_looks(), one.at_end(first=True)]
    cells = list(pairwise(points))
    found: list[float] = []
    while cells:
        cell = cells.pop()
        settled = _settled(one, cell)
        if settled is None:
            middle = one.look(_between(cell[0].x, cell[1].x, one.span))
            cells += [(cell[0], middle), (middle, cell[1])]
        else:
            found += settled
    return _without_repeats(one, sorted(found))


class _One:
    """One stream, made ready to be looked at."""

    def __init__(self, amounts: Floats, axis: Axis) -> None:
        some = np.flatnonzero(amounts)
        amounts, self.years, self.span = amounts[some], axis.years[some], axis.span
        self.size = np.abs(amounts)
        inward = (amounts > 0).astype(np.float64)
        # Discounted sizes times these give both sides' sums and first moments.
        self.sides = np.array([inward, inward * self.years, 1 - inward, (1 - inward) * self.years])

    def look(self, x: float) -> Seen:
        if abs(x) * self.span > MODERATE:
            return self._look_far(x)
        total_in, first_in, total_out, first_out = (self.sides @ (self.size * np.exp(self.years * -x))).tolist()
        return Seen(x, log(total_in), first_in / total_in, log(total_out), first_out / total_out)

    def _look_far(self, x: float) -> Seen:
        """The same where a discount factor may be too large or too small for a number."""
        logs = np.log(self.size) - self.years * x
        parts = []
        for side in (self.sides[0] > 0, self.sides[2] > 0):
            top = float(logs[side].max())
            weights = np.exp(logs[side] - top)
            parts += [top + log(weights.sum()), float(weights @ self.years[side] / weights.sum())]
        return Seen(x, *parts)

    def first_looks(self) -> list[Seen]:
        x = np.concatenate([-FIRST_LOOK[::-1], FIRST_LOOK]) / self.span
        sums = self.sides @ (self.size[:, None] * np.exp(self.years[:, None] * -x))
        sums[1::2] /= sums[::2]
        sums[::2] = np.log(sums[::2])
        return [Seen(*each) for each in np.vstack([x, sums]).T.tolist()]

    def at_end(self, *, first: bool) -> Seen:
        """The limit as x grows without bound (`first`: the first flows rule), or falls so (the last)."""
        pick = 0 if first else -1
        time_in, time_out = (float(self.years[side > 0][pick]) for side in self.sides[::2])
        leads = time_in < time_out if first else time_in > time_out
        return Seen(inf if first else -inf, inf if leads else -inf, time_in, 0.0, time_out)


def _settled(one: _One, cell: Cell) -> list[float] | None:
    """The roots of a cell that one of the proofs settles, else None."""
    low, high = cell
    crosses = (low.gap >= 0) != (high.gap >= 0)
    if high.mean_out >= low.mean_in or low.mean_out <= high.mean_in:
        return [_refined(one, cell)] if crosses else []
    if not crosses and _is_clear(cell):
        return []
    width = high.x - low.x
    if all(abs(end.gap) <= TOUCHES and abs(end.slope) * width <= 4 * TOUCHES for end in cell):
        return [0.5 * (low.x + high.x)]
    return _narrow(one, cell) if width * one.span < NARROW else None


def _is_clear(cell: Cell) -> bool:
    """Whether the larger logarithm's tangents stay above the smaller's chord."""
    low, high = cell
    width = high.x - low.x
    if isinf(width):
        return False
    if low.gap < 0:
        low, high = (end._replace(log_in=end.log_out, mean_in=end.mean_out, log_out=end.log_in) for end in cell)
    bend = max(low.mean_in - high.mean_in, TINY)
    meet = min(max((low.log_in - high.log_in - high.mean_in * width) / bend, 0.0), width)
    chord = low.log_out + (high.log_out - low.log_out) * (meet / width)
    return low.log_in - low.mean_in * meet - chord > TOUCHES


def _narrow(one: _One, cell: Cell) -> list[float]:
    """Roots of a cell in which the gap turns once at most: the turning point parts them, or touches nought."""
    turn = one.look(_turning_point(one, cell))
    if abs(turn.gap) <= TOUCHES:
        return [turn.x]
    parts = ((cell[0], turn), (turn, cell[1]))
    return [_refined(one, part) for part in parts if (part[0].gap >= 0) != (part[1].gap >= 0)]


def _turning_point(one: _One, cell: Cell) -> float:
    """Where the gap's slope is nought, by the secant rule; the low end, where it keeps its sign."""
    before, now = cell
    if (before.slope >= 0) == (now.slope >= 0):
        return before.x
    for _ in range(4):
        rise = now.slope - before.slope
        x = now.x - now.slope * (now.x - before.x) / rise if rise else now.x
        before, now = now, one.look(min(max(x, cell[0].x), cell[1].x))
    return now.x


def _refined(one: _One, cell: Cell) -> float:
    """The one root of a cell across which the gap changes sign: Newton's rule kept in brackets."""
    low, high = cell[0].x, cell[1].x
    rising = cell[1].gap >= 0
    x = _start(cell, one.span)
    for turn in range(MOST_TURNS):
        look = one.look(x)
        low, high = (low, x) if (look.gap >= 0) == rising else (x, high)
        nearer = x - look.gap / look.slope if look.slope else inf
        inside = low <= nearer <= high and turn % 8 < 6
        move = nearer if inside else _between(low, high, one.span)
        if abs(move - x) * one.span < (LAST_STEP if inside else 1e-15):
            return move
        x = move
    return x


def _start(cell: Cell, span: float) -> float:
    """Hermite's cubic for x as a function of the gap, at nought; where an end is unbounded, Newton's rule."""
    low, high = cell
    if isinf(low.x) or isinf(high.x):
        end = high if isinf(low.x) else low
        x = end.x - end.gap / end.slope if end.slope else inf
        return x if low.x < x < high.x else _between(low.x, high.x, span)
    s = low.gap / (low.gap - high.gap)
    chord = low.x + (high.x - low.x) * s * s * (3 - 2 * s)
    if low.slope and high.slope:
        chord += (high.gap - low.gap) * s * (1 - s) * ((1 - s) / low.slope - s / high.slope)
    return chord if low.x < chord < high.x else _between(low.x, high.x, span)


def _between(low: float, high: float, span: float) -> float:
    """The middle of an interval; of an unbounded one, twice its finite end."""
    if isinf(high):
        return low + abs(low) + 1 / span
    return high - abs(high) - 1 / span if isinf(low) else 0.5 * (low + high)


def _without_repeats(one: _One, found: list[float]) -> list[float]:
    """Neighbours between which the gap stays nought are one root, split by rounding."""
    runs: list[list[float]] = []
    for x in found:
        near = runs and (x - runs[-1][-1]) * one.span < CLOSE
        if near and abs(one.look(0.5 * (runs[-1][-1] + x)).gap) <= 4 * TOUCHES:
            runs[-1].append(x)
        else:
            runs.append([x])
    return [0.5 * (run[0] + run[-1]) for run in runs]
