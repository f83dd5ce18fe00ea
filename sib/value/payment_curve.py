"""What a payment rule pays at each level of what it measures, and where one more person makes a large difference."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from sib.case import Case
from sib.cashflow.run import run
from sib.deal.payments import Rule
from sib.numbers import Row
from sib.value.payment_driver import Driver, driver_of, edges_of, outcome_of

# How many levels there are unless they are given, and how closely a jump is looked at.
LEVELS, INSIDE, ROUNDS = 241, 41, 4
ROUNDING = 1e-9
# A step counts as a cliff from so many times its neighbours on; a steep slope is none.
STEEP = 3.0


class Paid(NamedTuple):
    """What a rule pays at each level, and what it would without caps."""

    paid: Row
    before_caps: Row


Engine = Callable[[Row], Paid]


@dataclass(frozen=True)
class Cliff:
    """A level at which the payment jumps. The level itself is paid the higher side's amount.

    `jump` is what is paid there less what is paid just below; `one_more` what the last person (or percentage point)
    up to it is worth, which holds the jump.
    """

    at: float
    jump: float
    one_more: float


@dataclass(frozen=True)
class Slope:
    """A stretch of levels on which each further unit is worth the same."""

    start: float
    end: float
    paid: float
    """What is paid at its start."""
    each: float
    """Paid for one more: a person, or a percentage point."""
    one: float = 1.0

    def meets(self, other: Slope) -> float:
        """The level at which two stretches that go on would pay the same."""
        gap = other.paid - self.paid + (self.each * self.start - other.each * other.start) / self.one
        return gap / (self.each - other.each) * self.one

    def until(self, end: float) -> Slope:
        """The same as far as another level."""
        return replace(self, end=end)

    def starting(self, start: float) -> Slope:
        """The same from another level on."""
        return replace(self, start=start, paid=self.paid + (start - self.start) * self.each / self.one)


@dataclass(frozen=True)
class PaymentCurve:
    """One rule: what it pays over a row of levels, all else as the case has it. Money over the whole contract.

    `driver` is what was measured; `now` what is paid at the case's own level.
    """

    rule: str
    driver: Driver
    levels: Row
    paid: Row
    before_caps: Row
    now: float
    cliffs: tuple[Cliff, ...]
    slopes: tuple[Slope, ...]

    def paid_at(self, level: float) -> float:
        """What is paid at a level, on a straight line between two that were run."""
        return float(np.interp(level, self.levels, self.paid))


def payment_curve(case: Case, rule: str, levels: Row | None = None) -> PaymentCurve:
    """The engine run over a row of rising levels, one scenario each; levels that the rule invites unless given.

    Known payments of the past are left out: the rule is looked at, not what was paid. The levels of the result hold
    both sides of each cliff as well, and the ends of each slope. KeyError for an unknown rule, ValueError for one
    that is paid whatever is achieved.
    """
    bare = case.model_copy(update={"actuals": case.actuals.model_copy(update={"payments": ()})})
    found = {item.id: item for item in bare.deal.payments}[rule]
    driver = driver_of(bare, found)
    engine = _engine(bare, rule, driver)
    grid = _levels(bare, found, driver) if levels is None else np.asarray(levels, float)
    paid = engine(grid).paid
    below, edges = _edges(grid, paid, engine)
    cliffs = _cliffs(below, edges, engine, one_more(driver))
    slopes = _joined(_slopes(grid, paid, one_more(driver)), cliffs)
    ends = [end for one in slopes for end in (one.start, one.end) if grid[0] <= end <= grid[-1]]
    levels = np.unique(np.concatenate([grid, below, edges, ends]))
    now = float(engine(np.array([driver.now])).paid[0])
    return PaymentCurve(rule, driver, levels, *engine(levels), now, cliffs, slopes)


def one_more(driver: Driver) -> float:
    """A percentage point of a fraction, else one."""
    return 0.01 if driver.fraction else 1.0


def _engine(case: Case, rule: str, driver: Driver) -> Engine:
    """What the rule pays at a row of levels."""

    def paid(levels: Row) -> Paid:
        payments = run(case, driver.draws(levels)).payments
        return Paid(payments.accepted[rule].sum(axis=0), payments.claimed[rule].sum(axis=0))

    return paid


def _levels(case: Case, rule: Rule, driver: Driver) -> Row:
    """Evenly spaced levels, and those that the rule names."""
    named = edges_of(rule) if driver.name == outcome_of(case, rule) else []
    inside = [at for at in named if driver.start <= at <= driver.end]
    return np.unique(np.concatenate([np.linspace(driver.start, driver.end, LEVELS), inside]))


def _edges(levels: Row, paid: Row, engine: Engine) -> tuple[Row, Row]:
    """Levels just below and at each jump: larger than its neighbours, and as large however closely one looks."""
    steps = np.abs(np.diff(paid))
    around = np.maximum(np.append(0, steps[:-1]), np.append(steps[1:], 0))
    found = np.flatnonzero(steps > STEEP * around + ROUNDING * np.abs(paid).max(initial=1.0))
    below, at = levels[found], levels[found + 1]
    for _ in range(ROUNDS if found.size else 0):
        below, at = _closer(below, at, engine)
    if found.size:
        jumps = np.abs(engine(at).paid - engine(below).paid)
        below, at = below[jumps > steps[found] / 2], at[jumps > steps[found] / 2]
    return below, _rounded(below, at)


def _closer(left: Row, right: Row, engine: Engine) -> tuple[Row, Row]:
    """The part of each stretch, one in so many, in which the payment moves most."""
    grid = np.linspace(left, right, INSIDE)
    paid = engine(grid.ravel()).paid.reshape(grid.shape)
    most, columns = np.abs(np.diff(paid, axis=0)).argmax(axis=0), np.arange(left.size)
    return grid[most, columns], grid[most + 1, columns]


def _rounded(below: Row, at: Row) -> Row:
    """Edges to six digits, where that leaves them at the edge."""
    short = np.array([float(f"{level:.6g}") for level in at])
    return np.where((short > below) & (short <= at + ROUNDING * np.abs(at)), short, at)


def _cliffs(below: Row, edges: Row, engine: Engine, one: float) -> tuple[Cliff, ...]:
    if not edges.size:
        return ()
    low, high, before = (engine(row).paid for row in (below, edges, edges - one))
    return tuple(Cliff(*map(float, each)) for each in zip(edges, high - low, high - before, strict=True))


def _slopes(levels: Row, paid: Row, one: float) -> list[Slope]:
    """Stretches of at least three steps on which each further unit is worth the same."""
    each = np.diff(paid) / np.diff(levels) * one
    slack = 1e-6 * np.abs(each).max(initial=1e-12)
    parts = np.split(np.arange(each.size), np.flatnonzero(np.abs(np.diff(each)) > slack) + 1)
    return [
        Slope(
            float(levels[part[0]]), float(levels[part[-1] + 1]), float(paid[part[0]]), float(np.mean(each[part])), one
        )
        for part in parts
        if len(part) > 2
    ]


def _joined(slopes: list[Slope], cliffs: tuple[Cliff, ...]) -> tuple[Slope, ...]:
    """The stretches carried on to where they meet the next one, unless there is a cliff between."""
    for i in range(len(slopes) - 1):
        one, after = slopes[i], slopes[i + 1]
        if not any(one.end <= cliff.at <= after.start for cliff in cliffs) and one.each != after.each:
            meet = one.meets(after)
            slopes[i], slopes[i + 1] = one.until(meet), after.starting(meet)
    return tuple(slopes)
