"""Guarantees: their fees while they run, and the call on the day a tranche ends."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from sib.cashflow.books import TrancheBook
from sib.cashflow.by_date import positive
from sib.cashflow.capital import Capital, opening_of
from sib.cashflow.ledger import Entry
from sib.deal.capital import Guarantee
from sib.numbers import Row


def pay_guarantee_fees(capital: Capital, row: int) -> None:
    """The fee on the amount guaranteed, for the period that ends on this date.

    None once no principal is outstanding and none can be drawn any more: there is nothing to guarantee.
    """
    period = capital.timeline.period_ending(row)
    for guarantee in capital.case.deal.guarantees:
        book = capital.books[guarantee.tranche]
        if guarantee.fee is None or period is None or row > book.agreed_end:
            continue
        years = (period.last - max(period.first - timedelta(days=1), opening_of(capital.case.deal.start))).days / 365
        rate = capital.numbers[f"deal.guarantees.{guarantee.id}.fee"]
        entry = Entry(capital.holder, guarantee.guarantor, "guarantee fee")
        fee = _guaranteed(capital, guarantee, book, row) * rate * years
        at_risk = (book.above_rounding(book.principal) > 0) | capital.may_draw(row, guarantee.tranche)
        capital.ledger.post(row, entry, np.where(book.is_open(row) & at_risk, fee, 0.0))


def call_guarantees(capital: Capital, row: int) -> None:
    """On the day a tranche ends, its guarantor makes principal good; the call goes to those who hold the tranche.

    What a return cap withholds is no loss that is guaranteed: the call keeps within the cap.
    """
    for guarantee in capital.case.deal.guarantees:
        book = capital.books[guarantee.tranche]
        if book.ends_on(row).any():
            call = np.where(book.ends_on(row), _call(capital, guarantee, book, row), 0.0)
            for investor in book.tranche.investors:
                part = call * capital.at(guarantee.tranche)[f"investor.{investor}"]
                entry = Entry(guarantee.guarantor, investor, "guarantee", tranche=guarantee.tranche)
                capital.ledger.post(row, entry, part)


def _call(capital: Capital, guarantee: Guarantee, book: TrancheBook, row: int) -> Row:
    guaranteed = _guaranteed(capital, guarantee, book, row)
    if guarantee.first_loss is not None:
        call = np.minimum(positive(book.drawn - book.repaid), guaranteed)
    else:
        call = positive(np.minimum(guaranteed, book.drawn) - book.repaid)
    return book.above_rounding(book.within_cap(call))


def _guaranteed(capital: Capital, guarantee: Guarantee, book: TrancheBook, row: int) -> Row:
    """The guaranteed total, or the first loss that is borne, as in force on a date."""
    at = capital.numbers.at(f"deal.guarantees.{guarantee.id}")
    if guarantee.first_loss is not None:
        return capital.nothing + at["first_loss"]
    if guarantee.share is not None:
        return book.drawn * at["share"]
    begun = [i for i, item in enumerate(guarantee.amounts) if item.date <= capital.timeline.dates[row]]
    return capital.nothing + (at[f"amounts[{begun[-1]}].amount"] if begun else 0.0)
