"""Who starts and who is active, period by period, for each cohort and segment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sib.case import Case
from sib.cashflow.by_date import ByDate
from sib.cashflow.by_date import Rows as Rows
from sib.cashflow.sampling import some_of
from sib.forecast.cohorts import CohortExpected
from sib.numbers import Numbers, NumbersAt, Row
from sib.periods import Duration, Timeline


@dataclass(frozen=True)
class Group:
    """The starts of one cohort, or of one segment of it."""

    cohort: str
    segment: str | None
    starts: ByDate


def groups_of(case: Case, numbers: Numbers, timeline: Timeline) -> list[Group]:
    """The starts of every cohort, split into its segments where it has any."""
    groups = []
    for cohort in case.forecast.cohorts:
        starts = cohort_starts(case, cohort, numbers, timeline)
        at = numbers.at(f"forecast.cohorts.{cohort.id}.segments")
        parts = [Group(cohort.id, part.id, starts * at[f"{part.id}.share"]) for part in cohort.segments]
        groups += parts or [Group(cohort.id, None, starts)]
    return groups


def cohort_starts(case: Case, cohort: CohortExpected, numbers: Numbers, timeline: Timeline) -> ByDate:
    """Starts of a cohort by date, people, counted on the last day of each period; actuals up to their last date."""
    at = numbers.at(f"forecast.cohorts.{cohort.id}")
    people = _listed(case, cohort, at, timeline) if cohort.people.each_period else _spread(case, cohort, at, timeline)
    starts = _taken_up(ByDate.of(len(timeline), people), cohort, numbers)
    actual = [item for item in case.actuals.starts if item.cohort == cohort.id]
    if actual:
        starts = starts.after(timeline.known_to(max(item.date for item in actual)))
    for i, item in enumerate(case.actuals.starts):
        if item.cohort == cohort.id:
            starts.add(timeline.known_to(item.date), numbers[f"actuals.starts[{i}].value"])
    return starts


def _taken_up(referred: ByDate, cohort: CohortExpected, numbers: Numbers) -> ByDate:
    """Those of the referred who start: by chance each of them, where people do what they do by chance."""
    path = f"forecast.cohorts.{cohort.id}.take_up"
    share = numbers.get(path, 1.0)
    if numbers.chance is None or cohort.take_up is None:
        return referred * share
    return some_of(numbers.chance, path, referred, share)


def window(case: Case, cohort: CohortExpected) -> tuple[date, date]:
    """The first and last day on which people of a cohort start."""
    return cohort.first or case.deal.start, cohort.last or case.deal.service_end


def _listed(case: Case, cohort: CohortExpected, at: NumbersAt, timeline: Timeline) -> dict[int, float | Row]:
    first, _ = window(case, cohort)
    name = "starts" if cohort.starts else "referrals"
    values = at.series(name, len(cohort.people.each_period or ()))
    rows = [row for period, row in zip(timeline.periods, timeline.end_rows, strict=True) if period.last >= first]
    return dict(zip(rows, values, strict=False))


def _spread(case: Case, cohort: CohortExpected, at: NumbersAt, timeline: Timeline) -> dict[int, float | Row]:
    """A total over the periods of the cohort's window, by profile or evenly (a part of a period counts in part)."""
    first, last = window(case, cohort)
    total = at["starts" if cohort.starts else "referrals"]
    inside = timeline.parts_within(first, last)
    weights: list[float | Row]
    if cohort.profile is None:
        weights = [float(part) for _, part in inside]
    else:
        weights = at.series("profile", len(cohort.profile))
    whole = sum(weights[: len(inside)])
    return {row: total * (weight / whole) for (row, _), weight in zip(inside, weights, strict=False)}


def active_cases(starts: ByDate, stay: Duration, timeline: Timeline) -> ByDate:
    """People active in each period, shown on its last day.

    Someone who starts in a period is active in it and in every later one that ends before the stay is over,
    counted from the end of the period of the start.
    """
    active = ByDate(starts.dates)
    ends = [(int(row), period.last) for row, period in zip(timeline.end_rows, timeline.periods, strict=True)]
    for i, (row, day) in enumerate(ends):
        if row in starts.rows:
            over = stay.after(day)
            for later, ends_on in ends[i:]:
                if later == row or ends_on < over:
                    active.add(later, starts.rows[row])
    return active
