"""What was published of a deal, against what the model says of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from sib.appraisal import appraise
from sib.case import Case, Published
from sib.paths import lookup
from sib.problems import CaseError

Status = Literal["replicates", "differs", "known difference", "pending"]


@dataclass(frozen=True)
class Replication:
    """One published answer beside the model's. `difference` is model less published, None where it is no number."""

    case: str
    scenario: str | None
    quantity: str
    published: float | int | str | None
    model: Any
    difference: float | None
    tolerance: float
    status: Status
    independent: bool
    source: str | None
    reason: str


def replicate(case: Case) -> list[Replication]:
    """Every published answer of a case, in the order of the file."""
    scenarios = dict.fromkeys(item.scenario for item in case.published)
    answers = {name: appraise(case, name).as_dict() for name in scenarios}
    titles = {source.id: source.title for source in case.sources}
    return [_row(case, item, answers[item.scenario], titles.get(item.source or "")) for item in case.published]


def _row(case: Case, item: Published, answer: dict[str, Any], source: str | None) -> Replication:
    model = _model_says(answer, item.quantity)
    numbers = isinstance(model, int | float) and isinstance(item.value, int | float)
    difference = model - item.value if numbers else None
    status = _status(item, model, difference)
    reasons = {"known difference": item.known_difference, "pending": item.pending}
    reason = reasons.get(status, item.note)
    return Replication(
        case.id,
        item.scenario,
        item.quantity,
        item.value,
        model,
        difference,
        item.tolerance,
        status,
        item.independent,
        source,
        reason,
    )


def _model_says(answer: dict[str, Any], quantity: str) -> Any:
    try:
        return lookup(answer, quantity)
    except CaseError:
        return None


def _status(item: Published, model: Any, difference: float | None) -> Status:
    """Within the tolerance (and what rounding leaves, 1e-12 of the figure) it replicates."""
    if difference is None:
        agrees = model == item.value
    else:
        agrees = abs(difference) <= item.tolerance + 1e-12 * max(1.0, abs(float(item.value or 0)))
    if agrees:
        return "replicates"
    if item.pending:
        return "pending"
    return "known difference" if item.known_difference else "differs"
