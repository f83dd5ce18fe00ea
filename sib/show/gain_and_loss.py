"""Gain and loss by organisation: who pays, who saves, who gains without paying, and what would make each whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from sib.appraisal import Result
from sib.show import formats
from sib.show.chart_frame import dress, entitle
from sib.show.charts import INK
from sib.show.findings import NOTHING
from sib.show.html import chart, paragraph, tables
from sib.show.make_whole import make_whole
from sib.show.money_axis import scaled
from sib.show.organisation_words import saved, spent, total
from sib.show.payer_tables import CASHABLE, GROSS, NEVER, never
from sib.show.sentences import answer
from sib.show.table import Column, Row, Table, figures, without_empty_columns
from sib.value.contributions import contributions, contributions_in_cash
from sib.value.organisations import Organisation, organisations

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Organisations = Mapping[str, Organisation]
BARS = {
    "Payments and own costs": ("#5a6b7b", ""),
    CASHABLE: ("#0b4f8a", ""),
    NEVER: ("#8fc1e3", "\\\\\\"),
    "Savings, cash not known": ("#f2b134", "///"),
}


def pieces(result: Result) -> tuple[str, ...]:
    """The pieces of the page in their order."""
    found = organisations(result.run)
    if not result.run.savings:
        no_savings = "The case states no savings, so it can't say who gains from the deal."
        return (paragraph(answer(result).payers), tables(by_organisation(result, found)), paragraph(no_savings))
    return (
        *(paragraph(sentence) for sentence in about_sharing(result, found)),
        tables(by_organisation(result, found)),
        chart(gains_and_losses(result, found)) if len(found) > 1 else "",
        tables(make_whole(result, found)),
    )


def by_organisation(result: Result, found: Organisations) -> Table:
    """What each pays, bears, saves and is left with, and from when on it is better off."""
    rows = [_row(result, name, one) for name, one in found.items()]
    money = ("Payments", "Own costs", GROSS, CASHABLE, NEVER, "Net", "Net in cash")
    heads = (figures(name, result.case.currency) for name in money)
    columns = (Column("Organisation"), *heads, figures("Better off from"), figures("In cash from"))
    note = "To the end of the last financial year. Cash of the day, not discounted." + (
        " Net: gross savings less payments and own costs; in cash: cashable savings only. Better off from the end of "
        "that year, for good. A dash: not stated in the case."
        if result.run.savings
        else ""
    )
    table = Table("What each pays, saves and is left with", columns, (*rows, _all(found)), note, sums=1)
    return table if result.run.savings else without_empty_columns(table)


def _row(result: Result, name: str, one: Organisation) -> Row:
    gross, cash = saved(one), total(one.cashable)
    if not result.run.savings:
        return (name, formats.whole(total(one.paid)), formats.whole(total(one.own_costs)), *("",) * 7)
    money = (total(one.paid), total(one.own_costs), gross, cash, never(gross, cash), one.total_net)
    in_cash = formats.missing() if one.cashable is None else one.better_off_in_cash_from or "never"
    return (
        name, *map(formats.whole, money), formats.whole(one.total_net_cashable),
        one.better_off_from or "never", in_cash,
    )  # fmt: skip


def _all(found: Organisations) -> Row:
    everyone = list(found.values())
    paid, own = (sum(sum(getattr(one, part).values()) for one in everyone) for part in ("paid", "own_costs"))
    if not any(saved(one) for one in everyone):
        return ("All together", formats.whole(paid), formats.whole(own), *("",) * 7)
    gross, cash = sum(map(saved, everyone)), _sum([total(one.cashable) for one in everyone])
    nets = (gross - paid - own, None if cash is None else cash - paid - own)
    return ("All together", *map(formats.whole, (paid, own, gross, cash, never(gross, cash), *nets)), "", "")


def _sum(amounts: list[float | None]) -> float | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if len(known) == len(amounts) else None


def gains_and_losses(result: Result, found: Organisations) -> Figure:
    """Each organisation's spending to the left, savings to the right."""
    from matplotlib.figure import Figure

    names = list(found)[::-1]
    figure = Figure(figsize=(8.6, 1.5 + 0.55 * len(names)), layout="constrained")
    axes, parts = figure.add_subplot(), _parts(found, names)
    scale, unit = scaled(result.case.currency, (amount for part in parts.values() for amount in part))
    _bars(axes, {name: np.array(amounts) / scale for name, amounts in parts.items()}, names)
    dress(axes, "x", unit)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.10g}")
    told = (f"{name}: {_told(result, names, amounts)}." for name, amounts in parts.items())
    entitle(figure, about_gains(result, found), " ".join(told))
    return figure


