"""What a re-tender costs both sides, what is left of a contract at full effect, and when changing provider pays."""

from __future__ import annotations

from dataclasses import dataclass

MONTHS_A_YEAR = 12


@dataclass(frozen=True)
class Bidders:
    """Bidders who get equally far: how many, and the working days that each spends."""

    number: float
    days_each: float

    @property
    def days(self) -> float:
        """Working days of all of them together."""
        return self.number * self.days_each


@dataclass(frozen=True)
class Tender:
    """Working days that one re-tender takes: the commissioner's by stage, and the bidders' by how far they get."""

    commissioner_stages: tuple[float, ...]
    bidders: tuple[Bidders, ...]

    @property
    def commissioner_days(self) -> float:
        """Working days of the commissioner."""
        return sum(self.commissioner_stages)

    @property
    def bidder_days(self) -> float:
        """Working days of all bidders."""
        return sum(bidders.days for bidders in self.bidders)

    @property
    def days(self) -> float:
        """Working days of both sides."""
        return self.commissioner_days + self.bidder_days

    def cost(self, day_rate: float) -> float:
        """What those days cost at one rate a day."""
        return self.days * day_rate


# A practitioner's estimate for a drug treatment service.
PUBLISHED = Tender((30, 20, 20, 40, 10), (Bidders(10, 15), Bidders(6, 15), Bidders(4, 5), Bidders(1, 60)))
PUBLISHED_NOTE = (
    "The source's heading gives the bidders 280 days; its parts sum to 320, and only 320 makes its total of 440."
)


def treatments_forgone(days: float, sessions_a_day: float = 4, sessions_each: float = 12) -> float:
    """Courses of treatment that staff could have given in those days, at so many sessions a day and a course."""
    return days * sessions_a_day / sessions_each


@dataclass(frozen=True)
class Contract:
    """One contract of some length: months until a new provider works fully, months in which it runs down, its price.

    `annual_fee` is the cost of the service a year; `tender_cost` that of the re-tender before it, once.
    """

    months: float
    ramp_up: float
    run_down: float
    annual_fee: float
    tender_cost: float

    def __post_init__(self) -> None:
        """ValueError for a contract without length, or a negative number."""
        if self.months <= 0:
            raise ValueError(f"a contract must last some months; {self.months:g} was given.")
        if min(self.ramp_up, self.run_down, self.annual_fee, self.tender_cost) < 0:
            raise ValueError("months of ramp-up and run-down, the fee and the cost of the tender must not be negative.")

    @property
    def good_months(self) -> float:
        """Months at full effect: what ramp-up and run-down leave, and none where they overlap."""
        return max(0.0, self.months - self.ramp_up - self.run_down)

    @property
    def full_months(self) -> float:
        """All months, each counted by its effect, which rises and falls in straight lines.

        Where the two lines meet before full effect, the highest effect is months/(ramp-up + run-down).
        """
        slopes = self.ramp_up + self.run_down
        if slopes <= self.months:
            return self.months - slopes / 2
        return self.months * (self.months / slopes) / 2

    @property
    def monthly_fee(self) -> float:
        """The cost of the service a month."""
        return self.annual_fee / MONTHS_A_YEAR

    @property
    def cost(self) -> float:
        """Fee over the contract and the re-tender before it."""
        return self.monthly_fee * self.months + self.tender_cost

    @property
    def cost_per_full_month(self) -> float:
        """All costs over the months counted by their effect."""
        return self.cost / self.full_months

    @property
    def tender_share(self) -> float | None:
        """The part of all costs that goes on the re-tender; None where nothing costs anything."""
        return self.tender_cost / self.cost if self.cost > 0 else None


def break_even_improvement(contract: Contract, value_per_month: float) -> float:
    """How much more a new provider must achieve at full effect than the old one, as a fraction, to pay for the change.

    Without it the old provider works on at full effect for the whole contract, at the same fee. With it, effect is
    lost in ramp-up and run-down, and the tender is paid for: (1+g) full_months v - tender cost = months v.
    `value_per_month` is what a month at full effect is worth, at least the fee. ValueError where it is not positive.
    """
    if value_per_month <= 0:
        raise ValueError("a month at full effect must be worth something.")
    return (contract.months + contract.tender_cost / value_per_month) / contract.full_months - 1
