"""Limits on what is paid: caps by contract, year, person and payment, and a pot that is shared."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from sib.assumption import Amount, Frozen
from sib.naming import Id, Payment


class Cap(Frozen):
    """The most that some rules may pay together; used up by date, within a date pro rata unless `in order`."""

    id: Id
    amount: Amount
    payments: tuple[Payment, ...] = ()
    """The rules it limits; every payment by a payer when empty."""
    title: str = ""
    per: Literal["contract", "year", "person", "payment"] = "contract"
    """Over the whole contract, each year, each person (which needs `forecast.bundles`), or each single payment."""
    year: Literal["contract", "financial"] = "contract"
    """For `per: year`: years from the start of the contract, or financial years."""
    unused: Literal["lost", "carried"] = "lost"
    """For `per: year`: whether what a year does not use may be used later."""
    shared: Literal["pro rata", "in order"] = "pro rata"
    """Within a date: in proportion to what is claimed, or in the order in which `payments` are named."""

    @model_validator(mode="after")
    def _words_that_go_together(self) -> Self:
        if self.per != "year" and (self.year, self.unused) != ("contract", "lost"):
            raise ValueError("year and unused belong to per: year; remove them or write per: year")
        if self.shared == "in order" and not self.payments:
            raise ValueError("in order needs the order; name the payments")
        return self


class Pot(Frozen):
    """A sum of money that several rules (several providers, say) share by what they achieve.

    Together they are paid at least `minimum` and at most `maximum`; what is missing to the minimum is paid on the
    day of the last claim, in proportion to what each has claimed.
    """

    id: Id
    title: str = ""
    payments: tuple[Payment, ...] = Field(min_length=1)
    minimum: Amount | None = None
    maximum: Amount | None = None

    @model_validator(mode="after")
    def _holds_something(self) -> Self:
        if self.minimum is None and self.maximum is None:
            raise ValueError("a pot needs a minimum or a maximum; add one")
        if self.minimum and self.maximum and self.maximum.value < self.minimum.value:
            raise ValueError(
                f"the maximum {self.maximum.value:,.0f} is below the guaranteed minimum {self.minimum.value:,.0f}; "
                "correct one of them"
            )
        return self
