"""What the numbers of a case are called beside a slider or a box, and in what unit they are shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sib.assumption import Assumption, Term
from sib.case import Case
from sib.deal.capital import AsNeeded, OnDates, TrancheOfCapital
from sib.deal.outcomes import OutcomeMeasured
from sib.deal.payments import Banded, Rule, ShareOfSum, Tariff
from sib.paths import parts_of
from sib.show import formats

TERMS, CAPITAL = "Prices, gates and caps", "Capital and guarantees"
# So many points of a schedule are shown one by one; more of them are a table, not knobs.
FEW_POINTS = 12

_MONEY = ("amount", "unit_value")
_FRACTIONS = ("take_up", "cashable", "share", "evidenced", "accepted", "continues")
_RATES = ("uplift", "indexed")
_WHAT = {
    "counterfactual": "without the service", "starts": "number who start", "referrals": "number referred",
    "take_up": "take-up", "unit_value": "saved for each", "cashable": "cashable part", "amount": "cost",
    "uplift": "growth of cost a year", "indexed": "growth of price a year", "evidenced": "part that is evidenced",
    "accepted": "part that is accepted", "continues": "part that goes on", "per_start": "", "net": "", "change": "",
    "months": "delay",
}  # fmt: skip


@dataclass(frozen=True)
class Named:
    """One number of a case with its name for people, its unit (`%`, `USD per quarter`) and its group."""

    path: str
    label: str
    value: float
    unit: str
    group: str


def named_assumption(case: Case, path: str, term: Assumption, group: str) -> Named:
    """A number that is expected, named after the outcome, cohort, cost or saving that it belongs to."""
    parts = [str(part) for part in parts_of(path)]
    outcome = _outcome_of(case, path)
    title, last = _title(case, parts, outcome), parts[-1]
    what = _level_on(case, parts) or _what(parts)
    label = f"{title}: {what}" if what else title
    return Named(path, label[:1].upper() + label[1:], term.value, _unit(case, last, term, outcome), group)


def _level_on(case: Case, parts: list[str]) -> str:
    """The day of a level that is one of several."""
    if parts[:2] != ["forecast", "outcomes"] or "levels" not in parts:
        return ""
    item = next(item for item in case.forecast.outcomes if item.id == parts[2])
    return f"on {formats.day(item.levels[int(parts[parts.index('levels') + 1])].date)}"


def _what(parts: list[str]) -> str:
    """What is said of a thing: the last name of the path; in a list, the list's name and the place in it."""
    places = [i for i, part in enumerate(parts) if part.isdigit()]
    name = parts[places[0] - 1] if places else parts[-1]
    word = _WHAT.get(name, name.replace("_", " "))
    return f"{word} {int(parts[places[0]]) + 1}" if places else word


def _outcome_of(case: Case, path: str) -> OutcomeMeasured | None:
    """The outcome that a number of `forecast.outcomes` speaks of."""
    items = [item.of for item in case.forecast.outcomes if path.startswith(f"forecast.outcomes.{item.id}.")]
    return next((outcome for outcome in case.deal.outcomes if outcome.id in items), None)


def _title(case: Case, parts: list[str], outcome: OutcomeMeasured | None) -> str:
    """The title of the thing that a number belongs to; its id where it has none."""
    if len(parts) < 4:
        return parts[-2].replace("_", " ")
    section, things, name = parts[:3]
    if outcome is not None:
        return _of(outcome) if outcome.id == name else f"{_of(outcome)}, {name}"
    listed = getattr(getattr(case, section), things)
    return next((_of(thing) for thing in listed if getattr(thing, "id", None) == name), name)


def _unit(case: Case, last: str, term: Assumption, outcome: OutcomeMeasured | None) -> str:
    if last in _RATES:
        return "% a year"
    if last in _FRACTIONS:
        return "%"
    if last == "months":
        return "months"
    if outcome is not None:
        fraction = last == "change" or (outcome.kind == "rate" and last != "net")
        return percent_of(outcome) if fraction else term.unit or f"{outcome.unit} a start"
    if last in _MONEY:
        return in_money(case, term)
    return term.unit or ("people" if last in ("starts", "referrals") else "")


def percent_of(outcome: OutcomeMeasured) -> str:
    """`%` for a rate or a relative change, else the outcome's own unit."""
    relative = outcome.kind == "change" and outcome.change == "relative"
    return "%" if outcome.kind == "rate" or relative else outcome.unit


