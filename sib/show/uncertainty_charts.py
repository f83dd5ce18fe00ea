"""Pictures of a simulation: the fan of a party's cash, and investors' returns with their single values apart."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import numpy as np

from sib.numbers import Row
from sib.risk.fan import Fan
from sib.risk.runs import Runs
from sib.risk.shapes import Atom, Shape
from sib.show import formats
from sib.show.chances import counted
from sib.show.chart_frame import dress, entitle
from sib.show.charts import INK, QUIET
from sib.show.dates_axis import years_of
from sib.show.money_axis import scaled
from sib.show.uncertainty_words import about_fan, about_shape, party_in_words
from sib.show.wording import cap_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDE, NARROW, MIDDLE = "#cfe3f3", "#8fc1e3", "#0b4f8a"
# Inches: of both panels, of a single value with its name, and of the rest at the least.
ROOM, ATOM, LEAST_SPREAD = 7.8, 0.6, 3.0
# A legend of four in one row takes so much.
LEGEND = 6.0
LOSS, GAIN, NONE = ("#b45f06", "///"), ("#8fc1e3", ""), ("#c9c9c9", "xxx")


def fan(found: Fan, currency: str, reserves: float | None = None) -> Figure:
    """A party's running cash: nine scenarios in ten, half of them, the middle one, and the base case.

    With `reserves`, the line below which they are used up.
    """
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    figure = Figure(figsize=(8.6, 3.9), layout="constrained")
    axes, x = figure.add_subplot(), _with_room(years_of(found.dates))
    scale, unit = scaled(currency, np.abs(found.cash).max(axis=1).tolist())
    low, quarter, middle, three_quarters, high, base = _held([*found.cash / scale, found.base / scale])
    axes.fill_between(x, low, high, step="post", color=WIDE, linewidth=0, label="9 scenarios in 10")
    axes.fill_between(x, quarter, three_quarters, step="post", color=NARROW, linewidth=0, label="half of them")
    axes.step(x, middle, where="post", color=MIDDLE, linewidth=2, label="the middle one")
    axes.step(x, base, where="post", color=INK, linewidth=1.4, linestyle=(0, (4, 2)), label="base case")
    axes.axhline(0, color=INK, linewidth=0.8)
    if reserves is not None:
        axes.axhline(-reserves / scale, color=LOSS[0], linewidth=1.4, linestyle=(0, (1, 1)), label="reserves used up")
    axes.margins(x=0)
    dress(axes, "y", "Year, from 1 January", f"{unit}, so far")
    axes.legend(**_above(4 if reserves is None else 5))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0f}")
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.10g}")
    entitle(figure, about_fan(found, currency), _told_fan(found, currency))
    return figure


def _with_room(x: Row) -> Row:
    """A little room at the end, in which the last amounts show."""
    return np.append(x, x[-1] + 0.03 * max(x[-1] - x[0], 0.1))


def _held(rows: Sequence[Row]) -> list[Row]:
    """Each row with its last amount held."""
    return [np.append(row, row[-1]) for row in rows]


def _above(columns: int) -> dict[str, Any]:
    """A legend in one row above the picture."""
    return {
        "loc": "lower left", "bbox_to_anchor": (0, 1), "ncols": columns, "frameon": False, "fontsize": 9,
        "labelcolor": INK, "borderaxespad": 0.2,
    }  # fmt: skip


def _told_fan(found: Fan, currency: str) -> str:
    """The deepest and the last point of each line."""

    def line(name: str, row: Row) -> str:
        at = int(np.argmin(row))
        lowest = f"lowest {formats.money(currency, float(row[at]))} on {formats.day(found.dates[at])}"
        return f"{name}: {lowest}, at the end {formats.money(currency, float(row[-1]))}."

    rows = zip(("Lowest 5 %", "Middle", "Highest 5 %"), found.cash[[0, 2, 4]], strict=True)
    return " ".join(
        [f"{party_in_words(found.party)}: running cash.", *(line(*row) for row in rows), line("Base case", found.base)]
    )


def returns(runs: Runs, shape: Shape) -> Figure:
    """Investors' return a year over all scenarios: values that many of them share as bars apart, the rest in bins."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8.6, 3.9), layout="constrained")
    panels = [kind for kind, there in (("apart", shape.atoms), ("spread", shape.shares.size)) if there]
    apart = ATOM * len(shape.atoms) + 0.2
    widths = {"apart": apart, "spread": max(LEAST_SPREAD, ROOM - apart)}
    grid = figure.subplots(1, len(panels), sharey=True, squeeze=False, width_ratios=[widths[kind] for kind in panels])[
        0
    ]
    for axes, kind in zip(grid, panels, strict=True):
        (_atoms if kind == "apart" else _bins)(axes, runs, shape)
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:.10g} %")
    grid[0].set_ylim(0, 112 * max([atom.share for atom in shape.atoms] + shape.shares.tolist()))
    grid[0].set_ylabel("Part of all scenarios", color=QUIET, fontsize=9)
    for axes in grid[1:]:
        axes.set_ylabel("")
    entitle(figure, about_shape(runs, shape), _told_shape(runs, shape))
    return figure


