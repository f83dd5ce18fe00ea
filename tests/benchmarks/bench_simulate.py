"""Speed of the engine under draws: `python tests/benchmarks/bench_simulate.py`.

`three-tranches.yaml` is simulated: Sobol points for every number that has a range, sampling noise, and every party's
results. Times are microseconds a scenario, the best of several blocks. The yardstick is what pyxirr needs in the same
run for four rates of return of each scenario: all investors and three tranches, in turns with the blocks, so that both
meet the same machine. To beat: no more than the yardstick for all of it, 1.7 times as fast on two workers (processes,
as a long simulation uses them by itself; threads are shown beside them), under 100 MB beyond the results. Two workers
need two idle cores: the load of the machine is printed beside them.
"""

from __future__ import annotations

import os
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pyxirr
from loky import ProcessPoolExecutor

sys.path.insert(0, str(Path(__file__).parents[2]))

import sib
from sib.case import Case
from sib.cashflow import capital, ledger, payments, waterfall
from sib.cashflow.run import Run, run
from sib.chance import Chance
from sib.periods import add_months
from sib.risk.draws import draws_of, uncertain_numbers
from sib.risk.reduction import reduced
from sib.risk.simulation import UNIT, Task, keep_memory, simulate_block
from sib.risk.streams import Points
from sib.value.investors import investor_flows, of_tranche

run_module = sys.modules["sib.cashflow.run"]  # the package itself names its function so
CASE = Path(__file__).with_name("three-tranches.yaml")
FEW, BLOCKS, TURNS, MANY = 512, 5, 25, 65_536
POINTS = Points("sobol", 1, MANY)
PARTS = ("draws", "sampling", "outcomes", "costs, savings", "payments", "capital", "ledger", "the rest", "results")
TIMED: dict[str, list[tuple[Any, str]]] = {
    "sampling": [(Chance, name) for name in ("binomial", "beta_binomial", "poisson", "normal")],
    "outcomes": [(run_module, "groups_of"), (run_module, "outcomes_of")],
    "costs, savings": [(run_module, "costs_of"), (run_module, "Prices"), (run_module.Valuing, "worths")],
    "payments": [(run_module, "claims_of"), (run_module, "Payments")]
    + [(payments.Payments, name) for name in ("claim", "pay_from_payers", "pay_from_holder")],
    "capital": [(waterfall.Waterfall, "distribute"), (run_module, "pay_guarantee_fees"), (run_module, "Capital")]
    + [(run_module, "call_guarantees")]
    + [
        (capital.Capital, name)
        for name in ("accrue", "draw_as_agreed", "pay_commitment_fees", "draw_as_needed", "close")
    ],
    "ledger": [(ledger.Ledger, "post")],
}


