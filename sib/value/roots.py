"""Every real root of the streams that may have several: found by exclusion, so none is stepped over.

An interval of rates (`sib.value.cells`) is settled by one of two proofs: that it holds no root, or that it
holds one at most. What neither settles is halved, down to where the net present value turns once at most.
"""

from __future__ import annotations

import numpy as np

from sib.value.cells import TOUCHES, Cells, is_clear, is_flat, is_monotone, joined
from sib.value.discounting import LEFT, Axis, finished, present_value, third_order_step
from sib.value.flows import Floats
from sib.value.present import Look, Rows, Streams

# Rates at which every stream is looked at first, as x times the span of the stream.
FIRST_LOOK = np.array([0.35, 1.7, 3.8, 6.8, 12.0, 24.0])
# Below this width (x times span) an interval holds at most one turning point, which is then located.
NARROW = 1e-4
# Neighbouring roots nearer than this (x times span) may be one root of high multiplicity, split by rounding.
CLOSE = 1.0
# Cells that are looked at together, so that streams with very many of them don't fill the memory.
TOGETHER = 32_768


class Search:
    """What a search has found so far: cells with one root each, and points at which the gap touches zero."""

    def __init__(self, streams: Streams) -> None:
        self.streams = streams
        self.crossed: list[Cells] = []
        self.touched: list[tuple[Rows, Floats]] = []

    def settle(self, cells: Cells) -> Cells:
        """Takes the roots of the cells that one of the proofs settles; returns the cells that are open."""
        monotone, crosses = is_monotone(cells), cells.crosses
        self.crossed.append(cells.take(monotone & crosses))
        cells = cells.take(~monotone & (crosses | ~is_clear(cells)))
        flat = is_flat(cells)
        if flat.any():
            self.touched.append((cells.row[flat], 0.5 * (cells.low + cells.high)[flat]))
            cells = cells.take(~flat)
        narrow = (cells.high - cells.low) * self.streams.axis.span < NARROW
        if not narrow.any():
            return cells
        self._settle_narrow(cells.take(narrow))
        return cells.take(~narrow)

    def _settle_narrow(self, cells: Cells) -> None:
        """Cells in which the gap turns once at most: the turning point parts them, or touches zero."""
        turn = _turning_point(self.streams, cells)
        look = self.streams.look(cells.row, turn)
        touches = np.abs(look.gap) <= TOUCHES
        self.touched.append((cells.row[touches], turn[touches]))
        for part in (cells._replace(high=turn, at_high=look), cells._replace(low=turn, at_low=look)):
            self.crossed.append(part.take(part.crosses & ~touches))

    def roots(self) -> tuple[Rows, Floats]:
        """Every root found, as (stream, x), in order."""
        cells = joined(self.crossed)
        row = np.concatenate([cells.row, *(rows for rows, _ in self.touched)])
        x = np.concatenate([_refined(self.streams, cells), *(points for _, points in self.touched)])
        order = np.lexsort((x, row))
        return row[order], x[order]


def all_roots(amounts: Floats, axis: Axis) -> tuple[Rows, Floats]:
    """All real roots x = ln(1+r) of streams of shape (periods, streams), as (stream, x), in order.

    Each stream needs an inflow and an outflow. A double root is listed once.
    """
    streams = Streams(amounts, axis)
    search = Search(streams)
    with np.errstate(all="ignore"):
        open_cells = _portions(search.settle(_first_cells(streams)))
        while open_cells:
            open_cells += _portions(search.settle(_halves(streams, open_cells.pop())))
        return _without_repeats(streams, *search.roots())


def _without_repeats(streams: Streams, row: Rows, x: Floats) -> tuple[Rows, Floats]:
    """Neighbours between which the gap stays nought are one root, split by rounding."""
    close = np.flatnonzero((np.diff(row) == 0) & (np.diff(x) * streams.axis.span < CLOSE))
    between = streams.look(row[close], 0.5 * (x[close] + x[close + 1]))
    fresh = np.ones(len(row), dtype=bool)
    fresh[close[np.abs(between.gap) <= 4 * TOUCHES] + 1] = False
    if fresh.all():
        return row, x
    first = np.flatnonzero(fresh)
    last = np.append(first[1:], len(row)) - 1
    return row[first], 0.5 * (x[first] + x[last])


def _portions(cells: Cells) -> list[Cells]:
    count = len(cells.row)
    if count <= TOGETHER:
        return [cells] if count else []
    numbers = np.arange(count)
    return [cells.take((numbers >= n) & (numbers < n + TOGETHER)) for n in range(0, count, TOGETHER)]


