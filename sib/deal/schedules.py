"""A schedule of a measure: points, stepped or joined by straight lines."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import Field, model_validator

from sib.assumption import Frozen, Quantity, SignedAmount

Form = Literal["stepped", "joined"]


class Point(Frozen):
    """From this value of the measure on (its edge included), this is given."""

    at: Quantity
    """The value of the measure."""
    pays: SignedAmount
    """What is given there; negative where the payee pays."""


class Schedule(Frozen):
    """What is given for each value of a measure; below the first point, `below`."""

    form: Form = "stepped"
    """`stepped`: the last point reached counts. `joined`: straight lines between the points."""
    points: tuple[Point, ...] = Field(min_length=1)
    below: SignedAmount | None = None
    """What is given below the first point; nothing unless written."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        ats = [point.at.value for point in self.points]
        for before, after in pairwise(ats):
            if after <= before:
                raise ValueError(f"the points must rise: {after:g} comes after {before:g}; sort them by at")
        return self


def paid_at(measure: ArrayLike, ats: ArrayLike, pays: ArrayLike, below: ArrayLike, form: Form) -> NDArray[np.float64]:
    """What a schedule gives for a measure.

    `measure` has shape (scenarios,); `ats` and `pays` (points,) or (points, scenarios), rising in `ats`.
    An edge belongs to the step that begins there (within 1e-12, so that 0.1 reached as 0.30 - 0.20 is reached).
    Beyond the last point a joined schedule stays level.
    """
    x, at, pay = np.broadcast_arrays(np.asarray(measure, float)[None, :], _column(ats), _column(pays))
    reached = x[0] >= at - 1e-12
    result: NDArray[np.float64] = np.where(reached[0], pay[0], below)
    for i in range(1, len(at)):
        if form == "joined":
            slope = (pay[i] - pay[i - 1]) / (at[i] - at[i - 1])
            on_line = pay[i - 1] + slope * (x[0] - at[i - 1])
            result = np.where(reached[i - 1] & ~reached[i], on_line, result)
        result = np.where(reached[i], pay[i], result)
    return result


def _column(values: ArrayLike) -> NDArray[np.float64]:
    array = np.asarray(values, float)
    return array[:, None] if array.ndim == 1 else array
