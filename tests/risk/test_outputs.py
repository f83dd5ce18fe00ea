"""The results of all scenarios at once are those of the appraisal."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import pytest

import sib
from sib.cashflow.run import run
from sib.numbers import terms_in
from sib.risk.outputs import outputs
from sib.value.flows import DAYS_PER_YEAR

RETURNS = ("drawn", "received", "irr", "multiple", "simple_return", "npv", "peak_exposure", "loss", "loss_share")
OUTCOMES = ("gross", "counterfactual", "net", "evidenced", "accepted", "payable", "of_target", "measure")
PUBLIC = ("npsv", "bcr", "fiscal_bcr", "cashable_bcr")
PROVIDER = ("received", "cost", "margin", "cost_recovery", "peak_deficit")


def numbers_in(data: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(data, dict):
        for key, item in data.items():
            yield from numbers_in(item, f"{path}.{key}" if path else key)
    elif not isinstance(data, str | list | bool):
        yield path, data


def wanted(answer: dict[str, Any]) -> dict[str, Any]:
    """The numbers of an appraisal that a simulation reports."""
    found = dict(numbers_in({key: answer[key] for key in ("payers", "savers")}, ""))
    for name, view in answer["outcomes"].items():
        found |= {f"outcomes.{name}.{key}": view[key] for key in OUTCOMES}
    found |= {"payments.total": answer["payments"]["total"]}
    found |= dict(numbers_in({key: answer["payments"][key] for key in ("by_payer", "by_rule")}, "payments"))
    found |= {f"provider.{key}": answer["provider"][key] for key in PROVIDER}
    found |= {f"investors.{key}": answer["investors"][key] for key in RETURNS}
    found |= {f"public_value.{key}": answer["public_value"][key] for key in PUBLIC}
    for name, view in answer["investors"]["tranches"].items():
        found |= {f"investors.tranches.{name}.{key}": view[key] for key in RETURNS}
    return found


@pytest.mark.parametrize("name", sib.bundled())
def test_every_number_of_the_base_case_agrees_with_the_appraisal(name):
    case = sib.load(name)
    answer, found = sib.appraise(case).as_dict(), outputs(run(case))
    for path, value in wanted(answer).items():
        if value is None:
            assert path not in found or math.isnan(found[path][0]), path
        else:
            assert found[path].shape == (1,)
            assert found[path][0] == pytest.approx(value, rel=1e-9, abs=1e-8), path


@pytest.mark.parametrize("name", sib.bundled())
def test_payback_counts_years_from_the_start_of_the_contract(name):
    case = sib.load(name)
    answer, found = sib.appraise(case).as_dict(), outputs(run(case))
    told = answer["investors"]["payback_date"]
    years = found.get("investors.payback_years", np.array([math.nan]))[0]
    if told is None:
        assert math.isnan(years)
    else:
        days = (date.fromisoformat(told) - case.deal.start).days
        assert years == pytest.approx(days / DAYS_PER_YEAR)


def test_two_scenarios_in_one_run_are_two_runs():
    case = sib.load("educate-girls")
    price = next(path for path, _ in terms_in(case) if path.endswith(".price"))
    values = np.array([10.0, 40.0])
    both = outputs(run(case, {price: values}))
    assert both["payments.total"][0] != both["payments.total"][1]
    for i, value in enumerate(values):
        alone = outputs(run(case.changed({price: float(value)})[0]))
        assert set(alone) == set(both)
        for path, row in alone.items():
            assert both[path][i] == pytest.approx(row[0], rel=1e-9, abs=1e-6, nan_ok=True), path
