"""The value of a field at which an output is what somebody wants: every crossing and jump, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, TypedDict, Unpack

import numpy as np

from sib.case import Case
from sib.numbers import Row, terms_in
from sib.problems import CaseError, Problem
from sib.risk.draws import uncertain_numbers
from sib.risk.limits import refuse_impossible, refuse_unknown_names
from sib.risk.passages import EXACT, SIMULATED, Passage, passages, size_of, up_to_gaps
from sib.risk.targets import POINTS, Answer, Chances, Target, answers_of, target_of
from sib.risk.varying import changed, number_at, place_of

# Values on the grid.
GRID = 81
# How far the search goes unless told: from so small a part of the field's own value, to so many times it; in each case
# the first that may be.
PARTS = (0.0, 0.01, 0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9)
REACHES = (3.0, 2.0, 1.5, 1.25, 1.1, 1.0)


@dataclass(frozen=True)
class Solution:
    """What a search found. `status` is `solved`, `several`, `jump`, `always` or `unreachable`, in words `message`.

    `always`: every value that was looked at gives as much (or as little) as is wanted, so that there is none to find.
    `solutions` are the values of the field, ascending; `gives` the output at each, `jumps` whether it leaps over what
    is wanted there in place of passing through it. `lowest` and `highest` are the output's range on the grid of
    `points` values from `low` to `high`, None where it has no number anywhere.
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
    sign: str = "="
    jumps: tuple[bool, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """As `sib solve --json` prints it."""
        plain = asdict(self)
        return plain | {name: list(plain[name]) for name in ("solutions", "gives", "jumps")}


class Options(TypedDict, total=False):
    """What else a search takes, each by its name.

    `low` and `high`: where to look. `scenario`: one of the case's named scenarios. `scenarios` and `seed`: of the
    simulation behind a quantile or a probability, the same at every value.
    """

    low: float | None
    high: float | None
    scenario: str | None
    scenarios: int
    seed: int


def solve(case: Case, path: str, target: Mapping[str, float], **options: Unpack[Options]) -> Solution:
    """The values of a numeric field at which an output is what is wanted: `target={"investors.irr": 0.08}`.

    The output may also be a quantile or a probability of a simulation; see `sib.risk.targets`; the field is then taken
    as certain at each value. Every value between `low` and `high` is looked for that a grid can tell apart. CaseError
    for a path or an output that is not there.
    """
    refuse_unknown_names(options, Options.__annotations__)
    case = case.in_scenario(options.get("scenario"))
    wanted = target_of(case, target)
    low, high, whole = options.get("low"), options.get("high"), _is_whole(case, path)
    own, (first, last) = number_at(case, path), _range(case, path, low, high)
    refuse_impossible(options.get("scenarios", 1), options.get("seed", 1))
    chances = Chances(options.get("scenarios", Chances.scenarios), options.get("seed", Chances.seed))
    grid = _grid(first, last, own, POINTS if wanted.of_scenarios else GRID)
    grid = np.unique(np.round(grid)) if whole else grid
    answer = answers_of(case, path, wanted, chances)
    given = answer(grid)
    size = size_of(given, wanted.value)
    if not whole:
        grid, given = up_to_gaps(grid, given, answer, SIMULATED if wanted.of_scenarios else EXACT)
    found = [] if wanted.always(given) else _passages(wanted, (grid, given), None if whole else answer, size)
    return _solution(place_of(case, path), wanted, grid, given, found, _notes(case, path, wanted, chances))


def _notes(case: Case, path: str, wanted: Target, chances: Chances) -> str:
    """What a reader of a simulated answer has to know."""
    if wanted.of_scenarios is None:
        return ""
    certain = ""
    if place_of(case, path) in uncertain_numbers(case):
        certain = " The field is taken as certain at each value: write it as {value: …} without a range."
    return f" {chances.count:,} scenarios, seed {chances.seed}, the same at each value.{certain}"


def _passages(wanted: Target, looked: tuple[Row, Row], answer: Answer | None, size: float) -> list[Passage]:
    """Where the output passes what is wanted; at a jump, the side that is wanted."""
    through = _through(wanted, looked, answer, size)
    return sorted([*through, *_edges_of_gaps(wanted, *looked)], key=lambda one: one.value)


def _through(wanted: Target, looked: tuple[Row, Row], answer: Answer | None, size: float) -> list[Passage]:
    look, (grid, given) = SIMULATED if wanted.of_scenarios else EXACT, looked
    if wanted.sign != "<=":
        return passages(grid, given, wanted.value, answer, look, size)
    turned = None if answer is None else (lambda values: -answer(values))
    found = passages(grid, -given, -wanted.value, turned, look, size)
    return [replace(one, gives=-one.gives, before=-one.before, after=-one.after) for one in found]


def _edges_of_gaps(wanted: Target, grid: Row, given: Row) -> list[Passage]:
    """Where what is wanted begins or ends because the output does; only where a whole side will do."""
    if wanted.sign == "=":
        return []
    there, good = np.isfinite(given), wanted.on_its_side(given)
    found = []
    for i in np.flatnonzero(there[:-1] != there[1:]):
        inside = i if there[i] else i + 1
        if good[inside]:
            sides = float(given[i]), float(given[i + 1])
            found.append(Passage(float(grid[inside]), float(given[inside]), *sides, jump=True))
    return found


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
    parts = [part * own for part in PARTS]
    below, above = (parts, [*reaches, 1.0]) if own >= 0 else (reaches, parts)
    below = [float(np.ceil(end)) for end in below] if whole else below
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


def _solution(place: str, wanted: Target, grid: Row, given: Row, found: list[Passage], notes: str) -> Solution:
    known = given[np.isfinite(given)]
    lowest, highest = (float(known.min()), float(known.max())) if known.size else (None, None)
    status = _status(wanted, given, found)
    values, gives = tuple(one.value for one in found), tuple(one.gives for one in found)
    return Solution(
        place, {wanted.name: wanted.value}, status, values, gives,
        float(grid[0]), float(grid[-1]), len(grid), lowest, highest, _told(wanted, grid, given, found) + notes,
        wanted.sign, tuple(one.jump for one in found),
    )  # fmt: skip


def _status(wanted: Target, given: Row, found: list[Passage]) -> str:
    if not found:
        return "always" if wanted.always(given) else "unreachable"
    return "several" if len(found) > 1 else "jump" if found[0].jump else "solved"


def _told(wanted: Target, grid: Row, given: Row, found: list[Passage]) -> str:
    """The finding as a sentence."""
    looked = f"{len(grid)} values from {grid[0]:,.10g} to {grid[-1]:,.10g}"
    if not found:
        why = _always(wanted, grid, given) if wanted.always(given) else _never(wanted, grid, given)
        return f"{why} Looked at {looked}."
    sign = "" if wanted.sign == "=" else f"{wanted.sign} "
    parts = [_at(one, wanted) for one in found]
    return f"{wanted.name} is {sign}{wanted.value:g} {'; '.join(parts)}. Looked at {looked}."


def _at(one: Passage, wanted: Target) -> str:
    if wanted.sign != "=" and not one.level and one.before != one.after:
        side = "from" if _begins(one, wanted) else "up to"
        jump = f", where it jumps from {_number(one.before)} to {_number(one.after)}" if one.jump else ""
        return f"{side} {one.value:,.10g}{jump}"
    if one.jump:
        return f"passed over at {one.value:,.10g}, where it jumps from {_number(one.before)} to {_number(one.after)}"
    end = " (an end of a stretch that gives it throughout)" if one.level else ""
    return f"at {one.value:,.10g}{end}"


def _begins(one: Passage, wanted: Target) -> bool:
    """Whether what is wanted is there from this value on, and not up to it."""
    if np.isnan(one.before) or np.isnan(one.after):
        return bool(np.isnan(one.before))
    return (one.after > one.before) == (wanted.sign == ">=")


def _number(value: float) -> str:
    return "no number" if np.isnan(value) else f"{value:.6g}"


def _always(wanted: Target, grid: Row, given: Row) -> str:
    least = wanted.sign == ">="
    at = int(np.argmin(given) if least else np.argmax(given))
    end = "lowest" if least else "highest"
    return (
        f"always: at every value looked at {wanted.name} is {wanted.sign} {wanted.value:g}; "
        f"the {end} is {given[at]:.6g} at {grid[at]:,.10g}."
    )


def _never(wanted: Target, grid: Row, given: Row) -> str:
    if not np.isfinite(given).any():
        return f"{wanted.name} has no number anywhere."
    highest, lowest = int(np.nanargmax(given)), int(np.nanargmin(given))
    if given[highest] < wanted.value and wanted.sign != "<=":
        return f"never reached: the highest is {given[highest]:.6g} at {grid[highest]:,.10g}."
    if given[lowest] > wanted.value:
        return f"never as low: the lowest is {given[lowest]:.6g} at {grid[lowest]:,.10g}."
    return "the output ceases to exist between values above and below it."
