"""Contradictions between the parts of a case that no single part can see."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sib.case import Case
from sib.deal.capital import AsNeeded, AtOnce
from sib.deal.costs import Overhead
from sib.deal.payments import Banded, ShareOfSum, Tariff
from sib.periods import MONTHS_IN

Contradiction = tuple[str, str]
"""A path, and a sentence that says what is wrong and what to do."""

MOST_PERIODS = 1200


def contradictions(case: Case) -> list[Contradiction]:
    """Everything in a case that cannot be so, each with its path; an empty list when it holds together."""
    checks = (
        _length,
        _horizon,
        _payers,
        _measured,
        _expected,
        _expectations,
        _tariffs,
        _gates,
        _shares,
        _costs,
        _capital,
        _guarantees,
        _actuals,
    )
    return [found for check in checks for found in check(case)]


def _length(case: Case) -> Iterator[Contradiction]:
    deal = case.deal
    if isinstance(deal.period, str):
        end = max([deal.service_end, *filter(None, (deal.last_payment, case.appraisal.horizon))])
        count = ((end.year - deal.start.year) * 12 + end.month - deal.start.month) // MONTHS_IN[deal.period]
        if count > MOST_PERIODS:
            yield (
                "deal.service_end",
                (
                    f"the case would run over {count} periods, at most {MOST_PERIODS} are computed; "
                    "write a longer period or an earlier end."
                ),
            )
    elif deal.period[-1] < deal.service_end:
        yield (
            "deal.period",
            f"the last period ends {deal.period[-1]}, before service_end {deal.service_end}; add periods.",
        )


def _horizon(case: Case) -> Iterator[Contradiction]:
    horizon = case.appraisal.horizon
    if horizon is not None and horizon < case.deal.start:
        yield "appraisal.horizon", f"the horizon {horizon} is before the start {case.deal.start}; write a later day."


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


def _measured(case: Case) -> Iterator[Contradiction]:
    last = case.deal.last_payment
    for outcome in case.deal.outcomes:
        stated = outcome.measured
        days = [stated] if isinstance(stated, date) else list((stated or {}).values())
        for day in days:
            if day < case.deal.start:
                yield (
                    f"deal.outcomes.{outcome.id}.measured",
                    f"{day} is before the start {case.deal.start}; correct it.",
                )
            if last is not None and day > last:
                yield (
                    f"deal.outcomes.{outcome.id}.measured",
                    f"{day} is after the last payment {last}, so it could never be paid; correct one of them.",
                )


def _expected(case: Case) -> Iterator[Contradiction]:
    """Every outcome that money hangs on must be expected of somebody, or have happened."""
    known = {item.of for item in case.forecast.outcomes} | {item.outcome for item in case.actuals.outcomes}
    wanted = [
        (f"deal.payments.{rule.id}.outcome", rule.outcome)
        for rule in case.deal.payments
        if not isinstance(rule, ShareOfSum) and rule.outcome not in ("starts", "periods")
    ]
    wanted += [(f"deal.payments.{rule.id}.gate.outcome", rule.gate.outcome) for rule in case.deal.payments if rule.gate]
    wanted += [(f"forecast.savings.{item.id}.outcome", item.outcome) for item in case.forecast.savings]
    for path, outcome in wanted:
        if outcome not in known:
            yield (
                path,
                (
                    f"nothing is expected of {outcome!r} and nothing has happened; "
                    f"add it to forecast.outcomes or to actuals.outcomes."
                ),
            )
    for rule in case.deal.payments:
        starts = not isinstance(rule, ShareOfSum) and rule.outcome == "starts"
        if starts and not case.forecast.cohorts:
            yield f"deal.payments.{rule.id}.outcome", "a fee for starts needs people; add forecast.cohorts."


def _expectations(case: Case) -> Iterator[Contradiction]:
    declared = {outcome.id: outcome for outcome in case.deal.outcomes}
    for item in case.forecast.outcomes:
        path = f"forecast.outcomes.{item.id}"
        if item.of not in declared:
            yield (
                path,
                (
                    f"{item.of!r} is not an outcome of this case; declare it under deal.outcomes, "
                    "or say which one is meant with outcome: …"
                ),
            )
            continue
        outcome = declared[item.of]
        if item.change is not None and outcome.kind != "change":
            yield f"{path}.change", f"{item.of!r} is a {outcome.kind}, not a change; write per_start or net."
        if item.net is not None and outcome.of_cohort:
            yield f"{path}.net", f"{item.of!r} is a {outcome.kind}; write per_start with its counterfactual, or change."
        if (
            outcome.kind == "change"
            and outcome.against == "control group"
            and item.per_start is not None
            and item.counterfactual is None
        ):
            yield path, "a change against a control group needs counterfactual: what the control group did."
        if not case.forecast.cohorts:
            yield path, "an outcome is expected of people; add forecast.cohorts."
    forms = {(item.of, item.change is None) for item in case.forecast.outcomes}
    for name in {name for name, _ in forms if {(name, True), (name, False)} <= forms}:
        yield "forecast.outcomes", f"{name!r} is given as a change for some cohorts and not for others; give all alike."
    yield from _cohort_days(case)


def _cohort_days(case: Case) -> Iterator[Contradiction]:
    for cohort in case.forecast.cohorts:
        first, last = cohort.first or case.deal.start, cohort.last or case.deal.service_end
        if first > last or first < case.deal.start:
            yield (
                f"forecast.cohorts.{cohort.id}.first",
                f"starts from {first} to {last} do not lie within the deal, which starts {case.deal.start}; "
                "correct the dates.",
            )


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


def _costs(case: Case) -> Iterator[Contradiction]:
    overheads = {cost.id for cost in case.deal.costs if isinstance(cost, Overhead)}
    for cost in case.deal.costs:
        path = f"deal.costs.{cost.id}"
        for name in (set(cost.of) & overheads) if isinstance(cost, Overhead) else ():
            yield f"{path}.of", f"{name!r} is itself an overhead; name costs of another kind."
        if (
            not isinstance(cost, Overhead)
            and cost.kind in ("per start", "per case", "in steps")
            and not case.forecast.cohorts
        ):
            yield path, f"a cost {cost.kind} needs people; add forecast.cohorts."
        if cost.kind == "in steps" and cost.size.value <= 0:
            yield f"{path}.size", "a step holds more than nothing; write a positive number of cases."
    yield from _nobody_pays_the_provider(case)


def _nobody_pays_the_provider(case: Case) -> Iterator[Contradiction]:
    deal, holder = case.deal, case.deal.contract_holder
    bears = [cost for cost in deal.costs if cost.paid_by in deal.named("provider") and cost.paid_by != holder]
    paid = {rule.paid_to for rule in deal.payments}
    for cost in bears:
        if cost.paid_by not in paid:
            yield (
                f"deal.costs.{cost.id}.paid_by",
                f"nothing in the deal pays {cost.paid_by!r}; add a payment with paid_to: {cost.paid_by}, "
                f"paid_by: {holder}, or let the holder bear the cost.",
            )


def _capital(case: Case) -> Iterator[Contradiction]:
    for tranche in case.deal.tranches:
        path = f"deal.tranches.{tranche.id}"
        if tranche.investor == case.deal.contract_holder:
            yield (
                f"{path}.investor",
                (
                    f"{tranche.investor!r} also holds the contract, so it would lend to itself; "
                    "add a party with role: vehicle, or name another holder."
                ),
            )
        spends = any(
            (cost.paid_by or case.deal.contract_holder) == case.deal.contract_holder for cost in case.deal.costs
        )
        spends |= any(case.deal.contract_holder in rule.paid_by.parties for rule in case.deal.payments)
        if isinstance(tranche.draw, AsNeeded) and not spends:
            yield f"{path}.draw", "as needed needs costs that the holder bears; add deal.costs, or draw at once."
        if tranche.maturity is not None and tranche.maturity < case.deal.start:
            yield f"{path}.maturity", f"{tranche.maturity} is before the start {case.deal.start}; write a later day."
        if not isinstance(tranche.draw, AtOnce | AsNeeded):
            total = sum(item.amount.value for item in tranche.draw.amounts)
            if total > tranche.commitment.value * (1 + 1e-9):
                yield (
                    f"{path}.draw.amounts",
                    (
                        f"draws of {total:,.0f} exceed the commitment of "
                        f"{tranche.commitment.value:,.0f}; raise it or draw less."
                    ),
                )
            for item in tranche.draw.amounts:
                if item.date < case.deal.start:
                    yield f"{path}.draw.amounts", f"{item.date} is before the start {case.deal.start}; correct it."


def _guarantees(case: Case) -> Iterator[Contradiction]:
    once: set[str] = set()
    for guarantee in case.deal.guarantees:
        if guarantee.tranche in once:
            yield (
                f"deal.guarantees.{guarantee.id}.tranche",
                f"{guarantee.tranche!r} is guaranteed twice; write one guarantee for a tranche.",
            )
        once.add(guarantee.tranche)


def _actuals(case: Case) -> Iterator[Contradiction]:
    kinds = {outcome.id: outcome for outcome in case.deal.outcomes}
    dated = [
        (f"actuals.{name}[{i}]", item)
        for name in ("starts", "outcomes", "payments", "draws")
        for i, item in enumerate(getattr(case.actuals, name))
    ]
    for path, item in dated:
        if item.date < case.deal.start:
            yield f"{path}.date", f"{item.date} is before the start of the deal {case.deal.start}; correct it."
    for i, item in enumerate(case.actuals.outcomes):
        if kinds[item.outcome].of_cohort and item.cohort is None and len(case.forecast.cohorts) != 1:
            yield f"actuals.outcomes[{i}]", f"{item.outcome!r} is measured on a cohort; say which with cohort: …"
