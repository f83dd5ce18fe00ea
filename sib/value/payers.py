"""What each payer pays and saves, and what every organisation that saves gains."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sib.cashflow.by_date import ByDate
from sib.cashflow.run import Run
from sib.numbers import Row

REFUNDS = ("surplus", "over the return cap", "catch-up")
"""Kinds of flow by which the holder gives back what a payer paid too much."""


@dataclass(frozen=True)
class PayerView:
    """One payer to the horizon. Paid, costs and savings are positive; None where the case states none.

    `net` is savings less paid less own costs, counting as nothing whatever the case does not state; `net_cashable` is
    None where there are savings of which nobody says how much is cashable.
    """

    paid: float
    own_costs: float | None
    savings: float | None
    cashable: float | None
    never_cashable: float | None
    net: float
    net_cashable: float | None


@dataclass(frozen=True)
class SaverView:
    """One organisation that saves, paying or not."""

    savings: float
    cashable: float | None
    never_cashable: float | None
    paid: float
    net: float


def payer_views(run: Run, horizon: date) -> dict[str, PayerView]:
    """Every payer of the deal, those who pay nothing too."""
    return {name: _payer(run, name, horizon) for name in run.case.deal.payers}


def saver_views(run: Run, horizon: date) -> dict[str, SaverView]:
    """Every organisation that saves."""
    views = {}
    for name in savers_of(run):
        gross, cashable = base(run, savings_of(run, name), horizon), base(run, cashable_of(run, name), horizon)
        paid, own = base(run, payments_of(run, name), horizon), base(run, own_costs_of(run, name), horizon)
        gross, spent = gross or 0.0, (paid or 0.0) + (own or 0.0)
        views[name] = SaverView(gross, cashable, _less(gross, cashable), paid or 0.0, gross - spent)
    return views


def _payer(run: Run, name: str, horizon: date) -> PayerView:
    paid = base(run, payments_of(run, name), horizon) or 0.0
    own = base(run, own_costs_of(run, name), horizon)
    savings, cashable = base(run, savings_of(run, name), horizon), base(run, cashable_of(run, name), horizon)
    spent = paid + (own or 0.0)
    return PayerView(
        paid=paid,
        own_costs=own,
        savings=savings,
        cashable=cashable,
        never_cashable=_less(savings, cashable),
        net=(savings or 0.0) - spent,
        net_cashable=None if savings is not None and cashable is None else (cashable or 0.0) - spent,
    )


def savers_of(run: Run) -> list[str]:
    """Everyone who saves, in the order of the case."""
    return list(dict.fromkeys(saving.saver for saving in run.savings))


def payments_of(run: Run, payer: str) -> ByDate:
    """Outcome payments and fees of a payer by date, less what came back, a refund of the surplus too."""
    invests = any(payer in tranche.investors for tranche in run.case.deal.tranches)
    refunds = () if invests else REFUNDS
    return under_rules(run, payer).less(run.ledger.moved(lambda e: e.target == payer and e.kind in refunds))


def under_rules(run: Run, payer: str) -> ByDate:
    """Outcome payments and fees of a payer by date, less what payees pay back, (dates, scenarios)."""
    forth = run.ledger.moved(lambda e: e.source == payer and e.rule is not None)
    back = run.ledger.moved(lambda e: e.target == payer and e.rule is not None)
    return forth.less(back)


def own_costs_of(run: Run, party: str) -> ByDate | None:
    """What a payer, or another who only saves, bears itself by date, positive; None where the case states no cost.

    What providers and the holder bear is delivery.
    """
    if not any(cost.paid_by == party for cost in run.case.deal.costs):
        return None
    kinds = own_kinds(run, party)
    return run.ledger.moved(lambda e: e.source == party and e.kind in kinds)


def own_kinds(run: Run, party: str) -> set[str]:
    """The kinds of flow that are an organisation's own costs."""
    only_saves = party in run.case.deal.named("other") and party != run.case.deal.contract_holder
    return {"own cost", "cost"} if only_saves else {"own cost"}


def savings_of(run: Run, saver: str) -> ByDate | None:
    """What an organisation saves by date, in cash of the day; None where the case does not say."""
    own = [saving.gross for saving in run.savings if saving.saver == saver]
    return sum(own[1:], own[0]) if own else None


def cashable_of(run: Run, saver: str) -> ByDate | None:
    """The part of it that can be taken out of a budget; None where that is not known of every saving."""
    own = [saving.cashable for saving in run.savings if saving.saver == saver]
    known = [rows for rows in own if rows is not None]
    return sum(known[1:], known[0]) if known and len(known) == len(own) else None


def to_horizon(run: Run, rows: ByDate, horizon: date) -> Row:
    """The sum up to and on the horizon, one for each scenario."""
    total: Row = rows.kept(day <= horizon for day in run.timeline.dates).sum(axis=0)
    return total


def base(run: Run, rows: ByDate | None, horizon: date) -> float | None:
    """The base case's sum up to the horizon; None for what is not known."""
    return None if rows is None else float(to_horizon(run, rows, horizon)[0])


def _less(gross: float | None, cashable: float | None) -> float | None:
    return None if gross is None or cashable is None else gross - cashable
