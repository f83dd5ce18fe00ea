"""The cores of this machine, for simulations that are long enough to be worth them."""

from __future__ import annotations

import os
from concurrent.futures import Executor
from typing import cast

# Fewer scenarios than this are over before other processes have started.
WORTH_PROCESSES = 200_000


def cores() -> int:
    """How many there are."""
    return os.cpu_count() or 1


def every_core() -> Executor:
    """A process for each core, kept a while for the next simulation.

    Processes, for threads would wait for one another: numpy lets go of the interpreter for each row of scenarios, and
    a row is over before the next thread has taken it up. They are started afresh and need no `if __name__ ==
    "__main__"` in the script that simulates.
    """
    from loky import get_reusable_executor

    return cast("Executor", get_reusable_executor(max_workers=cores()))
