"""Tables and pictures of an invest-to-save case: whom it reaches, what a case averted costs, what becomes cash."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from sib.basis.cashability import places_released
from sib.design.targeting import Reach, Screen, Service, break_even_precision, cost_per_case_averted
from sib.show import formats
from sib.show.chart_frame import dress, entitle
from sib.show.charts import INK, OTHER_STYLES
from sib.show.html import Html, chart, tables
from sib.show.table import Column, Table, figures

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FOUND, _, ALARM, _, _ = (colour for colour, _ in OTHER_STYLES)
FALSE_ALARM, MISSED = "#c9c9c9", "#f2b134"
NEVER = "never"


def inputs(service: Service, currency: str, prices_of: str) -> Table:
    """What a place costs and what a case averted saves, in prices of one year."""
    rows = (
        ("A place in the service", formats.money(currency, service.cost_per_place)),
        ("A year in care, on average", formats.money(currency, service.saving_a_year)),
        ("Years in care that a case averted is spared", formats.count(service.years)),
        ("Gross saving of a case averted", formats.money(currency, service.saving_per_case)),
        ("True cases in a place that are averted", formats.percent(service.risk_reduction, places=0)),
    )
    return Table(f"What goes in, in prices of {prices_of}", (Column("Item"), figures("Figure")), rows)


def whom_it_reaches(screens: Mapping[str, Screen]) -> Html:
    """For each way of referring: who is found, missed and wrongly suspected; the same as a picture."""
    columns = (
        Column("Way of referring"),
        figures("Places"),
        figures("True cases found"),
        figures("False alarms"),
        figures("Missed"),
        figures("Places that reach a true case"),
    )
    rows = tuple((name, *_people(screen)) for name, screen in screens.items())
    title = "Whom each way of referring reaches, people a year"
    note = "A true case would enter care without the service. A false alarm takes a place and would not have."
    return Html(chart(_places(screens)) + tables(Table(title, columns, rows, note)))


def _people(screen: Screen) -> tuple[str, ...]:
    counts = (screen.picked, screen.found, screen.false_alarms, screen.missed)
    return (*(formats.whole(number) for number in counts), formats.percent(screen.precision, places=0))


def what_it_costs(screens: Mapping[str, Screen], service: Service, currency: str) -> Html:
    """Cost, gross saving and cost of a case averted for each way of referring, with the share that breaks even."""
    columns = (
        Column("Way of referring"),
        figures("Cases averted"),
        figures("Cost", currency),
        figures("Gross saving", currency),
        figures("Gross saving less cost", currency),
        figures("Cost per case averted", currency),
    )
    rows = tuple((name, *_amounts(Reach(screen, service))) for name, screen in screens.items())
    note = (
        f"A case averted saves {formats.money(currency, service.saving_per_case)} gross. That is an average cost, "
        "and not yet cash: see the next section."
    )
    title = "What each way of referring costs and saves, for one year's referrals"
    return Html(chart(_by_precision(screens, service, currency)) + tables(Table(title, columns, rows, note)))


def _amounts(reach: Reach) -> tuple[str, ...]:
    money = (reach.cost, reach.saving, reach.net)
    per_case = formats.whole(reach.cost_per_case_averted, "none averted")
    return (formats.count(round(reach.averted, 1)), *(formats.whole(amount) for amount in money), per_case)


def what_is_cash(screens: Mapping[str, Screen], service: Service, step: float, backfills: Sequence[float]) -> Table:
    """Places whose cost is released, for each way of referring, by how many of those freed are filled again."""
    filled = (figures(f"{formats.percent(share, places=0)} filled again") for share in backfills)
    columns = (Column("Way of referring"), figures("Places free at once"), *filled)
    rows = tuple(
        (name, *_released(Reach(screen, service).places_free, step, backfills)) for name, screen in screens.items()
    )
    note = f"Cost leaves a budget in whole steps of {formats.count(step)} places; a part of a step releases nothing."
    return Table("Places that can be taken out of the budget", columns, rows, note)


def _released(free: float, step: float, backfills: Sequence[float]) -> tuple[str, ...]:
    released = places_released(free, np.array(backfills), step)
    return (formats.count(round(free, 1)), *(formats.count(float(places)) for places in released))


def _places(screens: Mapping[str, Screen]) -> Figure:
    """Who has a place, true case or not, and who ought to have had one."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8.6, 1.5 + 0.62 * len(screens)), layout="constrained")
    axes = figure.add_subplot()
    kinds = (
        ("true cases found", [one.found for one in screens.values()], FOUND, ""),
        ("false alarms", [one.false_alarms for one in screens.values()], FALSE_ALARM, ""),
        ("true cases missed", [one.missed for one in screens.values()], MISSED, "///"),
    )
    start = np.zeros(len(screens))
    for name, people, colour, hatch in kinds:
        axes.barh(list(screens), people, 0.58, start, color=colour, hatch=hatch, edgecolor="white", label=name)
        start = start + np.array(people)
    axes.invert_yaxis()
    dress(axes, "x", "people a year")
    axes.tick_params(axis="y", colors=INK)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.10g}")
    entitle(figure, _about_places(screens), _told(screens))
    return figure


