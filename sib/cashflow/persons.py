"""Caps per person: what they leave of each rule's claims, from the spread of claims over people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

import numpy as np

from sib.cashflow.by_date import ByDate
from sib.cashflow.counted import Counted
from sib.cashflow.tariffs import prices
from sib.deal.limits import Cap
from sib.deal.payments import Tariff
from sib.numbers import NumbersAt, Row

Amount = float | Row


def person_caps(counted: Counted) -> list[Cap]:
    """The caps that limit what is paid for one person."""
    return [cap for cap in counted.case.deal.caps if cap.per == "person"]


def is_upper_bound(counted: Counted) -> bool:
    """Whether a cap per person had to be applied to averages, for want of the spread of claims over people.

    A cap on the mean cuts less than the cap on each person does, so that the payments are an upper bound.
    """
    return bool(person_caps(counted)) and not counted.case.forecast.bundles


def person_shares(
    counted: Counted, units: Mapping[str, ByDate], money: Mapping[str, ByDate]
) -> dict[str, dict[str, Amount]]:
    """For each cap per person the share of each rule's claims that it leaves."""
    return {cap.id: _shares(cap, counted, units, money) for cap in person_caps(counted)}


def _shares(cap: Cap, counted: Counted, units: Mapping[str, ByDate], money: Mapping[str, ByDate]) -> dict[str, Amount]:
    rules = [rule for rule in counted.case.deal.payments if isinstance(rule, Tariff) and _limits(cap, rule, counted)]
    limit = counted.numbers[f"deal.caps.{cap.id}.amount"]
    if counted.case.forecast.bundles:
        worth = {rule.id: _worth(rule, counted, units[rule.id], money[rule.id]) for rule in rules}
        return {rule.id: _of_bundles(_beside(rule, rules), worth, limit, counted)[rule.id] for rule in rules}
    total: Row = sum((money[rule.id].sum(axis=0) for rule in rules), np.zeros(1))
    people = counted.starts((), ()).sum(axis=0)
    mean = np.divide(total, people, out=np.zeros(np.broadcast(total, people).shape), where=people > 0)
    share = np.divide(np.minimum(limit, mean), mean, out=np.ones_like(mean), where=mean > 0)
    return {rule.id: share for rule in rules}


def _limits(cap: Cap, rule: Tariff, counted: Counted) -> bool:
    by_payer = set(rule.paid_by.parties) & set(counted.case.deal.payers)
    return rule.outcome != "periods" and (rule.id in cap.payments if cap.payments else bool(by_payer))


def _beside(rule: Tariff, rules: Sequence[Tariff]) -> list[Tariff]:
    """The rules that may pay for the same person as this one does: nobody is in two cohorts or two segments."""

    def meet(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
        return not one or not other or bool(set(one) & set(other))

    return [other for other in rules if meet(rule.cohorts, other.cohorts) and meet(rule.segments, other.segments)]


def _of_bundles(
    rules: Sequence[Tariff], worth_of_one: Mapping[str, Amount], limit: Amount, counted: Counted
) -> dict[str, Amount]:
    """Each kind of person claims in the order in which its outcomes fall, until the cap is reached."""
    often = {rule.outcome: _times_as_often(rule.outcome, counted) for rule in rules}
    ordered = sorted(rules, key=lambda rule: _days_until(rule.outcome, counted))
    whole: dict[str, Amount] = {rule.id: 0.0 for rule in rules}
    paid: dict[str, Amount] = {rule.id: 0.0 for rule in rules}
    for bundle in counted.case.forecast.bundles:
        at = counted.numbers.at(f"forecast.bundles.{bundle.id}")
        left = limit
        for _, together in groupby(ordered, key=lambda rule: _days_until(rule.outcome, counted)):
            worth = {
                rule.id: _claims(at, rule.outcome) * often[rule.outcome] * worth_of_one[rule.id] for rule in together
            }
            claimed = sum(worth.values(), np.zeros(1))
            part = _quotient(np.minimum(left, claimed), claimed)
            left = left - np.minimum(left, claimed)
            for name, value in worth.items():
                whole[name] = whole[name] + at["share"] * value
                paid[name] = paid[name] + at["share"] * value * part
    return {name: _quotient(paid[name], whole[name]) for name in whole}


def _claims(bundle: NumbersAt, outcome: str) -> Amount:
    """How many of an outcome one person of a kind claims; everybody starts once, whatever else becomes of them."""
    return bundle.get(f"claims.{outcome}", float(outcome == "starts"))


def _times_as_often(outcome: str, counted: Counted) -> Amount:
    """What is counted of each start over what the bundles come to: each kind of person claims so many times as often.

    So the bundles say how claims are spread over people, the forecast (as it is drawn) how many there are. One where
    no gross count is known, or the bundles claim nothing.
    """
    result = counted.outcomes.get(outcome)
    if result is None or result.gross is None or result.outcome.of_cohort:
        return 1.0
    bundles = [counted.numbers.at(f"forecast.bundles.{bundle.id}") for bundle in counted.case.forecast.bundles]
    of_bundles = sum((bundle["share"] * _claims(bundle, outcome) for bundle in bundles), np.zeros(1))
    happened = sum((rows.sum(axis=0) for rows in result.gross.values()), np.zeros(1))
    return _quotient(np.maximum(0, happened), of_bundles * counted.starts((), ()).sum(axis=0))


def _worth(rule: Tariff, counted: Counted, units: ByDate, money: ByDate) -> Amount:
    """What one of the rule's outcome is worth at the mean price of what is claimed; at the first if nothing is."""
    times: Amount = 1.0
    if rule.instalments is not None:
        item = next((one for one in counted.case.forecast.outcomes if one.of == rule.outcome), None)
        lasting = counted.numbers.get(f"forecast.outcomes.{item.id}.continues", 1.0) if item else 1.0
        powers = (np.power(lasting, n) for n in range(1, rule.instalments.count + 1))
        times = sum(powers, np.zeros(1))
    per = counted.numbers.get(f"deal.payments.{rule.id}.per", 1.0)
    on_dates = prices(rule, counted)
    price: Row = on_dates[0]
    if np.any(on_dates != price):
        price = _mean_price(units, money, price)
    return np.asarray(price * times / per, float)


def _mean_price(units: ByDate, money: ByDate, first: Row) -> Row:
    """Money over units, (scenarios,); the first price where nothing is claimed."""
    total, claimed = np.broadcast_arrays(money.sum(axis=0), units.sum(axis=0))
    return np.where(claimed > 0, total / np.where(claimed > 0, claimed, 1.0), first)


def _days_until(outcome: str, counted: Counted) -> int:
    """Days from a start to an outcome, along the outcomes that must come first."""
    found = next((item for item in counted.case.forecast.outcomes if item.of == outcome), None)
    if found is None:
        return 0
    own = max([wait.months * 30 + wait.days for wait in found.delays], default=0)
    return own + (_days_until(found.follows, counted) if found.follows else 0)


def _quotient(part: Amount, whole: Amount) -> Amount:
    above, below = np.broadcast_arrays(np.atleast_1d(part), np.atleast_1d(whole))
    quotient: Row = np.divide(above, below, out=np.ones(above.shape), where=below > 0)
    return quotient
