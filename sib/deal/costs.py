"""Costs: of delivery, of the vehicle, and the payers' own."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sib.assumption import ExpectedAmount, ExpectedRate, ExpectedShare, Frozen, Quantity
from sib.deal.dates import Day, Length
from sib.naming import Cohort, CostId, Id, Party

Purpose = Literal["delivery", "management", "procurement", "contract management", "verification", "evaluation", "other"]


class CostBase(Frozen):
    """What every cost says: who bears it, who gets it, and how it grows."""

    id: Id
    title: str = ""
    purpose: Purpose = "delivery"
    """What it is for; the commissioner's page adds own costs up by purpose."""
    paid_by: Party | None = None
    """Who bears it; without it, the holder of the contract. A payer's own cost names the payer."""
    paid_to: Party | None = None
    """Who receives it; without it, staff and suppliers outside the deal."""
    uplift: ExpectedRate | None = None
    """Growth a year from the start of the contract, in steps on each anniversary: 0.02 is 2 %."""
    first: Day | None = None
    """From this day; the start of the contract unless written."""
    last: Day | None = None
    """To this day; the end of service unless written."""
    paid: Literal["in arrears", "in advance"] = "in arrears"
    """On the last day of the period, or on its first."""


class PerPeriod(CostBase):
    """So much each period; a part of a period counts in part."""

    kind: Literal["per period"]
    amount: ExpectedAmount


class PerStart(CostBase):
    """So much for each start, in the period of the start."""

    kind: Literal["per start"]
    amount: ExpectedAmount
    cohorts: tuple[Cohort, ...] = ()


class PerCase(CostBase):
    """So much for each active case in each period."""

    kind: Literal["per case"]
    amount: ExpectedAmount
    stay: Length
    """How long a case stays active; its first period counts in full."""
    cohorts: tuple[Cohort, ...] = ()


class InSteps(CostBase):
    """So much each period for every begun step of `size` active cases: a team, a ward, a caseload."""

    kind: Literal["in steps"]
    amount: ExpectedAmount
    size: Quantity
    stay: Length
    cohorts: tuple[Cohort, ...] = ()


class OneOff(CostBase):
    """A sum on a day."""

    kind: Literal["one-off"]
    amount: ExpectedAmount
    date: Day


class Overhead(CostBase):
    """A share of other costs, as they fall."""

    kind: Literal["overhead"]
    share: ExpectedShare
    of: tuple[CostId, ...] = Field(min_length=1)
    """The costs it is a share of."""


Cost = Annotated[PerPeriod | PerStart | PerCase | InSteps | OneOff | Overhead, Field(discriminator="kind")]
