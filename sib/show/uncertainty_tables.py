"""Tables of the page "How sure is that": what each party may get, and how likely what matters is."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sib.appraisal import Result
from sib.case import Case
from sib.risk.runs import Runs
from sib.risk.sensitivity import Grid
from sib.show import formats
from sib.show.chances import counted, error_of
from sib.show.foreseen import changes
from sib.show.investor_series import titles
from sib.show.risk_words import bare_number, number_name, number_unit, number_written, output_name, writer_of
from sib.show.simulated import event_name
from sib.show.table import Column, Table, figures
from sib.show.wording import cap_name

Shown = Callable[[float | None], str]
Line = tuple[str, str, Shown]
CUT_BY = "payments.cut_by."


def spreads(result: Result, runs: Runs) -> Table:
    """Each party's results: the base case, and the range that holds nine scenarios in ten."""
    columns = (
        Column("Result"), figures("Base case"), figures("5 %"), figures("Median"), figures("95 %"),
        figures("Error of median"),
    )  # fmt: skip
    rows = tuple(_spread(runs, *line) for line in _lines(result) if line[1] in runs.rows and changes(runs, line[1]))
    note = (
        f"{runs.case.currency}, nominal, unless it says otherwise. One scenario in twenty lies below 5 %, one in "
        "twenty above 95 %; the median is the middle one. The error is what the number of scenarios leaves open, "
        "one standard error. What is the same in every scenario is left out."
    )
    lost = " A total loss counts as -100 %." if "investors.irr" in runs.rows else ""
    return Table("What each party may get", columns, rows, note + lost + _beyond(result, runs))


def _beyond(result: Result, runs: Runs) -> str:
    """A word on base cases that lie outside their own range."""
    shown = [line for line in _lines(result) if line[1] in runs.rows and changes(runs, line[1])]
    if not any(_is_beyond(runs, path) for _, path, _ in shown):
        return ""
    return (
        " A base case beyond its 5 % or 95 % is no mistake: ranges reach further to one side of their values than to "
        "the other, or a trigger or a cap cuts one side off."
    )


def _is_beyond(runs: Runs, path: str) -> bool:
    found, base = runs.results[path], runs.base.get(path)
    if base is None or found.p5 is None or found.p95 is None:
        return False
    slack = 1e-9 * max(abs(found.p5), abs(found.p95))
    return base < found.p5 - slack or base > found.p95 + slack


def _spread(runs: Runs, name: str, path: str, shown: Shown) -> tuple[str, ...]:
    found = runs.results[path]
    numbers = (shown(value) for value in (runs.base.get(path), found.p5, found.p50, found.p95))
    error = runs.quantile_error(path, 0.5)
    return (name, *numbers, formats.missing() if error is None else f"± {_finely(shown, error)}")


def _finely(shown: Shown, error: float) -> str:
    """An error in the unit of its result, with more decimals where that is a rate or a multiple."""
    if shown is formats.multiple:
        return f"{formats.tiny(error)}x"
    return f"{error * 100:.2f} points" if shown is formats.percent else shown(error)


def _lines(result: Result) -> Iterator[Line]:
    """Name, path and way of writing of each result that is shown, party by party."""
    case, money = result.case, formats.whole
    yield from _of_investors(result)
    for name, view in result.payers.items():
        yield f"{name}: pays", f"payers.{name}.paid", money
        if view.savings is None:
            continue
        yield f"{name}: gross savings", f"payers.{name}.savings", money
        yield f"{name}: cashable savings less payments and own costs", f"payers.{name}.net_cashable", money
    yield "Provider: receives", "provider.received", money
    yield "Provider: spends", "provider.cost", money
    yield "Provider: margin", "provider.margin", money
    yield "Provider: deepest deficit", "provider.peak_deficit", money
    for outcome in case.deal.outcomes:
        if outcome.kind == "count":
            yield f"{outcome.title or outcome.id}: gross number", f"outcomes.{outcome.id}.gross", formats.count
    yield "Public value, net present value", "public_value.npsv", money


def _of_investors(result: Result) -> Iterator[Line]:
    yield "Investors: return a year (IRR)", "investors.irr", formats.percent
    yield "Investors: received, times drawn", "investors.multiple", formats.multiple
    yield "Investors: net present value", "investors.npv", formats.whole
    names = titles(result)
    for tranche in result.investors.tranches if len(names) > 1 else ():
        yield f"{names[tranche]}: return a year (IRR)", f"investors.tranches.{tranche}.irr", formats.percent


def events(runs: Runs) -> Table:
    """How often what matters comes about, out of a thousand scenarios."""
    rows = tuple(
        (event_in_words(runs.case, name), counted(chance, runs.scenarios), error_of(runs.probability_errors[name]))
        for name, chance in runs.probabilities.items()
    )
    return Table("How likely", (Column("Event"), figures("Scenarios"), figures("Error")), rows)


def event_in_words(case: Case, name: str) -> str:
    """An event of a simulation, with caps as the report calls them."""
    if not name.startswith(CUT_BY):
        return event_name(name)
    cap = cap_name(case, name.removeprefix(CUT_BY))
    return f"{cap[:1].upper()}{cap[1:]} cuts payments"


def two_ways(result: Result, found: Grid) -> Table:
    """An output over two numbers of the case: the first down the side, the second along the top."""
    case, write = result.case, writer_of(result, found.output)
    top = [number_written(case, found.second, value) for value in found.at_second]
    rows = tuple(
        (bare_number(case, found.first, value), *(write(float(one)) for one in row))
        for value, row in zip(found.at_first, found.values, strict=True)
    )
    title = (
        f"{output_name(found.output)}: {number_name(case, found.first)} down, {number_name(case, found.second)} across"
    )
    note = " ".join(["The whole deal anew in each cell.", *found.notes])
    side = Column(number_name(case, found.first), number_unit(case, found.first))
    return Table(title[:1].upper() + title[1:], (side, *map(figures, top)), rows, note)
