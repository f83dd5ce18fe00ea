"""Speed of the internal rates of return against other solvers, in the same run: `python tests/benchmarks/bench_irr.py`.

Everything is timed on the same streams, 40 quarters by 100,000 scenarios, and stated in nanoseconds per rate.
pyxirr gets contiguous rows, with dates a few thousand of them. The slow solvers get a few hundred rows.
Medians of five.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median

import numpy as np
import numpy_financial
import pyxirr
from scipy.optimize import brentq

sys.path.insert(0, str(Path(__file__).parents[2]))

from sib.value.irr import IrrStatus, irr, periodic_irr

PERIODS, SCENARIOS, FEW, REPEATS = 40, 100_000, 300, 5
QUARTERS = [date(2020 + month // 12, month % 12 + 1, 1) for month in range(0, 3 * PERIODS, 3)]


def ordinary(rng: np.random.Generator, scenarios: int) -> np.ndarray:
    """Money drawn over two to three years, outcome payments of random size and date after that."""
    quarter = np.arange(PERIODS)[:, None]
    drawn_until = rng.integers(2, 13, scenarios)
    drawn = (quarter < drawn_until) * rng.uniform(20, 120, (PERIODS, scenarios))
    pays = (quarter >= drawn_until + rng.integers(0, 6, scenarios)) & (rng.random((PERIODS, scenarios)) < 0.5)
    paid = pays * rng.gamma(2, 1, (PERIODS, scenarios))
    return paid * (drawn.sum(0) * rng.lognormal(0.25, 0.35, scenarios) / paid.sum(0)) - drawn


def topped_up(rng: np.random.Generator, scenarios: int) -> np.ndarray:
    """The same with money put in again in mid-life, so that the sign changes several times."""
    flows = ordinary(rng, scenarios)
    again = rng.integers(16, 32, scenarios)
    for later in range(3):
        flows[again + later, np.arange(scenarios)] = -rng.uniform(0.1, 1.0, scenarios) * 250
    return flows


def mixed(rng: np.random.Generator, scenarios: int) -> np.ndarray:
    """Nine tenths ordinary, one tenth awkward: half of those topped up, half of random sign throughout."""
    flows = ordinary(rng, scenarios)
    flows[:, ::20] = topped_up(rng, len(range(0, scenarios, 20)))
    flows[:, 1::20] = rng.normal(size=(PERIODS, len(range(1, scenarios, 20))))
    return flows


def typical_time(run: Callable[[], object]) -> float:
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return median(times)


def by_brentq(row: np.ndarray) -> float:
    powers = np.arange(PERIODS)
    try:
        return float(brentq(lambda rate: row @ (1 + rate) ** -powers, -0.5, 5.0))
    except ValueError:
        return float("nan")


def table(title: str, flows: np.ndarray) -> None:
    rows = np.ascontiguousarray(flows.T)
    some = rows[:FEW]
    per_rate = {
        "irr (dates), batch": typical_time(lambda: irr(flows, QUARTERS)) / len(rows),
        "periodic_irr, batch": typical_time(lambda: periodic_irr(flows, 4)) / len(rows),
        "pyxirr.irr, row by row": typical_time(lambda: [pyxirr.irr(row, silent=True) for row in rows]) / len(rows),
        "pyxirr.xirr, row by row": typical_time(
            lambda: [pyxirr.xirr(QUARTERS, row, silent=True) for row in rows[: 10 * FEW]]
        )
        / (10 * FEW),
        "scipy brentq, row by row": typical_time(lambda: [by_brentq(row) for row in some]) / FEW,
        "numpy_financial.irr": typical_time(lambda: [numpy_financial.irr(row) for row in some]) / FEW,
    }
    status = periodic_irr(flows, 4).status
    shares = ", ".join(f"{(status == code).mean():.1%} {code.label}" for code in IrrStatus if (status == code).any())
    print(f"\n{title}: {PERIODS} x {len(rows):,}; {shares}")
    others = ("pyxirr.irr, row by row", "pyxirr.xirr, row by row", "numpy_financial.irr")
    print(f"{'':26}{'ns per rate':>12}{'x pyxirr.irr':>15}{'x pyxirr.xirr':>15}{'x numpy-financial':>19}")
    for name, seconds in per_rate.items():
        irr_, xirr, financial = (per_rate[other] / seconds for other in others)
        print(f"{name:26}{seconds * 1e9:12,.0f}{irr_:15,.2f}{xirr:15,.2f}{financial:19,.1f}")


def single_streams(streams: dict[str, np.ndarray]) -> None:
    print(f"\n{'one stream, ' + str(PERIODS) + ' quarters':36}{'irr, us':>10}{'periodic_irr, us':>18}")
    for name, flows in streams.items():
        dated = median(typical_time(lambda flows=flows: irr(flows, QUARTERS)) for _ in range(40))
        periodic = median(typical_time(lambda flows=flows: periodic_irr(flows, 4)) for _ in range(40))
        print(f"{name:36}{dated * 1e6:10,.0f}{periodic * 1e6:18,.0f}")


def main() -> None:
    rng = np.random.default_rng(2026)
    table("Ordinary streams", ordinary(rng, SCENARIOS))
    table("A tenth awkward", mixed(rng, SCENARIOS))
    table("All topped up in mid-life", topped_up(rng, SCENARIOS // 10))
    table("All of random sign", rng.normal(size=(PERIODS, SCENARIOS // 10)))
    single_streams(
        {
            "ordinary": ordinary(rng, 1)[:, 0],
            "topped up": topped_up(rng, 1)[:, 0],
            "random sign": rng.normal(size=PERIODS),
        }
    )


if __name__ == "__main__":
    main()