def _first_cells(streams: Streams) -> Cells:
    points = np.concatenate([-FIRST_LOOK[::-1], FIRST_LOOK]) / streams.axis.span
    inner = streams.look_at_all(points).values
    ends = [streams.look_at_end(first=first).values[:, None] for first in (False, True)]
    looks = np.concatenate([ends[0], inner, ends[1]], axis=1)
    x = np.concatenate([[-np.inf], points, [np.inf]])[:, None]
    shape = (len(points) + 1, looks.shape[2])
    return Cells(
        np.broadcast_to(np.arange(shape[1]), shape),
        np.broadcast_to(x[:-1], shape),
        np.broadcast_to(x[1:], shape),
        Look(looks[:, :-1]),
        Look(looks[:, 1:]),
    )


def _halves(streams: Streams, cells: Cells) -> Cells:
    middle = _between(cells.low, cells.high, streams.axis.span)
    look = streams.look(cells.row, middle)
    lower, upper = cells._replace(high=middle, at_high=look), cells._replace(low=middle, at_low=look)
    return joined([lower, upper])


def _turning_point(streams: Streams, cells: Cells) -> Floats:
    """Where the gap's slope is nought, by the secant rule; an end, where it keeps its sign."""
    x0, x1 = cells.low, cells.high
    s0, s1 = cells.at_low.slope, cells.at_high.slope
    turns = (s0 >= 0) != (s1 >= 0)
    for _ in range(4):
        step = s1 * (x1 - x0) / (s1 - s0)
        x = np.clip(np.where(np.isfinite(step), x1 - step, x1), cells.low, cells.high)
        x0, s0, x1, s1 = x1, s1, x, streams.look(cells.row, x).slope
    return np.where(turns, x1, cells.low)


def _refined(streams: Streams, cells: Cells) -> Floats:
    """The one root of each cell across which the gap changes sign."""
    x, todo = _start(streams, cells), np.arange(len(cells.row))
    for _ in range(2):
        if len(todo) == 0:
            return x
        amounts = streams.amounts.take(cells.row[todo], axis=1)
        root = third_order_step(amounts, streams.axis, x[todo], np.empty_like(amounts))
        better, left = finished(root, present_value(amounts, streams.axis, root.x))
        x[todo] = better
        todo = todo[~((left < LEFT) & (better > cells.low[todo]) & (better < cells.high[todo]))]
    unsettled = np.zeros(len(x), dtype=bool)
    unsettled[todo] = True
    x[unsettled] = _bracketed(streams, cells.take(unsettled))
    return x


def _bracketed(streams: Streams, cells: Cells) -> Floats:
    """The same for the cells where steps of higher order lead astray: Newton's rule kept in brackets."""
    low, high = cells.low.copy(), cells.high.copy()
    x = _between(low, high, streams.axis.span)
    rising = cells.at_high.gap >= 0
    todo = np.arange(len(x))
    for turn in range(200):
        look = streams.look(cells.row[todo], x[todo])
        above = (look.gap >= 0) == rising[todo]
        high[todo] = np.where(above, x[todo], high[todo])
        low[todo] = np.where(above, low[todo], x[todo])
        step = x[todo] - look.gap / look.slope
        inside = (step >= low[todo]) & (step <= high[todo]) & (turn % 8 < 6)
        move = np.where(inside, step, _between(low[todo], high[todo], streams.axis.span))
        done = np.abs(move - x[todo]) * streams.axis.span < 1e-13
        x[todo] = move
        todo = todo[~done]
        if len(todo) == 0:
            break
    return x


def _between(low: Floats, high: Floats, span: float) -> Floats:
    """The middle of an interval; of an unbounded one, twice its finite end."""
    middle = 0.5 * (low + high)
    outwards = np.where(np.isinf(high), low + np.abs(low) + 1 / span, high - np.abs(high) - 1 / span)
    return np.where(np.isinf(middle), outwards, middle)


def _start(streams: Streams, cells: Cells) -> Floats:
    """Hermite's cubic for x as a function of the gap, at nought; where an end is unbounded, Newton's rule."""
    low, high = cells.at_low.gap, cells.at_high.gap
    rise_low, rise_high = 1 / cells.at_low.slope, 1 / cells.at_high.slope
    s = low / (low - high)
    chord = cells.low + (cells.high - cells.low) * s * s * (3 - 2 * s)
    x = chord + (high - low) * s * (1 - s) * ((1 - s) * rise_low - s * rise_high)
    x = np.where(np.isinf(cells.high), cells.low - low * rise_low, x)
    x = np.where(np.isinf(cells.low), cells.high - high * rise_high, x)
    unbounded = np.flatnonzero(np.isinf(cells.low) | np.isinf(cells.high))
    for _ in range(3 if len(unbounded) else 0):
        look = streams.look(cells.row[unbounded], x[unbounded])
        nearer = x[unbounded] - look.gap / look.slope
        x[unbounded] = np.clip(nearer, cells.low[unbounded], cells.high[unbounded])
    return np.asarray(x)
