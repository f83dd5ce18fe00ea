"""The same tables in a terminal."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from sib.appraisal import Result
from sib.fields import Field
from sib.replication import Replication
from sib.show import contract_tables, formats, public_value_page, registers, sentences, tables
from sib.show.table import Column, Table, figures

if TYPE_CHECKING:
    from rich.table import Table as RichTable

# A pipe or a file has no width of its own; this keeps every table of the bundled cases whole.
WIDTH_WITHOUT_A_TERMINAL = 140

STATUS_WORDS = {
    "replicates": "replicate",
    "differs": "differ",
    "known difference": "known to differ",
    "pending": "pending",
}

# From so many columns on, the names of the rows must not give way.
WIDE = 6


def console() -> Console:
    """Standard output, as wide as the terminal."""
    return Console(width=None if sys.stdout.isatty() else WIDTH_WITHOUT_A_TERMINAL, highlight=False)


def drawn(table: Table) -> RichTable:
    """A table for the terminal: ruled under its heading and above its sums, numbers to the right."""
    from rich.table import Table as RichTable

    shown = RichTable(
        box=box.SIMPLE_HEAD,
        pad_edge=False,
    )
    for i, column in enumerate(table.columns):
        whole = column.align == "right" or (i == 0 and len(table.columns) > WIDE)
        shown.add_column(column.heading, justify=column.align, no_wrap=whole, overflow="fold")
    first_sum = len(table.rows) - table.sums
    for i, row in enumerate(table.rows):
        shown.add_row(*row, end_section=bool(table.sums) and i == first_sum - 1)
    return shown


def print_tables(found: Sequence[Table], to: Console | None = None) -> None:
    """Tables one under the other; those without rows are left out."""
    to = to or console()
    for table in found:
        if table.rows:
            if table.title:
                to.print(Text(table.title, style="bold"))
            to.print(drawn(table))
            if table.note:
                to.print(Text(table.note))
            to.print()


def print_appraisal(result: Result) -> None:
    """One appraisal as a page: the answer, who puts in and gets what, and a table from every chair."""
    to, case = console(), result.case
    to.print(Text(case.title + (f", scenario {result.scenario}" if result.scenario else ""), style="bold"))
    to.print(f"{case.currency}, nominal. Input {case.fingerprint}, data of {formats.day(case.as_of)}.\n")
    for sentence in sentences.answer(result):
        to.print(Padding(sentence, (0, 0, 0, 2)))
    to.print()
    print_tables(_pages(result), to)


def _pages(result: Result) -> list[Table]:
    pages = [tables.who_puts_in_and_gets(result), contract_tables.outcomes(result), contract_tables.payments(result)]
    if result.investors.drawn is not None:
        pages.append(tables.returns(result))
    pages.append(tables.payers(result))
    if result.savers:
        pages.append(tables.savers(result))
    if result.public_value.basis is not None:
        pages += [public_value_page.key_figures(result), public_value_page.at_other_rates(result)]
    if result.provider.received is not None:
        pages.append(tables.provider(result))
    years = [turned(table) for table in (tables.by_year(result), tables.savings_by_year(result))]
    return [*pages, *years, registers.assumptions(result.case), registers.residuals(result)]


def turned(table: Table) -> Table:
    """The same table with its rows down as columns across: years across a terminal, parties down its side."""
    columns = (Column(""), *(figures(row[0]) for row in table.rows))
    rows = tuple((column.heading, *(row[i] for row in table.rows)) for i, column in enumerate(table.columns) if i > 0)
    return Table(table.title, columns, rows, table.note)


LONGEST = 40
"""Characters of a value in the list of fields; `--json` has all of it."""


def print_fields(found: Sequence[Field]) -> None:
    """Paths, values, units and ranges."""
    rows = tuple((one.path, _plain(one.value), one.unit, _plain(one.low), _plain(one.high)) for one in found)
    columns = (Column("Path"), figures("Value"), Column("Unit"), figures("Low"), figures("High"))
    print_tables([Table("Fields that --set takes", columns, rows)])


def print_replication(found: Sequence[Replication]) -> None:
    """The replication table, and how it came out."""
    for name in dict.fromkeys(row.case for row in found):
        table = without(registers.published([row for row in found if row.case == name]), ("Source", "Note"))
        print_tables([replace(table, title=name, note="")])
    statuses = [row.status for row in found]
    counts = [f"{statuses.count(status)} {word}" for status, word in STATUS_WORDS.items() if status in statuses]
    console().print(f"{len(found)} published answers: {', '.join(counts)}.")


def without(table: Table, names: Sequence[str]) -> Table:
    """The same table without the columns of these names."""
    kept = [i for i, column in enumerate(table.columns) if column.name not in names]
    rows = tuple(tuple(row[i] for i in kept) for row in table.rows)
    return replace(table, columns=tuple(table.columns[i] for i in kept), rows=rows)


def _plain(value: Any) -> str:
    if value is None:
        return ""
    text = f"{value:,.10g}" if isinstance(value, int | float) else str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
