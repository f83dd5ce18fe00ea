"""What investors put in and get out: all of them, each tranche, and each investor."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

import numpy as np

from sib.cashflow.books import TrancheBook
from sib.cashflow.by_date import ByDate
from sib.cashflow.counted import Counted
from sib.cashflow.interest import rate_on
from sib.cashflow.ledger import Entry
from sib.cashflow.run import Run
from sib.numbers import Row
from sib.periods import MONTHS_IN, regular_periods
from sib.value.flows import DAYS_PER_YEAR
from sib.value.returns import Irr, PeriodicIrr, irr, npv, payback, peak_exposure, periodic_irr

PRINCIPAL_BACK = ("principal", "guarantee")
"""Kinds of flow by which principal comes back: a guarantee call makes principal good."""

SHARED_OUT = ("surplus", "catch-up", "over the return cap")
"""Kinds of flow that an investor may receive beside the tranches that it holds with others."""

Chosen = Callable[[Entry], bool]


@dataclass(frozen=True)
class Coupon:
    """Interest paid on a date, and the rate a year at which it accrued."""

    date: date
    rate: float
    amount: float


@dataclass(frozen=True)
class Commitment:
    """Whether capital reaches: `exhausted` from the first date on which the holder needs more than is still committed.

    `shortfall` is the most that it ever lacks, not negative, before reserves of its own.
    """

    status: Literal["enough", "exhausted"]
    date: date | None
    shortfall: float


@dataclass(frozen=True)
class InvestorView:
    """Returns of a tranche, of an investor, or of all. Money is nominal; None where there is no capital in the case.

    `average_life`: years from the first draw to the return of principal (by a guarantor too), weighted by its amounts;
    None where none comes back. `loss`: drawn and never received, not negative; `loss_share`: of what was drawn.
    `commitment`: of all tranches together only, grants too; None where the case has none.
    """

    irr: Irr
    irr_unguaranteed: Irr
    drawn: float | None = None
    received: float | None = None
    periodic_irr: PeriodicIrr | None = None
    multiple: float | None = None
    simple_return: float | None = None
    npv: float | None = None
    payback_date: date | None = None
    peak_exposure: float | None = None
    average_life: float | None = None
    loss: float | None = None
    loss_share: float | None = None
    coupons: tuple[Coupon, ...] = ()
    commitment: Commitment | None = None
    tranches: dict[str, InvestorView] = field(default_factory=dict)
    by_investor: dict[str, InvestorView] = field(default_factory=dict)


def investor_view(run: Run) -> InvestorView:
    """All investors together, with a view of each tranche and of each investor's part of its tranches."""
    tranches = {name: replace(_view(run, of_tranche(name)), coupons=_coupons(run, name)) for name in invested(run)}
    by_investor = {name: _view(run, of_investor(name)) for name in investors_of(run)}
    whole = replace(_view(run, lambda _: True), commitment=commitment_of(run))
    return replace(whole, tranches=tranches, by_investor=by_investor)


def commitment_of(run: Run) -> Commitment | None:
    """Whether what is committed meets every need of the holder; what rounding leaves is no need."""
    if not run.books:
        return None
    short = run.shortfall[:, 0]
    drawn = sum(float(book.drawn[0]) for book in run.books.values())
    missing = np.flatnonzero(short > 1e-9 * max(1.0, drawn))
    if not missing.size:
        return Commitment("enough", None, 0.0)
    return Commitment("exhausted", run.timeline.dates[missing[0]], float(short.max()))


def invested(run: Run) -> dict[str, TrancheBook]:
    """The tranches that are investments; grants are not."""
    return {name: book for name, book in run.books.items() if not book.tranche.is_grant}


def investors_of(run: Run) -> tuple[str, ...]:
    """Who holds investments, in the order of the tranches."""
    return tuple(dict.fromkeys(name for book in invested(run).values() for name in book.tranche.investors))


def investor_flows(run: Run, chosen: Chosen) -> ByDate:
    """Net cash of investors from the chosen entries, positive received, (dates, scenarios)."""
    signs = {entry: investors_sign(run, entry) for entry, _ in run.ledger if chosen(entry)}
    received = run.ledger.moved(lambda entry: signs.get(entry, 0) > 0)
    return received.less(run.ledger.moved(lambda entry: signs.get(entry, 0) < 0))


def investors_sign(run: Run, entry: Entry) -> int:
    """1 for what investors receive, -1 for what they pay in, 0 for what is neither or both."""
    investors = investors_of(run)
    receives = entry.target in investors and _returns_something(run, entry)
    pays = entry.source in investors and _by_the_tranche(run, entry) and _paid_in(entry)
    return int(receives) - int(pays)


