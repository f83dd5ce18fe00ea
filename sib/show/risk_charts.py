"""Pictures about uncertainty: a tornado, and the terms that everybody could sign."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sib.appraisal import Result
from sib.case import Case
from sib.risk.deal_space import DealSpace, Side
from sib.risk.sensitivity import Swing
from sib.show import formats
from sib.show.chart_frame import dress, entitle
from sib.show.charts import INK, QUIET
from sib.show.risk_words import bare_number, number_name, number_unit, number_written, output_name, writer_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# So many bars are read; the others are narrower than the last of them.
MOST_BARS = 12
LOW, HIGH = ("#f2b134", "///"), ("#0b4f8a", "")
AGREED = "#d6e8f5"
REFUSES = (("#b45f06", "////"), ("#0b4f8a", "\\\\\\\\"), ("#2a9d8f", "...."), ("#7a5195", "----"), ("#5a6b7b", "||||"))


def tornado(result: Result, output: str, rows: Sequence[Swing], base: float) -> Figure:
    """Bars from the output at each assumption's low to that at its high, around the case's own; the widest on top."""
    from matplotlib.figure import Figure

    shown = [row for row in rows if row.at_low is not None and row.at_high is not None][:MOST_BARS]
    figure = Figure(figsize=(8.6, 1.6 + 0.44 * len(shown)), layout="constrained")
    axes, write = figure.add_subplot(), writer_of(result, output)
    places = np.arange(len(shown))[::-1]
    for name, (colour, hatch), up, ends in (
        ("at its low", LOW, 0.17, [row.at_low for row in shown]),
        ("at its high", HIGH, -0.17, [row.at_high for row in shown]),
    ):
        wide = np.array(ends, float) - base
        edge = "white" if hatch else colour
        axes.barh(places + up, wide, 0.32, base, color=colour, hatch=hatch, edgecolor=edge, linewidth=0, label=name)
        # An end that moves nothing is seen to be there.
        axes.plot(base + wide, places + up, "|", color=colour, markersize=5, markeredgewidth=1.6)
    axes.axvline(base, color=INK, linewidth=0.9, label=f"base case, {write(base)}")
    axes.set_yticks(places, [_with_ends(result.case, row) for row in shown], fontsize=8.5)
    axes.xaxis.set_major_formatter(lambda value, _: write(value).replace(".00 %", " %"))
    axes.set_ylim(-0.55, max(len(shown), 1) - 0.45)
    dress(axes, "x", _capital(output_name(output)))
    axes.legend(
        loc="lower left", bbox_to_anchor=(0, 1), ncols=3, frameon=False, fontsize=9, labelcolor=INK, borderaxespad=0.2
    )
    entitle(figure, about_tornado(result, output, rows), _told(result, output, shown))
    return figure


def about_tornado(result: Result, output: str, rows: Sequence[Swing]) -> str:
    """What matters most, in one line."""
    moving = [row for row in rows if row.size > 0]
    if not moving:
        return f"No assumption with a range moves {output_name(output)}"
    write, widest = writer_of(result, output), moving[0]
    ends = f"{write(widest.at_low)} at its low, {write(widest.at_high)} at its high"
    return f"{_capital(output_name(output))} hangs most on {number_name(result.case, widest.path)}: {ends}"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _with_ends(case: Case, row: Swing) -> str:
    """A number with the range that was looked at."""
    low, high = (bare_number(case, row.path, end) for end in (row.low, row.high))
    unit = number_unit(case, row.path)
    return f"{number_name(case, row.path)}\n{low} to {high} {unit}".rstrip()


def _told(result: Result, output: str, rows: Sequence[Swing]) -> str:
    write = writer_of(result, output)
    return " ".join(
        f"{number_name(result.case, row.path)}: {write(row.at_low)} at its low, {write(row.at_high)} at its high."
        for row in rows
    )


def deal_space(case: Case, space: DealSpace) -> Figure:
    """Where each side refuses, hatched; where all could sign, plain; and the contract's own point."""
    from matplotlib.figure import Figure
    from matplotlib.patches import Patch

    figure = Figure(figsize=(8.6, 4.8), layout="constrained")
    axes = figure.add_subplot()
    axes.set_facecolor(AGREED)
    legend = [Patch(facecolor=AGREED, edgecolor=QUIET, label=f"{asked(space)} could sign")]
    for i, side in enumerate(space.sides):
        colour, hatch = REFUSES[i % len(REFUSES)]
        if not side.signs.all():
            _hatch(axes, space, side, (colour, hatch))
            legend.append(Patch(facecolor="white", edgecolor=colour, hatch=hatch, label=f"not for {_who(side.name)}"))
    (own,) = axes.plot(*space.own, "o", color=INK, markersize=9, markeredgecolor="white", label="the contract")
    _ends(axes, space)
    dress(axes, "both", _axis(case, space.first), _axis(case, space.second))
    axes.xaxis.set_major_formatter(lambda value, _: bare_number(case, space.first, value))
    axes.yaxis.set_major_formatter(lambda value, _: bare_number(case, space.second, value))
    axes.grid(visible=False)
    axes.legend(
        handles=[*legend, own], loc="lower left", bbox_to_anchor=(0, 1), ncols=3, frameon=False, fontsize=9,
        labelcolor=INK, borderaxespad=0.2,
    )  # fmt: skip
    entitle(figure, about_space(case, space), _described(case, space))
    return figure


