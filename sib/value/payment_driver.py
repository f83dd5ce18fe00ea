"""What a payment rule pays on, and how a case is put at a level of it: through the door for numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from sib.case import Case
from sib.cashflow.run import Run, run
from sib.deal.outcomes import OutcomeMeasured
from sib.deal.payments import Banded, Rule, ShareOfSum, Tariff
from sib.forecast.outcomes import OutcomeExpected
from sib.numbers import Row, terms_in

Line = tuple[float, float]
"""A number that moves with the level: what it is at a level of nought, and how much it grows for each unit."""


@dataclass(frozen=True)
class Driver:
    """What a rule pays on. `fraction`: whether it is a share of something, of which 0.01 is a percentage point.

    `now` is the case's own level; `start` and `end` are those between which the rule is worth looking at. `lines`
    are the numbers of the case that put it at a level.
    """

    name: str
    unit: str
    now: float
    end: float
    start: float = 0.0
    fraction: bool = False
    lines: Mapping[str, Line] = field(default_factory=dict)

    def draws(self, levels: Row) -> dict[str, Row]:
        """A row for each number that has to change, so that each scenario is at its level."""
        return {path: at + each * np.asarray(levels, float) for path, (at, each) in self.lines.items()}


def driver_of(case: Case, rule: Rule) -> Driver:
    """What the rule pays on. ValueError for a rule that nothing measured drives, such as a fee by the period."""
    if isinstance(rule, ShareOfSum) and rule.of.saving is not None:
        return _saving(case, rule.of.saving)
    if isinstance(rule, Tariff) and rule.outcome == "starts":
        return _starts(case)
    name = outcome_of(case, rule)
    outcome = next((item for item in case.deal.outcomes if item.id == name), None)
    if outcome is None:
        raise ValueError(f"{rule.id!r} is paid whatever is achieved; there is nothing to draw.")
    measured = outcome.kind in ("change", "level")
    return _measure(case, rule, outcome) if measured else _count(case, rule, outcome)


def outcome_of(case: Case, rule: Rule) -> str | None:
    """The outcome that a rule pays on, that opens its gate, or that the rules it takes a share of pay on."""
    if not isinstance(rule, ShareOfSum):
        return rule.outcome
    if rule.gate is not None:
        return rule.gate.outcome
    others = [item for item in case.deal.payments if item.id in (rule.of.payments or ())]
    return outcome_of(case, others[0]) if others else None


def edges_of(rule: Rule) -> list[float]:
    """The levels that the rule itself names: its points, and its gate."""
    gate = rule.gate
    tests = [] if gate is None else [test.value for test in (gate.at_least, gate.pooled_at_least) if test is not None]
    return [point.at.value for point in rule.points] + tests if isinstance(rule, Banded) else tests


def _saving(case: Case, name: str) -> Driver:
    """The saving moves with what one net outcome saves."""
    now = sum(float(saving.gross[:, 0].sum()) for saving in run(case).savings if saving.saving == name)
    return _in_proportion(Driver(name, case.currency, now, 2 * now), case, [f"forecast.savings.{name}.unit_value"])


def _starts(case: Case) -> Driver:
    people = {
        f"forecast.cohorts.{item.id}.{name}" for item in case.forecast.cohorts for name in ("starts", "referrals")
    }
    paths = [path for path, _ in terms_in(case) if path.split("[")[0] in people or path.startswith("actuals.starts[")]
    now = sum(float(group.starts[:, 0].sum()) for group in run(case).groups)
    return _in_proportion(Driver("starts", "starts", now, 2 * now), case, paths)


def _in_proportion(driver: Driver, case: Case, paths: list[str]) -> Driver:
    """The driver with numbers that move in proportion to the level."""
    if not driver.now:
        raise ValueError(f"nothing is expected of {driver.name!r}, so that there is nothing to draw.")
    terms = dict(terms_in(case))
    lines = {path: (0.0, terms[path].value / driver.now) for path in paths}
    return Driver(**{**vars(driver), "lines": lines})


def _count(case: Case, rule: Rule, outcome: OutcomeMeasured) -> Driver:
    """A count, a quantity or a rate moves with what is expected of each start, or with what has happened.

    Where only what exceeds the counterfactual is paid, that is what moves.
    """
    found = run(case)
    if isinstance(rule, Tariff) and rule.pays_on == "net" and found.outcomes[outcome.id].gross is not None:
        return _net(case, found, outcome)
    expected = [f"forecast.outcomes.{item.id}.{_how(item)}" for item in _expected(case, outcome.id)]
    now = _achieved(found, outcome)
    end = max([2 * now, *(1.25 * at for at in edges_of(rule))])
    rate = outcome.kind == "rate"
    driver = Driver(outcome.id, outcome.unit, now, min(end, 1.0) if rate else end, fraction=rate)
    return _in_proportion(driver, case, [*expected, *_actuals(case, outcome.id)])


def _net(case: Case, found: Run, outcome: OutcomeMeasured) -> Driver:
    """What is gross moves away from its counterfactual."""
    now = sum(float(rows[:, 0].sum()) for rows in found.outcomes[outcome.id].net.values())
    lines = {
        f"forecast.outcomes.{item.id}.per_start": (item.counterfactual.value, _beyond(item) / now)
        for item in _expected(case, outcome.id)
        if item.counterfactual is not None and now
    }
    return Driver(outcome.id, f"net {outcome.unit}", now, 2 * now, lines=lines)


def _beyond(item: OutcomeExpected) -> float:
    """How much the gross of a line exceeds its counterfactual."""
    without = 0.0 if item.counterfactual is None else item.counterfactual.value
    return (0.0 if item.per_start is None else item.per_start.value) - without


def _how(item: OutcomeExpected) -> str:
    return "net" if item.per_start is None else "per_start"


def _expected(case: Case, outcome: str) -> list[OutcomeExpected]:
    return [item for item in case.forecast.outcomes if item.of == outcome]


def _actuals(case: Case, outcome: str) -> list[str]:
    return [f"actuals.outcomes[{i}].value" for i, item in enumerate(case.actuals.outcomes) if item.outcome == outcome]


def _achieved(found: Run, outcome: OutcomeMeasured) -> float:
    """The count; for a rate, the share of those who were measured, before any rounding."""
    rows = found.outcomes[outcome.id]
    total = sum(float(part[:, 0].sum()) for part in rows.counted.values())
    if outcome.kind != "rate":
        return total
    people = sum(float(np.ravel(item.weight)[0]) for item in rows.measurements)
    return total / people if people else 0.0


def _measure(case: Case, rule: Rule, outcome: OutcomeMeasured) -> Driver:
    """A change or a level is put at the level itself, of every cohort and on every date."""
    pooled = run(case).outcomes[outcome.id].pooled()
    now = 0.0 if pooled is None else float(np.ravel(pooled[1])[0])
    edges = edges_of(rule)
    lowest, end = min([0.0, *edges]), max([1.6 * now, *(1.25 * at for at in edges), 0.01])
    start = lowest - 0.25 * (end - lowest) if lowest < 0 else 0.0
    fraction = end <= 1 if outcome.kind == "level" else outcome.change == "relative"
    lines = dict.fromkeys(_actuals(case, outcome.id), (0.0, 1.0))
    for item in _expected(case, outcome.id):
        lines |= _lines_of_measure(item, outcome)
    return Driver(outcome.id, outcome.unit, now, end, start, fraction, lines)


def _lines_of_measure(item: OutcomeExpected, outcome: OutcomeMeasured) -> dict[str, Line]:
    """The numbers of one line of the forecast that set a change or a level."""
    at = f"forecast.outcomes.{item.id}"
    if item.change is not None:
        return {f"{at}.change": (0.0, 1.0)}
    if item.levels:
        return {f"{at}.levels[{i}].value": (0.0, 1.0) for i in range(len(item.levels))}
    stated = outcome.baseline or item.counterfactual
    other = 0.0 if stated is None else stated.value
    better = 1.0 if outcome.good == "more" else -1.0
    return {f"{at}.per_start": (other, better * (other if outcome.change == "relative" else 1.0))}
