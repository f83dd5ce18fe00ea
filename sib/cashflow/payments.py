"""Claims become payments: caps, lag, and the split between payers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sib.cashflow.activity import Rows
from sib.cashflow.capital import Capital
from sib.cashflow.claims import Claim, Counted, pooled_test
from sib.cashflow.ledger import Entry, Ledger
from sib.cashflow.savings import Saving
from sib.deal.parties import Split
from sib.deal.payments import Banded, Rule, ShareOfSum, Tariff
from sib.numbers import Row

AFTER_LAST_PAYMENT = "last payment date"
"""The cap named for what would fall due after the contract's last payment."""


class Payments:
    """What is claimed, cut and paid, each an array of shape (dates, scenarios).

    `claimed` and `accepted` stand on the date of the claim, `paid` on the date of payment; `clipped` holds what each
    cap cut of each rule. Positive from payer to payee; where a rule makes the payee pay, it is negative.
    """

    def __init__(
        self, counted: Counted, ledger: Ledger, claims: Mapping[str, Claim], costs: Mapping[str, Rows],
        savings: Sequence[Saving], capital: Capital,
    ) -> None:
        self.counted, self.ledger, self.capital = counted, ledger, capital
        self.case, self.numbers = counted.case, counted.numbers
        self.rules: dict[str, Rule] = {rule.id: rule for rule in self.case.deal.payments}
        self._ready = {name: np.broadcast_to(claim.money, ledger.shape) for name, claim in claims.items()}
        self._costs, self._savings = costs, savings
        self.claimed, self.accepted, self.paid = (self._blank() for _ in range(3))
        self.clipped: dict[tuple[str, str], Rows] = {}
        self._queue_used: dict[tuple[str, int], Row] = {}
        self._pay_rows = {name: self._rows_of_payment(rule) for name, rule in self.rules.items()}
        self._settled = self._settled_by_actuals()

    def _blank(self) -> dict[str, Rows]:
        return {name: np.zeros(self.ledger.shape) for name in self.rules}

    def _rows_of_payment(self, rule: Rule) -> list[int]:
        """For each date of a claim, the row of its payment; -1 after the contract's last payment."""
        timeline, last = self.counted.timeline, self.case.deal.last_payment
        days = [rule.lag.after(day) if rule.lag else day for day in timeline.dates]
        return [-1 if last is not None and day > last else timeline.row_from(day) or 0 for day in days]

    def _settled_by_actuals(self) -> dict[str, int]:
        """The last row on which each rule's payments are known."""
        known: dict[str, int] = {}
        for item in self.case.actuals.payments:
            known[item.payment] = max(known.get(item.payment, 0), self.counted.timeline.row(item.date))
        return known

    def claim(self, row: int) -> None:
        """What each rule claims on a date, what the caps leave of it, and when that will be paid."""
        for name, rule in self.rules.items():
            self.claimed[name][row] = self._known_or_due(rule, row)
            self.accepted[name][row] = self.claimed[name][row]
        self._cut_after_last_payment(row)
        for cap in self.case.deal.caps:
            self._cap(row, cap.id, cap.payments or self.by_payers, self.numbers[f"deal.caps.{cap.id}.amount"])
        for name in self.rules:
            pay_row = row if row <= self._settled.get(name, -1) else self._pay_rows[name][row]
            self.paid[name][max(pay_row, row)] += self.accepted[name][row]

    def _known_or_due(self, rule: Rule, row: int) -> float | Row:
        """An actual payment up to the last one known; after it, what the rule gives."""
        if row <= self._settled.get(rule.id, -1):
            day = self.counted.timeline.dates[row]
            actual = enumerate(self.case.actuals.payments)
            mine = [i for i, item in actual if item.payment == rule.id and item.date == day]
            return sum(self.numbers[f"actuals.payments[{i}].value"] for i in mine)
        if 0 <= self._pay_rows[rule.id][row] <= self._settled.get(rule.id, -1):
            return 0.0
        if isinstance(rule, ShareOfSum):
            return self._share(rule, row)
        principal = self.capital.books[rule.tranche].drawn if isinstance(rule, Banded) and rule.tranche else 1.0
        return self._ready[rule.id][row] * principal

    def _share(self, rule: ShareOfSum, row: int) -> float | Row:
        """A share of a sum on the day it falls, through the rule's gate."""
        opened = self._opened(rule, row)
        return self.numbers[f"deal.payments.{rule.id}.share"] * self._sum(rule, row) * opened

    def _opened(self, rule: ShareOfSum, row: int) -> Row | float:
        gate, stands_still = rule.gate, rule.of.owed is not None or rule.of.drawn is not None
        if gate is None:
            return float(not stands_still or self.counted.timeline.dates[row] == rule.due)
        at, test = pooled_test(gate, self.numbers.at(f"deal.payments.{rule.id}.gate"), self.counted)
        at = self.counted.timeline.row(rule.due) if rule.due else at
        void: Rows = sum((self.accepted[name] for name in gate.unless_paid), np.zeros(self.ledger.shape))
        on_time = row == at if stands_still else row >= at
        return test * on_time * ~(void[: row + 1] != 0).any(axis=0)

    def _sum(self, rule: ShareOfSum, row: int) -> float | Row:
        of = rule.of
        if of.owed is not None:
            return self.capital.owed(of.owed)
        if of.drawn is not None:
            return self.capital.books[of.drawn].drawn
        if of.saving is not None:
            return sum(saving.gross[row] for saving in self._savings if saving.saving == of.saving)
        if of.costs is not None:
            return sum(self._costs[name][row] for name in of.costs)
        return sum(self.accepted[name][row] for name in of.payments or ())

    @property
    def by_payers(self) -> tuple[str, ...]:
        """The rules that payers pay; those by which a holder pays its provider are not theirs."""
        payers = self.case.deal.payers
        return tuple(name for name, rule in self.rules.items() if set(rule.paid_by.parties) & set(payers))

    def _cap(self, row: int, cap: str, rules: Sequence[str], amount: float | Row) -> None:
        """Cut the claims of a date pro rata to what the cap has left."""
        claimed: Row = sum((np.maximum(0, self.accepted[name][row]) for name in rules), np.zeros(self.ledger.shape[1]))
        used: Row = sum((np.maximum(0, self.accepted[name][:row]).sum(axis=0) for name in rules), np.zeros(1))
        left = np.clip(amount - used, 0, None)
        keep = np.divide(np.minimum(left, claimed), claimed, out=np.ones_like(claimed), where=claimed > 0)
        for name in rules:
            positive = np.maximum(0, self.accepted[name][row])
            self._cut(row, cap, name, positive * (1 - keep))

    def _cut_after_last_payment(self, row: int) -> None:
        for name in self.rules:
            if self._pay_rows[name][row] < 0:
                self._cut(row, AFTER_LAST_PAYMENT, name, self.accepted[name][row].copy())

    def _cut(self, row: int, cap: str, rule: str, amount: Row) -> None:
        """Take an amount off a claim and log which cap took it."""
        if not np.any(amount):
            return
        self.clipped.setdefault((cap, rule), np.zeros(self.ledger.shape))[row] += amount
        self.accepted[rule][row] -= amount

    def pay_from_payers(self, row: int) -> None:
        """Payers pay what has fallen due."""
        for name in self.by_payers:
            self._pay(row, self.rules[name], "outcome payment")
            if (self.rules[name].paid_to or self.capital.holder) == self.capital.holder:
                self.capital.undistributed = self.capital.undistributed + np.maximum(0, self.paid[name][row])

    def pay_from_holder(self, row: int) -> None:
        """The holder pays under its own contracts, for example with the provider."""
        by_payers = self.by_payers
        for name, rule in self.rules.items():
            if name not in by_payers:
                self._pay(row, rule, "contract payment")

    def _pay(self, row: int, rule: Rule, kind: str) -> None:
        amount = self.paid[rule.id][row]
        payee = rule.paid_to or self.capital.holder
        if isinstance(rule, Tariff) and rule.outcome in ("starts", "periods"):
            kind = "fee"
        for payer, part in self._parts(rule.id, rule.paid_by, np.maximum(0, amount)):
            self.ledger.post(row, Entry(payer, payee, kind, rule.id), part)
        back = np.maximum(0, -amount)
        for payer, part in self._parts(rule.id, rule.paid_by, back) if back.any() else []:
            self.ledger.post(row, Entry(payee, payer, kind, rule.id), part)

    def _parts(self, rule: str, split: Split, amount: Row) -> list[tuple[str, Row]]:
        """Who pays how much of an amount: by share, or each in the queue up to its own limit."""
        at = self.numbers.at(f"deal.payments.{rule}.paid_by")
        if split.queue is None:
            return [(payer, amount * at[payer]) for payer in split.shares or ()]
        parts = []
        for i, layer in enumerate(split.queue):
            used = self._queue_used.get((rule, i), np.zeros_like(amount))
            limit = np.inf if layer.up_to is None else self.numbers[f"deal.payments.{rule}.paid_by[{i}].up_to"]
            part = np.minimum(amount, limit - used)
            self._queue_used[rule, i] = used + part
            amount = amount - part
            parts.append((layer.payer, part))
        return parts
