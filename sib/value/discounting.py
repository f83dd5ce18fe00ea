"""Present values of many streams, each at a rate of its own, and the step that leads from there to a root.

Rates are x = ln(1+r) per year. Arrays are time first: shape (periods, streams), (streams,) for a rate.
"""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sib.value.flows import Floats

# Small enough a product for the linear algebra library to keep to one thread.
PRODUCT = 250_000
# What the last step to a root may leave in x.
LEFT = 1e-15
# Fewer streams than this are quicker as one array than row by row.
FEW = 64


class Axis:
    """What the dates alone decide, worked out once: powers of time, the different lengths of the steps.

    `years` increase strictly from 0, and there is at least one.
    """

    def __init__(self, years: Floats) -> None:
        self.years = years
        self.span = float(years[-1] - years[0])
        square = years * years
        self.powers = np.array([np.ones_like(years), years, square, square * years])

    @cached_property
    def _lengths(self) -> tuple[Floats, NDArray[np.intp]]:
        """The different lengths of the steps, and which of them each step has."""
        # Quarters have few different lengths, so few exponentials are needed; rounding makes no new ones.
        gaps = np.diff(self.years)
        _, index, which = np.unique(np.round(gaps, 9), return_index=True, return_inverse=True)
        return gaps[index], which

    def steps(self, x: Floats) -> list[Floats]:
        """Discount factors over each step between dates: rows of shape (streams,)."""
        lengths, which = self._lengths
        factors = [np.exp(-length * x) for length in lengths]
        return [factors[index] for index in which]


class Root(NamedTuple):
    """Where the third-order step led, how far it went, minus the slope of the present value there, and how
    much of the slope is lost per unit of x (at least the span: more where another root is near).
    """

    x: Floats
    step: Floats
    fall: Floats
    bend: Floats


def moments(weights: Floats, flows: Floats) -> Floats:
    """Weighted sums over time: weights (sums, periods) and flows give (sums, streams)."""
    sums = np.empty((len(weights), flows.shape[1]))
    width = max(64, PRODUCT // weights.size)
    for first in range(0, flows.shape[1], width):
        part = slice(first, first + width)
        np.matmul(weights, flows[:, part], out=sums[:, part])
    return sums


def third_order_step(amounts: Floats, axis: Axis, x: Floats, work: Floats) -> Root:
    """Householder's step of the third order towards the root near x; `work` has the shape of amounts.

    The derivatives of the present value by x are minus, plus, minus the moments of the discounted flows.
    """
    value, m1, m2, m3 = moments(axis.powers, discounted_at(amounts, axis, x, work))
    h, a, b = value / m1, m2 / m1, m3 / m1
    step = h * (1 - 0.5 * a * h) / (1 - a * h + b * h * h / 6)
    return Root(x + step, step, m1 - step * (m2 - 0.5 * step * m3), np.maximum(np.abs(a), axis.span))


def discounted_at(amounts: Floats, axis: Axis, x: Floats, out: Floats) -> Floats:
    """Flows discounted to the first date, each stream at its own x; `out` may be the flows themselves."""
    if len(x) < FEW:
        return np.multiply(amounts, np.exp(axis.years[:, None] * -x), out=out)
    factor = np.ones_like(x)
    out[0] = amounts[0]
    for flows, step, row in zip(amounts[1:], axis.steps(x), out[1:], strict=True):
        factor *= step
        np.multiply(flows, factor, out=row)
    return out


def finished(root: Root, value: Floats) -> tuple[Floats, Floats]:
    """Newton's last step from the present value at the root, and an estimate of what it leaves.

    The slope is extrapolated over the step before, to the third power of which its error grows.
    """
    last = value / root.fall
    far = np.abs(root.step * root.bend)
    return root.x + last, np.abs(last) * (far * far * far + np.abs(last * root.bend))


def balances(amounts: Floats, axis: Axis, root: Root) -> tuple[Floats, Floats]:
    """Present value at the root, and how far the balance outstanding ever is on the wrong side of nought.

    A balance is the value, at a date after the first, of the flows from that date on. Positive is right where
    the present value falls with the rate (a pure investment), negative where it rises (a pure loan).
    """
    falls = root.fall > 0
    if len(root.x) < FEW:
        growth = np.exp(axis.years[:, None] * root.x)
        balance = np.cumsum((amounts / growth)[::-1], axis=0)[::-1] * growth
        return balance[0], np.where(falls, -balance[1:], balance[1:]).max(axis=0, initial=0.0)
    balance = np.zeros_like(root.x)
    least, most = balance.copy(), balance.copy()
    # Most batches are of one kind, and need one of the two.
    extremes = [(np.minimum, least)] * bool(falls.any()) + [(np.maximum, most)] * bool((root.fall < 0).any())
    for flows, step in zip(amounts[:0:-1], reversed(axis.steps(root.x)), strict=True):
        np.add(balance, flows, out=balance)
        for extreme, kept in extremes:
            extreme(kept, balance, out=kept)
        balance *= step
    return balance + amounts[0], np.where(falls, -least, most)


def present_value(amounts: Floats, axis: Axis, x: Floats) -> Floats:
    """Present value at the first date, each stream at its own x."""
    if len(x) < FEW:
        return np.asarray((amounts * np.exp(axis.years[:, None] * -x)).sum(axis=0))
    value = np.zeros_like(x)
    for flows, step in zip(amounts[:0:-1], reversed(axis.steps(x)), strict=True):
        value += flows
        value *= step
    value += amounts[0]
    return value
