"""How many freed places can be taken out of a budget: freed capacity is not cash."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from sib.basis.tables import Floats

# Ten places that rounding left a hair short of a step of ten are ten.
ALMOST = 1e-9


def places_released(free: ArrayLike, backfill: ArrayLike, step: ArrayLike) -> Floats:
    """Places whose cost is truly released: floor(free (1 - backfill)/step) step, of the stock free at a date.

    `backfill` is the fraction of freed places that is filled again, `step` the places that go together (a ward, a
    caseload). Arrays are taken place by place; fewer than none free release less than none.
    """
    left = np.asarray(free, dtype=float) * (1 - np.asarray(backfill, dtype=float))
    size = np.asarray(step, dtype=float)
    return np.asarray(np.floor(left / size + ALMOST) * size)
