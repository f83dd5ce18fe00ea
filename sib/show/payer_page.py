"""One printable page for each payer: what it pays, what comes back, when it is better off, and what would turn that."""

from __future__ import annotations

from collections.abc import Iterator

from sib.appraisal import Result
from sib.show import payer_tables
from sib.show.html import beside, chart, pairs, tables
from sib.show.organisation_words import what_comes_back, what_flips_it, what_it_pays, when_better_off
from sib.show.payer_charts import has_money, money_back
from sib.value.organisations import Organisation


def pieces(result: Result, one: Organisation) -> tuple[str, ...]:
    """The pieces of one payer's page in their order."""
    return (
        pairs(_answers(result, one), "answer"),
        chart(money_back(result, one)) if has_money(one) else "",
        tables(payer_tables.years(result, one)) if has_money(one) or one.most else "",
        beside(payer_tables.purposes(result, one), payer_tables.budgets(result, one)),
    )


def _answers(result: Result, one: Organisation) -> Iterator[tuple[str, str]]:
    yield "What it pays", what_it_pays(result, one)
    yield "What comes back", what_comes_back(result, one)
    yield "Better off", when_better_off(result, one)
    flips = what_flips_it(result, one)
    if flips:
        yield "What would turn that", " ".join(flips)
