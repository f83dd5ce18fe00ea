"""Other ways to pay for the same service and forecast, beside the deal: what each costs, and who loses if it fails.

Every way buys the same delivery. What differs is when the public sector pays, for what, and who bears a failure.
A service of its own is not procured, and there is no contract to manage and no claim to verify: of the payers' own
costs those purposes are left out there; what they spend on delivery, management and evaluation stays in every way.
Borrowing is a price to compare with: a revenue service can't normally be borrowed for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sib.case import Case
from sib.cashflow.by_date import ByDate, Rows
from sib.cashflow.ledger import UNITEMISED
from sib.cashflow.run import Run, run
from sib.deal.parties import Role
from sib.numbers import Row
from sib.value.effect import effect_draws
from sib.value.investors import investor_flows
from sib.value.payers import own_costs_of, payments_of

# The shares of the forecast effect that are looked at: none, a fortieth more each time, twice.
SHARES = np.linspace(0.0, 2.0, 81)
FAILED, AS_FORECAST = 0, 40
OTHER_SIDES: dict[str, Role] = {"provider": "provider", "vehicle": "vehicle", "guarantors": "guarantor"}
NOTHING = np.zeros((1, 1))
OF_A_CONTRACT = ("procurement", "contract management", "verification")
"""What own costs are for that nobody has without a contract."""


@dataclass(frozen=True)
class WayToPay:
    """One way. Money is cash, positive, to the end of the contract; None where the case does not state it.

    `cost` is the public sector's if the service works as forecast, `cost_if_it_fails` if it has no effect,
    `expected_cost` at the case's probability of success, `worst_cost` the most at any effect up to twice the
    forecast. `lost_if_it_fails` is what each side is out of pocket then.
    """

    name: str
    cost: float
    cost_if_it_fails: float
    expected_cost: float | None
    worst_cost: float
    lost_if_it_fails: dict[str, float]
    provider_peak_deficit: float | None


@dataclass(frozen=True)
class OtherWaysView:
    """The deal beside the other ways, and what its risk costs.

    `price_of_risk` is what the deal costs more than a fixed fee, at the case's probability of success, else if it
    works as forecast; `saved_if_it_fails` what it costs less than the fee if it does not. `break_even_success` is the
    probability of success below which the deal is the cheaper way; `uplift` the effect, beyond the forecast's, with
    which it would leave the public sector where a fee does (0.1 is a tenth more); None where there is none up to twice.
    """

    ways: tuple[WayToPay, ...]
    price_of_risk: float
    saved_if_it_fails: float
    break_even_success: float | None
    uplift: float | None
    success: float | None


def other_ways(case: Case) -> OtherWaysView | None:
    """The comparison, by one run with a scenario for each share of the effect.

    None where no delivery is costed, or no effect of the service is forecast that could fail.
    """
    draws = effect_draws(case, SHARES)
    if not draws:
        return None
    found = run(case, draws)
    compared = _Compared(found)
    if not compared.delivery.any():
        return None
    ways = compared.ways()
    fee, deal = compared.cost_of_fee(), compared.cost_of_deal()
    success = compared.success
    weight = 1.0 if success is None else success
    expected = weight * deal[AS_FORECAST] + (1 - weight) * deal[FAILED]
    return OtherWaysView(
        ways=ways,
        price_of_risk=float(expected - (weight * fee[AS_FORECAST] + (1 - weight) * fee[FAILED])),
        saved_if_it_fails=float(fee[FAILED] - deal[FAILED]),
        break_even_success=_break_even(deal, fee),
        uplift=_uplift(compared.savings(), deal, fee),
        success=success,
    )


class _Compared:
    """One run at every share of the effect, and the cost of each way in every scenario."""

    def __init__(self, found: Run) -> None:
        self.run, self.case, self.rates = found, found.case, found.case.appraisal.other_ways
        self.success = None if self.rates.success is None else self.rates.success.value
        nothing = ByDate(len(found.timeline))
        self.delivery = _full(found, found.ledger.moved(lambda e: e.kind == "cost" or e.target == UNITEMISED))
        self.payments = _full(found, sum((payments_of(found, p) for p in found.case.deal.payers), nothing))
        own = [own_costs_of(found, payer) for payer in found.case.deal.payers]
        self.own = _full(found, sum((rows for rows in own if rows is not None), nothing))

    def ways(self) -> tuple[WayToPay, ...]:
        """Each way in turn; reserves and borrowing only where the case states their rates."""
        spent = self.delivery + self._own_without_contract()
        direct = spent.sum(axis=0)
        ways = [
            self._way("nothing", np.zeros_like(direct), {}, None),
            self._way("own budget", direct, {"public sector": direct[FAILED]}, None),
        ]
        for name, rate in (("own reserves", self.rates.reserves_yield), ("borrowing", self.rates.borrowing_rate)):
            if rate is not None:
                cost = direct + self._interest(spent, rate.value)
                ways.append(self._way(name, cost, {"public sector": cost[FAILED]}, None))
        fee, results = self.cost_of_fee(), self.cost_of_deal()
        ways.append(self._way("fixed fee", fee, {"public sector": fee[FAILED]}, _deepest(self._fee() - self.delivery)))
        ways.append(self._by_results(results))
        ways.append(self._deal(results))
        return tuple(ways)

    def _own_without_contract(self) -> Rows:
        """The payers' own costs that a service of their own has too, by date."""
        kept = [cost.id for cost in self.case.deal.costs if cost.purpose not in OF_A_CONTRACT]
        return _full(self.run, self.run.ledger.total(lambda e: e.kind == "own cost" and e.cost in kept))

    def cost_of_fee(self) -> Row:
        """The fee and the payers' own costs, in every scenario."""
        cost: Row = self._fee().sum(axis=0) + self.own.sum(axis=0)
        return cost

    def cost_of_deal(self) -> Row:
        """Outcome payments and own costs, in every scenario."""
        cost: Row = self.payments.sum(axis=0) + self.own.sum(axis=0)
        return cost

    def savings(self) -> Row | None:
        """Gross savings of all organisations in every scenario; None where the case states none."""
        if not self.run.savings:
            return None
        total: Row = _full(
            self.run, sum((item.gross for item in self.run.savings), ByDate(len(self.run.timeline)))
        ).sum(axis=0)
        return total

    def _fee(self) -> Rows:
        """Delivery and the margin, in equal parts at the end of each period of service."""
        timeline, ends = self.run.timeline, self.case.deal.service_end
        rows = [r for r, p in zip(timeline.end_rows, timeline.periods, strict=True) if p.first <= ends]
        margin = 0.0 if self.rates.fee_margin is None else self.rates.fee_margin.value
        fee = np.zeros_like(self.delivery)
        fee[rows] = self.delivery.sum(axis=0) * (1 + margin) / len(rows)
        return fee

    def _by_results(self, cost: Row) -> WayToPay:
        """The same contract with nobody's capital in it: the provider waits for its money and bears a failure."""
        lost = self.delivery[:, FAILED].sum() - self.payments[:, FAILED].sum()
        sides = {"public sector": cost[FAILED], "provider": max(0.0, lost)}
        return self._way("payment by results, no investor", cost, sides, _deepest(self.payments - self.delivery))

    def _deal(self, cost: Row) -> WayToPay:
        providers = self.case.deal.named("provider")
        cash = _full(self.run, sum((self.run.ledger.net(name) for name in providers), NOTHING))
        invested = _full(self.run, investor_flows(self.run, lambda _: True))
        lost = max(0.0, -float(invested[:, FAILED].sum()))
        sides = {
            "public sector": cost[FAILED],
            "investors": lost,
            **{name: self._short(self.case.deal.named(role)) for name, role in OTHER_SIDES.items()},
        }
        return self._way("this deal", cost, sides, _deepest(cash) if providers else None)

    def _short(self, parties: tuple[str, ...]) -> float:
        """What parties are out of pocket in the end if the service fails."""
        net = sum((self.run.ledger.net(name) for name in parties), NOTHING)
        return max(0.0, -float(_full(self.run, net)[:, FAILED].sum()))

    def _interest(self, spent: Rows, rate: float) -> Row:
        """What the money would have cost or earned from the day it is spent to the end of the contract."""
        day = self.case.deal.last_payment or self.case.deal.last_claim or self.case.deal.service_end
        years = np.array([max(0, (day - on).days) / 365 for on in self.run.timeline.dates])
        grown: Row = (spent * ((1 + rate) ** years - 1)[:, None]).sum(axis=0)
        return grown

    def _way(self, name: str, cost: Row, lost: dict[str, float], deficit: float | None) -> WayToPay:
        worked, failed, p = float(cost[AS_FORECAST]), float(cost[FAILED]), self.success
        return WayToPay(
            name=name,
            cost=worked,
            cost_if_it_fails=failed,
            expected_cost=None if p is None else p * worked + (1 - p) * failed,
            worst_cost=float(cost.max()),
            lost_if_it_fails={side: float(amount) for side, amount in lost.items() if amount > 0},
            provider_peak_deficit=deficit,
        )


