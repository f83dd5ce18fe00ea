"""Intervals of rates, and two proofs of how many roots a stream has in one.

A stream is inflows less outflows. With x = ln(1+r), the logarithms of the present value of the inflows
and of the outflows are both convex in x, and their slopes are minus the mean times of the discounted
flows. On an interval this gives two proofs. *No root*: one logarithm's tangents lie above the other's
chord. *At most one root*: the range of one mean time lies clear of the other's, so that the gap between
the logarithms rises or falls throughout. The outermost intervals are unbounded; there the mean times end
at the first or the last flow.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sib.value.flows import Floats
from sib.value.present import Look, Mask, Rows

# |ln(inflows/outflows)| at a turning point below which it is zero: what rounding of the flows can hide.
TOUCHES = 5e-14
# A difference of mean times this small is none.
TINY = 1e-300


class Cells(NamedTuple):
    """Intervals of x, each of one stream (`row`), with the looks at both ends.

    At first there is a grid of them, shape (intervals, streams); after that a list.
    """

    row: Rows
    low: Floats
    high: Floats
    at_low: Look
    at_high: Look

    def take(self, chosen: Mask) -> Cells:
        """The cells that a mask chooses, as a list."""
        place = np.nonzero(chosen)
        return Cells(
            self.row[place],
            self.low[place],
            self.high[place],
            self.at_low.take(place),
            self.at_high.take(place),
        )

    @property
    def crosses(self) -> Mask:
        """Whether the gap has different signs at the two ends."""
        return np.asarray((self.at_low.gap >= 0) != (self.at_high.gap >= 0))


def is_monotone(cells: Cells) -> Mask:
    """Whether the ranges of the two mean times do not overlap; both fall as x rises."""
    low, high = cells.at_low, cells.at_high
    return np.asarray((high.outward[1] >= low.inward[1]) | (low.outward[1] <= high.inward[1]))


def is_clear(cells: Cells) -> Mask:
    """Whether the larger logarithm's tangents stay above the smaller's chord (both ends finite, of one sign)."""
    low, high = cells.at_low, cells.at_high
    width = cells.high - cells.low
    chord_low, log_low = _ordered(low)
    chord_high, log_high = _ordered(high)
    larger = low.gap >= 0
    mean_low = low.outward[1] - larger * low.slope
    mean_high = high.outward[1] - larger * high.slope
    # Where the two tangents meet, counted from the low end; with a single flow they are one line.
    bend = np.maximum(mean_low - mean_high, TINY)
    meet = np.clip((log_low - log_high - mean_high * width) / bend, 0.0, width)
    chord = chord_low + (chord_high - chord_low) * (meet / width)
    return np.asarray((log_low - mean_low * meet - chord > TOUCHES) & np.isfinite(width))


def is_flat(cells: Cells) -> Mask:
    """Whether the gap is nought throughout, as far as rounding lets one see: part of a root of high multiplicity."""
    looks, width = (cells.at_low, cells.at_high), cells.high - cells.low
    flat = [(np.abs(look.gap) <= TOUCHES) & (np.abs(look.slope) * width <= 4 * TOUCHES) for look in looks]
    return np.asarray(flat[0] & flat[1])


def _ordered(look: Look) -> tuple[Floats, Floats]:
    """The smaller and the larger of the two logarithms."""
    log_in, log_out = look.values[::2]
    return np.minimum(log_in, log_out), np.maximum(log_in, log_out)


def joined(parts: list[Cells]) -> Cells:
    """Several lists of cells as one."""
    row, low, high = (np.concatenate([part[field] for part in parts]) for field in range(3))
    at_low = Look(np.concatenate([part.at_low.values for part in parts], axis=1))
    at_high = Look(np.concatenate([part.at_high.values for part in parts], axis=1))
    return Cells(row, low, high, at_low, at_high)
