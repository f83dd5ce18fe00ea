"""One scenario of a run of many, as a run of its own; and a case with one number put in another's place."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np

from sib.assumption import Frozen, Term
from sib.case import Case
from sib.cashflow.by_date import ByDate
from sib.cashflow.ledger import Ledger
from sib.cashflow.payments import Payments
from sib.cashflow.prices import Prices
from sib.cashflow.run import Run
from sib.numbers import Numbers


def scenario_of(run: Run, column: int, case: Case) -> Run:
    """The run of one scenario, which is that of `case`; every array keeps its axes and has one column."""
    return replace(
        run,
        case=case,
        numbers=Numbers(case),
        groups=_column(run.groups, column),
        outcomes=_of_this_case(_column(run.outcomes, column), "outcome", case.deal.outcomes),
        claims=_column(run.claims, column),
        payments=_payments(run.payments, column),
        costs=_column(run.costs, column),
        savings=_column(run.savings, column),
        benefits=_column(run.benefits, column),
        prices=Prices(case, Numbers(case), run.timeline),
        shortfall=_column(run.shortfall, column),
        books=_of_this_case(_column(run.books, column), "tranche", case.deal.tranches),
        ledger=_ledger(run.ledger, column),
    )


def _column(value: Any, column: int) -> Any:
    """The column of every array inside; the last axis is the scenarios', or is 1 wide where they all agree."""
    if isinstance(value, ByDate):
        return ByDate.of_array(_column(value.dense(), column))
    if isinstance(value, np.ndarray):
        return value[..., [column if value.shape[-1] > 1 else 0]]
    if isinstance(value, Mapping):
        return {key: _column(item, column) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_column(item, column) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{part.name: _column(getattr(value, part.name), column) for part in fields(value)})
    return value


def _of_this_case(found: dict[str, Any], name: str, items: Sequence[Any]) -> dict[str, Any]:
    """The same with the terms of this case: a page may read a target or a rate from them."""
    terms = {item.id: item for item in items}
    return {key: replace(value, **{name: terms[key]}) for key, value in found.items()}


def _payments(payments: Payments, column: int) -> Payments:
    one, caps = copy.copy(payments), copy.copy(payments.caps)
    caps.clipped = _column(caps.clipped, column)
    one.caps = caps
    one.claimed, one.accepted, one.paid = (
        _column(rows, column) for rows in (payments.claimed, payments.accepted, payments.paid)
    )
    return one


def _ledger(ledger: Ledger, column: int) -> Ledger:
    one = Ledger(ledger.shape[0], 1)
    for entry, rows in ledger:
        for row in np.flatnonzero(rows[:, column]):
            one.post(int(row), entry, rows[row, [column]])
    return one


def with_number(case: Case, path: str, number: float) -> Case:
    """The case with another number at a path, unchecked: a nudge may leave what a file may say."""
    changed: Case = _changed(case, path, number, "")
    return changed


def _changed(value: Any, path: str, number: float, here: str) -> Any:
    """The value with the number at `path` replaced; parts that do not lead there are kept as they are."""
    if isinstance(value, Term):
        return value.model_copy(update={"value": number}) if here == path else value
    if isinstance(value, Frozen):
        parts = {name: getattr(value, name) for name in type(value).model_fields}
        inner = {name: here if value.written_without_its_keys else f"{here}.{name}".lstrip(".") for name in parts}
        kept = {name: _below(item, path, number, inner[name]) for name, item in parts.items()}
        return value.model_copy(update={name: item for name, item in kept.items() if item is not parts[name]})
    if isinstance(value, Mapping):
        return {name: _below(item, path, number, f"{here}.{name}") for name, item in value.items()}
    if isinstance(value, tuple):
        names = [getattr(item, "id", None) for item in value]
        places = [f"{here}[{i}]" if name is None else f"{here}.{name}" for i, name in enumerate(names)]
        return tuple(_below(item, path, number, place) for item, place in zip(value, places, strict=True))
    return value


def _below(item: Any, path: str, number: float, here: str) -> Any:
    """The same for a part, where the path leads through it."""
    leads = path == here or path.startswith((f"{here}.", f"{here}["))
    return _changed(item, path, number, here) if leads else item
