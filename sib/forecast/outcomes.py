"""What is expected to become of those who start, and what would have happened anyway."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, Discriminator, Tag, field_serializer, model_validator

from sib.assumption import (
    Assumption,
    Expected,
    ExpectedNumber,
    ExpectedShare,
    Frozen,
    Unit,
    not_negative,
    plain_number,
)
from sib.deal.dates import Day, Length
from sib.naming import Cohort, Id, Outcome, Segment
from sib.periods import Duration


class LevelOn(Frozen):
    """The level on a day."""

    date: Day
    value: Expected


class DelayPart(Frozen):
    """A part of the outcomes, and how long it takes them."""

    after: Length
    share: ExpectedShare


class UncertainDelay(Frozen):
    """How long all of them take, where nobody knows it: in calendar months, rounded to whole ones."""

    months: Annotated[Assumption, BeforeValidator(plain_number), AfterValidator(not_negative), Unit("months")]

    @model_validator(mode="after")
    def _as_a_range(self) -> Self:
        if self.months.sd is not None or self.months.values:
            raise ValueError("an uncertain delay is a range, so that it has an end; write months with low and high")
        return self

    @property
    def longest(self) -> Duration:
        """The most that it can be."""
        return in_months(self.months.value if self.months.high is None else self.months.high)


def in_months(months: float) -> Duration:
    """A length of so many calendar months, rounded to whole ones, halves up."""
    return Duration(months=math.floor(months + 0.5))


def _form_of_delay(written: Any) -> str:
    """Which of the three forms is meant: what is written wrongly is told in the words of that form."""
    if isinstance(written, list | tuple):
        return "parts"
    return "months" if isinstance(written, Mapping | UncertainDelay) else "length"


Delay = Annotated[
    Annotated[Length, Tag("length")]
    | Annotated[tuple[DelayPart, ...], Tag("parts")]
    | Annotated[UncertainDelay, Tag("months")],
    Discriminator(_form_of_delay),
]


class SecondClaim(Frozen):
    """The share of rejected claims that is made again, accepted, so much later."""

    share: ExpectedShare
    after: Length


class OutcomeExpected(Frozen):
    """The expected level of one outcome, for all cohorts or for some.

    `per_start` with its `counterfactual`, or only the difference: `net` a start, or `change` for a measured change.
    """

    id: Id
    outcome: Outcome | None = None
    """The outcome of the deal; without it, the outcome of the same id."""
    cohorts: tuple[Cohort, ...] = ()
    """Only these cohorts; all when empty."""
    segments: tuple[Segment, ...] = ()
    """Only these segments; all when empty."""
    per_start: Expected | None = None
    """Gross: how much of it comes of each start (a count, a quantity, a rate)."""
    counterfactual: Expected | None = None
    """What would have come of each start without the service, in the same unit (deadweight)."""
    net: Expected | None = None
    """The difference that the service makes for each start, positive when good, where only that is known."""
    change: Expected | None = None
    """The change against the counterfactual, positive when good, where only that is known."""
    levels: tuple[LevelOn, ...] = ()
    """For kind `level`: what it is on each day on which it is measured."""
    follows: Outcome | None = None
    """Another outcome that must come first; `per_start` and `delay` then count from that one, not from the start."""
    delay: Delay | None = None
    """From the end of the period of the start to the outcome; a list spreads it over several delays.

    `{months: {value: 6, low: 3, high: 12}}` where it is not known how long all of them take.
    """
    evidenced: ExpectedShare | None = None
    """The share of those achieved that can be evidenced; all unless written."""
    accepted: ExpectedShare | None = None
    """The share of evidenced claims that the payer accepts; all unless written."""
    claimed_again: SecondClaim | None = None
    """What becomes of rejected claims."""
    continues: ExpectedShare | None = None
    """For instalments: the share of those still there who are there at the next one; all unless written."""

    overdispersion: ExpectedNumber | None = None
    """How often the variance of the count is that of people who act independently of each other; 1 unless written."""
    standard_error: ExpectedNumber | None = None
    """Beside `change` or `levels`: the standard error with which each is measured; none unless written.

    Beside `per_start` it would say twice how far a measure may lie: there the people and `overdispersion` say it.
    """

    @field_serializer("delay")
    def _delay_as_written(self, delay: Duration | tuple[DelayPart, ...] | UncertainDelay | None) -> Any:
        if isinstance(delay, tuple):
            return [part.model_dump() for part in delay]
        return delay.model_dump() if isinstance(delay, UncertainDelay) else delay and str(delay)

    @model_validator(mode="after")
    def _one_way_of_saying_it(self) -> Self:
        given = [name for name in ("per_start", "net", "change", "levels") if getattr(self, name)]
        if len(given) != 1:
            raise ValueError("write exactly one of per_start, net, change and levels")
        if isinstance(self.delay, tuple) and abs(sum(part.share.value for part in self.delay) - 1) > 1e-9:
            raise ValueError("the shares of the delays must sum to 1")
        if self.counterfactual is not None and self.per_start is None:
            raise ValueError("a counterfactual stands beside per_start; net and change are already a difference")
        return self

    @model_validator(mode="after")
    def _noise_of_the_right_kind(self) -> Self:
        if self.overdispersion is not None and self.per_start is None:
            raise ValueError("overdispersion stands beside per_start; it says how much the count of people varies")
        if self.overdispersion is not None and min(self.overdispersion.value, self.overdispersion.low or 1) < 1:
            raise ValueError("overdispersion is a multiple of the usual variance; it must be at least 1")
        if self.standard_error is not None and min(self.standard_error.value, self.standard_error.low or 0) < 0:
            raise ValueError("a standard error must not be negative")
        if self.standard_error is not None and self.per_start is not None:
            raise ValueError("standard_error stands beside change or levels; that of a count follows from its people")
        return self

    @property
    def delays(self) -> tuple[Duration, ...]:
        """How long it may take, the longest where that is uncertain; empty where it is there at once."""
        if isinstance(self.delay, tuple):
            return tuple(part.after for part in self.delay)
        if isinstance(self.delay, UncertainDelay):
            return (self.delay.longest,)
        return () if self.delay is None else (self.delay,)

    @property
    def of(self) -> str:
        """The id of the outcome it speaks of."""
        return self.outcome or self.id


class Bundle(Frozen):
    """A kind of person: the share of all who start, and how many of each outcome one such person claims."""

    id: Id
    share: ExpectedShare
    claims: dict[Outcome, ExpectedNumber]
