"""How an axis of money is scaled and called."""

from __future__ import annotations

from collections.abc import Iterable


def scaled(currency: str, amounts: Iterable[float]) -> tuple[float, str]:
    """What to divide amounts by, and what the axis is called then: `GBP million`."""
    largest = max((abs(amount) for amount in amounts), default=0.0)
    if largest >= 2_000_000:
        return 1e6, f"{currency} million"
    return (1e3, f"{currency} thousand") if largest >= 10_000 else (1.0, currency)
