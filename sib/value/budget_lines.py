"""What comes back to which budget of an organisation, and how much of it is cash."""

from __future__ import annotations

from dataclasses import dataclass

from sib.cashflow.by_date import ByDate
from sib.cashflow.run import Run
from sib.cashflow.savings import Saving
from sib.value.by_year import sums


@dataclass(frozen=True)
class BudgetLine:
    """What one budget of an organisation saves in all, in cash of the day; `budget` is None where none is named.

    `cashable` is None where it is not known of every saving in the budget. What is saved in a ring-fenced budget
    has to stay in it.
    """

    budget: str | None
    title: str
    ring_fenced: bool
    gross: float
    cashable: float | None

    @property
    def never_cashable(self) -> float | None:
        """What is saved and never becomes cash."""
        return None if self.cashable is None else self.gross - self.cashable


def budget_lines(run: Run, name: str) -> tuple[BudgetLine, ...]:
    """Every budget in which an organisation saves, in the order of the savings."""
    own = [item for item in run.savings if item.saver == name]
    return tuple(_line(run, budget, own) for budget in dict.fromkeys(item.budget for item in own))


def _line(run: Run, budget: str | None, own: list[Saving]) -> BudgetLine:
    of_it = [item for item in own if item.budget == budget]
    known = [item.cashable for item in of_it if item.cashable is not None]
    stated = next((item for item in run.case.forecast.budgets if item.id == budget), None)
    return BudgetLine(
        budget=budget,
        title=(stated.title if stated else "") or budget or "",
        ring_fenced=stated is not None and stated.ring_fenced,
        gross=_total(run, [item.gross for item in of_it]),
        cashable=_total(run, known) if len(known) == len(of_it) else None,
    )


def _total(run: Run, rows: list[ByDate]) -> float:
    return sum(sum(sums(run, part).values()) for part in rows)
