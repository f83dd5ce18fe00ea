"""The day on which each tranche ends: as agreed, or earlier at a milestone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sib.cashflow.axis import last_claim_day, last_day
from sib.cashflow.counted import Counted
from sib.deal.capital import AtMilestone, TrancheOfCapital
from sib.numbers import Row

Ends = NDArray[np.int64]
"""The row of the timeline on which something ends, shape (scenarios,), or (1,) where it is one for all."""


def agreed_end(tranche: TrancheOfCapital, counted: Counted) -> int:
    """The row of its maturity; else of the last payment, as stated or as late as there can be one."""
    day = tranche.maturity or counted.case.deal.last_payment or last_day(counted.case)
    row = counted.timeline.row_from(day)
    return len(counted.timeline) - 1 if row is None else row


def ends_of(tranche: TrancheOfCapital, counted: Counted) -> Ends:
    """The row on which a tranche ends in each scenario; at its return cap is only known once it is reached."""
    agreed, early = agreed_end(tranche, counted), tranche.ends_early
    ends = np.full(1, agreed)
    if not isinstance(early, AtMilestone):
        return ends
    measure = level_on(early.outcome, early.date, counted)
    if measure is None:
        return ends
    at = counted.numbers.at(f"deal.tranches.{tranche.id}.ends_early")
    reached = measure >= np.asarray(at["below" if early.at_least is None else "at_least"]) - 1e-12
    stops = ~reached if early.at_least is None else reached
    return np.where(stops, np.minimum(counted.timeline.row(early.date), agreed), ends)


def level_on(outcome: str, day: date, counted: Counted) -> Row | None:
    """The measure as known on a day: of a count its total so far, else all cohorts measured by then; None if none."""
    result = counted.outcomes[outcome]
    if result.outcome.of_cohort:
        by_then = [item for item in result.measurements if counted.timeline.dates[item.row] <= day]
        pooled = replace(result, measurements=by_then).pooled()
        return None if pooled is None else pooled[1]
    last = min(day, last_claim_day(counted.case))
    known = sum(on_date <= last for on_date in counted.timeline.dates)
    total = sum(result.accepted.values(), counted.blank)
    return np.asarray(total[:known].sum(axis=0))
