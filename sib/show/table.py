"""A table is a value: words and columns, ready to print anywhere; and two renderings of it."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Literal

from sib.show.formats import MISSING, unbroken

if TYPE_CHECKING:
    import pandas as pd

Row = tuple[str, ...]


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


def as_html(table: Table) -> str:
    """The table as HTML with a caption and scopes, in a region of its own that can scroll sideways."""
    first_sum = len(table.rows) - table.sums
    body = "".join(_row(table, row, "sum" if i >= first_sum else "") for i, row in enumerate(table.rows))
    heads = "".join(f'<th scope="col" class="{column.align}">{_heading(column)}</th>' for column in table.columns)
    note = f'<p class="note">{_text(table.note)}</p>' if table.note else ""
    return (
        f'<div class="table" role="region" aria-label="{escape(table.title)}" tabindex="0">'
        f"<table{_narrow(table)}><caption>{_text(table.title)}</caption><thead><tr>{heads}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>{note}"
    )


def as_frame(table: Table) -> pd.DataFrame:
    """The table as a pandas frame of text, its first column as the index."""
    import pandas as pd

    names = [column.heading for column in table.columns]
    return pd.DataFrame(list(table.rows), columns=names).set_index(names[0])


def _narrow(table: Table) -> str:
    """Two columns stand closer together than the page is wide."""
    return ' class="narrow"' if len(table.columns) <= 2 else ""


def _row(table: Table, row: Row, kind: str) -> str:
    cells = [_cell(column, text) for column, text in zip(table.columns[1:], row[1:], strict=True)]
    first = f'<th scope="row" class="{table.columns[0].align}">{_text(row[0])}</th>'
    return f"<tr{f' class={chr(34)}{kind}{chr(34)}' if kind else ''}>{first}{''.join(cells)}</tr>"


def _cell(column: Column, text: str) -> str:
    quiet = " none" if text.startswith(MISSING) or text == "0" else ""
    return f'<td class="{column.align}{quiet}">{_text(text)}</td>'


def _heading(column: Column) -> str:
    unit = f' <span class="unit">{escape(column.unit)}</span>' if column.unit else ""
    return f"{_text(column.name)}{unit}"


def _text(text: str) -> str:
    """Escaped, amounts kept on one line, and paths of fields allowed to break after a dot."""
    kept = escape(unbroken(text))
    return kept.replace(".", ".<wbr>") if _is_path(text) else kept


def _is_path(text: str) -> bool:
    return text.startswith(
        ("deal.", "forecast.", "actuals.", "appraisal.", "scenarios.", "investors.", "payments.", "outcomes.")
    )
