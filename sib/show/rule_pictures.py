"""Pictures of payment rules: what is achieved along the bottom, what is paid up the side, cliffs marked."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sib.case import Case
from sib.files import load
from sib.problems import CaseError, Problem, nearest
from sib.show import formats
from sib.show.charts import INK, OTHER_STYLES, QUIET
from sib.show.html import Html, chart, paragraph
from sib.show.rule_examples import examples
from sib.show.rule_words import STAIRCASE, achieved, described, finding, level, per_cliff, tick
from sib.show.wording import rule_title
from sib.value.payment_curve import Cliff, PaymentCurve, payment_curve

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PAID, CLIFF, _, _, BEFORE = (colour for colour, _ in OTHER_STYLES)
# Of all that is paid: cliffs from this size on have room for words of their own.
TOLD_FROM = 0.08

Place = tuple[float, float]


def example(name: str) -> Html:
    """The picture of one kind of rule, on a small contract; KeyError for an unknown kind."""
    one = examples()[name]
    return Html(paragraph(one.about) + chart(picture(one.case, payment_curve(one.case, "rule"))))


def of_case(case: Case | str | Path, rule: str = "") -> Html:
    """The pictures of a case's own rules, or of one of them; nothing for no case.

    CaseError for a case that cannot be read, and for a rule that it does not have.
    """
    if not case:
        return Html("")
    loaded = case if isinstance(case, Case) else load(case)
    names = [item.id for item in loaded.deal.payments]
    if rule and rule not in names:
        near = nearest(rule, names)
        hint = f"did you mean {near!r}?" if near else f"its rules: {', '.join(names)}."
        raise CaseError(Problem(loaded.id, None, "deal.payments", f"there is no rule {rule!r}; {hint}"))
    return Html("".join(_of_rule(loaded, name) for name in ([rule] if rule else names)))


def _of_rule(case: Case, rule: str) -> str:
    """One picture under its rule's name; a sentence in its place where nothing achieved drives the rule."""
    try:
        shown = chart(picture(case, payment_curve(case, rule)))
    except ValueError as reason:
        shown = paragraph(f"No picture: {reason}")
    return paragraph(rule_title(case, rule), "rule") + shown


def picture(case: Case, curve: PaymentCurve) -> Figure:
    """A figure of one rule, with a title that states what it shows and a label that says it in words."""
    from matplotlib.figure import Figure

    figure, currency = Figure(figsize=(7.6, 3.9), layout="constrained"), case.currency
    axes = figure.add_subplot()
    scale, unit = _scale(curve)
    _draw_lines(axes, curve, scale)
    # A staircase has too many to mark each.
    for cliff in curve.cliffs if len(curve.cliffs) <= STAIRCASE else ():
        _draw_cliff(axes, cliff, curve, scale)
    _tell_cliffs(axes, curve, scale, currency)
    _mark_now(axes, curve, scale, currency)
    _dress(axes, f"{currency}{unit} paid over the contract", achieved(case, curve), curve)
    title = finding(curve, currency)
    figure.suptitle(
        textwrap.fill(formats.unbroken(title), 78), x=0.012, ha="left", fontsize=11.5, fontweight="bold", color=INK
    )
    figure.set_label(f"{title}. {described(curve, currency)}")
    return figure


def _scale(curve: PaymentCurve) -> tuple[float, str]:
    """What to divide amounts by, and how that is called on the axis."""
    largest = float(np.abs(np.concatenate([curve.paid, curve.before_caps])).max())
    if largest >= 2_000_000:
        return 1e6, " million"
    return (1e3, " thousand") if largest >= 10_000 else (1.0, "")


def _draw_lines(axes: Axes, curve: PaymentCurve, scale: float) -> None:
    """What is paid, and where caps cut, what would have been."""
    if not np.allclose(curve.paid, curve.before_caps):
        axes.plot(
            curve.levels, curve.before_caps / scale, color=BEFORE, linewidth=2, linestyle=(0, (4, 2)),
            label="before caps",
        )  # fmt: skip
    axes.plot(curve.levels, curve.paid / scale, color=PAID, linewidth=2.6, label="paid", solid_joinstyle="miter")


def _draw_cliff(axes: Axes, cliff: Cliff, curve: PaymentCurve, scale: float) -> None:
    """The jump in a colour of its own: an open end below, a full one at the level that is paid."""
    top = curve.paid_at(cliff.at) / scale
    foot = top - cliff.jump / scale
    axes.plot([cliff.at] * 2, [foot, top], color="white", linewidth=4, zorder=3)
    axes.plot([cliff.at] * 2, [foot, top], color=CLIFF, linewidth=2.4, linestyle=(0, (1.5, 1)), zorder=3)
    axes.plot(cliff.at, foot, "o", markersize=6, markerfacecolor="white", markeredgecolor=PAID, zorder=4)
    axes.plot(cliff.at, top, "o", markersize=6, color=PAID, zorder=4)


def _tell_cliffs(axes: Axes, curve: PaymentCurve, scale: float, currency: str) -> None:
    """The largest cliffs in words: to the left of a rise, halfway up; above a fall."""
    room = TOLD_FROM * float(np.ptp(curve.paid))
    told = [one for one in curve.cliffs if abs(one.jump) >= room] if len(curve.cliffs) <= STAIRCASE else []
    for cliff in told:
        up, top = cliff.jump > 0, curve.paid_at(cliff.at)
        at = (cliff.at, (top - cliff.jump * (0.5 if up else 1.0)) / scale)
        _write(axes, per_cliff(cliff, curve, currency), at, (-7, 0) if up else (-6, 6), "center" if up else "bottom")


def _mark_now(axes: Axes, curve: PaymentCurve, scale: float, currency: str) -> None:
    """Where the case stands; the words stand above a point that is near the bottom, else below it to the right."""
    low = curve.now < curve.paid.min() + 0.15 * float(np.ptp(curve.paid))
    far = low and curve.driver.now > (curve.levels[0] + curve.levels[-1]) / 2
    at = (curve.driver.now, curve.now / scale)
    axes.plot(*at, "D", markersize=7, color=INK, zorder=6)
    said = f"as the case stands:\n{level(curve, curve.driver.now, currency)}, {formats.money(currency, curve.now)}"
    _write(axes, said, at, (-9 if far else 9, 8 if low else -8), "bottom" if low else "top")


def _write(axes: Axes, words: str, at: Place, away: tuple[float, float], rests: str) -> None:
    """Words beside a point, so many points away; those to its left end there."""
    axes.annotate(
        words, at, away, textcoords="offset points", ha="right" if away[0] < 0 else "left", va=rests, fontsize=8.5,
        color=INK, bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0, "alpha": 0.85}, zorder=5,
    )  # fmt: skip


def _dress(axes: Axes, paid: str, along: str, curve: PaymentCurve) -> None:
    """Axes with their units, a line at nothing, and nothing else."""
    axes.set_xlabel(along, color=QUIET, fontsize=9)
    axes.set_ylabel(paid, color=QUIET, fontsize=9)
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.set_xlim(float(curve.levels[0]), float(curve.levels[-1]))
    axes.margins(y=0.12)
    axes.xaxis.set_major_formatter(lambda value, _: tick(curve, value))
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.10g}")
    axes.grid(color="#e3e3e3", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, labelsize=9, colors=QUIET)
    axes.spines[:].set_visible(False)
    if len(axes.get_legend_handles_labels()[0]) > 1:
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, frameon=False, fontsize=9, labelcolor=INK)
