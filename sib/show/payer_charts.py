"""The chart of a payer's page: what it has spent so far, and what has come back so far."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from sib.appraisal import Result
from sib.show import formats
from sib.show.chart_frame import dress, entitle
from sib.show.charts import INK
from sib.show.findings import NOTHING
from sib.show.money_axis import scaled
from sib.show.organisation_words import about_organisation, saved, spent
from sib.value.organisations import Organisation

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SPENT, CASH, GROSS = "Payments and own costs so far", "Cashable savings so far", "Gross savings so far"
LOOKS = {SPENT: (INK, "-", "o"), CASH: ("#0b4f8a", "--", "s"), GROSS: ("#b45f06", ":", "^")}


def so_far(one: Organisation) -> dict[str, list[float]]:
    """Running sums at the end of each financial year."""
    spending = (one.paid[year] + one.own_costs[year] for year in one.paid)
    lines = {SPENT: list(accumulate(spending))}
    if abs(saved(one)) >= NOTHING:
        if one.cashable is not None:
            lines[CASH] = list(accumulate(one.cashable.values()))
        lines[GROSS] = list(accumulate(one.savings.values()))
    return lines


def has_money(one: Organisation) -> bool:
    """Whether there is anything to draw."""
    return spent(one) >= NOTHING or abs(saved(one)) >= NOTHING


def money_back(result: Result, one: Organisation) -> Figure:
    """Running sums of spending and savings by financial year."""
    from matplotlib.figure import Figure

    figure, currency, years = Figure(figsize=(8.6, 3.1), layout="constrained"), result.case.currency, list(one.paid)
    axes, lines = figure.add_subplot(), so_far(one)
    scale, unit = scaled(currency, (amount for line in lines.values() for amount in line))
    for name, amounts in lines.items():
        colour, dash, marker = LOOKS[name]
        axes.plot(
            [amount / scale for amount in amounts], color=colour, linestyle=dash, marker=marker, markersize=4.5,
            linewidth=2, label=name,
        )  # fmt: skip
    axes.axhline(0, color=INK, linewidth=0.8)
    step = 1 + len(years) // 13
    axes.set_xticks(range(0, len(years), step), years[::step])
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.10g}")
    dress(axes, "y", "End of financial year", unit)
    told = (f"{name}: {_points(years, amounts, currency)}." for name, amounts in lines.items())
    entitle(figure, about_organisation(result, one), " ".join(told))
    return figure


def _points(years: list[str], amounts: list[float], currency: str) -> str:
    return ", ".join(f"{year} {formats.money(currency, amount)}" for year, amount in zip(years, amounts, strict=True))
