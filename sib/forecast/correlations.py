"""Which assumptions move together: rank correlations, and the matrix that they make."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from sib.assumption import Figure, Frozen

# An eigenvalue below nought by less than this is rounding.
ROUNDING = 1e-10


class Correlation(Frozen):
    """The rank correlation (Spearman's) of two assumptions, named by their paths."""

    between: Annotated[tuple[str, ...], Field(min_length=2, max_length=2)]
    value: Annotated[Figure, Field(ge=-1, le=1)]
    """From -1 to 1; pairs that are not named move on their own."""

    @model_validator(mode="after")
    def _of_two(self) -> Self:
        if self.between[0] == self.between[1]:
            raise ValueError("name two different assumptions")
        return self


def named_in(correlations: Sequence[Correlation]) -> list[str]:
    """The paths that are correlated with any other, in the order in which they are named."""
    return list(dict.fromkeys(path for item in correlations for path in item.between))


def normal_matrix(correlations: Sequence[Correlation]) -> NDArray[np.float64]:
    """Correlations of the normal deviates that give these rank correlations, in the order of `named_in`.

    A Gaussian copula has the rank correlation r where its normals have 2 sin(pi r / 6) (Pearson 1907).
    """
    places = {path: i for i, path in enumerate(named_in(correlations))}
    matrix = np.eye(len(places))
    for item in correlations:
        one, other = (places[path] for path in item.between)
        matrix[one, other] = matrix[other, one] = 2 * np.sin(np.pi * item.value / 6)
    return matrix


def is_possible(correlations: Sequence[Correlation]) -> bool:
    """Whether numbers with all these correlations at once can exist."""
    return not correlations or float(np.linalg.eigvalsh(normal_matrix(correlations))[0]) > -ROUNDING


def impossible_together(correlations: Sequence[Correlation]) -> list[Correlation]:
    """The correlations that cannot hold together; without any one of them the others can. Empty where all can."""
    kept = list(correlations)
    if is_possible(kept):
        return []
    for item in correlations:
        others = [other for other in kept if other is not item]
        if not is_possible(others):
            kept = others
    return kept
