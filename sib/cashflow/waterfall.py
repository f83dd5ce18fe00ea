"""Where the holder's money goes: by rank, or down a written waterfall. One rung, one function."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import reduce

import numpy as np

from sib.cashflow.books import TrancheBook
from sib.cashflow.by_date import only, positive
from sib.cashflow.capital import Capital
from sib.cashflow.claims import levels, read_schedule
from sib.cashflow.ledger import OWN_MEANS, Entry
from sib.cashflow.sharing import ROUNDING, by_loss_shares, in_proportion
from sib.deal.capital import RANKS, Bullet, FromReceipts, InParts
from sib.deal.waterfall import CatchUpRung, CouponRung, PrincipalRung, ReserveRung, Rung, SurplusRung
from sib.numbers import NumbersAt, Row

Falls = Callable[[TrancheBook, int], bool]
Due = Callable[[TrancheBook, int], Row]
"""Whether anything of a tranche falls due on a row before it ends, and how much does on a row."""

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
        self._taken: dict[str, Row] = {}

    @property
    def nothing(self) -> Row:
        """No money in any scenario; a new row each time, since sums are written into it."""
        return self.capital.nothing

    def distribute(self, row: int) -> None:
        """Pay out what may leave the holder: by the written waterfall, else by rank and then the surplus.

        A tranche that ends today may be paid from all the holder's cash; others only from receipts not yet passed
        on, so that one tranche is not repaid from what another has lent for delivery still to come.
        """
        self.waive(row)
        self.pay_from_outside_means(row)
        if not self._may_pay(row):
            return
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
            self._held = sum((self._outstanding(book) for book in books), self._held)
        if self.timeline.dates[row] >= self.case.deal.service_end:
            self.share_surplus(row, lambda: self._surplus_parts(row))

    def _may_pay(self, row: int) -> bool:
        """Whether anything can leave the holder today: receipts not yet passed on, or all its cash at an end."""
        cash = self.ledger.balance(self.holder) - self.capital.earned
        if not any(np.any(book.end <= row) for book in self.books.values()):
            cash = np.minimum(cash, self.capital.undistributed)
        return bool((cash > 0).any())

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
        elif isinstance(rung, SurplusRung):
            self.share_surplus(row, lambda: self._parts({party: at[f"shares.{party}"] for party in rung.shares}))

    def waive(self, row: int) -> None:
        """What a schedule or an early end does not ask for of the principal of a tranche that ends is lost at once."""
        for book in self.books.values():
            ends = book.ends_on(row)
            if ends.any():
                book.waive(row, np.where(ends, book.principal - self._asked_at_its_end(book, row), 0.0))

    def pay_interest(self, row: int, books: Sequence[TrancheBook]) -> None:
        """Interest that is due on tranches of equal rank."""
        self._pay(row, books, (self._interest_falls, self._interest_due), "interest")

    def pay_principal(self, row: int, books: Sequence[TrancheBook]) -> None:
        """Principal that is due on tranches of equal rank."""
        self._pay(row, books, (self._principal_falls, self._principal_due), "principal")

    def catch_up(self, row: int, party: str, share: float | Row) -> None:
        """A party takes what is left until it has its share of all profit paid out so far, its own included.

        It takes x, so that its own profit and x are the share of all profit and x.
        """
        whole = sum((book.gain for book in self.books.values()), sum(self._taken.values(), self.nothing))
        wanted = (whole * share - self._profit_of(party)) / (1 - np.asarray(share))
        wanted = np.where(wanted > ROUNDING * np.abs(whole), wanted, 0.0)
        self._take(row, party, "catch-up", np.minimum(self._left_over(row), wanted))

    def _profit_of(self, party: str) -> Row:
        """What a party has had of the profit so far: on tranches that it holds, and beside them."""
        own = self._taken.get(party, self.nothing)
        for name, book in self.books.items():
            if book.tranche.returned_to == party:
                own = own + book.gain
            elif book.tranche.returned_to is None and party in book.tranche.investors:
                own = own + book.gain * self.capital.at(name)[f"investor.{party}"]
        return own

    def _take(self, row: int, party: str, kind: str, amount: Row) -> None:
        """Pay a party profit that it takes on no tranche."""
        self._taken[party] = self._taken.get(party, self.nothing) + amount
        self.capital.pay_out(row, Entry(self.holder, party, kind), amount)

    def _available(self, *, at_its_end: bool) -> Row:
        cash = positive(self.ledger.balance(self.holder) - self._kept - self.capital.earned)
        free = cash if at_its_end else np.minimum(cash, self.capital.undistributed)
        return positive(free - self._held)

    def pay_from_outside_means(self, row: int) -> None:
        """A borrower with means outside the deal brings in whatever is due and not there."""
        borrowed = [book for book in self.books.values() if book.tranche.paid_from == "outside means"]
        if not borrowed:
            return
        due: Row = self.nothing
        for book in borrowed:
            if book.is_open(row).any():
                # What is repaid from receipts is due as they come, and in full only at the end.
                falls_due = book.ends_on(row) | (not isinstance(book.tranche.repayment, FromReceipts))
                due = due + np.where(falls_due, self._interest_due(book, row) + self._principal_due(book, row), 0.0)
        missing = np.where(due > 0, positive(due - positive(self.ledger.balance(self.holder))), 0.0)
        self.ledger.post(row, Entry(OWN_MEANS, self.holder, "own means"), missing)
        self.capital.undistributed = self.capital.undistributed + due

    def _interest_falls(self, book: TrancheBook, row: int) -> bool:
        """Whether a date is one on which interest is due before the tranche ends."""
        interest, day = book.tranche.interest, self.timeline.dates[row]
        paid = "with principal" if interest is None else interest.paid
        if isinstance(paid, tuple):
            return day in paid
        if paid == "each period":
            return row in self.timeline.end_rows
        return self._principal_falls(book, row)

    def _principal_falls(self, book: TrancheBook, row: int) -> bool:
        """Whether a date is one on which principal is due before the tranche ends: in part, or from receipts."""
        repayment, day = book.tranche.repayment, self.timeline.dates[row]
        if isinstance(repayment, InParts):
            return any(item.date == day for item in repayment.amounts)
        return _repayable(book, day)

    def _interest_due(self, book: TrancheBook, row: int) -> Row:
        return book.unpaid if self._interest_falls(book, row) else only(book.ends_on(row), book.unpaid)

    def _principal_due(self, book: TrancheBook, row: int) -> Row:
        """What falls due of the principal: by its dates; from receipts all of it; all that is left when it ends."""
        repayment, day, due = book.tranche.repayment, self.timeline.dates[row], self.nothing
        if isinstance(repayment, InParts):
            at = self.capital.at(book.tranche.id)
            parts = [i for i, item in enumerate(repayment.amounts) if item.date == day]
            due = np.minimum(book.principal, sum((at[f"repayment.amounts[{i}].amount"] for i in parts), due))
        elif _repayable(book, day):
            return book.principal
        return np.where(book.ends_on(row), book.principal, due)

    def _asked_at_its_end(self, book: TrancheBook, row: int) -> Row:
        """How much of the principal outstanding is asked for when it ends: all, or what was agreed for that end."""
        repayment, at = book.tranche.repayment, self.capital.at(book.tranche.id)
        if row < book.agreed_end:
            return book.principal * at.get("ends_early.repays", 1.0)
        if isinstance(repayment, Bullet) and repayment.schedule is not None and repayment.outcome is not None:
            _, _, measure = levels(repayment.outcome, self.capital.counted)[-1]
            share = read_schedule(repayment.schedule, at.at("repayment.schedule"), measure)
            return np.minimum(book.principal, share * book.drawn)
        return book.principal

    def _pay(self, row: int, books: Sequence[TrancheBook], terms: tuple[Falls, Due], kind: str) -> None:
        """Pay what is due on equal ranks, in proportion where the money does not reach: first those that end today."""
        falls, due = terms
        ends = [book.ends_on(row) for book in books]
        ending = any(end.any() for end in ends)
        if not ending and not any(falls(book, row) for book in books):
            return
        owed = [book.within_cap(due(book, row)) for book in books]
        for ends_today in (True, False) if ending else (False,):
            amounts = [only(end == ends_today, amount) for end, amount in zip(ends, owed, strict=True)]
            if not any(amount.any() for amount in amounts):
                continue
            paid = self._shared(books, amounts, self._available(at_its_end=ends_today), kind)
            for book, share in zip(books, paid, strict=True):
                amount = book.above_rounding(share)
                book.pay(row, kind, amount)
                self.capital.pay_investors(row, book, kind, amount)

    def _shared(self, books: Sequence[TrancheBook], due: Sequence[Row], available: Row, kind: str) -> list[Row]:
        """In proportion to what is due; principal by the shares of the loss where these are written."""
        if kind == "interest" or not any(book.tranche.loss_share for book in books):
            return in_proportion(due, available)
        shares = [self.capital.at(book.tranche.id)["loss_share"] for book in books]
        return by_loss_shares(due, available, shares)

    def _left_over(self, row: int) -> Row:
        """What is left once all capital is repaid.

        Nothing before service ends: capital may yet be drawn and costs may yet fall.
        """
        if self.timeline.dates[row] < self.case.deal.service_end:
            return self.nothing
        ended = reduce(np.logical_and, (book.end <= row for book in self.books.values()), np.ones(1, dtype=bool))
        available = self._available(at_its_end=False)
        if ended.any():
            available = np.where(ended, self._available(at_its_end=True), available)
        outstanding = sum((self._outstanding(book) for book in self.books.values()), self.nothing)
        drawn = sum((book.drawn for book in self.books.values()), self.nothing)
        is_over = ((outstanding <= 1e-9 * (1 + available)) | ended) & (available > ROUNDING * drawn)
        return np.where(is_over, available, 0.0)

    def _outstanding(self, book: TrancheBook) -> Row:
        """What a tranche may still ask for of what it is owed."""
        return book.within_cap(self.capital.owed(book.tranche.id))

    def share_surplus(self, row: int, parts: Callable[[], Sequence[SurplusPart]]) -> None:
        """Share what is left over; what a return cap keeps from a tranche goes to whoever is named, else the holder."""
        left, over = self._left_over(row), self.nothing
        if not left.any():
            return
        for party, book, part in parts():
            share = left * part
            if book is None:
                self._take(row, party, "surplus", share)
                continue
            taken = book.above_rounding(book.within_cap(share))
            over = over + share - taken
            book.take_surplus(taken)
            self.capital.pay_investors(row, book, "surplus", taken)
        named = {party: self.numbers[f"deal.over_cap.{party}"] for party in self.case.deal.over_cap or {}}
        for party, part in (named or {self.holder: 1.0}).items():
            self._take(row, party, "over the return cap", over * part)

    def _surplus_parts(self, row: int) -> list[SurplusPart]:
        """Without a written waterfall: the shares as stated, else capital without a fixed return by what was drawn.

        Who has left early has no part in what comes later, unless it is stated.
        """
        if self.case.deal.surplus is not None:
            return self._parts({party: self.numbers[f"deal.surplus.{party}"] for party in self.case.deal.surplus})
        books = self.books.values()
        free = [book for book in books if book.tranche.interest is None and not book.tranche.is_grant]
        drawn = [np.where(book.ended_early(row), 0.0, book.drawn) for book in free]
        whole = sum(drawn, self.nothing)
        return [(book.tranche.investors[0], book, _part(own, whole)) for book, own in zip(free, drawn, strict=True)]

    def _parts(self, shares: Mapping[str, float | Row]) -> list[SurplusPart]:
        """A party that holds tranches by itself takes its share on them, in proportion to what was drawn."""
        parts: list[SurplusPart] = []
        for party, share in shares.items():
            own = [book for book in self.books.values() if book.tranche.investors == (party,)]
            drawn = sum((book.drawn for book in own), self.nothing)
            parts += [(party, book, share * _part(book.drawn, drawn)) for book in own] or [(party, None, share)]
        return parts


def _repayable(book: TrancheBook, day: date) -> bool:
    """Whether receipts repay a tranche on this date, before it ends."""
    repayment = book.tranche.repayment
    return isinstance(repayment, FromReceipts) and (repayment.starting is None or day >= repayment.starting)


def _part(of: Row, whole: Row) -> Row:
    return np.divide(of, whole, out=np.zeros_like(whole), where=whole > 0)
