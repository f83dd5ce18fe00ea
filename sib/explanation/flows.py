"""The dated rows that a quantity counts: entries of the ledger, and savings, which nobody pays."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from sib.appraisal import Result
from sib.cashflow.ledger import Entry
from sib.cashflow.savings import Saving
from sib.explanation.values import FlowCounted
from sib.numbers import Row

Sign = Callable[[Entry], int]
"""1 for an entry that counts, -1 for one that is taken off, 0 for one that does not matter."""

Part = Literal["gross", "cashable", "never"]

Days = Callable[[date], bool]


def every_day(_: date) -> bool:
    """No limit on the date."""
    return True


@dataclass(frozen=True)
class Counting:
    """What a quantity counts: which entries on which days, and whose savings (all, or a part of them)."""

    sign: Sign
    days: Days = every_day
    saver: str | None = None
    part: Part = "gross"
    """Of savings: all, the cashable part, or the part that is never cash."""
    sums: bool = True
    """Whether the rows add up to the quantity; a rate is worked out from them in another way."""


def counted(result: Result, counting: Counting | None) -> tuple[FlowCounted, ...]:
    """The rows in the order of their dates; none for a quantity that counts no money."""
    if counting is None:
        return ()
    rows = [*_of_ledger(result, counting), *_of_savings(result, counting)]
    return tuple(sorted(rows, key=lambda row: row.date))


def _of_ledger(result: Result, counting: Counting) -> Iterator[FlowCounted]:
    for entry, rows in result.run.ledger:
        sign = counting.sign(entry)
        for day, amount in _dated(result, rows[:, 0]) if sign else ():
            if counting.days(day):
                yield FlowCounted(
                    day, entry.source, entry.target, entry.kind, entry.rule, entry.tranche, entry.cost, sign * amount
                )


def _of_savings(result: Result, counting: Counting) -> Iterator[FlowCounted]:
    for saving in result.run.savings:
        if saving.saver != counting.saver or (counting.part != "gross" and saving.cashable is None):
            continue
        for day, amount in _dated(result, _saved(saving, counting)):
            if counting.days(day):
                yield FlowCounted(day, saving.saving, saving.saver, "saving", None, None, None, amount)


def _saved(saving: Saving, counting: Counting) -> Row:
    gross, cashable = np.asarray(saving.gross), np.asarray(0.0 if saving.cashable is None else saving.cashable)
    rows = {"gross": gross, "cashable": cashable, "never": gross - cashable}[counting.part]
    amounts: Row = rows[:, 0]
    return amounts


def _dated(result: Result, amounts: Row) -> Iterator[tuple[date, float]]:
    for row in np.flatnonzero(amounts):
        yield result.run.timeline.dates[row], float(amounts[row])


@dataclass(frozen=True)
class Group:
    """Rows of one kind between the same two: how many, on which days, and their sum."""

    kind: str
    source: str
    target: str
    label: str
    count: int
    first: date
    last: date
    total: float


def grouped(rows: Sequence[FlowCounted]) -> tuple[Group, ...]:
    """Rows gathered by kind, parties and what they are for, in the order of their first days."""
    found: dict[tuple[str, str, str, str], list[FlowCounted]] = {}
    for row in rows:
        found.setdefault((row.kind, row.source, row.target, label_of(row)), []).append(row)
    return tuple(
        Group(*key, len(each), each[0].date, each[-1].date, sum(row.amount for row in each))
        for key, each in found.items()
    )


def label_of(row: FlowCounted) -> str:
    """What the row is for: the rule, the tranche or the cost."""
    return row.rule or row.tranche or row.cost or ""
