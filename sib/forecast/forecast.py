"""The forecast: everything that somebody expects, as one frozen value."""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from sib.assumption import Frozen
from sib.forecast.cohorts import CohortExpected
from sib.forecast.outcomes import Bundle, OutcomeExpected, SavingExpected
from sib.naming import Listed


class Forecast(Frozen):
    """Cohorts, the outcomes expected of them, and what these save."""

    cohorts: Listed[CohortExpected] = ()
    outcomes: Listed[OutcomeExpected] = ()
    bundles: Listed[Bundle] = ()
    """How claims are spread over people, for caps per person; their shares sum to one."""
    savings: Listed[SavingExpected] = ()

    @model_validator(mode="after")
    def _bundles_are_everybody(self) -> Self:
        total = sum(bundle.share.value for bundle in self.bundles)
        if self.bundles and abs(total - 1) > 1e-9:
            raise ValueError(f"the shares of the bundles sum to {total:.6g}; they must sum to 1")
        return self
