"""Correlations that cannot be, and distributions that go where their number cannot."""

from __future__ import annotations

from collections.abc import Iterator

from sib.assumption import Assumption
from sib.case import Case
from sib.consistency.told import Contradiction
from sib.forecast.correlations import Correlation, impossible_together
from sib.problems import nearest
from sib.terms import terms_in


def correlations_name_uncertain_numbers(case: Case) -> Iterator[Contradiction]:
    """Each path must lead to an assumption with a range or a distribution."""
    uncertain = [path for path, term in terms_in(case) if isinstance(term, Assumption) and term.is_uncertain]
    for i, item in enumerate(case.forecast.correlations):
        for path in item.between:
            if path not in uncertain:
                near = nearest(path, uncertain)
                hint = f"did you mean {near!r}?" if near else "give that number a low and a high, or name another."
                yield _at(i, "between"), f"{path!r} is not an assumption with a range; {hint}"


def no_pair_is_correlated_twice(case: Case) -> Iterator[Contradiction]:
    """A pair has one correlation."""
    seen: set[frozenset[str]] = set()
    for i, item in enumerate(case.forecast.correlations):
        pair = frozenset(item.between)
        if pair in seen:
            yield _at(i, "between"), f"the correlation of {_told(item)} is written twice; keep one."
        seen.add(pair)


def correlations_can_hold_together(case: Case) -> Iterator[Contradiction]:
    """The matrix of all of them must be one: two that move with a third cannot move freely of each other."""
    impossible = impossible_together(case.forecast.correlations)
    if impossible:
        place = next(i for i, item in enumerate(case.forecast.correlations) if item is impossible[0])
        pairs = "; ".join(f"{_told(item)} at {item.value:g}" for item in impossible)
        yield _at(place, "value"), f"these correlations cannot hold together: {pairs}. Bring one of them nearer to 0."


def rates_stay_below_one(case: Case) -> Iterator[Contradiction]:
    """A share of a cohort is at most one, in what was seen elsewhere and in the tail of a distribution too."""
    rates = {item.id for item in case.deal.outcomes if item.kind == "rate"}
    for item in (one for one in case.forecast.outcomes if one.of in rates):
        for name, number in (("per_start", item.per_start), ("counterfactual", item.counterfactual)):
            why = "" if number is None else _beyond_one(number)
            if why:
                yield f"forecast.outcomes.{item.id}.{name}", f"{item.of!r} is a rate, which is at most 1; {why}."


def _beyond_one(number: Assumption) -> str:
    """Why a number may be drawn above one; nothing where it cannot, or where its ends are told elsewhere."""
    if number.values and max(number.values) > 1:
        return f"{max(number.values):g} was written among its values"
    try:
        number.model_copy().within(0, 1)
    except ValueError as error:
        return str(error)
    return ""


def _at(place: int, key: str) -> str:
    return f"forecast.correlations[{place}].{key}"


def _told(item: Correlation) -> str:
    return " and ".join(item.between)


CHECKS = (
    correlations_name_uncertain_numbers,
    no_pair_is_correlated_twice,
    correlations_can_hold_together,
    rates_stay_below_one,
)
