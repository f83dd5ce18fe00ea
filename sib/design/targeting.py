"""Whom a service reaches: true cases found and missed, false alarms, and what averting one true case costs.

A case is somebody to whom the bad outcome would come without the service.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Screen:
    """A rule that picks people for a service.

    `base_rate` is the share of `people` who are true cases, `hit_rate` the share of the cases that the rule picks,
    `false_alarm_rate` the share of all others that it picks too. Counts are people, not rounded.
    """

    people: float
    base_rate: float
    hit_rate: float
    false_alarm_rate: float

    def __post_init__(self) -> None:
        """ValueError for a rate outside 0 to 1 or a negative number of people."""
        for name in ("base_rate", "hit_rate", "false_alarm_rate"):
            share = getattr(self, name)
            if not 0 <= share <= 1:
                raise ValueError(f"{name} must be from 0 to 1 (a fraction, so 35 % is 0.35); {share:g} was given.")
        if self.people < 0:
            raise ValueError(f"people must not be negative; {self.people:g} was given.")

    @property
    def cases(self) -> float:
        """All true cases among the people."""
        return self.people * self.base_rate

    @property
    def found(self) -> float:
        """True cases picked."""
        return self.cases * self.hit_rate

    @property
    def missed(self) -> float:
        """True cases not picked."""
        return self.cases - self.found

    @property
    def false_alarms(self) -> float:
        """People picked to whom the bad outcome would not have come."""
        return (self.people - self.cases) * self.false_alarm_rate

    @property
    def picked(self) -> float:
        """Everybody whom the rule picks: the places that it asks for."""
        return self.found + self.false_alarms

    @property
    def precision(self) -> float | None:
        """The share of places that reach a true case (positive predictive value); None where nobody is picked."""
        return positive_predictive_value(self.base_rate, self.hit_rate, self.false_alarm_rate)


@dataclass(frozen=True)
class Service:
    """What a place costs, the relative risk reduction for a true case in it, and what a case averted saves.

    A case averted saves `saving_a_year` for `years`. Amounts are in prices of one year, not discounted;
    `risk_reduction` is a fraction.
    """

    cost_per_place: float
    risk_reduction: float
    saving_a_year: float
    years: float = 1.0

    @property
    def saving_per_case(self) -> float:
        """What a case averted saves over all its years."""
        return self.saving_a_year * self.years


@dataclass(frozen=True)
class Reach:
    """What a service comes to, for one year's referrals, if everybody whom a screen picks has a place.

    Savings are gross: what becomes cash depends on the stock of places free, see `sib.basis.cashability`.
    """

    screen: Screen
    service: Service

    @property
    def cost(self) -> float:
        """What the places cost."""
        return self.screen.picked * self.service.cost_per_place

    @property
    def averted(self) -> float:
        """True cases prevented."""
        return self.screen.found * self.service.risk_reduction

    @property
    def saving(self) -> float:
        """What the cases averted would have cost."""
        return self.averted * self.service.saving_per_case

    @property
    def places_free(self) -> float:
        """The stock of places that stand free at once, from when the service has run for as long as a case lasts."""
        return self.averted * self.service.years

    @property
    def net(self) -> float:
        """Savings less cost."""
        return self.saving - self.cost

    @property
    def cost_per_case_averted(self) -> float | None:
        """The cost of all places over the cases averted; None where none is."""
        return cost_per_case_averted(self.service.cost_per_place, self.screen.precision, self.service.risk_reduction)


def positive_predictive_value(base_rate: float, hit_rate: float, false_alarm_rate: float) -> float | None:
    """pi s/(pi s + (1-pi) f): the share of those picked who are true cases; None where nobody is picked."""
    hits, alarms = base_rate * hit_rate, (1 - base_rate) * false_alarm_rate
    return hits / (hits + alarms) if hits + alarms > 0 else None


def cases_averted(places: float, precision: float, risk_reduction: float) -> float:
    """True cases that a number of places prevents: places x precision x relative reduction of the risk."""
    return places * precision * risk_reduction


def cost_per_case_averted(cost_per_place: float, precision: float | None, risk_reduction: float) -> float | None:
    """cost per place/(precision x relative reduction of the risk); None where no case is ever averted."""
    averted = 0.0 if precision is None else cases_averted(1.0, precision, risk_reduction)
    return cost_per_place / averted if averted > 0 else None


def break_even_precision(cost_per_place: float, saving_per_case: float, risk_reduction: float) -> float | None:
    """The share of places that has to reach a true case for savings to meet costs; above 1 it can never be.

    None where a case averted saves nothing. No discounting: cost and saving are of the same prices and time.
    """
    worth = saving_per_case * risk_reduction
    return cost_per_place / worth if worth > 0 else None


def break_even_cost(saving_per_case: float, precision: float, risk_reduction: float) -> float:
    """The most that a place may cost for savings to meet costs: saving x precision x reduction of the risk."""
    return saving_per_case * precision * risk_reduction
