"""The shape of a simulated result: values that many scenarios share exactly, and how the others are spread."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sib.numbers import Row
from sib.risk.runs import Runs

# A value is told apart where so many scenarios have it, or lie within so small a part of the whole range of it; so many
# values at the most. Results are read to the sixth decimal.
SHARED, NARROW, MOST, DECIMALS = 0.05, 0.005, 8, 6
# Bars for the rest, about; and how much wider than its middle 98 % a spread may be before its ends are cut.
BARS, FAR = 22, 2.0
TOTAL_LOSS = -1.0
CUT_BY = "payments.cut_by."


@dataclass(frozen=True)
class Atom:
    """A value that a share of all scenarios has, the middle one of those from `low` to `high`; None is no value.

    `cap` is one that cuts payments in all of them.
    """

    value: float | None
    share: float
    cap: str = ""
    low: float = 0.0
    high: float = 0.0

    @property
    def is_exact(self) -> bool:
        """Whether all of them have the very same value."""
        return self.low == self.high

    def holds(self, value: float) -> bool:
        """Whether a value is one of them."""
        step = 10.0**-DECIMALS
        return self.value is not None and self.low - step <= value <= self.high + step


@dataclass(frozen=True)
class Shape:
    """Atoms by rising value, and the shares of all scenarios between `edges`, which are one more; none where empty.

    `below` and `above` are the shares beyond the edges, where a few scenarios lie far off; `least` and `most` the
    farthest of the values that are no atoms.
    """

    atoms: tuple[Atom, ...]
    edges: Row
    shares: Row
    below: float = 0.0
    above: float = 0.0
    least: float = 0.0
    most: float = 0.0


def shape_of(runs: Runs, path: str = "investors.irr") -> Shape:
    """Atoms and bars of one result over all scenarios; together they make one. KeyError for an unknown result."""
    row = np.round(runs.rows[path], DECIMALS)
    known = row[~np.isnan(row)]
    stretches = _shared(np.sort(known), row.size)
    atoms = [_atom(runs, row, low, high) for low, high in stretches]
    apart = np.logical_or.reduce([_between(known, *ends) for ends in stretches] or [np.zeros(known.size, dtype=bool)])
    rest = known[~apart]
    if known.size < row.size:
        atoms.append(Atom(None, 1 - known.size / row.size))
    if not rest.size:
        return Shape(tuple(atoms), np.zeros(0), np.zeros(0))
    edges = _edges(_near(rest))
    beyond = float(np.sum(rest < edges[0]) / row.size), float(np.sum(rest > edges[-1]) / row.size)
    ends = float(rest.min()), float(rest.max())
    return Shape(tuple(atoms), edges, np.histogram(rest, edges)[0] / row.size, *beyond, *ends)


def _atom(runs: Runs, row: Row, low: float, high: float) -> Atom:
    here = _between(row, low, high)
    return Atom(float(np.median(row[here])), float(np.mean(here)), _cap(runs, here), low, high)


def _between(row: Row, low: float, high: float) -> NDArray[np.bool_]:
    return np.asarray((row >= low) & (row <= high))


def _shared(known: Row, count: int) -> list[tuple[float, float]]:
    """Ends of the stretches that stand by themselves, rising: a total loss always, others where many share them."""
    if not known.size:
        return []
    found = [(TOTAL_LOSS, TOTAL_LOSS)] if known[0] == TOTAL_LOSS else []
    left = known[known > TOTAL_LOSS]
    for wide in (0.0, NARROW * float(np.ptp(known))):
        while left.size and len(found) < MOST:
            ends = np.searchsorted(left, left + wide, side="right")
            held = ends - np.arange(left.size)
            at = int(held.argmax())
            if held[at] < SHARED * count:
                break
            found.append((float(left[at]), float(left[ends[at] - 1])))
            left = np.delete(left, slice(at, ends[at]))
    return sorted(found)


def _near(rest: Row) -> Row:
    """All of them, or those without the farthest hundredth on each side, where it would squeeze the others."""
    low, high = np.quantile(rest, (0.01, 0.99))
    return rest if np.ptp(rest) <= FAR * (high - low) else rest[(rest >= low) & (rest <= high)]


def _edges(rest: Row) -> Row:
    """Ends of bars at whole multiples of a round width."""
    wide = _round(max(float(np.ptp(rest)), 10.0**-DECIMALS * BARS) / BARS)
    return np.asarray(np.arange(np.floor(rest.min() / wide), np.floor(rest.max() / wide) + 2) * wide)


def _round(width: float) -> float:
    """The next of 1, 2 and 5 times a power of ten."""
    power = 10.0 ** np.floor(np.log10(width))
    return float(next(step * power for step in (1, 2, 5, 10) if step * power >= width * (1 - 1e-9)))


def _cap(runs: Runs, chosen: NDArray[np.bool_]) -> str:
    """A cap that cuts payments in every one of these scenarios."""
    events = runs.block.events.items()
    found = (name.removeprefix(CUT_BY) for name, yes in events if name.startswith(CUT_BY) and yes[chosen].all())
    return next(found, "")
