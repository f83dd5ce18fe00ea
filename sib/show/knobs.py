"""Which numbers of a case may be turned, what they are called, and the case run with some of them turned."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from pydantic import ValidationError

from sib.appraisal import Result
from sib.assumption import Assumption
from sib.case import Case
from sib.cashflow.run import run
from sib.consistency import contradictions
from sib.files.messages import problems_of
from sib.files.reader import Document
from sib.numbers import terms_in
from sib.paths import replaced
from sib.problems import CaseError, Problem
from sib.show import formats
from sib.show.knob_names import Named, named_assumption, named_terms

EXPECTED, OTHER_EXPECTED = "What is expected", "Expected, without a range"
GROUPS = (EXPECTED, "Prices, gates and caps", "Capital and guarantees", OTHER_EXPECTED)

# Shares that sum to one can't be turned one by one.
PART_OF_A_WHOLE = re.compile(r"\.segments\.|\.delay\[|^forecast\.bundles\.[^.]+\.share$")

TOO_LARGE = Problem(None, None, "", "These numbers are too large to reckon with; write smaller ones.")


@dataclass(frozen=True)
class Knob:
    """One number that may be turned: where it is, what it is called, how far and in what steps it goes.

    `low` and `high` are None where the number has no natural range. Everything is in the case's own terms, a
    fraction as a fraction; `shown` and `meant` lead to the figure that a person reads and back.
    """

    path: str
    label: str
    value: float
    low: float | None
    high: float | None
    step: float
    unit: str
    group: str

    @property
    def scale(self) -> float:
        """How many of the unit that is shown make one: 100 for a percentage."""
        return 100.0 if self.unit.startswith("%") else 1.0

    def shown(self, number: float) -> float:
        """The figure that a person reads: 79 for 0.79, where the unit is %."""
        return round(number * self.scale, 10)

    def meant(self, shown: float) -> float:
        """The number that a person means: 0.79 for 79, where the unit is %."""
        return shown / self.scale

    def written(self, number: float) -> str:
        """The number with its unit: `79 %`, `USD 25,265 per quarter`."""
        figure, (first, _, rest) = formats.exact(self.shown(number)), self.unit.partition(" ")
        money = re.fullmatch("[A-Z]{3}", first)
        return f"{first} {figure} {rest}".strip() if money else f"{figure} {self.unit}".strip()

    @property
    def positions(self) -> tuple[float, ...]:
        """Where a slider may stand: round steps, both ends of the range, and exactly the case's own number."""
        if self.low is None or self.high is None:
            return (self.value,)
        first, last = math.ceil(self.low / self.step), math.floor(self.high / self.step)
        steps = {float(f"{n * self.step:.12g}") for n in range(first, last + 1)}
        inside = {number for number in steps if self.low <= number <= self.high}
        return tuple(sorted(inside | {self.low, self.value, self.high}))


def knobs_of(case: Case, ranges: Case | None = None) -> tuple[Knob, ...]:
    """The numbers of a case that may be turned, group by group.

    Every assumption with a range, the terms' prices, gates and caps, the capital, and assumptions without a range.
    Under a scenario, `ranges` is the case without it: a scenario's number may have lost its range.
    """
    wide = {path: term for path, term in terms_in(ranges or case) if isinstance(term, Assumption) and term.has_range}
    found = [*_expected(case, wide), *(_knob(item, None, None) for item in named_terms(case))]
    return tuple(sorted(found, key=lambda knob: GROUPS.index(knob.group)))


def _expected(case: Case, wide: Mapping[str, Assumption]) -> Iterator[Knob]:
    for path, term in terms_in(case):
        if not isinstance(term, Assumption) or PART_OF_A_WHOLE.search(path):
            continue
        low, high = _range(term, wide.get(path))
        # A long list of plain numbers, one for each period, is a table and no set of knobs.
        if low is None and "[" in path:
            continue
        yield _knob(named_assumption(case, path, term, OTHER_EXPECTED if low is None else EXPECTED), low, high)


def _range(term: Assumption, wide: Assumption | None) -> tuple[float | None, float | None]:
    """The number's own range, else the one it has without the scenario, stretched to hold it."""
    ranged = term if term.has_range else wide
    if ranged is None or ranged.low is None or ranged.high is None:
        return None, None
    return min(ranged.low, term.value), max(ranged.high, term.value)


def _knob(named: Named, low: float | None, high: float | None) -> Knob:
    span = abs(named.value) if low is None or high is None else high - low
    return Knob(named.path, named.label, named.value, low, high, step_of(span), named.unit, named.group)


def step_of(span: float) -> float:
    """About a hundredth of the span, as 1, 2 or 5 times a power of ten; 0.01 for none."""
    if span <= 0:
        return 0.01
    power = 10.0 ** math.floor(math.log10(span / 100))
    return float(f"{next(power * n for n in (1, 2, 5, 10) if power * n >= span / 100 * (1 - 1e-9)):.3g}")


def turned(case: Case, values: Mapping[str, float], scenario: str | None = None) -> Result:
    """The case run with some of its numbers turned; `scenario` is the name that the result bears.

    Raises CaseError, one sentence for each mistake, where the numbers cannot be.
    """
    changed = _checked(case, values)
    try:
        with np.errstate(over="raise", invalid="raise"):
            return Result(changed, scenario, run(changed))
    except FloatingPointError:
        raise CaseError(TOO_LARGE) from None


def _checked(case: Case, values: Mapping[str, float]) -> Case:
    """The case with numbers replaced by path, checked as a file is."""
    if not values:
        return case
    data = case.data()
    for path, value in values.items():
        data, _ = replaced(data, path, value)
    try:
        changed = type(case).from_data(data)
    except ValidationError as error:
        raise CaseError(problems_of(error, Document(data), type(case))) from None
    found = [Problem(None, None, path, message) for path, message in contradictions(changed)]
    if found:
        raise CaseError(found)
    return changed
