"""Draws of every uncertain number of a case, by path: correlated where the case says so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import numpy as np

from sib.assumption import Assumption
from sib.case import Case
from sib.cashflow.activity import Rows
from sib.cashflow.sampling import error_path
from sib.forecast.correlations import named_in, normal_matrix
from sib.numbers import Row, terms_of
from sib.risk.distributions import quantile_of
from sib.risk.streams import Points

# Shares that sum to one: of the segments of a cohort, of bundles, of the parts of a delay.
_PARTS_OF_A_WHOLE = re.compile(
    r"(forecast\.(?:cohorts\.[^.]+\.segments|bundles|outcomes\.[^.]+\.delay))[.\[][^.]+\.share"
)

# So many errors of measurement are spread evenly with the numbers; more are drawn.
MOST_ERRORS = 32


def uncertain_numbers(case: Case) -> dict[str, Assumption]:
    """Every assumption that has a range or a distribution, by path, in the order of the file."""
    return {path: term for path, term in terms_of(case) if isinstance(term, Assumption) and term.is_uncertain}


def errors_of(case: Case) -> list[str]:
    """The errors of measurement that a simulation draws, by the path of their stream; none where they are many."""
    found = []
    for item in case.forecast.outcomes:
        if item.standard_error is not None:
            cohorts = item.cohorts or tuple(cohort.id for cohort in case.forecast.cohorts)
            whose = [f"levels[{i}]" for i in range(len(item.levels))] or list(cohorts)
            found += [error_path(f"forecast.outcomes.{item.id}", name) for name in whose]
    return found if len(found) <= MOST_ERRORS else []


def draws_of(case: Case, points: Points, first: int, count: int) -> dict[str, Row]:
    """A row of draws for each uncertain number, for `count` scenarios from `first`.

    Shares of one whole, of which any is uncertain, are scaled so that they still sum to one.
    """
    numbers = list(uncertain_numbers(case))
    return _draws_at(case, points.between(first, count, numbers))


def draws_and_deviates(case: Case, points: Points, first: int, count: int) -> tuple[dict[str, Row], dict[str, Row]]:
    """The same, and a normal deviate for each error of measurement, spread evenly together with the numbers."""
    from scipy.special import ndtri

    numbers, errors = list(uncertain_numbers(case)), errors_of(case)
    chances = points.between(first, count, [*numbers, *errors])
    return _draws_at(case, chances[: len(numbers)]), dict(zip(errors, ndtri(chances[len(numbers) :]), strict=True))


def _draws_at(case: Case, chances: Rows) -> dict[str, Row]:
    """The uncertain numbers at these chances, (numbers, scenarios)."""
    numbers = uncertain_numbers(case)
    chances = _correlated(case, list(numbers), chances)
    drawn = {path: quantile_of(number)(chances[i]) for i, (path, number) in enumerate(numbers.items())}
    counts = {path: np.maximum(drawn[path], 0.0) for path in _counts(case) if path in drawn}
    return drawn | counts | still_whole(case, drawn)


def _counts(case: Case) -> Iterator[str]:
    """What comes of a start and is no quantity: the tail of a distribution must not take it below nothing."""
    quantities = {outcome.id for outcome in case.deal.outcomes if outcome.kind == "quantity"}
    for item in case.forecast.outcomes:
        if item.of not in quantities:
            yield from (f"forecast.outcomes.{item.id}.{name}" for name in ("per_start", "counterfactual"))


def _correlated(case: Case, paths: list[str], chances: Rows) -> Rows:
    """The points with the rank correlations of the case put in by a Gaussian copula."""
    names = named_in(case.forecast.correlations)
    if not names:
        return chances
    from scipy.special import ndtr, ndtri

    rows = [paths.index(name) for name in names]
    least = np.finfo(float).eps
    root = _root(normal_matrix(case.forecast.correlations))
    chances = chances.copy()
    deviates = ndtri(chances[rows])
    # One row after another, so that a scenario's sum is the same in a block of any size.
    mixed = [sum((weight * row for weight, row in zip(line, deviates, strict=True)), 0.0) for line in root]
    chances[rows] = np.clip(ndtr(np.stack(mixed)), least, 1 - least)
    return chances


def _root(matrix: Rows) -> Rows:
    """A lower triangle whose square is the matrix; the matrix may be singular (two numbers that move as one)."""
    values, vectors = np.linalg.eigh(matrix)
    _, upper = np.linalg.qr((vectors * np.sqrt(np.maximum(values, 0.0))).T)
    return np.asarray(upper.T * np.where(np.diag(upper) < 0, -1.0, 1.0))


def still_whole(case: Case, drawn: Mapping[str, Row]) -> dict[str, Row]:
    """The shares of each whole of which one is drawn, scaled so that they sum to one."""
    scaled: dict[str, Row] = {}
    for parts in wholes_of(case):
        if any(path in drawn for path in parts):
            total = sum(drawn.get(path, value) for path, value in parts.items())
            scaled |= {path: np.asarray(drawn.get(path, value) / total) for path, value in parts.items()}
    return scaled


def wholes_of(case: Case) -> list[dict[str, float]]:
    """Shares that sum to one, by path, a map for each whole."""
    groups: dict[str, dict[str, float]] = {}
    for path, term in terms_of(case):
        found = _PARTS_OF_A_WHOLE.fullmatch(path)
        if found:
            groups.setdefault(found[1], {})[path] = term.value
    return list(groups.values())
