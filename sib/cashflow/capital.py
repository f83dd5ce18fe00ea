"""Investors' capital over time: drawn, interest, repaid by rank, guaranteed, surplus. One step, one function."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sib.case import Case
from sib.cashflow.activity import Rows
from sib.cashflow.axis import last_day
from sib.cashflow.claims import levels, read_schedule
from sib.cashflow.counted import Counted
from sib.cashflow.interest import accrued
from sib.cashflow.ledger import OWN_MEANS, UNITEMISED, Entry, Ledger
from sib.deal.capital import RANKS, AsNeeded, AtOnce, Bullet, FromReceipts, Guarantee, InParts, TrancheOfCapital
from sib.numbers import Numbers, NumbersAt, Row
from sib.periods import Timeline


@dataclass
class TrancheBook:
    """One tranche over time. Every array is (dates, scenarios), money, never negative."""

    tranche: TrancheOfCapital
    end: int
    """The row on which it ends; what is unpaid then is lost."""
    draws: Rows
    interest: Rows
    interest_paid: Rows
    principal_paid: Rows
    lost: Rows
    principal: Row
    """Outstanding now."""
    unpaid: Row
    """Interest accrued and not yet paid, now."""

    @classmethod
    def blank(cls, tranche: TrancheOfCapital, end: int, shape: tuple[int, int]) -> TrancheBook:
        """A tranche of which nothing has been drawn."""
        none, nothing = np.zeros(shape), np.zeros(shape[1])
        rows = {name: none.copy() for name in ("draws", "interest", "interest_paid", "principal_paid", "lost")}
        return cls(tranche, end, **rows, principal=nothing, unpaid=nothing)

    @property
    def drawn(self) -> Row:
        """Drawn so far."""
        total: Row = self.draws.sum(axis=0)
        return total

    @property
    def repaid(self) -> Row:
        """Principal repaid so far."""
        total: Row = self.principal_paid.sum(axis=0)
        return total


class Capital:
    """The tranches and guarantees of a case, and what happens to them on each date."""

    def __init__(self, counted: Counted, ledger: Ledger) -> None:
        self.counted, self.ledger = counted, ledger
        self.case: Case = counted.case
        self.numbers: Numbers = counted.numbers
        self.timeline: Timeline = counted.timeline
        self.holder = self.case.deal.contract_holder
        self.books = {
            tranche.id: TrancheBook.blank(tranche, self._end(tranche), ledger.shape)
            for tranche in self.case.deal.tranches
        }
        self.undistributed = np.zeros(ledger.shape[1])
        """Outcome payments received and not yet passed on."""
        self.itemised = self._has_costs()

    def _end(self, tranche: TrancheOfCapital) -> int:
        """The row of its maturity; else of the last payment, as stated or as late as there can be one."""
        day = tranche.maturity or self.case.deal.last_payment or last_day(self.case)
        row = self.timeline.row_from(day)
        return len(self.timeline) - 1 if row is None else row

    def _has_costs(self) -> bool:
        """Whether the case says what the holder spends its money on."""
        deal = self.case.deal
        return any((cost.paid_by or self.holder) == self.holder for cost in deal.costs) or any(
            self.holder in rule.paid_by.parties for rule in deal.payments
        )

    def at(self, tranche: str) -> NumbersAt:
        """The numbers of one tranche."""
        return self.numbers.at(f"deal.tranches.{tranche}")

    def accrue(self, row: int) -> None:
        """Interest for the days since the last date, on the opening balance."""
        for book in self.books.values():
            interest = book.tranche.interest
            if interest is not None and row <= book.end:
                bears = book.principal + (book.unpaid if interest.compounding == "compound" else 0)
                book.interest[row] = bears * accrued(book.tranche, row, self.counted)
                book.unpaid = book.unpaid + book.interest[row]

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
        return sum(self.at(name)[f"draw.amounts[{i}].amount"] for i in parts)

    def draw_as_needed(self, row: int) -> None:
        """Draws for what the holder's cash does not reach, by rank from the lowest, up to each commitment."""
        for name, book in sorted(self.books.items(), key=lambda item: -RANKS.index(item[1].tranche.rank)):
            if isinstance(book.tranche.draw, AsNeeded) and row <= book.end:
                short = np.maximum(0, self._reserve(row) - self.ledger.balance(self.holder))
                self._draw(row, book, np.minimum(short, np.maximum(0, self.at(name)["commitment"] - book.drawn)))

    def _reserve(self, row: int) -> float | Row:
        """The cash kept at hand until service ends."""
        if self.timeline.dates[row] >= self.case.deal.service_end:
            return 0.0
        return sum(self.at(name).get("draw.reserve", 0.0) for name in self.books)

    def _draw(self, row: int, book: TrancheBook, amount: float | Row) -> None:
        book.draws[row] += amount
        book.principal = book.principal + amount
        tranche = book.tranche
        self.ledger.post(row, Entry(tranche.investor, self.holder, "draw", tranche=tranche.id), amount)
        if not self.itemised:
            self.ledger.post(row, Entry(self.holder, UNITEMISED, "delivery", tranche=tranche.id), amount)

    def owed(self, tranche: str) -> Row:
        """Principal and interest outstanding on a tranche now."""
        return self.books[tranche].principal + self.books[tranche].unpaid

    def all_repaid(self) -> NDArray[np.bool_]:
        """In which scenarios all that was drawn has been repaid, with its interest."""
        owed: Row = sum((self.owed(name) for name in self.books), np.zeros(self.ledger.shape[1]))
        drawn: Row = sum((book.drawn for book in self.books.values()), np.zeros(self.ledger.shape[1]))
        return (drawn > 0) & (owed <= 1e-9 * drawn)

    def distribute(self, row: int) -> None:
        """Pay interest and principal by rank out of what may be distributed, then share the surplus."""
        self.pay_from_outside_means(row)
        available = self._distributable(row)
        for rank in RANKS:
            books = [book for book in self.books.values() if book.tranche.rank == rank and row <= book.end]
            available = self._pay(row, books, [self._interest_due(book, row) for book in books], available, "interest")
            due = [self._principal_due(book, row) for book in books]
            available = self._pay(row, books, due, available, "principal")
        self._share_surplus(row, available)

    def _distributable(self, row: int) -> Row:
        """Cash that may leave the holder: receipts not yet passed on; all its cash on the day a tranche ends."""
        cash = np.maximum(0, self.ledger.balance(self.holder) - self._reserve(row))
        if any(book.end == row for book in self.books.values()):
            return cash
        return np.minimum(cash, self.undistributed)

    def pay_from_outside_means(self, row: int) -> None:
        """A borrower with means outside the deal brings in whatever is due and not there."""
        due: Row = np.zeros(self.ledger.shape[1])
        for book in self.books.values():
            # What is repaid from receipts is due as they come, and in full only at the end.
            as_they_come = isinstance(book.tranche.repayment, FromReceipts) and row < book.end
            if book.tranche.paid_from == "outside means" and row <= book.end and not as_they_come:
                due = due + self._interest_due(book, row) + self._principal_due(book, row)
        missing = np.where(due > 0, np.maximum(0, due - np.maximum(0, self.ledger.balance(self.holder))), 0.0)
        self.ledger.post(row, Entry(OWN_MEANS, self.holder, "own means"), missing)
        self.undistributed = self.undistributed + due

    def _interest_due(self, book: TrancheBook, row: int) -> Row:
        interest, day = book.tranche.interest, self.timeline.dates[row]
        paid = "with principal" if interest is None else interest.paid
        if row == book.end or (paid == "with principal" and _repayable(book, row, day)):
            return book.unpaid
        on_its_day = day in paid if isinstance(paid, tuple) else paid == "each period" and row in self.timeline.end_rows
        return book.unpaid if on_its_day else np.zeros_like(book.unpaid)

    def _principal_due(self, book: TrancheBook, row: int) -> Row:
        """What falls due of the principal: by its dates; all of it; or at maturity what the schedule says of it."""
        repayment = book.tranche.repayment
        at = self.numbers.at(f"deal.tranches.{book.tranche.id}.repayment")
        if isinstance(repayment, InParts) and row < book.end:
            day = self.timeline.dates[row]
            parts = [i for i, item in enumerate(repayment.amounts) if item.date == day]
            return np.minimum(book.principal, sum((at[f"amounts[{i}].amount"] for i in parts), np.zeros(1)))
        if not _repayable(book, row, self.timeline.dates[row]):
            return np.zeros_like(book.principal)
        if isinstance(repayment, Bullet) and repayment.schedule is not None and repayment.outcome is not None:
            _, _, measure = levels(repayment.outcome, self.counted)[-1]
            return np.minimum(
                book.principal, read_schedule(repayment.schedule, at.at("schedule"), measure) * book.drawn
            )
        return book.principal

    def _pay(self, row: int, books: Sequence[TrancheBook], due: Sequence[Row], available: Row, kind: str) -> Row:
        """Pay what is due on equal ranks, in proportion where it does not reach; returns what is left."""
        wanted: Row = sum(due, np.zeros_like(available))
        part = np.divide(np.minimum(available, wanted), wanted, out=np.zeros_like(available), where=wanted > 0)
        for book, amount in zip(books, due, strict=True):
            paid = amount * part
            if kind == "interest":
                book.interest_paid[row] += paid
                book.unpaid = book.unpaid - paid
            else:
                book.principal_paid[row] += paid
                book.principal = book.principal - paid
            self._pay_out(row, book.tranche.investor, kind, book.tranche.id, paid)
        return np.maximum(0, available - wanted)

    def _pay_out(self, row: int, party: str, kind: str, tranche: str | None, amount: Row) -> None:
        if party != self.holder:
            self.ledger.post(row, Entry(self.holder, party, kind, tranche=tranche), amount)
        self.undistributed = np.maximum(0, self.undistributed - amount)

    def _share_surplus(self, row: int, available: Row) -> None:
        """What is left once all capital is repaid goes to those named, else to capital without a fixed return."""
        outstanding: Row = sum((book.principal + book.unpaid for book in self.books.values()), np.zeros_like(available))
        ended = all(row >= book.end for book in self.books.values())
        settled = (outstanding <= 1e-9 * (1 + available)) | ended
        waits = self._still_to_draw(row)
        left = np.where(settled, available, 0.0) * (0.0 if waits else 1.0)
        for party, tranche, part in self._surplus_parts():
            self._pay_out(row, party, "surplus", tranche, left * part)

    def _still_to_draw(self, row: int) -> bool:
        """No surplus before service ends: capital may yet be drawn and costs may yet fall."""
        return self.timeline.dates[row] < self.case.deal.service_end

    def _surplus_parts(self) -> list[tuple[str, str | None, Row | float]]:
        """Who shares the surplus: party, tranche, part."""
        free = [book for book in self.books.values() if book.tranche.interest is None]
        drawn: Row = sum((book.drawn for book in free), np.zeros(self.ledger.shape[1]))
        if self.case.deal.surplus is None:
            return [(book.tranche.investor, book.tranche.id, _part(book.drawn, drawn)) for book in free]
        parts: list[tuple[str, str | None, Row | float]] = []
        for party in self.case.deal.surplus:
            share = self.numbers[f"deal.surplus.{party}"]
            own = [book for book in self.books.values() if book.tranche.investor == party]
            own_drawn: Row = sum((book.drawn for book in own), np.zeros(self.ledger.shape[1]))
            parts += [(party, book.tranche.id, share * _part(book.drawn, own_drawn)) for book in own]
            parts += [] if own else [(party, None, share)]
        return parts

    def call_guarantees(self, row: int) -> None:
        """On the day a tranche ends, a guarantor makes its principal good up to the amount in force."""
        for guarantee in self.case.deal.guarantees:
            book = self.books[guarantee.tranche]
            if book.end == row:
                good = np.minimum(self._in_force(guarantee, row), book.drawn)
                call = np.maximum(0, good - book.repaid)
                entry = Entry(guarantee.guarantor, book.tranche.investor, "guarantee", tranche=guarantee.tranche)
                self.ledger.post(row, entry, call)

    def _in_force(self, guarantee: Guarantee, row: int) -> float | Row:
        begun = [i for i, item in enumerate(guarantee.amounts) if item.date <= self.timeline.dates[row]]
        return self.numbers[f"deal.guarantees.{guarantee.id}.amounts[{begun[-1]}].amount"] if begun else 0.0

    def close(self, row: int) -> None:
        """What is outstanding on the day a tranche ends is lost."""
        for book in self.books.values():
            if book.end == row:
                book.lost[row] = book.principal + book.unpaid
                book.principal = np.zeros_like(book.principal)
                book.unpaid = np.zeros_like(book.unpaid)


def _repayable(book: TrancheBook, row: int, day: date) -> bool:
    """Whether anything may be paid on a tranche on this date."""
    repayment = book.tranche.repayment
    if isinstance(repayment, FromReceipts):
        return row == book.end or repayment.starting is None or day >= repayment.starting
    return row == book.end


def _part(of: Row, whole: Row) -> Row:
    return np.divide(of, whole, out=np.zeros_like(whole), where=whole > 0)
