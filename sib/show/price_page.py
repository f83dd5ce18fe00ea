"""The price of an outcome: what it must bring, what it is worth, what was agreed, and where that lies."""

from __future__ import annotations

from sib.appraisal import Result
from sib.show import formats
from sib.show.html import paragraph, tables
from sib.show.table import Column, Row, Table, figures
from sib.show.wording import rule_title
from sib.value.price_of_outcome import PriceOfOutcome
from sib.value.price_ranges import price_ranges


def known(result: Result) -> dict[str, PriceOfOutcome]:
    """The rules of whose price something can be said."""
    found = price_ranges(result.run)
    return {rule: price for rule, price in found.items() if price.floor is not None or price.ceiling is not None}


def pieces(result: Result) -> tuple[str, ...]:
    """The pieces of the page in their order."""
    found = known(result)
    empty = [rule for rule, price in found.items() if price.is_empty]
    return (*(paragraph(_empty(result, rule, found[rule])) for rule in empty), tables(prices(result, found)))


def _empty(result: Result, rule: str, price: PriceOfOutcome) -> str:
    floor, ceiling = (formats.money(result.case.currency, amount) for amount in (price.floor, price.ceiling))
    return (
        f"No price of “{rule_title(result.case, rule)}” suits both sides: it must bring {floor} to cover its cost, "
        f"and is worth {ceiling} to those who save."
    )


def prices(result: Result, found: dict[str, PriceOfOutcome]) -> Table:
    """Floor, ceiling and price of each outcome that has a price."""
    rows = tuple((rule_title(result.case, rule), *_figures(price), where(price)) for rule, price in found.items())
    heads = (
        figures(name, result.case.currency) for name in ("Floor", "Contract's price", "Ceiling in cash", "Ceiling")
    )
    note = (
        "For one accepted outcome. Floor: delivery and finance cost over expected outcomes. Ceiling: what a net "
        "outcome saves everybody, less what would have happened anyway; in cash, the part of it that leaves a budget. "
        "Price: on average, before caps. A dash: the case states no cost, no saving, or not how much of it is cash."
    )
    return Table("Floor, price and ceiling", (Column("Outcome"), *heads, Column("Where the price lies")), rows, note)


def _figures(price: PriceOfOutcome) -> Row:
    every = (price.floor, price.price, price.ceiling_in_cash, price.ceiling)
    small = any(amount is not None and abs(amount) < 100 for amount in every)
    return tuple(formats.count(amount) if small else formats.whole(amount) for amount in every)


def where(price: PriceOfOutcome) -> str:
    """Where the price lies between floor and ceiling, in words."""
    if price.is_empty:
        return "no price suits both: the floor is above the ceiling"
    at = price.position
    if price.price is not None and price.floor is not None and price.price < price.floor * (1 - 1e-9):
        return "below the floor: it does not cover the cost"
    if price.price is not None and price.ceiling is not None and price.price > price.ceiling * (1 + 1e-9):
        return "above the ceiling: it is more than the outcome saves"
    if at is None:
        return formats.missing()
    share = formats.percent(at, places=0)
    return f"inside, {share} of the way from floor to ceiling"
