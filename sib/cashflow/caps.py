"""What the caps of a contract leave of its claims, date by date, and which cap cut what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sib.case import Case
from sib.cashflow.activity import Rows
from sib.numbers import Numbers, Row


class Caps:
    """The caps in the order of the case, how much of each is used up, and the log of what they cut.

    `clipped[cap, rule]` has shape (dates, scenarios), positive.
    """

    def __init__(self, case: Case, numbers: Numbers, by_payers: Sequence[str], shape: tuple[int, int]) -> None:
        self._limits = {cap.id: numbers[f"deal.caps.{cap.id}.amount"] for cap in case.deal.caps}
        self._rules = {cap.id: cap.payments or tuple(by_payers) for cap in case.deal.caps}
        self._used = {cap.id: np.zeros(shape[1]) for cap in case.deal.caps}
        self._shape = shape
        self.clipped: dict[tuple[str, str], Rows] = {}

    def cut(self, row: int, claims: Mapping[str, Row]) -> dict[str, Row]:
        """What is left of the claims of one date after every cap; the cut is logged.

        A cap is used up by date, within a date pro rata. What a payee pays back (negative) is no claim.
        """
        left = dict(claims)
        for cap, limit in self._limits.items():
            names = [name for name in self._rules[cap] if name in left]
            claimed: Row = sum((np.maximum(0, left[name]) for name in names), np.zeros(self._shape[1]))
            allowed = np.minimum(claimed, np.maximum(0, limit - self._used[cap]))
            keep = np.divide(allowed, claimed, out=np.ones_like(claimed), where=claimed > 0)
            for name in names:
                left[name] = self.log(row, cap, name, left[name], np.maximum(0, left[name]) * (1 - keep))
        for cap, limited in self._rules.items():
            for name in limited:
                self._used[cap] = self._used[cap] + np.maximum(0, left.get(name, 0.0))
        return left

    def log(self, row: int, cap: str, rule: str, claim: Row, cut: Row) -> Row:
        """Take a cut off a claim and say which cap took it; returns what is left."""
        if not np.any(cut):
            return claim
        self.clipped.setdefault((cap, rule), np.zeros(self._shape))[row] += cut
        return claim - cut
