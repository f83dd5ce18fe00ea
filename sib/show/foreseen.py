"""What the pages about uncertainty draw on, worked out once for all parts of a report.

The number of scenarios and the seed are fixed: the same case gives the same page.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from sib.appraisal import Result
from sib.case import Case
from sib.risk.deal_space import DealSpace
from sib.risk.payment_risk import PaymentRisk
from sib.risk.runs import Runs

SCENARIOS, SEED = 4096, 1


@dataclass(frozen=True)
class _Asked:
    """A case by its fingerprint, since what it holds cannot be hashed."""

    fingerprint: str
    case: Case = field(compare=False)


def simulated(result: Result) -> Runs:
    """The simulation behind a report."""
    return _simulated(_asked(result))


def varies(runs: Runs) -> bool:
    """Whether anything comes out differently from one scenario to the next."""
    return any(changes(runs, path) for path in runs.rows)


def changes(runs: Runs, path: str) -> bool:
    """Whether a result differs by more than rounding, or is missing in some scenarios only."""
    row = runs.rows[path]
    known = row[~np.isnan(row)]
    if not known.size:
        return False
    return known.size < row.size or bool(np.ptp(known) > 1e-9 * max(1.0, float(np.abs(known).max())))


def space(result: Result) -> DealSpace | None:
    """Who could sign which terms; None where nobody can be asked, or no term is there to vary."""
    return _space(_asked(result))


def measurement_risks(result: Result) -> tuple[PaymentRisk, ...]:
    """What each rule risks that pays by a measured rate, change or level."""
    return _risks(_asked(result))


def _asked(result: Result) -> _Asked:
    return _Asked(result.case.fingerprint, result.case)


@lru_cache(maxsize=1)
def _simulated(asked: _Asked) -> Runs:
    from sib.risk.simulation import simulate

    return simulate(asked.case, SCENARIOS, SEED)


@lru_cache(maxsize=1)
def _space(asked: _Asked) -> DealSpace | None:
    from sib.risk.deal_space import deal_space

    return deal_space(asked.case)


@lru_cache(maxsize=1)
def _risks(asked: _Asked) -> tuple[PaymentRisk, ...]:
    from sib.risk.payment_risk import payment_risks

    return payment_risks(asked.case)
