"""Who gains without paying, and what contribution would make each organisation whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sib.value.organisations import Organisation


@dataclass(frozen=True)
class Contributions:
    """Three ways to share the bill so that no organisation is worse off, on one measure of savings. Money, positive.

    `shortfalls` are what those who lose lack, `gains` what those who gain have. `pooled` is what each would put into
    one budget that pays everything, in proportion to what it saves. `top_slice` is the part of every gain that makes
    up the shortfalls; above one it cannot, and `central_fund` is what must come from elsewhere.
    """

    gains: Mapping[str, float]
    shortfalls: Mapping[str, float]
    free_riders: tuple[str, ...]
    pooled: Mapping[str, float] | None
    top_slice: float | None
    central_fund: float

    def top_up(self, name: str) -> float:
        """What an organisation would get so that nobody is worse off; negative for the slice that it would give."""
        part = min(1.0, self.top_slice) if self.top_slice is not None else 0.0
        return self.shortfalls.get(name, 0.0) - part * self.gains.get(name, 0.0)


def contributions(organisations: Mapping[str, Organisation]) -> Contributions:
    """On savings gross of what is not cashable."""
    nets = {name: item.total_net for name, item in organisations.items()}
    return _sharing(organisations, nets, {name: sum(item.savings.values()) for name, item in organisations.items()})


def contributions_in_cash(organisations: Mapping[str, Organisation]) -> Contributions | None:
    """On cashable savings alone; None where these are not known of somebody who saves."""
    nets: dict[str, float] = {}
    saved: dict[str, float] = {}
    for name, item in organisations.items():
        if item.cashable is None or item.total_net_cashable is None:
            return None
        nets[name], saved[name] = item.total_net_cashable, sum(item.cashable.values())
    return _sharing(organisations, nets, saved)


def _sharing(
    organisations: Mapping[str, Organisation], nets: Mapping[str, float], saved: Mapping[str, float]
) -> Contributions:
    gains = {name: net for name, net in nets.items() if net > 0}
    shortfalls = {name: -net for name, net in nets.items() if net < 0}
    lacking, gained = sum(shortfalls.values()), sum(gains.values())
    spent = sum(sum(item.paid.values()) + sum(item.own_costs.values()) for item in organisations.values())
    in_all = sum(max(0.0, amount) for amount in saved.values())
    return Contributions(
        gains=gains,
        shortfalls=shortfalls,
        free_riders=tuple(name for name in gains if not organisations[name].pays),
        pooled={name: spent * max(0.0, saved[name]) / in_all for name in saved} if in_all > 0 else None,
        top_slice=lacking / gained if gained > 0 else None,
        central_fund=max(0.0, lacking - gained),
    )
