"""The ledger: every pound is a flow from one named party to another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from sib.cashflow.by_date import ByDate, Rows, moves
from sib.numbers import Row

OUTSIDE = "staff and suppliers"
"""Who is paid for delivery: outside the deal, and the end of the money's way."""

OWN_MEANS = "means outside the deal"
"""Where a borrower's money comes from that the deal does not earn."""

UNITEMISED = "delivery, not itemised"
"""Where capital goes in a case that states no costs."""


@dataclass(frozen=True)
class Entry:
    """Who pays whom, and for what."""

    source: str
    target: str
    kind: str
    rule: str | None = None
    tranche: str | None = None
    cost: str | None = None


class Ledger:
    """Flows by entry, each by date and never negative, and every party's cash.

    `cash` is the running balance of each party, a row of scenarios, as of the last date posted.
    """

    def __init__(self, dates: int, scenarios: int) -> None:
        self.shape = (dates, scenarios)
        self._flows: dict[Entry, ByDate] = {}
        self.cash: dict[str, Row] = {}

    @property
    def blank_row(self) -> Row:
        """Nothing in any scenario."""
        return np.zeros(self.shape[1])

    def post(self, row: int, entry: Entry, amount: float | Row) -> None:
        """Move an amount on a date. Nothing is recorded where nothing moves; the amount must not be negative."""
        if not moves(amount):
            return
        flow = self._flows.get(entry)
        if flow is None:
            flow = self._flows[entry] = ByDate(self.shape[0], width=self.shape[1])
        flow.add(row, amount)
        self.cash[entry.source] = self.balance(entry.source) - amount
        self.cash[entry.target] = self.balance(entry.target) + amount

    def balance(self, party: str) -> Row:
        """The cash of a party so far; a payer's is negative by what it has paid from its own means."""
        cash = self.cash.get(party)
        return self.blank_row if cash is None else cash

    def __iter__(self) -> Iterator[tuple[Entry, ByDate]]:
        return iter(self._flows.items())

    def moved(self, chosen: Callable[[Entry], bool]) -> ByDate:
        """The sum of the chosen entries on the dates on which anything moves."""
        return ByDate.total((flow for entry, flow in self if chosen(entry)), *self.shape)

    def total(self, chosen: Callable[[Entry], bool]) -> Rows:
        """The sum of the chosen entries, shape (dates, scenarios)."""
        return self.moved(chosen).dense()

    def received(self, party: str) -> Rows:
        """Everything a party receives, by date."""
        return self.total(lambda entry: entry.target == party)

    def paid(self, party: str) -> Rows:
        """Everything a party pays, by date."""
        return self.total(lambda entry: entry.source == party)

    def net(self, party: str) -> Rows:
        """Received less paid, by date."""
        return self.balance_moved(party).dense()

    def balance_moved(self, party: str) -> ByDate:
        """Received less paid, on the dates on which anything moves."""
        received, paid = (
            self.moved(lambda entry: entry.target == party),
            self.moved(lambda entry: entry.source == party),
        )
        return received.less(paid)

    @property
    def parties(self) -> list[str]:
        """Everyone who pays or receives anything, in order of appearance."""
        names = (name for entry, _ in self for name in (entry.source, entry.target))
        return list(dict.fromkeys(names))
