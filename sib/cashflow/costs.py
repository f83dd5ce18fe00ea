"""What delivery, the vehicle and the payers' own work cost, by date."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sib.case import Case
from sib.cashflow.activity import Group, active_cases
from sib.cashflow.by_date import ByDate
from sib.cashflow.growth import growth
from sib.deal.costs import Cost, OneOff, Overhead, PerCase, PerPeriod, PerStart
from sib.numbers import Numbers
from sib.periods import Timeline


def costs_of(case: Case, numbers: Numbers, groups: Sequence[Group], timeline: Timeline) -> dict[str, ByDate]:
    """Every cost by its id, uplifted, on the day on which it is paid."""
    due: dict[str, ByDate] = {}
    for cost in sorted(case.deal.costs, key=lambda item: isinstance(item, Overhead)):
        at = numbers.at(f"deal.costs.{cost.id}")
        if isinstance(cost, Overhead):
            due[cost.id] = sum((due[name] for name in cost.of), ByDate(len(timeline))) * at["share"]
            continue
        rows = _quantity(case, cost, numbers, groups, timeline) * at["amount"]
        rows = rows * growth(at.get("uplift", 0.0), case.deal.start, timeline)
        in_advance = cost.paid == "in advance" and not isinstance(cost, OneOff)
        due[cost.id] = _paid_on_first_days(rows, timeline) if in_advance else rows
    return due


def _quantity(case: Case, cost: Cost, numbers: Numbers, groups: Sequence[Group], timeline: Timeline) -> ByDate:
    """How many of whatever the cost is charged for, by date."""
    if isinstance(cost, OneOff):
        return ByDate.of(len(timeline), {timeline.row(cost.date): 1.0})
    if isinstance(cost, PerPeriod):
        parts = timeline.parts_within(cost.first or case.deal.start, cost.last or case.deal.service_end)
        return ByDate.of(len(timeline), {row: part for row, part in parts if part})
    assert not isinstance(cost, Overhead)  # an overhead has no quantity of its own
    starts = [g.starts for g in groups if not cost.cohorts or g.cohort in cost.cohorts]
    people: ByDate = sum(starts, ByDate(len(timeline)))
    running = _days_within(case, cost, timeline)
    if isinstance(cost, PerStart):
        return people.kept(running)
    active = active_cases(people, cost.stay, timeline).kept(running)
    if isinstance(cost, PerCase):
        return active
    # 1e-9: forty cases counted as 39.999… or 40.000…1 are four steps of ten, not five.
    size = numbers[f"deal.costs.{cost.id}.size"]
    return ByDate(active.dates, {row: np.ceil(count / size - 1e-9) for row, count in active.rows.items()})


def _days_within(case: Case, cost: Cost, timeline: Timeline) -> list[bool]:
    """Whether a date lies between the cost's first day and the end of the period that holds its last.

    That is the end of service unless it is written.
    """
    last = timeline.known_to(cost.last or case.deal.service_end)
    return [(cost.first or day) <= day and row <= last for row, day in enumerate(timeline.dates)]


def _paid_on_first_days(rows: ByDate, timeline: Timeline) -> ByDate:
    moved = ByDate(rows.dates)
    for period, row in zip(timeline.periods, timeline.end_rows, strict=True):
        if int(row) in rows.rows:
            moved.add(timeline.row(period.first), rows.rows[int(row)])
    return moved
