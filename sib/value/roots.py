"""Every real root of the streams that may have several: found by exclusion, so none is stepped over.

A stream is inflows less outflows. With x = ln(1+r), the logarithms of the present value of the inflows
and of the outflows are both convex in x, and their slopes are minus the mean times of the discounted
flows. On an interval this gives two proofs. *No root*: one logarithm's tangents lie above the other's
chord. *At most one root*: the range of one mean time lies clear of the other's, so that the gap between
the logarithms rises or falls throughout. What neither settles is halved. The outermost intervals are
unbounded; there the mean times end at the first or the last flow.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sib.value.discounting import Axis, finished, present_value, third_order_step
from sib.value.flows import Floats
from sib.value.present import Look, Mask, Rows, Streams

# Rates at which every stream is looked at first, as x times the span of the stream.
FIRST_LOOK = np.array([0.31, 1.3, 2.7, 4.4, 6.7, 10.3, 16.1, 26.3])
# Below this width (x times span) an interval holds at most one turning point, which is then located.
NARROW = 1e-4
# |ln(inflows/outflows)| at a turning point below which it is zero: what rounding of the flows can hide.
TOUCHES = 5e-14
# Neighbouring roots nearer than this (x times span) may be one root of high multiplicity, split by rounding.
CLOSE = 0.03


class Cells(NamedTuple):
    """Intervals of x, each of one stream (`row`), with the looks at both ends."""

    row: Rows
    low: Floats
    high: Floats
    at_low: Look
    at_high: Look

    def take(self, chosen: Mask) -> Cells:
        """The cells that a mask chooses."""
        return Cells(
            self.row[chosen],
            self.low[chosen],
            self.high[chosen],
            self.at_low.take(chosen),
            self.at_high.take(chosen),
        )


def all_roots(amounts: Floats, axis: Axis) -> tuple[Rows, Floats]:
    """All real roots x = ln(1+r) of streams of shape (periods, streams), as (stream, x), in order.

    Each stream needs an inflow and an outflow. A double root is listed once.
    """
    streams = Streams(amounts, axis)
    with np.errstate(all="ignore"):
        found: list[tuple[Rows, Floats]] = []
        cells = _settle(streams, _first_cells(streams), found)
        while len(cells.row):
            cells = _settle(streams, _halves(streams, cells), found)
        row = np.concatenate([rows for rows, _ in found])
        x = np.concatenate([roots for _, roots in found])
        order = np.lexsort((x, row))
        return _without_repeats(streams, row[order], x[order])


def _without_repeats(streams: Streams, row: Rows, x: Floats) -> tuple[Rows, Floats]:
    """Neighbours between which the gap stays nought are one root, split by rounding."""
    close = np.flatnonzero((np.diff(row) == 0) & (np.diff(x) * streams.span < CLOSE))
    between = streams.look(row[close], 0.5 * (x[close] + x[close + 1]))
    fresh = np.ones(len(row), dtype=bool)
    fresh[close[np.abs(between.gap) <= TOUCHES] + 1] = False
    if fresh.all():
        return row, x
    cluster = np.cumsum(fresh) - 1
    return row[fresh], np.bincount(cluster, x) / np.bincount(cluster)


def _first_cells(streams: Streams) -> Cells:
    points = np.concatenate([-FIRST_LOOK[::-1], FIRST_LOOK]) / streams.span
    inner = streams.look_at_all(points)
    lowest, highest = streams.look_at_end(first=False), streams.look_at_end(first=True)
    looks = [np.vstack(parts) for parts in zip(lowest, inner, highest, strict=True)]
    x = np.concatenate([[-np.inf], points, [np.inf]])
    cells, count = len(x) - 1, streams.inflows.shape[1]
    return Cells(
        np.tile(np.arange(count), cells),
        np.repeat(x[:-1], count),
        np.repeat(x[1:], count),
        Look(*(look[:-1].ravel() for look in looks)),
        Look(*(look[1:].ravel() for look in looks)),
    )


def _settle(streams: Streams, cells: Cells, found: list[tuple[Rows, Floats]]) -> Cells:
    """Adds the roots of the cells that are settled to `found`, and returns the cells that aren't."""
    crosses = (cells.at_low.gap >= 0) != (cells.at_high.gap >= 0)
    monotone = _is_monotone(cells)
    found.append(_refined(streams, cells.take(crosses & monotone)))
    crosses, cells = crosses[~monotone], cells.take(~monotone)
    cells = cells.take(crosses | ~_is_clear(cells))
    narrow = (cells.high - cells.low) * streams.span < NARROW
    if narrow.any():
        _settle_narrow(streams, cells.take(narrow), found)
        cells = cells.take(~narrow)
    return cells


