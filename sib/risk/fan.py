"""Running cash of one party over the scenarios, date by date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from sib.cashflow.activity import Rows
from sib.cashflow.run import run
from sib.numbers import Row
from sib.risk.reduction import reduced
from sib.risk.runs import Runs

# Half a unit of money: what is less is shown as nothing.
LEAST = 0.5
CHANCES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True)
class Fan:
    """Quantiles of a party's running cash, nominal: `cash` is (chances, dates), for `CHANCES`; `base` the base case.

    `scenarios` is how many of the simulation's scenarios were kept by date, its first ones.
    """

    party: str
    dates: tuple[date, ...]
    cash: Rows
    base: Row
    scenarios: int


def fan_of(runs: Runs, party: str) -> Fan:
    """The fan of `investors`, `provider` or `payers.NAME`; KeyError for a party whose cash is not kept."""
    kept = runs.cash[party]
    base = reduced(run(runs.case), 0, 1).cash[party][:, 0]
    return Fan(party, runs.block.dates, np.quantile(kept, CHANCES, axis=1), base, kept.shape[1])


def party_to_show(runs: Runs) -> str | None:
    """Whose cash says most: investors', else the provider's, else the first payer's; the first that chance moves.

    None where nothing moves anybody's.
    """
    return next((name for name in runs.cash if moves(runs, name)), None)


def moves(runs: Runs, party: str) -> bool:
    """Whether a party's cash is kept, and differs from one scenario to the next."""
    return party in runs.cash and bool(np.ptp(runs.cash[party], axis=1).max() > LEAST)
