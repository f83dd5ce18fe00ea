"""Which parts a report has, and why a part is absent."""

from __future__ import annotations

from sib.appraisal import Result
from sib.show import price_page, uncertainty_page
from sib.value.other_ways import other_ways

PAYER_PAGES = "payer-pages"
PARTS = {
    "answer": "The deal and the answer",
    "outcomes": "Outcomes and payments",
    "scenarios": "Named scenarios side by side",
    "investors": "The investors' page",
    "payers": "Gain and loss by organisation",
    PAYER_PAGES: "The payers' pages",
    "public-value": "Public value",
    "other-ways": "Other ways to pay",
    "prices": "The price of an outcome",
    "provider": "The provider's page",
    "uncertainty": "How sure is that",
    "measurement": "Measurement risk",
    "deal-space": "Terms that could be signed",
    "years": "Financial years",
    "published": "Published against modelled",
    "assumptions": "Assumptions, terms and sources",
    "checks": "Checks",
}


def absent(result: Result) -> dict[str, str]:
    """The parts that this case can't fill, each with what is missing."""
    case = result.case
    no_payers = (not case.deal.payers, "the case has no payers")
    lacking = {
        "scenarios": (not case.scenarios, "the case names no scenarios"),
        "investors": (result.investors.drawn is None, "the case has no investors"),
        "payers": no_payers,
        PAYER_PAGES: no_payers,
        "public-value": (case.appraisal.basis is None, "the case gives no basis for it"),
        "other-ways": (other_ways(case) is None, "the case states no cost of delivery, or no effect that could fail"),
        "prices": (not price_page.known(result), "no rule pays a price that can be set against costs or savings"),
        "provider": (result.provider.cost is None, "the case states no provider costs"),
        "published": (not case.published, "the case holds no published results"),
    }
    found = {name: reason for name, (missing, reason) in lacking.items() if missing}
    return found | _unsure(result)


def _unsure(result: Result) -> dict[str, str]:
    """The parts about uncertainty that this case can't fill."""
    reasons = {
        "uncertainty": uncertainty_page.why_not_sure(result),
        "measurement": uncertainty_page.why_no_measurement(result),
        "deal-space": uncertainty_page.why_no_space(result),
    }
    return {name: reason for name, reason in reasons.items() if reason}


def present(result: Result) -> dict[str, str]:
    """The parts of this report in their order, each with its title; every payer has a page of its own."""
    gone = absent(result)
    found = {name: title for name, title in PARTS.items() if name not in gone}
    titles: dict[str, str] = {}
    for name, title in found.items():
        titles |= payer_pages(result) if name == PAYER_PAGES else {name: title}
    return titles


def payer_pages(result: Result) -> dict[str, str]:
    """The payers' pages, each with its title."""
    return {f"payer-{i}": f"The page of {name}" for i, name in enumerate(result.case.deal.payers, 1)}
