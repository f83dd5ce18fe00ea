"""The tables of what the contract measures and pays."""

from __future__ import annotations

from sib.appraisal import Result
from sib.case import Case
from sib.deal.limits import Cap
from sib.deal.payments import Tariff
from sib.show import formats
from sib.show.table import Column, Row, Table, figures
from sib.show.wording import cap_name, measure, outcome_of, rule_title
from sib.value.outcomes import OutcomeView


def outcomes(result: Result) -> Table:
    """What was achieved, what would have been anyway, what was hoped for, and what the contract pays for."""
    rows = tuple(_outcome(result.case, name, view) for name, view in result.outcomes.items())
    counts = ("Achieved", "Anyway", "Net", "Measured", "Target", "Of target", "Accepted for payment")
    people = ", ".join(f"{formats.count(number)} start in {name}" for name, number in result.starts.items())
    note = (f"{people}. " if people else "") + (
        "Counted to the last claim. Anyway: what would have been without the service. Net: good is positive. "
        "Accepted: before any cap, in units of the price. A dash: not stated, or not paid for."
    )
    return Table("Outcomes", (Column("Outcome"), Column("Counted in"), *map(figures, counts)), rows, note)


def _outcome(case: Case, name: str, view: OutcomeView) -> Row:
    outcome, count = outcome_of(case, name), formats.count
    # Where only the change itself is known it stands as the net too; there is no count then.
    only_measured = outcome.of_cohort and view.gross is None and view.net == view.measure
    return (
        outcome.title or name, view.unit, count(view.gross), count(view.counterfactual),
        formats.missing() if only_measured else count(view.net), measure(outcome, view.measure),
        count(view.target), formats.percent(view.of_target), _accepted(case, name, view.payable),
    )  # fmt: skip


def _accepted(case: Case, outcome: str, payable: float | None) -> str:
    """The accepted units, with the name that the price gives them."""
    tariffs = (rule for rule in case.deal.payments if isinstance(rule, Tariff) and rule.outcome == outcome)
    prices = [rule.price or rule.prices[0].price for rule in tariffs]
    units = [price.unit.removeprefix("per ") for price in prices if price.unit.startswith("per ")]
    return formats.count(payable) + (f" x {units[0]}" if units and payable is not None else "")


def payments(result: Result) -> Table:
    """Each rule of the payers: before caps, cut by which cap, paid, and by whom."""
    columns = _payment_columns(result)
    rules = result.payments.by_rule
    rows = [(rule_title(result.case, rule), *(formats.whole(by[rule]) for by in columns.values())) for rule in rules]
    total = ("All payments", *(formats.whole(sum(by.values())) for by in columns.values()))
    heads = (Column("Rule"), *(figures(name, result.case.currency) for name in columns))
    return Table("Payments, rule by rule", heads, (*rows, total), _about_caps(result), sums=1)


def _payment_columns(result: Result) -> dict[str, dict[str, float]]:
    """Amounts by rule for each column: before caps, each cap that cut, paid, each of several payers."""
    view, claimed = result.payments, result.run.payments.claimed
    columns = {"Before caps": {rule: float(claimed[rule][:, 0].sum()) for rule in view.by_rule}}
    for cap in dict.fromkeys(item.cap for item in view.clipped):
        cut = {item.rule: -item.amount for item in view.clipped if item.cap == cap}
        columns[f"Cut by {cap_name(result.case, cap)}"] = {rule: cut.get(rule, 0.0) for rule in view.by_rule}
    columns["Paid"] = view.by_rule
    payers = result.case.deal.payers
    for payer in payers if len(payers) > 1 else ():
        columns[f"by {payer}"] = {rule: _paid_by(result, rule, payer) for rule in view.by_rule}
    return columns


def _paid_by(result: Result, rule: str, payer: str) -> float:
    """What a payer pays under a rule, less what comes back."""
    ledger = result.run.ledger
    forth = ledger.total(lambda entry: entry.rule == rule and entry.source == payer)
    back = ledger.total(lambda entry: entry.rule == rule and entry.target == payer)
    return float((forth - back)[:, 0].sum())


def _about_caps(result: Result) -> str:
    """The caps of the contract and what they are; whether any of them cut."""
    case = result.case
    caps = [f"{cap_name(case, cap.id)} is {_size(case, cap)}" for cap in case.deal.caps]
    known = f"{formats.listed(caps)}." if caps else "the contract has no cap."
    ending = " Nothing was cut." if caps and not result.payments.clipped else ""
    return f"{known[0].upper()}{known[1:]}{ending}"


def _size(case: Case, cap: Cap) -> str:
    over = "" if cap.per == "contract" else f" a {cap.per}"
    return f"{formats.money(case.currency, cap.amount.value)}{over}"
