"""One stream of investors' flows by every convention that is in use: why one's own figure may be another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from sib.cashflow.ledger import Entry
from sib.cashflow.run import Run
from sib.deal.capital import TrancheOfCapital
from sib.numbers import Row
from sib.periods import Period
from sib.value.flows import DAYS_PER_YEAR
from sib.value.investors import (
    InvestorView,
    drawn_flows,
    invested,
    investor_flows,
    investor_view,
    of_investor,
    of_tranche,
)
from sib.value.returns import irr

GUARANTEE, FEES = frozenset({"guarantee"}), frozenset({"commitment fee"})
Placed = Callable[[Period], date]


@dataclass(frozen=True)
class Holding:
    """Whose flows: all investors', those of one tranche, or one investor's part of its tranches; name one at most."""

    tranche: str | None = None
    investor: str | None = None

    def counts(self, entry: Entry) -> bool:
        """Whether the entry belongs to it."""
        if self.investor is not None:
            return of_investor(self.investor)(entry)
        return self.tranche is None or of_tranche(self.tranche)(entry)

    def view(self, whole: InvestorView) -> InvestorView:
        """Its part of the view of all investors."""
        if self.investor is not None:
            return whole.by_investor[self.investor]
        return whole if self.tranche is None else whole.tranches[self.tranche]

    def commitment(self, run: Run) -> float:
        """What it has committed, as signed."""
        return sum(
            book.tranche.commitment.value * self._share(book.tranche)
            for name, book in invested(run).items()
            if self.tranche in (None, name)
        )

    def _share(self, tranche: TrancheOfCapital) -> float:
        share = (tranche.investor.shares or {}).get(self.investor or "")
        return 1.0 if self.investor is None else 0.0 if share is None else share.value


ALL = Holding()


@dataclass(frozen=True)
class Convention:
    """A rate as a fraction, and what it is called; `rate` is None where there is none."""

    name: str
    rate: float | None


def conventions(run: Run, holding: Holding = ALL) -> tuple[Convention, ...]:
    """The return of a holding by each convention, from the same flows; empty where nothing is drawn."""
    view = holding.view(investor_view(run))
    if not view.drawn:
        return ()
    net = _flows(run, holding)
    return (
        Convention("IRR on dates", view.irr.rate),
        *_periodic(view),
        *_simple(run, view, net, holding),
        *_placed(run, net),
        *_before(run, holding),
        Convention("IRR on the commitment", _rate(run, _on_commitment(run, net, holding))),
    )


def _periodic(view: InvestorView) -> Iterator[Convention]:
    """A spreadsheet's rate of a period: made effective, times the periods in a year, and as it is."""
    found = view.periodic_irr
    if found is not None:
        yield Convention("Periodic, effective", found.rate)
        yield Convention("Periodic, times n", found.bond_equivalent)
        yield Convention("Periodic, a period", found.per_period)


def _simple(run: Run, view: InvestorView, net: Row, holding: Holding) -> Iterator[Convention]:
    """Gain over capital, undiscounted."""
    gain, years, committed = float(net.sum()), _years(run, net), holding.commitment(run)
    yield Convention("Simple, in all", view.simple_return)
    if view.simple_return is not None and years > 0:
        yield Convention("Simple, a year", view.simple_return / years)
    if committed > 0 and years > 0:
        yield Convention("Simple, a year, on the commitment", gain / committed / years)


def _placed(run: Run, net: Row) -> Iterator[Convention]:
    """The IRR on dates, with each flow moved within its period."""
    places: dict[str, Placed] = {
        "start": lambda period: period.first,
        "middle": lambda period: period.first + timedelta(days=(period.last - period.first).days // 2),
        "end": lambda period: period.last,
    }
    for name, to in places.items():
        yield Convention(f"Flows at the {name}", irr(net, _moved(run, to)).rate)


def _before(run: Run, holding: Holding) -> Iterator[Convention]:
    """The IRR on dates without guarantee calls, without fees to investors, without both."""
    for name, kinds in (
        ("Before the guarantee", GUARANTEE),
        ("Before commitment fees", FEES),
        ("Before guarantee and fees", GUARANTEE | FEES),
    ):
        yield Convention(name, _rate(run, _flows(run, holding, kinds)))


def _flows(run: Run, holding: Holding, without: frozenset[str] = frozenset()) -> Row:
    rows = investor_flows(run, lambda entry: holding.counts(entry) and entry.kind not in without)
    return np.asarray(rows[:, 0])


def _rate(run: Run, net: Row) -> float | None:
    rate: float | None = irr(net, run.timeline.dates).rate
    return rate


def _on_commitment(run: Run, net: Row, holding: Holding) -> Row:
    """The flows as if all of the commitment had been paid in on the day on which the contract starts."""
    draws = drawn_flows(run, holding.counts)[:, 0]
    committed = max(holding.commitment(run), float(draws.sum()))
    flows = net + draws
    flows[int(np.flatnonzero(net)[-1])] += committed - draws.sum()
    # A case may state earlier days, on which nothing moves.
    flows[next(i for i, day in enumerate(run.timeline.dates) if day >= run.case.deal.start)] -= committed
    return np.asarray(flows)


def _years(run: Run, net: Row) -> float:
    """From the first flow to the last, Actual/365."""
    days = [day for day, amount in zip(run.timeline.dates, net, strict=True) if amount]
    return (days[-1] - days[0]).days / DAYS_PER_YEAR


def _moved(run: Run, to: Placed) -> list[date]:
    """The dates, each but the opening day's moved within its period; a date outside the periods stays."""
    start = run.case.deal.start
    homes = [
        next((period for period in run.timeline.periods if period.first <= day <= period.last and day > start), None)
        for day in run.timeline.dates
    ]
    moved = zip(run.timeline.dates, homes, strict=True)
    return [day if home is None else max(start, to(home)) for day, home in moved]
