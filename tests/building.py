"""Small cases for tests: a plain deal that a test changes by path."""

from __future__ import annotations

import copy
from typing import Any

from sib.appraisal import Result, appraise
from sib.case import Case
from sib.consistency import contradictions

PLAIN: dict[str, Any] = {
    "title": "Plain",
    "currency": "GBP",
    "deal": {
        "start": "2020-01-01",
        "service_end": "2021-12-31",
        "period": "quarter",
        "parties": [
            {"id": "Council", "role": "payer"},
            {"id": "Charity", "role": "provider"},
            {"id": "Fund", "role": "investor"},
        ],
        "outcomes": [{"id": "work", "kind": "count"}],
        "payments": [{"id": "work", "kind": "tariff", "outcome": "work", "price": 1000, "paid_by": "Council"}],
    },
    "forecast": {
        "cohorts": [{"id": "all", "starts": 80}],
        "outcomes": [{"id": "work", "per_start": 0.5}],
    },
}


def plain(**sections: Any) -> dict[str, Any]:
    """The plain case's data, with keys of `deal` and `forecast` (or whole sections) replaced."""
    data = copy.deepcopy(PLAIN)
    for name, value in sections.items():
        if name in ("deal", "forecast"):
            data[name].update(value)
        else:
            data[name] = value
    return data


def case_of(data: dict[str, Any]) -> Case:
    """A case that holds together."""
    case = Case.from_data(data)
    assert contradictions(case) == []
    return case


def result_of(data: dict[str, Any], scenario: str | None = None) -> Result:
    """An appraisal whose every residual holds."""
    result = appraise(case_of(data), scenario)
    worst = max(result.residuals.items(), key=lambda item: item[1])
    assert worst[1] <= result.residual_tolerance, worst
    return result


def flows(result: Result, kind: str) -> dict[str, float]:
    """The amounts of one kind of flow by date."""
    sums: dict[str, float] = {}
    for flow in result.flows:
        if flow.kind == kind:
            sums[flow.date.isoformat()] = sums.get(flow.date.isoformat(), 0.0) + flow.amount
    return sums
