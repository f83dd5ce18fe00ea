"""The payment rules behind a quantity, their terms as written, and what the caps cut of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sib.appraisal import Result
from sib.case import Case
from sib.cashflow.payments import AFTER_LAST_PAYMENT
from sib.deal.payments import Banded, Rule, ShareOfSum, Tariff
from sib.explanation.values import CutByCap, RuleUsed, TermRead
from sib.paths import leaves

# What belongs to the evidence of a number, and not to the rule.
EVIDENCE = (".source", ".unit", ".note", ".grade", ".low", ".high", ".title", ".id", ".kind")


def written_terms(case: Case) -> list[TermRead]:
    """What is written in the case, by path, numbers without their evidence; dates and lengths of time as text."""
    return [
        TermRead(path.removesuffix(".value"), value if isinstance(value, int | float | bool) else str(value))
        for path, value in leaves(case.data())
        if not path.endswith(EVIDENCE)
    ]


def rules_used(result: Result, names: Iterable[str], written: Sequence[TermRead]) -> tuple[RuleUsed, ...]:
    """The rules of these names, in the order of the case, with those of the written terms that are theirs."""
    wanted = set(names)
    return tuple(_rule(result, rule, written) for rule in result.case.deal.payments if rule.id in wanted)


def _rule(result: Result, rule: Rule, written: Sequence[TermRead]) -> RuleUsed:
    payments, claim = result.run.payments, result.run.claims.get(rule.id)
    claimed, accepted = (float(rows[rule.id][:, 0].sum()) for rows in (payments.claimed, payments.accepted))
    outcome = _measured_by(rule)
    return RuleUsed(
        rule.id, rule.title, rule.kind, words_of(rule), outcome, _achieved(result, outcome),
        None if claim is None else float(claim.units[:, 0].sum()), claimed, claimed - accepted, accepted,
        tuple(term for term in written if term.path.startswith(f"deal.payments.{rule.id}.")),
    )  # fmt: skip


def words_of(rule: Rule) -> str:
    """What the rule is, in words."""
    if isinstance(rule, Tariff):
        counted = {"starts": "start", "periods": "period"}.get(rule.outcome, f"accepted {rule.outcome!r}")
        per = "each" if rule.per.value == 1 else f"each {rule.per.value:g} of"
        return f"count x price: the price for {per} {counted}"
    if isinstance(rule, Banded):
        form = "the last step reached" if rule.form == "stepped" else "on straight lines between the points"
        gives = "an amount" if rule.tranche is None else f"a share of what was drawn of {rule.tranche!r}"
        return f"schedule: {gives} by the level of {rule.outcome!r}, {form}"
    return f"share of a sum: of {_sum_of(rule)}"


def _sum_of(rule: ShareOfSum) -> str:
    of = rule.of
    if of.saving is not None:
        return f"the saving {of.saving!r}"
    if of.owed is not None:
        return f"what is owed on {of.owed!r}, principal and interest"
    if of.drawn is not None:
        return f"what was drawn of {of.drawn!r}"
    names = of.costs if of.costs is not None else of.payments
    return f"the {'costs' if of.costs is not None else 'payments'} {', '.join(names or ())}"


def _measured_by(rule: Rule) -> str | None:
    """The outcome that the rule pays on, else the one that opens its gate."""
    if not isinstance(rule, ShareOfSum) and rule.outcome not in ("starts", "periods"):
        return rule.outcome
    return rule.gate.outcome if rule.gate is not None else None


def _achieved(result: Result, outcome: str | None) -> float | None:
    """The measure of a rate or change, else the count."""
    if outcome is None:
        return None
    view = result.outcomes[outcome]
    return next((value for value in (view.measure, view.gross, view.net) if value is not None), None)


def cuts_of(result: Result, rules: Iterable[str], written: Sequence[TermRead]) -> tuple[CutByCap, ...]:
    """What each limit cut of these rules, with those of the written terms that set it."""
    wanted = set(rules)
    return tuple(
        CutByCap(item.cap, item.rule, item.amount, _terms_of_limit(result.case, item.cap, item.rule, written))
        for item in result.payments.clipped
        if item.rule in wanted
    )


def _terms_of_limit(case: Case, cap: str, rule: str, written: Sequence[TermRead]) -> tuple[TermRead, ...]:
    """A cap's amount, a pot's maximum, or the rule's own limit: `ceiling of work` is the ceiling of that rule."""
    field = cap.partition(" of ")[0].replace(" ", "_")
    outcomes = {item.id: getattr(item, "outcome", "") for item in case.deal.payments}
    names = {
        f"deal.caps.{cap}.amount", f"deal.pots.{cap}.maximum", f"deal.payments.{rule}.{field}",
        f"deal.outcomes.{outcomes[rule]}.{field}", *(["deal.last_payment"] if cap == AFTER_LAST_PAYMENT else []),
    }  # fmt: skip
    return tuple(term for term in written if term.path in names)
