"""What a simulation would take, so that one that is too large is refused with its price and not begun."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from sib.problems import CaseError, Problem
from sib.risk.reduction import Block

# Where the machine does not tell: what a small one has.
USUAL_MEMORY = 8 * 2**30
DAY = 24 * 3600.0
UNITS = (("GB", 2**30), ("MB", 2**20), ("kB", 2**10))


@dataclass(frozen=True)
class Estimate:
    """Seconds on all cores, and bytes of results kept, for so many scenarios; measured on some of them."""

    scenarios: int
    seconds: float
    memory: int
    measured_on: int


def estimate_of(block: Block, scenarios: int, seconds: float) -> Estimate:
    """From one block and the seconds that it took on one core."""
    known = min(scenarios, 10**18)
    kept = sum(row.itemsize for row in (*block.results.values(), *block.events.values())) + 1
    return Estimate(scenarios, seconds * known / block.count / (os.cpu_count() or 1), known * kept, block.count)


def refuse_too_many(estimate: Estimate) -> None:
    """CaseError, with time and memory, where results do not fit in half of the memory, or a day is too short."""
    room = memory_of_machine() // 2
    if estimate.memory <= room and estimate.seconds <= DAY:
        return
    raise CaseError(
        Problem(
            None, None, "scenarios",
            f"{estimate.scenarios:,} scenarios would take about {_time(estimate.seconds)} and {_size(estimate.memory)} "
            f"of memory (measured on {estimate.measured_on:,}); there is room for {_size(room)} of results. "
            f"Ask for fewer: 100,000 are enough for nearly every question.",
        )
    )  # fmt: skip


def memory_of_machine() -> int:
    """Bytes of memory; a usual amount where the system does not say."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return USUAL_MEMORY


def _time(seconds: float) -> str:
    for name, length in (("days", DAY), ("hours", 3600.0), ("minutes", 60.0)):
        if seconds >= 2 * length:
            return f"{seconds / length:,.0f} {name}"
    return f"{seconds:,.0f} seconds"


def _size(count: int) -> str:
    for name, unit in UNITS:
        if count >= unit:
            return f"{count / unit:,.1f} {name}"
    return f"{count} bytes"


def refuse_impossible(scenarios: int, seed: int) -> None:
    """CaseError for a number of scenarios, or a seed, that cannot be; TypeError for what is no whole number."""
    for name, number in (("scenarios", scenarios), ("seed", seed)):
        if isinstance(number, bool) or not isinstance(number, int | np.integer):
            raise TypeError(f"{name} is {number!r}; give a whole number.")
    if scenarios < 1:
        raise CaseError(Problem(None, None, "scenarios", f"{scenarios} scenarios are none; ask for one or more."))
    if seed < 0:
        raise CaseError(Problem(None, None, "seed", f"{seed} is below 0; a seed is 0 or more."))


def refuse_unknown_names(given: Iterable[str], known: Iterable[str]) -> None:
    """ValueError for an option of no such name, which would else be ignored."""
    there = list(known)
    unknown = [name for name in given if name not in there]
    if unknown:
        raise ValueError(f"{unknown[0]!r} is no option here; the options: {', '.join(there)}.")
