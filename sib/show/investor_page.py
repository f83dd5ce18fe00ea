"""The investors' page of the report: what they put in and get back, in which order, and at which level of outcomes."""

from __future__ import annotations

from sib.appraisal import Result
from sib.show import investor_charts, investor_tables, ladder_tables
from sib.show.html import chart, paragraph, tables
from sib.show.investor_words import first_loss_sentences
from sib.show.sentences import answer
from sib.show.table import Table
from sib.value.ladder import ladder
from sib.value.waterfall_of_a_pound import waterfall_of_a_pound


def pieces(result: Result) -> tuple[str, ...]:
    """The pieces of the page in their order."""
    return (
        paragraph(answer(result).investors),
        tables(investor_tables.returns(result), *_by_investor(result)),
        *_over_time(result),
        *_by_outcome(result),
        tables(investor_tables.investor_flows(result)),
    )


def _by_investor(result: Result) -> tuple[Table, ...]:
    """Where investors share tranches, or hold several, what each of them has."""
    held = [tranche.investors for tranche in result.case.deal.tranches if not tranche.is_grant]
    one_each = len(set(held)) == len(held) and all(len(names) == 1 for names in held)
    return () if one_each else (investor_tables.by_investor(result),)


def _over_time(result: Result) -> tuple[str, ...]:
    if not result.investors.drawn:
        return ()
    return (chart(investor_charts.flows_by_tranche(result)), chart(investor_charts.outstanding(result)))


def _by_outcome(result: Result) -> tuple[str, ...]:
    """The waterfall of a pound, the first lost pound, and the ladder; without outcomes that pay there are none."""
    pounds = waterfall_of_a_pound(result.case)
    found = ladder(result.case)
    if pounds is None or found is None or not result.investors.drawn:
        return ()
    return (
        chart(investor_charts.pounds(result, pounds)),
        chart(investor_charts.by_outcome(result, found)),
        *(paragraph(sentence) for sentence in first_loss_sentences(result)),
        tables(*ladder_tables.by_outcome(result, found)),
    )
