"""What things are called in tables and sentences: rules, caps, outcomes and their measures."""

from __future__ import annotations

from sib.case import Case
from sib.cashflow.payments import AFTER_LAST_PAYMENT
from sib.deal.outcomes import OutcomeMeasured
from sib.show import formats


def rule_title(case: Case, rule: str) -> str:
    """A payment rule's title; without one, the title of its outcome, else its id."""
    found = next((item for item in case.deal.payments if item.id == rule), None)
    if found is None or found.title:
        return rule if found is None else found.title
    return next((item.title for item in case.deal.outcomes if item.id == rule and item.title), rule)


def cap_name(case: Case, cap: str) -> str:
    """A cap as it is spoken of: `the contract cap`, `the last payment date`."""
    if cap == AFTER_LAST_PAYMENT:
        return f"the {cap}"
    titles = {item.id: item.title for item in case.deal.caps} | {item.id: item.title for item in case.deal.pots}
    title = titles.get(cap, "")
    return title or (f"the {cap}" if "cap" in cap.lower() else f"the {cap} cap")


def outcome_of(case: Case, name: str) -> OutcomeMeasured:
    """The outcome of the deal with this id."""
    return next(item for item in case.deal.outcomes if item.id == name)


def measure(outcome: OutcomeMeasured, value: float | None) -> str:
    """A measured rate or change: a percentage where it is a share of something, else a number."""
    is_share = outcome.kind == "rate" or (outcome.kind == "change" and outcome.change == "relative")
    return formats.percent(value) if is_share else formats.count(value)
