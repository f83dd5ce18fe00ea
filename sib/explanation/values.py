"""What an explanation says, as frozen values; amounts unrounded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal


@dataclass(frozen=True)
class FlowCounted:
    """One dated row that the quantity counts; `amount` is negative where it is taken off.

    A `saving` is no payment: nobody pays it, somebody's budget is relieved of it.
    """

    date: date
    source: str
    target: str
    kind: str
    rule: str | None
    tranche: str | None
    cost: str | None
    amount: float


@dataclass(frozen=True)
class TermRead:
    """One term of a rule: its path in the case, and what is written there."""

    path: str
    value: Any


@dataclass(frozen=True)
class RuleUsed:
    """A payment rule behind the quantity, over the whole contract.

    `achieved` is what was measured (a rate or change, else a count), `units` what may be claimed for, in the rule's
    own unit; `claimed` less `cut` is `accepted`, money. None where a rule has no measure of its own.
    """

    id: str
    title: str
    kind: str
    words: str
    outcome: str | None
    achieved: float | None
    units: float | None
    claimed: float
    cut: float
    accepted: float
    terms: tuple[TermRead, ...]


@dataclass(frozen=True)
class NumberBehind:
    """A number of the case that moves the quantity, and what the quantity becomes when it is another.

    `at_lower` and `at_higher`: with the number 1 % lower and 1 % higher (0.01 either way for nought); `at_low` and
    `at_high`: at the ends of its range, 10 % either way where it has none. `only_further` marks a number that moves
    the quantity at those ends alone: beyond a cliff, or once a cap no longer binds.
    """

    path: str
    kind: Literal["term", "assumption", "actual"]
    value: float
    unit: str
    low: float | None
    high: float | None
    source: str | None
    source_title: str
    grade: int | None
    note: str
    only_further: bool
    at_lower: Any
    at_higher: Any
    at_low: Any
    at_high: Any


@dataclass(frozen=True)
class CutByCap:
    """What a limit cut of a rule, and the terms that set it; no term where it is a date or a count."""

    cap: str
    rule: str
    amount: float
    terms: tuple[TermRead, ...]


@dataclass(frozen=True)
class Alternative:
    """The same flows by another convention, and what that convention does."""

    name: str
    value: float | None
    words: str


@dataclass(frozen=True)
class Explanation:
    """Where one quantity of the appraisal comes from.

    `formula` says in words how it is made; `flows` are the dated rows that it counts, `sums` whether they add up to
    it; `rules`, `clipped` and `numbers` say which terms and assumptions stand behind it.
    """

    quantity: str
    value: Any
    unit: str
    formula: str
    flows: tuple[FlowCounted, ...]
    sums: bool
    rules: tuple[RuleUsed, ...]
    numbers: tuple[NumberBehind, ...]
    clipped: tuple[CutByCap, ...]
    notes: tuple[str, ...]
    alternatives: tuple[Alternative, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The explanation as plain data, dates as ISO text; flows say `from` and `to`, as an appraisal's do."""
        plain: dict[str, Any] = _plain(asdict(self))
        flows = [{"date": flow.pop("date"), "from": flow.pop("source"), "to": flow.pop("target"), **flow}
                 for flow in plain["flows"]]  # fmt: skip
        return plain | {"flows": flows}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
