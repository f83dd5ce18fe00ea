"""Contradictions between the parts of a case that no single part can see."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from sib.case import Case
from sib.consistency import money, outcomes, payments, timing, uncertainty, worth
from sib.consistency.told import Contradiction as Contradiction

Check = Callable[[Case], Iterator[Contradiction]]


def contradictions(case: Case, but: Collection[Check] = ()) -> list[Contradiction]:
    """Everything in a case that cannot be so, each with its path; an empty list when it holds together.

    `but` are checks to leave out.
    """
    checks = (*timing.CHECKS, *payments.CHECKS, *outcomes.CHECKS, *money.CHECKS, *worth.CHECKS, *uncertainty.CHECKS)
    return [found for check in checks if check not in but for found in check(case)]
