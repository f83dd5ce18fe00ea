"""Every party's money by financial year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sib.cashflow.activity import Rows
from sib.cashflow.run import Run
from sib.periods import financial_year


@dataclass(frozen=True)
class YearOfParty:
    """One party in one financial year; savings are None for a party that saves nothing."""

    paid: float
    received: float
    savings: float | None
    cashable: float | None


def by_year(run: Run) -> dict[str, dict[str, YearOfParty]]:
    """Every party of the deal and every saver, for every financial year of the case."""
    names = [party.id for party in run.case.deal.parties] + [saving.saver for saving in run.savings]
    return {name: _years(run, name) for name in dict.fromkeys(names)}


def _years(run: Run, party: str) -> dict[str, YearOfParty]:
    paid, received = _sums(run, run.ledger.paid(party)), _sums(run, run.ledger.received(party))
    own = [saving for saving in run.savings if saving.saver == party]
    savings = [_sums(run, saving.gross) for saving in own]
    cashable = [_sums(run, saving.cashable) for saving in own if saving.cashable is not None]
    return {
        year: YearOfParty(
            paid[year],
            received[year],
            sum(part[year] for part in savings) if own else None,
            sum(part[year] for part in cashable) if own and len(cashable) == len(own) else None,
        )
        for year in paid
    }


def _sums(run: Run, rows: Rows) -> dict[str, float]:
    """The base case's sums by financial year."""
    sums: dict[str, float] = {}
    for day, row in zip(run.timeline.dates, rows, strict=True):
        if day > run.last_date:
            break
        name = year_of(run, day)
        sums[name] = sums.get(name, 0.0) + float(row[0])
    return sums


def year_of(run: Run, day: date) -> str:
    """The financial year of a date, as the case defines it."""
    return financial_year(day, run.case.appraisal.financial_year_starts)
