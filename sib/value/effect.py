"""How much of its forecast effect a service has: a case at a share of it, through the door for numbers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sib.case import Case
from sib.forecast.outcomes import OutcomeExpected
from sib.numbers import Row


def effect_draws(case: Case, shares: Row) -> dict[str, Row]:
    """A row for each number that holds an effect, so that each scenario has that share of it.

    Nought is no effect at all: what happens is what would have happened anyway. One is the forecast. Actuals stay.
    """
    shares = np.asarray(shares, float)
    lines = (line for item in case.forecast.outcomes for line in _lines_of(case, item))
    return {path: without + shares * effect for path, without, effect in lines if effect}


def _lines_of(case: Case, item: OutcomeExpected) -> Iterator[tuple[str, float, float]]:
    """Path, what it is without any effect, and the whole effect."""
    at = f"forecast.outcomes.{item.id}"
    for name, term in (("net", item.net), ("change", item.change)):
        if term is not None:
            yield f"{at}.{name}", 0.0, term.value
    for i, level in enumerate(item.levels):
        without = _anyway(case, item)
        yield f"{at}.levels[{i}].value", without, level.value.value - without
    if item.per_start is not None:
        without = _anyway(case, item)
        yield f"{at}.per_start", without, item.per_start.value - without


def _anyway(case: Case, item: OutcomeExpected) -> float:
    """The counterfactual, else the contract's baseline; nothing where neither is stated."""
    if item.counterfactual is not None:
        return item.counterfactual.value
    baseline = next(outcome.baseline for outcome in case.deal.outcomes if outcome.id == item.of)
    return baseline.value if baseline is not None else 0.0
