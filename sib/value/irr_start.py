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
        self.groups = [slice(first, first + size) for first in range(0, len(years), size)]
        times = years if size == 1 else np.array([years[group].mean() for group in self.groups])
        span = float(years[-1] - years[0])
        # The expansion is about a middling rate: 4 % over ten years, 8 % over five.
        self.centre = 0.4 / span if span > 0 else 0.0
        self.weights = np.vander(times, 4, increasing=True).T * np.exp(-times * self.centre)

    def __call__(self, amounts: Floats, work: Floats) -> Start:
        """The start of a block of streams; `work` has room for the amounts."""
        flows = self._grouped(amounts, work)
        net = moments(self.weights, flows)
        inward = moments(self.weights, np.maximum(flows, 0.0, out=work[: len(flows), : flows.shape[1]]))
        return Start(self.centre + _cumulant_root(inward, inward - net), inward[0], net[0])

    def _grouped(self, amounts: Floats, work: Floats) -> Floats:
        if len(self.groups) == len(amounts):
            return amounts
        sums = work[: len(self.groups), : amounts.shape[1]]
        for row, group in zip(sums, self.groups, strict=True):
            first, *others = amounts[group]
            np.add(first, others[0] if others else 0.0, out=row)
            for other in others[1:]:
                np.add(row, other, out=row)
        return sums


def _cumulants(moments: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Logarithm of the sum, then mean, variance and third cumulant of the times."""
    total = moments[0]
    mean, square, cube = moments[1:] / total
    return np.log(total), mean, square - mean * mean, cube + mean * (2 * mean * mean - 3 * square)


def _cumulant_root(inward: Floats, outward: Floats) -> Floats:
    """Where the logarithms of the present values, as cubics in x about the centre, are equal."""
    g0, g1, g2, g3 = (a - b for a, b in zip(_cumulants(inward), _cumulants(outward), strict=True))
    g2, g3 = g2 / 2, g3 / 6
    x = g0 / g1
    value = g0 - x * (g1 - x * (g2 - x * g3))
    return x + value / (g1 - x * (2 * g2 - 3 * x * g3))
