"""What an outcome may cost: the least a provider can live on, the most a payer should give, and what was agreed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PriceOfOutcome:
    """The bargaining range of one gross outcome, in money, and the contract's price in it.

    None where there is nothing to work a figure out from.
    """

    floor: float | None
    ceiling: float | None
    price: float | None = None
    ceiling_in_cash: float | None = None
    """The ceiling by cashable savings alone."""

    @property
    def is_empty(self) -> bool | None:
        """Whether no price suits both: the floor is above the ceiling. That is a finding, not a mistake."""
        if self.floor is None or self.ceiling is None:
            return None
        return self.floor > self.ceiling

    @property
    def position(self) -> float | None:
        """Where the price lies: 0 at the floor, 1 at the ceiling, beyond them outside; None in an empty range."""
        if self.floor is None or self.ceiling is None or self.price is None or self.floor >= self.ceiling:
            return None
        return (self.price - self.floor) / (self.ceiling - self.floor)


def ceiling_per_gross_outcome(value_per_net_outcome: float, deadweight: float) -> float:
    """The most that one gross outcome is worth to the payer: value per net outcome x (1 - deadweight). GO Lab.

    `deadweight` is the share of gross outcomes that would have happened anyway.
    """
    return value_per_net_outcome * (1 - deadweight)


def floor_per_outcome(
    payable_outcomes: float, *, delivery: float, management: float = 0.0, finance: float = 0.0
) -> float | None:
    """The least a payable outcome must bring: (delivery + management + finance cost)/expected outcomes. GO Lab.

    Costs are sums over the contract; None where no outcome is expected.
    """
    return (delivery + management + finance) / payable_outcomes if payable_outcomes > 0 else None
