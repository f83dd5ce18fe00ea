"""How tranches of one rank share money that does not reach: in proportion, or by their shares of the loss."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sib.numbers import Row

ROUNDING = 1e-12
"""Of an amount that is due, or from which it was computed."""


def in_proportion(due: Sequence[Row], available: Row) -> list[Row]:
    """What each is paid: the same part of what it is due."""
    if len(due) == 1:
        return [np.minimum(due[0], available)]
    wanted = np.sum(due, axis=0)
    # Where nothing is due nothing is divided; dividing under a mask takes three times as long.
    part = np.minimum(available, wanted) / np.where(wanted > 0, wanted, 1.0)
    return [amount * part for amount in due]


def by_loss_shares(due: Sequence[Row], available: Row, shares: Sequence[float | Row]) -> list[Row]:
    """What each is paid: what it is due less its share of what is missing.

    Nobody loses more than it is due: what is over goes to the others by their shares, at last to those whose share is
    nothing.
    """
    missing = np.maximum(0, np.sum(due, axis=0) - available)
    lost = [np.zeros_like(amount) for amount in due]
    for _ in due:
        weights = [np.where(amount > gone, share, 0.0) for amount, gone, share in zip(due, lost, shares, strict=True)]
        missing = _lose(due, lost, missing, weights)
    _lose(due, lost, missing, [amount - gone for amount, gone in zip(due, lost, strict=True)])
    # What rounding leaves of a whole loss is no payment: there may be no money for it.
    return [
        np.where((available > 0) & (amount - gone > ROUNDING * amount), amount - gone, 0.0)
        for amount, gone in zip(due, lost, strict=True)
    ]


def _lose(due: Sequence[Row], lost: list[Row], missing: Row, weights: Sequence[Row]) -> Row:
    """Share what is missing by weights, no further than what each is due; what nobody could bear is left."""
    whole, left = np.sum(weights, axis=0), missing
    for i, weight in enumerate(weights):
        part = np.divide(missing * weight, whole, out=np.zeros_like(whole), where=whole > 0)
        borne = np.minimum(part, due[i] - lost[i])
        lost[i], left = lost[i] + borne, left - borne
    return np.maximum(0, left)
