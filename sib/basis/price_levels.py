"""Money of one year in the prices of another, by a price index and, after its last year, by a stated inflation.

A financial year read from an index of calendar years is a blend of the two it touches, by months: April to March
is three quarters of the first and one quarter of the second. A calendar year read from an index of financial years
is blended likewise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sib.basis.tables import Deflator, Floats, years_in


@dataclass(frozen=True)
class Level:
    """A price level, and the years after the end of the index on which it rests."""

    value: float | Floats
    continued: tuple[int, ...] = ()


@dataclass(frozen=True)
class Uprating:
    """What an amount is multiplied by, and the years for which inflation was assumed and not measured."""

    factor: float | Floats
    continued: tuple[int, ...] = ()


def uprating(
    deflator: Deflator, from_year: str | int, to_year: str | int, inflation: float | Floats | None = None
) -> Uprating:
    """From the prices of one year to those of another: level(to)/level(from); a fall in prices is below one.

    Years are calendar, `2015`, or financial, `2015/16`. After the index's last year prices grow by `inflation`
    (a fraction a year); those years are in `continued`. ValueError for a year before the first or within a gap,
    and for one after the last without inflation.
    """
    start, end = (price_level(deflator, year, inflation) for year in (from_year, to_year))
    return Uprating(end.value / start.value, tuple(sorted({*start.continued, *end.continued})))


def price_level(deflator: Deflator, year: str | int, inflation: float | Floats | None = None) -> Level:
    """The index in a calendar or financial year; raises as `uprating` does."""
    index = _Index(deflator.id, deflator.levels, inflation)
    parts = [(index.level(first), weight) for first, weight in _weights(deflator, year)]
    value = sum(level.value * weight for level, weight in parts)
    return Level(value, tuple(year for level, _ in parts for year in level.continued))


def _weights(deflator: Deflator, year: str | int) -> list[tuple[int, float]]:
    """The years of the index that a year touches, each with its part of the twelve months."""
    first, financial = years_in(str(year))
    if financial == deflator.is_financial:
        return [(first, 1.0)]
    late = (deflator.financial_year_starts - 1) / 12
    weights = [(first, 1 - late), (first + 1, late)] if financial else [(first - 1, late), (first, 1 - late)]
    return [(part, weight) for part, weight in weights if weight > 0]


@dataclass(frozen=True)
class _Index:
    name: str
    levels: Mapping[int, float]
    inflation: float | Floats | None

    def level(self, year: int) -> Level:
        if year in self.levels:
            return Level(self.levels[year])
        last = max(self.levels)
        if year < last:
            raise ValueError(self._missing(year))
        if self.inflation is None:
            raise ValueError(f"{self.name!r} ends in {last}; give an inflation to continue it to {year}.")
        return Level(self.levels[last] * (1 + self.inflation) ** (year - last), (year,))

    def _missing(self, year: int) -> str:
        first = min(self.levels)
        if year < first:
            return f"{self.name!r} begins in {first} and has no price level for {year}; use a year from {first} on."
        return (
            f"{self.name!r} has no price level for {year}; its years: {', '.join(str(known) for known in self.levels)}."
        )
