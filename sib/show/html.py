"""Pieces of a page: what a notebook cell shows, and how headings, paragraphs and lists are written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from sib.show.formats import unbroken
from sib.show.svg import as_image
from sib.show.table import Table, as_html

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Html:
    """HTML that a notebook displays; empty for a part that the case can't fill."""

    text: str

    def _repr_html_(self) -> str:
        return self.text


def text(words: str) -> str:
    """Escaped, with amounts and dates kept on one line."""
    return escape(unbroken(words))


def paragraph(words: str, kind: str = "") -> str:
    """One paragraph; nothing where there are no words."""
    marked = f' class="{kind}"' if kind else ""
    return f"<p{marked}>{text(words)}</p>" if words else ""


def pairs(items: Iterable[tuple[str, str]], kind: str) -> str:
    """Names and what belongs to each, as a description list."""
    rows = "".join(f"<div><dt>{text(name)}</dt><dd>{text(value)}</dd></div>" for name, value in items)
    return f'<dl class="{kind}">{rows}</dl>'


def chart(figure: Figure) -> str:
    """A chart with its description."""
    return f"<figure>{as_image(figure)}</figure>"


def tables(*found: Table) -> str:
    """Tables one under the other; those without a row are left out."""
    return "".join(as_html(table) for table in found if table.rows)


def beside(*found: Table) -> str:
    """Small tables, beside one another where they fit; those without a row are left out."""
    pieces = [f"<div>{as_html(table)}</div>" for table in found if table.rows]
    return f'<div class="beside">{"".join(pieces)}</div>' if pieces else ""


def bullets(items: Iterable[str], kind: str, title: str) -> str:
    """Sentences in a list under a short heading; nothing where there are none."""
    lines = "".join(f"<li>{text(item)}</li>" for item in items)
    return f'<div class="{kind}"><p>{text(title)}</p><ul>{lines}</ul></div>' if lines else ""


def part(name: str, title: str, *pieces: str) -> Html:
    """A part of the report under its heading; `name` is where the contents point."""
    heading = f'<h2 id="{name}-title">{text(title)}</h2>'
    return section(name, heading, *pieces)


def register(*found: Table) -> str:
    """Tables of many lines, in small print."""
    return f'<div class="register">{tables(*found)}</div>'


def section(name: str, *pieces: str) -> Html:
    """A part whose heading, the first of the pieces, has the id `{name}-title`."""
    return Html(f'<section class="part" id="{name}" aria-labelledby="{name}-title">{"".join(pieces)}</section>')
