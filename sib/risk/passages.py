"""Where a function of one number passes a wanted value on a grid: crossings, jumps and level stretches.

The function is asked for many numbers at a time, so that a bracket is cut into many parts at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sib.numbers import Row

Function = Callable[[Row], Row]
"""The output at a row of values of the field; nan where it has none."""

# Closer looks at the most.
LOOKS = 12


@dataclass(frozen=True)
class Look:
    """How closely is looked: values in each look; the part of the whole range at which a bracket is one value; and the
    part of the output's range from which a step within it is a jump.
    """

    values: int
    narrow: float
    step: float


# A probability moves in steps of some scenarios, which are no jumps of the contract.
EXACT, SIMULATED = Look(21, 1e-11, 1e-7), Look(5, 1e-4, 2e-2)


@dataclass(frozen=True)
class Passage:
    """A value at which the output passes the target: through it, or over it in a jump.

    `value` is the side that meets the target best; `gives` is the output there, `before` and `after` just below and
    above it. `level`: an end of a stretch on which every value gives it.
    """

    value: float
    gives: float
    before: float
    after: float
    jump: bool = False
    level: bool = False


def size_of(given: Row, wanted: float) -> float:
    """How far an output lies from what is wanted, at the most: what is small beside it is rounding, or no jump."""
    return float(np.max(np.abs(given[np.isfinite(given)] - wanted), initial=0.0))


def up_to_gaps(grid: Row, given: Row, answer: Function, look: Look) -> tuple[Row, Row]:
    """The grid with more values next to where the output begins or ceases to be, as near to it as can be told."""
    values, known = [grid], [given]
    there = np.isfinite(given)
    for i in np.flatnonzero(there[:-1] != there[1:]):
        low, high = float(grid[i]), float(grid[i + 1])
        for _ in range(LOOKS):
            if high - low <= max(look.narrow * (grid[-1] - grid[0]), 4 * np.spacing(max(abs(low), abs(high)))):
                break
            inner = np.linspace(low, high, look.values)[1:-1]
            found = answer(inner)
            values, known = [*values, inner], [*known, found]
            ends = np.concatenate([[there[i]], np.isfinite(found), [there[i + 1]]])
            at = int(np.flatnonzero(ends[:-1] != ends[1:])[0])
            low, high = (float(end) for end in np.concatenate([[low], inner, [high]])[at : at + 2])
    whole, first = np.unique(np.concatenate(values), return_index=True)
    return whole, np.concatenate(known)[first]


def passages(
    grid: Row, given: Row, wanted: float, answer: Function | None, look: Look, size: float | None = None
) -> list[Passage]:
    """Every place where the output, `given` on a rising `grid`, meets or passes what is wanted, ascending.

    Without `answer` there are no values between those of the grid. `size` is `size_of` what is given, unless some of it
    lies where the output grows beyond all bounds.
    """
    gap = given - wanted
    size = size_of(given, wanted) if size is None else size
    search = _Search(wanted, answer, look, float(grid[-1] - grid[0]), size)
    met = search.meets(given)
    found = [one for start, end in _runs(met) for one in _level(grid, given, (start, end), search)]
    for i in np.flatnonzero(~met[:-1] & ~met[1:] & (gap[:-1] * gap[1:] < 0)):
        sides = (grid[i], grid[i + 1], given[i], given[i + 1])
        found.append(_jump(sides, wanted) if answer is None else _closer(sides, search))
    return sorted(found, key=lambda one: one.value)


def _runs(met: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """The first and the last place of each unbroken row of them."""
    ends = np.flatnonzero(np.diff(np.concatenate([[False], met, [False]]).astype(int)))
    return [(int(start), int(end) - 1) for start, end in ends.reshape(-1, 2)]


def _level(grid: Row, given: Row, run: tuple[int, int], search: _Search) -> list[Passage]:
    """A value that meets it; or both ends of a stretch on which every value does."""
    first, last = run
    before, after = given[max(0, first - 1)], given[min(len(grid) - 1, last + 1)]
    low = grid[first] if first == 0 else _end_of_level(grid[first], grid[first - 1], search)
    high = grid[last] if last == len(grid) - 1 else _end_of_level(grid[last], grid[last + 1], search)
    if low == high:
        return [Passage(float(low), float(given[first]), float(before), float(after))]
    start = Passage(float(low), float(given[first]), float(before), float(given[first]), level=True)
    return [start, Passage(float(high), float(given[last]), float(given[last]), float(after), level=True)]


def _end_of_level(meets: float, fails: float, search: _Search) -> float:
    """How far from one value that meets it all others do, on the way to one that does not."""
    if search.answer is None or not search.meets(search.answer(np.array([meets + 1e-6 * (fails - meets)])))[0]:
        return meets
    for _ in range(LOOKS):
        if abs(fails - meets) <= search.look.narrow * search.width:
            break
        inner = np.linspace(meets, fails, search.look.values)
        out = np.flatnonzero(~search.meets(search.answer(inner[1:-1])))
        first_out = int(out[0]) + 1 if out.size else len(inner) - 1
        meets, fails = inner[first_out - 1], inner[first_out]
    return meets


@dataclass(frozen=True)
class _Search:
    """What is looked for, and how wide the ranges of the field and of the output are."""

    wanted: float
    answer: Function | None
    look: Look
    width: float
    size: float

    def meets(self, given: Row) -> NDArray[np.bool_]:
        """Where it is what is wanted, but for rounding."""
        slack = 1e-12 * max(1.0, abs(self.wanted), self.size)
        return np.asarray(np.abs(given - self.wanted) <= slack)


def _closer(sides: tuple[float, float, float, float], search: _Search) -> Passage:
    """A bracket cut into many parts at a time, until it is one value."""
    low, high, at_low, at_high = sides
    wanted, look = search.wanted, search.look
    assert search.answer is not None
    for _ in range(LOOKS):
        if high - low <= max(look.narrow * search.width, 4 * np.spacing(max(abs(low), abs(high)))):
            break
        inner = _between((low, high, at_low, at_high), wanted, look)
        given = np.concatenate([[at_low], search.answer(inner[1:-1]), [at_high]])
        exact = np.flatnonzero(given == wanted)
        if exact.size:
            return Passage(float(inner[exact[0]]), wanted, at_low, at_high)
        crossed = np.flatnonzero((given[:-1] - wanted) * (given[1:] - wanted) < 0)
        if not crossed.size:  # in between the output has no number: it passes by ceasing to exist
            break
        i = int(crossed[0])
        low, high, at_low, at_high = inner[i], inner[i + 1], given[i], given[i + 1]
    if abs(at_high - at_low) > look.step * search.size:
        return _jump((low, high, at_low, at_high), wanted)
    value = low + (high - low) * (wanted - at_low) / (at_high - at_low)
    return Passage(float(value), wanted, float(at_low), float(at_high))


def _between(sides: tuple[float, float, float, float], wanted: float, look: Look) -> Row:
    """Where to look next: evenly, or, where each look is dear, close to where a straight line would pass."""
    low, high, at_low, at_high = sides
    if look is EXACT:
        return np.linspace(low, high, look.values)
    width = high - low
    passes = low + width * (wanted - at_low) / (at_high - at_low)
    near = [passes - 0.02 * width, passes + 0.02 * width, (low + high) / 2]
    return np.unique([low, *(value for value in near if low < value < high), high])


def _jump(sides: tuple[float, float, float, float], wanted: float) -> Passage:
    """The side of a jump that gives at least what is wanted, to ten digits where that leaves it on that side."""
    low, high, at_low, at_high = map(float, sides)
    upper = at_high >= wanted
    short = float(f"{high:.10g}") if upper else float(f"{low:.10g}")
    value = short if (short >= high if upper else short <= low) else (high if upper else low)
    return Passage(value, at_high if upper else at_low, at_low, at_high, jump=True)
