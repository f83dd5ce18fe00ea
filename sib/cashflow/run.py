"""One run of a case: everything that happens, date by date, in every scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from sib.case import Case
from sib.cashflow.activity import Group, groups_of
from sib.cashflow.axis import timeline_of
from sib.cashflow.books import TrancheBook
from sib.cashflow.by_date import ByDate
from sib.cashflow.capital import Capital
from sib.cashflow.claims import Claim, claims_of
from sib.cashflow.costs import costs_of
from sib.cashflow.counted import Counted
from sib.cashflow.guarantees import call_guarantees, pay_guarantee_fees
from sib.cashflow.ledger import OUTSIDE, Entry, Ledger
from sib.cashflow.outcomes import OutcomeRows, outcomes_of
from sib.cashflow.payments import Payments
from sib.cashflow.prices import Prices
from sib.cashflow.savings import Benefit, Saving, Valuing
from sib.cashflow.waterfall import Waterfall
from sib.chance import Chance
from sib.numbers import Numbers, Row
from sib.periods import Timeline


@dataclass(frozen=True)
class Run:
    """What happened. Every array is (dates, scenarios) on `timeline`, or (dates, 1) where all scenarios agree."""

    case: Case
    numbers: Numbers
    timeline: Timeline
    groups: list[Group]
    outcomes: Mapping[str, OutcomeRows]
    claims: Mapping[str, Claim]
    payments: Payments
    costs: Mapping[str, ByDate]
    savings: list[Saving]
    benefits: list[Benefit]
    prices: Prices
    books: Mapping[str, TrancheBook]
    shortfall: ByDate
    """What the holder lacks on each date beyond all that is still committed; never negative."""
    ledger: Ledger

    @property
    def last_date(self) -> date:
        """The last day on which anything happens, or on which the case says that something might."""
        deal = self.case.deal
        stated = [
            deal.service_end,
            deal.last_claim,
            deal.last_payment,
            *(tranche.maturity for tranche in deal.tranches),
        ]
        worth = [item.gross for item in self.savings] + [item.gross for item in self.benefits]
        moved = [rows for _, rows in self.ledger] + worth
        rows = [int(np.flatnonzero(series.any(axis=1))[-1]) for series in moved if series.any()]
        return max([*(day for day in stated if day is not None), *(self.timeline.dates[row] for row in rows)])

    @property
    def scenarios(self) -> int:
        """How many scenarios the run holds."""
        return self.ledger.shape[1]


def run(case: Case, draws: Mapping[str, Row] | None = None, chance: Chance | None = None) -> Run:
    """Run a case once for its base (or, with rows of draws by path, once for all scenarios together).

    With `chance` people do what they do by chance: payments follow what is then measured, savings what then happened.
    """
    numbers = Numbers(case, draws, chance)
    timeline = timeline_of(case)
    groups = groups_of(case, numbers, timeline)
    outcomes = outcomes_of(case, numbers, groups, timeline)
    counted = Counted(case, numbers, timeline, groups, outcomes)
    costs = costs_of(case, numbers, groups, timeline)
    prices = Prices(case, numbers, timeline)
    worths = Valuing(case, numbers, outcomes, timeline, prices).worths()
    claims = claims_of(counted)
    ledger = Ledger(len(timeline), numbers.scenarios)
    capital = Capital(counted, ledger)
    payments = Payments(counted, ledger, claims, costs, worths.savings, capital)
    waterfall = Waterfall(capital)
    dues = _dues(case, capital, costs)
    for row in range(len(timeline)):
        _one_date(row, waterfall, payments, dues)
    money = (payments, costs, worths.savings, worths.benefits, prices, capital.books, capital.shortfall, ledger)
    return Run(case, numbers, timeline, groups, outcomes, claims, *money)


def _one_date(row: int, waterfall: Waterfall, payments: Payments, dues: Sequence[tuple[Entry, ByDate]]) -> None:
    """Everything that happens on one date, in the order in which the money needs it."""
    capital = waterfall.capital
    capital.accrue(row)
    capital.accrue_commitment_fees(row)
    capital.draw_as_agreed(row)
    payments.claim(row)
    payments.pay_from_payers(row)
    payments.pay_from_holder(row)
    for entry, amounts in dues:
        if row in amounts.rows:
            capital.ledger.post(row, entry, amounts.rows[row])
    pay_guarantee_fees(capital, row)
    capital.pay_commitment_fees(row)
    capital.draw_as_needed(row)
    waterfall.distribute(row)
    call_guarantees(capital, row)
    capital.close(row)


def _dues(case: Case, capital: Capital, costs: Mapping[str, ByDate]) -> list[tuple[Entry, ByDate]]:
    """Who pays whom for each cost, and how much by date."""
    payers, dues = case.deal.payers, []
    for cost in case.deal.costs:
        bearer = cost.paid_by or capital.holder
        kind = "own cost" if bearer in payers else "cost"
        dues.append((Entry(bearer, cost.paid_to or OUTSIDE, kind, cost=cost.id), costs[cost.id]))
    return dues
