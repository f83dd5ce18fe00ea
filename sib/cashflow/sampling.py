"""Sampling noise: what a number of people do when the forecast says what each of them is expected to do."""

from __future__ import annotations

import numpy as np

from sib.cashflow.by_date import ByDate, Rows
from sib.chance import Chance
from sib.deal.outcomes import OutcomeMeasured
from sib.forecast.outcomes import OutcomeExpected
from sib.numbers import NumbersAt, Row


class Sampling:
    """Draws one line of the forecast: who of these people has the outcome, and how often."""

    def __init__(self, outcome: OutcomeMeasured, expected: OutcomeExpected, at: NumbersAt, chance: Chance) -> None:
        self._chance, self._path = chance, f"forecast.outcomes.{expected.id}"
        self._at_most_once, self._whole = at_most_once(outcome, expected), outcome.kind != "quantity"
        self._spread = at.get("overdispersion", 1.0)

    def counts(self, whose: str, people: ByDate, each: float | Row) -> ByDate:
        """What comes of people of whom each is expected to give `each`; whole numbers with that mean.

        At most one of each person is binomial, more is Poisson; with over-dispersion both vary by that much more.
        """
        filled, rows = people.stacked()
        path = f"{self._path}/{whose}"
        if not filled:
            return people
        drawn = self._successes(path, rows, each) if self._at_most_once else self._events(path, rows * each)
        return ByDate(people.dates, dict(zip(filled, drawn, strict=True)))

    def split(self, whose: str, counts: ByDate, shares: list[float | Row]) -> list[ByDate]:
        """Counts divided at random: each one goes to one of the parts, with the chance that is its share."""
        parts, left, rest = [], counts, 1.0 + 0.0 * np.asarray(shares[0])
        for i, share in enumerate(shares[:-1]):
            part = np.divide(share, rest, out=np.zeros(np.broadcast(share, rest).shape), where=np.asarray(rest) > 0)
            parts.append(some_of(self._chance, f"{self._path}/{whose}/delay[{i}]", left, part))
            left, rest = left - parts[-1], rest - share
        return [*parts, left]

    def part(self, whose: str, counts: ByDate, share: float | Row) -> ByDate:
        """Of counts those of which something comes true, each with this chance; of a quantity its expected part."""
        return some_of(self._chance, f"{self._path}/{whose}", counts, share) if self._whole else counts * share

    def error(self, whose: str, size: float | Row) -> Row:
        """An error of measurement with a standard error of this size."""
        drawn: Row = self._chance.normal(error_path(self._path, whose), 1)[0] * size
        return drawn

    def _successes(self, path: str, people: Rows, share: float | Row) -> Rows:
        spread = np.asarray(self._spread)
        if not (spread > 1).any():
            return self._chance.binomial(path, people, share)
        # All who are counted here share their luck, on whatever date they come: their sum varies by so much more.
        whole = people.sum(axis=0)
        alike = np.clip((spread - 1) / np.maximum(whole - 1, 1e-9), 0.0, 0.999)
        return self._chance.beta_binomial(path, people, share, np.where(whole > 1, alike, 0.0))

    def _events(self, path: str, mean: Rows) -> Rows:
        # A quantity may be expected to fall: its size is drawn.
        return np.sign(mean) * self._chance.poisson(path, np.abs(mean), self._spread)


def error_path(line: str, whose: str) -> str:
    """The stream of one measurement's error, of a line of the forecast."""
    return f"{line}/{whose}/error"


def some_of(chance: Chance, path: str, counts: ByDate, share: float | Row) -> ByDate:
    """Of counts of people those of whom something comes true, each with this chance; whole numbers."""
    filled, rows = counts.stacked()
    if not filled:
        return counts
    return ByDate(counts.dates, dict(zip(filled, chance.binomial(path, rows, share), strict=True)))


def at_most_once(outcome: OutcomeMeasured, expected: OutcomeExpected) -> bool:
    """Whether a person has it once or not at all; else it may repeat, or is a quantity.

    It repeats where what is expected of one person, or may be, is more than one; a tail of a distribution is too rare.
    """
    stated = [term for term in (expected.per_start, expected.counterfactual) if term is not None]
    return outcome.kind != "quantity" and not any(term.may_exceed(1.0) for term in stated)
