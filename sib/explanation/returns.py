"""The investors' flows by every convention that is in use: why one's own figure may be another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from sib.appraisal import Result
from sib.cashflow.ledger import Entry
from sib.explanation.values import Alternative
from sib.numbers import Row
from sib.periods import Period
from sib.value.flows import DAYS_PER_YEAR
from sib.value.investors import InvestorView, investor_flows
from sib.value.returns import irr

RATES = ("irr", "irr_unguaranteed", "periodic_irr", "bond_equivalent", "simple_return", "irr_roots")


def alternatives(result: Result, tranche: str | None) -> tuple[Alternative, ...]:
    """The rate of all investors, or of a tranche, by each convention; none without capital."""
    view = result.investors if tranche is None else result.investors.tranches[tranche]
    if not view.drawn:
        return ()

    def mine(entry: Entry) -> bool:
        return tranche in (None, entry.tranche)

    net = investor_flows(result.run, mine)[:, 0]
    return (*_by_convention(result, view, net), *_by_timing(result, net))


def _by_convention(result: Result, view: InvestorView, net: Row) -> list[Alternative]:
    periodic = view.periodic_irr
    rates = [
        Alternative("irr", view.irr.rate, "dated flows, effective a year, Actual/365, as XIRR: what this model quotes"),
        Alternative("irr_unguaranteed", view.irr_unguaranteed.rate, "the same before any guarantee call"),
    ]
    if periodic is not None:
        rates += [
            Alternative("periodic_irr", periodic.rate, "equal periods, effective a year: (1 + i)^k - 1"),
            Alternative("periodic x n", periodic.bond_equivalent, "the rate of a period times periods a year, nominal"),
        ]
    gain = view.simple_return
    simple = None if gain is None else gain / _years(result, net)
    return [
        *rates,
        Alternative("simple, a year", simple, "gain / drawn, divided by the years from first to last flow"),
        Alternative("simple, in all", gain, "gain / drawn over the whole deal"),
    ]


def _years(result: Result, net: Row) -> float:
    days = [day for day, amount in zip(result.run.timeline.dates, net, strict=True) if amount]
    return max((days[-1] - days[0]).days, 1) / DAYS_PER_YEAR


def _by_timing(result: Result, net: Row) -> list[Alternative]:
    moved: dict[str, Callable[[Period], date]] = {
        "start": lambda period: period.first,
        "middle": lambda period: period.first + timedelta(days=(period.last - period.first).days // 2),
        "end": lambda period: period.last,
    }
    return [
        Alternative(f"flows at the {name}", _rate(result, net, to), f"as irr, each flow at the {name} of its period")
        for name, to in moved.items()
    ]


def _rate(result: Result, net: Row, to: Callable[[Period], date]) -> float | None:
    """The rate with each flow after the opening day moved within its period."""
    start, periods = result.case.deal.start, result.run.timeline.periods
    homes = [
        next((p for p in periods if p.first <= day <= p.last and day > start), None)
        for day in result.run.timeline.dates
    ]
    dates = [
        day if home is None else max(start, to(home))
        for day, home in zip(result.run.timeline.dates, homes, strict=True)
    ]
    rate: float | None = irr(net, dates).rate
    return rate
