"""Discount factors of a schedule whose rate falls with time, and the rates that a schedule holds by name."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import overload

import numpy as np
from numpy.typing import ArrayLike

from sib.basis.tables import Bands, DiscountSchedule, Floats
from sib.problems import nearest

STANDARD, LONG_HORIZON = "standard", "long horizon"


@dataclass(frozen=True)
class Rates:
    """The bands for money (and all else), and those for health in utility units."""

    bands: Bands
    health: Bands


def rates_named(schedule: DiscountSchedule, name: str = STANDARD) -> Rates:
    """The rates called `standard`, `long horizon` or as one of the schedule's sensitivities; ValueError for others.

    Where a set has no health bands, health is discounted like the rest.
    """
    if name == STANDARD:
        return Rates(schedule.bands, schedule.health or schedule.bands)
    if name == LONG_HORIZON and schedule.long_horizon:
        return Rates(schedule.long_horizon, schedule.health or schedule.long_horizon)
    for sensitivity in schedule.sensitivities:
        if sensitivity.id == name:
            return Rates(sensitivity.bands, sensitivity.health or sensitivity.bands)
    raise ValueError(_no_such_rates(schedule, name))


def names_of_rates(schedule: DiscountSchedule) -> list[str]:
    """What may be asked for: `standard`, `long horizon` if there is one, and the sensitivities."""
    long_horizon = [LONG_HORIZON] if schedule.long_horizon else []
    return [STANDARD, *long_horizon, *(sensitivity.id for sensitivity in schedule.sensitivities)]


def _no_such_rates(schedule: DiscountSchedule, name: str) -> str:
    known = names_of_rates(schedule)
    near = nearest(name, known)
    hint = f"did you mean {near!r}? " if near else ""
    return f"{schedule.id!r} has no rates {name!r}; {hint}Known: {', '.join(known)}."


@overload
def discount_factor(bands: Bands, years: float) -> float: ...
@overload
def discount_factor(bands: Bands, years: ArrayLike) -> Floats: ...
def discount_factor(bands: Bands, years: ArrayLike) -> float | Floats:
    """What one unit after so many years is worth at the base: DF(0) = 1, DF(t) = DF(t-1)/(1 + r_t).

    Parts of a year continue geometrically inside the band. Before the base (negative years) the first band
    compounds up. A number gives a number, an array an array of its shape. HM Treasury, Green Book.
    """
    kinks, logs, last = _logs(bands)
    time = np.asarray(years, dtype=float)
    before, after = np.minimum(time, 0.0), np.maximum(time - kinks[-1], 0.0)
    factor = np.exp(np.interp(time, kinks, logs) - before * np.log1p(bands[0].rate) - after * last)
    return float(factor) if factor.ndim == 0 else factor


def _logs(bands: Bands) -> tuple[Floats, Floats, float]:
    """The years in which the rate changes, ln DF there (straight lines join them), and ln(1+r) after the last."""
    ends = [0, *(band.to for band in bands if band.to is not None)]
    steps = [np.log1p(band.rate) * (end - start) for band, (start, end) in zip(bands, pairwise(ends), strict=False)]
    return np.array(ends, dtype=float), -np.cumsum([0.0, *steps]), float(np.log1p(bands[-1].rate))


def nominal_rate(real: float, inflation: float) -> float:
    """The rate that discounts money of the day as `real` discounts money of one year: (1+r)(1+pi) - 1."""
    return (1 + real) * (1 + inflation) - 1


def real_rate(nominal: float, inflation: float) -> float:
    """The rate in prices of one year that answers to a nominal one: (1+n)/(1+pi) - 1."""
    return (1 + nominal) / (1 + inflation) - 1
