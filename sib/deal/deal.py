"""The deal: everything that the parties signed, as one frozen value."""

from __future__ import annotations

from datetime import date
from typing import Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from sib.assumption import Frozen, Share
from sib.deal.capital import Guarantee, TrancheOfCapital
from sib.deal.costs import Cost
from sib.deal.dates import Day
from sib.deal.limits import Cap, Pot
from sib.deal.outcomes import OutcomeMeasured
from sib.deal.parties import PartyOfDeal, Role
from sib.deal.payments import Rule
from sib.deal.waterfall import CostsRung, Rung
from sib.naming import Listed, Party


class Deal(Frozen):
    """Parties, dates, outcomes, payments, caps, costs and capital, as signed."""

    start: Day
    """The day on which the contract starts; money `at once` is drawn on it."""
    service_end: Day
    """The last day of service."""
    last_claim: Day | None = None
    """No outcome after this day is paid for; without it there is no such limit."""
    last_payment: Day | None = None
    """The day of the last payment; without it, whenever the last claim has been paid."""
    period: Literal["month", "quarter", "half-year", "year"] | tuple[Day, ...] = "quarter"
    """How often outcomes are counted and costs fall: a length, or the list of the periods' last days."""
    parties: Listed[PartyOfDeal] = Field(min_length=1)
    holder: Party | None = None
    """Who holds the contract and the money; without it, the only vehicle, else the only provider."""
    outcomes: Listed[OutcomeMeasured] = ()
    payments: Listed[Rule] = ()
    caps: Listed[Cap] = ()
    pots: Listed[Pot] = ()
    costs: Listed[Cost] = ()
    tranches: Listed[TrancheOfCapital] = ()
    guarantees: Listed[Guarantee] = ()
    waterfall: tuple[Rung, ...] = ()
    """The order in which money goes out, in place of the ranks of the tranches; costs are always paid first."""
    receipts: Literal["recycled", "passed on"] = "recycled"
    """`recycled`: they pay for delivery first, and what is over goes to investors. `passed on`: they are for
    investors, and delivery is paid from capital for as long as there is any to draw."""
    over_cap: dict[Party, Share] | None = None
    """Who gets what a return cap keeps from a tranche; without it, the holder."""
    surplus: dict[Party, Share] | None = None
    """Who gets what is left after capital is repaid; without it, tranches with no fixed return, else the holder."""

    @field_validator("service_end", "last_claim", "last_payment")
    @classmethod
    def _dates_in_order(cls, day: date | None, info: ValidationInfo) -> date | None:
        for name in ("start", "service_end", "last_claim"):
            before = info.data.get(name)
            if day is not None and before is not None and day < before:
                raise ValueError(f"{day} is before {name} {before}; put the dates in order")
        return day

    @model_validator(mode="after")
    def _listed_periods_reach_the_end(self) -> Self:
        if not isinstance(self.period, str):
            ends = list(self.period)
            if not ends or ends != sorted(set(ends)) or ends[0] < self.start:
                raise ValueError("the periods' last days must rise and lie after the start; sort them")
        return self

    @model_validator(mode="after")
    def _surplus_is_whole(self) -> Self:
        for name, shares in (("surplus", self.surplus), ("over_cap", self.over_cap)):
            total = 1.0 if shares is None else sum(share.value for share in shares.values())
            if abs(total - 1) > 1e-9:
                raise ValueError(f"the shares of {name} sum to {total:.6g}; they must sum to 1")
        return self

    @model_validator(mode="after")
    def _ranks_or_a_waterfall(self) -> Self:
        ranked = [tranche.id for tranche in self.tranches if "rank" in tranche.model_fields_set]
        if self.waterfall and (ranked or self.surplus is not None):
            what = f"the rank of {ranked[0]!r}" if ranked else "surplus"
            raise ValueError(f"the order is given twice, by the waterfall and by {what}; keep one of them")
        return self

    @model_validator(mode="after")
    def _costs_come_first(self) -> Self:
        if any(isinstance(rung, CostsRung) for rung in self.waterfall[1:]):
            raise ValueError(
                "costs are paid as they fall, before anything goes to investors; write the rung costs first, or leave "
                "it out"
            )
        return self

    @model_validator(mode="after")
    def _somebody_holds_the_contract(self) -> Self:
        if self.holder is None and len(self.named("vehicle")) != 1 and len(self.named("provider")) != 1:
            raise ValueError("who holds the contract is unclear; add holder: the name of a party")
        return self

    def named(self, role: Role) -> tuple[str, ...]:
        """The ids of the parties in a role, in the order written."""
        return tuple(party.id for party in self.parties if party.role == role)

    @property
    def contract_holder(self) -> str:
        """Who receives outcome payments, draws capital and pays costs."""
        vehicles = self.named("vehicle")
        return self.holder or (vehicles[0] if len(vehicles) == 1 else self.named("provider")[0])

    @property
    def payers(self) -> tuple[str, ...]:
        """The ids of the payers, in the order written."""
        return self.named("payer")
