"""The one door through which the engine reads numbers: by path, a scalar, or a row with one value a scenario."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from sib.assumption import Term
from sib.case import Case
from sib.chance import Chance
from sib.terms import terms_in as terms_in

Row = NDArray[np.float64]

T = TypeVar("T")

# So many cases are kept with what was made of them.
_CASES = 8


def once_for_a_case(made_of: Callable[[Case], T]) -> Callable[[Case], T]:
    """What depends on the case alone, made once: a simulation runs the same case again for every block.

    A case is frozen, so that the same object always gives the same; it is held, so that its id stays its own.
    """
    kept: dict[int, tuple[Case, T]] = {}

    @wraps(made_of)
    def found(case: Case) -> T:
        known = kept.get(id(case))
        if known is None:
            if len(kept) >= _CASES:
                kept.clear()
            known = kept[id(case)] = case, made_of(case)
        return known[1]

    return found


@once_for_a_case
def terms_of(case: Case) -> tuple[tuple[str, Term], ...]:
    """Every number of a case with its path, in the order of the file."""
    return tuple(terms_in(case))


@once_for_a_case
def _values_of(case: Case) -> Mapping[str, float]:
    return {path: term.value for path, term in terms_of(case)}


class Numbers:
    """The numbers of a case by path, some of them replaced by rows of draws.

    `numbers["deal.caps.contract.amount"]` is a float, or an array of shape (scenarios,). The case itself never
    changes. `numbers.at("deal.caps.contract")` reads below a path. `chance` draws what people then do; None where
    everything comes as expected.
    """

    def __init__(self, case: Case, draws: Mapping[str, Row] | None = None, chance: Chance | None = None) -> None:
        self.chance = chance
        self._values: dict[str, float | Row] = {**_values_of(case)}
        for path, row in (draws or {}).items():
            if path not in self._values:
                raise KeyError(path)
            self._values[path] = np.asarray(row, float)
        drawn = [np.size(row) for row in (draws or {}).values()] + ([chance.scenarios] if chance else [])
        self.scenarios = max([1, *drawn])

    def __getitem__(self, path: str) -> float | Row:
        return self._values[path]

    def get(self, path: str, default: float) -> float | Row:
        """The number at a path, or the default where the case leaves it out."""
        return self._values.get(path, default)

    def at(self, path: str) -> NumbersAt:
        """The numbers below a path."""
        return NumbersAt(self, path)


class NumbersAt:
    """The numbers below one path: `at["price"]`."""

    def __init__(self, numbers: Numbers, path: str) -> None:
        self._numbers, self._path = numbers, path

    def __getitem__(self, name: str) -> float | Row:
        return self._numbers[f"{self._path}.{name}"]

    def get(self, name: str, default: float) -> float | Row:
        """The number of this name, or the default where the case leaves it out."""
        return self._numbers.get(f"{self._path}.{name}", default)

    def at(self, path: str) -> NumbersAt:
        """The numbers further below."""
        return NumbersAt(self._numbers, f"{self._path}.{path}")

    def series(self, name: str, count: int) -> list[float | Row]:
        """The numbers `name[0]`, `name[1]` … of a list."""
        return [self[f"{name}[{i}]"] for i in range(count)]
