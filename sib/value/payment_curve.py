"""What a payment rule pays at each level of what it measures, and where one more person makes a large difference."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sib.case import Case
from sib.cashflow.run import run
from sib.forecast.actuals import Actuals
from sib.numbers import Row
from sib.value.payment_driver import Driver, driver_of, edges_of

LEVELS, INSIDE, ROUNDS = 241, 41, 4
# A step counts as a cliff from so many times its neighbours on; a steep slope is none.
STEEP = 3.0


class Paid(NamedTuple):
    """What a rule pays at each level, and what it would without caps."""

    paid: Row
    before_caps: Row


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
    each: float


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

    @property
    def one(self) -> float:
        """One more of what is measured: a person, a day, or a percentage point."""
        return one_more(self.driver)


def payment_curve(case: Case, rule: str, levels: Row | None = None) -> PaymentCurve:
    """The engine run over a row of rising levels, one scenario each; levels that the rule invites unless given.

    Known payments of the past are left out: the rule is looked at, not what was paid. KeyError for an unknown rule,
    ValueError for one that is paid whatever is achieved.
    """
    bare = case.model_copy(
        update={"actuals": Actuals(**{**dict(case.actuals), "payments": ()})},
    )
    found = {item.id: item for item in bare.deal.payments}[rule]
    driver = driver_of(bare, found)
    engine = _engine(bare, rule, driver)
    if levels is None:
        even = np.linspace(driver.start, driver.end, LEVELS)
        inside = [at for at in edges_of(found) if driver.start <= at <= driver.end and driver.name == _pays_on(found)]
        levels = np.unique(np.concatenate([even, inside]))
    made = engine(levels)
    cliffs = _cliffs(levels, made.paid, engine, driver)
    now = float(engine(np.array([driver.now])).paid[0])
    return PaymentCurve(
        rule, driver, levels, made.paid, made.before_caps, now, cliffs, _slopes(levels, made.paid, driver)
    )


def one_more(driver: Driver) -> float:
    """A percentage point of a fraction, else one."""
    return 0.01 if driver.fraction else 1.0


def _pays_on(rule: object) -> str:
    gate = getattr(rule, "gate", None)
    return str(getattr(rule, "outcome", None) or (gate.outcome if gate else ""))


def _engine(case: Case, rule: str, driver: Driver) -> Callable[[Row], Paid]:
    """What the rule pays at a row of levels."""

    def paid(levels: Row) -> Paid:
        payments = run(case, driver.draws(levels)).payments
        return Paid(payments.accepted[rule].sum(axis=0), payments.claimed[rule].sum(axis=0))

    return paid


def _cliffs(levels: Row, paid: Row, engine: Callable[[Row], Paid], driver: Driver) -> tuple[Cliff, ...]:
    """Jumps larger than their neighbours that stay as large however closely one looks."""
    steps = np.abs(np.diff(paid))
    around = np.maximum(np.append(0, steps[:-1]), np.append(steps[1:], 0))
    width = np.diff(levels)
    found = np.flatnonzero((steps > STEEP * around + 1e-9 * np.abs(paid).max(initial=1.0)) & (width > 0))
    left, right, first = levels[found], levels[found + 1], steps[found]
    for _ in range(ROUNDS if found.size else 0):
        left, right = _closer(left, right, engine)
    if not found.size:
        return ()
    edges = np.array([float(f"{at:.6g}") for at in right])
    below, at, before = (engine(row).paid for row in (left, edges, edges - one_more(driver)))
    jumps = at - below
    real = np.abs(jumps) > 0.5 * first
    return tuple(
        Cliff(float(edges[i]), float(jumps[i]), float(at[i] - before[i])) for i in np.flatnonzero(real)
    )  # fmt: skip


def _closer(left: Row, right: Row, engine: Callable[[Row], Paid]) -> tuple[Row, Row]:
    """The part of each stretch, one in so many, in which the payment moves most."""
    grid = np.linspace(left, right, INSIDE)
    paid = engine(grid.ravel()).paid.reshape(grid.shape)
    most = np.abs(np.diff(paid, axis=0)).argmax(axis=0)
    columns = np.arange(left.size)
    return grid[most, columns], grid[most + 1, columns]


def _slopes(levels: Row, paid: Row, driver: Driver) -> tuple[Slope, ...]:
    """Stretches of at least three steps on which each further unit is worth the same."""
    each = np.diff(paid) / np.diff(levels) * one_more(driver)
    slack = 1e-6 * np.abs(each).max(initial=1e-12)
    breaks = np.flatnonzero(np.abs(np.diff(each)) > slack) + 1
    parts = np.split(np.arange(each.size), breaks)
    return tuple(
        Slope(float(levels[part[0]]), float(levels[part[-1] + 1]), float(each[part[0]]))
        for part in parts
        if len(part) > 2
    )
