"""A figure as SVG: the same bytes each time, with a title and a description for who cannot see it."""

from __future__ import annotations

import io
import re
from base64 import b64encode
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Measured with the font that comes with matplotlib, shown in the reader's own, which is narrower.
MEASURED_IN = "'DejaVu Sans'"
SHOWN_IN = "'Segoe UI', 'Helvetica Neue', Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"
_HEAD = re.compile(r"^.*?<svg\b", re.DOTALL)
_METADATA = re.compile(r"\s*<metadata>.*?</metadata>", re.DOTALL)


def to_svg(figure: Figure) -> str:
    """An `<svg>` element with `<title>` and `<desc>`; the figure's label says what it shows."""
    from matplotlib import rc_context

    out = io.StringIO()
    with rc_context({"svg.hashsalt": "sib", "svg.fonttype": "none", "hatch.linewidth": 1.2}):
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    drawn = _METADATA.sub("", _HEAD.sub("<svg", out.getvalue(), count=1)).replace(MEASURED_IN, SHOWN_IN)
    title, _, rest = str(figure.get_label()).partition(". ")
    told = f"<title>{escape(title)}</title><desc>{escape(rest)}</desc>"
    opened = drawn.replace("<svg", f'<svg role="img" aria-label="{escape(str(figure.get_label()))}"', 1)
    return opened.replace(">", f">{told}", 1)


def as_image(figure: Figure) -> str:
    """The figure as an `<img>` that needs no other file, with its description as alternative text."""
    data = b64encode(to_svg(figure).encode()).decode()
    return f'<img alt="{escape(str(figure.get_label()))}" src="data:image/svg+xml;base64,{data}">'
