"""Payments that cannot be made as they are written."""

from __future__ import annotations

from collections.abc import Iterator

from sib.case import Case
from sib.consistency.told import Contradiction
from sib.deal.capital import Bullet
from sib.deal.payments import Banded, ShareOfSum, Tariff


def _payers(case: Case) -> Iterator[Contradiction]:
    able = set(case.deal.payers) | {case.deal.contract_holder} | set(case.deal.named("vehicle"))
    for rule in case.deal.payments:
        for party in rule.paid_by.parties:
            if party not in able:
                yield (
                    f"deal.payments.{rule.id}.paid_by",
                    f"{party!r} is not a payer of this deal; give it role: payer, or name another party.",
                )
        if len({party in case.deal.payers for party in rule.paid_by.parties}) > 1:
            yield (
                f"deal.payments.{rule.id}.paid_by",
                "payers and the holder of the contract cannot share one rule; write a rule for each.",
            )
    for saving in case.forecast.savings:
        if saving.saved_by.queue is not None:
            yield f"forecast.savings.{saving.id}.saved_by", "savings are split by shares; write a map of shares."


def _tariffs(case: Case) -> Iterator[Contradiction]:
    differences = {item.of for item in case.forecast.outcomes if item.per_start is None}
    bare = {item.of for item in case.forecast.outcomes if item.per_start is not None and item.counterfactual is None}
    for rule in case.deal.payments:
        if not isinstance(rule, Tariff) or rule.outcome in ("starts", "periods"):
            continue
        kinds = {outcome.id: outcome for outcome in case.deal.outcomes}
        basis = rule.pays_on or ("measure" if kinds[rule.outcome].of_cohort else "gross")
        path = f"deal.payments.{rule.id}.pays_on"
        if basis == "gross" and rule.outcome in differences:
            yield path, f"only the difference is known of {rule.outcome!r}; write pays_on: net, or forecast per_start."
        if basis == "net" and rule.outcome in bare:
            yield path, f"{rule.outcome!r} has no counterfactual; forecast one, or write pays_on: gross."
        if basis == "increase" and kinds[rule.outcome].kind != "level":
            yield path, f"{rule.outcome!r} is a {kinds[rule.outcome].kind}; only a level is paid for its increase."
        if basis == "measure" and not kinds[rule.outcome].of_cohort:
            yield path, f"{rule.outcome!r} is a {kinds[rule.outcome].kind}, which has no measure; write gross or net."
        if rule.per.value <= 0:
            yield f"deal.payments.{rule.id}.per", "a price buys more than nothing; write a positive number."


def _gates(case: Case) -> Iterator[Contradiction]:
    kinds = {outcome.id: outcome for outcome in case.deal.outcomes}
    for rule in case.deal.payments:
        if rule.gate is not None and not kinds[rule.gate.outcome].of_cohort:
            yield (
                f"deal.payments.{rule.id}.gate.outcome",
                f"{rule.gate.outcome!r} is a {kinds[rule.gate.outcome].kind}; a gate tests a rate or a change.",
            )
        each = isinstance(rule, Banded) and rule.measured_over == "each cohort"
        if rule.gate is not None and rule.gate.at_least is not None and isinstance(rule, Banded) and not each:
            yield (
                f"deal.payments.{rule.id}.gate.at_least",
                ("this rule reads all cohorts together; use pooled_at_least, or measured_over: each cohort."),
            )
        if rule.gate is not None and rule.id in rule.gate.unless_paid:
            yield f"deal.payments.{rule.id}.gate.unless_paid", "a rule cannot make itself void; name other rules."
        if rule.gate is not None and rule.gate.unless_paid and not isinstance(rule, ShareOfSum):
            yield (
                f"deal.payments.{rule.id}.gate.unless_paid",
                "only a share of a sum can be void once others have paid; write kind: share.",
            )


def _shares(case: Case) -> Iterator[Contradiction]:
    shares = {rule.id for rule in case.deal.payments if isinstance(rule, ShareOfSum)}
    for rule in case.deal.payments:
        if isinstance(rule, ShareOfSum):
            for name in set(rule.of.payments or ()) & shares:
                yield f"deal.payments.{rule.id}.of.payments", f"{name!r} is itself a share; name rules of another kind."


