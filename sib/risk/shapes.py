"""The shape of a simulated result: values that many scenarios share exactly, and how the others are spread."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sib.numbers import Row
from sib.risk.runs import Runs

# A value is told apart where so many scenarios share it to the sixth decimal, and so many values at the most.
SHARED, MOST, DECIMALS = 0.05, 8, 6
# Bars for the rest, about; and how much wider than its middle 98 % a spread may be before its ends are cut.
BARS, FAR = 22, 2.0
TOTAL_LOSS = -1.0
CUT_BY = "payments.cut_by."


@dataclass(frozen=True)
class Atom:
    """A value that a share of all scenarios has; None is no value. `cap` is one that cuts payments in all of them."""

    value: float | None
    share: float
    cap: str = ""


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
    values = _shared(known, row.size)
    rest = known[~np.isin(known, values)]
    atoms = [Atom(float(value), float(np.mean(row == value)), _cap(runs, row == value)) for value in values]
    if known.size < row.size:
        atoms.append(Atom(None, 1 - known.size / row.size))
    if not rest.size:
        return Shape(tuple(atoms), np.zeros(0), np.zeros(0))
    edges = _edges(_near(rest))
    beyond = float(np.sum(rest < edges[0]) / row.size), float(np.sum(rest > edges[-1]) / row.size)
    ends = float(rest.min()), float(rest.max())
    return Shape(tuple(atoms), edges, np.histogram(rest, edges)[0] / row.size, *beyond, *ends)


def _shared(known: Row, count: int) -> Row:
    """Values that stand by themselves, rising: a total loss always, others where many share them."""
    values, counts = np.unique(known, return_counts=True)
    apart = (counts >= SHARED * count) | (values == TOTAL_LOSS)
    most = np.argsort(-counts[apart], kind="stable")[:MOST]
    return np.sort(values[apart][most])


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


def _cap(runs: Runs, chosen: Row) -> str:
    """A cap that cuts payments in every one of these scenarios."""
    events = runs.block.events.items()
    found = (name.removeprefix(CUT_BY) for name, yes in events if name.startswith(CUT_BY) and yes[chosen].all())
    return next(found, "")