def _atoms(axes: Axes, runs: Runs, shape: Shape) -> None:
    """One bar for each value that many scenarios share, its share written on top."""
    shares = np.array([atom.share for atom in shape.atoms]) * 100
    for at, (atom, share) in enumerate(zip(shape.atoms, shares, strict=True)):
        colour, hatch = NONE if atom.value is None else LOSS if atom.value < -1e-12 else GAIN
        drawn = axes.bar(at, share, 0.7, color=colour, hatch=hatch, edgecolor="white", linewidth=0)
        written = formats.percent(share / 100) if share >= 0.1 else "< 0.1 %"
        axes.bar_label(drawn, [written], fontsize=8, color=INK, padding=2)
    axes.set_xticks(np.arange(len(shares)), [_narrow(_atom_name(runs, atom)) for atom in shape.atoms])
    axes.set_xlim(-0.7, len(shares) - 0.3)
    exact = all(atom.is_exact for atom in shape.atoms)
    dress(axes, "y", "Exactly this return" if exact else "This return, nearly")
    axes.tick_params(axis="x", labelsize=8)


def _narrow(name: str) -> str:
    """A name in lines that are no wider than its bar has room for."""
    return "\n".join(line for part in name.split("\n") for line in wrap(part.replace(" %", "\u00a0%"), 9))


def _atom_name(runs: Runs, atom: Atom) -> str:
    if atom.value is None:
        return "no rate\nof return"
    if atom.value <= -1:
        return "total loss\n-100 %" + ("\nbase case" if runs.base["investors.irr"] == atom.value else "")
    reached = f"\n{cap_name(runs.case, atom.cap).removeprefix('the ')}" if atom.cap else ""
    here = "\nbase case" if atom.holds(runs.base["investors.irr"]) else ""
    return f"{formats.percent(atom.value)}{reached}{here}"


def _bins(axes: Axes, runs: Runs, shape: Shape) -> None:
    """The others in bins, those below nothing hatched, with the base case and the return of expected flows."""
    from matplotlib.ticker import MaxNLocator

    left, wide = shape.edges[:-1], np.diff(shape.edges)
    for name, (colour, hatch), chosen in (
        ("below 0 %", LOSS, left < -1e-12),
        ("0 % or more", GAIN, left >= -1e-12),
    ):
        if chosen.any():
            axes.bar(
                left[chosen] * 100, shape.shares[chosen] * 100, wide[chosen] * 100, align="edge", color=colour,
                hatch=hatch, edgecolor="white", linewidth=0.6, label=name,
            )  # fmt: skip
    marks = {
        "base case": (runs.base["investors.irr"], (0, (4, 2))),
        "on expected cash": (_expected(runs), ":"),
        "hurdle": (_hurdle(runs), "-"),
    }
    for name, (value, dash) in marks.items():
        apart = name == "base case" and any(atom.holds(value) for atom in shape.atoms)
        if not apart and np.isfinite(value) and shape.edges[0] <= value <= shape.edges[-1]:
            axes.axvline(
                value * 100, color=INK, linewidth=1.4, linestyle=dash, label=f"{name}, {formats.percent(value)}"
            )
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:.10g} %")
    dress(axes, "y", f"Return a year (IRR){_beyond(runs, shape)}")
    room = ROOM - ATOM * len(shape.atoms)
    axes.xaxis.set_major_locator(MaxNLocator(max(3, int(room))))
    axes.legend(**_above(4 if room > LEGEND else 2))


def _beyond(runs: Runs, shape: Shape) -> str:
    """How many scenarios lie outside the picture, and how far off."""
    said = [
        f"{counted(share, runs.scenarios)} {where}, {as_far} to {formats.percent(value)}"
        for share, where, as_far, value in (
            (shape.below, "further left", "down", shape.least),
            (shape.above, "further right", "up", shape.most),
        )
        if share > 0
    ]
    return f"; {' and '.join(said)}" if said else ""


def _expected(runs: Runs) -> float:
    rate = runs.irr_of_expected_flows.rate
    return np.nan if rate is None else float(rate)


def _hurdle(runs: Runs) -> float:
    hurdle = runs.case.appraisal.hurdle
    return np.nan if hurdle is None else hurdle.value


def _told_shape(runs: Runs, shape: Shape) -> str:
    single = [
        f"{_atom_name(runs, atom).replace(chr(10), ' ')}: {formats.percent(atom.share)} of scenarios."
        for atom in shape.atoms
    ]
    ends = zip(shape.edges[:-1], shape.edges[1:], shape.shares, strict=True) if shape.shares.size else ()
    spread = [
        f"{formats.percent(float(low))} to {formats.percent(float(high))}: {formats.percent(float(share))}."
        for low, high, share in ends
        if share > 0
    ]
    return " ".join([*single, *spread, _beyond(runs, shape).removeprefix("; ")]).strip()
