"""What has happened so far; the forecast applies after the last of it."""

from __future__ import annotations

from sib.assumption import Amount, Count, Frozen, Quantity
from sib.deal.dates import Day
from sib.naming import Cohort, Outcome, Payment, Tranche


class ActualStarts(Frozen):
    """People of a cohort who started in the period that holds this day."""

    cohort: Cohort
    date: Day
    value: Count


class ActualOutcome(Frozen):
    """An outcome that was measured: a number of outcomes, or (kind `change`) the change itself."""

    outcome: Outcome
    date: Day
    value: Quantity
    cohort: Cohort | None = None
    """Whose it is; needed for a measure of a cohort where there are several cohorts."""


class ActualPayment(Frozen):
    """What was paid under a rule on a day, whatever the rule would have given."""

    payment: Payment
    date: Day
    value: Amount


class ActualDraw(Frozen):
    """What was drawn of a tranche on a day."""

    tranche: Tranche
    date: Day
    value: Amount


class Actuals(Frozen):
    """Starts, outcomes, payments and draws by date.

    Each series (a cohort's starts, an outcome, a rule, a tranche) replaces its forecast up to its own last date.
    """

    starts: tuple[ActualStarts, ...] = ()
    outcomes: tuple[ActualOutcome, ...] = ()
    payments: tuple[ActualPayment, ...] = ()
    draws: tuple[ActualDraw, ...] = ()
