"""The most that a payer may be called on to pay, by financial year."""

from __future__ import annotations

from datetime import date
from itertools import product

from sib.cashflow.caps import years_of_cap
from sib.cashflow.run import Run
from sib.deal.limits import Cap
from sib.deal.payments import Rule
from sib.value.by_year import sums, year_of
from sib.value.payers import payments_of


def most_by_year(run: Run, payer: str) -> dict[str, float] | None:
    """The most that caps let a payer be asked for in each financial year, in money; None where no cap limits it.

    It is its largest share of the smallest cap that holds every rule it pays under: a yearly cap once for each of its
    years whose claims fall due in the financial year, or what a cap on the contract has left once the expected
    payments of earlier years are made.
    """
    rules = {rule.id: rule for rule in run.case.deal.payments if payer in rule.paid_by.parties}
    if not rules:
        return None
    over = [cap for cap in run.case.deal.caps if not cap.payments or set(rules) <= set(cap.payments)]
    yearly = [cap for cap in over if cap.per == "year" and cap.unused == "lost"]
    in_all = [cap.amount.value for cap in over if cap.per == "contract"]
    if not yearly and not in_all:
        return None
    share = max(_share(run, rule, payer) for rule in rules)
    by_year = [_of_yearly_cap(run, cap, list(rules.values())) for cap in yearly]
    return _by_year(run, payer, share, by_year, in_all)


def _by_year(
    run: Run, payer: str, share: float, yearly: list[dict[str, float]], in_all: list[float]
) -> dict[str, float]:
    """Years after the last payment have nothing to be called for."""
    expected = sums(run, payments_of(run, payer))
    last = max([_last_year(run, payer), *(year for year, paid in expected.items() if paid)])
    most, before = {}, 0.0
    for year, paid in expected.items():
        limits = [amounts.get(year, 0.0) * share for amounts in yearly]
        limits += [max(0.0, amount * share - before) for amount in in_all]
        most[year] = min(limits) if year <= last else 0.0
        before += paid
    return most


def _of_yearly_cap(run: Run, cap: Cap, rules: list[Rule]) -> dict[str, float]:
    """By financial year: the cap, once for each of its years of which claims fall due then; a lag moves them on."""
    years: dict[str, set[int]] = {}
    cap_years = dict(zip(run.timeline.dates, years_of_cap(run.case, cap, run.timeline), strict=True))
    for rule, day in product(rules, _days_of_claims(run)):
        years.setdefault(year_of(run, _due(rule, day)), set()).add(cap_years[day])
        if rule.retained is not None and day < rule.retained.until:
            years.setdefault(year_of(run, rule.retained.until), set()).add(cap_years[day])
    return {year: cap.amount.value * len(found) for year, found in years.items()}


def _days_of_claims(run: Run) -> list[date]:
    last = run.case.deal.last_claim or run.last_date
    return [day for day in run.timeline.dates if run.case.deal.start <= day <= last]


def _due(rule: Rule, day: date) -> date:
    return rule.lag.after(day) if rule.lag else day


def _last_year(run: Run, payer: str) -> str:
    """The financial year of the last day on which a claim can be paid, if the contract says; else no year."""
    deal = run.case.deal
    if deal.last_payment or not deal.last_claim:
        return year_of(run, deal.last_payment) if deal.last_payment else ""
    days = [_due(rule, deal.last_claim) for rule in deal.payments if payer in rule.paid_by.parties]
    return year_of(run, max(days))


def _share(run: Run, rule: str, payer: str) -> float:
    """The largest part of a rule's payments that may fall to a payer; all of it in a queue."""
    split = run.payments.rules[rule].paid_by
    return 1.0 if split.shares is None else split.shares[payer].value
