"""The value of a field at which an output is what somebody wants: every crossing and jump, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from sib.case import Case
from sib.numbers import Row, terms_in
from sib.problems import CaseError, Problem
from sib.risk.passages import EXACT, SIMULATED, Passage, passages
from sib.risk.targets import POINTS, Target, answers_of, target_of
from sib.risk.varying import changed, number_at, place_of

# Values on the grid.
GRID = 81
# How far the search goes unless told: from nought to so many times the field's own value, the first that may be.
REACHES = (3.0, 2.0, 1.5, 1.25, 1.1, 1.0)


@dataclass(frozen=True)
class Solution:
    """What a search found. `status` is `solved`, `several`, `jump` or `unreachable`; `message` says it in words.

    `solutions` are the values of the field, ascending; `gives` the output at each. `lowest` and `highest` are the
    output's range on the grid of `points` values from `low` to `high`, None where it has no number anywhere.
    """

    path: str
    target: dict[str, float]
    status: str
    solutions: tuple[float, ...]
    gives: tuple[float, ...]
    low: float
    high: float
    points: int
    lowest: float | None
    highest: float | None
    message: str

    def as_dict(self) -> dict[str, Any]:
        """As `sib solve --json` prints it."""
        plain = asdict(self)
        return plain | {"solutions": list(self.solutions), "gives": list(self.gives)}


def solve(
    case: Case,
    path: str,
    target: Mapping[str, float],
    low: float | None = None,
    high: float | None = None,
    scenario: str | None = None,
) -> Solution:
    """The values of a numeric field at which an output is what is wanted: `target={"investors.irr": 0.08}`.

    The output may also be a quantile or a probability of a simulation; see `sib.risk.targets`. Every value between
    `low` and `high` is looked for that a grid can tell apart. CaseError for a path or an output that is not there.
    """
    case = case.in_scenario(scenario)
    wanted = target_of(case, target)
    own, (first, last) = number_at(case, path), _range(case, path, low, high)
    whole = _is_whole(case, path)
    grid = _grid(first, last, own, POINTS if wanted.of_scenarios else GRID)
    grid = np.unique(np.round(grid)) if whole else grid
    answer = answers_of(case, path, wanted)
    given = answer(grid)
    found = passages(grid, given, wanted.value, None if whole else answer, SIMULATED if wanted.of_scenarios else EXACT)
    return _solution(place_of(case, path), wanted, grid, given, found)


def _grid(low: float, high: float, own: float, points: int) -> Row:
    """Even steps, and the field's own value among them."""
    inside = [own] if low <= own <= high else []
    return np.unique([*np.linspace(low, high, points), *inside])


def _is_whole(case: Case, path: str) -> bool:
    """Whether the field takes whole numbers only."""
    if place_of(case, path) in dict(terms_in(case)):
        return False
    try:
        changed(case, {path: number_at(case, path) + 0.5})
    except CaseError:
        return True
    return False


def _range(case: Case, path: str, low: float | None, high: float | None) -> tuple[float, float]:
    """Where to look: as given, else as far as the field may go, from nought to a few times its own value."""
    own, whole = number_at(case, path), _is_whole(case, path)
    reaches = [each * own for each in REACHES]
    below, above = ([0.0], [*reaches, 1.0]) if own >= 0 else (reaches, [0.0])
    first = _end(case, path, [*below, own]) if low is None else low
    beyond = [round(end) if whole else end for end in above if end > first] or [own]
    last = _end(case, path, beyond) if high is None else high
    if not first < last:
        raise CaseError(Problem(None, None, path, f"there is nothing between {first:g} and {last:g}; give low < high."))
    for end in {first, last}:
        changed(case, {path: int(end) if whole else end})
    return (first, last)


def _end(case: Case, path: str, ends: list[float]) -> float:
    """The first of these that the field may be."""
    for end in ends:
        try:
            changed(case, {path: int(end) if end == int(end) else end})
        except CaseError as error:
            refused = error
            continue
        return end
    why = "; ".join(problem.message for problem in refused.problems)
    raise CaseError(Problem(None, None, path, f"it cannot be changed by itself, or not so far: {why}"))


def _solution(place: str, wanted: Target, grid: Row, given: Row, found: list[Passage]) -> Solution:
    known = given[np.isfinite(given)]
    lowest, highest = (float(known.min()), float(known.max())) if known.size else (None, None)
    status = "unreachable" if not found else "several" if len(found) > 1 else "jump" if found[0].jump else "solved"
    values, gives = tuple(one.value for one in found), tuple(one.gives for one in found)
    return Solution(
        place, {wanted.name: wanted.value}, status, values, gives,
        float(grid[0]), float(grid[-1]), len(grid), lowest, highest, _told(wanted, grid, given, found),
    )  # fmt: skip


def _told(wanted: Target, grid: Row, given: Row, found: list[Passage]) -> str:
    """The finding as a sentence."""
    looked = f"{len(grid)} values from {grid[0]:,.10g} to {grid[-1]:,.10g}"
    if not found:
        return f"{_never(wanted, grid, given)} Looked at {looked}."
    parts = [_at(one) for one in found]
    return f"{wanted.name} is {wanted.value:g} {'; '.join(parts)}. Looked at {looked}."


def _at(one: Passage) -> str:
    if one.jump:
        return f"at {one.value:,.10g} it jumps from {one.before:.6g} to {one.after:.6g}"
    end = " (an end of a stretch that gives it throughout)" if one.level else ""
    return f"at {one.value:,.10g}{end}"


def _never(wanted: Target, grid: Row, given: Row) -> str:
    if not np.isfinite(given).any():
        return f"{wanted.name} has no number anywhere."
    highest, lowest = int(np.nanargmax(given)), int(np.nanargmin(given))
    if given[highest] < wanted.value:
        return f"never reached: the highest is {given[highest]:.6g} at {grid[highest]:,.10g}."
    if given[lowest] > wanted.value:
        return f"never as low: the lowest is {given[lowest]:.6g} at {grid[lowest]:,.10g}."
    return "the output ceases to exist between values above and below it."
