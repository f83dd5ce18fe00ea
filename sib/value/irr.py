"""Internal rates of return: a value that says the rate, whether it is the only one, and all the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sib.value.flows import Amounts, Floats, When, as_amounts, as_dates, columns, years_from_first
from sib.value.irr_batch import Codes, IrrStatus, Solved, solve
from sib.value.present import Rows

__all__ = ["Irr", "IrrStatus", "PeriodicIrr", "irr", "periodic_irr"]

# Streams with several roots, and the place of one root in each.
Quoted = tuple[Rows, Rows]
# Rates nearer to zero than this are on both sides of it: their sign is rounding.
ZERO = 1e-12
JUST_ABOVE_TOTAL_LOSS = np.nextafter(-1.0, 0.0)
LARGEST = np.finfo(np.float64).max


@dataclass(frozen=True)
class Irr:
    """An internal rate of return, effective per year, as a fraction; for a batch, the same fields as arrays.

    `rate`: float, None where there is none, -1.0 for a total loss; batch (scenarios,), nan for none.
    `status`: an `IrrStatus`, whose `.label` is `unique`, `several`, `none`, `total loss` or `no outlay`;
    batch (scenarios,) of its codes as int8. `roots`: a tuple of all real roots above -1, ascending, a double
    root once; batch (most roots, scenarios), padded with nan.
    """

    rate: Any
    status: Any
    roots: Any


@dataclass(frozen=True)
class PeriodicIrr(Irr):
    """The same for equal periods: `rate` and `roots` are effective per year, (1+i)^k - 1.

    `per_period` is i, what a spreadsheet's IRR shows; `bond_equivalent` is k i, which is no effective rate.
    """

    per_period: Any
    bond_equivalent: Any


def irr(amounts: Amounts, dates: When) -> Irr:
    """The rate r at which sum of amount / (1+r)^(days/365) is nought: effective, Actual/365, as Excel's XIRR.

    Amounts received are positive, of shape (periods,) or (periods, scenarios); dates never decrease, and
    flows of one date are netted. With several roots `rate` is the one nearest zero on the side of the net
    gain (a positive sum has a positive rate), else the one nearest zero. Raises ValueError for amounts or
    dates that can't be read; a stream without a rate is no error, its status says why.
    """
    flows = as_amounts(amounts)
    solved = solve(columns(flows), years_from_first(as_dates(dates, len(flows))))
    batch = Irr(*_answer(solved))
    return batch if flows.ndim == 2 else Irr(*_single(batch))


def periodic_irr(amounts: Amounts, periods_per_year: float = 1) -> PeriodicIrr:
    """The spreadsheet's IRR of equal periods, stated as an effective annual rate, (1+i)^k - 1.

    Amounts as in `irr`, the first at the start and each a period after the one before. At 3 % a quarter the
    rate is 12.55 %, the bond equivalent 12 %. Choice among several roots and refusals are those of `irr`.
    """
    if not 0 < periods_per_year < np.inf:
        raise ValueError(f"periods_per_year is {periods_per_year}; give a positive number: 1, 2, 4 or 12.")
    flows = as_amounts(amounts)
    solved = solve(columns(flows), np.arange(len(flows)) / periods_per_year)
    rate, status, roots = _answer(solved)
    per_period = _rate(_at(solved.roots, _quoted(solved, roots)) / periods_per_year)
    per_period[rate == -1] = -1.0
    batch = PeriodicIrr(rate, status, roots, per_period, per_period * periods_per_year)
    if flows.ndim == 2:
        return batch
    return PeriodicIrr(*_single(batch), _number(batch.per_period), _number(batch.bond_equivalent))


def _single(batch: Irr) -> tuple[float | None, IrrStatus, tuple[float, ...]]:
    """The one stream of a batch as plain values."""
    roots = batch.roots[:, 0]
    return _number(batch.rate), IrrStatus(int(batch.status[0])), tuple(roots[~np.isnan(roots)].tolist())


def _number(values: Floats) -> float | None:
    return None if np.isnan(values[0]) else float(values[0])


def _answer(solved: Solved) -> tuple[Floats, Codes, Floats]:
    """Rate, status and roots of a batch as rates per year."""
    roots = _rate(solved.roots)
    rate = _at(roots, _quoted(solved, roots))
    rate[solved.status == IrrStatus.TOTAL_LOSS] = -1.0
    return rate, solved.status, roots


def _quoted(solved: Solved, rates: Floats) -> Quoted:
    """Streams of several roots, and which is quoted: the nearest zero on the side of the net gain, else the nearest."""
    several = np.flatnonzero(solved.status == IrrStatus.SEVERAL)
    if len(several) == 0:
        return several, several
    rates = rates[:, several]
    away = np.abs(rates)
    # A root at zero has no side. Of two too large to tell apart the first is the nearer: roots ascend.
    astray = (np.sign(rates) != np.sign(solved.gain[several])) & (away > ZERO)
    return several, np.where(np.isnan(rates), 4.0, away / (1 + away) + 2.0 * astray).argmin(axis=0)


def _at(values: Floats, quoted: Quoted) -> Floats:
    """Of each stream's values, one for each root, that of the quoted root."""
    several, place = quoted
    chosen = values[0].copy()
    chosen[several] = values[place, several]
    return np.asarray(chosen)


def _rate(x: Floats) -> Floats:
    """exp(x) - 1, kept above -1 and finite where no number is as near to -1, or as large."""
    with np.errstate(over="ignore"):
        return np.asarray(np.minimum(np.maximum(np.expm1(x), JUST_ABOVE_TOTAL_LOSS), LARGEST))
