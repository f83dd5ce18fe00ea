"""The outcome level of a whole case as one number: how a case is put at a level, through the door for numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from sib.case import Case
from sib.cashflow.run import Run, run
from sib.deal.outcomes import OutcomeMeasured
from sib.deal.payments import Banded, ShareOfSum, Tariff
from sib.forecast.outcomes import OutcomeExpected
from sib.numbers import Row
from sib.value.payment_driver import driver_of, edges_of, outcome_of

# How far a case is taken, as a multiple of its own level, and in how many steps.
HIGHEST, STEPS = 1.5, 121
JUST_BELOW = 1e-6

Line = tuple[float, float]
"""A number that moves with the level: what it is at a level of nought, and how much it grows for each unit."""


@dataclass(frozen=True)
class OutcomeAxis:
    """What stands on the axis: outcomes, a measure, or (`unit` empty) all outcomes as a share of the case's own level.

    `own` is the case's own level, `levels` are those worth looking at, ascending; `named` those that the contract
    names. `counted`: whether it is a number of outcomes. `fraction`: whether 0.01 of it is a percentage point.
    `lines` are the numbers of the case that put it at a level, `most` the highest level of a line.
    """

    name: str
    unit: str
    own: float
    levels: Row
    lines: Mapping[str, Line]
    named: tuple[float, ...] = ()
    counted: bool = False
    fraction: bool = False
    most: Mapping[str, float] | None = None

    def draws(self, levels: Row) -> dict[str, Row]:
        """A row for each number that has to change, so that each scenario is at its level."""
        highest = self.most or {}
        return {
            path: at + each * np.minimum(np.asarray(levels, float), highest.get(path, np.inf))
            for path, (at, each) in self.lines.items()
        }


def outcome_axis(case: Case) -> OutcomeAxis | None:
    """The outcomes that money depends on, as one axis; None where it depends on none, or none is expected.

    The one measure (change, rate or level) that a schedule pays by is its own axis, over the schedule's points. Else
    all outcomes move together, forecast and actual alike, from none to half as much again; what exceeds a
    counterfactual moves where that is what counts.
    """
    names = _that_matter(case)
    if not names:
        return None
    measured = _by_measure(case, names[0]) if len(names) == 1 else None
    return measured or _together(case, names)


def _that_matter(case: Case) -> list[str]:
    """The outcomes that rules or tranches read, in the order of the deal."""
    named = {outcome_of(case, rule) for rule in case.deal.payments} | set(_of_tranches(case)) | set(_of_savings(case))
    return [item.id for item in case.deal.outcomes if item.id in named]


def _of_tranches(case: Case) -> Iterator[str]:
    for tranche in case.deal.tranches:
        if tranche.interest is not None and tranche.interest.by is not None:
            yield tranche.interest.by.outcome
        yield from filter(None, [getattr(tranche.repayment, "outcome", None)])


def _of_savings(case: Case) -> Iterator[str]:
    """The outcomes behind savings of which a rule takes a share."""
    shared = {rule.of.saving for rule in case.deal.payments if isinstance(rule, ShareOfSum)}
    return (saving.outcome for saving in case.forecast.savings if saving.id in shared)


def _by_measure(case: Case, name: str) -> OutcomeAxis | None:
    rules = [rule for rule in case.deal.payments if isinstance(rule, Banded) and rule.outcome == name]
    if not rules or not _measured(case, name).of_cohort:
        return None
    drivers = [driver_of(case, rule) for rule in rules]
    edges = sorted({at for rule in rules for at in edges_of(rule)})
    start, end = min(one.start for one in drivers), max(one.end for one in drivers)
    # A step is steep on a chart when the level just below it is drawn too.
    steps = [at for edge in edges for at in (edge - JUST_BELOW * (end - start), edge)]
    levels = np.unique([*np.linspace(start, end, STEPS), *steps, drivers[0].now])
    inside = levels[(levels >= start) & (levels <= max(end, drivers[0].now))]
    first = drivers[0]
    return OutcomeAxis(name, first.unit, first.now, inside, first.lines, tuple(edges), fraction=first.fraction)


def _together(case: Case, names: list[str]) -> OutcomeAxis | None:
    """All outcomes at once; where it is one that is counted, in its own unit."""
    lines = dict(_lines(case, set(names)))
    found = run(case)
    most = dict(_limits(case, found, lines))
    shares = np.linspace(0, HIGHEST, STEPS)
    if not any(each for _, each in lines.values()):
        return None
    only = _measured(case, names[0]) if len(names) == 1 else None
    own = 0.0 if only is None else _own_level(found, only)
    if only is None or own <= 0:
        return OutcomeAxis("outcomes", "", 1.0, shares, lines, most=most)
    in_units = {path: (at, each / own) for path, (at, each) in lines.items()}
    fraction = only.kind == "rate" or (only.kind == "change" and only.change == "relative")
    levels = shares * own
    within = levels[levels <= 1] if only.kind == "rate" else levels
    return OutcomeAxis(
        only.id, only.unit, own, np.unique([*within, own]), in_units, counted=not only.of_cohort, fraction=fraction
    )


def _own_level(found: Run, outcome: OutcomeMeasured) -> float:
    """The count, or what was measured of all cohorts together."""
    if outcome.of_cohort:
        pooled = found.outcomes[outcome.id].pooled()
        return 0.0 if pooled is None else float(np.ravel(pooled[1])[0])
    rows = found.outcomes[outcome.id]
    counts = rows.net if _beyond_counterfactual(found.case, outcome) else rows.counted
    return sum(float(part[:, 0].sum()) for part in counts.values())


def _lines(case: Case, names: set[str]) -> Iterator[tuple[str, Line]]:
    """The numbers that hold outcomes; what follows another outcome moves with that one."""
    for item in case.forecast.outcomes:
        if item.of in names and not (item.follows and item.follows in names):
            yield from _lines_of(case, item)
    for i, actual in enumerate(case.actuals.outcomes):
        if actual.outcome in names:
            yield f"actuals.outcomes[{i}].value", (0.0, actual.value.value)


def _lines_of(case: Case, item: OutcomeExpected) -> Iterator[tuple[str, Line]]:
    at, outcome = f"forecast.outcomes.{item.id}", _measured(case, item.of)
    for name, term in (("net", item.net), ("change", item.change)):
        if term is not None:
            yield f"{at}.{name}", (0.0, term.value)
    for i, level in enumerate(item.levels):
        yield f"{at}.levels[{i}].value", (0.0, level.value.value)
    if item.per_start is not None:
        stated = outcome.baseline or item.counterfactual
        without = stated.value if stated is not None and _beyond_counterfactual(case, outcome) else 0.0
        yield f"{at}.per_start", (without, item.per_start.value - without)


def _beyond_counterfactual(case: Case, outcome: OutcomeMeasured) -> bool:
    """Whether money follows what exceeds the counterfactual: a change, a net count, or a saving."""
    on_net = any(
        isinstance(rule, Tariff) and rule.outcome == outcome.id and rule.pays_on == "net" for rule in case.deal.payments
    )
    return outcome.kind == "change" or on_net or outcome.id in set(_of_savings(case))


def _limits(case: Case, found: Run, lines: Mapping[str, Line]) -> Iterator[tuple[str, float]]:
    """No more than everybody: the highest multiple of what a rate is made of."""
    rates = {item.id for item in case.deal.outcomes if item.kind == "rate"}
    of = {f"forecast.outcomes.{item.id}.per_start": item.of for item in case.forecast.outcomes}
    of |= {f"actuals.outcomes[{i}].value": item.outcome for i, item in enumerate(case.actuals.outcomes)}
    for path in lines:
        name = of.get(path)
        if name in rates:
            pooled = found.outcomes[name].pooled()
            rate = 0.0 if pooled is None else float(np.ravel(pooled[1])[0])
            yield path, max(1.0, 1 / rate) if rate > 0 else 1.0


def _measured(case: Case, name: str) -> OutcomeMeasured:
    return next(item for item in case.deal.outcomes if item.id == name)
