"""Costs and capital that do not fit the deal they belong to."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sib.case import Case
from sib.consistency.told import Contradiction
from sib.deal.capital import RANKS, AsNeeded, AtMilestone, AtOnce, TrancheOfCapital
from sib.deal.costs import Overhead
from sib.deal.waterfall import PrincipalRung, SurplusRung
from sib.terms import terms_in

# The currencies that outcome contracts have been written in, and their neighbours; other capitals are no currency.
# fmt: off
CURRENCIES = frozenset(
    {
        "AUD", "BRL", "CAD", "CHF", "CLP", "CNY", "COP", "CZK", "DKK", "EUR", "GBP", "HKD", "HUF", "ILS", "INR",
        "JPY", "KES", "KRW", "MXN", "NGN", "NOK", "NZD", "PEN", "PKR", "PLN", "RON", "RUB", "RWF", "SAR", "SEK",
        "SGD", "THB", "TRY", "TZS", "UAH", "UGX", "USD", "XAF", "XOF", "ZAR", "ZMW",
    }
)
# fmt: on


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
        if case.deal.contract_holder in tranche.investors:
            yield (
                f"{path}.investor",
                (
                    f"{case.deal.contract_holder!r} also holds the contract, so it would lend to itself; "
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


def _measures(case: Case) -> Iterator[Contradiction]:
    """What a coupon, a repayment or an early end reads must be expected of somebody, or have happened."""
    known = {item.of for item in case.forecast.outcomes} | {item.outcome for item in case.actuals.outcomes}
    for tranche in case.deal.tranches:
        by = tranche.interest.by if tranche.interest else None
        read = {"interest.by": by, "repayment": tranche.repayment, "ends_early": tranche.ends_early}
        for name, term in read.items():
            outcome = getattr(term, "outcome", None)
            if outcome is not None and outcome not in known:
                yield (
                    f"deal.tranches.{tranche.id}.{name}.outcome",
                    f"nothing is expected of {outcome!r} and nothing has happened; "
                    "add it to forecast.outcomes or to actuals.outcomes.",
                )


def _early_ends(case: Case) -> Iterator[Contradiction]:
    """A milestone must come before the end that was agreed, and its test must be within reach."""
    deal, outcomes = case.deal, {outcome.id: outcome for outcome in case.deal.outcomes}
    for tranche in deal.tranches:
        early, path = tranche.ends_early, f"deal.tranches.{tranche.id}.ends_early"
        if not isinstance(early, AtMilestone):
            continue
        agreed = tranche.maturity or deal.last_payment
        if early.date < deal.start:
            yield f"{path}.date", f"{early.date} is before the start {deal.start}; write a later day."
        if agreed is not None and early.date >= agreed:
            yield f"{path}.date", f"{early.date} is not before its end {agreed}; write an earlier day."
        outcome = outcomes[early.outcome]
        is_fraction = outcome.kind == "rate" or (outcome.kind == "change" and outcome.change == "relative")
        for name, level in (("at_least", early.at_least), ("below", early.below)):
            if level is not None and is_fraction and level.value > 1:
                yield (
                    f"{path}.{name}",
                    f"must be at most 1 (a fraction, so 35 % is 0.35); {level.value:g} was written.",
                )


def _loss_shares(case: Case) -> Iterator[Contradiction]:
    """Tranches that are repaid together share a loss: all of them say how, and they end together."""
    for equals in _repaid_together(case):
        shared = [tranche for tranche in equals if tranche.loss_share is not None]
        if not shared:
            continue
        path, names = f"deal.tranches.{shared[0].id}.loss_share", ", ".join(tranche.id for tranche in equals)
        total = sum(tranche.loss_share.value for tranche in shared if tranche.loss_share)
        if len(shared) < len(equals) or abs(total - 1) > 1e-9:
            yield path, f"the loss shares of {names} sum to {total:.6g}; write one for each, and let them sum to 1."
        elif len({(one.maturity, one.repayment, one.ends_early) for one in equals}) > 1:
            yield path, f"{names} share losses and must end together; give them one maturity, repayment and ends_early."


def _repaid_together(case: Case) -> list[list[TrancheOfCapital]]:
    """Tranches of one principal rung of the waterfall; without one, of equal rank."""
    deal = case.deal
    if deal.waterfall:
        rungs = [rung.tranches for rung in deal.waterfall if isinstance(rung, PrincipalRung)]
        return [[tranche for tranche in deal.tranches if tranche.id in names] for names in rungs]
    return [[one for one in deal.tranches if one.rank == rank and one.kind != "grant"] for rank in RANKS]


def _orders_of_drawing(case: Case) -> Iterator[Contradiction]:
    """The order of drawing is written for all capital that is drawn as needed, or for none."""
    draws = {one.id: one.draw for one in case.deal.tranches if isinstance(one.draw, AsNeeded)}
    without = [name for name, draw in draws.items() if draw.order is None]
    if without and len(without) < len(draws):
        yield (
            f"deal.tranches.{without[0]}.draw",
            f"{without[0]!r} has no order and another tranche has; write order for each that is drawn as needed.",
        )


def _receipts(case: Case) -> Iterator[Contradiction]:
    as_needed = any(isinstance(tranche.draw, AsNeeded) for tranche in case.deal.tranches)
    if case.deal.receipts == "passed on" and not as_needed:
        yield "deal.receipts", "passed on needs capital to pay for delivery; add a tranche with draw: as needed."


def _guarantees(case: Case) -> Iterator[Contradiction]:
    once: set[str] = set()
    for guarantee in case.deal.guarantees:
        if guarantee.tranche in once:
            yield (
                f"deal.guarantees.{guarantee.id}.tranche",
                f"{guarantee.tranche!r} is guaranteed twice; write one guarantee for a tranche.",
            )
        once.add(guarantee.tranche)
        holders = {name for one in case.deal.tranches if one.id == guarantee.tranche for name in one.investors}
        if guarantee.guarantor in holders:
            yield (
                f"deal.guarantees.{guarantee.id}.guarantor",
                f"{guarantee.guarantor!r} holds {guarantee.tranche!r} and would pay itself; name another guarantor, or "
                "remove the guarantee.",
            )


def _left_out_of_the_waterfall(case: Case) -> Iterator[Contradiction]:
    """A tranche that no rung repays would lose everything without a word."""
    deal = case.deal
    repaid = {name for rung in deal.waterfall if isinstance(rung, PrincipalRung) for name in rung.tranches}
    sharing = {party for rung in deal.waterfall if isinstance(rung, SurplusRung) for party in rung.shares}
    for tranche in deal.tranches if deal.waterfall else ():
        if tranche.kind != "grant" and tranche.id not in repaid and not sharing & set(tranche.investors):
            yield (
                "deal.waterfall",
                f"no rung repays {tranche.id!r}, which would lose everything; name it in a rung of principal, or its "
                "investor in a rung of surplus.",
            )


def _currencies(case: Case) -> Iterator[Contradiction]:
    """A number whose unit names another currency has not been converted."""
    for path, term in terms_in(case):
        named = CURRENCIES & set(re.findall(r"\b[A-Z]{3}\b", term.unit))
        for currency in sorted(named - {case.currency}):
            yield path, f"the unit is {currency}, the case is in {case.currency}; convert the number and name its unit."


def _costs_without_a_course(case: Case) -> Iterator[Contradiction]:
    """An overhead goes as its costs go, and a one-off has its own day: what belongs to a course would be ignored."""
    for cost in case.deal.costs:
        words = {"overhead": ("uplift", "first", "last"), "one-off": ("first", "last")}.get(cost.kind, ())
        for word in words:
            if getattr(cost, word) is not None:
                yield f"deal.costs.{cost.id}.{word}", f"a cost {cost.kind} has no {word} of its own; remove it."


CHECKS = (
    _costs_without_a_course,
    _costs,
    _capital,
    _measures,
    _early_ends,
    _loss_shares,
    _orders_of_drawing,
    _receipts,
    _guarantees,
    _left_out_of_the_waterfall,
    _currencies,
)