def _parts(found: Organisations, names: list[str]) -> dict[str, list[float]]:
    """Spending as negative amounts, and savings by how much of them is cash; what is nothing everywhere is left out."""
    every = [found[name] for name in names]
    parts = {
        "Payments and own costs": [-spent(one) for one in every],
        CASHABLE: [total(one.cashable) or 0.0 for one in every],
        NEVER: [never(saved(one), total(one.cashable)) or 0.0 for one in every],
        "Savings, cash not known": [saved(one) if one.cashable is None else 0.0 for one in every],
    }
    return {name: amounts for name, amounts in parts.items() if any(abs(amount) >= NOTHING for amount in amounts)}


def _bars(axes: Axes, parts: Mapping[str, np.ndarray], names: list[str]) -> None:
    places = np.arange(len(names))
    up = np.zeros(len(names))
    for name, amounts in parts.items():
        colour, hatch = BARS[name]
        left = np.where(amounts >= 0, up, 0.0)
        edge = "white" if hatch else colour
        axes.barh(places, amounts, 0.6, left, color=colour, hatch=hatch, edgecolor=edge, linewidth=0, label=name)
        up = up + np.maximum(amounts, 0)
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.set_yticks(places, names)


def _told(result: Result, names: list[str], amounts: list[float]) -> str:
    points = zip(names, amounts, strict=True)
    return ", ".join(f"{name} {formats.money(result.case.currency, amount)}" for name, amount in points)


def about_gains(result: Result, found: Organisations) -> str:
    """Who gains and who loses, on gross savings."""
    sharing, money = contributions(found), formats.money
    gains = [f"{name} gains {money(result.case.currency, amount)}" for name, amount in sharing.gains.items()]
    losses = [f"{name} loses {money(result.case.currency, amount)}" for name, amount in sharing.shortfalls.items()]
    said = formats.listed([*gains[:2], *losses[:2]])
    return f"{said}, on gross savings" if said else "Nobody gains and nobody loses"


def about_sharing(result: Result, found: Organisations) -> list[str]:
    """Who gains without paying, named, and whether those who gain could make up for those who lose."""
    sharing, in_cash, currency = contributions(found), contributions_in_cash(found), result.case.currency
    said = []
    for name in sharing.free_riders:
        cash = f", {formats.money(currency, in_cash.gains.get(name, 0.0))} of it in cash" if in_cash else ""
        said.append(f"{name} gains {formats.money(currency, sharing.gains[name])}{cash}, and pays nothing.")
    for contribution, words in ((sharing, "on gross savings"), (in_cash, "in cash")):
        if contribution is not None and contribution.shortfalls:
            said.append(_remedy(currency, contribution.top_slice, contribution.central_fund, words))
    return [" ".join(said)] if said else []


def _remedy(currency: str, top_slice: float | None, central: float, words: str) -> str:
    if central >= NOTHING:
        return (
            f"Counted {words}, those who gain cannot make up for those who lose: "
            f"{formats.money(currency, central)} would have to come from a central fund."
        )
    return f"Counted {words}, a top-slice of {formats.percent(top_slice)} of every gain would make each whole."
