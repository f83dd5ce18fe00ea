"""One tranche over time: what was drawn, earned, paid and lost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sib.cashflow.by_date import ByDate, positive
from sib.cashflow.ends import Ends
from sib.cashflow.sharing import ROUNDING
from sib.deal.capital import TrancheOfCapital
from sib.numbers import Row

Passes = NDArray[np.bool_]
"""In which scenarios something holds, shape (scenarios,)."""


@dataclass
class TrancheBook:
    """What happened by date, money, never negative; the balances are rows of scenarios, as of now."""

    tranche: TrancheOfCapital
    end: Ends
    """The row on which it ends in each scenario (or one for all); what is unpaid then is lost."""
    agreed_end: int
    """The row on which it ends unless it ends early."""
    draws: ByDate
    interest: ByDate
    interest_paid: ByDate
    principal_paid: ByDate
    lost: ByDate
    drawn: Row
    """Drawn so far."""
    repaid: Row
    """Principal repaid so far."""
    principal: Row
    """Outstanding now; nothing of a grant."""
    unpaid: Row
    """Interest accrued and not yet paid, now."""
    room: Row
    """What a return cap still leaves."""
    profit: Row
    """Interest and surplus paid so far."""
    fee: Row
    """Commitment fee accrued and not yet paid."""

    @classmethod
    def blank(cls, tranche: TrancheOfCapital, end: Ends, agreed_end: int, shape: tuple[int, int]) -> TrancheBook:
        """A tranche of which nothing has been drawn."""
        draws, interest, interest_paid, principal_paid, lost = (ByDate(shape[0], width=shape[1]) for _ in range(5))
        balances = [np.zeros(shape[1])] * 7
        return cls(tranche, end, agreed_end, draws, interest, interest_paid, principal_paid, lost, *balances)

    def draw(self, row: int, amount: float | Row) -> None:
        """Note what is drawn; a grant is not owed."""
        self.draws.add(row, amount)
        self.drawn = self.drawn + amount
        if self.tranche.kind != "grant":
            self.principal = self.principal + amount

    def accrue(self, row: int, interest: Row) -> None:
        """Note the interest for the days that end on a date."""
        self.interest.add(row, interest)
        self.unpaid = self.unpaid + interest

    def pay(self, row: int, kind: str, amount: Row) -> None:
        """Note interest or principal paid."""
        if kind == "interest":
            self.interest_paid.add(row, amount)
            self.unpaid = self.unpaid - amount
            self.profit = self.profit + amount
        else:
            self.principal_paid.add(row, amount)
            self.repaid = self.repaid + amount
            self.principal = self.principal - amount
        self.room = self.room - amount

    def take_surplus(self, amount: Row) -> None:
        """Note a share of the surplus."""
        self.profit = self.profit + amount
        self.room = self.room - amount

    @property
    def gain(self) -> Row:
        """Interest and surplus paid so far, less the principal that is lost or that a return cap withholds."""
        if self.tranche.kind == "grant":
            return self.profit
        return self.profit + self.repaid + self.within_cap(self.principal) - self.drawn

    def within_cap(self, amount: Row) -> Row:
        """No more than the return cap leaves."""
        return amount if self.tranche.return_cap is None else np.minimum(amount, positive(self.room))

    def above_rounding(self, amount: Row) -> Row:
        """An amount; nothing where it is only what rounding leaves of what was drawn."""
        return amount * (amount > ROUNDING * self.drawn)

    def is_open(self, row: int) -> Passes:
        """In which scenarios it has not ended before a date."""
        return np.greater_equal(self.end, row)

    def ends_on(self, row: int) -> Passes:
        """In which scenarios it ends on a date."""
        return np.equal(self.end, row)

    def ended_early(self, row: int) -> Passes:
        """In which scenarios it had ended before a date, and before the day that was agreed."""
        return np.logical_and(self.end < row, self.end < self.agreed_end)

    def waive(self, row: int, amount: Row) -> None:
        """Principal that will not be asked for is lost."""
        self.lost.add(row, amount)
        self.principal = self.principal - amount

    def close(self, row: int) -> None:
        """What is outstanding is lost where it ends on a date."""
        ends = self.ends_on(row)
        self.lost.add(row, np.where(ends, self.principal + self.unpaid, 0.0))
        self.principal, self.unpaid = np.where(ends, 0.0, self.principal), np.where(ends, 0.0, self.unpaid)
