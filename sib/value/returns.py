"""What an investor is told: rate of return, present value, multiple, payback and exposure."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import numpy_financial

from sib.value.flows import (
    Amounts,
    Dates,
    Floats,
    When,
    as_amounts,
    as_dates,
    columns,
    refuse_non_finite,
    years_from_first,
)
from sib.value.irr import Irr, IrrStatus, PeriodicIrr, irr, periodic_irr

__all__ = [
    "Irr",
    "IrrStatus",
    "PeriodicIrr",
    "irr",
    "level_payment",
    "multiple",
    "npv",
    "payback",
    "peak_exposure",
    "periodic_irr",
]

# Of the largest balance on the way: a running sum as near to nought as this has reached it.
ROUNDING = 1e-12


def npv(rate: Any, amounts: Amounts, dates: When | None = None, periods_per_year: float = 1) -> Any:
    """Net present value at the first date, at an effective annual rate given as a fraction above -1.

    With dates, Actual/365 from the first of them, as Excel's XNPV; without, equal periods, the first amount
    undiscounted (numpy-financial's `npv`, not the spreadsheet's, which discounts it too). Received is
    positive. Amounts (periods,) give a float, (periods, scenarios) an array (scenarios,); the rate may be
    one number or one per scenario. Raises ValueError for a rate of -1 or less and for unreadable input.
    """
    flows, rates = _finite(amounts), np.asarray(rate, dtype=np.float64)
    if not np.all(rates > -1.0):
        raise ValueError(f"the discount rate is {np.min(rates)}; give a fraction above -1, 0.035 for 3.5 %.")
    if not 0 < periods_per_year < np.inf:
        raise ValueError(f"periods_per_year is {periods_per_year}; give a positive number: 1, 2, 4 or 12.")
    if dates is None and flows.ndim == 1 and rates.ndim == 0:
        per_period = np.expm1(np.log1p(rates) / periods_per_year)
        return float(numpy_financial.npv(float(per_period), flows))
    years = _years(len(flows), dates, periods_per_year)
    factors = np.exp(-np.multiply.outer(years, np.log1p(rates)))
    return _plain((factors.reshape(len(years), -1) * columns(flows)).sum(axis=0), flows.ndim + rates.ndim)


def _years(periods: int, dates: When | None, periods_per_year: float) -> Floats:
    if dates is None:
        return np.arange(periods) / periods_per_year
    return years_from_first(as_dates(dates, periods))


def multiple(amounts: Amounts) -> Any:
    """Money multiple: the sum of what is received over the sum of what is paid in; nan where nothing is.

    Undiscounted, so timing does not matter; a total loss is 0. Float for (periods,), array for
    (periods, scenarios). Flows that are to count on both sides must stand in periods of their own.
    """
    flows = columns(_finite(amounts))
    received = np.maximum(flows, 0.0).sum(axis=0)
    paid_in = np.maximum(-flows, 0.0).sum(axis=0)
    with np.errstate(over="ignore"):
        ratio = np.divide(received, paid_in, out=np.full_like(received, np.nan), where=paid_in > 0)
    return _plain(ratio, np.ndim(amounts))


def payback(amounts: Amounts, dates: When) -> Any:
    """The first date on which the undiscounted running sum, after having been negative, is not negative.

    Flows of one date count together. A sum within 1e-12 of the largest shortfall on the way is nought.
    Gives a datetime.date, or None if the sum was never negative or never came back; for amounts of shape
    (periods, scenarios) an array of datetime64[D] with NaT for None.
    """
    flows = _finite(amounts)
    days = as_dates(dates, len(flows))
    if len(days) == 0:
        return None if flows.ndim == 1 else np.full(flows.shape[1], "NaT", dtype="datetime64[D]")
    last_of_date = np.append(days[1:] != days[:-1], True)
    found = payback_of_sums(running_sum(columns(flows))[last_of_date], days[last_of_date])
    if flows.ndim == 2:
        return found
    day = found[0].item()
    return day if isinstance(day, date) else None


def payback_of_sums(sums: Floats, days: Dates) -> Dates:
    """`payback` of running sums of (dates, scenarios), one row for each date; NaT for None."""
    below = sums < -ROUNDING * np.maximum(-sums.min(axis=0), 0.0)
    found = np.full(sums.shape[1], np.datetime64("NaT", "D"))
    # From the last return to nought back to the first, which stays.
    for row in range(len(sums) - 1, 0, -1):
        np.copyto(found, days[row], where=below[row - 1] > below[row])
    return found


def peak_exposure(amounts: Amounts) -> Any:
    """The most that was ever out of pocket: minus the lowest undiscounted running sum, 0 if never negative.

    Positive, in the amounts' currency; sums are taken after each period's flow. Float for (periods,),
    array for (periods, scenarios).
    """
    flows = _finite(amounts)
    return _plain(peak_of_sums(running_sum(columns(flows))), flows.ndim)


def peak_of_sums(sums: Floats) -> Floats:
    """`peak_exposure` of running sums of (periods, scenarios)."""
    lowest = sums.min(axis=0, initial=0.0)
    return np.where(lowest < 0, -lowest, 0.0)


def running_sum(amounts: Floats) -> Floats:
    """Amounts of (periods, scenarios) summed up to each period.

    As numpy's cumsum, which goes down the columns and takes thirty times as long on many scenarios.
    """
    sums = np.array(amounts, dtype=np.float64)
    for row in range(1, len(sums)):
        np.add(sums[row - 1], sums[row], out=sums[row])
    return sums


def level_payment(rate: float, periods: float, principal: float) -> float:
    """The equal payment, at the end of each period, that repays a principal with interest; positive.

    The rate is per period, a fraction; numpy-financial's `pmt` with the sign turned, so that a principal
    received is repaid by a positive amount.
    """
    return float(-numpy_financial.pmt(rate, periods, principal))


def _finite(amounts: Amounts) -> Floats:
    flows = as_amounts(amounts)
    refuse_non_finite(flows)
    return flows


def _plain(values: Floats, axes: int) -> Any:
    """A float for what had one axis, else the array."""
    return values if axes > 1 else float(values[0])
