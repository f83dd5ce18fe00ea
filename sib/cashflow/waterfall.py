"""Where the holder's money goes: by rank, or down a written waterfall. One rung, one function."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

import numpy as np

from sib.cashflow.books import TrancheBook
from sib.cashflow.capital import Capital
from sib.cashflow.claims import levels, read_schedule
from sib.cashflow.ledger import OWN_MEANS, Entry
from sib.deal.capital import RANKS, Bullet, FromReceipts, InParts
from sib.deal.waterfall import CatchUpRung, CouponRung, PrincipalRung, ReserveRung, Rung
from sib.numbers import NumbersAt, Row

SurplusPart = tuple[str, TrancheBook | None, Row | float]
"""Who shares the surplus: a party, the book of its tranche if it takes it on one, and the part."""


class Waterfall:
    """Pays interest, principal and surplus out of the holder's account, date by date."""

    def __init__(self, capital: Capital) -> None:
        self.capital, self.case, self.books = capital, capital.case, capital.books
        self.ledger, self.timeline, self.numbers = capital.ledger, capital.timeline, capital.numbers
        self.holder = capital.holder
        self._kept: float | Row = 0.0
        self._held = capital.nothing
        self._caught_up: dict[str, Row] = {}

    @property
    def nothing(self) -> Row:
        """No money in any scenario; a new row each time, since sums are written into it."""
        return self.capital.nothing

    def distribute(self, row: int) -> None:
        """Pay out what may leave the holder: by the written waterfall, else by rank and then the surplus.

        A tranche that ends today may be paid from all the holder's cash; others only from receipts not yet passed
        on, so that one tranche is not repaid from what another has lent for delivery still to come.
        """
        self.pay_from_outside_means(row)
        self._kept = self.capital.reserve(row)
        if self.case.deal.waterfall:
            for i, rung in enumerate(self.case.deal.waterfall):
                self._step(row, rung, self.numbers.at(f"deal.waterfall[{i}]"))
            return
        self._held = self.nothing
        for rank in RANKS:
            books = [book for book in self.books.values() if book.tranche.rank == rank]
            self.pay_interest(row, books)
            self.pay_principal(row, books)
            # A lower rank gets nothing that a higher one is still owed, due today or later.
            self._held = self._held + sum((self.capital.owed(book.tranche.id) for book in books), self.nothing)
        self.share_surplus(row, self._surplus_parts())

    def _step(self, row: int, rung: Rung, at: NumbersAt) -> None:
        """One rung of a written waterfall."""
        if isinstance(rung, ReserveRung):
            before_the_end = self.timeline.dates[row] < self.case.deal.service_end
            self._kept = self._kept + (at["amount"] if before_the_end else 0.0)
        elif isinstance(rung, CouponRung):
            self.pay_interest(row, [self.books[name] for name in rung.tranches])
        elif isinstance(rung, PrincipalRung):
            self.pay_principal(row, [self.books[name] for name in rung.tranches])
        elif isinstance(rung, CatchUpRung):
            self.catch_up(row, rung.party, at["share"])
        else:
            self.share_surplus(row, self._parts({party: at[f"shares.{party}"] for party in rung.shares}))

    def pay_interest(self, row: int, books: Sequence[TrancheBook]) -> None:
        """Interest that is due on tranches of equal rank."""
        self._pay(row, books, self._interest_due, "interest")

    def pay_principal(self, row: int, books: Sequence[TrancheBook]) -> None:
        """Principal that is due on tranches of equal rank."""
        self._pay(row, books, self._principal_due, "principal")

    def catch_up(self, row: int, party: str, share: float | Row) -> None:
        """A party takes what is left until it has its share of all profit paid out so far, its own included."""
        left = self._left_over(row)
        profit = sum((book.profit for book in self.books.values()), self.nothing)
        wanted = np.maximum(0, profit * share / (1 - np.asarray(share)) - self._caught_up.get(party, self.nothing))
        taken = np.minimum(left, wanted)
        self._caught_up[party] = self._caught_up.get(party, self.nothing) + taken
        self.capital.pay_out(row, Entry(self.holder, party, "catch-up"), taken)

    def _available(self, *, at_its_end: bool) -> Row:
        cash = np.maximum(0, self.ledger.balance(self.holder) - self._kept - self.capital.earned)
        free = cash if at_its_end else np.minimum(cash, self.capital.undistributed)
        return np.maximum(0, free - self._held)

    def pay_from_outside_means(self, row: int) -> None:
        """A borrower with means outside the deal brings in whatever is due and not there."""
        due: Row = self.nothing
        for book in self.books.values():
            # What is repaid from receipts is due as they come, and in full only at the end.
            as_they_come = isinstance(book.tranche.repayment, FromReceipts) and row < book.end
            if book.tranche.paid_from == "outside means" and row <= book.end and not as_they_come:
                due = due + self._interest_due(book, row) + self._principal_due(book, row)
        missing = np.where(due > 0, np.maximum(0, due - np.maximum(0, self.ledger.balance(self.holder))), 0.0)
        self.ledger.post(row, Entry(OWN_MEANS, self.holder, "own means"), missing)
        self.capital.undistributed = self.capital.undistributed + due

    def _interest_due(self, book: TrancheBook, row: int) -> Row:
        interest, day = book.tranche.interest, self.timeline.dates[row]
        paid = "with principal" if interest is None else interest.paid
        repayment = book.tranche.repayment
        repaid_today = isinstance(repayment, InParts) and any(item.date == day for item in repayment.amounts)
        if row == book.end or (paid == "with principal" and (repaid_today or _repayable(book, row, day))):
            return book.unpaid
        on_its_day = day in paid if isinstance(paid, tuple) else paid == "each period" and row in self.timeline.end_rows
        return book.unpaid if on_its_day else self.nothing

    def _principal_due(self, book: TrancheBook, row: int) -> Row:
        """What falls due of the principal: by its dates; all of it; or at maturity what the schedule says of it."""
        repayment = book.tranche.repayment
        at = self.numbers.at(f"deal.tranches.{book.tranche.id}.repayment")
        if isinstance(repayment, InParts) and row < book.end:
            day = self.timeline.dates[row]
            parts = [i for i, item in enumerate(repayment.amounts) if item.date == day]
            return np.minimum(book.principal, sum((at[f"amounts[{i}].amount"] for i in parts), np.zeros(1)))
        if not _repayable(book, row, self.timeline.dates[row]):
            return self.nothing
        if isinstance(repayment, Bullet) and repayment.schedule is not None and repayment.outcome is not None:
            _, _, measure = levels(repayment.outcome, self.capital.counted)[-1]
            share = read_schedule(repayment.schedule, at.at("schedule"), measure)
            return np.minimum(book.principal, share * book.drawn)
        return book.principal

    def _pay(self, row: int, books: Sequence[TrancheBook], due: Callable[[TrancheBook, int], Row], kind: str) -> None:
        """Pay what is due on equal ranks, in proportion where the money does not reach: first those that end today."""
        for ends_today in (True, False):
            owing = [book for book in books if (book.end == row if ends_today else book.end > row)]
            amounts = [_within_cap(book, due(book, row)) for book in owing]
            wanted = sum(amounts, self.nothing)
            available = self._available(at_its_end=ends_today)
            part = np.divide(np.minimum(available, wanted), wanted, out=self.nothing, where=wanted > 0)
            for book, amount in zip(owing, amounts, strict=True):
                book.pay(row, kind, amount * part)
                self.capital.pay_investors(row, book, kind, amount * part)

    def _left_over(self, row: int) -> Row:
        """What is left once all capital is repaid.

        Nothing before service ends: capital may yet be drawn and costs may yet fall.
        """
        if self.timeline.dates[row] < self.case.deal.service_end:
            return self.nothing
        ended = all(row >= book.end for book in self.books.values())
        available = self._available(at_its_end=ended)
        outstanding = sum((self.capital.owed(name) for name in self.books), self.nothing)
        return np.where((outstanding <= 1e-9 * (1 + available)) | ended, available, 0.0)

    def share_surplus(self, row: int, parts: Sequence[SurplusPart]) -> None:
        """Share what is left over; what a return cap keeps from a tranche goes to whoever is named for it."""
        left, over = self._left_over(row), self.nothing
        for party, book, part in parts:
            share = left * part
            if book is None:
                self.capital.pay_out(row, Entry(self.holder, party, "surplus"), share)
                continue
            taken = _within_cap(book, share)
            over = over + share - taken
            book.take_surplus(taken)
            self.capital.pay_investors(row, book, "surplus", taken)
        for party in self.case.deal.over_cap or {}:
            part = over * self.numbers[f"deal.over_cap.{party}"]
            self.capital.pay_out(row, Entry(self.holder, party, "over the return cap"), part)

    def _surplus_parts(self) -> list[SurplusPart]:
        """Without a written waterfall: the shares as stated, else capital without a fixed return by what was drawn."""
        if self.case.deal.surplus is not None:
            return self._parts({party: self.numbers[f"deal.surplus.{party}"] for party in self.case.deal.surplus})
        books = self.books.values()
        free = [book for book in books if book.tranche.interest is None and not book.tranche.is_grant]
        drawn = sum((book.drawn for book in free), self.nothing)
        return [(book.tranche.investors[0], book, _part(book.drawn, drawn)) for book in free]

    def _parts(self, shares: Mapping[str, float | Row]) -> list[SurplusPart]:
        """A party that holds tranches by itself takes its share on them, in proportion to what was drawn."""
        parts: list[SurplusPart] = []
        for party, share in shares.items():
            own = [book for book in self.books.values() if book.tranche.investors == (party,)]
            drawn = sum((book.drawn for book in own), self.nothing)
            parts += [(party, book, share * _part(book.drawn, drawn)) for book in own] or [(party, None, share)]
        return parts


def _within_cap(book: TrancheBook, amount: Row) -> Row:
    """No more than the return cap leaves."""
    return amount if book.tranche.return_cap is None else np.minimum(amount, np.maximum(0, book.room))


def _repayable(book: TrancheBook, row: int, day: date) -> bool:
    """Whether anything may be paid on a tranche on this date."""
    repayment = book.tranche.repayment
    if isinstance(repayment, FromReceipts):
        return row == book.end or repayment.starting is None or day >= repayment.starting
    return row == book.end


def _part(of: Row, whole: Row) -> Row:
    return np.divide(of, whole, out=np.zeros_like(whole), where=whole > 0)
