"""Which terms everybody could sign: the region of two terms in which investors, payers and provider are content."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sib.appraisal import appraise
from sib.case import Case
from sib.deal.payments import Banded, Tariff
from sib.numbers import Row
from sib.problems import CaseError, Problem
from sib.risk.varying import number_at, outputs_of, place_of

Mask = NDArray[np.bool_]

# Values along each axis, parts in each closer look at an end of a range, and looks; half a penny is nothing.
STEPS, CLOSER, LOOKS, PENNY = 41, 21, 7, 0.005
INVESTORS, PROVIDER, HURDLE = "Investors", "Provider", "appraisal.hurdle"


@dataclass(frozen=True)
class Side:
    """One side of the table: what it looks at, at every point, and what it needs of it, at least.

    `values` has shape (first, second), nan where there is no number, which contents nobody.
    """

    name: str
    output: str
    needs: float
    values: Row
    own: float | None
    ranges: tuple[tuple[float, float], ...] = ()
    """Where it could sign along the first term, at the second's own value."""

    @property
    def signs(self) -> Mask:
        """Where it could sign."""
        return np.asarray(self.values >= self.needs - _slack(self.output))

    @property
    def margin(self) -> Row:
        """What it has beyond what it needs, below nothing where it could not sign; the least there is for nan."""
        beyond = self.values - self.needs + _slack(self.output)
        least = min(-1.0, float(np.nanmin(beyond, initial=0.0)))
        return np.where(np.isnan(beyond), least, beyond)


@dataclass(frozen=True)
class DealSpace:
    """Two terms, and every side at each pair of their values. `own` is the contract's own point.

    `ranges` are the stretches of the first term, at the second's own value, in which all sides can sign. `unheard`
    says, for each side that could not be asked, why.
    """

    first: str
    second: str
    at_first: Row
    at_second: Row
    own: tuple[float, float]
    sides: tuple[Side, ...]
    ranges: tuple[tuple[float, float], ...]
    unheard: Mapping[str, str] = field(default_factory=dict)

    @property
    def all_sign(self) -> Mask:
        """Where every side that was asked could sign, (first, second)."""
        return np.asarray(np.logical_and.reduce([side.signs for side in self.sides]))

    def is_open(self, end: float) -> bool:
        """Whether an end of a range is only as far as was looked."""
        return end in (self.at_first[0], self.at_first[-1])

    @property
    def own_signs(self) -> dict[str, bool]:
        """Who could sign the contract as it is."""
        return {side.name: side.own is not None and side.own >= side.needs - _slack(side.output) for side in self.sides}


def deal_space(
    case: Case,
    first: str | None = None,
    second: str | None = None,
    hurdle: float | None = None,
    ranges: Mapping[str, tuple[float, float]] | None = None,
) -> DealSpace | None:
    """Who could sign over two terms: a price and a cap (or, without a cap, what is expected) unless they are named.

    Investors need the case's hurdle (or the one given), each payer that saves a net saving of nothing or more, in cash
    where the case says what is cash, the provider that its reserves outlast its deepest deficit. A price goes from
    nothing, other terms from half, to twice their own value unless `ranges` says otherwise. None where no side can be
    asked, or the case has no two such terms: see `why_no_space`.
    """
    named = terms_at_hand(case) if first is None or second is None else (first, second)
    asked, unheard = _asked(case, hurdle)
    if named is None or not asked:
        return None
    one, other = (place_of(case, path) for path in named)
    _refuse_terms((one, other), hurdle, ranges or {})
    own = number_at(case, one), number_at(case, other)
    axes = [_axis(path, value, ranges or {}) for path, value in zip((one, other), own, strict=True)]
    rows = {one: np.repeat(axes[0], len(axes[1])), other: np.tile(axes[1], len(axes[0]))}
    shape = (len(axes[0]), len(axes[1]))
    base = _values(case, {one: np.array(own[:1])}, asked)
    found = {name: values.reshape(shape) for name, values in _values(case, rows, asked).items()}

    def stretches(of: Sequence[_Ask]) -> tuple[tuple[float, float], ...]:
        return _stretches(axes[0], lambda row: _content(_values(case, {one: row}, of), of))

    sides = tuple(
        Side(ask.name, ask.output, ask.needs, found[ask.name], _number(base[ask.name][0]), stretches([ask]))
        for ask in asked
    )
    return DealSpace(one, other, axes[0], axes[1], own, sides, stretches(asked), unheard)


def _refuse_terms(named: tuple[str, str], hurdle: float | None, ranges: Mapping[str, tuple[float, float]]) -> None:
    """CaseError for terms that make no space, with all that is wrong."""
    problems = []
    if named[0] == named[1]:
        problems.append(Problem(None, None, named[0], "this is both terms; name two."))
    if HURDLE in named:
        problems.append(Problem(None, None, HURDLE, "this is what investors need, and no term; name a price or a cap."))
    if hurdle is not None and not np.isfinite(hurdle):
        problems.append(Problem(None, None, HURDLE, f"{hurdle} is no return a year; give a fraction, 0.08 for 8 %."))
    for path in ranges:
        if path not in named:
            told = f"this is none of the two terms, {named[0]} and {named[1]}; give ranges of these."
            problems.append(Problem(None, None, path, told))
    if problems:
        raise CaseError(problems)


def why_no_space(case: Case) -> str:
    """Why there is no deal space, in words; nothing where there is one."""
    asked, unheard = _asked(case, None)
    if not asked:
        return "nobody could be asked: " + "; ".join(f"{name}: {reason}" for name, reason in unheard.items())
    return "" if terms_at_hand(case) is not None else "the case has no price, no cap and no schedule of amounts to vary"