def _hatch(axes: Axes, space: DealSpace, side: Side, look: tuple[str, str]) -> None:
    """White under the hatching of a refusal, so that only what all accept keeps its colour."""
    colour, hatch = look
    where = space.at_first, space.at_second, side.margin.T
    refused = [side.margin.min() - 1.0, 0.0]
    axes.contourf(*where, levels=refused, colors=["white"], zorder=1)
    filled = axes.contourf(*where, levels=refused, colors=["none"], hatches=[hatch], zorder=2)
    filled.set(edgecolor=colour, linewidth=0)
    axes.contour(*where, levels=[0.0], colors=[colour], linewidths=1.6, linestyles="solid", zorder=3)


def _ends(axes: Axes, space: DealSpace) -> None:
    """The range of the first term at the contract's own second term."""
    for low, high in space.ranges:
        axes.plot([low, high], [space.own[1]] * 2, color=INK, linewidth=1.4, marker="|", markersize=9, zorder=4)
    axes.set_xlim(space.at_first[0], space.at_first[-1])
    axes.set_ylim(space.at_second[0], space.at_second[-1])


def _axis(case: Case, path: str) -> str:
    return ", ".join(filter(None, (number_name(case, path), number_unit(case, path))))


def _who(name: str) -> str:
    return {"Investors": "investors", "Provider": "the provider"}.get(name, name)


def asked(space: DealSpace) -> str:
    """`all` where every side was asked, else those that were."""
    return formats.listed([_who(side.name) for side in space.sides]) if space.unheard else "all"


def about_space(case: Case, space: DealSpace) -> str:
    """From what to what all could sign, and whether the contract lies within."""
    name = number_name(case, space.first)
    if not space.ranges:
        who = formats.listed([_who(side) for side, signs in space.own_signs.items() if not signs])
        hint = f"; as it stands it is not for {who}" if who else ""
        looked = " to ".join(number_written(case, space.first, end) for end in space.at_first[[0, -1]].tolist())
        return f"{name}: nowhere from {looked} could {asked(space)} sign{hint}"
    low, high = space.ranges[0]
    own = number_written(case, space.first, space.own[0])
    inside = any(start <= space.own[0] <= end for start, end in space.ranges)
    where = "within" if inside else "outside"
    return f"{name}: {asked(space)} could sign {stretch(case, space, low, high)}; the contract's {own} is {where}"


def stretch(case: Case, space: DealSpace, low: float, high: float) -> str:
    """A range in words; an end as far as was looked is none."""
    ends = [number_written(case, space.first, end) for end in (low, high)]
    if space.is_open(low) and space.is_open(high):
        return f"wherever it was looked, {ends[0]} to {ends[1]}"
    if space.is_open(high):
        return f"from {ends[0]} on"
    return f"up to {ends[1]}" if space.is_open(low) else f"from {ends[0]} to {ends[1]}"


def _described(case: Case, space: DealSpace) -> str:
    """Each side at the contract's own point, in words."""
    at = f"at {number_name(case, space.second)} {number_written(case, space.second, space.own[1])}"
    signs = (f"{_who(name)} {'could' if yes else 'could not'} sign" for name, yes in space.own_signs.items())
    silent = (f"{_who(name)} not asked: {reason}" for name, reason in space.unheard.items())
    return f"The range is {at}. As the contract stands: {'; '.join([*signs, *silent])}."
