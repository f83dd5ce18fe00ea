"""What pictures of explorations have in common: title, description, grid, legend."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Literal

from sib.show.charts import INK, QUIET
from sib.show.formats import unbroken

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def entitle(figure: Figure, title: str, described: str) -> None:
    """A title that states what the picture shows, and the rest in words for who cannot see it."""
    figure.suptitle(textwrap.fill(unbroken(title), 84), x=0.012, ha="left", fontsize=11.5, fontweight="bold", color=INK)
    figure.set_label(f"{title}. {described}")


def dress(axes: Axes, grid: Literal["x", "y", "both"], along: str, up: str = "") -> None:
    """The names of both axes, a quiet grid, and nothing else."""
    axes.set_xlabel(along, color=QUIET, fontsize=9)
    axes.set_ylabel(up, color=QUIET, fontsize=9)
    axes.grid(axis=grid, color="#e3e3e3", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, labelsize=9, colors=QUIET)
    axes.spines[:].set_visible(False)
    if axes.get_legend_handles_labels()[0]:
        axes.legend(
            loc="lower left", bbox_to_anchor=(0, 1), ncols=3, frameon=False, fontsize=9, labelcolor=INK,
            borderaxespad=0.2,
        )  # fmt: skip
