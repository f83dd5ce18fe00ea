"""Which numbers move a quantity: each is nudged, all together in one run, and the quantity read again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from sib.appraisal import Result
from sib.assumption import Assumption, Term
from sib.cashflow.run import run
from sib.explanation.columns import scenario_of, with_number
from sib.explanation.quantities import Answer, same_in
from sib.explanation.values import NumberBehind
from sib.numbers import terms_in
from sib.paths import Loc, leaves

NEAR, FAR = 0.01, 0.10
# Weights hold for all scenarios of a run, so that each of them has to run by itself.
ALONE = ".profile["
# Parts of one whole.
WHOLES = (".paid_by.", ".saved_by.", ".investor.", ".surplus.", ".over_cap.")
# What the solver of a rate and long sums leave.
ROUNDING = 1e-9


@dataclass(frozen=True)
class Nudged:
    """One number of the case, and the whole appraisal at 1 % below and above it and at the ends of its range."""

    path: str
    term: Term
    source_title: str
    answers: tuple[Answer, ...]


def nudged(result: Result) -> list[Nudged]:
    """Every number that somebody wrote in the case, with its four appraisals, in the order of the file."""
    terms = [(path, term) for path, term in terms_in(result.case) if not _understood(path, term)]
    asked = [(path, value) for path, term in terms for value in nudges_of(term)]
    answers = iter(_answers(result, asked))
    titles = {source.id: source.title for source in result.case.sources}
    return [
        Nudged(path, term, titles.get(term.source or "", ""), tuple(next(answers) for _ in nudges_of(term)))
        for path, term in terms
    ]


def nudges_of(term: Term) -> tuple[float, float, float, float]:
    """1 % lower, 1 % higher, then the ends of its range: as written, else 10 % either way."""
    size = abs(term.value) or 1.0
    low, high = getattr(term, "low", None), getattr(term, "high", None)
    return (
        term.value - NEAR * size,
        term.value + NEAR * size,
        term.value - FAR * size if low is None else low,
        term.value + FAR * size if high is None else high,
    )


def numbers_behind(place: Loc, answer: Answer, found: list[Nudged], noise: float) -> list[NumberBehind]:
    """The numbers that move the quantity at a place by more than `noise`: at once first, then those further on."""
    behind = [_behind(one, place, answer, noise) for one in found]
    return sorted((one for one in behind if one is not None), key=lambda one: one.only_further)


def _behind(one: Nudged, place: Loc, answer: Answer, noise: float) -> NumberBehind | None:
    base = same_in(answer, answer, place)
    values = [same_in(other, answer, place) for other in one.answers]
    moved = [_differs(base, value, noise) for value in values]
    if not any(moved):
        return None
    term = one.term
    return NumberBehind(
        one.path, _kind(one), term.value, term.unit, getattr(term, "low", None), getattr(term, "high", None),
        term.source, one.source_title, term.grade, term.note, not any(moved[:2]), *values,
    )  # fmt: skip


def _kind(one: Nudged) -> Any:
    if one.path.startswith("actuals."):
        return "actual"
    return "assumption" if isinstance(one.term, Assumption) else "term"


def _differs(base: Any, value: Any, noise: float) -> bool:
    """Whether two values are not the same but for rounding."""
    if isinstance(base, bool) or not isinstance(base, int | float) or not isinstance(value, int | float):
        return bool(base != value)
    return bool(abs(base - value) > max(noise, ROUNDING * abs(base)))


def _understood(path: str, term: Term) -> bool:
    """The `1` of a price for one, which nobody wrote; and shares of a whole, of which none can move alone."""
    return any(whole in path for whole in WHOLES) or (path.endswith(".per") and term.value == 1 and term.source is None)


def _answers(result: Result, asked: list[tuple[str, float]]) -> Iterator[Answer]:
    """The appraisal with each number in turn put in place, from one run of all of them as scenarios."""
    together = run(result.case, _draws(result, asked))
    trusted = _alike(Result(result.case, result.scenario, scenario_of(together, 0, result.case)), result)
    for column, (path, value) in enumerate(asked, start=1):
        case = with_number(result.case, path, value)
        apart = trusted and ALONE not in path
        one = scenario_of(together, column, case) if apart else run(case)
        yield Result(case, result.scenario, one).as_dict()


def _draws(result: Result, asked: list[tuple[str, float]]) -> dict[str, Any]:
    """A row for each number: its own value in the first scenario and in all but those that nudge it."""
    terms = dict(terms_in(result.case))
    rows = {path: np.full(len(asked) + 1, terms[path].value) for path, _ in asked if ALONE not in path}
    for column, (path, value) in enumerate(asked, start=1):
        if path in rows:
            rows[path][column] = value
    return rows


def _alike(one: Result, other: Result) -> bool:
    """Whether two appraisals say the same, residuals aside."""
    first, second = (
        {path: value for path, value in leaves(result.as_dict()) if not path.startswith("residuals.")}
        for result in (one, other)
    )
    noise = other.residual_tolerance
    return first.keys() == second.keys() and not any(_differs(first[path], second[path], noise) for path in first)
