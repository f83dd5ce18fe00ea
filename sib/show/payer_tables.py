"""The tables of a payer's page."""

from __future__ import annotations

from collections.abc import Mapping

from sib.appraisal import Result
from sib.show import formats
from sib.show.findings import NOTHING
from sib.show.table import Column, Row, Table, figures
from sib.value.budget_lines import budget_lines
from sib.value.organisations import ByYear, Organisation

GROSS, CASHABLE, NEVER = "Gross savings", "Cashable", "Never cashable"
AT_MOST, NET, WITHOUT = "Payments at most", "Net in cash", "Without the deal"


def never(gross: float, cashable: float | None) -> float | None:
    """What is saved and never becomes cash; None where that is not known."""
    return None if cashable is None else gross - cashable


def years(result: Result, one: Organisation) -> Table:
    """What it pays, expected and at most, what comes back, and its budgets without and with the deal, year by year."""
    saves = _any(one.savings)
    unknown: dict[str, None] = dict.fromkeys(one.savings)
    columns: dict[str, Mapping[str, float | None] | None] = {
        "Payments expected": one.paid,
        AT_MOST: one.most,
        "Own costs": one.own_costs if _any(one.own_costs) else None,
        GROSS: one.savings if saves else None,
        CASHABLE: one.cashable or unknown if saves else None,
        NEVER: _never(one) or unknown if saves else None,
        NET: one.net_cashable or unknown if saves else None,
        WITHOUT: one.without_the_deal,
        "With the deal": one.with_the_deal,
    }
    kept = {name: by for name, by in columns.items() if by is not None}
    rows = [(year, *(formats.whole(by[year]) for by in kept.values())) for year in _told(one)]
    sums = (_sum(name, by) for name, by in kept.items())
    heads = (Column("Financial year"), *(figures(name, result.case.currency) for name in kept))
    return Table("By financial year", heads, (*rows, ("All years", *sums)), _note(kept), sums=1)


def _note(kept: Mapping[str, object]) -> str:
    notes = {
        AT_MOST: "At most: the largest call that the caps leave room for in that year alone; years do not add up.",
        NET: "Net in cash: cashable savings less payments and own costs.",
        WITHOUT: "Without and with the deal: what its budgets come to, with their growth.",
    }
    return " ".join(["Cash of the day.", *(note for name, note in notes.items() if name in kept)])


def _sum(name: str, by: Mapping[str, float | None]) -> str:
    """Calls at most are not added up, and a budget is told only for years in which the deal moves something."""
    if name in (AT_MOST, WITHOUT, "With the deal"):
        return ""
    known = [amount for amount in by.values() if amount is not None]
    return formats.whole(sum(known) if len(known) == len(by) else None)


def _told(one: Organisation) -> list[str]:
    """The years from the first to the last in which anything moves."""
    parts = [one.paid, one.own_costs, one.savings, one.most or {}]
    moving = [i for i, year in enumerate(one.paid) if any(abs(by.get(year, 0.0)) >= NOTHING for by in parts)]
    return list(one.paid)[moving[0] : moving[-1] + 1] if moving else list(one.paid)


def _any(by: ByYear) -> bool:
    return any(abs(amount) >= NOTHING for amount in by.values())


def _never(one: Organisation) -> dict[str, float] | None:
    return None if one.cashable is None else {year: one.savings[year] - one.cashable[year] for year in one.savings}


def purposes(result: Result, one: Organisation) -> Table:
    """Its own costs by what they are for."""
    rows: list[Row] = [
        (f"{name[:1].upper()}{name[1:]}", formats.whole(amount)) for name, amount in one.own_costs_by_purpose.items()
    ]
    whole = ("All own costs", formats.whole(sum(one.own_costs_by_purpose.values())))
    columns = (Column("Own costs for"), figures("Amount", result.case.currency))
    return Table("Own costs by purpose", columns, (*rows, whole) if rows else (), sums=1)


def budgets(result: Result, one: Organisation) -> Table:
    """What comes back to which budget, and how much of it is cash; no rows where no budget is named."""
    lines = budget_lines(result.run, one.name)
    rows = tuple(
        (
            line.title or "no budget named",
            *map(formats.whole, (line.gross, line.cashable, line.never_cashable)),
            "yes" if line.ring_fenced else "no",
        )
        for line in lines
    )
    heads = (*(figures(name, result.case.currency) for name in (GROSS, CASHABLE, NEVER)), Column("Ring-fenced"))
    named = any(line.budget for line in lines)
    return Table("What comes back to which budget", (Column("Budget"), *heads), rows if named else ())
