"""One engine: what many scenarios give together, each gives by itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sib
from sib.assumption import Assumption
from sib.case import Case
from sib.cashflow.residuals import residuals_of, tolerance_of
from sib.cashflow.run import Run, run
from sib.files.library import bundled
from sib.terms import terms_in
from tests.building import case_of, plain
from tests.cashflow.test_properties import deals

BENCHMARK = Path(__file__).parents[1] / "benchmarks" / "three-tranches.yaml"
WHERE = ("forecast.", "actuals.", "deal.costs.")


def random_draws(case: Case, seed: int, scenarios: int) -> dict[str, np.ndarray]:
    """Every number that is expected, within its range or within a fifth of its value, some of them nothing at all;
    and all terms that are more than one, moved together."""
    rng = np.random.default_rng(seed)
    found = {}
    factor = rng.uniform(0.8, 1.2, scenarios)
    for path, term in terms_in(case):
        if path.startswith(WHERE):
            has_range = isinstance(term, Assumption) and term.has_range
            low, high = (term.low, term.high) if has_range else (0.8 * term.value, 1.2 * term.value)
            row = rng.uniform(min(low, high), max(low, high), scenarios)
            row[rng.random(scenarios) < 0.1] = 0.0
            found[path] = np.minimum(row, 1.0) if 0 <= term.value <= 1 else row
        elif path.startswith("deal.") and term.value > 1:
            found[path] = term.value * factor
    return found


def assert_each_runs_as_it_runs_alone(case: Case, draws: dict[str, np.ndarray], scenarios: int) -> None:
    together = run(case, draws)
    assert max(residuals_of(together).values()) <= tolerance_of(together)
    for column in range(scenarios):
        alone = run(case, {path: row[column : column + 1] for path, row in draws.items()})
        assert_same(together, alone, column)


def assert_same(together: Run, alone: Run, column: int) -> None:
    most = max([1.0, *(abs(np.asarray(rows)).max() for _, rows in alone.ledger)])
    for name, one, other in (
        ("ledger", dict(together.ledger), dict(alone.ledger)),
        ("clipped", together.payments.clipped, alone.payments.clipped),
    ):
        for entry in {**one, **other}:
            both = [_column(rows.get(entry, 0.0), at) for rows, at in ((one, column), (other, 0))]
            assert np.allclose(*both, rtol=1e-9, atol=1e-9 * most), (name, entry, column)
    for one, other in zip(together.savings, alone.savings, strict=True):
        assert np.allclose(_column(one.gross, column), _column(other.gross, 0), rtol=1e-9)


def _column(rows: object, column: int) -> np.ndarray:
    rows = np.atleast_2d(np.asarray(rows))
    return rows[:, min(column, rows.shape[1] - 1)]


@pytest.mark.parametrize("name", [*bundled(), str(BENCHMARK)], ids=lambda name: Path(name).stem)
def test_every_scenario_of_a_bundled_case_runs_as_it_runs_alone(name):
    case = sib.load(name)
    assert_each_runs_as_it_runs_alone(case, random_draws(case, 9, 6), 6)


@settings(max_examples=30)
@given(deals(), st.integers(0, 1000))
def test_every_scenario_of_a_made_deal_runs_as_it_runs_alone(data, seed):
    case = case_of(data)
    assert_each_runs_as_it_runs_alone(case, random_draws(case, seed, 4), 4)


def counted_by(per_quarter: tuple[float, ...]) -> Case:
    """A schedule of a count: 7 a unit; what comes in each quarter is a number of its own."""
    data = plain(
        deal={
            "payments": [
                {"id": "s", "kind": "schedule", "outcome": "work", "paid_by": "Council", "form": "joined"}
                | {"points": [{"at": 0, "pays": 0}, {"at": 100, "pays": 700}]}
            ]
        },
        forecast={
            "cohorts": [{"id": "all", "starts": list(per_quarter)}],
            "outcomes": [{"id": "work", "per_start": 1}],
        },
    )
    return case_of(data)


def test_a_schedule_of_a_count_is_read_on_each_scenarios_own_last_claim():
    # Scenario 0 claims 10 in the first quarter and 5 in the third; scenario 1 claims its last, 20, in the first.
    case = counted_by((10, 0, 5))
    paths = [f"forecast.cohorts.all.starts[{i}]" for i in range(3)]
    draws = dict(zip(paths, np.array([[10, 20], [0, 0], [5, 0]], float), strict=True))
    paid = np.asarray(run(case, draws).payments.paid["s"])
    days = [day.isoformat() for day in run(case).timeline.dates]
    assert paid[days.index("2020-09-30")].tolist() == [15 * 7, 0]
    assert paid[days.index("2020-03-31")].tolist() == [0, 20 * 7]
    assert paid.sum(axis=0).tolist() == [105, 140]
