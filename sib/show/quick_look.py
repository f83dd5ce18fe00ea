"""How sure the explorer's figures are: a quick simulation of the case as it is turned, as HTML."""

from __future__ import annotations

from dataclasses import replace
from html import escape

from sib.appraisal import Result
from sib.problems import CaseError
from sib.show.foreseen import simulated, varies
from sib.show.html import paragraph, tables
from sib.show.table import Table
from sib.show.uncertainty_page import NOTHING_VARIES, in_words
from sib.show.uncertainty_tables import events, spreads

# Of the report's table: the result, and where nine scenarios in ten lie.
KEPT = ("Result", "5 %", "Median", "95 %")


def quick_look(result: Result) -> str:
    """The spread of every party's result, and how likely what matters is; or why there is none."""
    try:
        runs = simulated(result)
    except CaseError as refused:
        return paragraph(f"How sure that is, is not known: {in_words(refused)}.")
    if not varies(runs):
        return paragraph(f"Nothing can come out otherwise: {NOTHING_VARIES}.")
    title = f"How sure is that? {runs.scenarios:,} scenarios; nine in ten lie between the outer columns"
    found = replace(_narrowed(spreads(result, runs)), title="", note="")
    likely = replace(_narrowed(events(runs), ("Event", "Scenarios")), title="")
    return f'<div class="sib-title">{escape(title)}</div>{tables(found, likely)}'


def _narrowed(table: Table, names: tuple[str, ...] = KEPT) -> Table:
    """The table with these columns only."""
    places = [i for i, column in enumerate(table.columns) if column.name in names]
    rows = tuple(tuple(row[i] for i in places) for row in table.rows)
    return replace(table, columns=tuple(table.columns[i] for i in places), rows=rows)
