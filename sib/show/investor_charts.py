"""Charts of the investors' page: flows by tranche, balances, the waterfall of a pound, the ladder of outcome levels."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from sib.appraisal import Result
from sib.show import formats
from sib.show.charts import INK, OTHER_STYLES, QUIET, add_legend, money_figure
from sib.show.dates_axis import years_of
from sib.show.findings import NOTHING
from sib.show.investor_series import balances, titles, tranche_money
from sib.show.investor_words import (
    about_balances,
    about_flows,
    about_ladder,
    about_pounds,
    axis_title,
    level,
    rest_name,
    share_name,
)
from sib.value.ladder import Ladder
from sib.value.waterfall_of_a_pound import WaterfallOfAPound

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]
Step = Literal["post"] | None
# One look for each layer of a stack, more than there are bars in other charts; the rest is always plain grey.
LAYERS = (*(style for style in OTHER_STYLES if style[0] != "#c9c9c9"), ("#7a5195", ".."), ("#5a6b7b", "++"))
REST, CALLS = ("#e9e9e9", ""), ("#ffffff", "xxx")
LINES = (("#0b4f8a", "-"), ("#b45f06", "--"), ("#2a9d8f", "-."), ("#7a5195", ":"))


def flows_by_tranche(result: Result) -> Figure:
    """Investors' cash over time, by tranche."""
    return money_figure(result, tranche_money(result), about_flows(result))


def outstanding(result: Result) -> Figure:
    """Principal and unpaid interest of each tranche over time, one on top of the other."""
    from matplotlib.ticker import MaxNLocator

    figure, axes = _blank()
    dates = result.run.timeline.dates
    found, names = balances(result), titles(result)
    scale, unit = _scale(sum((one.amounts for one in found), np.zeros(len(dates))))
    layers = [(names[one.tranche], one.amounts / scale) for one in found if one.amounts.max() >= NOTHING]
    legend = _layers(axes, years_of(dates), layers, step="post")
    _finish(axes, legend, "Year, from 1 January", f"{result.case.currency}{unit}")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0f}")
    told = (f"{names[one.tranche]}: {_dated(result, one.amounts)}." for one in found)
    return _titled(figure, about_balances(result), told)


def pounds(result: Result, found: WaterfallOfAPound) -> Figure:
    """Who gets what of each total of receipts: the first on the left, the last on the right."""
    figure, axes = _blank()
    scale, unit = _scale(found.receipts)
    shares = [(share_name(result, share), share.amounts / scale) for share in found.shares]
    x = found.receipts / scale
    legend = _layers(axes, x, shares)
    below = sum((amounts for _, amounts in shares), np.zeros(len(x)))
    for name, amounts, style in (
        (rest_name(result), found.rest / scale, REST),
        ("Added by guarantors", found.calls / scale, CALLS),
    ):
        if amounts.max() * scale >= NOTHING:
            legend.append(_layer(axes, x, below, amounts, (name, style)))
            below = below + amounts
    legend += axes.plot(x, x, color=INK, linewidth=1.2, linestyle=(0, (4, 3)), label="Receipts")
    _mark(axes, found.own / scale, "this case")
    _finish(axes, legend, f"Received from payers, {result.case.currency}{unit}", f"{result.case.currency}{unit}")
    told = (f"{name}: {_at_points(result, found.receipts, amounts * scale)}." for name, amounts in shares)
    return _titled(figure, about_pounds(result, found), told)


def by_outcome(result: Result, found: Ladder) -> Figure:
    """What comes back of each unit of money drawn, at each level of outcomes."""
    figure, axes = _blank()
    x = found.levels * (1.0 if found.axis.unit and not found.axis.fraction else 100.0)
    views = {titles(result)[name]: view.multiple for name, view in found.tranches.items()}
    if len(views) > 1:
        views["All investors"] = found.whole.multiple
    legend: list[Artist] = []
    for i, (name, multiples) in enumerate(views.items()):
        colour, dash = (INK, "-") if name == "All investors" else LINES[i % len(LINES)]
        legend += axes.plot(x, multiples, color=colour, linestyle=dash, linewidth=2, label=name)
    axes.axhline(1, color=INK, linewidth=0.8)
    own = found.axis.own * (1.0 if found.axis.unit and not found.axis.fraction else 100.0)
    _mark(axes, own, "this case")
    _finish(axes, legend, axis_title(result, found.axis), "Received, times drawn")
    told = (f"{name}: {_multiples(found, multiples)}." for name, multiples in views.items())
    return _titled(figure, about_ladder(found), told)