def _is_monotone(cells: Cells) -> Mask:
    """Whether the ranges of the two mean times do not overlap; both fall as x rises."""
    rises = cells.at_high.mean_out >= cells.at_low.mean_in
    falls = cells.at_low.mean_out <= cells.at_high.mean_in
    return np.asarray(rises | falls)


def _is_clear(cells: Cells) -> Mask:
    """Whether the larger logarithm's tangents stay above the smaller's chord (ends of one sign)."""
    low, high = cells.at_low, cells.at_high
    width = cells.high - cells.low
    inwards = np.asarray(low.gap >= 0)
    upper = [np.where(inwards, a, b) for a, b in zip(low[:2] + high[:2], low[2:] + high[2:], strict=True)]
    lower_at_low = np.where(inwards, low.log_out, low.log_in)
    lower_at_high = np.where(inwards, high.log_out, high.log_in)
    log_low, mean_low, log_high, mean_high = upper
    # Where the two tangents meet, counted from the low end; with a single flow they are one line.
    bend = mean_low - mean_high
    meet = np.where(bend > 0, (log_low - log_high - mean_high * width) / np.where(bend > 0, bend, 1.0), 0.0)
    tangent = log_low - mean_low * meet
    chord = lower_at_low + (lower_at_high - lower_at_low) * (meet / width)
    return np.asarray(tangent - chord > TOUCHES)


def _halves(streams: Streams, cells: Cells) -> Cells:
    middle = _between(cells.low, cells.high, streams.span)
    look = streams.look(cells.row, middle)
    return Cells(
        np.concatenate([cells.row, cells.row]),
        np.concatenate([cells.low, middle]),
        np.concatenate([middle, cells.high]),
        Look(*(np.concatenate(pair) for pair in zip(cells.at_low, look, strict=True))),
        Look(*(np.concatenate(pair) for pair in zip(look, cells.at_high, strict=True))),
    )


def _settle_narrow(streams: Streams, cells: Cells, found: list[tuple[Rows, Floats]]) -> None:
    """Roots of cells so narrow that the gap turns once at most: located, it parts them or touches zero."""
    turn = _turning_point(streams, cells)
    look = streams.look(cells.row, turn)
    touches = np.abs(look.gap) <= TOUCHES
    found.append((cells.row[touches], turn[touches]))
    for part in (cells._replace(high=turn, at_high=look), cells._replace(low=turn, at_low=look)):
        crosses = (part.at_low.gap >= 0) != (part.at_high.gap >= 0)
        found.append(_refined(streams, part.take(crosses & ~touches)))


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


def _refined(streams: Streams, cells: Cells) -> tuple[Rows, Floats]:
    """The one root of each cell across which the gap changes sign."""
    x = _start(cells)
    amounts = streams.amounts[:, cells.row]
    for _ in range(2):
        root = third_order_step(amounts, streams.axis, x, np.empty_like(amounts))
        x, error = finished(root, present_value(amounts, streams.axis, root.x), streams.span)
        settled = (error < 1e-16) & (x > cells.low) & (x < cells.high)
    if not settled.all():
        x[~settled] = _bracketed(streams, cells.take(~settled))
    return cells.row, x


def _bracketed(streams: Streams, cells: Cells) -> Floats:
    """The same for the cells where steps of higher order lead astray: Newton's rule kept in brackets."""
    low, high = cells.low.copy(), cells.high.copy()
    x = _between(low, high, streams.span)
    rising = cells.at_high.gap >= 0
    todo = np.arange(len(x))
    for turn in range(200):
        look = streams.look(cells.row[todo], x[todo])
        above = (look.gap >= 0) == rising[todo]
        high[todo] = np.where(above, x[todo], high[todo])
        low[todo] = np.where(above, low[todo], x[todo])
        step = x[todo] - look.gap / look.slope
        inside = (step >= low[todo]) & (step <= high[todo]) & (turn % 8 < 6)
        move = np.where(inside, step, _between(low[todo], high[todo], streams.span))
        done = np.abs(move - x[todo]) * streams.span < 1e-13
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


def _start(cells: Cells) -> Floats:
    """Hermite's cubic for x as a function of the gap, at nought; from a finite end, where the other isn't."""
    low, high = cells.at_low.gap, cells.at_high.gap
    rise_low, rise_high = 1 / cells.at_low.slope, 1 / cells.at_high.slope
    s = low / (low - high)
    chord = cells.low + (cells.high - cells.low) * s * s * (3 - 2 * s)
    cubic = chord + (high - low) * s * (1 - s) * ((1 - s) * rise_low - s * rise_high)
    start = np.where(np.isinf(cells.high), cells.low - low * rise_low, cubic)
    return np.where(np.isinf(cells.low), cells.high - high * rise_high, start)
