"""Every party's money by financial year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sib.cashflow.by_date import ByDate, Rows
from sib.cashflow.run import Run
from sib.periods import financial_year
from sib.value.payers import cashable_of, savers_of, savings_of


@dataclass(frozen=True)
class YearOfParty:
    """One party in one financial year; savings are None for a party that saves nothing."""

    paid: float
    received: float
    savings: float | None
    cashable: float | None
    never_cashable: float | None


def by_year(run: Run) -> dict[str, dict[str, YearOfParty]]:
    """Every party of the deal and every saver, for every financial year of the case."""
    names = [*(party.id for party in run.case.deal.parties), *savers_of(run)]
    return {name: _years(run, name) for name in dict.fromkeys(names)}


def _years(run: Run, party: str) -> dict[str, YearOfParty]:
    paid, received = sums(run, run.ledger.paid(party)), sums(run, run.ledger.received(party))
    savings, cashable = sums_if_known(run, savings_of(run, party)), sums_if_known(run, cashable_of(run, party))
    return {
        year: YearOfParty(
            paid[year],
            received[year],
            savings[year] if savings else None,
            cashable[year] if cashable else None,
            savings[year] - cashable[year] if savings and cashable else None,
        )
        for year in paid
    }


def sums_if_known(run: Run, rows: ByDate | None) -> dict[str, float] | None:
    """The base case's sums by financial year; None for what is not known."""
    return None if rows is None else sums(run, rows)


def sums(run: Run, rows: ByDate | Rows) -> dict[str, float]:
    """The base case's sums by financial year, to the horizon and the last day on which anything happens."""
    totals: dict[str, float] = {}
    end = max(run.last_date, run.case.appraisal.horizon or run.last_date)
    for day, row in zip(run.timeline.dates, rows, strict=True):
        if day > end:
            break
        name = year_of(run, day)
        totals[name] = totals.get(name, 0.0) + float(row[0])
    return totals


def year_of(run: Run, day: date) -> str:
    """The financial year of a date, as the case defines it."""
    return financial_year(day, run.case.appraisal.financial_year_starts)