def _blank() -> tuple[Figure, Axes]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8.6, 3.9), layout="constrained")
    return figure, figure.add_subplot()


def _titled(figure: Figure, title: str, told: Iterable[str]) -> Figure:
    figure.suptitle(textwrap.fill(title, 84), x=0.012, ha="left", fontsize=11.5, fontweight="bold", color=INK)
    figure.set_label(f"{title}. {' '.join(told)}")
    return figure


def _layers(axes: Axes, x: Floats, layers: list[tuple[str, Floats]], step: Step = None) -> list[Artist]:
    """Areas on top of one another, in the order given."""
    below, legend = np.zeros(len(x)), []
    for i, (name, amounts) in enumerate(layers):
        legend.append(_layer(axes, x, below, amounts, (name, LAYERS[i % len(LAYERS)]), step))
        below = below + amounts
    return legend


def _layer(
    axes: Axes,
    x: Floats,
    below: Floats,
    amounts: Floats,
    look: tuple[str, tuple[str, str]],
    step: Step = None,
) -> Artist:
    name, (colour, hatch) = look
    edge = QUIET if colour == "#ffffff" else "white"
    return axes.fill_between(
        x, below, below + amounts, step=step, facecolor=colour, hatch=hatch, edgecolor=edge, linewidth=0, label=name
    )


def _mark(axes: Axes, x: float, words: str) -> None:
    """A line at the case's own level, named at its foot."""
    axes.axvline(x, color=INK, linewidth=1.1, linestyle=":")
    near_the_end = x > axes.get_xlim()[0] + 0.8 * (axes.get_xlim()[1] - axes.get_xlim()[0])
    axes.annotate(
        words, (x, 0.04), (-5 if near_the_end else 5, 0), xycoords=("data", "axes fraction"),
        textcoords="offset points", ha="right" if near_the_end else "left", fontsize=9, color=INK,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
    )  # fmt: skip


def _finish(axes: Axes, legend: list[Artist], across: str, up: str) -> None:
    add_legend(axes, legend)
    axes.margins(x=0)
    axes.set_ylim(bottom=0)
    axes.set_xlabel(across, color=QUIET, fontsize=9)
    axes.set_ylabel(up, color=QUIET, fontsize=9)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(lambda value, _: f"{value:,.10g}")
    axes.grid(axis="y", color="#e3e3e3", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, labelsize=9, colors=QUIET)
    axes.spines[:].set_visible(False)


def _scale(amounts: Floats) -> tuple[float, str]:
    largest = float(np.abs(amounts).max(initial=0.0))
    if largest >= 2_000_000:
        return 1e6, " million"
    return (1e3, " thousand") if largest >= 10_000 else (1.0, "")


def _dated(result: Result, amounts: Floats) -> str:
    """Where the balance changes."""
    changes = np.flatnonzero(np.abs(np.diff(amounts, prepend=0.0)) >= 0.5)
    points = (
        f"{formats.day(result.run.timeline.dates[i])} {formats.money(result.case.currency, float(amounts[i]))}"
        for i in changes
    )
    return ", ".join(points) or "nothing"


def _at_points(result: Result, receipts: Floats, amounts: Floats) -> str:
    currency, rows = result.case.currency, np.unique(np.linspace(0, len(receipts) - 1, 5).astype(int))
    return ", ".join(
        f"{formats.money(currency, float(amounts[i]))} of {formats.money(currency, float(receipts[i]))}" for i in rows
    )


def _multiples(found: Ladder, multiples: Floats) -> str:
    rows = np.unique(np.linspace(0, len(found.levels) - 1, 7).astype(int))
    return ", ".join(
        f"{formats.multiple(float(multiples[i]))} at {level(found.axis, float(found.levels[i]))}" for i in rows
    )
