"""The dates on which anything can happen in a case."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from sib.case import Case
from sib.cashflow.lasting import last_day_of
from sib.deal.payments import ShareOfSum, Tariff
from sib.forecast.benefits import Worth
from sib.numbers import once_for_a_case
from sib.periods import MONTHS_IN, Period, Timeline, listed_periods, regular_periods
from sib.terms import dates_in as dates_in


@once_for_a_case
def timeline_of(case: Case) -> Timeline:
    """The axis of a case: its periods' ends, every date that it states, and every day of a lagged payment."""
    stated = {day for part in (case.deal, case.forecast, case.actuals) for day in dates_in(part)}
    stated |= {case.appraisal.horizon} if case.appraisal.horizon else set()
    end = max(stated | {_last_outcome(case), _last_worth(case)})
    periods = _periods(case, end)
    days = stated | {period.last for period in periods}
    in_advance = {cost.paid for cost in case.deal.costs} & {"in advance"}
    firsts = {period.first for period in periods if period.first <= case.deal.service_end} if in_advance else set()
    lagged = {rule.lag.after(day) for rule in case.deal.payments if rule.lag for day in days}
    return Timeline.of(periods, days | firsts | lagged)


def last_worth(case: Case, worth: Worth) -> date:
    """The last day on which an outcome can be worth anything, whatever the horizon."""
    return last_day_of(worth, _last_outcome(case))


def _last_worth(case: Case) -> date:
    """The last day on which any outcome is worth anything, as far as the horizon."""
    days = [last_worth(case, item) for item in (*case.forecast.savings, *case.forecast.benefits)]
    return min(max([_last_outcome(case), *days]), case.appraisal.horizon or date.max)


def last_day(case: Case) -> date:
    """The last day on which anything that the case states or expects can happen, the longest lag included."""
    stated = [day for part in (case.deal, case.forecast, case.actuals) for day in dates_in(part)]
    day = last_claim_day(case)
    return max([*stated, *(rule.lag.after(day) if rule.lag else day for rule in case.deal.payments)])


def last_claim_day(case: Case) -> date:
    """The last day on which anything can be claimed: the last outcome, measurement or actual, within the limit."""
    measured = [day for part in (case.deal.outcomes, case.forecast.outcomes, case.actuals) for day in dates_in(part)]
    due = [rule.due for rule in case.deal.payments if isinstance(rule, ShareOfSum) and rule.due]
    last = max([_end_of_its_period(case, _last_outcome(case)), *measured, *due])
    return min(last, case.deal.last_claim or last)


def _last_outcome(case: Case) -> date:
    """The last day on which anything can come of the last start: the longest way through the outcomes."""
    last_start = max([case.deal.service_end, *(cohort.last for cohort in case.forecast.cohorts if cohort.last)])
    day = _end_of_its_period(case, last_start)
    waits = [item.measured_after for item in case.deal.outcomes if item.measured_after]
    lasts = {item.of: _last_of(case, item.of, day) for item in case.forecast.outcomes}
    paid = [
        _last_instalment(rule, lasts.get(rule.outcome, day)) for rule in case.deal.payments if isinstance(rule, Tariff)
    ]
    return max([day, *lasts.values(), *paid, *(wait.after(day) for wait in waits)])


def _last_of(case: Case, outcome: str, last_start: date, depth: int = 0) -> date:
    """The last day of one outcome, after those that must come first and a second claim."""
    days = [last_start]
    for item in case.forecast.outcomes:
        if item.of == outcome:
            before = item.follows is not None and depth < len(case.forecast.outcomes)
            begins = _last_of(case, str(item.follows), last_start, depth + 1) if before else last_start
            came = max([begins, *(wait.after(begins) for wait in item.delays)])
            days.append(item.claimed_again.after.after(_end_of_its_period(case, came)) if item.claimed_again else came)
    return _end_of_its_period(case, max(days))


def _last_instalment(rule: Tariff, day: date) -> date:
    for _ in range(rule.instalments.count if rule.instalments else 0):
        day = rule.instalments.every.after(day) if rule.instalments else day
    return day


def _end_of_its_period(case: Case, day: date) -> date:
    return next(period.last for period in _periods(case, day) if period.last >= day)


def _periods(case: Case, end: date) -> list[Period]:
    """The case's periods as far as `end`; listed ones go as far as they are listed."""
    if isinstance(case.deal.period, str):
        return list(_regular(case.deal.start, end, MONTHS_IN[case.deal.period]))
    lasts = [*case.deal.period, *([end] if end > case.deal.period[-1] else [])]
    return listed_periods(case.deal.start, lasts)


@lru_cache(maxsize=512)
def _regular(start: date, end: date, months: int) -> tuple[Period, ...]:
    """The same periods are asked for again and again while an axis is made."""
    return tuple(regular_periods(start, end, months))
