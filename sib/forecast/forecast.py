"""The forecast: everything that somebody expects, as one frozen value."""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from sib.assumption import Frozen
from sib.forecast.benefits import BenefitExpected, BudgetExpected, SavingExpected, ServiceReplaced, UnitCostOfCase
from sib.forecast.cohorts import CohortExpected
from sib.forecast.correlations import Correlation
from sib.forecast.outcomes import Bundle, OutcomeExpected
from sib.naming import Listed


class Forecast(Frozen):
    """Cohorts, the outcomes expected of them, and what these save."""

    cohorts: Listed[CohortExpected] = ()
    outcomes: Listed[OutcomeExpected] = ()
    bundles: Listed[Bundle] = ()
    """How claims are spread over people, for caps per person; their shares sum to one."""
    savings: Listed[SavingExpected] = ()
    """What organisations spend less because of net outcomes: fiscal benefits."""
    benefits: Listed[BenefitExpected] = ()
    """What people and the economy gain from net outcomes; in no public budget."""
    replaced: Listed[ServiceReplaced] = ()
    """Services that are not needed while the deal runs."""
    budgets: Listed[BudgetExpected] = ()
    """What organisations would spend without the deal."""
    unit_costs: Listed[UnitCostOfCase] = ()
    """Unit costs that savings and benefits name; each replaces the bundled one of the same name."""
    correlations: tuple[Correlation, ...] = ()
    """Which assumptions, of any section, move together."""

    @model_validator(mode="after")
    def _bundles_are_everybody(self) -> Self:
        total = sum(bundle.share.value for bundle in self.bundles)
        if self.bundles and abs(total - 1) > 1e-9:
            raise ValueError(f"the shares of the bundles sum to {total:.6g}; they must sum to 1")
        return self
