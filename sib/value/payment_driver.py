"""What a payment rule pays on, and how a case is put at a level of it: through the door for numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sib.case import Case
from sib.cashflow.run import Run, run
from sib.deal.outcomes import OutcomeMeasured
from sib.deal.payments import Banded, Rule, ShareOfSum, Tariff
from sib.numbers import Numbers, Row


@dataclass(frozen=True)
class Driver:
    """What a rule pays on. `fraction`: whether it is a share of something, of which 0.01 is a percentage point.

    `start` and `end` are the levels between which the rule is worth looking at; `now` is the case's own level.
    `direct` numbers are put at the level itself, `scaled` ones in proportion to what they are now.
    """

    name: str
    unit: str
    fraction: bool
    now: float
    start: float
    end: float
    direct: tuple[str, ...] = ()
    scaled: Mapping[str, float] | None = None
    mirrored: Mapping[str, tuple[float, float]] | None = None
    """For a change worked out from counts: the counterfactual of each line, and which way is good, over its weight."""

    def draws(self, levels: Row) -> dict[str, Row]:
        """A row for each number that has to change, so that each scenario is at its level."""
        rows = {path: np.asarray(levels, float) for path in self.direct}
        rows |= {path: value * np.asarray(levels, float) / self.now for path, value in (self.scaled or {}).items()}
        return rows | {path: at + step * levels for path, (at, step) in (self.mirrored or {}).items()}


def driver_of(case: Case, rule: Rule) -> Driver:
    """What the rule pays on. ValueError for a rule that nothing measured drives, such as a fee by the period."""
    if isinstance(rule, ShareOfSum) and rule.of.saving is not None:
        return _saving(case, rule.of.saving)
    if isinstance(rule, Tariff) and rule.outcome == "starts":
        return _starts(case)
    name = _outcome_of(case, rule)
    outcome = next((item for item in case.deal.outcomes if item.id == name), None)
    if outcome is None:
        raise ValueError(f"{rule.id!r} is paid whatever is achieved; there is nothing to draw.")
    measured = outcome.kind in ("change", "level")
    return _measure(case, rule, outcome) if measured else _count(case, rule, outcome)


def _outcome_of(case: Case, rule: Rule) -> str | None:
    """The outcome that a rule pays on, that opens its gate, or that the rules it takes a share of pay on."""
    if not isinstance(rule, ShareOfSum):
        return rule.outcome
    if rule.gate is not None:
        return rule.gate.outcome
    others = [item for item in case.deal.payments if item.id in (rule.of.payments or ())]
    return _outcome_of(case, others[0]) if others else None


def _saving(case: Case, name: str) -> Driver:
    now = sum(float(saving.gross[:, 0].sum()) for saving in run(case).savings if saving.saving == name)
    value = f"forecast.savings.{name}.unit_value"
    return Driver(name, case.currency, False, now, 0.0, 2 * now, scaled={value: float(_now(case, value))})


def _starts(case: Case) -> Driver:
    numbers = Numbers(case)
    paths = [f"forecast.cohorts.{item.id}.{_people(item)}" for item in case.forecast.cohorts]
    scaled = {
        path: float(_now(case, path)) for path in numbers.paths if path.split("[")[0] in paths
    }  # fmt: skip
    now = sum(float(group.starts[:, 0].sum()) for group in run(case).groups)
    return Driver("starts", "starts", False, now, 0.0, 2 * now, scaled=scaled)


def _people(cohort: object) -> str:
    return "starts" if getattr(cohort, "starts", None) else "referrals"


def _count(case: Case, rule: Rule, outcome: OutcomeMeasured) -> Driver:
    """A count, a quantity or a rate moves in proportion to what is expected of each start, or has happened."""
    scaled = _rates(case, outcome)
    now = _achieved(run(case), outcome)
    if not now:
        scaled = dict.fromkeys(scaled, 1.0)
        now = _achieved(run(case, {path: np.ones(1) for path in scaled}), outcome)
    fraction, reach = outcome.kind == "rate", max([2 * now, *(1.25 * at for at in edges_of(rule))])
    return Driver(
        outcome.id, outcome.unit, fraction, now, 0.0, min(reach, 1.0) if fraction else reach, scaled=scaled
    )  # fmt: skip


def _rates(case: Case, outcome: OutcomeMeasured) -> dict[str, float]:
    """The numbers that say how much comes of each start, and what has happened."""
    lines = [item for item in case.forecast.outcomes if item.of == outcome.id]
    paths = [f"forecast.outcomes.{item.id}.{'net' if item.per_start is None else 'per_start'}" for item in lines]
    return {path: float(_now(case, path)) for path in [*paths, *_actuals(case, outcome.id)]}


def _achieved(found: Run, outcome: OutcomeMeasured) -> float:
    """The count; for a rate, the share of all who started."""
    total = sum(float(rows[:, 0].sum()) for rows in found.outcomes[outcome.id].counted.values())
    if outcome.kind != "rate":
        return total
    return total / sum(float(group.starts[:, 0].sum()) for group in found.groups)


def _measure(case: Case, rule: Rule, outcome: OutcomeMeasured) -> Driver:
    """A change or a level is put at the level itself, of every cohort and on every date."""
    lines = [item for item in case.forecast.outcomes if item.of == outcome.id]
    direct = [f"forecast.outcomes.{item.id}.change" for item in lines if item.change is not None]
    direct += [f"forecast.outcomes.{item.id}.levels[{i}].value" for item in lines for i in range(len(item.levels))]
    pooled = run(case).outcomes[outcome.id].pooled()
    now = 0.0 if pooled is None else float(np.ravel(pooled[1])[0])
    edges = edges_of(rule)
    lowest, highest = min([0.0, *edges]), max([1.6 * now, *(1.25 * at for at in edges), 0.01])
    relative = (outcome.kind == "level" and highest <= 1) or (outcome.change == "relative" and outcome.kind == "change")
    return Driver(
        outcome.id, outcome.unit, relative, now, lowest - 0.25 * (highest - lowest) * (lowest < 0), highest,
        (*direct, *_actuals(case, outcome.id)), mirrored=_mirrored(case, outcome),
    )  # fmt: skip


def _mirrored(case: Case, outcome: OutcomeMeasured) -> dict[str, tuple[float, float]]:
    """Lines that state both sides of a change: the gross that gives a level is the other side plus so much of it."""
    sign, found = (1.0 if outcome.good == "more" else -1.0), {}
    for item in case.forecast.outcomes:
        if item.of == outcome.id and item.per_start is not None:
            stated = outcome.baseline or item.counterfactual
            other = stated.value if stated is not None else 0.0
            found[f"forecast.outcomes.{item.id}.per_start"] = (
                other, sign * (other if outcome.change == "relative" else 1.0),
            )  # fmt: skip
    return found


def _actuals(case: Case, outcome: str) -> list[str]:
    return [f"actuals.outcomes[{i}].value" for i, item in enumerate(case.actuals.outcomes) if item.outcome == outcome]


def _now(case: Case, path: str) -> float:
    return float(np.ravel(Numbers(case)[path])[0])


def edges_of(rule: Rule) -> list[float]:
    """The levels that the rule itself names: its points, and its gate."""
    gate = rule.gate
    tests = [] if gate is None else [test.value for test in (gate.at_least, gate.pooled_at_least) if test is not None]
    return [point.at.value for point in rule.points] + tests if isinstance(rule, Banded) else tests
