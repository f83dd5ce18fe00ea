"""Rows of scenarios on the dates on which anything happens: most things happen on few of a deal's dates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, TypeGuard

import numpy as np
from numpy.typing import NDArray

from sib.numbers import Row

Rows = NDArray[np.float64]
"""An array of shape (dates, scenarios); (dates, 1) where every scenario has the same."""


class ByDate:
    """An array of (dates, scenarios) that keeps only the rows on which something happens; nothing on the others.

    Adds, subtracts, multiplies, sums and is sliced as that array; numpy takes it for that array. A row is (scenarios,),
    or (1,) where every scenario has the same. Rows are shared between values and never written into.
    """

    # numpy's own operators leave the work to those below.
    __array_priority__ = 1000
    __slots__ = ("_width", "dates", "rows")

    def __init__(self, dates: int, rows: Mapping[int, Row] | None = None, width: int = 1) -> None:
        self.dates, self._width = dates, width
        self.rows: dict[int, Row] = dict(rows or {})

    @classmethod
    def of(cls, dates: int, values: Mapping[int, float | Row]) -> ByDate:
        """Of a number or a row of scenarios for each date."""
        return cls(dates, {int(row): np.atleast_1d(np.asarray(value, float)) for row, value in values.items()})

    @classmethod
    def of_array(cls, rows: Rows) -> ByDate:
        """Of an array of (dates, scenarios): its rows that are not blank."""
        return cls(len(rows), {int(row): rows[row] for row in np.flatnonzero(rows.any(axis=1))}, rows.shape[1])

    @classmethod
    def total(cls, parts: Iterable[ByDate], dates: int, width: int = 1) -> ByDate:
        """The sum of many, which makes one new row for each date and no value in between."""
        total, own = cls(dates, width=width), set()
        for part in parts:
            total._width = max(total._width, part.shape[1])
            for row, values in part.rows.items():
                found = total.rows.get(row)
                if found is not None and row in own and found.size >= values.size:
                    found += values
                    continue
                total.rows[row] = values if found is None else found + values
                if found is not None:
                    own.add(row)
        return total

    @property
    def shape(self) -> tuple[int, int]:
        """Dates, and scenarios: the width of the widest row."""
        width = self._width
        for row in self.rows.values():
            if row.size > width:
                width = row.size
        return self.dates, width

    def on(self, row: int) -> float | Row:
        """What happens on a date; 0 where nothing does."""
        return self.rows.get(row, 0.0)

    def add(self, row: int, amount: float | Row) -> None:
        """Add to what happens on a date."""
        found = self.rows.get(row)
        if found is None:
            self.rows[row] = amount if _is_row(amount) else np.atleast_1d(np.asarray(amount, float))
        else:
            self.rows[row] = found + amount

    def dense(self) -> Rows:
        """The whole array."""
        whole = np.zeros(self.shape)
        self.add_to(whole)
        return whole

    def add_to(self, whole: Rows) -> None:
        """Add to an array of (dates, scenarios) in its place."""
        for row, values in self.rows.items():
            whole[row] += values

    def stacked(self) -> tuple[list[int], Rows]:
        """The rows on which something may happen, and what does there, (rows, scenarios)."""
        filled = sorted(self.rows)
        stack = np.zeros((len(filled), max([1, *(row.size for row in self.rows.values())])))
        for place, row in enumerate(filled):
            stack[place] = self.rows[row]
        return filled, stack

    def kept(self, inside: Iterable[bool]) -> ByDate:
        """Only what happens on the dates that are marked."""
        marked = list(inside)
        return ByDate(self.dates, {row: values for row, values in self.rows.items() if marked[row]}, self._width)

    def shrunk(self, share: Any) -> ByDate:
        """What is positive times a share; what is negative stays."""
        rows = {row: np.where(values > 0, values * _on(share, row), values) for row, values in self.rows.items()}
        return ByDate(self.dates, rows, self._width)

    def at_most(self, limit: ByDate) -> ByDate:
        """On each date the smaller of the two."""
        rows = {row: np.minimum(self.on(row), limit.on(row)) for row in self.rows | limit.rows}
        return ByDate(self.dates, rows, max(self._width, limit._width))

    def less(self, other: ByDate) -> ByDate:
        """What is left of it without another."""
        both = {row: self.on(row) - values for row, values in other.rows.items()}
        return ByDate(self.dates, self.rows | both, max(self._width, other._width))

    def after(self, row: int) -> ByDate:
        """Only what happens after a date."""
        return self.kept(i > row for i in range(self.dates))

    def sum(self, axis: int | None = None) -> Any:
        """As of the array."""
        width = self.shape[1]
        if axis != 0 or width == 1:
            return self.dense().sum(axis=axis)
        total = np.zeros(width)
        for row in sorted(self.rows):
            total += self.rows[row]
        return total

    def any(self, axis: int | None = None) -> Any:
        """As of the array."""
        return any(row.any() for row in self.rows.values()) if axis is None else self.dense().any(axis=axis)

    def max(self) -> float:
        """As of the array."""
        return float(self.dense().max())

    def __array__(self, dtype: Any = None, *, copy: bool | None = None) -> Rows:
        return self.dense() if dtype is None else self.dense().astype(dtype)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.dense())

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, int):
            return np.broadcast_to(self.on(index), self.shape[1:])
        return self.dense()[index]

    def __len__(self) -> int:
        return self.dates

    def __mul__(self, other: Any) -> ByDate:
        if isinstance(other, int | float) and other == 1:
            return self
        rows = {row: np.atleast_1d(values * _on(other, row)) for row, values in self.rows.items()}
        return ByDate(self.dates, rows, max(self._width, _width_of(other)))

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> ByDate:
        rows = {row: np.atleast_1d(values / _on(other, row)) for row, values in self.rows.items()}
        return ByDate(self.dates, rows, max(self._width, _width_of(other)))

    def __add__(self, other: Any) -> Any:
        if isinstance(other, ByDate):
            total = ByDate(self.dates, self.rows, max(self._width, other._width))
            for row, values in other.rows.items():
                total.add(row, values)
            return total
        return self if np.ndim(other) == 0 and other == 0 else self.dense() + other

    __radd__ = __add__

    def __neg__(self) -> ByDate:
        return ByDate(self.dates, {row: 0.0 - values for row, values in self.rows.items()}, self._width)

    def __sub__(self, other: Any) -> Any:
        if isinstance(other, ByDate):
            return self.less(other)
        return self if np.ndim(other) == 0 and other == 0 else self.dense() - other

    def __rsub__(self, other: Any) -> Rows:
        return np.asarray(other - self.dense())


def _is_row(amount: float | Row) -> TypeGuard[Row]:
    return isinstance(amount, np.ndarray) and amount.ndim == 1


def _on(other: Any, row: int) -> Any:
    """What stands on a date: of rows by date, of an array of (dates, scenarios), or the same on all."""
    if isinstance(other, ByDate):
        return other.on(row)
    return other[row] if np.ndim(other) == 2 else other


def _width_of(other: Any) -> int:
    """How many scenarios it holds; one where it is the same for all."""
    shape = getattr(other, "shape", ())
    return int(shape[-1]) if shape else 1


def moves(amount: float | Row) -> bool:
    """Whether it is anything at all in any scenario; a number is asked itself, which costs nothing."""
    return bool(amount != 0 if isinstance(amount, float) else np.any(amount))


def positive(amount: float | Row) -> Row:
    """What is above nothing. Most amounts are never below it, and asking costs less than taking the larger."""
    row = np.asarray(amount, float)
    return np.maximum(row, 0.0) if np.minimum.reduce(row, axis=None, initial=0.0) < 0 else row


def full(amount: float | Row, blank: Row) -> Row:
    """A row of all scenarios: the amount itself where it is one already."""
    return amount if _is_row(amount) and amount.shape == blank.shape else blank + amount


def share_of(amount: Row, share: float | Row) -> Row:
    """An amount times a share; the whole is the amount itself, which takes no memory."""
    return amount if isinstance(share, float) and share == 1 else amount * share


def only(passes: NDArray[np.bool_], amount: Row) -> Row:
    """An amount in the scenarios that pass, nothing in the others. Mostly all pass or none does."""
    if passes.size > 1:
        return np.where(passes, amount, 0.0)
    return amount if passes.all() else _nothing(amount.shape)


@lru_cache(maxsize=4)
def _nothing(shape: tuple[int, ...]) -> Row:
    """A row of nothings that cannot be written into: most of what is asked for comes to nothing."""
    row = np.zeros(shape)
    row.flags.writeable = False
    return row
