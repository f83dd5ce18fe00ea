"""Where the search for a rate of return starts: close enough for one step to finish it.

With x = ln(1+r), the logarithm of the present value of the inflows is the cumulant generating function of
their dates at -x, and so is that of the outflows. The two are equal at the root; their first cumulants give
it nearly.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sib.value.discounting import FEW, moments
from sib.value.flows import Floats

# Groups of neighbouring dates whose flows are taken together.
GROUPS = 20


class Start(NamedTuple):
    """Where each stream's search starts, the sum of its inflows, and the sum of all its flows."""

    x: Floats
    inward: Floats
    net: Floats


class QuickStart:
    """A start for each stream, from the cumulants of its inflows and outflows over groups of dates.

    Netting and averaging inside a group leaves an error that the next step removes.
    """

    def __init__(self, years: Floats, scenarios: int) -> None:
        size = 1 if scenarios < FEW else -(-len(years) // GROUPS)
        self.size = size
        starts = np.arange(0, len(years), size)
        times = years if size == 1 else np.add.reduceat(years, starts) / np.diff([*starts, len(years)])
        span = float(years[-1] - years[0])
        # The expansion is about a middling rate: 4 % over ten years, 8 % over five.
        self.centre = 0.4 / span if span > 0 else 0.0
        self.weights = np.vander(times, 4, increasing=True).T * np.exp(-times * self.centre)

    def __call__(self, amounts: Floats, work: Floats) -> Start:
        """The start of a block of streams; `work` has room for the amounts."""
        flows = self._grouped(amounts, work)
        net = moments(self.weights, flows)
        gross = moments(self.weights, np.abs(flows, out=work[: len(flows), : flows.shape[1]]))
        inward = 0.5 * (gross + net)
        return Start(self.centre + _cumulant_root(inward, inward - net), inward[0], net[0])

    def _grouped(self, amounts: Floats, work: Floats) -> Floats:
        if self.size == 1:
            return amounts
        size, sums = self.size, work[: self.weights.shape[1], : amounts.shape[1]]
        whole = len(amounts) // size
        np.add(amounts[: whole * size : size], amounts[1 : whole * size : size], out=sums[:whole])
        for place in range(2, size):
            sums[:whole] += amounts[place : whole * size : size]
        if whole < len(sums):
            np.sum(amounts[whole * size :], axis=0, out=sums[whole])
        return sums


def _cumulants(moments: Floats) -> tuple[Floats, Floats, Floats]:
    """Mean, variance and third cumulant of the times."""
    mean, square, cube = moments[1:] * (1 / moments[0])
    variance = square - mean * mean
    return mean, variance, cube - mean * (square + 2 * variance)


def _cumulant_root(inward: Floats, outward: Floats) -> Floats:
    """Where the logarithms of the present values, as cubics in x about the centre, are equal."""
    g1, g2, g3 = (a - b for a, b in zip(_cumulants(inward), _cumulants(outward), strict=True))
    x = np.log(inward[0] / outward[0]) / g1
    # Newton's step from the root of the linear part, of which only the square and the cube are left over.
    bend = x * g3
    left = 0.5 * x * x * (g2 - bend / 3)
    return np.asarray(x + left / (g1 - x * (g2 - 0.5 * bend)))
