"""Public value in the report: what the deal is worth to everybody, on the basis that the case names."""

from __future__ import annotations

from collections.abc import Iterator

from sib.appraisal import Result
from sib.show import formats
from sib.show.findings import NOTHING
from sib.show.html import bullets, paragraph, tables
from sib.show.switch_words import condition, switches, telling
from sib.show.table import Column, Table, figures
from sib.value.public_value import Worth
from sib.value.switching import npsv_of, switching_values

NOT_BUDGET = (
    "Public value counts what everybody gains and what the service takes, in real prices; payments between parties "
    "cancel out. It is another ledger than the budgets on the pages before, and is never added to them."
)
NO_DELIVERY = "no cost of delivery in the case"


def pieces(result: Result) -> tuple[str, ...]:
    """The pieces of the page in their order."""
    turning = switching_values(result.case, npsv_of)
    return (
        paragraph(in_words(result)),
        paragraph(NOT_BUDGET, "note"),
        tables(key_figures(result), at_other_rates(result)),
        *_turning(result, turning),
        tables(cost_per_outcome(result)),
        not_monetised(result),
    )


def _turning(result: Result, turning: tuple) -> Iterator[str]:  # type: ignore[type-arg]
    nearest = telling(turning)[:1]
    if nearest:
        gains = (result.public_value.npsv or 0.0) >= 0
        worth = "is worth less than it takes" if gains else "is worth what it takes only"
        yield paragraph(f"The service {worth} if {condition(result.case, nearest[0])}.")
    yield tables(switches(result.case, turning, "What would turn the net present social value"))


def in_words(result: Result) -> str:
    """Net present social value, its ratio, and on what basis."""
    view, currency = result.public_value, result.case.currency
    if view.npsv is None:
        return "The case states no cost of delivery, so there is no net present social value."
    gained, taken = formats.money(currency, view.benefits), formats.money(currency, view.resource_costs)
    ratio = "" if view.bcr is None else f": {formats.multiple(view.bcr)} as much"
    more = "a gain" if view.npsv > NOTHING else "a loss" if view.npsv < -NOTHING else "neither gain nor loss"
    return (
        f"The service brings benefits of {gained} and takes resources of {taken}{ratio}, {more} to the public of "
        f"{formats.money(currency, abs(view.npsv))}."
    )


def key_figures(result: Result) -> Table:
    """Present values, ratios and paybacks, with their basis."""
    view, money = result.public_value, formats.money
    currency = result.case.currency
    rows = (
        ("Benefits, present value", money(currency, view.benefits)),
        ("Resource costs, present value", money(currency, view.resource_costs, NO_DELIVERY)),
        ("Net present social value (NPSV)", money(currency, view.npsv, NO_DELIVERY)),
        ("Benefit-cost ratio (BCR), all benefits to resource costs", ratio(view.bcr, NO_DELIVERY)),
        ("Fiscal BCR, gross savings to payments and own costs", ratio(view.fiscal_bcr, "nothing paid")),
        ("Cashable BCR, cashable savings to payments and own costs", ratio(view.cashable_bcr, "cashable not stated")),
        ("Payback, gross savings", formats.years(view.payback_years, "never")),
        ("Payback, cashable savings", formats.years(view.cashable_payback_years, _never(result))),
    )
    return Table("Public value", (Column("Figure"), figures("Value")), rows, basis_words(result))


def _never(result: Result) -> str:
    return "never" if result.public_value.cashable_bcr is not None else "cashable not stated"


def ratio(value: float | None, reason: str) -> str:
    """A benefit-cost ratio to two decimals."""
    return formats.missing(reason) if value is None else f"{value:,.2f}"


def basis_words(result: Result) -> str:
    """Schedule, deflator and price year."""
    basis = result.case.appraisal.basis
    if basis is None:
        return ""
    prices = [f"deflator {basis.deflator.id}"] if basis.deflator else []
    if basis.inflation is not None:
        prices.append(f"{formats.percent(basis.inflation.value)} a year{' after it' if prices else ''}")
    day = formats.long_day(basis.base or result.case.deal.start)
    one_rate = len(basis.discount.bands) == 1
    named = f"{basis.discount.id} ({basis.discount.title})" if basis.discount.title else basis.discount.id
    named = f"{formats.percent(basis.discount.bands[0].rate)} a year" if one_rate else named
    return (
        f"Discount rates: {named}. Prices of {result.public_value.price_year}"
        f"{' (' + formats.listed(prices) + ')' if prices else ''}. Discounted to {day}, as far as "
        f"{formats.long_day(result.dates.horizon)}."
    )


def at_other_rates(result: Result) -> Table:
    """The same at the rates that the schedule names as sensitivities."""
    view = result.public_value
    if not view.sensitivities:
        return Table("", (), ())
    rows = (("standard", view), *view.sensitivities.items())
    columns = (
        Column("Rates"),
        figures("NPSV", result.case.currency),
        *(figures(name) for name in ("BCR", "Fiscal BCR", "Cashable BCR")),
    )
    return Table(
        "At other discount rates",
        columns,
        tuple((f"{name[:1].upper()}{name[1:]}", *_worth(worth)) for name, worth in rows),
    )


def _worth(worth: Worth) -> tuple[str, ...]:
    return (
        formats.whole(worth.npsv),
        *(ratio(value, "") for value in (worth.bcr, worth.fiscal_bcr, worth.cashable_bcr)),
    )


def cost_per_outcome(result: Result) -> Table:
    """What payers spend for each outcome: each that happened, and each that would not have happened anyway."""
    titles = {outcome.id: outcome.title or outcome.id for outcome in result.case.deal.outcomes}
    rows = tuple(
        (titles.get(name, name), *map(formats.whole, (cost.gross, cost.net)))
        for name, cost in result.costs_per_outcome.items()
    )
    heads = (figures(name, result.case.currency) for name in ("For each outcome, gross", "For each net outcome"))
    note = "Payments and own costs, cash of the day. Net: without those that would have happened anyway."
    return Table("What an outcome costs the payers", (Column("Outcome"), *heads), rows, note)


def not_monetised(result: Result) -> str:
    """What matters and has no price here."""
    return bullets(result.case.appraisal.not_monetised, "not-monetised", "What matters and has no price here")
