"""Outcomes that nobody expects, and expectations of something else than the contract measures."""

from __future__ import annotations

from collections.abc import Iterator

from sib.assumption import not_negative
from sib.case import Case
from sib.consistency.told import Contradiction
from sib.deal.payments import ShareOfSum, Tariff


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
    wanted += [(f"forecast.benefits.{item.id}.outcome", item.outcome) for item in case.forecast.benefits]
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
        by_number = outcome.kind == "change" and outcome.against != "control group"
        if by_number and item.per_start is not None and outcome.baseline is None:
            yield f"deal.outcomes.{item.of}.baseline", f"against {outcome.against} needs its number; add baseline: …"
        if not case.forecast.cohorts and not item.levels:
            yield path, "an outcome is expected of people; add forecast.cohorts."
    forms = {(item.of, item.change is None) for item in case.forecast.outcomes}
    for name in {name for name, _ in forms if {(name, True), (name, False)} <= forms}:
        yield "forecast.outcomes", f"{name!r} is given as a change for some cohorts and not for others; give all alike."


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
        several = len(case.forecast.cohorts) != 1 and kinds[item.outcome].kind != "level"
        if kinds[item.outcome].of_cohort and item.cohort is None and several:
            yield f"actuals.outcomes[{i}]", f"{item.outcome!r} is measured on a cohort; say which with cohort: …"


def _drivers_of_worth(case: Case) -> Iterator[Contradiction]:
    """Savings and benefits follow the true net outcome, which must be known."""
    gross_only = {
        item.of for item in case.forecast.outcomes if item.per_start is not None and item.counterfactual is None
    }
    unknown = gross_only | {item.of for item in case.forecast.outcomes if item.change is not None or item.levels}
    for name, verb in (("savings", "saved"), ("benefits", "gained")):
        for item in getattr(case.forecast, name):
            if item.outcome in unknown:
                yield (
                    f"forecast.{name}.{item.id}.outcome",
                    f"the net of {item.outcome!r} is not known, so nothing can be said to be {verb}; forecast its "
                    "counterfactual (0 if there is none), or its net.",
                )


def _kinds_of_expectation(case: Case) -> Iterator[Contradiction]:
    """Levels belong to levels, people to everything else; a rate is at most one."""
    kinds = {outcome.id: outcome.kind for outcome in case.deal.outcomes}
    for item in case.forecast.outcomes:
        path, kind = f"forecast.outcomes.{item.id}", kinds.get(item.of)
        if kind is not None and (kind == "level") != bool(item.levels):
            wanted = "write levels: dates and values" if kind == "level" else "write per_start or net"
            yield path, f"{item.of!r} is a {kind}; {wanted}."
        if kind == "rate" and item.per_start is not None and max(item.per_start.value, item.per_start.high or 0) > 1:
            yield f"{path}.per_start", f"{item.of!r} is a rate, which is at most 1; correct it, or make it a count."


def _sequences(case: Case) -> Iterator[Contradiction]:
    """An outcome that follows another must be able to come at all."""
    after = {item.of: item.follows for item in case.forecast.outcomes if item.follows}
    for item in case.forecast.outcomes:
        seen, name = [item.of], item.follows
        while name is not None and name not in seen:
            seen.append(name)
            name = after.get(name)
        if name is not None:
            yield f"forecast.outcomes.{item.id}.follows", f"{' follows '.join([*seen, name])}: a circle; break it."
        elif item.follows and item.follows not in {other.of for other in case.forecast.outcomes}:
            yield (
                f"forecast.outcomes.{item.id}.follows",
                f"nothing is expected of {item.follows!r}; add it to forecast.outcomes.",
            )


def _counts(case: Case) -> Iterator[Contradiction]:
    """Only a quantity may be negative: points may be lost, and no fewer than none come of a start."""
    quantities = {outcome.id for outcome in case.deal.outcomes if outcome.kind == "quantity"}
    for item in case.forecast.outcomes:
        for name, term in (("per_start", item.per_start), ("counterfactual", item.counterfactual)):
            if term is None or item.of in quantities:
                continue
            try:
                not_negative(term.model_copy())
            except ValueError as error:
                yield f"forecast.outcomes.{item.id}.{name}", f"{error}."


def bundles_agree(case: Case) -> Iterator[Contradiction]:
    """The spread of claims over people must come to the average that is forecast."""
    for item in case.forecast.outcomes:
        of_bundles = [bundle.claims.get(item.of) for bundle in case.forecast.bundles]
        plain = item.per_start is not None and not item.follows and not item.cohorts and not item.segments
        if not plain or not any(of_bundles):
            continue
        mean = sum(
            b.share.value * claims.value for b, claims in zip(case.forecast.bundles, of_bundles, strict=True) if claims
        )
        if item.per_start is not None and abs(mean - item.per_start.value) > 0.005 * max(1.0, mean):
            yield (
                f"forecast.outcomes.{item.id}.per_start",
                f"the bundles come to {mean:.4g} a start, the forecast says {item.per_start.value:.4g}; "
                "make them agree.",
            )


def _actuals_by_segment(case: Case) -> Iterator[Contradiction]:
    """An actual says whose cohort it is and not which segment, so a rule for segments would not pay for it."""
    by_segment = {rule.outcome for rule in case.deal.payments if isinstance(rule, Tariff) and rule.segments}
    for i, item in enumerate(case.actuals.outcomes):
        if item.outcome in by_segment:
            message = f"{item.outcome!r} is paid for by segment; make each segment a cohort to record what happened."
            yield f"actuals.outcomes[{i}].outcome", message


CHECKS = (
    _actuals_by_segment,
    _expected,
    _expectations,
    _drivers_of_worth,
    _kinds_of_expectation,
    _sequences,
    bundles_agree,
    _counts,
    _actuals,
)