def drawn_flows(run: Run, chosen: Chosen) -> ByDate:
    """What is drawn by the chosen entries, positive, (dates, scenarios)."""
    return run.ledger.moved(lambda entry: entry.kind == "draw" and chosen(entry))


def _by_the_tranche(run: Run, entry: Entry) -> bool:
    return entry.tranche in invested(run)


def _paid_in(entry: Entry) -> bool:
    """A draw, or what a rule has investors pay; a holder of the contract that invests too pays other things."""
    return entry.kind == "draw" or entry.rule is not None


def _returns_something(run: Run, entry: Entry) -> bool:
    if entry.tranche is None:
        return entry.kind in SHARED_OUT
    return _by_the_tranche(run, entry) and entry.kind not in ("draw", "delivery")


def of_tranche(name: str) -> Chosen:
    """The entries of a tranche."""
    return lambda entry: entry.tranche == name


def of_investor(name: str) -> Chosen:
    """What it pays in, and what it receives; a draw is of who pays it, though an investor may hold the contract."""

    def chosen(entry: Entry) -> bool:
        received = entry.kind != "draw" and entry.target == name
        return received or (_paid_in(entry) and entry.source == name)

    return chosen


def _view(run: Run, chosen: Chosen) -> InvestorView:
    net = investor_flows(run, chosen)[:, 0]
    without = investor_flows(run, lambda entry: chosen(entry) and entry.kind != "guarantee")[:, 0]
    dates = run.timeline.dates
    rates = InvestorView(irr(net, dates), irr(without, dates))
    if not invested(run):
        return rates
    drawn = float(drawn_flows(run, chosen)[:, 0].sum())
    received = float(net.sum()) + drawn
    hurdle = run.case.appraisal.hurdle
    view = replace(
        rates,
        drawn=drawn,
        received=received,
        periodic_irr=_periodic(run, net),
        npv=None if hurdle is None else _npv(run, hurdle.value, net),
        payback_date=payback(net, dates),
        peak_exposure=float(peak_exposure(net)),
        average_life=_average_life(run, chosen),
        loss=max(0.0, drawn - received),
    )
    return _per_pound(view, drawn, received) if drawn > 0 else view


def _per_pound(view: InvestorView, drawn: float, received: float) -> InvestorView:
    """What only makes sense of capital that was drawn."""
    multiple = received / drawn
    return replace(view, multiple=multiple, simple_return=multiple - 1, loss_share=max(0.0, 1 - multiple))


def _average_life(run: Run, chosen: Chosen) -> float | None:
    """Years from the first draw to the return of principal, Actual/365, weighted by the amounts."""
    drawn = drawn_flows(run, chosen)[:, 0]
    back = run.ledger.total(lambda e: chosen(e) and e.kind in PRINCIPAL_BACK and e.tranche in invested(run))[:, 0]
    if not drawn.any() or back.sum() <= 0:
        return None
    first = run.timeline.dates[int(np.flatnonzero(drawn)[0])]
    years = np.array([(day - first).days for day in run.timeline.dates]) / DAYS_PER_YEAR
    return float((years * back).sum() / back.sum())


def _npv(run: Run, hurdle: float, net: Row) -> float:
    """Present value on the day on which the contract starts; a case may state earlier days, on which nothing moves."""
    begun = [row for row, day in enumerate(run.timeline.dates) if day >= run.case.deal.start]
    return float(npv(hurdle, net[begun], [run.timeline.dates[row] for row in begun]))


def _periodic(run: Run, net: Row) -> PeriodicIrr | None:
    """The spreadsheet's IRR: the opening day, then each period's sum; None where periods are listed dates."""
    length = run.case.deal.period
    if not isinstance(length, str):
        return None
    periods = regular_periods(run.case.deal.start, run.timeline.dates[-1], MONTHS_IN[length])
    sums, lasts = np.zeros(len(periods) + 1), [period.last for period in periods]
    for day, amount in zip(run.timeline.dates, net, strict=True):
        sums[0 if day <= run.case.deal.start else 1 + bisect_left(lasts, day)] += amount
    return periodic_irr(sums, 12 // MONTHS_IN[length])


def _coupons(run: Run, tranche: str) -> tuple[Coupon, ...]:
    book = run.books[tranche]
    if book.tranche.interest is None:
        return ()
    counted = Counted(run.case, run.numbers, run.timeline, run.groups, run.outcomes)
    paid = book.interest_paid[:, 0]
    rates = {int(i): np.ravel(rate_on(book.tranche, int(i), counted))[0] for i in np.flatnonzero(paid)}
    return tuple(Coupon(run.timeline.dates[i], float(rate), float(paid[i])) for i, rate in rates.items())
