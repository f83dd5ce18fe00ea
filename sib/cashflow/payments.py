"""Claims become payments: caps, lag, and the split between payers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sib.cashflow.axis import last_claim_day
from sib.cashflow.by_date import ByDate, full, positive, share_of
from sib.cashflow.capital import Capital
from sib.cashflow.caps import Caps
from sib.cashflow.claims import Claim
from sib.cashflow.counted import Counted
from sib.cashflow.ledger import Entry, Ledger
from sib.cashflow.persons import is_upper_bound
from sib.cashflow.savings import Saving
from sib.cashflow.shares import Shares, in_turns
from sib.deal.parties import Split
from sib.deal.payments import Banded, Rule, ShareOfSum, Tariff
from sib.numbers import Row

Amount = float | Row

AFTER_LAST_PAYMENT = "last payment date"
"""The cap named for what would fall due after the contract's last payment."""


class Payments:
    """What is claimed, cut and paid, each by date.

    `claimed` and `accepted` stand on the date of the claim, `paid` on the date of payment; `clipped` holds what each
    cap cut of each rule. Positive from payer to payee; where a rule makes the payee pay, it is negative.
    """

    def __init__(
        self,
        counted: Counted,
        ledger: Ledger,
        claims: Mapping[str, Claim],
        costs: Mapping[str, ByDate],
        savings: Sequence[Saving],
        capital: Capital,
    ) -> None:
        self.counted, self.ledger, self.capital = counted, ledger, capital
        self.case, self.numbers = counted.case, counted.numbers
        self.rules: dict[str, Rule] = {rule.id: rule for rule in self.case.deal.payments}
        self._ready = {name: claim.money for name, claim in claims.items()}
        self._cuts = {name: claim.cuts for name, claim in claims.items()}
        self._turns = in_turns(self.case.deal.payments)
        self.claimed, self.accepted, self.paid = (self._blank() for _ in range(3))
        self._shares = Shares(counted, costs, savings, capital, self.accepted)
        self.by_payers = self._by_payers()
        self.upper_bound = is_upper_bound(counted)
        self.caps = Caps(self.case, self.numbers, counted.timeline, self.by_payers)
        self._queue_used: dict[tuple[str, int], Row] = {}
        self._pay_rows = {name: self._rows_of_payment(rule) for name, rule in self.rules.items()}
        self._settled = self._settled_by_actuals()
        last = counted.timeline.row_from(last_claim_day(self.case))
        self._row_of_last_claim = len(counted.timeline) - 1 if last is None else last

    def _by_payers(self) -> tuple[str, ...]:
        """The rules that payers pay; those by which a holder pays its provider are not theirs."""
        payers = set(self.case.deal.payers)
        return tuple(name for name, rule in self.rules.items() if payers & set(rule.paid_by.parties))

    def _blank(self) -> dict[str, ByDate]:
        dates, scenarios = self.ledger.shape
        return {name: ByDate(dates, width=scenarios) for name in self.rules}

    def _rows_of_payment(self, rule: Rule) -> list[int]:
        """For each date of a claim, the row of its payment; -1 after the contract's last payment."""
        timeline, last = self.counted.timeline, self.case.deal.last_payment
        days = [rule.lag.after(day) if rule.lag else day for day in timeline.dates]
        return [-1 if last is not None and day > last else timeline.row_from(day) or 0 for day in days]

    def _settled_by_actuals(self) -> dict[str, int]:
        """The last row on which each rule's payments are known."""
        known: dict[str, int] = {}
        for item in self.case.actuals.payments:
            known[item.payment] = max(known.get(item.payment, 0), self.counted.timeline.known_to(item.date))
        return known

    def claim(self, row: int) -> None:
        """What each rule claims on a date, what the caps leave of it, and when that will be paid.

        A rule that asks what others are paid comes after them: it sees what was accepted on the same date.
        """
        self._settle(row)
        for rules in self._turns:
            claims = {rule.id: self._due(rule, row) for rule in rules if self._may_fall(rule.id, row)}
            left = {
                name: self._in_time(row, name, full(claim, self.ledger.blank_row)) for name, claim in claims.items()
            }
            for name, claim in claims.items():
                self.claimed[name].add(row, claim)
            for name, accepted in self.caps.cut(row, left).items() if left else ():
                self._accept(row, name, accepted)
        for pot in self.case.deal.pots:
            if row == self._row_of_last_claim and pot.minimum is not None:
                self._fill(row, pot.payments, self.numbers[f"deal.pots.{pot.id}.minimum"])

    def _may_fall(self, name: str, row: int) -> bool:
        """Whether a rule can claim anything on a date; most rules on most dates cannot."""
        if name not in self._ready:
            return True
        rows = (part.rows.get(row) for part in (self._ready[name], *self._cuts[name].values()))
        return any(amount is not None and amount.any() for amount in rows)

    def _accept(self, row: int, name: str, amount: Row) -> None:
        """Note what is accepted and when it will be paid; a retained part waits for its release."""
        self.accepted[name].add(row, amount)
        pay_row = max(row, self._pay_rows[name][row])
        retained = self.rules[name].retained
        if retained is None or self.counted.timeline.dates[row] > retained.until:
            self.paid[name].add(pay_row, amount)
            return
        held = np.maximum(0, amount) * self.numbers[f"deal.payments.{name}.retained.share"]
        self.paid[name].add(pay_row, amount - held)
        self.paid[name].add(max(pay_row, self.counted.timeline.row(retained.until)), held)

    def _fill(self, row: int, rules: Sequence[str], minimum: Amount) -> None:
        """Pay what is missing to a pot's minimum, in proportion to what each rule has claimed, evenly if nothing."""
        short = np.maximum(0, minimum - sum((self.accepted[name].sum(axis=0) for name in rules), np.zeros(1)))
        claimed = {name: self.claimed[name].sum(axis=0) for name in rules}
        total = sum(claimed.values(), np.zeros(1))
        for name in rules:
            even = np.full_like(total, 1 / len(rules))
            part = short * np.divide(claimed[name], total, out=even, where=total > 0)
            self.claimed[name].add(row, part)
            self._accept(row, name, part)

    def _in_time(self, row: int, name: str, claim: Row) -> Row:
        """A claim less what limits on counts took away, unless it would fall due after the contract's last payment."""
        if np.any(claim):
            for limit, cut in self._cuts.get(name, {}).items():
                claim = self.caps.log(row, limit, name, claim, self.ledger.blank_row + cut.on(row))
        if self._pay_rows[name][row] >= 0:
            return claim
        return self.caps.log(row, AFTER_LAST_PAYMENT, name, claim, claim.copy())

    def _settle(self, row: int) -> None:
        """What is known to have been paid on a date, whatever the rules would have given."""
        day = self.counted.timeline.dates[row]
        for i, item in enumerate(self.case.actuals.payments):
            if item.date == day:
                amount = self.numbers[f"actuals.payments[{i}].value"]
                for kept in (self.claimed, self.accepted, self.paid):
                    kept[item.payment].add(row, amount)
                self.caps.use_up(row, {item.payment: self.ledger.blank_row + amount})

    def _due(self, rule: Rule, row: int) -> Amount:
        """What a rule gives on a date, unless its day of payment is one for which the payments are known."""
        if 0 <= self._pay_rows[rule.id][row] <= self._settled.get(rule.id, -1):
            return 0.0
        if isinstance(rule, ShareOfSum):
            return self._shares.due(rule, row)
        due: Amount = sum((cut.on(row) for cut in self._cuts[rule.id].values()), self._ready[rule.id].on(row))
        if isinstance(rule, Banded) and rule.tranche:
            due = due * self.capital.books[rule.tranche].drawn
        # After the contract's last payment nothing is paid back either.
        return np.maximum(0, due) if self._pay_rows[rule.id][row] < 0 else due

    @property
    def clipped(self) -> Mapping[tuple[str, str], ByDate]:
        """What each cap cut of each rule, by (cap, rule)."""
        return self.caps.clipped

    def pay_from_payers(self, row: int) -> None:
        """Payers pay what has fallen due."""
        for name in self.by_payers:
            self._pay(row, self.rules[name], "outcome payment")
            if row in self.paid[name].rows and (self.rules[name].paid_to or self.capital.holder) == self.capital.holder:
                self.capital.receive(self.paid[name].rows[row])

    def pay_from_holder(self, row: int) -> None:
        """The holder pays under its own contracts, for example with the provider."""
        for name, rule in self.rules.items():
            if name not in self.by_payers:
                self._pay(row, rule, "contract payment")
                # Where a rule makes its payee pay, a malus, that is money to pass on.
                if row in self.paid[name].rows:
                    self.capital.receive(np.maximum(0, -self.paid[name].rows[row]))

    def _pay(self, row: int, rule: Rule, kind: str) -> None:
        amount = self.paid[rule.id].rows.get(row)
        if amount is None or not amount.any():
            return
        payee = rule.paid_to or self.capital.holder
        if isinstance(rule, Tariff) and rule.outcome in ("starts", "periods"):
            kind = "fee"
        # What an investor is paid directly belongs to its return, where it is clear to which tranche.
        held = [name for name, book in self.capital.books.items() if book.tranche.investors == (payee,)]
        tranche = held[0] if len(held) == 1 else None
        # Nothing comes back of what is nowhere negative.
        forth = positive(amount)
        for payer, part in self._parts(rule.id, rule.paid_by, forth):
            self.ledger.post(row, Entry(payer, payee, kind, rule.id, tranche), part)
        if forth is amount:
            return
        for payer, part in self._parts(rule.id, rule.paid_by, np.maximum(0, -amount)):
            self.ledger.post(row, Entry(payee, payer, kind, rule.id, tranche), part)

    def _parts(self, rule: str, split: Split, amount: Row) -> list[tuple[str, Row]]:
        """Who pays how much of an amount: by share, or each in the queue up to its own limit."""
        at = self.numbers.at(f"deal.payments.{rule}.paid_by")
        if split.queue is None:
            return [(payer, share_of(amount, at[payer])) for payer in split.shares or ()]
        parts = []
        for i, layer in enumerate(split.queue):
            used = self._queue_used.get((rule, i), np.zeros_like(amount))
            limit = np.inf if layer.up_to is None else self.numbers[f"deal.payments.{rule}.paid_by[{i}].up_to"]
            part = np.minimum(amount, limit - used)
            self._queue_used[rule, i] = used + part
            amount = amount - part
            parts.append((layer.payer, part))
        return parts
