"""What the caps of a contract leave of its claims, date by date, and which cap cut what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sib.case import Case
from sib.cashflow.activity import Rows
from sib.deal.limits import Cap
from sib.numbers import Numbers, Row
from sib.periods import Timeline, financial_year, whole_years

Amount = float | Row
Claims = dict[str, Row]

ALREADY_RECEIVED = "already received"
"""What a claim is cut by when money for the same has come from elsewhere."""


class Caps:
    """The caps in the order in which they apply, how much of each is used up, and the log of what they cut.

    First what was already received from elsewhere is set off; then caps on one rule, by year, over the contract, and
    on one payment. Caps per person have been applied to the claims before. `clipped[cap, rule]` has shape
    (dates, scenarios), positive.
    """

    def __init__(self, case: Case, numbers: Numbers, timeline: Timeline, by_payers: Sequence[str]) -> None:
        self._shape = (len(timeline), numbers.scenarios)
        self._caps = [
            _RunningCap(
                cap,
                numbers[f"deal.caps.{cap.id}.amount"],
                cap.payments or tuple(by_payers),
                _years(case, cap, timeline),
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
        self.clipped: dict[tuple[str, str], Rows] = {}

    def cut(self, row: int, claims: Mapping[str, Row]) -> Claims:
        """What is left of the claims of one date after every cap; the cut is logged.

        A cap is used up by date, within a date pro rata or in order. What a payee pays back (negative) is no claim.
        """
        left = {name: self._set_off(row, name, claim) for name, claim in claims.items()}
        for cap in self._caps:
            for name, kept in cap.kept(row, left).items():
                positive = np.maximum(0, left[name])
                left[name] = self.log(row, cap.name, name, left[name], positive - kept)
        self.use_up(row, left)
        return left

    def use_up(self, row: int, accepted: Mapping[str, Row]) -> None:
        """Count what was accepted, or is known to have been paid, towards every cap."""
        for cap in self._caps:
            cap.use(row, accepted)

    def _set_off(self, row: int, rule: str, claim: Row) -> Row:
        """A claim less what is left of the money already received for the same."""
        if rule not in self._to_set_off:
            return claim
        cut = np.minimum(np.maximum(0, claim), self._to_set_off[rule])
        self._to_set_off[rule] = self._to_set_off[rule] - cut
        return self.log(row, ALREADY_RECEIVED, rule, claim, cut)

    def log(self, row: int, cap: str, rule: str, claim: Row, cut: Row) -> Row:
        """Take a cut off a claim and say which cap took it; returns what is left."""
        if not np.any(cut):
            return claim
        self.clipped.setdefault((cap, rule), np.zeros(self._shape))[row] += cut
        return claim - cut


class _RunningCap:
    """One cap and how much of it is used up so far."""

    def __init__(self, cap: Cap, amount: Amount, rules: Sequence[str], years: Sequence[str]) -> None:
        self.name, self._cap, self._amount, self._rules, self._years = cap.id, cap, amount, rules, years
        self._limit, self._used, self._year = amount, np.zeros(1), ""

    def kept(self, row: int, claims: Mapping[str, Row]) -> Claims:
        """What it leaves of the positive claims of one date."""
        self._turn_of_the_year(row)
        wanted = {name: np.maximum(0, claims[name]) for name in self._rules if name in claims}
        room = np.maximum(0, self._limit - self._used)
        return _in_order(wanted, room) if self._cap.shared == "in order" else _pro_rata(wanted, room)

    def use(self, row: int, claims: Mapping[str, Row]) -> None:
        """Count what was accepted in the end; a cap on one payment is as large again for the next."""
        self._turn_of_the_year(row)
        if self._cap.per != "payment":
            self._used = sum((np.maximum(0, claims[name]) for name in self._rules if name in claims), self._used)

    def _turn_of_the_year(self, row: int) -> None:
        if not self._years or self._years[row] == self._year:
            return
        carried = np.maximum(0, self._limit - self._used) if self._cap.unused == "carried" and self._year else 0.0
        self._limit, self._used, self._year = self._amount + carried, np.zeros(1), self._years[row]


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


def _years(case: Case, cap: Cap, timeline: Timeline) -> list[str]:
    """The name of the year of each date, for a cap that has one; years carry on where no date falls in them."""
    if cap.per != "year":
        return []
    if cap.year == "financial":
        return [financial_year(day, case.appraisal.financial_year_starts) for day in timeline.dates]
    return [str(whole_years(case.deal.start, day)) for day in timeline.dates]
