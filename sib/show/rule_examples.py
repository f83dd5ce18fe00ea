"""A small contract for each kind of payment rule, to draw it: 100 people, one payer, one provider."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

from sib.case import Case

PEOPLE: dict[str, Any] = {
    "title": "Example",
    "currency": "GBP",
    "deal": {
        "start": "2026-01-01",
        "service_end": "2026-12-31",
        "period": "quarter",
        "parties": [{"id": "Council", "role": "payer"}, {"id": "Charity", "role": "provider"}],
        "outcomes": [{"id": "work", "title": "People in work", "kind": "count", "unit": "people"}],
        "payments": [{"id": "rule", "kind": "tariff", "outcome": "work", "price": 1_000, "paid_by": "Council"}],
    },
    "forecast": {"cohorts": [{"id": "all", "starts": 100}], "outcomes": [{"id": "work", "per_start": 0.5}]},
}
NIGHTS: dict[str, Any] = {
    "id": "nights", "title": "Fall in nights in hospital", "kind": "change", "good": "less", "unit": "fall in nights",
    "measured": "2026-12-31",
}  # fmt: skip


@dataclass(frozen=True)
class Example:
    """One kind of rule: what it is called, a sentence about it, and the case whose rule `rule` it is."""

    title: str
    about: str
    case: Case


def _people(**rule: Any) -> Case:
    """The example with people in work, and this rule changed."""
    data = copy.deepcopy(PEOPLE)
    data["deal"]["payments"][0] |= rule
    return Case.from_data(data)


def _capped() -> Case:
    """The same with a cap on the contract."""
    data = copy.deepcopy(PEOPLE)
    data["deal"]["caps"] = [{"id": "contract", "amount": 60_000}]
    return Case.from_data(data)


def _nights(**rule: Any) -> Case:
    """The example with a fall against a control group, of 12 %, and this rule."""
    data = copy.deepcopy(PEOPLE)
    data["deal"]["outcomes"] = [NIGHTS]
    data["deal"]["payments"] = [{"id": "rule", "outcome": "nights", "paid_by": "Council", **rule}]
    data["forecast"]["outcomes"] = [{"id": "nights", "per_start": 7.92, "counterfactual": 9.0}]
    return Case.from_data(data)


def _points(*points: tuple[float, float]) -> list[dict[str, float]]:
    return [{"at": at, "pays": pays} for at, pays in points]


def _saving() -> Case:
    """What 20 net outcomes save at 3,000 each, shared at 95 % until a loan of 40,000 is repaid, then at 40 %."""
    data = copy.deepcopy(PEOPLE)
    data["deal"] |= {
        "last_payment": "2027-12-31",
        "parties": [*data["deal"]["parties"], {"id": "Fund", "role": "investor"}],
        "payments": [
            {"id": "rule", "kind": "share", "of": {"saving": "benefits"}, "share": 0.95, "once_repaid": 0.4,
             "paid_by": "Council"}
        ],
        "tranches": [{"id": "loan", "investor": "Fund", "commitment": 40_000, "interest": {"rate": 0.05}}],
    }  # fmt: skip
    data["forecast"] = {
        "cohorts": [{"id": "all", "starts": 100}],
        "outcomes": [{"id": "work", "per_start": 0.5, "counterfactual": 0.3}],
        "savings": [
            {"id": "benefits", "title": "Saving", "outcome": "work", "unit_value": 3_000, "saved_by": "Council"}
        ],
    }
    return Case.from_data(data)


def _per_person(bundles: list[dict[str, Any]]) -> Case:
    """Qualifications at 1,000 each, at most 1,500 for one person."""
    data = copy.deepcopy(PEOPLE)
    data["deal"]["outcomes"] = [{"id": "work", "title": "Qualifications", "kind": "count", "unit": "qualifications"}]
    data["deal"]["caps"] = [{"id": "person", "amount": 1_500, "per": "person"}]
    data["forecast"]["outcomes"][0]["per_start"] = 1.2
    data["forecast"]["bundles"] = bundles
    return Case.from_data(data)


SPREAD = [
    {"id": "none", "share": 0.4, "claims": {}},
    {"id": "one", "share": 0.3, "claims": {"work": 1}},
    {"id": "three", "share": 0.3, "claims": {"work": 3}},
]
STEPS = _points((0.05, 40_000), (0.10, 90_000), (0.15, 120_000))


def examples() -> dict[str, Example]:
    """Every kind of rule by a short name."""
    return {
        "tariff": Example("Tariff", "Count x price. Nothing else is said, so it never ends.", _people()),
        "cap": Example(
            "Tariff with a cap", "The same, and no more than 60,000 in all.",
            _capped(),
        ),
        "stepped": Example(
            "Stepped schedule", "A table of the fall in nights: the last step reached counts.",
            _nights(kind="schedule", form="stepped", points=STEPS),
        ),
        "joined": Example(
            "Joined schedule", "The same points joined by straight lines.",
            _nights(kind="schedule", form="joined", points=[*_points((0, 0)), *STEPS]),
        ),
        "gate": Example(
            "Tariff behind a threshold", "So much for each night avoided, once the fall reaches 10 %.",
            _nights(kind="tariff", pays_on="net", price=800, gate={"outcome": "nights", "at_least": 0.10}),
        ),
        "two-sided": Example(
            "Two-sided schedule", "The provider pays back where things get worse.",
            _nights(kind="schedule", form="joined", below=-60_000,
                    points=_points((-0.05, -60_000), (0, 0), (0.15, 120_000))),
        ),
        "saving": Example(
            "Share of a saving", "95 % of a saving until a loan of 40,000 is repaid, then 40 %; shared each quarter.",
            _saving(),
        ),
        "ceiling": Example("Ceiling", "No more than 60 of the 100 who start may be claimed for.", _people(ceiling=0.6)),
        "person": Example(
            "Cap per person, on the average",
            "At most 1,500 a person, and nothing said of how claims are spread: the most that may come of it.",
            _per_person([]),
        ),
        "bundles": Example(
            "Cap per person, with the spread of claims",
            "The same, where four in ten claim nothing, three in ten one and three in ten three.",
            _per_person(SPREAD),
        ),
    }  # fmt: skip
