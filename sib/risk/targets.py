"""What a search is for: an output of the appraisal, or a quantile, mean or probability of a simulation."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sib.case import Case
from sib.numbers import Row, terms_in
from sib.problems import CaseError, Problem
from sib.risk.draws import draws_of
from sib.risk.streams import Points, rounded_up
from sib.risk.varying import changed, outputs_of, place_of, refuse_unknown, scenarios_of

_QUANTILE = re.compile(r"p(?P<percent>[0-9]{1,2}(?:\.[0-9]+)?)\((?P<output>.+)\)")
_MEAN = re.compile(r"mean\((?P<output>.+)\)")
_CHANCE = re.compile(r"P\((?P<event>.+)\)")
_EVENT = re.compile(r"(?P<output>.+?)\s*(?P<sign>>=|<=|>|<)\s*(?P<limit>[-+0-9.eE_]+)")
_SIGNS: Mapping[str, Callable[[Row, float], Row]] = {
    ">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt,
}  # fmt: skip
SURVIVE = "reserves survive"
_DIRECTION = re.compile(r"(?P<name>.*?)\s*(?P<sign>[<>]=?)")

# A simulation at each value of the field: fewer values on the grid, and the same scenarios at each of them.
POINTS = 17


@dataclass(frozen=True)
class Chances:
    """How many scenarios stand behind a quantile or a probability, and their seed."""

    scenarios: int = 4096
    seed: int = 1

    @property
    def count(self) -> int:
        """So many are run: Sobol points come in 8 x 2^k."""
        return rounded_up(self.scenarios, "sobol")


Sign = Literal["=", ">=", "<="]
Answer = Callable[[Row], Row]
"""The target's quantity at a row of values of a field; nan where it has none."""


@dataclass(frozen=True)
class Target:
    """A wanted value of an output, or of what `of_scenarios` makes of its scenarios; `name` as it was given.

    `sign` is `>=` or `<=` where every value on that side is as good.
    """

    name: str
    value: float
    output: str
    of_scenarios: Callable[[Row], float] | None = None
    sign: Sign = "="

    def always(self, given: Row) -> bool:
        """Whether all of these are on the side that is wanted."""
        return self.sign != "=" and bool(self.on_its_side(given).all())

    def on_its_side(self, given: Row) -> NDArray[np.bool_]:
        """Which of these are as high, or as low, as is wanted; none that is no number."""
        slack = 1e-12 * max(1.0, abs(self.value))
        better = self.value - given if self.sign == "<=" else given - self.value
        return np.asarray(better >= -slack)


def target_of(case: Case, target: Mapping[str, float]) -> Target:
    """The one target of a map, of an output or of a simulation.

    `{"investors.irr": 0.08}`, `{"p10(investors.irr)": 0.05}`, `{"mean(investors.npv)": 0}`,
    `{"P(investors.irr >= 0)": 0.9}`, `{"P(reserves survive)": 0.9}`. A sign behind the name, `{"p10(…) <=": 0.05}`,
    says that any value on that side will do; a probability is to be at least so high unless it says otherwise.
    CaseError for what is none of these.
    """
    if len(target) != 1:
        raise CaseError(Problem(None, None, "", f"{len(target)} targets were given; give one: investors.irr=0.08."))
    name, value = next(iter(target.items()))
    if not np.isfinite(value):
        raise CaseError(Problem(None, None, name, f"{value} is no target; give a finite number."))
    given = _DIRECTION.fullmatch(name.strip())
    name = given["name"] if given else name.strip()
    found = _target(case, name, float(value))
    if given:
        found = replace(found, sign=">=" if given["sign"].startswith(">") else "<=")
    refuse_unknown(case, [found.output])
    return found


def _target(case: Case, name: str, value: float) -> Target:
    if match := _QUANTILE.fullmatch(name):
        chance = float(match["percent"]) / 100
        return Target(
            name, value, match["output"].strip(), lambda row: _of_known(row, lambda kept: np.quantile(kept, chance))
        )
    if match := _MEAN.fullmatch(name):
        return Target(name, value, match["output"].strip(), lambda row: _of_known(row, np.mean))
    if match := _CHANCE.fullmatch(name):
        return _chance(case, name, match["event"].strip(), value)
    return Target(name, value, name)


def _of_known(row: Row, of: Callable[[Row], object]) -> float:
    """Of the scenarios that have the number, as `sib simulate` reports it; nan where none has."""
    kept = row[~np.isnan(row)]
    return float(of(kept)) if kept.size else np.nan  # type: ignore[arg-type]


def _chance(case: Case, name: str, event: str, value: float) -> Target:
    """The share of scenarios in which something is so."""
    if event == SURVIVE:
        if not any(party.reserves for party in case.deal.parties if party.role == "provider"):
            raise CaseError(
                Problem(None, None, "deal.parties", "no provider states its reserves; add reserves: 50_000.")
            )
        return Target(name, value, "provider.reserves_left", lambda row: float(np.mean(row >= -0.005)), ">=")
    match = _EVENT.fullmatch(event)
    if match is None:
        hint = f"write P(investors.irr >= 0), or P({SURVIVE})"
        raise CaseError(Problem(None, None, name, f"{event!r} is no event; {hint}."))
    holds, limit = _SIGNS[match["sign"]], float(match["limit"])
    # A scenario without the number (nan) is one in which it does not hold.
    return Target(name, value, match["output"].strip(), lambda row: float(np.mean(holds(row, limit))), ">=")


def answers_of(case: Case, path: str, wanted: Target, chances: Chances) -> Answer:
    """The target's quantity at a row of values of the field; the scenarios are the same at each of them."""
    if wanted.of_scenarios is None:
        return lambda values: outputs_of(case, {path: values}, [wanted.output])[wanted.output]
    summed, place, count = wanted.of_scenarios, place_of(case, path), chances.count
    drawn = draws_of(case, Points("sobol", chances.seed, count), 0, count)
    draws = {name: row for name, row in drawn.items() if name != place}

    def answer(values: Row) -> Row:
        return np.array([at(float(value)) for value in values])

    def at(value: float) -> float:
        try:
            one, rows = _with(case, place, value, count)
        except CaseError:  # a case that cannot be has no number
            return np.nan
        return summed(scenarios_of(one, draws | rows, wanted.output, chances.seed))

    return answer


def _with(case: Case, place: str, value: float, count: int) -> tuple[Case, dict[str, Row]]:
    """The case with another value of a field: through the engine's door, or else built anew."""
    if place in dict(terms_in(case)):
        return case, {place: np.full(count, value)}
    return changed(case, {place: int(value) if value == int(value) else value}), {}
