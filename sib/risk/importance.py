"""How much of an output's spread each uncertain number explains, when all of them vary at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sib.assumption import Assumption
from sib.case import Case
from sib.numbers import Row
from sib.risk.distributions import quantile_of
from sib.risk.draws import draws_of, still_whole, uncertain_numbers
from sib.risk.streams import Points, rounded_up
from sib.risk.varying import outputs_of, refuse_unknown

# Points of the estimate: the output is worked out (numbers + 2) times as often.
POINTS, SCENARIOS = 256, 4096


@dataclass(frozen=True)
class Importance:
    """One uncertain number's part in the spread of an output.

    `alone` is the share of the variance that goes if only it were known, `total` the share that stays if all else
    were (Sobol indices; None where numbers are correlated). `rank` is its standardised coefficient in a regression of
    the output's rank on the numbers' ranks: -1 to 1, with its direction.
    """

    path: str
    alone: float | None
    total: float | None
    rank: float | None


def importance(case: Case, output: str = "investors.irr", seed: int = 1) -> tuple[Importance, ...]:
    """Every uncertain number, the most important first; empty where there is none.

    Scenarios in which the output has no number are left out of ranks; Sobol indices are None where there are any, or
    where nothing moves the output. CaseError for an output that is not there.
    """
    refuse_unknown(case, [output])
    numbers = uncertain_numbers(case)
    if not numbers:
        return ()
    ranks = _ranks(case, list(numbers), output, seed)
    apart = ranks is not None and not case.forecast.correlations
    alone, total = _sobol(case, numbers, output, seed) if apart else (None, None)
    found = [
        Importance(path, _number(alone, i), _number(total, i), _number(ranks, i)) for i, path in enumerate(numbers)
    ]
    return tuple(sorted(found, key=lambda one: -(abs(one.rank or 0.0) if one.total is None else one.total)))


def _number(row: Row | None, i: int) -> float | None:
    return None if row is None or not np.isfinite(row[i]) else float(row[i])


def _sobol(case: Case, numbers: dict[str, Assumption], output: str, seed: int) -> tuple[Row | None, Row | None]:
    """First-order and total indices (Saltelli's estimators, as scipy has them)."""
    from scipy.stats import sobol_indices

    if len(numbers) == 1:  # all there is, which scipy cannot say
        return np.ones(1), np.ones(1)
    missing: list[bool] = []

    def answer(points: Row) -> Row:
        draws = {path: quantile_of(term)(row) for (path, term), row in zip(numbers.items(), points, strict=True)}
        found = outputs_of(case, draws | still_whole(case, draws), [output])[output]
        missing.append(bool(np.isnan(found).any() or np.ptp(found) <= 1e-12 * np.abs(found).max()))
        return np.nan_to_num(found)[None]

    with np.errstate(all="ignore"):
        found = sobol_indices(func=answer, n=POINTS, dists=[_Even()] * len(numbers), rng=np.random.default_rng(seed))
    if any(missing):
        return None, None
    return np.ravel(found.first_order), np.ravel(found.total_order)


class _Even:
    """A probability itself: the quantiles are taken with the output, so that ends are never met."""

    def ppf(self, chances: Any) -> Any:
        return np.clip(chances, 2.0**-31, 1 - 2.0**-31)


def _ranks(case: Case, paths: Sequence[str], output: str, seed: int) -> Row | None:
    """Standardised coefficients of the regression of ranks on ranks."""
    from scipy.stats import rankdata

    count = rounded_up(SCENARIOS, "sobol")
    draws = draws_of(case, Points("sobol", seed, count), 0, count)
    found = outputs_of(case, draws, [output])[output]
    kept = np.isfinite(found)
    if kept.sum() <= len(paths) + 1 or np.ptp(found[kept]) == 0:
        return None
    ranked = rankdata(np.stack([found[kept], *(draws[path][kept] for path in paths)]), axis=1)
    ranked -= ranked.mean(axis=1, keepdims=True)
    spread = ranked.std(axis=1, keepdims=True)
    scaled = np.divide(ranked, spread, out=np.zeros_like(ranked), where=spread > 0)
    return np.asarray(np.linalg.lstsq(scaled[1:].T, scaled[0], rcond=None)[0])
