"""Shares of a sum: what they are taken of, when their gate is open, and which other rules they must wait for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import numpy as np

from sib.cashflow.activity import Rows
from sib.cashflow.by_date import ByDate
from sib.cashflow.capital import Capital
from sib.cashflow.claims import Passes, pooled_test
from sib.cashflow.counted import Counted, gains
from sib.cashflow.savings import Saving
from sib.deal.payments import Rule, ShareOfSum
from sib.numbers import Row

Amount = float | Row

A_TRACE = 1e-6
"""What rounding may leave of an amount that a cap has cut to nothing."""


def in_turns(rules: Sequence[Rule]) -> list[list[Rule]]:
    """The rules of one date in the order in which they claim: each after those that it asks what they are paid."""
    turns: list[list[Rule]] = []
    waiting = list(rules)
    while waiting:
        names = {rule.id for rule in waiting}
        ready = [rule for rule in waiting if not names & asked_by(rule)] or waiting
        turns.append(ready)
        waiting = [rule for rule in waiting if rule not in ready]
    return turns


def asked_by(rule: Rule) -> set[str]:
    """The rules of whose payments it is a share, and those that make it void."""
    of = rule.of.payments if isinstance(rule, ShareOfSum) else None
    return {*(of or ()), *(rule.gate.unless_paid if rule.gate else ())}


class Shares:
    """What each share of a sum comes to on a date, given what the other rules are paid by then (`accepted`)."""

    def __init__(
        self,
        counted: Counted,
        costs: Mapping[str, ByDate],
        savings: Sequence[Saving],
        capital: Capital,
        accepted: Mapping[str, ByDate],
    ) -> None:
        self._counted, self._numbers = counted, counted.numbers
        self._costs, self._savings, self._capital, self._accepted = costs, savings, capital, accepted
        self._shape = (len(counted.timeline), counted.numbers.scenarios)
        self._saved: dict[str, Rows] = {}

    def due(self, rule: ShareOfSum, row: int) -> Amount:
        """A share of the sum on the day it falls; what fell before the gate was read is claimed on that day, once."""
        claimed = self._rows_claimed(rule, row)
        if not claimed:
            return 0.0
        at = self._numbers.at(f"deal.payments.{rule.id}")
        share: Amount = at["share"]
        if rule.once_repaid is not None:
            share = np.where(self._capital.all_repaid(), at["once_repaid"], share)
        part: Amount = share * total(self._sum(rule, on) for on in claimed) * self._opened(rule, row)
        return part

    def _rows_claimed(self, rule: ShareOfSum, row: int) -> list[int]:
        """The dates whose sums are claimed on this one: itself, and on the day of its gate those that waited for it."""
        dates, read = self._counted.timeline.dates, self._row_of_reading(rule)
        if rule.of.stands_still:
            rows = [row] if row == read else []
        else:
            rows = [] if row < read else list(range(row + 1)) if row == read else [row]
        last = self._counted.case.deal.last_claim or date.max
        return [on for on in rows if (rule.first or dates[on]) <= dates[on] <= min(rule.last or last, last)]

    def _row_of_reading(self, rule: ShareOfSum) -> int:
        """The row on which its gate is read, or its sum, where that stands still; -1 where there is nothing to read."""
        if rule.due is not None and (rule.of.stands_still or rule.gate is not None):
            return self._counted.timeline.row(rule.due)
        if rule.gate is None:
            return -1
        return pooled_test(rule.gate, self._numbers.at(f"deal.payments.{rule.id}.gate"), self._counted)[0]

    def _opened(self, rule: ShareOfSum, row: int) -> Amount:
        """One where its gate is open, else nothing."""
        gate = rule.gate
        if gate is None:
            return 1.0
        _, test = pooled_test(gate, self._numbers.at(f"deal.payments.{rule.id}.gate"), self._counted)
        return np.where(test & ~self._any_paid(gate.unless_paid, row), 1.0, 0.0)

    def _any_paid(self, rules: Sequence[str], row: int) -> Passes:
        """In which scenarios any of these rules has been paid anything, up to and on a date."""
        amounts = (abs(part) for name in rules for on, part in self._accepted[name].rows.items() if on <= row)
        return np.asarray(sum(amounts, np.zeros(1)) > A_TRACE)

    def _sum(self, rule: ShareOfSum, row: int) -> Amount:
        of = rule.of
        if of.owed is not None:
            return self._capital.owed(of.owed)
        if of.drawn is not None:
            return self._capital.books[of.drawn].drawn
        if of.saving is not None:
            saved: Row = self._gains_of_saving(of.saving)[row]
            return saved
        if of.costs is not None:
            return total(self._costs[name].on(row) for name in of.costs)
        return total(self._accepted[name].on(row) for name in of.payments or ())

    def _gains_of_saving(self, saving: str) -> Rows:
        """A saving of all who make it, without its setbacks: nobody pays for a saving that was lost."""
        if saving not in self._saved:
            parts = (item.gross for item in self._savings if item.saving == saving)
            self._saved[saving] = gains(np.zeros(self._shape) + sum(parts, ByDate(self._shape[0])))
        return self._saved[saving]


def total(amounts: Iterable[Amount]) -> Amount:
    """The sum of amounts that are numbers or rows of scenarios; nothing for none."""
    found: Amount = 0.0
    for amount in amounts:
        found = found + amount
    return found
