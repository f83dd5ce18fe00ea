"""Simulation: the case run for many scenarios, block by block, on as many cores or machines as one likes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, as_completed
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from time import perf_counter
from typing import Literal, TypedDict, Unpack, get_args

import numpy as np

from sib.case import Case
from sib.cashflow.run import run
from sib.chance import CELL, Chance
from sib.numbers import Row
from sib.risk.draws import draws_and_deviates, draws_of, errors_of, uncertain_numbers
from sib.risk.limits import estimate_of, refuse_impossible, refuse_too_many, refuse_unknown_names
from sib.risk.reduction import Block, joined, reduced
from sib.risk.runs import Runs
from sib.risk.streams import Method, Points, rounded_up
from sib.risk.workers import WORTH_PROCESSES, cores, every_core

Noise = Literal["both", "parameters", "participants"]

# Tasks that wait for an executor at the same time; more would only hold memory.
WAITING = 64
# Scenarios that are run together, always the same so that the same bytes come of any number of tasks: one cell. Twice
# as many are a little quicker each and take twice the memory.
UNIT = CELL
# Units in one task: some hundreds of milliseconds, so that handing it out costs nothing.
MOST_UNITS = 4
# So many scenarios are within reach of any machine; more are first measured.
ALWAYS_POSSIBLE = 500_000


class Options(TypedDict, total=False):
    """What else a simulation takes, each by its name.

    `scenario`: one of the case's named scenarios. `method`: `sobol` points, or `plain` draws. `noise`: `parameters`
    (what the rates are), `participants` (what people then do), or `both`. `executor`: any of concurrent.futures, or a
    Dask client's; without one, a process on each core from 200,000 scenarios on, and one core for fewer.
    `progress`: is told how many scenarios of how many are done.
    """

    scenario: str | None
    method: Method
    noise: Noise
    executor: Executor | None
    progress: Callable[[int, int], None] | None


@dataclass(frozen=True)
class Task:
    """One block of scenarios, whole cells of it: all that a worker must know."""

    case: Case
    points: Points
    noise: Noise
    first: int
    count: int


def simulate(case: Case, scenarios: int = 10_000, seed: int = 1, **options: Unpack[Options]) -> Runs:
    """Every party's results in many scenarios of one case: what might be, and how likely.

    Sobol points come in eight replicates of 2^k, so that the number of scenarios is rounded up to the next 8 x 2^k. The
    same seed gives the same numbers, however many workers there are. Raises CaseError for a number of scenarios that
    cannot be, KeyError for a scenario that the case does not have, RuntimeError where an executor breaks.
    """
    refuse_impossible(scenarios, seed)
    _refuse_unknown_options(options)
    chosen = case.in_scenario(options.get("scenario"))
    method, noise = options.get("method", "sobol"), options.get("noise", "both")
    if noise == "both" and not uncertain_numbers(chosen):
        noise = "participants"
    if not _is_spread(chosen, noise):
        method = "plain"
    points = Points(method, seed, rounded_up(scenarios, method))
    if points.scenarios > ALWAYS_POSSIBLE:
        _refuse_too_many(chosen, points, noise)
    tasks = tasks_of(chosen, points, noise, _units_in_a_task(points.scenarios))
    blocks = _blocks(tasks, options.get("executor"), points.scenarios)
    blocks = _told(blocks, points.scenarios, options.get("progress"))
    return Runs(chosen, options.get("scenario"), scenarios, points, noise, joined(blocks, 0, points.scenarios))


def _is_spread(case: Case, noise: Noise) -> bool:
    """Whether there is anything that Sobol points spread: numbers, or a few errors of measurement."""
    if noise == "participants":
        return bool(errors_of(case))
    return bool(uncertain_numbers(case))


def _refuse_unknown_options(options: Options) -> None:
    """ValueError for an option, or a choice of one, that there is not: it must not be taken for another."""
    known: dict[str, tuple[str, ...]] = {"noise": get_args(Noise), "method": get_args(Method)}
    refuse_unknown_names(options, Options.__annotations__)
    for name, choices in known.items():
        given = options.get(name, choices[0])
        if given not in choices:
            raise ValueError(f"{name} is {given!r}; choose one of {', '.join(choices)}.")


def _refuse_too_many(case: Case, points: Points, noise: Noise) -> None:
    """CaseError with the price of so many scenarios, measured on the first of them."""
    begun = perf_counter()
    block = simulate_block(Task(case, points, noise, 0, UNIT))
    refuse_too_many(estimate_of(block, points.scenarios, perf_counter() - begun))


def tasks_of(case: Case, points: Points, noise: Noise, units: int) -> Iterator[Task]:
    """All scenarios as tasks of so many units."""
    for first in range(0, points.scenarios, units * UNIT):
        yield Task(case, points, noise, first, min(units * UNIT, points.scenarios - first))


def simulate_block(task: Task) -> Block:
    """Run the scenarios of a task, unit by unit, and keep what is reported of them."""
    beyond = task.first + task.count
    units = (_unit(task, first, min(UNIT, beyond - first)) for first in range(task.first, beyond, UNIT))
    return joined(units, task.first, task.count)


def _unit(task: Task, first: int, count: int) -> Block:
    draws, deviates = _spread(task, first, count)
    chance = Chance(task.points.seed, first, count, deviates) if task.noise != "parameters" else None
    found = run(task.case, draws, chance)
    block = reduced(found, first, count)
    keep_memory(count)
    return block


@lru_cache(maxsize=4)
def keep_memory(count: int) -> Row:
    """A row that is made while a unit is at its largest, and kept, so that the next unit finds its memory.

    The memory below it is used again; without it the C library of Linux gives it back to the system after each unit
    and asks for it anew, which takes a sixth of the time.
    """
    return np.empty(count)


def _spread(task: Task, first: int, count: int) -> tuple[dict[str, Row], dict[str, Row]]:
    """What the points spread: draws of uncertain numbers, and deviates of errors of measurement."""
    if task.noise == "parameters":
        return draws_of(task.case, task.points, first, count), {}
    if task.points.method == "plain":
        return draws_of(task.case, task.points, first, count) if task.noise == "both" else {}, {}
    draws, deviates = draws_and_deviates(task.case, task.points, first, count)
    return draws if task.noise == "both" else {}, deviates


def _units_in_a_task(scenarios: int) -> int:
    """Few enough that every core has several."""
    return max(1, min(MOST_UNITS, scenarios // UNIT // (4 * cores())))


def _blocks(tasks: Iterator[Task], executor: Executor | None, scenarios: int) -> Iterator[Block]:
    """All blocks, in the order in which they are done."""
    if executor is None and scenarios >= WORTH_PROCESSES and cores() > 1:
        executor = every_core()
    return map(simulate_block, tasks) if executor is None else _in_turn(executor, tasks)


def _told(blocks: Iterator[Block], scenarios: int, progress: Callable[[int, int], None] | None) -> Iterator[Block]:
    """The same blocks, each told as it comes."""
    done = 0
    for block in blocks:
        done += block.count
        if progress is not None:
            progress(done, scenarios)
        yield block


def _in_turn(executor: Executor, tasks: Iterator[Task]) -> Iterator[Block]:
    """Hand out tasks as others come back, so that memory does not grow with their number."""
    try:
        waiting = {executor.submit(simulate_block, task) for task in islice(tasks, WAITING)}
        while waiting:
            done = next(as_completed(waiting))
            waiting.remove(done)
            waiting |= {executor.submit(simulate_block, task) for task in islice(tasks, 1)}
            yield done.result()
    except BrokenExecutor as broken:
        raise RuntimeError(
            f"the executor stopped before all scenarios were run ({type(broken).__name__}); "
            "run again with fewer workers, or without an executor."
        ) from broken
