"""A simulation as tables: what each party may get, how likely what matters is, and how sure the figures are."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator

from rich.text import Text

from sib.risk.runs import Runs
from sib.show import formats
from sib.show.table import Column, Table, figures
from sib.show.terminal import console, print_tables

Shown = Callable[[float | None], str]

# What is shown of each party, of all that is in `--json`, and how it is written.
HEADLINES: dict[str, Shown] = {
    "drawn": formats.whole,
    "received": formats.whole,
    "irr": formats.percent,
    "multiple": formats.multiple,
    "npv": formats.whole,
    "loss": formats.whole,
    "peak_exposure": formats.whole,
    "paid": formats.whole,
    "savings": formats.whole,
    "net": formats.whole,
    "net_cashable": formats.whole,
    "cost": formats.whole,
    "margin": formats.whole,
    "peak_deficit": formats.whole,
    "reserves_left": formats.whole,
    "total": formats.whole,
    "npsv": formats.whole,
}
COUNTS = ("gross", "net", "payable")
RATES = ".irr"

CHANCES = {
    "investors.loss": "Investors lose money",
    "investors.total_loss": "Investors lose all of it",
    "investors.irr_above_hurdle": "Investors reach their hurdle",
    "provider.reserves_run_out": "The provider's reserves run out",
}
COVERS = {
    "cashable_covers_cost_by_contract_end": "Cashable savings of {} cover its cost by the end of the contract",
    "cashable_covers_cost_by_horizon": "Cashable savings of {} cover its cost by the horizon",
}


def print_simulation(runs: Runs) -> None:
    """A simulation as a page for the terminal."""
    to = console()
    to.print(Text(runs.case.title + (f", scenario {runs.scenario}" if runs.scenario else ""), style="bold"))
    to.print(f"{runs.scenarios:,} scenarios, seed {runs.points.seed}. {runs.case.currency}, nominal.")
    for note in runs.notes:
        to.print(note)
    to.print()
    print_tables([spreads(runs), chances(runs)], to)


def spreads(runs: Runs) -> Table:
    """Each headline figure of each party: the base case, and what it may be."""
    columns = (
        Column("Result"), figures("Base case"), figures("Mean"), figures("5 %"), figures("Median"), figures("95 %"),
        figures("Error of mean"),
    )  # fmt: skip
    note = "One in twenty scenarios lies below 5 %, one in twenty above 95 %."
    expected = formats.irr(runs.irr_of_expected_flows)
    if "investors.irr" in runs.rows:
        note += f" A total loss counts as -100 %. IRR of expected flows: {expected}."
    return Table("What may come of it", columns, tuple(_rows(runs)), note)


def _rows(runs: Runs) -> Iterator[tuple[str, ...]]:
    # What stands there under another name is left out: of payers who save, of investors with a tranche to themselves.
    twice = tuple(f"savers.{name}." for name in runs.case.deal.payers)
    held = [tranche.investors for tranche in runs.case.deal.tranches]
    tranches_of = Counter(name for investors in held for name in investors)
    alone = [investors[0] for investors in held if len(investors) == 1 and tranches_of[investors[0]] == 1]
    twice += tuple(f"investors.by_investor.{name}." for name in alone)
    for path in runs.rows:
        shown = _shown(path)
        if shown is not None and not path.startswith(twice):
            spread = runs.results[path]
            # The mean of rates of return is no return of anything.
            mean, error = (None, None) if path.endswith(RATES) else (spread.mean, spread.error)
            base = runs.base.get(path, math.nan)
            numbers = (None if math.isnan(base) else base, mean, spread.p5, spread.p50, spread.p95)
            yield (path, *(shown(number) for number in numbers), formats.missing() if error is None else _error(error))


def _error(error: float) -> str:
    return f"{error:,.0f}" if error >= 100 else f"{error:.2g}"


def _shown(path: str) -> Shown | None:
    party, name = path.split(".", 1)[0], path.rsplit(".", 1)[-1]
    if party == "outcomes":
        return formats.count if name in COUNTS else None
    if party == "payments":
        return formats.whole if name == "total" else None
    if path.startswith(("investors.tranches", "investors.by_investor")):
        return HEADLINES[name] if name in ("irr", "multiple", "loss") else None
    return HEADLINES.get(name)


def chances(runs: Runs) -> Table:
    """How likely each event is, in per cent, with its error."""
    rows = tuple(
        (event_name(name), formats.percent(chance), f"± {formats.percent(runs.probability_errors[name], places=2)}")
        for name, chance in runs.probabilities.items()
    )
    return Table("How likely", (Column("Event"), figures("Probability"), figures("Error")), rows)


def event_name(name: str) -> str:
    """An event of a simulation in words."""
    if name in CHANCES:
        return CHANCES[name]
    if name.startswith("guarantors.") and name.endswith(".called"):
        return f"{name.removeprefix('guarantors.').removesuffix('.called')} is called on its guarantee"
    party, _, event = name.removeprefix("payers.").rpartition(".")
    if event in COVERS:
        return COVERS[event].format(party)
    return f"The cap {name.removeprefix('payments.cut_by.')} cuts payments"
