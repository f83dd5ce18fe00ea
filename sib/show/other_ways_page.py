"""Other ways to pay for the same service, beside the deal."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from sib.appraisal import Result
from sib.show import formats
from sib.show.findings import NOTHING
from sib.show.html import bullets, tables
from sib.show.table import Column, Row, Table, figures, without_empty_columns
from sib.value.other_ways import OtherWaysView, WayToPay, other_ways

SUCCESS = "The case states no probability of success (appraisal.other_ways.success), so none is weighed."


def pieces(result: Result) -> tuple[str, ...]:
    """The pieces of the page in their order."""
    found = other_ways(result.case)
    if found is None:
        return ()
    return (bullets(in_words(result, found), "findings", "What moving the risk costs"), tables(ways(result, found)))


def ways(result: Result, found: OtherWaysView) -> Table:
    """What each way costs, who loses what if the service fails, and how deep the provider goes."""
    heads = (figures(name, result.case.currency) for name in ("If it works", "If it fails", "Expected", "At worst"))
    columns = (
        Column("Way to pay"),
        *heads,
        Column("Out of pocket if it fails"),
        figures("Provider's deepest deficit", result.case.currency),
    )
    rows = tuple(_row(result, way) for way in found.ways)
    return without_empty_columns(Table("The same service, paid for in other ways", columns, rows, _note(found)))


def _row(result: Result, way: WayToPay) -> Row:
    money = (way.cost, way.cost_if_it_fails, way.expected_cost, way.worst_cost)
    lost = [f"{side} {formats.money(result.case.currency, amount)}" for side, amount in way.lost_if_it_fails.items()]
    name = f"{way.name[:1].upper()}{way.name[1:]}"
    return (name, *map(formats.whole, money), ", ".join(lost) or "nobody", formats.whole(way.provider_peak_deficit))


def _note(found: OtherWaysView) -> str:
    expected = SUCCESS if found.success is None else (
        f"Expected: at the case's {formats.percent(found.success, places=0)} probability that the service works."
    )  # fmt: skip
    borrowing = any(way.name == "borrowing" for way in found.ways)
    reference = " Borrowing is a price to compare with: a revenue service can't normally be borrowed for."
    return (
        "What the public sector pays for delivery and its own costs, cash to the end of the contract; savings are the "
        f"same in every way but the first, which buys nothing. At worst: at any effect up to twice the forecast. "
        f"{expected}{reference if borrowing else ''}"
    )


def in_words(result: Result, found: OtherWaysView) -> list[str]:
    """The price of the risk, who is the cheaper when, and what management must bring."""
    return [_price(result, found), _break_even(found), _uplift(result, found)]


def _price(result: Result, found: OtherWaysView) -> str:
    money, price = _money(result), found.price_of_risk
    when = "If the service works as forecast" if found.success is None else (
        f"At a probability of success of {formats.percent(found.success, places=0)}"
    )  # fmt: skip
    if abs(price) < NOTHING:
        said = "the deal costs as much as a fixed fee"
    elif price > 0:
        said = f"the deal costs {money(price)} more than a fixed fee: that is the price of moving the risk"
    else:
        said = f"the deal costs {money(-price)} less than a fixed fee"
    saved = found.saved_if_it_fails
    less = f"{money(abs(saved))} {'less' if saved > 0 else 'more'}" if abs(saved) >= NOTHING else "as much"
    return (
        f"{when}, {said}. If the service fails, the deal costs {less}{' as' if less == 'as much' else ' than'} the fee."
    )


def _break_even(found: OtherWaysView) -> str:
    """When the deal is the cheaper of the two."""
    at = found.break_even_success
    if at is not None:
        share = formats.percent(at)
        return f"Below a probability of success of {share} the deal is the cheaper way; above it, the fee is."
    cost = {way.name: way for way in found.ways}
    deal, fee = cost["this deal"], cost["fixed fee"]
    if deal.cost <= fee.cost and deal.cost_if_it_fails <= fee.cost_if_it_fails:
        return "The deal is the cheaper way whether or not the service works."
    return "The fee is the cheaper way whether or not the service works."


def _uplift(result: Result, found: OtherWaysView) -> str:
    """What an investor's management must add to the effect for the deal to be worth a fee."""
    if not result.run.savings:
        return "How much an investor's management must add can't be said: the case states no savings."
    if found.uplift is None:
        return "Up to twice the forecast's effect, the deal leaves the public sector on the same side of the fee."
    if found.uplift > 0:
        more = formats.percent(found.uplift)
        return f"An investor's management must add {more} to the effect for the deal to be worth a fee to the public."
    less = formats.percent(-found.uplift)
    return f"The deal is worth a fee to the public even where the effect is {less} smaller than forecast."


def _money(result: Result) -> Callable[[float], str]:
    """How amounts are written in the case's currency."""
    return partial(formats.money, result.case.currency)
