"""From which version of a case a user may start, and which of its numbers make a difference there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sib.case import Case
from sib.cashflow.by_date import ByDate, Rows
from sib.cashflow.run import Run, run
from sib.forecast.actuals import Actuals
from sib.show.knobs import Knob

FORECAST_ONLY = "forecast only"

# Of an amount; what differs by less is rounding.
ROUNDING = 1e-9


@dataclass(frozen=True)
class Choice:
    """One version of a case to start from: the case as written, a named scenario, or the forecast alone."""

    id: str
    title: str
    case: Case
    scenario: str | None = None


def choices_of(case: Case) -> tuple[Choice, ...]:
    """The case as written, its named scenarios, and the forecast alone where no scenario leaves the actuals out."""
    happened = any(_actuals(case))
    base = Choice("base case", "Base case, with what has happened so far" if happened else "Base case", case)
    named = [Choice(item.id, item.title or item.id, case.in_scenario(item.id), item.id) for item in case.scenarios]
    found = (base, *named)
    if not happened or not all(any(_actuals(choice.case)) for choice in found):
        return found
    alone = case.changed({f"actuals.{name}": [] for name in Actuals.model_fields if getattr(case.actuals, name)})[0]
    return (*found, Choice(FORECAST_ONLY, "Forecast only, without what has happened", alone))


def _actuals(case: Case) -> Iterator[object]:
    return (item for name in Actuals.model_fields for item in getattr(case.actuals, name))


def without_effect(case: Case, knobs: Sequence[Knob]) -> frozenset[str]:
    """The paths of the knobs that, each turned alone as far as it goes, change no outcome, claim or payment.

    All of them are tried in one run, a scenario for each end of each range.
    """
    if not knobs:
        return frozenset()
    tried = [(knob.path, end) for knob in knobs for end in _ends(knob)]
    draws = {knob.path: np.full(len(tried) + 1, knob.value) for knob in knobs}
    for scenario, (path, end) in enumerate(tried, start=1):
        draws[path][scenario] = end
    differs = _differs(run(case, draws))[1:]
    return frozenset(draws) - {path for (path, _), found in zip(tried, differs, strict=True) if found}


def _ends(knob: Knob) -> tuple[float, ...]:
    """How far a knob is turned to see whether it matters; twice and half its value where it has no range."""
    if knob.low is None or knob.high is None:
        return (knob.value * 2, knob.value / 2) if knob.value else (1.0,)
    return knob.low, (knob.low + knob.high) / 2, knob.high


def _differs(done: Run) -> NDArray[np.bool_]:
    """For each scenario, whether anything in it differs from the first scenario."""
    found = np.zeros(done.scenarios, bool)
    for rows in _everything(done):
        if rows.shape[-1] == done.scenarios:
            first = rows[..., :1]
            away = np.abs(rows - first) > ROUNDING * np.maximum(1.0, np.abs(first))
            found |= away.reshape(-1, done.scenarios).any(axis=0)
    return found


def _everything(done: Run) -> Iterator[Rows | ByDate]:
    yield from (rows for _, rows in done.ledger)
    yield from done.payments.claimed.values()
    for outcome in done.outcomes.values():
        yield from outcome.net.values()
        yield from (outcome.gross or {}).values()
        yield from (item.value for item in outcome.measurements)


def advice(choices: Sequence[Choice], chosen: Choice, knobs: Sequence[Knob]) -> dict[str, str]:
    """Why a number that is expected makes no difference, by path: a sentence to stand beside it.

    Only for numbers that what has happened replaces; it names the first version in which they count.
    """
    still = without_effect(chosen.case, knobs)
    if not still or not any(_actuals(chosen.case)):
        return {}
    found: dict[str, str] = {}
    for choice in choices:
        mine = [knob for knob in knobs if knob.path in still - found.keys()]
        if choice is not chosen and mine and _fewer(choice.case, chosen.case):
            live = {knob.path for knob in mine} - without_effect(choice.case, mine)
            found |= dict.fromkeys(live, f"Replaced by what has happened. To turn it, start from “{choice.title}”.")
    return found


def _fewer(one: Case, other: Case) -> bool:
    """Whether one case knows less of what has happened than the other."""
    return len(list(_actuals(one))) < len(list(_actuals(other)))
