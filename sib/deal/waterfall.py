"""A written waterfall: the order in which the holder's money goes out, rung by rung."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from sib.assumption import Amount, Frozen, Share
from sib.naming import Party, Tranche


class CostsRung(Frozen):
    """Costs and fees, as they fall: always the first rung, written or not."""

    rung: Literal["costs"]


class ReserveRung(Frozen):
    """Keeps an amount in the holder's account until service ends; the rungs below share what is over it."""

    rung: Literal["reserve"]
    amount: Amount


class CouponRung(Frozen):
    """Interest that is due on some tranches, in proportion where the money does not reach."""

    rung: Literal["coupons"]
    tranches: tuple[Tranche, ...] = Field(min_length=1)


class PrincipalRung(Frozen):
    """Principal that is due on some tranches, in proportion where the money does not reach."""

    rung: Literal["principal"]
    tranches: tuple[Tranche, ...] = Field(min_length=1)


class CatchUpRung(Frozen):
    """A party takes everything until it has its share of all profit so far, whoever has had it and on which rung.

    Profit is interest, surplus, catch-up and what is over a return cap, less principal that is lost.
    """

    rung: Literal["catch-up"]
    party: Party
    share: Share

    @model_validator(mode="after")
    def _leaves_something(self) -> Self:
        if self.share.value >= 1:
            raise ValueError("a catch-up to all of the profit leaves nothing to catch up with; write less than 1")
        return self


class SurplusRung(Frozen):
    """What is left, shared between parties; a party that holds a tranche takes it on that tranche."""

    rung: Literal["surplus"]
    shares: dict[Party, Share] = Field(min_length=1)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        total = sum(share.value for share in self.shares.values())
        if abs(total - 1) > 1e-9:
            raise ValueError(f"the shares of the surplus sum to {total:.6g}; they must sum to 1")
        return self


Rung = Annotated[
    CostsRung | ReserveRung | CouponRung | PrincipalRung | CatchUpRung | SurplusRung, Field(discriminator="rung")
]
