"""What the charts of the investors' page draw: flows and balances of tranches, read from the ledger and the books."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sib.appraisal import Result
from sib.show.series import Chart, over_time
from sib.value.investors import invested, investor_flows, of_tranche

KINDS = {
    "Put in": ("draw",),
    "Interest and fees": ("interest", "commitment fee"),
    "Principal": ("principal",),
    "Surplus": ("surplus",),
    "From guarantors": ("guarantee",),
}


@dataclass(frozen=True)
class Balance:
    """Principal and unpaid interest of a tranche at the end of each date, and what was lost on its last one."""

    tranche: str
    amounts: NDArray[np.float64]
    lost: float


def titles(result: Result) -> dict[str, str]:
    """What each tranche is called."""
    return {tranche.id: tranche.title or tranche.id for tranche in result.case.deal.tranches}


def tranche_money(result: Result) -> Chart:
    """Investors' cash over time: of one tranche by kind of flow, of several the net of each."""
    running = np.cumsum(investor_flows(result.run, lambda _: True), axis=0)
    names = list(invested(result.run))
    if len(names) == 1:
        money = {
            label: investor_flows(result.run, lambda e, of=kinds: e.kind in of).dense()  # type: ignore[misc]
            for label, kinds in KINDS.items()
        }
    else:
        money = {titles(result)[name]: investor_flows(result.run, of_tranche(name)).dense() for name in names}
    return over_time(result, money, ("Running total", running))


def balances(result: Result) -> list[Balance]:
    """What is outstanding on each tranche, in the order of the deal."""
    return [
        Balance(
            name,
            np.cumsum(book.draws + book.interest - book.interest_paid - book.principal_paid - book.lost, axis=0)[:, 0],
            float(book.lost[:, 0].sum()),
        )
        for name, book in invested(result.run).items()
    ]