def in_money(case: Case, term: Term) -> str:
    """The case's currency with what the money is for: `USD per quarter`."""
    return term.unit if term.unit.startswith(case.currency) else f"{case.currency} {term.unit}".strip()


def named_terms(case: Case) -> Iterator[Named]:
    """The signed numbers that people negotiate: prices, gates, caps, capital and guarantees."""
    for rule in case.deal.payments:
        yield from _of_rule(case, rule)
        yield from _of_gate(case, rule)
    for cap in case.deal.caps:
        title = cap.title or f"Cap: {cap.id}"
        yield Named(f"deal.caps.{cap.id}.amount", title, cap.amount.value, in_money(case, cap.amount), TERMS)
    for tranche in case.deal.tranches:
        yield from _of_tranche(case, tranche)
    for guarantee in case.deal.guarantees:
        for i, item in enumerate(guarantee.amounts):
            label = f"{guarantee.title or f'Guarantee: {guarantee.id}'}, from {formats.day(item.date)}"
            path = f"deal.guarantees.{guarantee.id}.amounts[{i}].amount"
            yield Named(path, label, item.amount.value, in_money(case, item.amount), CAPITAL)


def _of_rule(case: Case, rule: Rule) -> Iterator[Named]:
    at, title = f"deal.payments.{rule.id}", _of(rule)
    if isinstance(rule, Tariff):
        yield from _of_tariff(case, rule)
    elif isinstance(rule, ShareOfSum):
        yield Named(f"{at}.share", f"Share paid: {title}", rule.share.value, "%", TERMS)
    elif len(rule.points) <= FEW_POINTS:
        for i, point in enumerate(rule.points):
            unit = "%" if rule.gives == "share of principal" else in_money(case, point.pays)
            label = f"{title}, from {_level(case, rule, point.at.value)}"
            yield Named(f"{at}.points[{i}].pays", label, point.pays.value, unit, TERMS)


def _of_tariff(case: Case, rule: Tariff) -> Iterator[Named]:
    at, title = f"deal.payments.{rule.id}", f"Price: {_of(rule)}"
    if rule.price is not None:
        yield Named(f"{at}.price", title, rule.price.value, in_money(case, rule.price), TERMS)
    for i, item in enumerate(rule.prices):
        label = f"{title}, from {formats.day(item.date)}"
        yield Named(f"{at}.prices[{i}].price", label, item.price.value, in_money(case, item.price), TERMS)


def _level(case: Case, rule: Banded, at: float) -> str:
    outcome = _measured(case, rule.outcome)
    return f"{formats.exact(at * 100)} %" if percent_of(outcome) == "%" else formats.exact(at)


def _of_gate(case: Case, rule: Rule) -> Iterator[Named]:
    if rule.gate is None:
        return
    unit = percent_of(_measured(case, rule.gate.outcome))
    for name, words in (("at_least", "each cohort needs"), ("pooled_at_least", "all together need")):
        term = getattr(rule.gate, name)
        if term is not None:
            yield Named(f"deal.payments.{rule.id}.gate.{name}", f"Gate: {_of(rule)}, {words}", term.value, unit, TERMS)


def _measured(case: Case, name: str) -> OutcomeMeasured:
    return next(outcome for outcome in case.deal.outcomes if outcome.id == name)


def _of_tranche(case: Case, tranche: TrancheOfCapital) -> Iterator[Named]:
    at, title = f"deal.tranches.{tranche.id}", _of(tranche)
    term = tranche.commitment
    yield Named(f"{at}.commitment", f"Commitment: {title}", term.value, in_money(case, term), CAPITAL)
    if isinstance(tranche.draw, OnDates):
        for i, item in enumerate(tranche.draw.amounts):
            label = f"Drawn of {title} on {formats.day(item.date)}"
            unit = in_money(case, item.amount)
            yield Named(f"{at}.draw.amounts[{i}].amount", label, item.amount.value, unit, CAPITAL)
    if isinstance(tranche.draw, AsNeeded) and tranche.draw.reserve is not None:
        term = tranche.draw.reserve
        yield Named(f"{at}.draw.reserve", f"Cash reserve: {title}", term.value, in_money(case, term), CAPITAL)
    if tranche.interest is not None and tranche.interest.rate is not None:
        yield Named(f"{at}.interest.rate", f"Interest: {title}", tranche.interest.rate.value, "% a year", CAPITAL)


def _of(thing: object) -> str:
    """The title of a thing, or its id."""
    return str(getattr(thing, "title", "") or getattr(thing, "id", ""))
