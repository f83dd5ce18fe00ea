"""What the true net outcomes save, and for whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sib.case import Case
from sib.cashflow.activity import Rows
from sib.cashflow.outcomes import OutcomeRows
from sib.numbers import Numbers


@dataclass(frozen=True)
class Saving:
    """One organisation's part of one saving, by date; `cashable` is None where the case does not say."""

    saving: str
    saver: str
    gross: Rows
    cashable: Rows | None


def savings_of(case: Case, numbers: Numbers, outcomes: Mapping[str, OutcomeRows], dates: int) -> list[Saving]:
    """Every saving of the forecast, split between those who make it. Money, positive, (dates, scenarios)."""
    savings = []
    for item in case.forecast.savings:
        at = numbers.at(f"forecast.savings.{item.id}")
        net: Rows = sum(outcomes[item.outcome].net.values(), np.zeros((dates, 1)))
        for saver in item.saved_by.parties:
            gross = net * at["unit_value"] * at[f"saved_by.{saver}"]
            cashable = None if item.cashable is None else gross * at["cashable"]
            savings.append(Saving(item.id, saver, gross, cashable))
    return savings
