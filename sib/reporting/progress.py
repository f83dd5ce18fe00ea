"""A progress bar while reports are written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sib.reporting.writing import Reported, report_many


def report_with_progress(
    cases: Sequence[str], folder: str, scenario: str | None, changes: dict[str, Any]
) -> list[Reported]:
    """Write reports with a progress bar on standard error."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reports", total=len(cases))
        return report_many(cases, folder, lambda _: bar.advance(task), scenario=scenario, changes=changes)
