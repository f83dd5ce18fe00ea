"""How likely a measured outcome is paid for, by what the service truly does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sib.case import Case
from sib.cashflow.run import run
from sib.numbers import Row
from sib.risk.measured import Line, Measured, by_cohort, measured_in
from sib.risk.payment_risk import PaymentRisk
from sib.risk.under_error import NOTHING, noise

Yes = NDArray[np.bool_]

# True effects from none to twice the expected one, and errors that are tried at each of them.
EFFECTS, ERRORS = np.linspace(0.0, 2.0, 61), 512
AS_NOTHING, AS_EXPECTED = 0, 30


@dataclass(frozen=True)
class PaidChances:
    """The chance of any payment at each true level of a measure, (levels,), by rule and for all rules `together`.

    Levels go from what is measured where the service does nothing to twice the expected effect; `triggers` are the
    least levels that rules name.
    """

    outcome: str
    fraction: bool
    levels: Row
    by_rule: Mapping[str, Row]
    together: Row
    triggers: Mapping[str, float]

    @property
    def nothing(self) -> tuple[float, float]:
        """The level where the service does nothing, and the chance of a payment for it."""
        return float(self.levels[AS_NOTHING]), float(self.together[AS_NOTHING])

    @property
    def expected(self) -> tuple[float, float]:
        """The expected level, and the chance that it is not paid for."""
        return float(self.levels[AS_EXPECTED]), 1 - float(self.together[AS_EXPECTED])


def paid_chances(case: Case, risks: Sequence[PaymentRisk]) -> tuple[PaidChances, ...]:
    """Every measure on which payment rests, of the case's `payment_risks`.

    Left out where its error, or what would be without the service, is not told, or no good effect is expected.
    """
    known = [risk for risk in risks if risk.error is not None and risk.paid_for_nothing is not None]
    found = []
    for outcome in dict.fromkeys(risk.outcome for risk in known):
        own = [risk for risk in known if risk.outcome == outcome]
        split = by_cohort(case, outcome)
        made = measured_in(split, outcome)
        levels = _levels(made)
        if levels[-1] <= levels[0]:
            continue
        paid = _paid(split, [risk.rule for risk in own], made)
        triggers = {risk.rule: risk.trigger for risk in own if risk.trigger is not None}
        together = np.logical_or.reduce(list(paid.values())).mean(axis=1)
        by_rule = {rule: yes.mean(axis=1) for rule, yes in paid.items()}
        found.append(PaidChances(outcome, own[0].fraction, levels, by_rule, together, triggers))
    return tuple(found)


def _levels(made: Sequence[Measured]) -> Row:
    """The measure of all cohorts together at each effect."""
    weights = np.array([item.weight for item in made])
    shares = weights / weights.sum() if weights.sum() > 0 else np.full(len(made), 1 / len(made))
    level = float(shares @ [item.level for item in made])
    effect = float(shares @ [item.effect or 0.0 for item in made])
    return np.asarray(level + (EFFECTS - 1) * effect)


def _paid(case: Case, rules: Sequence[str], made: Sequence[Measured]) -> dict[str, Yes]:
    """Whether each rule pays anything, (effects, errors)."""
    rows: dict[str, Row] = {}
    for item, errors in zip(made, noise(len(made), ERRORS), strict=True):
        error = np.maximum(0.0, item.error_at_nothing + EFFECTS * (item.error - item.error_at_nothing))
        rows |= {path: _row(line, error, errors) for path, line in item.lines.items()}
    accepted = run(case, rows).payments.accepted
    paid = {rule: np.broadcast_to(accepted[rule].sum(axis=0), EFFECTS.size * ERRORS) for rule in rules}
    return {rule: (row > NOTHING * max(1.0, float(row.max()))).reshape(-1, ERRORS) for rule, row in paid.items()}


def _row(line: Line, error: Row, deviates: Row) -> Row:
    nothing = 0.0 if line.nothing is None else line.nothing
    true = nothing + EFFECTS * (line.expected - nothing)
    return np.ravel(line.at(true[:, None], error[:, None], deviates))
