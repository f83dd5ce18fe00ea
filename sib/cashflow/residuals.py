"""Sums that must come out at nothing, whatever the case: each a named function, called by tests and reports alike.

Each takes a run and returns an array of differences in money (or people), of any shape.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sib.cashflow.ledger import Entry
from sib.cashflow.run import Run

Differences = NDArray[np.float64]


def ledger_sums_to_zero(run: Run) -> Differences:
    """On each date, what all parties receive less what all parties pay."""
    return np.array(sum((run.ledger.net(party) for party in run.ledger.parties), np.zeros(1)))


def cash_follows_from_flows(run: Run) -> Differences:
    """Each party's running cash against the sum of its flows."""
    return np.array([run.ledger.balance(p) - run.ledger.net(p).sum(axis=0) for p in run.ledger.parties])


def flows_are_positive(run: Run) -> Differences:
    """No entry runs backwards."""
    return np.array([np.minimum(0, flow) for _, flow in run.ledger])


def claims_are_paid_or_clipped(run: Run) -> Differences:
    """Each rule's claims against what was accepted and what each cap cut."""
    payments = run.payments
    cut = {name: np.zeros(run.ledger.shape) for name in payments.claimed}
    for (_, rule), amount in payments.clipped.items():
        cut[rule] = cut[rule] + amount
    return np.array([payments.claimed[name] - payments.accepted[name] - cut[name] for name in cut])


def accepted_is_paid(run: Run) -> Differences:
    """Each rule's accepted claims against its payments in the ledger, over all dates: a lag moves, it never loses."""
    return np.array(
        [run.payments.accepted[name].sum(axis=0) - _in_ledger(run, name).sum(axis=0) for name in run.payments.rules]
    )


def _in_ledger(run: Run, rule: str) -> Differences:
    payers = set(run.payments.rules[rule].paid_by.parties)
    forth = run.ledger.total(lambda entry: entry.rule == rule and entry.source in payers)
    back = run.ledger.total(lambda entry: entry.rule == rule and entry.source not in payers)
    return forth - back


def caps_are_kept(run: Run) -> Differences:
    """What was accepted under each cap beyond its amount."""
    over = []
    for cap in (cap for cap in run.case.deal.caps if cap.per == "contract"):
        names = cap.payments or run.payments.by_payers
        accepted = sum((np.maximum(0, run.payments.accepted[name]).sum(axis=0) for name in names), np.zeros(1))
        # What is known to have been paid is a fact, whatever the cap says.
        known = sum(item.value.value for item in run.case.actuals.payments if item.payment in names)
        over.append(np.maximum(0, accepted - np.maximum(run.numbers[f"deal.caps.{cap.id}.amount"], known)))
    return np.array(over)


def tranches_close(run: Run) -> Differences:
    """Drawn and interest against paid, lost and still outstanding, for each tranche that is to be repaid."""
    return np.array(
        [
            (book.draws + book.interest - book.interest_paid - book.principal_paid - book.lost).sum(axis=0)
            - book.principal
            - book.unpaid
            for book in run.books.values()
            if book.tranche.kind != "grant"
        ]
    )


def tranches_agree_with_the_ledger(run: Run) -> Differences:
    """Each tranche's draws, interest and principal against the ledger's."""
    found = []
    for name, book in run.books.items():
        drawn = "grant" if book.tranche.is_grant else "draw"
        kept = {drawn: book.draws, "interest": book.interest_paid, "principal": book.principal_paid}
        found += [rows - run.ledger.total(_is(kind, name)) for kind, rows in kept.items()]
    return np.array(found)


def commitments_are_kept(run: Run) -> Differences:
    """What was drawn as needed beyond a commitment."""
    paths = {name: f"deal.tranches.{name}.commitment" for name in run.books}
    return np.array([np.maximum(0, book.drawn - run.numbers[paths[name]]) for name, book in run.books.items()])


def guarantees_are_kept(run: Run) -> Differences:
    """What guarantors paid beyond the loss of principal, or beyond the largest amount that was ever guaranteed."""
    over = []
    for guarantee in run.case.deal.guarantees:
        at, book = run.numbers.at(f"deal.guarantees.{guarantee.id}"), run.books[guarantee.tranche]
        called = run.ledger.total(_is("guarantee", guarantee.tranche)).sum(axis=0)
        stated = [at[f"amounts[{i}].amount"] for i in range(len(guarantee.amounts))]
        most = max(stated, key=np.max) if stated else at.get("first_loss", 0.0) + at.get("share", 0.0) * book.drawn
        over.append(np.maximum(0, called - np.minimum(most, book.drawn - book.repaid)))
    return np.array(over)


def return_caps_are_kept(run: Run) -> Differences:
    """How far payments on a tranche went beyond its return cap."""
    return np.array([np.minimum(0, book.room) for book in run.books.values() if book.tranche.return_cap is not None])


def investors_are_paid_from_cash(run: Run) -> Differences:
    """How far the holder's cash is below nothing on a date on which it paid investors."""
    holder = run.case.deal.contract_holder
    cash = np.cumsum(run.ledger.net(holder), axis=0)
    paid = run.ledger.total(lambda e: e.source == holder and e.kind in ("interest", "principal", "surplus"))
    return np.where(paid > 0, np.minimum(0, cash), 0.0)


def net_is_gross_less_counterfactual(run: Run) -> Differences:
    """Each outcome's net against its gross and counterfactual, where these are known."""
    found = []
    for result in run.outcomes.values():
        if result.gross and result.counterfactual:
            sign = 1 if result.outcome.good == "more" else -1
            totals = [sum(part.values(), np.zeros(1)) for part in (result.gross, result.counterfactual, result.net)]
            found.append((sign * (totals[0] - totals[1]) - totals[2]).sum(axis=0))
    return np.concatenate([np.atleast_1d(item) for item in found]) if found else np.zeros(0)


def _is(kind: str, tranche: str) -> Callable[[Entry], bool]:
    return lambda entry: entry.kind == kind and entry.tranche == tranche


RESIDUALS: dict[str, Callable[[Run], Differences]] = {
    check.__name__.replace("_", " "): check
    for check in (
        ledger_sums_to_zero,
        cash_follows_from_flows,
        flows_are_positive,
        claims_are_paid_or_clipped,
        accepted_is_paid,
        caps_are_kept,
        tranches_close,
        tranches_agree_with_the_ledger,
        commitments_are_kept,
        guarantees_are_kept,
        return_caps_are_kept,
        investors_are_paid_from_cash,
        net_is_gross_less_counterfactual,
    )
}


def residuals_of(run: Run) -> dict[str, float]:
    """The largest absolute residual of every check."""
    found = {name: check(run) for name, check in RESIDUALS.items()}
    return {name: float(np.max(np.abs(values))) if values.size else 0.0 for name, values in found.items()}


def tolerance_of(run: Run) -> float:
    """What rounding may leave of a residual: 1e-9 of the largest flow."""
    return 1e-9 * max([1.0, *(float(flow.max()) for _, flow in run.ledger)])
