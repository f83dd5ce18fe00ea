"""Charts of a result as matplotlib figures, each with a title that states what it shows.

The colours keep apart for colour-blind readers, and in grey by their shade and hatching.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sib.appraisal import Result
from sib.show import formats
from sib.show.findings import about_cash, about_payments, about_provider
from sib.show.series import Chart, Series, deal_money, payer_money, provider_money

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, QUIET = "#1a1a1a", "#666666"
STYLES = {
    "Payers pay": ("#0b4f8a", ""),
    "Investors put in": ("#f2b134", "///"),
    "Guarantors pay": ("#2a9d8f", "--"),
    "Spent on delivery": ("#c9c9c9", ""),
    "Investors get back": ("#8fc1e3", "\\\\\\"),
    "Returned to payers": ("#e9e9e9", "xxx"),
    "Received": ("#0b4f8a", ""),
    "Paid out": ("#c9c9c9", ""),
}
OTHER_STYLES = (
    ("#0b4f8a", ""),
    ("#f2b134", "///"),
    ("#2a9d8f", "--"),
    ("#c9c9c9", "xxx"),
    ("#8fc1e3", "\\\\\\"),
)


def cash_flow(result: Result) -> Figure:
    """Money into the deal and out of it over time, and where that leaves the investors."""
    return money_figure(result, deal_money(result), about_cash(result))


def provider_cash(result: Result) -> Figure:
    """What the provider receives and pays over time, and its running cash."""
    return money_figure(result, provider_money(result), about_provider(result))


def payments_by_year(result: Result) -> Figure:
    """What each payer pays over time."""
    return money_figure(result, payer_money(result), about_payments(result))


def money_figure(result: Result, chart: Chart, title: str) -> Figure:
    """Stacked bars above and below nothing, and a line."""
    from matplotlib.figure import Figure

    figure, currency = Figure(figsize=(8.6, 3.9), layout="constrained"), result.case.currency
    axes = figure.add_subplot()
    axes.use_sticky_edges = False  # else a bar of nothing on top of a stack takes the room above it
    scale, unit = _scale(chart)
    legend = _stack(axes, chart, scale)
    if chart.line is not None:
        legend.append(_draw_line(axes, chart.line, scale, currency))
    _dress(axes, chart, f"{currency}{unit}")
    add_legend(axes, legend)
    figure.suptitle(textwrap.fill(title, 84), x=0.012, ha="left", fontsize=11.5, fontweight="bold", color=INK)
    figure.set_label(f"{title}. {described(chart, currency)}")
    return figure


def _scale(chart: Chart) -> tuple[float, str]:
    """What to divide amounts by, and how that is called on the axis."""
    lines = [] if chart.line is None else [chart.line.amounts]
    largest = max(
        (float(np.abs(amounts).max()) for amounts in [*(bar.amounts for bar in chart.bars), *lines]),
        default=0.0,
    )
    if largest >= 2_000_000:
        return 1e6, " million"
    return (1e3, " thousand") if largest >= 10_000 else (1.0, "")


def _stack(axes: Axes, chart: Chart, scale: float) -> list[Artist]:
    """Bars on top of one another, up what comes in and down what goes out; one of each for the legend."""
    places = np.arange(len(chart.stretches))
    legend: list[Artist] = []
    up, down = np.zeros(len(places)), np.zeros(len(places))
    for i, bar in enumerate(chart.bars):
        amounts = bar.amounts / scale
        colour, hatch = STYLES.get(bar.name, OTHER_STYLES[i % len(OTHER_STYLES)])
        base, edge = np.where(amounts >= 0, up, down), "white" if hatch else colour
        drawn = axes.bar(places, amounts, 0.6, base, color=colour, hatch=hatch, edgecolor=edge, linewidth=0)
        drawn.patches[0].set_label(bar.name)
        legend.append(drawn.patches[0])
        up, down = up + np.maximum(amounts, 0), down + np.minimum(amounts, 0)
    return legend


def _draw_line(axes: Axes, line: Series, scale: float, currency: str) -> Artist:
    """The line, edged in white so that it shows on dark bars, with its last amount written out."""
    from matplotlib.patheffects import Normal, Stroke

    amounts = line.amounts / scale
    edged = [Stroke(linewidth=4, foreground="white"), Normal()]
    drawn = axes.plot(
        amounts, color=INK, marker="o", markersize=4.5, linewidth=1.7, path_effects=edged, label=line.name
    )
    axes.annotate(
        formats.money(currency, float(line.amounts[-1])), (len(amounts) - 1, amounts[-1]),
        (0, -18 if amounts[-1] < 0 else 9), textcoords="offset points", ha="center", fontsize=9, color=INK,
        fontweight="bold", bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
    )  # fmt: skip
    return drawn[0]


def add_legend(axes: Axes, shown: list[Artist]) -> None:
    """Above the chart, in as few rows as fit its width."""
    if shown:
        columns = 3 if len(shown) > 4 else len(shown)
        axes.legend(
            handles=shown, loc="lower left", bbox_to_anchor=(0, 1), ncols=columns, frameon=False, fontsize=9,
            borderaxespad=0.2, labelcolor=INK,
        )  # fmt: skip


def _dress(axes: Axes, chart: Chart, unit: str) -> None:
    """Axis labels, a line at nothing, a legend above, and nothing else."""
    names, step = chart.stretches, 1 + len(chart.stretches) // 13
    axes.set_xticks(range(0, len(names), step), names[::step])
    axes.set_xlim(-0.6, len(names) - 0.4)
    axes.set_ylabel(unit, color=QUIET, fontsize=9)
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.10g}")
    axes.grid(axis="y", color="#e3e3e3", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, labelsize=9, colors=QUIET)
    axes.spines[:].set_visible(False)


def described(chart: Chart, currency: str) -> str:
    """The chart in words, for who cannot see it: each series where it is not nothing."""
    series = [*chart.bars, *([] if chart.line is None else [chart.line])]
    return " ".join(f"{one.name}: {_points(chart, one.amounts, currency)}." for one in series)


def _points(chart: Chart, amounts: NDArray[np.float64], currency: str) -> str:
    points = zip(chart.stretches, amounts, strict=True)
    return (
        ", ".join(f"{name} {formats.money(currency, float(amount))}" for name, amount in points if round(amount))
        or "nothing"
    )
