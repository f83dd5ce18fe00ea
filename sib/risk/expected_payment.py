"""A payment as straight lines between edges, and what is expected of it when what is measured is uncertain."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from sib.deal.schedules import Form, paid_at
from sib.numbers import Row

# So many standard errors either side hold all but one part in 10^15.
FAR = 8.0
# Of all levels that are looked at: what is narrower is a jump.
JUMP = 1e-7


@dataclass(frozen=True)
class Pieces:
    """What is paid by what is measured, in straight pieces: each from its edge (included) to the next.

    `paid` is the amount at the edge, `slope` what each unit of the measure beyond it adds; below the first edge it is
    `below`. All arrays have one number for each piece, edges rising.
    """

    edges: Row
    paid: Row
    slope: Row
    below: float = 0.0

    def at(self, measure: ArrayLike) -> Row:
        """What is paid at these measures."""
        measure = np.asarray(measure, float)
        piece = np.searchsorted(self.edges, measure + 1e-12, side="right") - 1
        inside = np.maximum(piece, 0)
        on_line = self.paid[inside] + self.slope[inside] * (measure - self.edges[inside])
        return np.where(piece < 0, self.below, on_line)

    def expected(self, true: float, error: float) -> float:
        """The mean payment when the measure is normal around `true`, exactly: the sum of the pieces' integrals."""
        if error <= 0:
            return float(self.at(true))
        return float(np.sum(self.moments(true, error)[1]))

    def spread(self, true: float, error: float) -> float:
        """Standard deviation of the payment, exactly."""
        if error <= 0:
            return 0.0
        _, first, second = self.moments(true, error)
        return float(np.sqrt(max(0.0, np.sum(second) - np.sum(first) ** 2)))

    def chance(self, true: float, error: float) -> float:
        """The chance that anything at all is paid: more than nothing, to the payee."""
        cut = self._cut_at_nothing()
        if error <= 0:
            return float(self.at(true) > 0)
        ends = np.append(cut.edges[1:], np.inf)
        middle = np.where(np.isinf(ends), cut.edges + 1.0, (cut.edges + ends) / 2)
        positive = np.append(self.below > 0, cut.paid + cut.slope * (middle - cut.edges) > 0)
        return float(np.sum(cut.moments(true, error)[0] * positive))

    def moments(self, true: float, error: float) -> tuple[Row, Row, Row]:
        """Of each piece, the stretch below the first edge in front: its chance, its parts of two moments.

        With z = (x - true)/error, the integral of z phi is phi(a) - phi(b), that of z^2 phi is
        Phi(b) - Phi(a) + a phi(a) - b phi(b).
        """
        from scipy.special import ndtr

        z = np.concatenate([[-np.inf], (self.edges - true) / error, [np.inf]])
        ends = np.where(np.isinf(z), 0.0, z)
        density = np.exp(-0.5 * z**2) / np.sqrt(2 * np.pi)
        # Differences of the nearer tail keep their digits.
        share = np.where(z[:-1] > 0, ndtr(-z[:-1]) - ndtr(-z[1:]), ndtr(z[1:]) - ndtr(z[:-1]))
        first, second = -np.diff(density), share - np.diff(ends * density)
        constant = np.append(self.below, self.paid + self.slope * (true - self.edges))
        slope = np.append(0.0, self.slope) * error
        mean = constant * share + slope * first
        return share, mean, constant**2 * share + 2 * constant * slope * first + slope**2 * second

    def _cut_at_nothing(self) -> Pieces:
        """The same with an edge wherever a piece passes through nothing."""
        with np.errstate(divide="ignore", invalid="ignore"):
            root = self.edges - self.paid / self.slope
        inside = (self.slope != 0) & (root > self.edges) & (root < np.append(self.edges[1:], np.inf))
        edges = np.unique(np.concatenate([self.edges, root[inside]]))
        piece = np.searchsorted(self.edges, edges, side="right") - 1
        paid = self.paid[piece] + self.slope[piece] * (edges - self.edges[piece])
        return Pieces(edges, paid, self.slope[piece], self.below)


def pieces_of(ats: ArrayLike, pays: ArrayLike, form: Form = "stepped", below: float = 0.0) -> Pieces:
    """The pieces of a schedule of points, stepped or joined, level beyond the last."""
    edges, paid = np.asarray(ats, float), np.asarray(pays, float)
    slope = np.zeros(len(edges))
    if form == "joined":
        slope[:-1] = np.diff(paid) / np.diff(edges)
    return Pieces(edges, paid, slope, below)


def pieces_along(levels: ArrayLike, paid: ArrayLike) -> Pieces:
    """The pieces between levels that were run; level beyond the first and the last.

    What lies between the two sides of a jump is so narrow that it has no chance, and so steep that it has no digits.
    """
    found = pieces_of(levels, paid, "joined")
    wide = np.append(np.diff(found.edges), np.inf) > JUMP * (found.edges[-1] - found.edges[0])
    return Pieces(found.edges, found.paid, np.where(wide, found.slope, 0.0), float(found.paid[0]))


def pieces_when_rounded(
    ats: ArrayLike, pays: ArrayLike, form: Form, to: float, around: tuple[float, float], below: float = 0.0
) -> Pieces:
    """The pieces of a schedule when the measure is rounded to the nearest multiple of `to`, halves up.

    Each multiple is paid from half a step below it on; `around` is the true measure and its standard error, which say
    how many multiples there are to look at.
    """
    true, error = around
    first, last = np.floor((true - FAR * error) / to), np.ceil((true + FAR * error) / to)
    multiples = np.arange(first, last + 1) * to
    paid = paid_at(multiples, np.asarray(ats, float), np.asarray(pays, float), below, form)
    return Pieces(multiples - to / 2, paid, np.zeros(len(paid)), float(paid[0]))
