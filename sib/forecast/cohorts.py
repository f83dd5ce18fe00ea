"""Who is expected to come, and when they start."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Self

from pydantic import BeforeValidator, Field, model_serializer, model_validator

from sib.assumption import ExpectedCount, ExpectedShare, Frozen, Quantity
from sib.deal.dates import Day
from sib.naming import Id, Listed


class SegmentOfCohort(Frozen):
    """A part of a cohort that is paid for, or does, differently."""

    id: Id
    title: str = ""
    share: ExpectedShare
    """Of the cohort's starts; the shares of a cohort sum to one."""


class People(Frozen):
    """A number of people: a total that is spread over time, or a number for each period."""

    written_without_its_keys: ClassVar[bool] = True

    total: ExpectedCount | None = None
    each_period: Annotated[tuple[ExpectedCount, ...], Field(min_length=1)] | None = None

    @model_serializer(mode="wrap")
    def _as_written(self, handler: Any) -> Any:
        written = handler(self)
        return written["total"] if "total" in written and written["total"] is not None else written["each_period"]


def _total_or_list(value: Any) -> Any:
    if isinstance(value, People) or (isinstance(value, dict) and set(value) & {"total", "each_period"}):
        return value
    return {"each_period": value} if isinstance(value, list | tuple) else {"total": value}


Expected = Annotated[People, BeforeValidator(_total_or_list)]


class CohortExpected(Frozen):
    """People who start between two days. Either `starts`, or `referrals` of whom `take_up` start."""

    id: Id
    title: str = ""
    first: Day | None = None
    """The first day on which they start; the start of the contract unless written."""
    last: Day | None = None
    """The last day on which they start; the end of service unless written."""
    starts: Expected | None = None
    """How many start: a total, or a list with a number for each period."""
    referrals: Expected | None = None
    """How many are referred: a total, or a list with a number for each period."""
    take_up: ExpectedShare | None = None
    """The share of those referred who start; everybody unless written."""
    profile: tuple[Quantity, ...] | None = None
    """Weights of the periods over which a total is spread; even unless written."""
    segments: Listed[SegmentOfCohort] = Field(default=())

    @model_validator(mode="after")
    def _either_starts_or_referrals(self) -> Self:
        if (self.starts is None) == (self.referrals is None):
            raise ValueError("write either starts or referrals")
        if self.take_up is not None and self.referrals is None:
            raise ValueError("take_up applies to referrals; write referrals in place of starts")
        if self.profile is not None and self.people.total is None:
            raise ValueError("a profile spreads a total; a list says itself when they start")
        if self.profile is not None and not sum(weight.value for weight in self.profile) > 0:
            raise ValueError("the weights of a profile must sum to more than nothing")
        return self

    @model_validator(mode="after")
    def _window_and_segments(self) -> Self:
        if self.first and self.last and self.last < self.first:
            raise ValueError(f"last {self.last} is before first {self.first}; put the dates in order")
        total = sum(segment.share.value for segment in self.segments)
        if self.segments and abs(total - 1) > 1e-9:
            raise ValueError(f"the shares of the segments sum to {total:.6g}; they must sum to 1")
        return self

    @property
    def people(self) -> People:
        """The starts or the referrals, whichever was written."""
        people = self.starts or self.referrals
        assert people is not None  # one of them is there: see _either_starts_or_referrals
        return people
