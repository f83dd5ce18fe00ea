"""Puts an explanation together: the value, how it is read, and which numbers move it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from sib.appraisal import Result, appraise
from sib.case import Case
from sib.explanation.flows import counted
from sib.explanation.nudging import ROUNDING, Nudged, nudged, numbers_behind
from sib.explanation.quantities import Answer, place_of, quantities_in, value_of
from sib.explanation.readings import Reading, reading_of
from sib.explanation.returns import alternatives
from sib.explanation.rules import cuts_of, rules_used, written_terms
from sib.explanation.units import unit_of
from sib.explanation.values import Explanation, FlowCounted, NumberBehind, TermRead
from sib.paths import Loc


def explain(case: Case, quantity: str, scenario: str | None = None) -> Explanation:
    """Where a quantity of a case's appraisal comes from; CaseError with the nearest for an unknown one.

    `quantity` is a dotted path of the appraisal's JSON: `payments.by_rule.learning`.
    """
    return Explainer(appraise(case, scenario)).explain(quantity)


class Explainer:
    """Explains one appraisal; the nudged runs are made once, when they are first needed."""

    def __init__(self, result: Result) -> None:
        self.result = result
        self.answer: Answer = result.as_dict()

    @property
    def quantities(self) -> list[str]:
        """Everything that can be explained."""
        return quantities_in(self.answer)

    @cached_property
    def _nudged(self) -> list[Nudged]:
        return nudged(self.result)

    @cached_property
    def _written(self) -> list[TermRead]:
        return written_terms(self.result.case)

    def explain(self, quantity: str) -> Explanation:
        """Where one quantity comes from; CaseError with the nearest for an unknown one."""
        value, place = value_of(self.answer, quantity), place_of(self.answer, quantity)
        reading, unit = reading_of(self.result, place), unit_of(self.result, place, value)
        flows = counted(self.result, reading.counting)
        rules = self._rules(reading, flows)
        numbers = self._numbers(place, unit)
        sums = reading.counting is not None and reading.counting.sums and isinstance(value, float)
        return Explanation(
            quantity, value, unit, reading.formula, flows, sums, rules_used(self.result, rules, self._written), numbers,
            cuts_of(self.result, rules, self._written), tuple(_notes(self.result, place, value, numbers)),
            alternatives(self.result, place),
        )  # fmt: skip

    def _rules(self, reading: Reading, flows: Sequence[FlowCounted]) -> list[str]:
        return list(dict.fromkeys([*reading.rules, *(row.rule for row in flows if row.rule is not None)]))

    def _numbers(self, place: Loc, unit: str) -> tuple[NumberBehind, ...]:
        """A residual is rounding, so that nothing moves it."""
        if place[0] == "residuals":
            return ()
        noise = self.result.residual_tolerance if unit == self.result.case.currency else ROUNDING
        return tuple(numbers_behind(place, self.answer, self._nudged, noise))


def _notes(result: Result, place: Loc, value: object, numbers: Sequence[NumberBehind]) -> Iterator[str]:
    if value is None:
        yield "There is no such number here: the case does not state what it needs, or nothing of the kind happens."
    if result.payments.upper_bound and place[0] != "residuals":
        yield "A cap per person was applied to the average person: payments are the most that may come of it."
    if not numbers and place[0] not in ("residuals", "case", "scenario", "currency"):
        yield "No number of the case moves it within 10 % or its range; dates and words of the contract may."
    if any(number.only_further for number in numbers):
        yield "Numbers marked 'only further on' move it once they are far enough off, past a step, a gate or a cap."
    replaced = sorted({item.outcome for item in result.case.actuals.outcomes})
    if replaced and any(number.kind == "actual" for number in numbers):
        yield f"What has happened stands in place of what was expected of {', '.join(map(repr, replaced))}."
