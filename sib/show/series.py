"""What the charts draw: flows of the ledger gathered by financial year, or by quarter for a short deal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sib.appraisal import Result
from sib.cashflow.activity import Rows
from sib.cashflow.ledger import Entry
from sib.value.by_year import year_of
from sib.value.investors import investor_flows
from sib.value.provider import provider_cash

# Fewer financial years than this are too coarse to show when money moves.
FEW_YEARS = 4


@dataclass(frozen=True)
class Series:
    """One kind of money: an amount for each stretch of time; what leaves the deal is negative."""

    name: str
    amounts: NDArray[np.float64]


@dataclass(frozen=True)
class Chart:
    """What one chart shows: stretches of time, bars to stack, and a line's level at the end of each."""

    stretches: tuple[str, ...]
    bars: tuple[Series, ...]
    line: Series | None = None


def deal_money(result: Result) -> Chart:
    """Money into the deal and out of it, with the investors' running total."""
    payers, parties = result.case.deal.payers, {party.id for party in result.case.deal.parties}
    investors = {name for tranche in result.case.deal.tranches if not tranche.is_grant for name in tranche.investors}
    kinds: dict[str, tuple[int, Callable[[Entry], bool]]] = {
        "Payers pay": (1, lambda e: e.rule is not None and e.source in payers),
        "Investors put in": (1, lambda e: e.kind == "draw"),
        "Guarantors pay": (1, lambda e: e.kind == "guarantee"),
        "Spent on delivery": (-1, lambda e: e.target not in parties and e.source not in payers),
        "Investors get back": (-1, lambda e: e.tranche is not None and e.target in investors),
        "Returned to payers": (-1, lambda e: e.rule is not None and e.target in payers),
    }
    money = {name: sign * result.run.ledger.total(chosen) for name, (sign, chosen) in kinds.items()}
    running = np.cumsum(investor_flows(result.run, lambda _: True), axis=0)
    line = ("Investors' running total", running) if result.investors.drawn else None
    return over_time(result, money, line)


def provider_money(result: Result) -> Chart:
    """What the providers receive and pay out, capital included, with their running cash before reserves."""
    ledger, providers = result.run.ledger, set(result.case.deal.named("provider"))
    money = {
        "Received": ledger.total(lambda e: e.target in providers and e.source not in providers),
        "Paid out": -ledger.total(lambda e: e.source in providers and e.target not in providers),
    }
    return over_time(result, money, ("Running cash, before reserves", provider_cash(result.run)))


def payer_money(result: Result) -> Chart:
    """What each payer pays for outcomes and fees, less what comes back."""
    ledger = result.run.ledger

    def paid(payer: str) -> Rows:
        forth = ledger.total(lambda e: e.rule is not None and e.source == payer)
        return forth - ledger.total(lambda e: e.rule is not None and e.target == payer)

    return over_time(result, {payer: paid(payer) for payer in result.case.deal.payers}, None)


def over_time(result: Result, money: dict[str, Rows], line: tuple[str, Rows] | None) -> Chart:
    """Flows by name, (dates, scenarios), gathered by stretches of time, and a line's level at their ends."""
    names, places = _stretches(result)
    bars = [Series(name, _gathered(rows[:, 0], places, len(names))) for name, rows in money.items()]
    level = None if line is None else Series(line[0], _at_the_ends(line[1][:, 0], places, len(names)))
    return _to_the_end(Chart(tuple(names), tuple(bar for bar in bars if bar.amounts.any()), level))


def _to_the_end(chart: Chart) -> Chart:
    """The chart without the stretches after the last in which any money moves."""
    moving = [int(np.flatnonzero(bar.amounts)[-1]) for bar in chart.bars]
    end = max(moving) + 1 if moving else len(chart.stretches)
    bars = tuple(Series(bar.name, bar.amounts[:end]) for bar in chart.bars)
    line = None if chart.line is None else Series(chart.line.name, chart.line.amounts[:end])
    return Chart(chart.stretches[:end], bars, line)


def _stretches(result: Result) -> tuple[list[str], NDArray[np.intp]]:
    """The stretches of time in order, and for each date of the run the one in which it falls."""
    dates = result.run.timeline.dates
    named = [year_of(result.run, day) for day in dates]
    if len(set(named)) < FEW_YEARS:
        named = [_quarter(day) for day in dates]
    names = list(dict.fromkeys(named))
    return names, np.array([names.index(name) for name in named], dtype=np.intp)


def _quarter(day: date) -> str:
    return f"Q{(day.month + 2) // 3} {day.year}"


def _gathered(amounts: Any, places: NDArray[np.intp], count: int) -> NDArray[np.float64]:
    sums: NDArray[np.float64] = np.bincount(places, amounts, count).astype(np.float64)
    return sums


def _at_the_ends(levels: Any, places: NDArray[np.intp], count: int) -> NDArray[np.float64]:
    """The level on the last date of each stretch."""
    ends = np.zeros(count)
    ends[places] = levels
    return ends
