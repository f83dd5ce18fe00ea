"""Present values of streams at given rates, inflows and outflows apart, on the scale of logarithms."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sib.value.discounting import Axis, discounted_at, moments
from sib.value.flows import Floats

# Up to this x times span, discount factors keep well within the range of numbers.
MODERATE = 300.0

Rows = NDArray[np.intp]
Mask = NDArray[np.bool_]


class Look(NamedTuple):
    """Present values at some rates, as rows of one array of shape (4, ...).

    The rows: logarithm of the inflows and their mean time in years, the same of the outflows (as positive).
    """

    values: Floats

    @property
    def inward(self) -> Floats:
        """Logarithm and mean time of the inflows."""
        return self.values[:2]

    @property
    def outward(self) -> Floats:
        """Logarithm and mean time of the outflows."""
        return self.values[2:]

    @property
    def gap(self) -> Floats:
        """ln(inflows/outflows): positive where the net present value is."""
        return np.asarray(self.values[0] - self.values[2])

    def take(self, place: tuple[Rows, ...]) -> Look:
        """The looks at the given places."""
        everything: tuple[slice | Rows, ...] = (slice(None), *place)
        return Look(self.values[everything])

    @property
    def slope(self) -> Floats:
        """The gap's derivative by x."""
        return np.asarray(self.values[3] - self.values[1])


class Streams:
    """Streams with at least one inflow and one outflow each, made ready to be looked at.

    `amounts` has shape (periods, streams).
    """

    def __init__(self, amounts: Floats, axis: Axis) -> None:
        self.axis = axis
        self.amounts = amounts
        self.inflows = np.maximum(amounts, np.zeros(amounts.shape[1]))
        self.outflows = self.inflows - amounts

    def look(self, row: Rows, x: Floats) -> Look:
        """Present values of the given streams, each at its own x."""
        far = np.flatnonzero(np.abs(x) * self.axis.span > MODERATE)
        near = np.where(np.abs(x) * self.axis.span > MODERATE, 0.0, x) if len(far) else x
        flows = self.amounts.take(row, axis=1)
        discounted = discounted_at(flows, self.axis, near, flows)
        values = np.empty((4, len(x)))
        nothing = np.zeros_like(x)
        values[:2] = moments(self.axis.powers[:2], np.maximum(discounted, nothing))
        values[2:] = moments(-self.axis.powers[:2], np.minimum(discounted, nothing, out=discounted))
        values[1::2] /= values[::2]
        np.log(values[::2], out=values[::2])
        if len(far):
            values[:, far] = self._look_far(row[far], x[far])
        return Look(values)

    def _look_far(self, row: Rows, x: Floats) -> Floats:
        """The same where a discount factor may be too large or too small for a number."""
        delay = self.axis.years[:, None] * x
        sides = (self.inflows.take(row, axis=1), self.outflows.take(row, axis=1))
        return np.concatenate([_log_and_mean(np.log(flows) - delay, self.axis.years) for flows in sides])

    def look_at_all(self, x: Floats) -> Look:
        """Present values of every stream at each of a few x, all finite: shape (len(x), streams)."""
        years = self.axis.years
        # Discount to the end at which the factors stay below one.
        origin = np.where(x > 0, years[0], years[-1])[:, None]
        factors = np.exp((origin - years) * x[:, None])
        values = np.empty((4, len(x), self.amounts.shape[1]))
        for place, flows in ((0, self.inflows), (2, self.outflows)):
            values[place] = moments(factors, flows)
            values[place + 1] = moments(factors * years, flows)
        values[1::2] /= values[::2]
        np.log(values[::2], out=values[::2])
        values[::2] -= origin * x[:, None]
        return Look(values)

    def look_at_end(self, *, first: bool) -> Look:
        """The limit as x grows without bound (`first`: the first flows rule), or falls so (the last)."""
        time_in = _time_of(self.inflows, self.axis.years, first=first)
        time_out = _time_of(self.outflows, self.axis.years, first=first)
        leads = time_in < time_out if first else time_in > time_out
        log_in = np.where(leads, np.inf, -np.inf)
        return Look(np.stack([log_in, time_in, np.zeros_like(log_in), time_out]))


def _log_and_mean(exponent: Floats, years: Floats) -> Floats:
    top = exponent.max(axis=0)
    exponent -= top
    weight = np.exp(exponent, out=exponent)
    total = weight.sum(axis=0)
    weight *= years[:, None]
    return np.stack([top + np.log(total), weight.sum(axis=0) / total])


def _time_of(flows: Floats, years: Floats, *, first: bool) -> Floats:
    # The largest number among the dates with a flow, in the smallest kind of whole number: quicker than a search.
    number = np.arange(1, len(years) + 1, dtype=np.min_scalar_type(len(years)))[:, None]
    some = flows > 0
    if first:
        return np.asarray(years[len(years) - (some * number[::-1]).max(axis=0)])
    return np.asarray(years[(some * number).max(axis=0) - 1])
