"""What is said of one organisation: what it pays, what comes back, when it is better off, and what would turn that."""

from __future__ import annotations

from collections.abc import Mapping

from sib.appraisal import Result
from sib.show import formats
from sib.show.findings import NOTHING
from sib.show.switch_words import condition, telling
from sib.value.budget_lines import budget_lines
from sib.value.organisations import Organisation
from sib.value.payers import savers_of
from sib.value.switching import Answer, Switch, cashable_net_of, net_of, switching_values, turn_of


def total(by_year: Mapping[str, float] | None) -> float | None:
    """The sum of the years; None for what is not known."""
    return None if by_year is None else sum(by_year.values())


def spent(one: Organisation) -> float:
    """Payments and own costs in all."""
    return sum(one.paid.values()) + sum(one.own_costs.values())


def saved(one: Organisation) -> float:
    """Gross savings in all."""
    return sum(one.savings.values())


def _years_with(by_year: Mapping[str, float]) -> list[str]:
    return [year for year, amount in by_year.items() if abs(amount) >= NOTHING]


def what_it_pays(result: Result, one: Organisation) -> str:
    """Payments and own costs, when, and the most that it may be called on for."""
    currency, own = result.case.currency, sum(one.own_costs.values())
    years, paid = _years_with(one.paid), sum(one.paid.values())
    when = "" if not years else f" in {years[0]}" if len(years) == 1 else f" between {years[0]} and {years[-1]}"
    words = f"{formats.money(currency, paid)} for outcomes and fees{when}" if years else "Nothing is expected"
    if own >= NOTHING:
        words += f", and {formats.money(currency, own)} of own costs"
    return f"{words}.{_at_most(result, one)}"


def _at_most(result: Result, one: Organisation) -> str:
    if one.most is None:
        return " Nothing in the contract limits what it may be called on to pay." if one.pays else ""
    largest = max(one.most.values(), default=0.0)
    if largest < NOTHING:
        return ""
    return f" In one year it may be called on for {formats.money(result.case.currency, largest)} at most."


def what_comes_back(result: Result, one: Organisation) -> str:
    """Gross savings, and how much of them is cash."""
    currency, gross, cash = result.case.currency, saved(one), total(one.cashable)
    if abs(gross) < NOTHING:
        others = [name for name in savers_of(result.run) if name != one.name]
        return f"Nothing: all savings fall to {formats.listed(others)}." if others else "The case states no savings."
    words = f"{formats.money(currency, gross)} is saved. "
    if cash is None:
        return f"{words}How much of it is cash is not stated.{_ring_fence(result, one)}"
    parts = f"{formats.money(currency, cash)} of it is cash; {formats.money(currency, gross - cash)} never is."
    return f"{words}{parts}{_ring_fence(result, one)}"


def _ring_fence(result: Result, one: Organisation) -> str:
    fenced = [line.title for line in budget_lines(result.run, one.name) if line.ring_fenced]
    if not fenced:
        return ""
    are = "is ring-fenced" if len(fenced) == 1 else "are ring-fenced"
    return f" The budget for {formats.listed(fenced)} {are}: what is saved there has to stay there."


def when_better_off(result: Result, one: Organisation) -> str:
    """The year in which it has its money back, gross and in cash, or never."""
    if spent(one) < NOTHING and abs(saved(one)) < NOTHING:
        return "It pays nothing and saves nothing in this case."
    if not result.run.savings:
        return "Not known: the case states no savings."
    if abs(saved(one)) < NOTHING:
        return f"Never: it spends {formats.money(result.case.currency, spent(one))} and saves nothing."
    gross = _from(result, one.better_off_from, one.total_net)
    if one.cashable is None:
        return f"On gross savings {gross}. In cash: not known, because how much of the savings is cash is not stated."
    cash = _from(result, one.better_off_in_cash_from, one.total_net_cashable or 0.0)
    return f"On gross savings {gross}. In cash {cash}."


def _from(result: Result, year: str | None, net: float) -> str:
    if year is not None:
        return f"from the end of {year}, {formats.money(result.case.currency, net)} ahead in all"
    return f"never: it ends {formats.money(result.case.currency, -net)} short"


def what_flips_it(result: Result, one: Organisation) -> list[str]:
    """The nearest assumption that alone turns the answer: in cash, and on gross savings."""
    if abs(saved(one)) < NOTHING:
        return []
    said: list[str] = []
    if one.cashable is not None:
        said += _flip(result, cashable_net_of(one.name), one, (one.total_net_cashable or 0.0, " in cash"))
    how = " even on gross savings" if said else " on gross savings"
    return said + _flip(result, net_of(one.name), one, (one.total_net, how))


def _flip(result: Result, answer: Answer, one: Organisation, net: tuple[float, str]) -> list[str]:
    nearest = telling(switching_values(result.case, answer))[:1]
    amount, how = net
    if not nearest:
        return [f"No single number of the forecast turns the answer{how}."]
    words = condition(result.case, nearest[0])
    if amount >= 0:
        return [f"If {words}, {one.name} never gets its money back{how}."]
    why = _why(result, nearest[0], one, answer)
    return [f"{one.name} gets its money back{how.replace(' even', '')} only if {words}{why}."]


def _why(result: Result, item: Switch, one: Organisation, answer: Answer) -> str:
    """That it is better off by paying less and not by saving more, where that is so."""
    turn = turn_of(result.case, item, one.name, answer)
    if turn.saved_more >= NOTHING or turn.paid_more > -NOTHING:
        return ""
    pays = f"{formats.money(result.case.currency, -turn.paid_more)} less" if turn.paid >= NOTHING else "nothing"
    saves = "it saves no more" if turn.saved_more > -NOTHING else "it saves less too"
    return f": because it then pays {pays}; {saves}"


def about_organisation(result: Result, one: Organisation) -> str:
    """The title of its chart: whether it has its money back in cash, and from when on."""
    currency = result.case.currency
    if abs(saved(one)) < NOTHING:
        nothing = "saves nothing" if result.run.savings else "the case states no savings"
        return f"{one.name} spends {formats.money(currency, spent(one))}" + (
            f" and {nothing}" if result.run.savings else f"; {nothing}"
        )
    if one.cashable is None:
        gross = f"from the end of {one.better_off_from}" if one.better_off_from else "never"
        return f"{one.name} is better off on gross savings {gross}; how much of that is cash is not known"
    if one.better_off_in_cash_from is not None:
        return f"{one.name} is better off in cash from the end of {one.better_off_in_cash_from}"
    return (
        f"{one.name} never gets its money back in cash: {formats.money(currency, -(one.total_net_cashable or 0))} short"
    )
