"""Measurements of several cohorts taken together, and which of their errors a rule's trigger reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sib.deal.payments import Banded, Rule
from sib.risk.measured import Measured
from sib.risk.measurement import power_of_test


@dataclass(frozen=True)
class Pooled:
    """The measure of all cohorts together: its level, effect, standard error and the power of a test on it."""

    level: float
    effect: float | None
    error: float
    power: float | None
    one_person: float | None


def pooled_of(made: Sequence[Measured]) -> Pooled:
    """All measurements together, each with its weight; the errors of cohorts are independent."""
    if len(made) == 1:
        only = made[0]
        return Pooled(only.level, only.effect, only.error, only.power, only.one_person)
    weights = np.array([item.weight for item in made])
    shares = weights / weights.sum() if weights.sum() > 0 else np.full(len(made), 1 / len(made))
    errors = np.array([item.error for item in made])
    # Levels are read one by one; a measure of cohorts is pooled.
    error = float(errors.max()) if made[0].cohort is None else float(np.sqrt(np.sum((shares * errors) ** 2)))
    effects = [item.effect for item in made if item.effect is not None]
    effect = float(shares @ effects) if len(effects) == len(made) else None
    people = sum(item.people for item in made)
    one = [item.one_person * item.people / people for item in made if item.one_person is not None and people]
    power = _power(effect, error, made)
    return Pooled(float(shares @ [item.level for item in made]), effect, error, power, min(one, default=None))


def _power(effect: float | None, error: float, made: Sequence[Measured]) -> float | None:
    """Of the test on all cohorts; its error where nothing is changed is larger or smaller by as much as theirs."""
    if not effect or error <= 0 or any(item.power is None for item in made):
        return None
    return float(power_of_test(effect, error))


def reads_each_cohort(rule: Rule, made: Sequence[Measured]) -> bool:
    """Whether every cohort is held against the trigger by itself."""
    if len(made) < 2 or made[0].cohort is None:
        return False
    if isinstance(rule, Banded):
        return rule.measured_over == "each cohort"
    return rule.gate is not None and rule.gate.at_least is not None


def errors_read(rule: Rule, pooled: Pooled, made: Sequence[Measured]) -> tuple[float, float]:
    """The least and the largest standard error that the rule's trigger reads: each cohort's, or the pooled one."""
    errors = [item.error for item in made] if reads_each_cohort(rule, made) else [pooled.error]
    return min(errors), max(errors)


def one_person_moves(rule: Rule, pooled: Pooled, made: Sequence[Measured]) -> float | None:
    """How far one more person or event moves what the trigger reads: the smallest cohort's measure, or that of all."""
    if not reads_each_cohort(rule, made):
        return pooled.one_person
    return max((item.one_person for item in made if item.one_person is not None), default=None)


def power_read(rule: Rule, pooled: Pooled, made: Sequence[Measured]) -> float | None:
    """The power of the test on what the trigger reads: the weakest cohort's, or the pooled one's."""
    powers = [item.power for item in made if item.power is not None]
    if not reads_each_cohort(rule, made):
        return pooled.power
    return min(powers) if len(powers) == len(made) else None