def _break_even(deal: Row, fee: Row) -> float | None:
    """The probability at which the deal costs as much as the fee; None where one of them is always the cheaper."""
    better, worse = fee[FAILED] - deal[FAILED], deal[AS_FORECAST] - fee[AS_FORECAST]
    return float(better / (better + worse)) if better > 0 and worse > 0 else None


def _uplift(saved: Row | None, deal: Row, fee: Row) -> float | None:
    """How much more effect leaves savings less the deal's cost where savings less the fee are at the forecast's."""
    if saved is None:
        return None
    gap = (saved - deal) - (saved[AS_FORECAST] - fee[AS_FORECAST])
    crossed = np.flatnonzero((gap[:-1] < 0) & (gap[1:] >= 0))
    if not crossed.size:
        return None
    at = int(crossed[0])
    share = SHARES[at] + (SHARES[at + 1] - SHARES[at]) * gap[at] / (gap[at] - gap[at + 1])
    return float(share - 1)


def _deepest(cash: Rows) -> float:
    """How far a running balance falls below nothing if the service works as forecast, positive."""
    return max(0.0, -float(np.cumsum(cash[:, AS_FORECAST]).min()))


def _full(found: Run, rows: ByDate | Rows) -> Rows:
    """One column for each scenario."""
    return np.broadcast_to(rows, (len(found.timeline), found.scenarios))
