"""What payers owe under the contract, by payer and by rule, and what each cap cut."""

from __future__ import annotations

from dataclasses import dataclass

from sib.cashflow.run import Run
from sib.numbers import Row
from sib.value.payers import under_rules


@dataclass(frozen=True)
class Clipped:
    """What one cap cut of one rule, positive."""

    cap: str
    rule: str
    amount: float


@dataclass(frozen=True)
class PaymentView:
    """Outcome payments and fees due from payers after all caps, less what a payee pays back.

    `total` and the clipped amounts together are the sum before caps.
    """

    total: float
    by_payer: dict[str, float]
    by_rule: dict[str, float]
    clipped: tuple[Clipped, ...]
    upper_bound: bool
    """Whether a cap per person was applied to averages, so that `total` is the most that may come of it."""


def payment_view(run: Run) -> PaymentView:
    """The payments of the base case over the whole contract."""
    rules = run.payments.by_payers
    by_rule = {name: float(row[0]) for name, row in paid_by_rule(run).items()}
    by_payer = {name: float(row[0]) for name, row in paid_by_payer(run).items()}
    cut = ((cap, rule, float(rows[:, 0].sum())) for (cap, rule), rows in run.payments.clipped.items() if rule in rules)
    clipped = tuple(Clipped(*item) for item in cut if item[2])
    return PaymentView(sum(by_rule.values()), by_payer, by_rule, clipped, run.payments.upper_bound)


def paid_by_rule(run: Run) -> dict[str, Row]:
    """What each rule has payers pay over the whole contract, in every scenario."""
    return {name: run.payments.accepted[name].sum(axis=0) for name in run.payments.by_payers}


def paid_by_payer(run: Run) -> dict[str, Row]:
    """What each payer pays over the whole contract, in every scenario."""
    return {name: under_rules(run, name).sum(axis=0) for name in run.case.deal.payers}
