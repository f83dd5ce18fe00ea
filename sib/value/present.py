"""Present values of streams at given rates, inflows and outflows apart, on the scale of logarithms."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sib.value.discounting import Axis, moments
from sib.value.flows import Floats

Rows = NDArray[np.intp]
Mask = NDArray[np.bool_]


class Look(NamedTuple):
    """Present values at one rate: logarithm and mean time in years, inflows and outflows (as positive)."""

    log_in: Floats
    mean_in: Floats
    log_out: Floats
    mean_out: Floats

    @property
    def gap(self) -> Floats:
        """ln(inflows/outflows): positive where the net present value is."""
        return self.log_in - self.log_out

    @property
    def slope(self) -> Floats:
        """The gap's derivative by x."""
        return self.mean_out - self.mean_in

    def take(self, chosen: Mask) -> Look:
        """The looks that a mask chooses."""
        return Look(*(field[chosen] for field in self))


class Streams:
    """Streams with at least one inflow and one outflow each, made ready to be looked at.

    `amounts` has shape (periods, streams).
    """

    def __init__(self, amounts: Floats, axis: Axis) -> None:
        self.axis = axis
        self.years = axis.years
        self.span = axis.span
        self.amounts = amounts
        self.inflows = np.maximum(amounts, 0.0)
        self.outflows = self.inflows - amounts

    def look(self, row: Rows, x: Floats) -> Look:
        """Present values of the given streams, each at its own x."""
        delay = self.years[:, None] * x
        return Look(
            *_log_and_mean(np.log(self.inflows[:, row]) - delay, self.years),
            *_log_and_mean(np.log(self.outflows[:, row]) - delay, self.years),
        )

    def look_at_all(self, x: Floats) -> Look:
        """Present values of every stream at each of a few x: arrays of shape (len(x), streams)."""
        # Discount to the end at which the factors stay below one.
        origin = np.where(x > 0, self.years[0], self.years[-1])
        factors = np.exp((origin[:, None] - self.years) * x[:, None])
        sides = [_products(factors, self.years, flows) for flows in (self.inflows, self.outflows)]
        shift = (origin * x)[:, None]
        (value_in, mean_in), (value_out, mean_out) = sides
        return Look(np.log(value_in) - shift, mean_in, np.log(value_out) - shift, mean_out)

    def look_at_end(self, *, first: bool) -> Look:
        """The limit as x grows without bound (`first`: the first flows rule), or falls so (the last)."""
        time_in = _time_of(self.inflows, self.years, first=first)
        time_out = _time_of(self.outflows, self.years, first=first)
        leads = time_in < time_out if first else time_in > time_out
        log_in = np.where(leads, np.inf, -np.inf)
        return Look(log_in, time_in, np.zeros_like(log_in), time_out)


def _log_and_mean(exponent: Floats, years: Floats) -> tuple[Floats, Floats]:
    top = exponent.max(axis=0)
    exponent -= top
    weight = np.exp(exponent, out=exponent)
    total = weight.sum(axis=0)
    weight *= years[:, None]
    return top + np.log(total), weight.sum(axis=0) / total


def _products(factors: Floats, years: Floats, flows: Floats) -> tuple[Floats, Floats]:
    value = moments(factors, flows)
    return value, moments(factors * years, flows) / value


def _time_of(flows: Floats, years: Floats, *, first: bool) -> Floats:
    some = flows > 0
    place = some.argmax(axis=0) if first else len(years) - 1 - some[::-1].argmax(axis=0)
    return years[place]