def terms_at_hand(case: Case) -> tuple[str, str] | None:
    """The first price for outcomes, and the cap over the contract; without one, what is expected of that outcome.

    Without a price the cap over a schedule of amounts, else its largest amount, and what is expected of its measure.
    """
    return _price_at_hand(case) or _amount_at_hand(case)


def _amount_at_hand(case: Case) -> tuple[str, str] | None:
    for rule in case.deal.payments:
        if isinstance(rule, Banded) and rule.gives == "amount" and (success := _success(case, rule.outcome)):
            over = (cap for cap in case.deal.caps if cap.per == "contract")
            caps = [cap.id for cap in over if not cap.payments or rule.id in cap.payments]
            largest = max(range(len(rule.points)), key=lambda i: rule.points[i].pays.value)
            amount = f"deal.caps.{caps[0]}.amount" if caps else f"deal.payments.{rule.id}.points[{largest}].pays"
            return amount, success
    return None


def _success(case: Case, outcome: str) -> str | None:
    """The path of what is expected of an outcome; None where only levels are."""
    for item in case.forecast.outcomes:
        name = next((name for name in ("per_start", "net", "change") if getattr(item, name) is not None), None)
        if item.of == outcome and name is not None:
            return f"forecast.outcomes.{item.id}.{name}"
    return None


def _price_at_hand(case: Case) -> tuple[str, str] | None:
    prices = [rule for rule in case.deal.payments if isinstance(rule, Tariff) and rule.price is not None]
    for rule in sorted(prices, key=lambda rule: rule.outcome in ("starts", "periods")):
        caps = [cap.id for cap in case.deal.caps if not cap.payments or rule.id in cap.payments]
        if caps:
            return f"deal.payments.{rule.id}.price", f"deal.caps.{caps[0]}.amount"
        success = _success(case, rule.outcome)
        if success is not None:
            return f"deal.payments.{rule.id}.price", success
    return None


@dataclass(frozen=True)
class _Ask:
    """What a side looks at, and how much of it it needs."""

    name: str
    output: str
    needs: float


def _asked(case: Case, hurdle: float | None) -> tuple[list[_Ask], dict[str, str]]:
    """Each side's question, and who cannot be asked."""
    answer, asked, unheard = appraise(case).as_dict(), [], {}
    wanted = hurdle if hurdle is not None else getattr(case.appraisal.hurdle, "value", None)
    if answer["investors"]["drawn"] is None:
        unheard[INVESTORS] = "the case has no capital"
    elif wanted is None:
        unheard[INVESTORS] = "no hurdle is stated; write appraisal.hurdle"
    else:
        asked.append(_Ask(INVESTORS, "investors.irr", wanted))
    for name, view in answer["payers"].items():
        if view["savings"] is None:
            unheard[name] = "no savings of its own are stated"
        else:
            what = "net" if view["net_cashable"] is None else "net_cashable"
            asked.append(_Ask(name, f"payers.{name}.{what}", 0.0))
    stated = any(party.reserves for party in case.deal.parties if party.role == "provider")
    if not stated or answer["provider"]["peak_deficit"] is None:
        unheard[PROVIDER] = "its costs are not stated" if stated else "no reserves are stated"
    else:
        asked.append(_Ask(PROVIDER, "provider.reserves_left", 0.0))
    return asked, unheard


def _values(case: Case, rows: Mapping[str, Row], asked: Sequence[_Ask]) -> dict[str, Row]:
    """What each side looks at, one number a scenario."""
    found = outputs_of(case, rows, [ask.output for ask in asked])
    return {ask.name: found[ask.output] for ask in asked}


def _content(values: Mapping[str, Row], asked: Sequence[_Ask]) -> Mask:
    return np.asarray(np.logical_and.reduce([values[ask.name] >= ask.needs - _slack(ask.output) for ask in asked]))


def _slack(output: str) -> float:
    """A rate must be met to the last digits, money to half a penny."""
    return 1e-9 if output.endswith("irr") else PENNY


def _axis(path: str, own: float, ranges: Mapping[str, tuple[float, float]]) -> Row:
    low, high = ranges.get(path, (0.0 if path.endswith(".price") else own / 2, own * 2))
    if path.endswith((".per_start", ".change", ".net")) and path not in ranges:
        high = min(high, 1.0) if own <= 1 else high
    return np.unique([*np.linspace(low, high, STEPS), *([own] if low <= own <= high else [])])


def _stretches(values: Row, content: Callable[[Row], Mask]) -> tuple[tuple[float, float], ...]:
    """Where everybody is content, with the ends found closer and closer."""
    good = np.concatenate([[False], content(values), [False]])
    starts, ends = np.flatnonzero(~good[:-1] & good[1:]), np.flatnonzero(good[:-1] & ~good[1:]) - 1
    return tuple(
        (
            float(values[a]) if a == 0 else _edge(values[a - 1], values[a], content),
            float(values[b]) if b == len(values) - 1 else _edge(values[b + 1], values[b], content),
        )
        for a, b in zip(starts, ends, strict=True)
    )


def _edge(bad: float, good: float, content: Callable[[Row], Mask]) -> float:
    """The last value next to `good` with which everybody is content."""
    for _ in range(LOOKS):
        row = np.linspace(bad, good, CLOSER)
        fine = content(row)
        last_bad = int(np.flatnonzero(~fine[:-1])[-1]) if not fine[:-1].all() else 0
        bad, good = float(row[last_bad]), float(row[last_bad + 1])
    return good


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
