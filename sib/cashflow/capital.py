"""Investors' capital over time: drawn, earning interest, owed, closed. One step, one function."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from sib.cashflow.books import Passes, TrancheBook
from sib.cashflow.by_date import ByDate, moves, only, positive, share_of
from sib.cashflow.counted import Counted
from sib.cashflow.ends import agreed_end, ends_of
from sib.cashflow.interest import accrued
from sib.cashflow.ledger import UNITEMISED, Entry, Ledger
from sib.cashflow.sharing import ROUNDING, in_proportion
from sib.deal.capital import RANKS, AsNeeded, AtOnce, AtReturnCap, TrancheOfCapital
from sib.numbers import NumbersAt, Row
from sib.periods import is_month_end


class Capital:
    """The tranches of a case, and what happens to them on each date."""

    def __init__(self, counted: Counted, ledger: Ledger) -> None:
        self.counted, self.ledger = counted, ledger
        self.case, self.numbers, self.timeline = counted.case, counted.numbers, counted.timeline
        self.holder = self.case.deal.contract_holder
        self.books = {
            one.id: TrancheBook.blank(one, ends_of(one, counted), agreed_end(one, counted), ledger.shape)
            for one in self.case.deal.tranches
        }
        self.shortfall = ByDate(ledger.shape[0], width=ledger.shape[1])
        """What the holder lacks on each date beyond all that is still committed."""
        self.undistributed = np.zeros(ledger.shape[1])
        """Outcome payments received and not yet passed on."""
        self.earned = np.zeros(ledger.shape[1])
        """What the holder itself has taken of the surplus: its own, and not shared again."""
        self.itemised = self._has_costs()
        self._at = {name: self.numbers.at(f"deal.tranches.{name}") for name in self.books}
        self._holders = {
            name: [(one, self._at[name][f"investor.{one}"]) for one in book.tranche.investors]
            for name, book in self.books.items()
        }
        self._drawing = self._in_order_of_drawing()
        self._known_to = {
            item.tranche: max(i for i, day in enumerate(self.timeline.dates) if day <= item.date)
            for item in sorted(self.case.actuals.draws, key=lambda item: item.date)
        }
        self._reserves = [reserve for name in self.books if np.any(reserve := self.at(name).get("draw.reserve", 0.0))]

    def _has_costs(self) -> bool:
        """Whether the case says what the holder spends its money on."""
        deal = self.case.deal
        return any((cost.paid_by or self.holder) == self.holder for cost in deal.costs) or any(
            self.holder in rule.paid_by.parties and rule.paid_to not in deal.named("investor") for rule in deal.payments
        )

    def at(self, tranche: str) -> NumbersAt:
        """The numbers of one tranche."""
        return self._at[tranche]

    @property
    def nothing(self) -> Row:
        """No money in any scenario."""
        return np.zeros(self.ledger.shape[1])

    def accrue(self, row: int) -> None:
        """Interest for the days since the last date on the opening balance, and growth of a capped return."""
        for book in self.books.values():
            interest = book.tranche.interest
            if interest is not None and row <= book.agreed_end:
                bears = book.principal + (book.unpaid if interest.compounding == "compound" else 0)
                if bears.any():
                    book.accrue(row, bears * accrued(book.tranche, row, self.counted))
            if row > 0 and book.tranche.return_cap is not None and book.tranche.return_cap.rate is not None:
                years = self.timeline.years[row] - self.timeline.years[row - 1]
                rate = self.at(book.tranche.id)["return_cap.rate"]
                book.room = book.room * np.power(1 + np.asarray(rate), years)

    def accrue_commitment_fees(self, row: int) -> None:
        """The fee for the days since the last date on what was not drawn then, until service ends."""
        day, opening = self.timeline.dates[row], opening_of(self.case.deal.start)
        if row == 0 or not opening < day <= self.case.deal.service_end:
            return
        before = self.timeline.dates[row - 1]
        years = (day - (before if before > self.case.deal.start else opening)).days / 365
        for name, book in self.books.items():
            if book.tranche.commitment_fee is not None:
                book.fee = book.fee + self._undrawn(row, name, book) * self.at(name)["commitment_fee"] * years

    def receive(self, amount: Row) -> None:
        """Note outcome payments to the holder, net of what it pays back."""
        self.undistributed = positive(self.undistributed + amount)

    def draw_as_agreed(self, row: int) -> None:
        """Draws on stated dates and at once; actual draws in their place up to the last of them."""
        day = self.timeline.dates[row]
        for name, book in self.books.items():
            self._draw(row, book, self._agreed(name, book.tranche, day))

    def _agreed(self, name: str, tranche: TrancheOfCapital, day: date) -> float | Row:
        actual = [(i, item) for i, item in enumerate(self.case.actuals.draws) if item.tranche == name]
        if actual and day <= max(item.date for _, item in actual):
            return sum(self.numbers[f"actuals.draws[{i}].value"] for i, item in actual if item.date == day)
        if isinstance(tranche.draw, AtOnce):
            return self.at(name)["commitment"] if day == self.case.deal.start and not actual else 0.0
        if isinstance(tranche.draw, AsNeeded):
            return 0.0
        parts = [i for i, item in enumerate(tranche.draw.amounts) if item.date == day]
        amount = sum(self.at(name)[f"draw.amounts[{i}].amount"] for i in parts)
        return np.where(self.books[name].is_open(self.timeline.row(day)), amount, 0.0)

    def draw_as_needed(self, row: int) -> None:
        """Draws for what the holder's cash does not reach, in their order; equals in proportion to what is undrawn.

        Receipts that are passed on are not there for delivery as long as there is capital to draw.
        """
        is_recycled = self.case.deal.receipts == "recycled"
        if is_recycled:
            self._count_what_is_spent()
        kept = 0.0 if is_recycled else self.undistributed
        for turn in self._drawing:
            books = [book for book in turn if row > self._known_to.get(book.tranche.id, -1)]
            if not books:
                continue
            short = positive(self.reserve(row) + kept - self.ledger.balance(self.holder))
            if short.any():
                parts = in_proportion([self._undrawn(row, book.tranche.id, book) for book in books], short)
                for book, part in zip(books, parts, strict=True):
                    least = ROUNDING * np.asarray(self.at(book.tranche.id)["commitment"])
                    self._draw(row, book, part * (part > least))
        if not is_recycled:
            self._count_what_is_spent()
        self._count_what_is_missing(row)

    def _in_order_of_drawing(self) -> list[list[TrancheBook]]:
        """Tranches that may be drawn as needed, those of equal order together."""
        free = [book for book in self.books.values() if isinstance(book.tranche.draw, AsNeeded)]
        orders = sorted({_drawn_first(book.tranche) for book in free})
        return [[book for book in free if _drawn_first(book.tranche) == order] for order in orders]

    def _undrawn(self, row: int, name: str, book: TrancheBook) -> Row:
        """What may still be drawn; nothing once a tranche has ended."""
        return only(book.is_open(row), positive(self.at(name)["commitment"] - book.drawn))

    def may_draw(self, row: int, name: str) -> Passes:
        """In which scenarios more may still be drawn: as needed until service ends, or on a date that is to come."""
        book, day = self.books[name], self.timeline.dates[row]
        draw = book.tranche.draw
        days = [item.date for item in self.case.actuals.draws if item.tranche == name]
        days += [item.date for item in getattr(draw, "amounts", ())]
        undrawn = self._undrawn(row, name, book) > ROUNDING * book.drawn
        if isinstance(draw, AsNeeded):
            days.append(self.case.deal.service_end)
        return undrawn & any(later > day for later in days)

    def _count_what_is_missing(self, row: int) -> None:
        """What the holder lacks, less what is committed and comes later."""
        lacks = positive(-self.ledger.balance(self.holder))
        if lacks.any():
            to_come = sum((self._undrawn(row, name, book) for name, book in self.books.items()), self.nothing)
            self.shortfall.add(row, positive(lacks - to_come))

    def reserve(self, row: int) -> float | Row:
        """The cash kept at hand until service ends."""
        if self.timeline.dates[row] >= self.case.deal.service_end:
            return 0.0
        return sum(self._reserves)

    def _draw(self, row: int, book: TrancheBook, amount: float | Row) -> None:
        if not moves(amount):
            return
        tranche = book.tranche
        book.draw(row, amount)
        cap = tranche.return_cap
        if cap is not None:
            times = 1.0 if cap.multiple is None else self.at(tranche.id)["return_cap.multiple"]
            book.room = book.room + amount * times
        kind = "grant" if tranche.is_grant else "draw"
        for investor, share in self._holders[tranche.id]:
            part = share_of(np.asarray(amount), share)
            self.ledger.post(row, Entry(investor, self.holder, kind, tranche=tranche.id), part)
        if not self.itemised:
            self.ledger.post(row, Entry(self.holder, UNITEMISED, "delivery", tranche=tranche.id), amount)

    def _count_what_is_spent(self) -> None:
        """Receipts that costs have used up cannot be passed on: no more is left of them than there is cash."""
        self.undistributed = np.minimum(self.undistributed, positive(self.ledger.balance(self.holder)))

    def pay_commitment_fees(self, row: int) -> None:
        """The fees accrued on what was not drawn, on each period's last day."""
        if self.timeline.period_ending(row) is None:
            return
        for book in self.books.values():
            if book.fee.any():
                self.pay_investors(row, book, "commitment fee", book.fee)
                book.fee = self.nothing

    def owed(self, tranche: str) -> Row:
        """Principal and interest outstanding on a tranche now."""
        return self.books[tranche].principal + self.books[tranche].unpaid

    def all_repaid(self) -> NDArray[np.bool_]:
        """In which scenarios all that was drawn has been repaid, with its interest."""
        owed = sum((self.owed(name) for name in self.books), self.nothing)
        drawn = sum((book.drawn for book in self.books.values()), self.nothing)
        lost = sum((book.lost.sum(axis=0) for book in self.books.values()), self.nothing)
        return (drawn > 0) & (owed + lost <= 1e-9 * drawn)

    def pay_investors(self, row: int, book: TrancheBook, kind: str, amount: Row) -> None:
        """Pay those who hold a tranche by their shares; a recoverable grant goes back to its pool."""
        tranche = book.tranche
        if tranche.returned_to is not None:
            self.pay_out(row, Entry(self.holder, tranche.returned_to, kind, tranche=tranche.id), amount)
            return
        for investor, share in self._holders[tranche.id]:
            part = share_of(amount, share)
            self.pay_out(row, Entry(self.holder, investor, kind, tranche=tranche.id), part)

    def pay_out(self, row: int, entry: Entry, amount: Row) -> None:
        """Move money out of the holder's account; it then counts as passed on."""
        if entry.target == self.holder:
            self.earned = self.earned + amount
        else:
            self.ledger.post(row, entry, amount)
        self.undistributed = positive(self.undistributed - amount)

    def close(self, row: int) -> None:
        """What is outstanding on the day a tranche ends is lost; some end on the day they reach their return cap.

        Such a tranche has returned what it may: no guarantee is called on it.
        """
        for book in self.books.values():
            if isinstance(book.tranche.ends_early, AtReturnCap):
                reached = (book.drawn > 0) & (book.room <= 1e-9 * book.drawn)
                book.end = np.where(reached, np.minimum(book.end, row), book.end)
            if book.ends_on(row).any():
                book.close(row)


def opening_of(start: date) -> date:
    """The day before the first of the contract: a start on a month's end is itself that day."""
    return start if is_month_end(start) else start - timedelta(days=1)


def _drawn_first(tranche: TrancheOfCapital) -> tuple[int, bool, int]:
    """By the order that is written; else grants before investments, the lowest rank before the highest."""
    order = tranche.draw.order if isinstance(tranche.draw, AsNeeded) else None
    return (order, False, 0) if order else (0, not tranche.is_grant, -RANKS.index(tranche.rank))
