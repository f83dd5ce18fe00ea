"""How each saving and benefit is worked out, told in one line: what, when, how long, how much of it is claimed."""

from __future__ import annotations

from collections.abc import Iterator

from sib.basis.additionality import optimism_bias
from sib.case import Case
from sib.forecast.benefits import BenefitExpected, ReleasedInSteps, SavingExpected, ServiceReplaced, Worth
from sib.periods import Duration
from sib.show import formats
from sib.show.table import Column, Table


def worked_out(case: Case) -> Table:
    """A line for each saving, service replaced and benefit; no rows where the case has none."""
    forecast = case.forecast
    worths: tuple[SavingExpected | BenefitExpected, ...] = (*forecast.savings, *forecast.benefits)
    rows = [(item.title or item.id, _sentence(case, item)) for item in worths]
    rows += [(item.title or item.id, _replaced(case, item)) for item in forecast.replaced]
    return Table(
        "How savings and benefits are worked out", (Column("Saving"), Column("For each net outcome")), tuple(rows)
    )


def _sentence(case: Case, item: SavingExpected | BenefitExpected) -> str:
    parts = [_value(case, item), *_course(item), *_claimed(item)]
    parts += _of_saving(case, item) if isinstance(item, SavingExpected) else _of_benefit(item)
    return "; ".join(parts) + "."


def _value(case: Case, item: Worth) -> str:
    costs = {cost.id: cost for cost in case.forecast.unit_costs}
    cost = costs.get(item.unit_cost or "")
    amount = item.unit_value.value if item.unit_value else cost.value.value if cost else 0.0
    year = item.price_year or (cost.price_year if cost else None)
    named = f" (unit cost “{cost.id}”)" if cost else ""
    a_year = " a year" if item.lasts else ""
    prices = f" in prices of {year}" if year else " in cash of the day"
    titles = {outcome.id: outcome.title or outcome.id for outcome in case.deal.outcomes}
    return f"{formats.money(case.currency, amount)}{a_year}{named} for “{titles[item.outcome]}”,{prices}"


def _course(item: Worth) -> Iterator[str]:
    if item.lag:
        yield f"from {length(item.lag)} after the outcome"
    if item.lasts:
        fades = f", {_share(item.drop_off.value)} less each year" if item.drop_off else ""
        yield f"for {length(item.lasts)}{fades}"


def _claimed(item: Worth) -> Iterator[str]:
    """What is taken off before it is this deal's."""
    if item.attribution:
        yield f"{_share(item.attribution.value)} of it this deal's"
    if item.displacement:
        yield f"{_share(item.displacement.value)} off for displacement"
    if item.optimism_grade:
        yield f"{_share(optimism_bias(item.optimism_grade))} off for optimism (evidence of grade {item.optimism_grade})"
    if item.optimism_bias:
        yield f"{_share(item.optimism_bias.value)} off for optimism"


def _of_saving(case: Case, item: SavingExpected) -> Iterator[str]:
    shares = item.saved_by.shares or {}
    yield "saved by " + formats.listed([f"{name} ({_share(share.value)})" for name, share in shares.items()])
    if item.transfer:
        yield "a transfer: in budgets, not in public value"
    if isinstance(item.cashable, ReleasedInSteps):
        steps = item.cashable
        marginal = formats.money(case.currency, steps.marginal_cost.value)
        yield (
            f"cash in steps of {formats.count(steps.step.value)} places, {_share(steps.backfill.value)} of them filled "
            f"again, at {marginal} a place and year"
        )
    else:
        yield "cashable part not stated" if item.cashable is None else f"{_share(item.cashable.value)} of it cash"


def _of_benefit(item: BenefitExpected) -> Iterator[str]:
    yield f"{item.kind}, in no budget{', discounted as health' if item.health else ''}"


def _replaced(case: Case, item: ServiceReplaced) -> str:
    cash = "cashable part not stated" if item.cashable is None else f"{_share(item.cashable.value)} of it cash"
    amount = formats.money(case.currency, item.a_year.value)
    return f"{amount} a year that {item.saved_by} need not pay while the deal runs, in cash of the day; {cash}."


def length(duration: Duration) -> str:
    """A length of time in words: `3 years`, `6 months`, `45 days`."""
    if duration.days:
        return f"{duration.days} days"
    years, months = divmod(duration.months, 12)
    number, unit = (years, "year") if months == 0 else (duration.months, "month")
    return f"{number} {unit}{'' if number == 1 else 's'}"


def _share(value: float) -> str:
    return formats.percent(value, places=0 if abs(value * 100 - round(value * 100)) < 1e-9 else 1)
