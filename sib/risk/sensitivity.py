"""Which assumptions an output hangs on: one at a time, two together, and all at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from sib.case import Case
from sib.numbers import Row
from sib.problems import CaseError, Problem
from sib.risk.distributions import ends_of
from sib.risk.draws import uncertain_numbers
from sib.risk.varying import number_at, outputs_of, place_of, refusals, refuse_unknown

ROUNDING = 1e-9


@dataclass(frozen=True)
class Swing:
    """One assumption at both ends of its own range, all else as the case has it; None where there is no output."""

    path: str
    low: float
    high: float
    at_low: float | None
    at_high: float | None

    @property
    def size(self) -> float:
        """How far the output moves between the two ends; infinite where it has a number at one of them only.

        What rounding leaves is no move.
        """
        if self.at_low is None or self.at_high is None:
            return 0.0 if self.at_low is self.at_high else np.inf
        moved = abs(self.at_high - self.at_low)
        return moved if moved > ROUNDING * max(abs(self.at_low), abs(self.at_high)) else 0.0

    def as_dict(self) -> dict[str, Any]:
        """As `sib sensitivity --json` prints it."""
        return asdict(self)


@dataclass(frozen=True)
class Grid:
    """An output over two fields, all else as the case has it; `values` has shape (first, second), nan where none.

    `notes` say why a cell could not be built at all.
    """

    output: str
    first: str
    second: str
    at_first: tuple[Any, ...]
    at_second: tuple[Any, ...]
    values: Row
    notes: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """As `sib sensitivity --grid --json` prints it: `values` a list for each value of the first field."""
        cells = [[None if np.isnan(value) else float(value) for value in row] for row in self.values]
        return {**asdict(self), "values": cells}


def sensitivity(case: Case, output: str = "investors.irr", scenario: str | None = None) -> tuple[Swing, ...]:
    """A row for each assumption with a range, at its own low and high, the widest swing of the output first.

    One that has a standard deviation in place of a range is taken where it is undercut, and exceeded, once in twenty.

    `output` is a path of the appraisal's JSON: `payers.Council.net`. CaseError for one that is not there.
    """
    case = case.in_scenario(scenario)
    ranges = [(path, *ends_of(term)) for path, term in uncertain_numbers(case).items()]
    rows = {path: np.full(2 * len(ranges), number_at(case, path)) for path, _, _ in ranges}
    for i, (path, low, high) in enumerate(ranges):
        rows[path][[2 * i, 2 * i + 1]] = low, high
    if not ranges:
        refuse_unknown(case, [output])
        return ()
    found = [None if np.isnan(value) else float(value) for value in outputs_of(case, rows, [output])[output]]
    swings = [Swing(path, low, high, found[2 * i], found[2 * i + 1]) for i, (path, low, high) in enumerate(ranges)]
    return tuple(sorted(swings, key=lambda one: -one.size))


def grid(case: Case, first: tuple[str, Sequence[Any]], second: tuple[str, Sequence[Any]], output: str) -> Grid:
    """An output over two fields, each a path with the values it takes: the whole deal anew in each cell.

    Fields may be dates or words too; a cell that cannot be built has no value. CaseError for a path or an output that
    is not there, and for a number that the case cannot hold.
    """
    (path_1, values_1), (path_2, values_2) = first, second
    empty = [path for path, values in (first, second) if len(values) == 0]
    if empty:
        raise CaseError([Problem(None, None, path, "no values were given for it; give one or more.") for path in empty])
    changes = {
        path_1: [value for value in values_1 for _ in values_2],
        path_2: [value for _ in values_1 for value in values_2],
    }
    found = outputs_of(case, changes, [output])[output]
    places = place_of(case, path_1), place_of(case, path_2)
    gone = np.flatnonzero(np.isnan(found))
    notes = refusals(case, {path: [values[i] for i in gone] for path, values in changes.items()})
    return Grid(
        output, *places, tuple(values_1), tuple(values_2), found.reshape(len(values_1), len(values_2)), notes
    )  # fmt: skip
