"""Investors' returns at every outcome level: the engine run once over a row of levels, one scenario each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sib.case import Case
from sib.cashflow.run import Run, run
from sib.numbers import Row
from sib.value.investors import Chosen, drawn_flows, invested, investor_flows
from sib.value.outcome_axis import OutcomeAxis, outcome_axis
from sib.value.returns import Irr, irr


@dataclass(frozen=True)
class ReturnsByLevel:
    """What a tranche, or all investors, have at each level. Every array has one number a level; money is nominal.

    `irr` is a batch: nan where there is none, -1 for a total loss. `multiple` is nan where nothing is drawn.
    """

    drawn: Row
    received: Row
    irr: Irr

    @property
    def multiple(self) -> Row:
        """Received over drawn."""
        return np.divide(self.received, self.drawn, out=np.full_like(self.drawn, np.nan), where=self.drawn > 0)

    @property
    def loss(self) -> Row:
        """What was drawn and never received, not negative."""
        return np.maximum(0.0, self.drawn - self.received)


@dataclass(frozen=True)
class Ladder:
    """Returns over a row of outcome levels; `paid` is what payers pay at each of them."""

    axis: OutcomeAxis
    levels: Row
    paid: Row
    whole: ReturnsByLevel
    tranches: dict[str, ReturnsByLevel]


def ladder(case: Case, levels: Row | None = None) -> Ladder | None:
    """Returns at each level of the case's outcomes; the axis' own levels unless given.

    Payments that are known are as they were. None where there is no investor, or no outcome that money depends on.
    """
    axis = outcome_axis(case) if any(not tranche.is_grant for tranche in case.deal.tranches) else None
    if axis is None:
        return None
    levels = axis.levels if levels is None else np.asarray(levels, float)
    found = run(case, axis.draws(levels))
    tranches = {name: _returns(found, _on(name)) for name in invested(found)}
    return Ladder(axis, levels, paid_by_payers(found), _returns(found, lambda _: True), tranches)


def paid_by_payers(found: Run) -> Row:
    """Outcome payments and fees due from payers over the whole contract, one number a scenario."""
    accepted = [found.payments.accepted[name].sum(axis=0) for name in found.payments.by_payers]
    return np.asarray(sum(accepted, np.zeros(found.scenarios)))


def _on(tranche: str) -> Chosen:
    return lambda entry: entry.tranche == tranche


def _returns(found: Run, chosen: Chosen) -> ReturnsByLevel:
    net, drawn = investor_flows(found, chosen), drawn_flows(found, chosen).sum(axis=0)
    return ReturnsByLevel(drawn, net.sum(axis=0) + drawn, irr(net, found.timeline.dates))
