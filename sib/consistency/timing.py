"""Dates that cannot be together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sib.case import Case
from sib.consistency.told import Contradiction
from sib.periods import MONTHS_IN

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


def _cohort_days(case: Case) -> Iterator[Contradiction]:
    for cohort in case.forecast.cohorts:
        first, last = cohort.first or case.deal.start, cohort.last or case.deal.service_end
        if first > last or first < case.deal.start:
            yield (
                f"forecast.cohorts.{cohort.id}.first",
                f"starts from {first} to {last} do not lie within the deal, which starts {case.deal.start}; "
                "correct the dates.",
            )


CHECKS = (
    _length,
    _horizon,
    _measured,
    _cohort_days,
)
