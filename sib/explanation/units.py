"""What a quantity of the appraisal is in."""

from __future__ import annotations

from typing import Any

from sib.appraisal import Result
from sib.paths import Loc

A_YEAR, FRACTION, TIMES, DATE = "fraction a year", "fraction", "times", "date"

_BY_NAME = {
    **dict.fromkeys(("irr", "irr_roots", "irr_unguaranteed", "periodic_irr", "bond_equivalent", "rate"), A_YEAR),
    **dict.fromkeys(("simple_return", "loss_share", "of_target", "cost_recovery"), FRACTION),
    **dict.fromkeys(("multiple", "bcr", "fiscal_bcr", "cashable_bcr"), TIMES),
    **dict.fromkeys(("payback_years", "cashable_payback_years", "average_life"), "years"),
    **dict.fromkeys(("date", "payback_date", "peak_deficit_date"), DATE),
    **dict.fromkeys(("basis", "unit", "irr_status", "status", "upper_bound", "from", "to", "kind", "cap", "rule"), ""),
}
_MONEY = ("payments", "investors", "payers", "savers", "public_value", "provider", "by_year", "flows")


def unit_of(result: Result, place: Loc, value: Any) -> str:
    """The currency for money, the outcome's own unit for counts, `fraction`, `date`; empty for words."""
    section = str(place[0])
    name = next(str(part) for part in reversed(place) if isinstance(part, str))
    if section == "dates":
        return DATE
    if section == "outcomes":
        return _of_outcome(result, place)
    if isinstance(value, str) and name not in _BY_NAME:
        return ""
    if section in _MONEY and not (section == "flows" and name != "amount"):
        return _BY_NAME.get(name, result.case.currency)
    return _BY_NAME.get(name, "") if section == "flows" else ""


def _of_outcome(result: Result, place: Loc) -> str:
    """A count's unit; a rate and a relative change are fractions."""
    outcome = next(item for item in result.case.deal.outcomes if item.id == place[1])
    if place[2] in ("cost_per_gross", "cost_per_net"):
        return result.case.currency
    if place[2] in ("unit", "of_target", "payable"):
        return {"of_target": FRACTION, "payable": "in the rule's own unit"}.get(str(place[2]), "")
    relative = outcome.kind == "rate" or (outcome.kind == "change" and outcome.change == "relative")
    only_measured = outcome.kind == "change" and result.outcomes[outcome.id].gross is None
    return FRACTION if relative and (place[2] == "measure" or only_measured) else outcome.unit
