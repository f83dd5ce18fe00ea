"""The forecast: everything that somebody expects, as one frozen value."""

from __future__ import annotations

from sib.assumption import Frozen
from sib.forecast.cohorts import CohortExpected
from sib.forecast.outcomes import OutcomeExpected, SavingExpected
from sib.naming import Listed


class Forecast(Frozen):
    """Cohorts, the outcomes expected of them, and what these save."""

    cohorts: Listed[CohortExpected] = ()
    outcomes: Listed[OutcomeExpected] = ()
    savings: Listed[SavingExpected] = ()