def _about_places(screens: Mapping[str, Screen]) -> str:
    """The way of referring that wastes the fewest places, and whom it misses."""
    share, best = max((screen.precision or 0.0, name) for name, screen in screens.items())
    missed = formats.whole(screens[best].missed)
    reached = formats.percent(share, places=0)
    return f"At best, by “{best}”, {reached} of places reach a true case, and {missed} true cases are missed"


def _told(screens: Mapping[str, Screen]) -> str:
    return " ".join(
        f"{name}: {formats.whole(one.found)} found, {formats.whole(one.false_alarms)} false alarms, "
        f"{formats.whole(one.missed)} missed."
        for name, one in screens.items()
    )


def _by_precision(screens: Mapping[str, Screen], service: Service, currency: str) -> Figure:
    """Cost of a case averted against the share of places that reach a true case, and what a case saves."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8.6, 4.1), layout="constrained")
    axes = figure.add_subplot()
    levels = np.linspace(0.04, 1, 97)
    costs = [_per_case(service, float(level)) / 1000 for level in levels]
    axes.plot(levels, costs, color=FOUND, linewidth=2.4, label="cost of a case averted")
    saved = service.saving_per_case / 1000
    axes.axhline(saved, color=ALARM, linewidth=2, linestyle=(0, (4, 2)), label="gross saving of a case averted")
    for name, screen in screens.items():
        _mark(axes, name, screen, service)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1.08 * max(costs))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.10g}")
    dress(axes, "both", "places that reach a true case", f"{currency} thousand")
    entitle(figure, _finding(service), _told_costs(screens, service, currency))
    return figure


def _per_case(service: Service, precision: float) -> float:
    cost = cost_per_case_averted(service.cost_per_place, precision, service.risk_reduction)
    return np.nan if cost is None else cost


def _mark(axes: Axes, name: str, screen: Screen, service: Service) -> None:
    """A way of referring on the curve, with its name to the right of it; below it where it pays for itself."""
    if screen.precision is None:
        return
    cost = _per_case(service, screen.precision)
    pays = cost < service.saving_per_case
    away, ha = ((-5, -15), "right") if pays else ((9, 7), "left")
    axes.plot(screen.precision, cost / 1000, "D", markersize=7, color=INK, zorder=5)
    axes.annotate(
        name, (screen.precision, cost / 1000), away, textcoords="offset points", ha=ha, fontsize=8.5, color=INK
    )


def _finding(service: Service) -> str:
    needed = break_even_precision(service.cost_per_place, service.saving_per_case, service.risk_reduction)
    if needed is None or needed > 1:
        return "The service does not pay for itself, even if every place reaches a true case"
    return f"Gross savings meet the cost once {formats.percent(needed, places=0)} of places reach a true case"


def _told_costs(screens: Mapping[str, Screen], service: Service, currency: str) -> str:
    return " ".join(
        f"{name}: {formats.money(currency, Reach(screen, service).cost_per_case_averted, NEVER)} per case averted."
        for name, screen in screens.items()
    )
