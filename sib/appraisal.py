"""One appraisal: a case run once, and what it is worth to every party."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np

from sib.case import Case
from sib.cashflow.residuals import residuals_of, tolerance_of
from sib.cashflow.run import Run, run
from sib.value.by_year import YearOfParty, by_year
from sib.value.cost_per_outcome import CostPerOutcome, costs_per_outcome
from sib.value.investors import InvestorView, investor_view
from sib.value.outcomes import OutcomeView, outcome_views
from sib.value.payers import PayerView, SaverView, payer_views, saver_views
from sib.value.payments import PaymentView, payment_view
from sib.value.provider import HolderView, ProviderView, holder_view, provider_view
from sib.value.public_value import PublicValueView, public_value_view


@dataclass(frozen=True)
class KeyDates:
    """The dates that results speak of; `last_claim` and `last_payment` as stated, else as they came out."""

    start: date
    service_end: date
    last_claim: date | None
    last_payment: date | None
    horizon: date


@dataclass(frozen=True)
class Flow:
    """One payment from one party to another on a date; `amount` is positive."""

    date: date
    source: str
    target: str
    kind: str
    rule: str | None
    tranche: str | None
    cost: str | None
    amount: float


@dataclass(frozen=True)
class Result:
    """Every party's result of one case, or of one named scenario of it, all read from one ledger."""

    case: Case
    scenario: str | None
    run: Run

    @cached_property
    def dates(self) -> KeyDates:
        """Start, end of service, last claim, last payment and horizon."""
        deal = self.case.deal
        claimed = list(self.run.payments.claimed.values())
        return KeyDates(
            deal.start,
            deal.service_end,
            deal.last_claim or self._last(claimed),
            deal.last_payment or self._last(list(self.run.payments.paid.values())),
            self.case.appraisal.horizon or self.run.last_date,
        )

    def _last(self, series: list[Any]) -> date | None:
        filled = [int(row) for rows in series for row in np.flatnonzero(rows.any(axis=1))]
        return self.run.timeline.dates[max(filled)] if filled else None

    @cached_property
    def starts(self) -> dict[str, float]:
        """How many people start, by cohort."""
        cohorts = dict.fromkeys(group.cohort for group in self.run.groups)
        return {name: float(sum(g.starts[:, 0].sum() for g in self.run.groups if g.cohort == name)) for name in cohorts}

    @cached_property
    def outcomes(self) -> dict[str, OutcomeView]:
        """Counts of every outcome, by id."""
        return outcome_views(self.run)

    @cached_property
    def costs_per_outcome(self) -> dict[str, CostPerOutcome]:
        """What each outcome that is paid for costs the payers."""
        return costs_per_outcome(self.run, self.outcomes, self.dates.horizon)

    @cached_property
    def payments(self) -> PaymentView:
        """Outcome payments and fees, and what the caps cut."""
        return payment_view(self.run)

    @cached_property
    def investors(self) -> InvestorView:
        """Returns of all investors, and of each tranche."""
        return investor_view(self.run)

    @cached_property
    def payers(self) -> dict[str, PayerView]:
        """What each payer pays and saves, to the horizon."""
        return payer_views(self.run, self.dates.horizon)

    @cached_property
    def savers(self) -> dict[str, SaverView]:
        """What every organisation that saves gains, to the horizon."""
        return saver_views(self.run, self.dates.horizon)

    @cached_property
    def public_value(self) -> PublicValueView:
        """What the deal is worth to the public, on the basis that the case names."""
        return public_value_view(self.run, self.dates.horizon)

    @cached_property
    def provider(self) -> ProviderView:
        """All providers together."""
        return provider_view(self.run)

    @cached_property
    def holder(self) -> HolderView:
        """Who holds the contract and the money, and its deficit."""
        return holder_view(self.run)

    @cached_property
    def by_year(self) -> dict[str, dict[str, YearOfParty]]:
        """Every party's money by financial year."""
        return by_year(self.run)

    @cached_property
    def flows(self) -> tuple[Flow, ...]:
        """The ledger, in the order of the dates."""
        return tuple(sorted(self._flows(), key=lambda flow: flow.date))

    def _flows(self) -> Iterator[Flow]:
        for entry, rows in self.run.ledger:
            for row in np.flatnonzero(rows[:, 0]):
                yield Flow(
                    self.run.timeline.dates[row],
                    entry.source,
                    entry.target,
                    entry.kind,
                    entry.rule,
                    entry.tranche,
                    entry.cost,
                    float(rows[row, 0]),
                )

    @cached_property
    def residuals(self) -> dict[str, float]:
        """The largest absolute residual of every check; see `sib.cashflow.residuals`."""
        return residuals_of(self.run)

    @property
    def residual_tolerance(self) -> float:
        """What rounding may leave of a residual."""
        return tolerance_of(self.run)

    def _costs_of(self, outcome: str) -> dict[str, float | None]:
        found = self.costs_per_outcome.get(outcome, CostPerOutcome(None, None))
        return {"cost_per_gross": found.gross, "cost_per_net": found.net}

    def as_dict(self) -> dict[str, Any]:
        """The appraisal as plain data, with the keys that `sib appraise --json` prints; dates as ISO text."""
        plain = {
            "case": self.case.id,
            "scenario": self.scenario,
            "currency": self.case.currency,
            "dates": asdict(self.dates),
            "starts": self.starts,
            "outcomes": {name: asdict(view) | self._costs_of(name) for name, view in self.outcomes.items()},
            "payments": asdict(self.payments),
            "investors": _investors(self.investors),
            "payers": {name: asdict(view) for name, view in self.payers.items()},
            "savers": {name: asdict(view) for name, view in self.savers.items()},
            "public_value": asdict(self.public_value),
            "provider": asdict(self.provider),
            "holder": asdict(self.holder),
            "by_year": {name: {year: asdict(v) for year, v in years.items()} for name, years in self.by_year.items()},
            "flows": [_flow(flow) for flow in self.flows],
            "residuals": self.residuals,
        }
        return {key: _plain(value) for key, value in plain.items()}


