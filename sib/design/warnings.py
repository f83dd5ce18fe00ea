"""What is not wrong in a case, but would mislead whoever reads its savings without being told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sib.appraisal import Result
from sib.cashflow.axis import last_worth
from sib.forecast.outcomes import OutcomeExpected
from sib.value.payers import savers_of

JUDGEMENT = 6
"""The grade of uncorroborated expert judgement."""


@dataclass(frozen=True)
class Warned:
    """A warning: a name for its kind, the path of what it is about, and what it means in a sentence or two."""

    code: str
    path: str
    message: str


def warnings(result: Result) -> list[Warned]:
    """Everything of which the reader of an appraisal must be warned, the gravest first."""
    return [found for check in CHECKS for found in check(result)]


def _counterfactual(result: Result) -> Iterator[Warned]:
    """Money hangs on an outcome of which nobody knows what would have happened anyway."""
    matters = {rule.outcome for rule in result.case.deal.payments if hasattr(rule, "outcome")}
    matters |= {item.outcome for item in (*result.case.forecast.savings, *result.case.forecast.benefits)}
    told: set[str] = set()
    for item in result.case.forecast.outcomes:
        why = _no_counterfactual(item)
        if item.of in matters and item.of not in told and why:
            told.add(item.of)
            path = f"forecast.outcomes.{item.id}" + (".counterfactual" if item.counterfactual is not None else "")
            message = (
                f"what would have become of {item.of!r} without the service {why}; its net, and what it saves, may"
            )
            yield Warned("missing-counterfactual", path, f"{message} be much smaller. A comparison group would tell.")


def _no_counterfactual(item: OutcomeExpected) -> str | None:
    without, known = item.counterfactual, item.net or item.change
    if known is not None and known.grade == JUDGEMENT:
        return f"is a judgement and was not measured (a difference of {known.value:g} is believed)"
    if item.per_start is None:
        return None
    if without is None:
        return "is not stated, so that every outcome counts as the service's own"
    if without.grade == JUDGEMENT:
        return f"is a judgement and was not measured ({without.value:g} for each start)"
    if without.value == 0 and without.source is None and without.grade is None:
        return "is put at nothing, with neither source nor grade, so that every outcome counts as the service's own"
    return None


def _others_save(result: Result) -> Iterator[Warned]:
    """All savings fall to organisations that do not pay."""
    savers, paying = savers_of(result.run), [name for name, view in result.payers.items() if view.paid > 0]
    if savers and paying and not set(savers) & set(paying):
        message = (
            f"all savings fall to {_listed(savers)}, which {_pay_nothing(savers)}; {_listed(paying)} "
            f"{'pays' if len(paying) == 1 else 'pay'} {result.payments.total:,.0f} {result.case.currency} and "
            f"{'saves' if len(paying) == 1 else 'save'} nothing."
        )
        forecast = result.case.forecast
        kind, first = ("savings", forecast.savings[0]) if forecast.savings else ("replaced", forecast.replaced[0])
        yield Warned("savings-elsewhere", f"forecast.{kind}.{first.id}.saved_by", message)


def _horizon(result: Result) -> Iterator[Warned]:
    """The appraisal ends before the last saving falls."""
    horizon = result.case.appraisal.horizon
    if horizon is None:
        return
    for name in ("savings", "benefits"):
        for item in getattr(result.case.forecast, name):
            last = last_worth(result.case, item)
            if last > horizon:
                yield Warned(
                    "horizon-before-last-saving",
                    "appraisal.horizon",
                    f"the appraisal ends {horizon}, but {item.id!r} goes on until {last}; later ones are left out.",
                )


def _cashable(result: Result) -> Iterator[Warned]:
    """Nobody says how much of a saving is cash."""
    hints = {"savings": "a share, or the steps in which cost is released", "replaced": "the share that truly stops"}
    for kind, hint in hints.items():
        for item in getattr(result.case.forecast, kind):
            if item.cashable is None:
                yield Warned(
                    "cashable-not-stated",
                    f"forecast.{kind}.{item.id}",
                    f"how much of {item.id!r} can be taken out of a budget is not stated; freed capacity is not cash. "
                    f"Add cashable: {hint}.",
                )


def _pay_nothing(names: list[str]) -> str:
    return "does not pay" if len(names) == 1 else "do not pay"


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


CHECKS = (_others_save, _counterfactual, _horizon, _cashable)
