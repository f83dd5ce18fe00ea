"""How long the explorer takes to answer one turned number, for every bundled case.

Prints milliseconds (median of 15) and, as a ratio in the same run, against a bare run of the engine.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import sib
from sib.cashflow.run import run
from sib.files import bundled
from sib.show.headline import lines_of
from sib.show.knobs import knobs_of, turned


def milliseconds(work: Callable[[], object]) -> float:
    """The median time of a piece of work."""
    times = []
    for _ in range(15):
        began = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - began))
    return statistics.median(times)


def main() -> None:
    """One line for each case."""
    print(f"{'case':<24}{'dates':>7}{'rules':>7}{'engine, ms':>12}{'answer, ms':>12}{'ratio':>8}")
    for name in bundled():
        case = sib.load(name)
        values = {knob.path: knob.positions[-1] for knob in knobs_of(case)[:1]}
        engine = milliseconds(lambda case=case: run(case))
        answer = milliseconds(lambda case=case, values=values: lines_of(turned(case, values)))
        dates, rules = len(run(case).timeline), len(case.deal.payments)
        print(f"{name:<24}{dates:>7}{rules:>7}{engine:>12.1f}{answer:>12.1f}{answer / engine:>8.1f}")


if __name__ == "__main__":
    main()
