"""Who gets the first and the last pound of what payers pay: the engine run over a row of totals of receipts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from sib.case import Case
from sib.cashflow.run import Run, run
from sib.deal.capital import RANKS
from sib.deal.waterfall import CouponRung, PrincipalRung
from sib.numbers import Row, terms_in
from sib.value.investors import SHARED_OUT, Chosen
from sib.value.ladder import ladder, paid_by_payers
from sib.value.outcome_axis import OutcomeAxis

STEPS = 121
ROUNDING = 1e-9
# What scales every payment of a rule: prices, the amounts of a schedule, the share of a sum.
PAID_BY_THE_RULE = ("price", "pays", "below", "share", "once_repaid")

PARTS: Mapping[str, tuple[str, ...]] = {
    "interest": ("interest", "commitment fee"),
    "principal": ("principal",),
    "surplus": ("surplus",),
}


@dataclass(frozen=True)
class Share:
    """What somebody gets at each total of receipts.

    A tranche's `part` is interest, principal, surplus, or payments that go straight to it.
    """

    tranche: str | None
    party: str | None
    part: str
    amounts: Row


@dataclass(frozen=True)
class WaterfallOfAPound:
    """Receipts from payers, ascending from nothing, and what each gets of them, in the order in which money goes out.

    `rest` stays with the holder, for delivery or as its own; `calls` are what guarantors add. `own` is the case's own
    total. What investors get beyond the receipts is capital that was not spent.
    """

    receipts: Row
    own: float
    shares: tuple[Share, ...]
    rest: Row
    calls: Row

    def of_a_pound(self, upto: float) -> list[float]:
        """How much of the last pound of a total each share gets, and at the end the rest."""
        columns = [*(share.amounts for share in self.shares), self.rest]
        above = int(np.clip(np.searchsorted(self.receipts, upto - ROUNDING * (1 + upto)), 1, len(self.receipts) - 1))
        width = self.receipts[above] - self.receipts[above - 1]
        return [float((amounts[above] - amounts[above - 1]) / width) for amounts in columns]


def waterfall_of_a_pound(case: Case) -> WaterfallOfAPound | None:
    """From no receipts to the most that the case's ladder of outcome levels pays, by scaling every payment of payers.

    The outcomes are those of the level that pays most. None where there is no ladder, or it pays nothing.
    """
    found = ladder(case)
    if found is None or found.paid.max() <= 0:
        return None
    best = int(found.paid.argmax())
    own = float(paid_by_payers(run(case, found.axis.draws(np.array([found.axis.own]))))[0])
    scaled = _scaled(case, found.axis, float(found.levels[best]))
    at_best = run(case, scaled(np.ones(1)))
    claimed = sum(float(at_best.payments.claimed[name].sum()) for name in at_best.payments.by_payers)
    until = min(1.0, float(found.paid[best]) / claimed) if claimed > 0 else 1.0
    return _read(run(case, scaled(np.unique([*np.linspace(0, until, STEPS), *np.linspace(until, 1, STEPS)]))), own)


def _scaled(case: Case, axis: OutcomeAxis, level: float) -> Callable[[Row], dict[str, Row]]:
    """The case at a level of its outcomes, with all that payers pay multiplied by a row of factors."""
    terms = {path: term.value for path, term in terms_in(case)}
    ours = [path for path in terms if _is_paid(case, path)]

    def draws(factors: Row) -> dict[str, Row]:
        at_level = axis.draws(np.full(len(factors), level))
        return at_level | {path: terms[path] * factors for path in ours}

    return draws


def _is_paid(case: Case, path: str) -> bool:
    """Whether a number says how much a payer pays by a rule."""
    payers = set(case.deal.payers)
    for rule in case.deal.payments:
        start = f"deal.payments.{rule.id}."
        if path.startswith(start) and set(rule.paid_by.parties) & payers:
            last = path.removeprefix(start).rsplit(".", 1)[-1]
            nested = path.removeprefix(start).split(".")[0] in ("retained", "gate", "paid_by")
            return last in PAID_BY_THE_RULE and not nested
    return False


def _read(found: Run, own: float) -> WaterfallOfAPound:
    """One point for each total of receipts."""
    paid = paid_by_payers(found)
    receipts, kept = np.unique(np.round(paid, 6), return_index=True)
    shares = tuple(
        replace(share, amounts=share.amounts[kept]) for share in _shares(found) if share.amounts[kept].max() > 0
    )
    given = sum((share.amounts for share in shares), np.zeros(len(kept)))
    calls = _total(found, lambda entry: entry.kind == "guarantee")[kept]
    return WaterfallOfAPound(receipts, own, shares, np.maximum(0.0, receipts - given), calls)


def _shares(found: Run) -> Iterator[Share]:
    """What tranches get, in the order in which they are paid; then their surplus, and that of others."""
    order = _order(found)
    for name, part in order:
        # A borrower with means outside the deal does not repay from receipts.
        if found.books[name].tranche.paid_from == "the deal":
            yield Share(name, None, part, _total(found, _paid_on(name, PARTS[part])))
    for name in dict.fromkeys(name for name, _ in order):
        yield Share(name, None, "payments", _total(found, _paid_by_a_rule(name)))
        yield Share(name, None, "surplus", _total(found, _paid_on(name, PARTS["surplus"])))
    beside = (entry.target for entry, _ in found.ledger if entry.tranche is None and entry.kind in SHARED_OUT)
    for party in dict.fromkeys(beside):
        yield Share(None, party, "surplus", _total(found, _paid_beside(party)))


def _order(found: Run) -> list[tuple[str, str]]:
    """Tranches and what they are paid: down the written waterfall, then by rank; a rung counts where it is first."""
    rungs = [rung for rung in found.case.deal.waterfall if isinstance(rung, CouponRung | PrincipalRung)]
    words = {"coupons": "interest", "principal": "principal"}
    written = [(name, words[rung.rung]) for rung in rungs for name in rung.tranches]
    books = sorted(found.books, key=lambda name: RANKS.index(found.books[name].tranche.rank))
    return list(dict.fromkeys([*written, *((name, part) for name in books for part in ("interest", "principal"))]))


def _paid_by_a_rule(tranche: str) -> Chosen:
    """What payers pay straight to those who hold a tranche."""
    return lambda entry: entry.tranche == tranche and entry.rule is not None


def _paid_on(tranche: str, kinds: tuple[str, ...]) -> Chosen:
    return lambda entry: entry.tranche == tranche and entry.kind in kinds


def _paid_beside(party: str) -> Chosen:
    return lambda entry: entry.target == party and entry.tranche is None and entry.kind in SHARED_OUT


def _total(found: Run, chosen: Chosen) -> Row:
    return np.asarray(found.ledger.total(chosen).sum(axis=0))
