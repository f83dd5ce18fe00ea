"""Prices over time: what money of one year comes to on each date, and what it is worth in prices of one year."""

from __future__ import annotations

from datetime import date

import numpy as np

from sib.basis import Deflator
from sib.basis.price_levels import price_level
from sib.case import Case
from sib.cashflow.activity import Rows
from sib.numbers import Numbers, Row
from sib.periods import Timeline, financial_year
from sib.perspective import Basis

# An index without a table: any year, at the level of that year's inflation alone.
FLAT_FROM = 1900


class Prices:
    """Price levels of a case's basis by calendar (or, if the deflator has them, financial) year."""

    def __init__(self, case: Case, numbers: Numbers, timeline: Timeline) -> None:
        self.case, self.numbers, self.timeline = case, numbers, timeline
        self.basis = case.appraisal.basis
        self._levels: dict[str, float | Row] = {}

    def of(self, price_year: str | None) -> Rows:
        """What one unit of money of that year's prices comes to in cash on each date, (dates, 1 or scenarios).

        Ones where no price year is stated: then the amount is in cash of the day.
        """
        if price_year is None:
            return np.ones((len(self.timeline), 1))
        base = self.level(price_year)
        return np.array([np.atleast_1d(self.level(self._year_of(day)) / base) for day in self.timeline.dates])

    def in_real_terms(self) -> Rows:
        """What one unit of cash on each date is worth in the prices of the basis, (dates, 1 or scenarios)."""
        return 1 / self.of(self.real_year)

    @property
    def real_year(self) -> str:
        """The year in whose prices real terms are: the basis's, else that in which the contract starts."""
        assert self.basis is not None  # who asks for real terms has a basis
        return self.basis.price_year or self._year_of(self.case.deal.start)

    def level(self, year: str) -> float | Row:
        """The price level of a year; ValueError for one that the deflator does not reach."""
        if year not in self._levels:
            self._levels[year] = price_level(self._deflator, year, self._inflation).value
        return self._levels[year]

    def _year_of(self, day: date) -> str:
        deflator = self._deflator
        return financial_year(day, deflator.financial_year_starts) if deflator.is_financial else str(day.year)

    @property
    def _deflator(self) -> Deflator:
        return deflator_of(self.basis)

    @property
    def _inflation(self) -> float | Row | None:
        stated = self.basis is not None and self.basis.inflation is not None
        return self.numbers["appraisal.basis.inflation"] if stated else None


def deflator_of(basis: Basis | None) -> Deflator:
    """The basis's deflator; without one, a flat level which only its inflation moves."""
    assert basis is not None  # price years without a basis are refused
    return basis.deflator or Deflator(id="inflation alone", index={str(FLAT_FROM): 1.0})
