"""Points between 0 and 1 for uncertain numbers: Sobol points in randomised replicates, or plain draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Literal

import numpy as np
from numpy.random import Generator, SeedSequence

from sib.cashflow.activity import Rows
from sib.chance import CELL, stream

Method = Literal["sobol", "plain"]

REPLICATES = 8
"""Randomisations of a Sobol sequence: from their spread its error is known."""

# Points of a Sobol sequence are multiples of 2^-30; half of one keeps them from 0 and 1, where quantiles end.
BITS = 30
CENTRE = 2.0 ** -(BITS + 1)
MOST_POINTS = 2**BITS


@dataclass(frozen=True)
class Points:
    """Where the points of one simulation come from: its method, its seed, and how many scenarios it has in all."""

    method: Method
    seed: int
    scenarios: int

    def between(self, first: int, count: int, paths: Sequence[str]) -> Rows:
        """Points of shape (paths, count) for scenarios from `first`, each above 0 and below 1."""
        if not paths:
            return np.zeros((0, count))
        return self._sobol(first, count, paths) if self.method == "sobol" else self._plain(first, count, paths)

    @property
    def replicates(self) -> int:
        """How many independent parts of equal size the scenarios fall into, one after another."""
        return REPLICATES if self.method == "sobol" else 1

    def _plain(self, first: int, count: int, paths: Sequence[str]) -> Rows:
        cells = range(first // CELL, -(-(first + count) // CELL))
        drawn = [[Generator(stream(self.seed, cell, path)).random(CELL) for cell in cells] for path in paths]
        points = np.stack([np.concatenate(row)[:count] for row in drawn])
        return np.maximum(points, CENTRE)

    def _sobol(self, first: int, count: int, paths: Sequence[str]) -> Rows:
        each = self.scenarios // REPLICATES
        parts, at = [], first
        while at < first + count:
            replicate, begin = divmod(at, each)
            parts.append(self._replicate(replicate, begin, min(each - begin, first + count - at), paths))
            at += parts[-1].shape[1]
        return np.ascontiguousarray(np.concatenate(parts, axis=1))

    def _replicate(self, replicate: int, first: int, count: int, paths: Sequence[str]) -> Rows:
        from scipy.stats.qmc import Sobol

        name = np.frombuffer(blake2b("\n".join(paths).encode(), digest_size=16).digest(), "<u4")
        seed = SeedSequence([self.seed, replicate, *(int(word) for word in name)])
        sequence = Sobol(len(paths), bits=BITS, rng=np.random.default_rng(seed))
        if first:
            sequence.fast_forward(first)
        return np.asarray(sequence.random(count)).T + CENTRE


def rounded_up(scenarios: int, method: Method) -> int:
    """How many scenarios are run where so many are asked: for Sobol points the next 8 x 2^k."""
    if method == "plain":
        return scenarios
    each = max(1, -(-scenarios // REPLICATES))
    return REPLICATES << (each - 1).bit_length()
