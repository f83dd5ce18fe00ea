"""The tables of the investors' page: returns, and the dated flows that they come from."""

from __future__ import annotations

from collections.abc import Callable

from sib.appraisal import Flow, Result
from sib.show import formats
from sib.show.table import Column, Table, figures
from sib.value.investors import InvestorView

NO_INVESTOR = "no investor in the case"
FIGURE = Column("Figure")
# Less than this of any currency is what rounding leaves of nothing.
ROUNDING = 1e-6


def returns(result: Result) -> Table:
    """Investors' returns: all together, and each tranche where there are several."""
    whole = result.investors
    views = {"All investors": whole}
    if len(whole.tranches) > 1:
        titles = {tranche.id: tranche.title or tranche.id for tranche in result.case.deal.tranches}
        views |= {titles[name]: view for name, view in whole.tranches.items()}
    rows = tuple((name, *(shown(view) for view in views.values())) for name, shown in _measures(result).items())
    note = (
        "IRR on dates: effective a year, actual days over 365, as XIRR. Periodic IRR: a spreadsheet's IRR of "
        "equal periods, stated as an effective rate a year. Multiple: received over drawn. Average life: years from "
        "the first draw to the return of principal, weighted by its amounts."
    )
    return Table("Investors' returns", (FIGURE, *(figures(name) for name in views)), rows, note)


def by_investor(result: Result) -> Table:
    """What each investor has of the tranches that it holds, alone or with others."""
    currency = result.case.currency
    shown = {
        name: how
        for name, how in _measures(result).items()
        if name in ("Drawn", "Received", "IRR on dates", "Multiple", "Paid back on", "Average life", "Loss")
    }
    rows = tuple(
        (name, *(how(view).removeprefix(f"{currency} ") for how in shown.values()))
        for name, view in result.investors.by_investor.items()
    )
    money = ("Drawn", "Received", "Loss")
    columns = (figures(name, currency if name in money else "") for name in shown)
    return Table("Returns by investor", (Column("Investor"), *columns), rows)


def _measures(result: Result) -> dict[str, Callable[[InvestorView], str]]:
    """What is said of an investor, by name, in the order of the table."""
    currency, hurdle = result.case.currency, result.case.appraisal.hurdle
    at_hurdle = "NPV at the hurdle" if hurdle is None else f"NPV at the hurdle of {formats.percent(hurdle.value)}"
    return {
        "Drawn": lambda view: formats.money(currency, view.drawn, NO_INVESTOR),
        "Received": lambda view: formats.money(currency, view.received, NO_INVESTOR),
        "IRR on dates": lambda view: formats.irr(view.irr),
        "IRR without any guarantee": lambda view: formats.irr(view.irr_unguaranteed),
        "Periodic IRR": lambda view: formats.irr(
            view.periodic_irr, NO_INVESTOR if view.drawn is None else "no equal periods"
        ),
        "Multiple": lambda view: formats.multiple(view.multiple, "nothing drawn"),
        "Simple return": lambda view: formats.percent(view.simple_return, "nothing drawn"),
        at_hurdle: lambda view: formats.money(currency, view.npv, "no hurdle in the case" if hurdle is None else ""),
        "Paid back on": lambda view: formats.day(view.payback_date, "never"),
        "Peak exposure": lambda view: formats.money(currency, view.peak_exposure, NO_INVESTOR),
        "Average life": lambda view: formats.years(view.average_life, "no principal comes back"),
        "Loss": lambda view: formats.money(currency, view.loss, NO_INVESTOR),
        "Loss, share of drawn": lambda view: formats.percent(view.loss_share, "nothing drawn"),
    }


def investor_flows(result: Result) -> Table:
    """Every payment from and to investors by date, signed as they see it; a spreadsheet's XIRR takes it so."""
    investors = {name for tranche in result.case.deal.tranches if not tranche.is_grant for name in tranche.investors}
    titles = {tranche.id: tranche.title or tranche.id for tranche in result.case.deal.tranches}
    rows = tuple(
        (formats.day(flow.date), titles[flow.tranche], flow.kind, *_ends(flow, investors))
        for flow in result.flows
        if flow.tranche in titles and {flow.source, flow.target} & investors and flow.amount > ROUNDING
    )
    columns = (
        Column("Date"),
        Column("Tranche"),
        Column("For"),
        Column("From or to"),
        figures("Amount", result.case.currency),
    )
    return Table("Investors' cash flows", columns, rows, "Positive is received. The IRR on dates is the XIRR of these.")


def _ends(flow: Flow, investors: set[str]) -> tuple[str, str]:
    """The other party, and the amount as the investor sees it."""
    if flow.target in investors:
        return f"from {flow.source}", formats.whole(flow.amount)
    return f"to {flow.target}", formats.whole(-flow.amount)
