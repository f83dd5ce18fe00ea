"""What an uncertain measurement does to a payment: how often it is paid for nothing, unpaid for a real effect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from sib.case import Case
from sib.deal.outcomes import OutcomeMeasured
from sib.deal.payments import Banded, Rule, ShareOfSum
from sib.risk.expected_payment import FAR, pieces_along
from sib.risk.measured import Measured, by_cohort, measured_in
from sib.risk.measurement import chance_of_reaching
from sib.risk.pooling import errors_read, one_person_moves, pooled_of, power_read, reads_each_cohort
from sib.risk.under_error import Paid, draws, paid_under_error, payments
from sib.value.payment_curve import Cliff, PaymentCurve, payment_curve
from sib.value.payment_driver import edges_of, outcome_of

# Levels between which a payment is taken as a straight line, jumps apart.
LEVELS = 321
FIRST_ORDER = (
    "the error of a ratio to the first order (delta method), so that chances are off by some points where controls are "
    "few: that of a payment for nothing too high where less is good, too low where more is"
)


@dataclass(frozen=True)
class PaymentRisk:
    """One rule that pays on a change, a rate or a level. Money is nominal, chances are fractions.

    `level` is the true effect that is expected, of all cohorts pooled, `error` its standard error, `errors` that of
    each cohort; `read` are the least and the largest of the errors that the rule's own trigger reads, and `power` is
    that of a two-sided test at 5 % on it (the weakest cohort's). `paid_for_nothing` is the chance of any payment where
    the service does nothing, `unpaid_for_effect` that of none at the true effect. `expected` and `spread` (standard
    deviation) are of the payment at the true effect; `at_mean` is paid if it is measured without error. None, with a
    `reason`, where the case does not say enough. `one_person` is how far one more person or event moves the measure
    that the trigger reads. `of_one` is the same pair of chances for a single cohort, the likelier and the likelier of
    all, where the rule holds each against its trigger by itself.
    """

    rule: str
    outcome: str
    unit: str
    fraction: bool = False
    trigger: float | None = None
    level: float | None = None
    error: float | None = None
    errors: Mapping[str, float] = field(default_factory=dict)
    read: tuple[float, float] | None = None
    people: float | None = None
    controls: float | None = None
    power: float | None = None
    paid_for_nothing: float | None = None
    unpaid_for_effect: float | None = None
    expected: float | None = None
    spread: float | None = None
    at_mean: float | None = None
    one_person: float | None = None
    of_one: tuple[float, float] | None = None
    cliffs: tuple[Cliff, ...] = ()
    notes: tuple[str, ...] = ()
    reason: str = ""

    def as_dict(self) -> dict[str, float | None]:
        """As `sib simulate --json` prints it; the error is the largest that the trigger reads."""
        names = ("power", "paid_for_nothing", "unpaid_for_effect", "expected", "at_mean")
        error = self.error if self.read is None else self.read[1]
        return {"trigger": self.trigger, "error": error} | {name: getattr(self, name) for name in names}


def payment_risks(case: Case) -> tuple[PaymentRisk, ...]:
    """Every rule whose payment rests on a measured change, rate or level, in the order of the deal."""
    kinds = {item.id: item for item in case.deal.outcomes if item.of_cohort}
    found = ((rule, measure_of(case, rule)) for rule in case.deal.payments)
    return tuple(_risk(case, rule, kinds[name]) for rule, name in found if name in kinds and _reads_it(rule))


def measure_of(case: Case, rule: Rule) -> str | None:
    """The measured outcome that a rule pays on, else the one that opens its gate."""
    name = outcome_of(case, rule)
    measured = any(item.id == name and item.of_cohort for item in case.deal.outcomes)
    return name if measured or rule.gate is None else rule.gate.outcome


def _reads_it(rule: Rule) -> bool:
    """Whether the rule itself reads the measure; a share of other payments only follows them."""
    return not isinstance(rule, ShareOfSum) or rule.gate is not None


def _risk(case: Case, rule: Rule, outcome: OutcomeMeasured) -> PaymentRisk:
    fraction = outcome.kind == "rate" or (outcome.kind == "change" and outcome.change == "relative")
    edges = edges_of(rule)
    blank = PaymentRisk(rule.id, outcome.id, outcome.unit, fraction, min(edges, default=None))
    split = by_cohort(case, outcome.id)
    try:
        made = measured_in(split, outcome.id)
        # What only opens a gate is not what the rule's own payment moves with.
        curve = payment_curve(split, rule.id) if outcome_of(case, rule) == outcome.id else None
    except ValueError as error:
        return PaymentRisk(**{**vars(blank), "reason": str(error)})
    trigger = _trigger(rule, made)
    pooled = pooled_of(made)
    true, nothing, at_mean = _paid(split, rule, made)
    real = pooled.effect is not None and pooled.effect > 0
    sizes = [item.controls for item in made]
    return PaymentRisk(
        **{
            **vars(blank),
            "trigger": trigger,
            "level": pooled.level,
            "error": pooled.error,
            "errors": {item.cohort: item.error for item in made if item.cohort is not None},
            "people": sum(item.people for item in made) or None,
            "controls": None if np.isinf(sizes).any() else sum(sizes),
            "read": errors_read(rule, pooled, made),
            "power": power_read(rule, pooled, made),
            "paid_for_nothing": None if nothing is None else nothing.chance,
            "unpaid_for_effect": 1 - true.chance if real else None,
            "expected": true.expected,
            "spread": true.spread,
            "at_mean": at_mean,
            "one_person": one_person_moves(rule, pooled, made),
            "of_one": _of_one(rule, made, trigger),
            "cliffs": () if curve is None else _cliffs(curve, outcome, pooled.level),
            "notes": _notes(case, outcome, pooled.effect),
        }
    )


def _cliffs(curve: PaymentCurve, outcome: OutcomeMeasured, level: float) -> tuple[Cliff, ...]:
    """The jumps by what is measured: of a rate that is what is accepted, where the curve goes by what is achieved."""
    part = level / curve.driver.now if outcome.kind == "rate" and curve.driver.now else 1.0
    return tuple(replace(cliff, at=cliff.at * part) for cliff in curve.cliffs)


def _trigger(rule: Rule, made: Sequence[Measured]) -> float | None:
    """The least level that pays, of what `read` is the error of: each cohort's own gate, or all that the rule names."""
    if rule.gate is not None and rule.gate.at_least is not None and reads_each_cohort(rule, made):
        return rule.gate.at_least.value
    return min(edges_of(rule), default=None)


def _of_one(rule: Rule, made: Sequence[Measured], trigger: float | None) -> tuple[float, float] | None:
    """Paid for nothing, and unpaid for its effect: a single cohort's chances, the largest of each."""
    if trigger is None or not reads_each_cohort(rule, made):
        return None
    nothing = [float(chance_of_reaching(trigger, _nothing(item), item.error_at_nothing)) for item in made]
    return max(nothing), max(1 - float(chance_of_reaching(trigger, item.level, item.error)) for item in made)


def _notes(case: Case, outcome: OutcomeMeasured, effect: float | None) -> tuple[str, ...]:
    """What was taken where the case does not say."""
    notes = []
    if outcome.kind == "level" and effect is None:
        notes.append("nothing for what a level would be without the service, as it has no baseline")
    own = [item for item in case.forecast.outcomes if item.of == outcome.id]
    stated = any(item.standard_error is not None for item in own)
    if outcome.kind == "change" and outcome.against == "control group" and outcome.controls is None and not stated:
        notes.append("as many controls as participants, as no controls are stated")
    silent = all(item.overdispersion is None and item.standard_error is None for item in own)
    if outcome.kind == "change" and silent:
        notes.append("people and events independent of each other, as no overdispersion is stated: the least error")
    if outcome.kind == "change" and outcome.change == "relative" and outcome.against == "control group" and not stated:
        notes.append(FIRST_ORDER)
    return tuple(notes)


def _paid(case: Case, rule: Rule, made: Sequence[Measured]) -> tuple[Paid, Paid | None, float]:
    """The payment under error at the true effect, where the service does nothing, and at the mean."""
    known = _knows_nothing(made)
    exactly = [
        replace(item, lines={path: replace(line, trials=0) for path, line in item.lines.items()}) for item in made
    ]
    mean = payments(case, [rule.id], draws(exactly, np.zeros((len(made), 1)), "expected"))
    counted = any(line.trials for item in made for line in item.lines.values())
    if len(made) == 1 and not counted and outcome_of(case, rule) == measure_of(case, rule):
        curve = _curve(case, rule, made[0])
        nothing = _under_error(curve, _nothing(made[0]), made[0].error_at_nothing) if known else None
        return _under_error(curve, made[0].level, made[0].error), nothing, float(mean[0])
    without = paid_under_error(case, [rule.id], made, "nothing") if known else None
    return paid_under_error(case, [rule.id], made, "expected"), without, float(mean[0])


def _without_error(made: Sequence[Measured]) -> list[Measured]:
    """The same, with what is expected of people in place of a whole number of them."""
    return [replace(item, lines={path: replace(one, trials=0) for path, one in item.lines.items()}) for item in made]


def _nothing(item: Measured) -> float:
    """The measure where the service does nothing."""
    return item.level - item.effect if item.effect is not None else 0.0


def _curve(case: Case, rule: Rule, item: Measured) -> PaymentCurve:
    """What the rule pays over all levels that the measurement may show."""
    far = FAR * max(item.error, item.error_at_nothing)
    low, high = min(item.level, _nothing(item)) - far, max(item.level, _nothing(item)) + far
    edges = edges_of(rule) if isinstance(rule, Banded) or rule.gate is not None else []
    levels = np.unique([*np.linspace(low, high, LEVELS), *edges, item.level, _nothing(item)])
    return payment_curve(case, rule.id, levels)


def _under_error(curve: PaymentCurve, level: float, error: float) -> Paid:
    pieces = pieces_along(curve.levels, curve.paid)
    return Paid(pieces.expected(level, error), pieces.spread(level, error), pieces.chance(level, error))


def _knows_nothing(made: Sequence[Measured]) -> bool:
    """Whether the case says what would be without the service."""
    return all(line.nothing is not None for item in made for line in item.lines.values())


@dataclass(frozen=True)
class OutcomeRisk:
    """All rules that read one measure together: the chances that any of them pays for nothing, none for the effect."""

    outcome: str
    rules: tuple[str, ...]
    paid_for_nothing: float | None
    unpaid_for_effect: float | None


def outcome_risks(case: Case) -> tuple[OutcomeRisk, ...]:
    """Every measured change, rate or level on which payment rests; those whose error cannot be told are left out."""
    found = []
    for outcome in (item for item in case.deal.outcomes if item.of_cohort):
        rules = tuple(
            rule.id for rule in case.deal.payments if measure_of(case, rule) == outcome.id and _reads_it(rule)
        )
        split = by_cohort(case, outcome.id)
        try:
            made = measured_in(split, outcome.id) if rules else []
        except ValueError:
            continue
        if made:
            found.append(_of_outcome(split, outcome.id, rules, made))
    return tuple(found)


def _of_outcome(case: Case, outcome: str, rules: tuple[str, ...], made: Sequence[Measured]) -> OutcomeRisk:
    effect = pooled_of(made).effect
    nothing = paid_under_error(case, rules, made, "nothing").chance if _knows_nothing(made) else None
    real = effect is not None and effect > 0
    unpaid = 1 - paid_under_error(case, rules, made, "expected").chance if real else None
    return OutcomeRisk(outcome, rules, nothing, unpaid)
