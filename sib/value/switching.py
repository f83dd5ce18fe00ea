"""The value of an input at which an answer changes sign: what would have to be believed for the deal not to pay."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from sib.assumption import Assumption
from sib.case import Case
from sib.cashflow.by_date import ByDate
from sib.cashflow.run import Run, run
from sib.numbers import Row
from sib.terms import terms_in
from sib.value.payers import cashable_of, own_costs_of, payments_of, savings_of, to_horizon
from sib.value.public_value import net_present_value

POINTS = 41

Answer = Callable[[Run], Row]
"""What is asked of a run: one number a scenario, nan where it is not known."""


@dataclass(frozen=True)
class Switch:
    """An input's own value, and the nearest one at which the answer is nothing; `within_range` if that is believed.

    `beyond` is a value just beyond it, at which the answer has turned.

    `change` is the distance as a fraction of the own value; None where that is nothing.
    """

    path: str
    value: float
    switches_at: float
    within_range: bool | None
    beyond: float = np.nan

    @property
    def change(self) -> float | None:
        """How far the input has to move, as a fraction of what it is; negative for down."""
        return None if self.value == 0 else self.switches_at / self.value - 1


def switching_values(case: Case, answer: Answer) -> tuple[Switch, ...]:
    """Every expected number that alone can turn the answer's sign, the nearest first.

    Each is tried from nothing to three times its value (to one, if it is a share; as far as its range, if wider), and
    refined once: two runs in all, with a scenario for every trial. A jump over nothing counts as turning there.
    """
    inputs = dict(_inputs(case))
    if not inputs:
        return ()
    rough = _trials(case, answer, {path: _wide(term) for path, term in inputs.items()})
    brackets = {path: _bracket(*rough[path], term.value) for path, term in inputs.items()}
    fine = {path: np.linspace(*ends, POINTS) for path, ends in brackets.items() if ends is not None}
    if not fine:
        return ()
    refined = _trials(case, answer, fine)
    found = [_switch(path, inputs[path], *refined[path]) for path in fine]
    return tuple(sorted((item for item in found if item is not None), key=_distance))


def npsv_of(found: Run) -> Row:
    """Net present social value to the case's horizon."""
    return net_present_value(found, found.case.appraisal.horizon or found.last_date)


def cashable_net_of(payer: str) -> Answer:
    """A payer's cashable savings less payments and own costs, to the horizon."""
    return lambda found: _net(found, payer, cashable_of(found, payer))


def net_of(payer: str) -> Answer:
    """A payer's savings less payments and own costs, to the horizon."""
    return lambda found: _net(found, payer, savings_of(found, payer))


def _net(found: Run, payer: str, saved: ByDate | None) -> Row:
    if saved is None:
        return np.full(found.scenarios, np.nan)
    own = own_costs_of(found, payer)
    net = saved - payments_of(found, payer) - (0.0 if own is None else own)
    return np.broadcast_to(to_horizon(found, net, found.case.appraisal.horizon or found.last_date), (found.scenarios,))


def _inputs(case: Case) -> Iterator[tuple[str, Assumption]]:
    """What is expected and not yet known: the forecast, costs, and the basis."""
    for name in ("deal", "forecast", "appraisal"):
        for path, term in terms_in(getattr(case, name), name):
            if isinstance(term, Assumption):
                yield path, term


def _wide(term: Assumption) -> Row:
    """From nothing to three times the value, or to one for a share, with the range inside."""
    ends = [term.value, *(end for end in (term.low, term.high) if end is not None)]
    if min(ends) >= 0 and max(ends) <= 1:
        return np.linspace(0.0, 1.0, POINTS)
    return np.linspace(min(0.0, 3 * min(ends)), max(0.0, 3 * max(ends)), POINTS)


def _trials(case: Case, answer: Answer, values: dict[str, Row]) -> dict[str, tuple[Row, Row]]:
    """The answer at every trial of every input, all of them in one run."""
    own = {path: term.value for path, term in _inputs(case) if path in values}
    count = sum(len(row) for row in values.values())
    draws = {path: np.full(count, value) for path, value in own.items()}
    first = 0
    places = {}
    for path, row in values.items():
        places[path] = slice(first, first + len(row))
        draws[path][places[path]] = row
        first += len(row)
    answers = answer(run(case, draws))
    return {path: (values[path], answers[place]) for path, place in places.items()}


def _bracket(values: Row, answers: Row, own: float) -> tuple[float, float] | None:
    """The two trials, nearest the own value, between which the answer changes sign; only to touch nothing is none."""
    sided = np.flatnonzero(answers)
    changes = np.flatnonzero(np.diff(np.sign(answers[sided])))
    if not changes.size or np.isnan(answers).any():
        return None
    before, after = values[sided[changes]], values[sided[changes + 1]]
    at = int(np.argmin(np.abs((before + after) / 2 - own)))
    return float(before[at]), float(after[at])


def _switch(path: str, term: Assumption, values: Row, answers: Row) -> Switch | None:
    ends = _bracket(values, answers, term.value)
    if ends is None:
        return None
    left, right = (float(answers[np.flatnonzero(values == end)[0]]) for end in ends)
    at = ends[0] + (ends[1] - ends[0]) * left / (left - right)
    within = None if term.low is None or term.high is None else term.low <= at <= term.high
    return Switch(path, term.value, at, within, max(ends, key=lambda end: abs(end - term.value)))


@dataclass(frozen=True)
class Turn:
    """What a payer pays and what it saves just beyond a switching value, less those at the own value; and what it pays.

    Savings are less own costs, and to the horizon, as are payments.
    """

    paid_more: float
    saved_more: float
    paid: float


def turn_of(case: Case, item: Switch, payer: str, answer: Answer) -> Turn:
    """Why the answer turns: `answer` is the payer's net saving, gross or in cash."""
    found = run(case, {item.path: np.array([item.value, item.beyond])})
    horizon = case.appraisal.horizon or found.last_date
    paid = np.broadcast_to(to_horizon(found, payments_of(found, payer), horizon), (2,))
    saved = np.broadcast_to(answer(found), (2,)) + paid
    return Turn(float(paid[1] - paid[0]), float(saved[1] - saved[0]), float(paid[1]))


def _distance(item: Switch) -> float:
    return abs(item.change) if item.change is not None else float("inf")
