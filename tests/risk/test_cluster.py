"""A Dask cluster is one more executor: the same bytes, and no block lost with a worker."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest

import sib
from sib.chance import CELL
from tests.risk.test_simulation import RANGED, same, tariff

distributed = pytest.importorskip("distributed", reason="Dask is an extra: pip install sib[cluster]")

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


def test_a_cluster_gives_the_same_bytes(client: Any):
    case = tariff(RANGED)
    assert same(sib.simulate(case, 5 * CELL), sib.simulate(case, 5 * CELL, executor=client.get_executor()))


def test_no_block_is_lost_with_a_worker(client: Any):
    case, killed = tariff(RANGED), []

    def kill_one(done: int, total: int) -> None:
        """Half way, one of the workers dies without a word."""
        if not killed and done >= total / 4:
            killed.append(next(iter(client.run(os.getpid).values())))
            os.kill(killed[0], getattr(signal, "SIGKILL", signal.SIGTERM))

    found = sib.simulate(case, 64 * CELL, executor=client.get_executor(), progress=kill_one)
    assert killed
    assert same(found, sib.simulate(case, 64 * CELL))
