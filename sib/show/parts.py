"""Which parts a report has, and why a part is absent."""

from __future__ import annotations

from sib.appraisal import Result

PARTS = {
    "answer": "The deal and the answer",
    "outcomes": "Outcomes and payments",
    "scenarios": "Named scenarios side by side",
    "investors": "The investors' page",
    "payers": "The payers' page",
    "provider": "The provider's page",
    "years": "Financial years",
    "published": "Published against modelled",
    "assumptions": "Assumptions, terms and sources",
    "checks": "Checks",
}


def absent(result: Result) -> dict[str, str]:
    """The parts that this case can't fill, each with what is missing."""
    case = result.case
    lacking = {
        "scenarios": (not case.scenarios, "the case names no scenarios"),
        "investors": (result.investors.drawn is None, "the case has no investors"),
        "payers": (not case.deal.payers, "the case has no payers"),
        "provider": (result.provider.cost is None, "the case states no provider costs"),
        "published": (not case.published, "the case holds no published results"),
    }
    return {name: reason for name, (missing, reason) in lacking.items() if missing}


def present(result: Result) -> dict[str, str]:
    """The parts of this report in their order, each with its title."""
    return {name: title for name, title in PARTS.items() if name not in absent(result)}