def _circles(case: Case) -> Iterator[Contradiction]:
    """A rule cannot wait for what another is paid that waits for it."""
    asked = {rule.id: set(rule.gate.unless_paid) - {rule.id} if rule.gate else set() for rule in case.deal.payments}
    for name in asked:
        found, before = asked[name], set[str]()
        while found - before:
            before |= found
            found = {further for other in found for further in asked.get(other, ())}
        if name in before:
            yield (
                f"deal.payments.{name}.gate.unless_paid",
                f"{name!r} and {' and '.join(repr(other) for other in sorted(asked[name] & before))} wait for each "
                "other; remove one of them.",
            )


def _limits(case: Case) -> Iterator[Contradiction]:
    """A cap must leave room for what a pot guarantees; limits on people need people."""
    by_payers = {rule.id for rule in case.deal.payments if set(rule.paid_by.parties) & set(case.deal.payers)}
    for cap in case.deal.caps:
        limited = set(cap.payments) or by_payers
        for pot in case.deal.pots:
            least = pot.minimum.value if pot.minimum and set(pot.payments) <= limited else 0.0
            if cap.per == "contract" and cap.amount.value < least:
                yield (
                    f"deal.caps.{cap.id}.amount",
                    f"the cap {cap.amount.value:,.0f} is below the minimum {least:,.0f} that the pot {pot.id!r} "
                    "guarantees; raise one or lower the other.",
                )
        if cap.per == "person" and not case.forecast.cohorts:
            yield f"deal.caps.{cap.id}.per", "a cap per person needs people; add forecast.cohorts."


def _instalments(case: Case) -> Iterator[Contradiction]:
    kinds = {outcome.id: outcome for outcome in case.deal.outcomes}
    for rule in case.deal.payments:
        if (
            isinstance(rule, Tariff)
            and rule.instalments
            and (rule.outcome not in kinds or kinds[rule.outcome].of_cohort)
        ):
            yield (
                f"deal.payments.{rule.id}.instalments",
                f"{rule.outcome!r} does not last for single people; instalments need a count or a quantity.",
            )


def _fractions(case: Case) -> Iterator[Contradiction]:
    """A rate, and a change that is relative, is a fraction: a test or a point beyond one can never be reached."""
    fractions = {
        o.id for o in case.deal.outcomes if o.kind == "rate" or (o.kind == "change" and o.change == "relative")
    }
    tests: list[tuple[str, float]] = []
    for rule in case.deal.payments:
        gate = rule.gate
        if gate is not None and gate.outcome in fractions:
            for name in ("at_least", "pooled_at_least"):
                level = getattr(gate, name)
                tests += [(f"deal.payments.{rule.id}.gate.{name}", level.value)] if level else []
        if isinstance(rule, Banded) and rule.outcome in fractions:
            tests += [(f"deal.payments.{rule.id}.points[{i}].at", p.at.value) for i, p in enumerate(rule.points)]
    for item in case.forecast.outcomes:
        if item.change is not None and item.of in fractions:
            tests.append((f"forecast.outcomes.{item.id}.change", item.change.value))
    for tranche in case.deal.tranches:
        at = f"deal.tranches.{tranche.id}"
        if isinstance(tranche.repayment, Bullet) and tranche.repayment.schedule is not None:
            points = enumerate(tranche.repayment.schedule.points)
            tests += [(f"{at}.repayment.schedule.points[{i}].pays", point.pays.value) for i, point in points]
        if tranche.interest is not None and tranche.interest.by is not None:
            points = enumerate(tranche.interest.by.schedule.points)
            tests += [(f"{at}.interest.by.schedule.points[{i}].pays", point.pays.value) for i, point in points]
    yield from (
        (path, f"must be at most 1 (a fraction, so 35 % is 0.35); {value:g} was written.")
        for path, value in tests
        if value > 1
    )


CHECKS = (_payers, _tariffs, _gates, _shares, _circles, _limits, _instalments, _fractions)
