"""What investors put in and get out: per tranche and for all of them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from sib.cashflow.activity import Rows
from sib.cashflow.books import TrancheBook
from sib.cashflow.counted import Counted
from sib.cashflow.interest import rate_on
from sib.cashflow.ledger import Entry
from sib.cashflow.run import Run
from sib.numbers import Row
from sib.periods import MONTHS_IN
from sib.value.returns import Irr, PeriodicIrr, irr, npv, payback, peak_exposure, periodic_irr


@dataclass(frozen=True)
class Coupon:
    """Interest paid on a date, and the rate a year at which it accrued."""

    date: date
    rate: float
    amount: float


@dataclass(frozen=True)
class InvestorView:
    """Returns of a tranche, or of all. Money is nominal; None where there is no capital in the case."""

    drawn: float | None
    received: float | None
    irr: Irr
    irr_unguaranteed: Irr
    periodic_irr: PeriodicIrr | None
    multiple: float | None
    simple_return: float | None
    npv: float | None
    payback_date: date | None
    peak_exposure: float | None
    coupons: tuple[Coupon, ...] = ()
    tranches: dict[str, InvestorView] = field(default_factory=dict)


def investor_view(run: Run) -> InvestorView:
    """All investors together, with a view of each tranche."""
    tranches = {name: _view(run, lambda entry, name=name: entry.tranche == name, name) for name in invested(run)}  # type: ignore[misc]
    whole = _view(run, lambda _: True, None)
    return InvestorView(**{**vars(whole), "tranches": tranches})


def invested(run: Run) -> dict[str, TrancheBook]:
    """The tranches that are investments; grants are not."""
    return {name: book for name, book in run.books.items() if not book.tranche.is_grant}


def investor_flows(run: Run, chosen: Callable[[Entry], bool]) -> Rows:
    """Net cash of investors from the chosen entries, positive received, (dates, scenarios)."""
    books = invested(run)
    investors = {name for book in books.values() for name in book.tranche.investors}
    received = run.ledger.total(lambda e: chosen(e) and e.tranche in books and e.target in investors)
    paid = run.ledger.total(lambda e: chosen(e) and e.tranche in books and e.source in investors)
    return received - paid


def _view(run: Run, chosen: Callable[[Entry], bool], tranche: str | None) -> InvestorView:
    net = investor_flows(run, chosen)[:, 0]
    without = investor_flows(run, lambda entry: chosen(entry) and entry.kind != "guarantee")[:, 0]
    dates = run.timeline.dates
    nothing = InvestorView(None, None, irr(net, dates), irr(without, dates), None, None, None, None, None, None)
    if not invested(run):
        return nothing
    drawn = float(run.ledger.total(lambda e: chosen(e) and e.kind == "draw").sum())
    received = float(net.sum()) + drawn
    multiple = received / drawn if drawn > 0 else None
    hurdle = run.case.appraisal.hurdle
    return InvestorView(
        drawn=drawn,
        received=received,
        irr=nothing.irr,
        irr_unguaranteed=nothing.irr_unguaranteed,
        periodic_irr=_periodic(run, net),
        multiple=multiple,
        simple_return=None if multiple is None else multiple - 1,
        npv=None if hurdle is None else float(npv(hurdle.value, net, dates)),
        payback_date=payback(net, dates),
        peak_exposure=float(peak_exposure(net)),
        coupons=() if tranche is None else _coupons(run, tranche),
    )


def _periodic(run: Run, net: Row) -> PeriodicIrr | None:
    """The spreadsheet's IRR: the opening day, then each period's sum; None where periods are listed dates."""
    length = run.case.deal.period
    if not isinstance(length, str):
        return None
    sums = np.zeros(len(run.timeline.periods) + 2)
    lasts = [period.last for period in run.timeline.periods]
    for day, amount in zip(run.timeline.dates, net, strict=True):
        place = 0 if day <= run.case.deal.start else 1 + bisect_left(lasts, day)
        sums[min(place, len(sums) - 1)] += amount
    return periodic_irr(sums, 12 // MONTHS_IN[length])


def _coupons(run: Run, tranche: str) -> tuple[Coupon, ...]:
    book = run.books[tranche]
    if book.tranche.interest is None:
        return ()
    counted = Counted(run.case, run.numbers, run.timeline, run.groups, run.outcomes)
    paid = book.interest_paid[:, 0]
    rates = {int(i): np.ravel(rate_on(book.tranche, int(i), counted))[0] for i in np.flatnonzero(paid)}
    return tuple(Coupon(run.timeline.dates[i], float(rate), float(paid[i])) for i, rate in rates.items())
