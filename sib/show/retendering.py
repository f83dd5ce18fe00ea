"""Tables and pictures of a re-tender: its days, contract lengths side by side, and what a new provider must bring."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sib.design.retendering import Contract, Tender, break_even_improvement, treatments_forgone
from sib.show import formats
from sib.show.chart_frame import dress, entitle
from sib.show.charts import INK, OTHER_STYLES
from sib.show.html import Html, chart, tables
from sib.show.table import Column, Table, figures

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WITH, _, WITHOUT, _, _ = (colour for colour, _ in OTHER_STYLES)


def days_of(tender: Tender, day_rate: float, currency: str, note: str = "") -> Table:
    """The working days of both sides, what they cost, and the treatments that they could have been."""
    sides = (("Commissioner", tender.commissioner_days), ("All bidders", tender.bidder_days), ("Both", tender.days))
    rows = tuple(
        (name, formats.whole(days), formats.whole(days * day_rate), formats.exact(round(treatments_forgone(days), 1)))
        for name, days in sides
    )
    columns = (
        Column("Side"), figures("Working days"), figures("Cost", currency), figures("Treatments not given")
    )  # fmt: skip
    return Table("What one re-tender takes", columns, rows, note, sums=1)


def lengths(contracts: Sequence[Contract], currency: str) -> Html:
    """Contracts of several lengths: months at full effect, what one costs, and what a new provider must bring."""
    columns = (
        Column("Contract", "months"),
        figures("Good months"),
        figures("Months by effect"),
        figures("Re-tender, share of all cost"),
        figures("Cost of a month at full effect", currency),
        figures("Improvement that pays for the change"),
    )
    rows = tuple(_length(contract) for contract in contracts)
    note = (
        "Good months are at full effect. Months by effect count those of ramp-up and run-down in part. The last column "
        "is how much more the new provider must achieve, at full effect and the same fee, than the old one staying on."
    )
    table = Table("Contract length against procurement", columns, rows, note)
    return Html(chart(_by_length(contracts, currency)) + tables(table))


def _length(contract: Contract) -> tuple[str, ...]:
    return (
        formats.count(contract.months),
        formats.count(contract.good_months),
        formats.count(contract.full_months),
        formats.percent(contract.tender_share),
        formats.whole(contract.cost_per_full_month),
        formats.percent(break_even_improvement(contract, contract.monthly_fee), places=0),
    )


def _by_length(contracts: Sequence[Contract], currency: str) -> Figure:
    """What a month at full effect costs, by length, above the monthly fee."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8.6, 3.9), layout="constrained")
    axes = figure.add_subplot()
    months = [contract.months for contract in contracts]
    costs = [contract.cost_per_full_month / 1000 for contract in contracts]
    axes.plot(
        months, costs, color=WITH, linewidth=2.4, marker="o", label="cost of a month at full effect, with a re-tender"
    )
    fee = contracts[0].monthly_fee / 1000
    axes.axhline(fee, color=WITHOUT, linewidth=2, linestyle=(0, (4, 2)), label="monthly fee, no change of provider")
    for month, cost in zip(months, costs, strict=True):
        axes.annotate(
            f"{cost:,.0f}", (month, cost), (0, 8), textcoords="offset points", ha="center", fontsize=9, color=INK
        )
    axes.set_xticks(months)
    axes.set_ylim(0, 1.15 * max(costs))
    dress(axes, "y", "length of the contract, months", f"{currency} thousand")
    entitle(figure, _about_lengths(contracts, currency), _told(contracts, currency))
    return figure


def _about_lengths(contracts: Sequence[Contract], currency: str) -> str:
    short, long = contracts[0], contracts[-1]
    cheap, dear = (formats.money(currency, one.cost_per_full_month) for one in (long, short))
    return (
        f"A month at full effect costs {dear} in a contract of {formats.count(short.months)} months, "
        f"{cheap} in one of {formats.count(long.months)}"
    )


def _told(contracts: Sequence[Contract], currency: str) -> str:
    return " ".join(
        f"{formats.count(one.months)} months: {formats.money(currency, one.cost_per_full_month)}." for one in contracts
    )
