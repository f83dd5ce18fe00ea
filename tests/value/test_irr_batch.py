"""Batches: the same answers as stream by stream, in one go."""

from datetime import date

import numpy as np
import pytest

from sib.value.discounting import FEW
from sib.value.irr import Irr, IrrStatus, irr, periodic_irr
from sib.value.irr_batch import BLOCK

QUARTERS = [date(2020 + month // 12, month % 12 + 1, 1) for month in range(0, 120, 3)]


def ordinary(rng: np.random.Generator, scenarios: int) -> np.ndarray:
    """Money drawn over two years, paid back over the eight after them."""
    drawn = -rng.uniform(20, 120, (8, scenarios))
    return np.concatenate([drawn, rng.gamma(2.0, 12.0, (32, scenarios)) * rng.integers(0, 2, (32, scenarios))])


def mixed(rng: np.random.Generator, scenarios: int) -> np.ndarray:
    """Every kind of stream there is."""
    flows = ordinary(rng, scenarios)
    kind = rng.integers(0, 12, scenarios)
    flows[8:, kind == 0] = 0.0  # total loss
    flows[:, kind == 1] = np.abs(flows[:, kind == 1])  # no outlay
    flows[:, kind == 2] = rng.normal(size=(40, (kind == 2).sum()))  # several, or none
    flows[20:23, kind == 3] = -150.0  # topped up
    flows[-1, kind == 4] = -300.0  # paid back at the end
    flows[:, kind == 5] *= -1  # the other side
    flows[:12, kind == 6] = 0.0  # later
    flows[:, kind == 6] -= 30.0 * (np.arange(40) == 12)[:, None]
    flows[30:, kind == 7] = 0.0  # sooner
    flows[:, kind == 8] *= 1e-12
    flows[8:39, kind == 9] = 0.0  # all at once, at the end
    return flows


def stream(batch: Irr, column: int) -> tuple[IrrStatus, list[float]]:
    roots = batch.roots[:, column]
    return IrrStatus(int(batch.status[column])), roots[~np.isnan(roots)].tolist()


@pytest.mark.parametrize("scenarios", [1, FEW - 1, FEW, 3_000])
def test_a_batch_equals_its_streams_one_by_one(scenarios: int) -> None:
    flows = mixed(np.random.default_rng(scenarios), scenarios)
    batch = irr(flows, QUARTERS)
    for column in range(0, scenarios, max(1, scenarios // 600)):
        single = irr(flows[:, column], QUARTERS)
        status, roots = stream(batch, column)
        assert status == single.status
        assert roots == pytest.approx(single.roots, rel=1e-9, abs=1e-11)
        rate = batch.rate[column]
        assert (None if np.isnan(rate) else rate) == (
            None if single.rate is None else pytest.approx(single.rate, rel=1e-9, abs=1e-11)
        )


def test_a_wild_batch_equals_its_streams_one_by_one() -> None:
    rng = np.random.default_rng(3)
    flows = rng.normal(size=(12, 600)) * 10.0 ** rng.uniform(-5, 5, (12, 600)) * rng.integers(0, 2, (12, 600))
    batch = periodic_irr(flows)
    for column in range(600):
        status, roots = stream(batch, column)
        single = periodic_irr(flows[:, column])
        assert status == single.status
        assert roots == pytest.approx(single.roots, rel=1e-8)


def test_what_happens_later_is_worth_the_same() -> None:
    # Empty quarters before the first flow of all change nothing, profit or loss.
    flows = mixed(np.random.default_rng(10), 500)
    later = periodic_irr(np.vstack([np.zeros((7, 500)), flows]))
    np.testing.assert_array_equal(later.status, periodic_irr(flows).status)
    np.testing.assert_allclose(later.rate, periodic_irr(flows).rate, rtol=1e-12)


def test_every_status_occurs_in_the_mixture() -> None:
    status = irr(mixed(np.random.default_rng(1), 3_000), QUARTERS).status
    assert set(status.tolist()) == set(IrrStatus)


def test_fields_of_a_batch_are_arrays() -> None:
    flows = np.array([(-1000, 2500, -1560), (-100, 0, 0), (-100, 200, -110), (1, 1, 1), (-4, 0, 9)], float).T
    batch = periodic_irr(flows)
    assert batch.status.dtype == np.int8
    assert batch.status.tolist() == [
        IrrStatus.SEVERAL,
        IrrStatus.TOTAL_LOSS,
        IrrStatus.NONE,
        IrrStatus.NO_OUTLAY,
        IrrStatus.UNIQUE,
    ]
    # 4 (1+r)^2 = 9 gives 50 %.
    np.testing.assert_allclose(batch.rate, [0.2, -1.0, np.nan, np.nan, 0.5], atol=1e-12)
    np.testing.assert_allclose(batch.roots, [[0.2, np.nan, np.nan, np.nan, 0.5], [0.3, *[np.nan] * 4]], atol=1e-12)


def test_periodic_fields_go_together() -> None:
    batch = periodic_irr(mixed(np.random.default_rng(4), 2_000), periods_per_year=4)
    np.testing.assert_allclose((1 + batch.per_period) ** 4 - 1, batch.rate, rtol=1e-9, atol=1e-12)
    np.testing.assert_array_equal(batch.bond_equivalent, 4 * batch.per_period)


def test_a_batch_longer_than_a_block_keeps_its_order() -> None:
    # One year's growth of each stream is its rate.
    rates = np.linspace(-0.9, 3.0, 2 * BLOCK + 7)
    batch = periodic_irr(np.array([np.full_like(rates, -100.0), 100 * (1 + rates)]))
    np.testing.assert_allclose(batch.rate, rates, rtol=1e-11, atol=1e-14)
    assert (batch.status == IrrStatus.UNIQUE).all()


def test_columns_may_be_permuted() -> None:
    rng = np.random.default_rng(5)
    flows, order = mixed(rng, 1_000), rng.permutation(1_000)
    np.testing.assert_allclose(
        irr(flows[:, order], QUARTERS).rate, irr(flows, QUARTERS).rate[order], rtol=1e-10, atol=1e-12
    )


def test_the_scale_of_a_batch_does_not_matter() -> None:
    flows = mixed(np.random.default_rng(6), 1_000)
    plain = irr(flows, QUARTERS)
    for scale in (1e12, 1e-12, 1e200, 1e-200):
        scaled = irr(flows * scale, QUARTERS)
        np.testing.assert_array_equal(scaled.status, plain.status)
        np.testing.assert_allclose(scaled.rate, plain.rate, rtol=1e-9, atol=1e-11)


def test_the_memory_order_of_the_amounts_does_not_matter() -> None:
    flows = mixed(np.random.default_rng(7), 500)
    np.testing.assert_allclose(
        irr(np.asfortranarray(flows), QUARTERS).rate, irr(flows, QUARTERS).rate, rtol=1e-10, atol=1e-12
    )


def test_the_amounts_stay_as_they_were() -> None:
    flows = mixed(np.random.default_rng(8), 500)
    before = flows.copy()
    irr(flows, QUARTERS)
    np.testing.assert_array_equal(flows, before)


def test_the_same_batch_gives_the_same_bytes() -> None:
    flows = mixed(np.random.default_rng(9), 5_000)
    assert irr(flows, QUARTERS).rate.tobytes() == irr(flows, QUARTERS).rate.tobytes()


def test_a_batch_of_no_scenarios_or_no_periods() -> None:
    assert irr(np.zeros((40, 0)), QUARTERS).rate.shape == (0,)
    assert irr(np.zeros((0, 3)), []).status.tolist() == [IrrStatus.NO_OUTLAY] * 3


def test_double_roots_in_a_batch() -> None:
    rates = np.linspace(-0.6, 2.0, 500)
    growth = 1 + rates
    batch = periodic_irr(np.array([-np.ones_like(growth), 2 * growth, -(growth**2)]))
    assert (batch.status == IrrStatus.UNIQUE).all()
    np.testing.assert_allclose(batch.rate, rates, atol=1e-6)


def test_long_streams() -> None:
    # Forty years of months at 0.5 % a month: a level payment on 100 is 100 i / (1 - v^480).
    payment = 0.5 / (1 - 1.005**-480)
    batch = periodic_irr(np.vstack([np.full((1, 100), -100.0), np.full((480, 100), payment)]), 12)
    np.testing.assert_allclose(batch.per_period, 0.005, rtol=1e-10)
