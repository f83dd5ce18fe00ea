"""A table is a value: words and columns, ready to print anywhere; and two renderings of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING, Literal

from sib.show.formats import MISSING, missing, unbroken

if TYPE_CHECKING:
    import pandas as pd

Row = tuple[str, ...]

# Characters from which on a column of words needs room, and rows that a printed page holds together.
LONG, FEW_ROWS = 24, 16

# Columns from which on a table is set in smaller print.
MANY = 9


@dataclass(frozen=True)
class Column:
    """One column: its name, what its numbers are in (`USD`, `%`), and which way it is aligned."""

    name: str
    unit: str = ""
    align: Literal["left", "right"] = "left"

    @property
    def heading(self) -> str:
        """The name with the unit behind it."""
        return f"{self.name}, {self.unit}" if self.unit else self.name


@dataclass(frozen=True)
class Table:
    """A title, columns, rows of text as they are to be read, and a note.

    The first column names its row. The last `sums` rows add up those above them.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: str = ""
    sums: int = 0

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"{self.title}: {len(self.columns)} columns, but a row of {len(row)}: {row}")

    def _repr_html_(self) -> str:
        return as_html(self)


def figures(name: str, unit: str = "") -> Column:
    """A column of numbers, aligned to the right."""
    return Column(name, unit, "right")


def without_empty_columns(table: Table) -> Table:
    """The table without the columns in which no row says anything."""
    empty = ("", missing())
    kept = [i for i in range(len(table.columns)) if i == 0 or any(row[i] not in empty for row in table.rows)]
    rows = tuple(tuple(row[i] for i in kept) for row in table.rows)
    return replace(table, columns=tuple(table.columns[i] for i in kept), rows=rows)


def as_html(table: Table) -> str:
    """The table as HTML with a caption and scopes, in a region of its own that can scroll sideways."""
    first_sum, kinds = len(table.rows) - table.sums, _kinds_of_columns(table)
    body = "".join(_row(kinds, row, ' class="sum"' if i >= first_sum else "") for i, row in enumerate(table.rows))
    heads = (_head(column, kind) for column, kind in zip(table.columns, kinds, strict=True))
    note = f'<p class="note">{_text(table.note)}</p>' if table.note else ""
    return (
        f'<div class="{_kind(table)}" role="region" aria-label="{escape(table.title)}" tabindex="0">'
        f"<table><caption>{_text(table.title)}</caption><thead><tr>{''.join(heads)}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>{note}"
    )


def as_frame(table: Table) -> pd.DataFrame:
    """The table as a pandas frame of text, its first column as the index."""
    import pandas as pd

    names = [column.heading for column in table.columns]
    return pd.DataFrame(list(table.rows), columns=names).set_index(names[0])


def _kind(table: Table) -> str:
    """Two columns stand closer together than the page is wide, many are set smaller; few rows stay on one page."""
    narrow = " narrow" if len(table.columns) <= 2 else " many" if len(table.columns) >= MANY else ""
    return f"table{narrow}{' short' if len(table.rows) <= FEW_ROWS else ''}"


def _kinds_of_columns(table: Table) -> list[str]:
    """The class of each column: its alignment, and whether it holds sentences that need room."""
    longest = [max((len(row[i]) for row in table.rows), default=0) for i in range(len(table.columns))]
    wide = len(table.columns) > 2
    return [
        f"{column.align}{' long' if wide and column.align == 'left' and length > LONG else ''}"
        for column, length in zip(table.columns, longest, strict=True)
    ]


def _row(kinds: list[str], row: Row, marked: str) -> str:
    cells = (_cell(kind, words) for kind, words in zip(kinds[1:], row[1:], strict=True))
    return f'<tr{marked}><th scope="row" class="{kinds[0]}">{_text(row[0])}</th>{"".join(cells)}</tr>'


def _cell(kind: str, words: str) -> str:
    quiet = " none" if words.startswith(MISSING) or words == "0" else ""
    return f'<td class="{kind}{quiet}">{_text(words)}</td>'


def _head(column: Column, kind: str) -> str:
    unit = f' <span class="unit">{escape(column.unit)}</span>' if column.unit else ""
    return f'<th scope="col" class="{kind}">{_text(column.name)}{unit}</th>'


def _text(text: str) -> str:
    """Escaped, amounts kept on one line, and paths of fields allowed to break after a dot."""
    kept = escape(unbroken(text))
    return kept.replace(".", ".<wbr>") if _is_path(text) else kept


def _is_path(text: str) -> bool:
    return text.startswith(
        ("deal.", "forecast.", "actuals.", "appraisal.", "scenarios.", "investors.", "payments.", "outcomes.")
    )
