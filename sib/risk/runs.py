"""What a simulation found: the spread of every result, what is likely, and how sure the figures are."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import numpy as np

from sib.case import Case
from sib.cashflow.activity import Rows
from sib.cashflow.run import run
from sib.numbers import Row
from sib.risk.outputs import outputs
from sib.risk.payment_risk import payment_risks
from sib.risk.reduction import Block
from sib.risk.streams import REPLICATES, Points, rounded_up
from sib.value.irr import Irr, IrrStatus, irr

# A value that more of all scenarios have is no accident: the result moves in steps.
SHARED_BY_MANY = 0.005
# Beside the numbers themselves, a spread as small as this is what rounding leaves.
ROUNDING = 1e-12


@dataclass(frozen=True)
class Spread:
    """One result over all scenarios that have it: mean, standard deviation, quantiles; None where none has.

    `error` is the Monte Carlo standard error of the mean. A total loss counts as a return of -1. The mean of rates of
    return says nothing about a deal: read their quantiles, and the return of expected flows.
    """

    mean: float | None
    sd: float | None
    p5: float | None
    p50: float | None
    p95: float | None
    error: float | None


@dataclass(frozen=True)
class Runs:
    """A simulation of one case. `scenarios` were run where `asked` were asked for; `rows[path]` is one for each."""

    case: Case
    scenario: str | None
    asked: int
    points: Points
    noise: str
    block: Block

    @property
    def scenarios(self) -> int:
        """How many scenarios were run."""
        return self.points.scenarios

    @property
    def rows(self) -> Mapping[str, Row]:
        """Every result by its path in the appraisal's JSON, (scenarios,); nan where a scenario has none."""
        return self.block.results

    @cached_property
    def base(self) -> Mapping[str, float]:
        """The base case's results by the same paths, every number at its value; nan where it has none."""
        return {path: float(row[0]) for path, row in outputs(run(self.case)).items()}

    @property
    def cash(self) -> Mapping[str, Rows]:
        """Running cash by date of investors, providers and payers in the first scenarios, for a fan chart."""
        return self.block.cash

    @cached_property
    def results(self) -> Mapping[str, Spread]:
        """The spread of every result by its path; each is worked out when it is first read."""
        return _Spreads(self)

    def quantile(self, path: str, chance: float) -> float | None:
        """The value that is not exceeded with this chance, among scenarios that have one."""
        row = _known(self.rows[path])
        return float(np.quantile(row, chance)) if row.size else None

    def quantile_error(self, path: str, chance: float) -> float | None:
        """The Monte Carlo standard error of a quantile, from eight parts of the scenarios.

        Where many scenarios share the value itself, parts may agree by luck: then at least half the distance between
        the quantiles a standard error of the chance above and below.
        """
        parts = [np.quantile(part, chance) for part in self._parts(self.rows[path]) if part.size]
        if len(parts) < 2:
            return None
        known = _known(self.rows[path])
        off = math.sqrt(chance * (1 - chance) / known.size)
        here, low, high = np.quantile(known, (chance, max(0.0, chance - off), min(1.0, chance + off)))
        is_shared = np.mean(known == here) > SHARED_BY_MANY
        return max(_error_of(parts), float(high - low) / 2 if is_shared else 0.0)

    @cached_property
    def probabilities(self) -> dict[str, float]:
        """How likely each event is: a loss, a return above the hurdle, savings that cover costs, reserves run out."""
        return {name: float(np.mean(yes)) for name, yes in self.block.events.items()}

    @cached_property
    def probability_errors(self) -> dict[str, float]:
        """The Monte Carlo standard error of each probability; never nought, for what was not seen may yet be."""
        return {name: self._error_of_chance(yes.astype(float)) for name, yes in self.block.events.items()}

    def _error_of_chance(self, yes: Row) -> float:
        near = (yes.sum() + 1) / (yes.size + 2)
        least = math.sqrt(near * (1 - near) / yes.size)
        if self.points.replicates == 1:
            return least
        return max(self._error(yes) or 0.0, 1 / yes.size)

    @property
    def irr_status(self) -> dict[str, float]:
        """The share of scenarios with each status of investors' return; empty where there are no investors."""
        if self.block.status is None:
            return {}
        counts = np.bincount(self.block.status, minlength=len(IrrStatus))
        return {status.label: float(counts[status] / self.scenarios) for status in IrrStatus if counts[status]}

    @cached_property
    def irr_of_expected_flows(self) -> Irr:
        """The return on the mean of investors' cash over all scenarios, date by date."""
        return irr(sum(self.block.flows, np.zeros(len(self.block.dates))) / self.scenarios, self.block.dates)

    @property
    def expected_loss(self) -> float | None:
        """The mean of what investors do not get back, max(0, drawn less received); None without investors."""
        row = self.rows.get("investors.loss")
        return None if row is None else float(np.mean(row))

    def scenarios_for(self, path: str, error: float) -> int:
        """How many scenarios the mean of a result needs for this standard error.

        Errors fall with the square root of the number; with Sobol points they fall faster where people's chance is
        left out. ValueError for an error that is not above 0.
        """
        if not error > 0:
            raise ValueError(f"an error of {error:g} needs endless scenarios; give one above 0")
        now = self.results[path].error or 0.0
        return rounded_up(max(1, math.ceil(self.scenarios * (now / error) ** 2)), self.points.method)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader has to know of how it was run."""
        found = []
        if self.noise == "participants":
            found.append("No parameter varies: the spread is what people do by chance.")
        if self.noise == "parameters":
            found.append("People's chance is left out: the spread is what is not known of the parameters.")
        if self.scenarios != self.asked:
            found.append(
                f"{self.asked:,} scenarios were asked for; Sobol points come in 8 x 2^k, here {self.scenarios:,}."
            )
        return tuple(found)

    def as_dict(self) -> dict[str, Any]:
        """As plain data, with the keys that `sib simulate --json` prints."""
        return {
            "case": self.case.id,
            "scenario": self.scenario,
            "scenarios": self.scenarios,
            "seed": self.points.seed,
            "method": self.points.method,
            "noise": self.noise,
            "results": {path: asdict(spread) for path, spread in self.results.items()},
            "probabilities": self.probabilities,
            "probability_errors": self.probability_errors,
            "irr_status": self.irr_status,
            "irr_of_expected_flows": self.irr_of_expected_flows.rate,
            "expected_loss": self.expected_loss,
            "measurement": {risk.rule: risk.as_dict() for risk in payment_risks(self.case)},
            "notes": list(self.notes),
        }

    def spread(self, path: str) -> Spread:
        """The spread of one result."""
        row = _known(self.rows[path])
        if not row.size:
            return Spread(None, None, None, None, None, None)
        if np.ptp(row) <= ROUNDING * float(np.abs(row).max()):
            value = float(row[0])
            return Spread(value, 0.0, value, value, value, 0.0)
        low, middle, high = (float(value) for value in np.quantile(row, (0.05, 0.5, 0.95)))
        sd = float(np.std(row, ddof=1)) if row.size > 1 else 0.0
        return Spread(float(np.mean(row)), sd, low, middle, high, self._error(self.rows[path]))

    def _error(self, row: Row) -> float | None:
        """The standard error of the mean: from the replicates of Sobol points, or from independent draws."""
        if self.points.replicates == 1:
            known = _known(row)
            return float(np.std(known, ddof=1) / math.sqrt(known.size)) if known.size > 1 else None
        means = [np.mean(part) for part in self._parts(row) if part.size]
        return _error_of(means) if len(means) > 1 else None

    def _parts(self, row: Row) -> list[Row]:
        return [_known(part) for part in np.array_split(row, REPLICATES)]


class _Spreads(Mapping[str, Spread]):
    """The spreads of a simulation, each worked out once."""

    def __init__(self, runs: Runs) -> None:
        self._runs, self._found = runs, dict[str, Spread]()

    def __getitem__(self, path: str) -> Spread:
        if path not in self._found:
            self._found[path] = self._runs.spread(path)
        return self._found[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._runs.rows)

    def __len__(self) -> int:
        return len(self._runs.rows)


def _known(row: Row) -> Row:
    return row[~np.isnan(row)]


def _error_of(parts: list[Any]) -> float:
    return float(np.std(parts, ddof=1) / math.sqrt(len(parts)))
