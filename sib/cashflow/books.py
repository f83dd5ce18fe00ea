"""One tranche over time: what was drawn, earned, paid and lost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sib.cashflow.activity import Rows
from sib.deal.capital import TrancheOfCapital
from sib.numbers import Row


@dataclass
class TrancheBook:
    """Every array is (dates, scenarios), money, never negative; the balances are rows of scenarios, as of now."""

    tranche: TrancheOfCapital
    end: int
    """The row on which it ends; what is unpaid then is lost."""
    draws: Rows
    interest: Rows
    interest_paid: Rows
    principal_paid: Rows
    lost: Rows
    principal: Row
    """Outstanding now; nothing of a grant."""
    unpaid: Row
    """Interest accrued and not yet paid, now."""
    room: Row
    """What a return cap still leaves."""
    profit: Row
    """Interest and surplus paid so far."""

    @classmethod
    def blank(cls, tranche: TrancheOfCapital, end: int, shape: tuple[int, int]) -> TrancheBook:
        """A tranche of which nothing has been drawn."""
        rows = {name: np.zeros(shape) for name in ("draws", "interest", "interest_paid", "principal_paid", "lost")}
        nothing = np.zeros(shape[1])
        return cls(tranche, end, **rows, principal=nothing, unpaid=nothing, room=nothing, profit=nothing)

    @property
    def drawn(self) -> Row:
        """Drawn so far."""
        total: Row = self.draws.sum(axis=0)
        return total

    @property
    def repaid(self) -> Row:
        """Principal repaid so far."""
        total: Row = self.principal_paid.sum(axis=0)
        return total

    def pay(self, row: int, kind: str, amount: Row) -> None:
        """Note interest or principal paid."""
        if kind == "interest":
            self.interest_paid[row] += amount
            self.unpaid = self.unpaid - amount
            self.profit = self.profit + amount
        else:
            self.principal_paid[row] += amount
            self.principal = self.principal - amount
        self.room = self.room - amount

    def take_surplus(self, amount: Row) -> None:
        """Note a share of the surplus."""
        self.profit = self.profit + amount
        self.room = self.room - amount

    def close(self, row: int) -> None:
        """What is outstanding is lost."""
        self.lost[row] = self.principal + self.unpaid
        self.principal, self.unpaid = np.zeros_like(self.principal), np.zeros_like(self.unpaid)
