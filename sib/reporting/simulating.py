"""A long simulation, with a progress bar."""

from __future__ import annotations

from sib.case import Case
from sib.risk.runs import Runs
from sib.risk.simulation import Options as Options
from sib.risk.simulation import simulate
from sib.risk.streams import Method as Method

# Fewer scenarios than this are over before a bar could be read.
LONG = 50_000


def simulate_with_progress(case: Case, scenarios: int, seed: int, options: Options) -> Runs:
    """Run a simulation; a long one with a bar and the time left on standard error."""
    if scenarios < LONG:
        return simulate(case, scenarios, seed, **options)
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("scenarios", total=scenarios)
        told: Options = {**options, "progress": lambda done, total: bar.update(task, completed=done, total=total)}
        return simulate(case, scenarios, seed, **told)
