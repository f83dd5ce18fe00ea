"""The picture of a measurement's risk: how likely it is paid for, by what the service truly does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sib.case import Case
from sib.risk.paid_chances import PaidChances
from sib.risk.payment_risk import OutcomeRisk, PaymentRisk
from sib.show import formats
from sib.show.chances import OF
from sib.show.chart_frame import dress, entitle
from sib.show.charts import INK
from sib.show.wording import measure, outcome_of, rule_title

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LINES = (("#0b4f8a", "-"), ("#b45f06", "--"), ("#2a9d8f", "-."), ("#7a5195", ":"), ("#5a6b7b", (0, (1, 1))))
TOGETHER = "any of them"


def paid_by_effect(case: Case, found: PaidChances, nothing: float, unpaid: float) -> Figure:
    """The chance of a payment at each true level, triggers marked, and both errors where they are made.

    `nothing` and `unpaid` are the exact chances of a payment for nothing, and of none for the expected effect.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8.6, 3.9), layout="constrained")
    axes, scale = figure.add_subplot(), 100 if found.fraction else 1
    chances = dict(found.by_rule) | ({TOGETHER: found.together} if len(found.by_rule) > 1 else {})
    for i, (rule, chance) in enumerate(chances.items()):
        colour, dash = (INK, "-") if rule == TOGETHER else LINES[i % len(LINES)]
        name = rule if rule == TOGETHER else rule_title(case, rule)
        axes.plot(found.levels * scale, chance * 100, color=colour, linestyle=dash, linewidth=2, label=name)
        if rule in found.triggers:
            axes.axvline(found.triggers[rule] * scale, color=colour, linewidth=1, linestyle=dash, alpha=0.7, zorder=1)
            _trigger(axes, case, found, rule)
    _mark(axes, found.levels[0] * scale, nothing * 100, f"{_count(nothing)} paid\nfor nothing", 14)
    words = f"{_count(unpaid)} unpaid\nfor the expected effect"
    _mark(axes, found.expected[0] * scale, (1 - unpaid) * 100, words, -12 if unpaid < 0.5 else 12)
    axes.margins(x=0.02)
    axes.set_ylim(0, 112)
    axes.set_yticks([0, 25, 50, 75, 100])
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:.10g} %")
    unit = "%" if found.fraction else outcome_of(case, found.outcome).unit or "units"
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.10g}")
    dress(axes, "both", f"True level, {unit}: what the service really does", "Chance that anything is paid")
    entitle(figure, about_measurement(case, found, nothing, unpaid), _told(case, found))
    return figure


def _trigger(axes: Axes, case: Case, found: PaidChances, rule: str) -> None:
    """The trigger's own level, at the top of its line; to its left for the lowest, to its right for the highest."""
    at = found.triggers[rule]
    right = at == max(found.triggers.values())
    words = f"trigger {measure(outcome_of(case, found.outcome), at)}"
    axes.annotate(
        words, (at * (100 if found.fraction else 1), 106), (4 if right else -4, 0), textcoords="offset points",
        ha="left" if right else "right", va="center", fontsize=8.5, color=INK,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
    )  # fmt: skip


def _mark(axes: Axes, x: float, y: float, words: str, up: float) -> None:
    axes.plot(x, y, "D", color=INK, markersize=6.5, markeredgecolor="white", zorder=6, clip_on=False)
    axes.annotate(
        words, (x, y), (11, up), textcoords="offset points", ha="left", va="bottom" if up > 0 else "top",
        fontsize=9, color=INK, zorder=1.5, bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.2, "alpha": 0.9},
    )  # fmt: skip


def _count(share: float) -> str:
    number = round(share * OF)
    return f"{number:,} in {OF:,}" if number else f"fewer than 1 in {OF:,}"


def about_measurement(case: Case, found: PaidChances, nothing: float, unpaid: float) -> str:
    """Both errors of the contract's measurements, all its cohorts together, in one line."""
    outcome = outcome_of(case, found.outcome)
    level = measure(outcome, found.expected[0])
    paid = "Something is paid for a service that does nothing"
    return f"{paid} {_in(nothing)}; for the expected {level} nothing is {_in(unpaid)}"


def _in(share: float) -> str:
    number = round(share * OF)
    return f"in {number:,} contracts of {OF:,}" if number else f"in fewer than one contract of {OF:,}"


def _told(case: Case, found: PaidChances) -> str:
    outcome = outcome_of(case, found.outcome)
    triggers = (f"{rule_title(case, rule)}: trigger {measure(outcome, at)}." for rule, at in found.triggers.items())
    points = (
        f"{formats.percent(float(found.together[i]))} at a true {measure(outcome, float(found.levels[i]))}"
        for i in range(0, len(found.levels), 5)
    )
    return " ".join([*triggers, f"Chance of a payment: {', '.join(points)}."])


def exact(found: PaidChances, rules: tuple[PaymentRisk, ...], outcomes: tuple[OutcomeRisk, ...]) -> tuple[float, float]:
    """Both errors as they are known exactly: of the one rule, or of all rules on the measure together."""
    own = [risk for risk in rules if risk.outcome == found.outcome and risk.rule in found.by_rule]
    one: PaymentRisk | OutcomeRisk = own[0]
    if len(own) > 1:
        one = next((risk for risk in outcomes if risk.outcome == found.outcome), own[0])
    known = one.paid_for_nothing, one.unpaid_for_effect
    guess = found.nothing[1], found.expected[1]
    nothing, unpaid = (exactly if exactly is not None else about for exactly, about in zip(known, guess, strict=True))
    return nothing, unpaid
