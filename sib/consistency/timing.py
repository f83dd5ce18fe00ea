"""Dates that cannot be together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sib.case import Case
from sib.consistency.told import Contradiction
from sib.periods import MONTHS_IN, Period, listed_periods, regular_periods

MOST_PERIODS = 1200


def _length(case: Case) -> Iterator[Contradiction]:
    deal = case.deal
    if isinstance(deal.period, str):
        end = max([deal.service_end, *filter(None, (deal.last_payment, case.appraisal.horizon))])
        count = ((end.year - deal.start.year) * 12 + end.month - deal.start.month) // MONTHS_IN[deal.period]
        if count > MOST_PERIODS:
            yield (
                "deal.service_end",
                (
                    f"the case would run over {count} periods, at most {MOST_PERIODS} are computed; "
                    "write a longer period or an earlier end."
                ),
            )
    elif deal.period[-1] < deal.service_end:
        yield (
            "deal.period",
            f"the last period ends {deal.period[-1]}, before service_end {deal.service_end}; add periods.",
        )


def _horizon(case: Case) -> Iterator[Contradiction]:
    horizon = case.appraisal.horizon
    if horizon is not None and horizon < case.deal.start:
        yield "appraisal.horizon", f"the horizon {horizon} is before the start {case.deal.start}; write a later day."


def _measured(case: Case) -> Iterator[Contradiction]:
    last = case.deal.last_payment
    for outcome in case.deal.outcomes:
        stated = outcome.measured
        days = [stated] if isinstance(stated, date) else list((stated or {}).values())
        for day in days:
            if day < case.deal.start:
                yield (
                    f"deal.outcomes.{outcome.id}.measured",
                    f"{day} is before the start {case.deal.start}; correct it.",
                )
            if last is not None and day > last:
                yield (
                    f"deal.outcomes.{outcome.id}.measured",
                    f"{day} is after the last payment {last}, so it could never be paid; correct one of them.",
                )


def _measured_of_each_cohort(case: Case) -> Iterator[Contradiction]:
    """A map of days that leaves out a cohort would count its people at once, or at the end of the deal."""
    for outcome in case.deal.outcomes:
        if not isinstance(outcome.measured, dict) or outcome.kind == "level":
            continue
        expected = [item.cohorts for item in case.forecast.outcomes if item.of == outcome.id]
        cohorts = [cohort.id for cohort in case.forecast.cohorts]
        missing = [
            name for name in cohorts if name not in outcome.measured and any(name in (of or cohorts) for of in expected)
        ]
        for name in missing:
            yield (
                f"deal.outcomes.{outcome.id}.measured",
                f"no day for the cohort {name!r}; add it to the map, write one day for all, or measured_after.",
            )


def _cohort_days(case: Case) -> Iterator[Contradiction]:
    for cohort in case.forecast.cohorts:
        first, last = cohort.first or case.deal.start, cohort.last or case.deal.service_end
        if first > last or first < case.deal.start:
            yield (
                f"forecast.cohorts.{cohort.id}.first",
                f"starts from {first} to {last} do not lie within the deal, which starts {case.deal.start}; "
                "correct the dates.",
            )


def periods_of(case: Case, end: date) -> list[Period]:
    """The case's periods as far as a day."""
    if isinstance(case.deal.period, str):
        return regular_periods(case.deal.start, end, MONTHS_IN[case.deal.period])
    return listed_periods(case.deal.start, case.deal.period)


def _lists_of_starts(case: Case) -> Iterator[Contradiction]:
    """A list or a profile must fit the periods of its cohort; what does not would be lost without a word."""
    for cohort in case.forecast.cohorts:
        path, last = f"forecast.cohorts.{cohort.id}", cohort.last or case.deal.service_end
        if last > case.deal.service_end:
            yield (
                f"{path}.last",
                f"people would start until {last}, after service ends {case.deal.service_end}; correct it.",
            )
            continue
        room = sum(p.last >= (cohort.first or case.deal.start) and p.first <= last for p in periods_of(case, last))
        name = "starts" if cohort.starts else "referrals"
        for field, given in ((name, cohort.people.each_period), ("profile", cohort.profile)):
            if given is not None and len(given) > room:
                yield (
                    f"{path}.{field}",
                    f"{len(given)} numbers for {room} periods until {last}; write no more than there are periods.",
                )


def _draws(case: Case) -> Iterator[Contradiction]:
    """Money drawn after a tranche has ended could only be handed back."""
    for tranche in case.deal.tranches:
        end = tranche.maturity or case.deal.last_payment
        for item in getattr(tranche.draw, "amounts", ()):
            if end is not None and item.date > end:
                yield (
                    f"deal.tranches.{tranche.id}.draw.amounts",
                    f"{item.date} is after its end {end}; correct one of them.",
                )


def _retention(case: Case) -> Iterator[Contradiction]:
    last = case.deal.last_payment
    for rule in case.deal.payments:
        if rule.retained is not None and last is not None and rule.retained.until > last:
            path = f"deal.payments.{rule.id}.retained.until"
            yield path, f"{rule.retained.until} is after the last payment {last}; release it by then."


CHECKS = (_retention, _length, _horizon, _measured, _measured_of_each_cohort, _cohort_days, _lists_of_starts, _draws)
