"""The parties, and how a bill is split between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, model_serializer, model_validator

from sib.assumption import TEXT, Amount, Frozen, Share
from sib.naming import Id, Party

Role = Literal["payer", "provider", "investor", "guarantor", "vehicle", "other"]


class PartyOfDeal(Frozen):
    """An organisation (or a group told as one) that pays, receives, or saves money."""

    id: Id
    """Its name, as every other line of the case writes it."""
    role: Role
    """What it mainly is in this deal; a vehicle holds the contract and the money for others."""
    title: str = ""
    """A longer name for the report."""
    reserves: Amount | None = None
    """Unrestricted reserves before the deal, for a provider."""


class Layer(Frozen):
    """One payer in a queue: it pays first, up to an amount over the whole contract, then the next one pays."""

    payer: Party
    up_to: Amount | None = None
    """The most it pays under this rule; leave it out for the last payer, who pays the rest."""


class Split(Frozen):
    """Who pays a bill: by share, or in a queue."""

    written_without_its_keys: ClassVar[bool] = True
    short_forms: ClassVar[tuple[dict[str, Any], ...]] = (TEXT,)

    shares: dict[Party, Share] | None = None
    queue: tuple[Layer, ...] | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.shares is not None:
            total = sum(share.value for share in self.shares.values())
            if abs(total - 1) > 1e-9:
                raise ValueError(f"the shares sum to {total:.6g}; they must sum to 1")
        if self.queue is not None and (not self.queue or self.queue[-1].up_to is not None):
            raise ValueError("the last payer of the queue pays the rest; leave out its up_to")
        return self

    @property
    def parties(self) -> tuple[str, ...]:
        """Everyone who may have to pay, in the order written."""
        return tuple(self.shares or ()) + tuple(layer.payer for layer in self.queue or ())

    @model_serializer(mode="wrap")
    def _as_written(self, handler: Any) -> Any:
        written = handler(self)
        shares = written.get("shares")
        if shares is not None and list(shares.values()) == [1]:
            return next(iter(shares))
        return written.get("queue") if shares is None else shares


def _split_as_written(value: object) -> object:
    """A name pays all; a map gives shares; a list is a queue."""
    if isinstance(value, str):
        return {"shares": {value: 1}}
    if isinstance(value, Mapping) and not isinstance(value, Split):
        return {"shares": value}
    return {"queue": value} if isinstance(value, list | tuple) else value


PaidBy = Annotated[Split, BeforeValidator(_split_as_written)]