def appraise(case: Case, scenario: str | None = None) -> Result:
    """Run a case once and look at it from every party's chair.

    `scenario` is the id of one of the case's named scenarios; KeyError for one that it does not have.
    """
    chosen = case.in_scenario(scenario)
    return Result(chosen, scenario, run(chosen))


def _investors(view: InvestorView) -> dict[str, Any]:
    tranches = {
        name: _returns(item) | {"coupons": [asdict(coupon) for coupon in item.coupons]}
        for name, item in view.tranches.items()
    }
    by_investor = {name: _returns(item) for name, item in view.by_investor.items()}
    commitment = None if view.commitment is None else asdict(view.commitment)
    return _returns(view) | {"commitment": commitment, "tranches": tranches, "by_investor": by_investor}


def _returns(view: InvestorView) -> dict[str, Any]:
    return {
        "drawn": view.drawn,
        "received": view.received,
        "irr": view.irr.rate,
        "irr_status": view.irr.status.label,
        "irr_roots": list(view.irr.roots),
        "irr_unguaranteed": view.irr_unguaranteed.rate,
        "periodic_irr": None if view.periodic_irr is None else view.periodic_irr.rate,
        "bond_equivalent": None if view.periodic_irr is None else view.periodic_irr.bond_equivalent,
        "multiple": view.multiple,
        "simple_return": view.simple_return,
        "npv": view.npv,
        "payback_date": view.payback_date,
        "peak_exposure": view.peak_exposure,
        "average_life": view.average_life,
        "loss": view.loss,
        "loss_share": view.loss_share,
    }


def _flow(flow: Flow) -> dict[str, Any]:
    plain = asdict(flow)
    return {"date": plain.pop("date"), "from": plain.pop("source"), "to": plain.pop("target"), **plain}


def _plain(value: Any) -> Any:
    """Dates as ISO text and tuples as lists, all the way down."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
