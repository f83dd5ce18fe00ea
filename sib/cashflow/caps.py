"""What the caps of a contract leave of its claims, date by date, and which cap cut what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import add

import numpy as np

from sib.case import Case
from sib.cashflow.by_date import ByDate, positive
from sib.deal.limits import Cap
from sib.numbers import Numbers, Row
from sib.periods import Timeline, whole_years

Amount = float | Row
Claims = dict[str, Row]

ALREADY_RECEIVED = "already received"
"""What a claim is cut by when money for the same has come from elsewhere."""


class Caps:
    """The caps in the order in which they apply, how much of each is used up, and the log of what they cut.

    First what was already received from elsewhere is set off; then caps on one rule, by year, over the contract, and
    on one payment. Caps per person have been applied to the claims before. `clipped[cap, rule]` is by date and
    positive.
    """

    def __init__(self, case: Case, numbers: Numbers, timeline: Timeline, by_payers: Sequence[str]) -> None:
        self._shape = (len(timeline), numbers.scenarios)
        self._caps = [
            _RunningCap(
                cap,
                numbers[f"deal.caps.{cap.id}.amount"],
                cap.payments or tuple(by_payers),
                years_of_cap(case, cap, timeline),
            )
            for cap in sorted(case.deal.caps, key=_order)
            if cap.per != "person"
        ]
        self._caps += [
            _RunningCap(Cap(id=pot.id, amount=pot.maximum), numbers[f"deal.pots.{pot.id}.maximum"], pot.payments, [])
            for pot in case.deal.pots
            if pot.maximum is not None
        ]
        received = {
            rule.id: numbers.get(f"deal.payments.{rule.id}.already_received", 0.0) for rule in case.deal.payments
        }
        self._to_set_off: dict[str, Amount] = {rule: amount for rule, amount in received.items() if np.any(amount)}
        self.clipped: dict[tuple[str, str], ByDate] = {}

    def cut(self, row: int, claims: Mapping[str, Row]) -> Claims:
        """What is left of the claims of one date after every cap; the cut is logged.

        A cap is used up by date, within a date pro rata or in order. What a payee pays back (negative) is no claim.
        """
        left = {name: self._set_off(row, name, claim) for name, claim in claims.items()}
        wanted = {name: positive(claim) for name, claim in left.items()}
        for cap in self._caps:
            for name, kept in cap.kept(row, wanted).items():
                left[name] = self.log(row, cap.name, name, left[name], wanted[name] - kept)
                wanted[name] = positive(left[name])
        for cap in self._caps:
            cap.use(row, wanted)
        return left

    def use_up(self, row: int, accepted: Mapping[str, Row]) -> None:
        """Count what is known to have been paid towards every cap."""
        paid = {name: positive(amount) for name, amount in accepted.items()}
        for cap in self._caps:
            cap.use(row, paid)

    def _set_off(self, row: int, rule: str, claim: Row) -> Row:
        """A claim less what is left of the money already received for the same."""
        if rule not in self._to_set_off:
            return claim
        cut = np.minimum(positive(claim), self._to_set_off[rule])
        self._to_set_off[rule] = self._to_set_off[rule] - cut
        return self.log(row, ALREADY_RECEIVED, rule, claim, cut)

    def log(self, row: int, cap: str, rule: str, claim: Row, cut: Row) -> Row:
        """Take a cut off a claim and say which cap took it; returns what is left."""
        if not cut.any():
            return claim
        if (cap, rule) not in self.clipped:
            self.clipped[cap, rule] = ByDate(self._shape[0], width=self._shape[1])
        self.clipped[cap, rule].add(row, cut)
        return claim - cut


class _RunningCap:
    """One cap and how much of it is used up so far."""

    def __init__(self, cap: Cap, amount: Amount, rules: Sequence[str], years: Sequence[int]) -> None:
        self.name, self._cap, self._amount, self._rules, self._years = cap.id, cap, amount, rules, years
        self._limit, self._used = amount, np.zeros(1)
        self._year: int | None = None
        self._row = -1

    def kept(self, row: int, claims: Mapping[str, Row]) -> Claims:
        """What it leaves of the claims of one date, none negative; nothing where it leaves all in every scenario."""
        self._new_date(row)
        wanted = {name: claims[name] for name in self._rules if name in claims}
        room = positive(self._limit - self._used)
        if not wanted or not (reduce(add, wanted.values()) > room).any():
            return {}
        return _in_order(wanted, room) if self._cap.shared == "in order" else _pro_rata(wanted, room)

    def use(self, row: int, claims: Mapping[str, Row]) -> None:
        """Count what was accepted in the end, none of it negative."""
        self._new_date(row)
        self._used = sum((claims[name] for name in self._rules if name in claims), self._used)

    def _new_date(self, row: int) -> None:
        """A cap on one payment is as large again on the next date, a cap by year in the next year."""
        if self._cap.per == "payment" and row != self._row:
            self._used = np.zeros(1)
        self._row = row
        if not self._years or self._years[row] == self._year:
            return
        self._limit, self._used = self._amount + self._carried(self._years[row]), np.zeros(1)
        self._year = self._years[row]

    def _carried(self, year: int) -> Amount:
        """What earlier years have left to this one: years in which nothing is claimed leave all of theirs."""
        if self._cap.unused != "carried":
            return 0.0
        if self._year is None:
            return self._amount * max(0, year - self._years[0])
        return positive(self._limit - self._used) + self._amount * (year - self._year - 1)


def _pro_rata(wanted: Mapping[str, Row], room: Row) -> Claims:
    total = sum(wanted.values(), np.zeros(1))
    part = np.divide(np.minimum(room, total), total, out=np.ones(np.broadcast(room, total).shape), where=total > 0)
    return {name: claim * part for name, claim in wanted.items()}


def _in_order(wanted: Mapping[str, Row], room: Row) -> Claims:
    kept: Claims = {}
    for name, claim in wanted.items():
        kept[name] = np.minimum(claim, room)
        room = room - kept[name]
    return kept


def _order(cap: Cap) -> int:
    """A cap on one rule before caps by year, before caps over the contract, before a cap on one payment."""
    if cap.per == "contract":
        return 0 if len(cap.payments) == 1 else 2
    return {"year": 1, "payment": 3}.get(cap.per, 0)


def years_of_cap(case: Case, cap: Cap, timeline: Timeline) -> list[int]:
    """The year of each date, for a cap that has one: the calendar year in which it begins, or years since the start."""
    if cap.per != "year":
        return []
    if cap.year == "financial":
        first_month = case.appraisal.financial_year_starts
        return [day.year - (day.month < first_month) for day in timeline.dates]
    return [whole_years(case.deal.start, day) for day in timeline.dates]
