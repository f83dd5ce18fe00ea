"""Speed of a batch of reports: `python tests/benchmarks/bench_reports.py`.

Twenty reports of bundled and starter cases in one batch, as `sib report` makes them, against plain papermill in the
same run: the same notebook with a new kernel each, one after another, in one process. To beat: six times as fast.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from sib.files import bundled
from sib.files.starters import starters
from sib.reporting import report_many
from sib.reporting.parameters import Parameters
from sib.reporting.places import notebook
from sib.reporting.running import run

REPORTS = 20


def seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def main() -> None:
    names = [*bundled(), *map(str, starters().values())][:REPORTS]
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        several = seconds(lambda: report_many(names, place / "batch"))

        def one_by_one() -> None:
            for i, name in enumerate(names):
                run(notebook("appraisal"), Parameters(case=name).as_json(), place / f"{i}.ipynb")

        alone = seconds(one_by_one)
    print(f"{REPORTS} reports, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(f"{'in one batch, HTML written':34}{several:8.1f} s")
    print(f"{'plain papermill, a kernel each':34}{alone:8.1f} s")
    print(f"{'times as fast':34}{alone / several:8.1f}")


if __name__ == "__main__":
    main()