class Clock:
    """Time spent in each part, without the parts that it calls."""

    def __init__(self) -> None:
        self.spent = dict.fromkeys(PARTS, 0.0)
        self._open: list[str] = []
        self._since = 0.0

    def _turn(self) -> None:
        now = time.perf_counter()
        if self._open:
            self.spent[self._open[-1]] += now - self._since
        self._since = now

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        self._turn()
        self._open.append(name)
        yield
        self._turn()
        self._open.pop()

    def timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*given: Any, **named: Any) -> Any:
            with self.part(name):
                return function(*given, **named)

        return wrapped

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Every timed function replaced by one that says how long it took."""
        kept = [(owner, name, getattr(owner, name)) for where in TIMED.values() for owner, name in where]
        for part, where in TIMED.items():
            for owner, name in where:
                setattr(owner, name, self.timed(part, getattr(owner, name)))
        yield
        for owner, name, function in kept:
            setattr(owner, name, function)


def streams_of(found: Run) -> list[np.ndarray]:
    """The flows of all investors and of each tranche."""
    chosen = [lambda _: True, *(of_tranche(name) for name in found.books)]
    return [investor_flows(found, one).dense() for one in chosen]


def block(case: Case, scenarios: int, number: int = 0, clock: Clock | None = None) -> None:
    """One block of a simulation."""
    clock = clock or Clock()
    with clock.part("draws"):
        draws = draws_of(case, POINTS, number * scenarios % MANY, scenarios)
    with clock.part("the rest"):
        found = run(case, draws, Chance(1, 0, scenarios))
    with clock.part("results"):
        reduced(found, number * scenarios, scenarios)
        keep_memory(scenarios)


def best(action: Callable[[], object], times: int = BLOCKS) -> float:
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        action()
        taken.append(time.perf_counter() - begun)
    return min(taken)


def by_part(case: Case, scenarios: int) -> dict[str, float]:
    """Microseconds a scenario in each part, of the best block."""
    found = []
    for number in range(1, BLOCKS + 1):
        clock = Clock()
        with clock.watching():
            block(case, scenarios, number, clock)
        found.append(clock.spent)
    fastest = min(found, key=lambda spent: sum(spent.values()))
    return {part: seconds / scenarios * 1e6 for part, seconds in fastest.items()}


def pyxirr_alone(case: Case) -> Callable[[], float]:
    """Measures what pyxirr needs for four rates of a scenario, row by row on quarters, in microseconds."""
    found = run(case, draws_of(case, POINTS, 0, FEW), Chance(1, 0, FEW))
    starts = np.searchsorted(found.timeline.end_rows, np.arange(len(found.timeline)))
    quarters = [np.zeros((len(found.timeline.periods), FEW)) for _ in range(4)]
    for total, flows in zip(quarters, streams_of(found), strict=True):
        np.add.at(total, np.minimum(starts, len(total) - 1), flows)
    rows = [row for flows in quarters for row in np.ascontiguousarray(flows.T)]
    return lambda: best(lambda: [pyxirr.irr(row, silent=True) for row in rows], 1) / FEW * 1e6


def against_the_yardstick(case: Case, yardstick: Callable[[], float]) -> None:
    """Whole blocks and pyxirr in turns, nothing else timed: the best, the middle, and what they come to."""
    taken = [
        (best(lambda: block(case, UNIT, 1 + i % BLOCKS), 1) / UNIT * 1e6, yardstick())  # noqa: B023
        for i in range(TURNS)
    ]
    print(f"{'':24}{'a scenario':>18}{'pyxirr, four IRRs':>18}{'ratio':>9}")
    for name, of in (("best", min), ("middle", median)):
        ours, theirs = (of(times) for times in zip(*taken, strict=True))
        print(f"{f'{name} of {TURNS} turns':24}{ours:18.2f}{theirs:18.2f}{ours / theirs:9.2f}")
    print()


def memory_of(case: Case, scenarios: int) -> float:
    """The most memory in MB during a block, beyond what was held before."""
    tracemalloc.start()
    block(case, scenarios, 1)
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    return peak


def beyond_results(case: Case, scenarios: int) -> tuple[float, float]:
    """MB of what a simulation keeps, and the most that it holds on the way beyond that."""
    tracemalloc.start()
    kept = sib.simulate(case, scenarios)
    left, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del kept
    return left / 1e6, (peak - left) / 1e6


def on_workers(case: Case, pool: Executor, tasks: int = 8) -> float:
    """Microseconds a scenario of some units, as they pass on the clock."""
    begun = time.perf_counter()
    list(pool.map(simulate_block, [Task(case, POINTS, "both", UNIT * (1 + i), UNIT) for i in range(tasks)]))
    return (time.perf_counter() - begun) / tasks / UNIT * 1e6


def gain_of_two(case: Case, kind: type[Executor]) -> str:
    """One worker against two in turn, the best of each, in units as a simulation runs them."""
    with kind(1) as one, kind(2) as two:  # type: ignore[call-arg]
        on_workers(case, two, 4)
        found = [(on_workers(case, one), on_workers(case, two)) for _ in range(BLOCKS)]
    alone, together = (min(times) for times in zip(*found, strict=True))
    return f"one {alone:.2f}, two {together:.2f}: {alone / together:.2f} times as fast"


def shorter_and_longer(case: Case, quarters: int) -> Case:
    """The case with another number of quarters of service, payments and horizon after its cohorts are in."""
    end = add_months(case.deal.start, 3 * quarters) - timedelta(days=1)
    last = max(end, *(cohort.last for cohort in case.forecast.cohorts[: max(1, min(16, quarters - 4))] if cohort.last))
    kept = [cohort for cohort in case.data()["forecast"]["cohorts"] if str(cohort["last"]) <= str(last)]
    day = last.isoformat()
    ends = {f"deal.{name}": day for name in ("service_end", "last_claim", "last_payment")}
    return case.changed({**ends, "appraisal.horizon": day, "forecast.cohorts": kept})[0]


def main() -> None:
    case = sib.load(CASE)
    sizes = (UNIT // 2, UNIT, 2 * UNIT)
    print(f"{len(uncertain_numbers(case))} numbers with a range, {len(run(case).timeline)} dates; us a scenario\n")
    against_the_yardstick(case, pyxirr_alone(case))
    columns = {size: by_part(case, size) for size in sizes}
    print(f"{'':24}" + "".join(f"{f'blocks of {size:,}':>18}" for size in sizes))
    for part in PARTS:
        print(f"{part:24}" + "".join(f"{columns[size][part]:18.2f}" for size in sizes))
    print(f"{'all':24}" + "".join(f"{sum(columns[size].values()):18.2f}" for size in sizes))
    print(f"{'MB at the most':24}" + "".join(f"{memory_of(case, size):18.1f}" for size in sizes))
    for name, kind in (("processes", ProcessPoolExecutor), ("threads", ThreadPoolExecutor)):
        print(f"\n{name}: {gain_of_two(case, kind)} (load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores)", end="")
    print(f"\nbase case {best(lambda: run(case)) * 1e3:.1f} ms")
    print(f"\n{'scenarios':>10}{'us each':>10}{'results MB':>12}{'MB beyond':>12}    sib.simulate")
    for scenarios in (1024, 4096, 16384, MANY):
        taken = best(lambda: sib.simulate(case, scenarios), 2)  # noqa: B023
        left, beyond = beyond_results(case, scenarios)
        print(f"{scenarios:10,}{taken / scenarios * 1e6:10.2f}{left:12.1f}{beyond:12.1f}")
    print(f"\n{'quarters':>10}{'dates':>8}{'us each':>10}{'MB':>8}    blocks of {UNIT:,}")
    for quarters in (10, 20, 40, 80):
        other = shorter_and_longer(case, quarters)
        taken = best(lambda: block(other, UNIT, 1), 3) / UNIT * 1e6  # noqa: B023
        print(f"{quarters:10}{len(run(other).timeline):8}{taken:10.2f}{memory_of(other, UNIT):8.1f}")


if __name__ == "__main__":
    main()
