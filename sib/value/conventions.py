"""One stream of investors' flows by every convention that is in use: why one's own figure may be another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from sib.cashflow.ledger import Entry
from sib.cashflow.run import Run
from sib.numbers import Row
from sib.periods import Period
from sib.value.flows import DAYS_PER_YEAR
from sib.value.investors import InvestorView, invested, investor_flows, investor_view
from sib.value.returns import irr

GUARANTEE, FEES = frozenset({"guarantee"}), frozenset({"commitment fee"})
Placed = Callable[[Period], date]


@dataclass(frozen=True)
class Convention:
    """A rate as a fraction, what it is called, and how it is worked out; `rate` is None where there is none."""

    name: str
    rate: float | None
    how: str


def conventions(run: Run, tranche: str | None = None) -> tuple[Convention, ...]:
    """The return of all investors, or of one tranche, by each convention; empty where nothing is drawn."""
    whole = investor_view(run)
    view = whole if tranche is None else whole.tranches[tranche]
    if not view.drawn:
        return ()
    net = _flows(run, tranche)
    return (
        Convention("IRR on dates", view.irr.rate, "effective a year, actual days over 365: XIRR"),
        *_periodic(view),
        *_simple(run, view, net, tranche),
        *_placed(run, net),
        *_before(run, tranche),
        Convention(
            "IRR on the commitment",
            _rate(run, _on_commitment(run, net, tranche)),
            "all of the commitment paid in at the start; what is never drawn comes back with the last flow",
        ),
    )


def _periodic(view: InvestorView) -> Iterator[Convention]:
    found = view.periodic_irr
    if found is not None:
        yield Convention(
            "Periodic, effective", found.rate, "a spreadsheet's IRR of equal periods, (1 + i)^n - 1 a year"
        )
        yield Convention("Periodic, times n", found.bond_equivalent, "the same i times the periods in a year, nominal")
        yield Convention("Periodic, a period", found.per_period, "the same i: what the spreadsheet shows")


def _simple(run: Run, view: InvestorView, net: Row, tranche: str | None) -> Iterator[Convention]:
    """Gain over capital, undiscounted."""
    gain, years, committed = float(net.sum()), _years(run, net), _commitment(run, tranche)
    yield Convention("Simple, in all", view.simple_return, "gain over drawn")
    if view.simple_return is not None and years > 0:
        yield Convention("Simple, a year", view.simple_return / years, "gain over drawn, over years from first to last")
    if committed > 0 and years > 0:
        yield Convention(
            "Simple, a year, on the commitment", gain / committed / years, "gain over commitment, over years"
        )


def _placed(run: Run, net: Row) -> Iterator[Convention]:
    """The IRR on dates, with each flow moved within its period."""
    places: dict[str, Placed] = {
        "start": lambda period: period.first,
        "middle": lambda period: period.first + timedelta(days=(period.last - period.first).days // 2),
        "end": lambda period: period.last,
    }
    for name, to in places.items():
        rate = irr(net, _moved(run, to)).rate
        yield Convention(f"Flows at the {name}", rate, f"IRR on dates, each flow at the {name} of its period")


def _before(run: Run, tranche: str | None) -> Iterator[Convention]:
    """The IRR on dates without guarantee calls, without fees to investors, without both."""
    for name, kinds in (
        ("Before the guarantee", GUARANTEE),
        ("Before commitment fees", FEES),
        ("Before guarantee and fees", GUARANTEE | FEES),
    ):
        rate = _rate(run, _flows(run, tranche, kinds))
        yield Convention(name, rate, f"IRR on dates without {' and '.join(sorted(f'{kind}s' for kind in kinds))}")


def _flows(run: Run, tranche: str | None, without: frozenset[str] = frozenset()) -> Row:
    def chosen(entry: Entry) -> bool:
        return tranche in (None, entry.tranche) and entry.kind not in without

    return np.asarray(investor_flows(run, chosen)[:, 0])


def _rate(run: Run, net: Row) -> float | None:
    rate: float | None = irr(net, run.timeline.dates).rate
    return rate


def _commitment(run: Run, tranche: str | None) -> float:
    return sum(book.tranche.commitment.value for name, book in invested(run).items() if tranche in (None, name))


def _on_commitment(run: Run, net: Row, tranche: str | None) -> Row:
    """The flows as if all of the commitment had been paid in on the first day."""
    books = [book for name, book in invested(run).items() if tranche in (None, name)]
    draws = sum((book.draws[:, 0] for book in books), np.zeros(len(net)))
    committed = max(_commitment(run, tranche), float(draws.sum()))
    flows = net + draws
    flows[int(np.flatnonzero(net)[-1])] += committed - draws.sum()
    flows[0] -= committed
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
