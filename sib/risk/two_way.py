"""The two assumptions that matter most, varied together."""

from __future__ import annotations

import numpy as np

from sib.case import Case
from sib.risk.sensitivity import Grid, grid, sensitivity


def widest_grid(case: Case, output: str = "investors.irr", steps: int = 5) -> Grid | None:
    """An output over the two assumptions with the widest swings, each from its low to its high in even steps.

    None where fewer than two assumptions move it. CaseError for an output that is not there.
    """
    swings = [swing for swing in sensitivity(case, output) if swing.size > 0][:2]
    if len(swings) < 2:
        return None
    first, second = ((one.path, np.linspace(one.low, one.high, steps).tolist()) for one in swings)
    return grid(case, first, second, output)
