"""The pages of a report, each what one cell of the notebook shows; empty where the case can't fill it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

from sib.appraisal import Result, appraise
from sib.case import Case
from sib.replication import replicate
from sib.show import (
    charts,
    findings,
    formats,
    gain_and_loss,
    investor_page,
    other_ways_page,
    parts,
    payer_page,
    price_page,
    public_value_page,
    tables,
    uncertainty_page,
    warned,
    worth_words,
)
from sib.show.foreseen import simulated
from sib.show.html import Html, bullets, chart, pairs, paragraph, part, register, section, text
from sib.show.html import tables as drawn
from sib.show.sentences import answer
from sib.show.uncertainty_words import in_short
from sib.value.organisations import organisations

EMPTY = Html("")


def contents(result: Result) -> Html:
    """Links to the parts of the report, and one line on those that are absent."""
    links = "".join(f'<li><a href="#{name}">{text(title)}</a></li>' for name, title in parts.present(result).items())
    return Html(f'<nav class="contents" aria-label="Contents"><p>Contents</p><ol>{links}</ol></nav>')


def first(result: Result, changes: Mapping[str, Any], notes: Sequence[str]) -> Html:
    """What the deal is, the answer, who puts in and gets what, and the cash flow."""
    case = result.case
    return section(
        "answer",
        f'<h1 id="answer-title">{text(case.title)}</h1>',
        paragraph(case.summary, "summary"),
        _variant(result, changes, notes),
        bullets(warned.sentences(result), "warnings", "Before you read on"),
        _said(result),
        paragraph("" if uncertainty_page.why_not_sure(result) else in_short(result, simulated(result))),
        drawn(tables.who_puts_in_and_gets(result)),
        chart(charts.cash_flow(result)),
        pairs(((name, when) for name, when in tables.key_dates(result).rows), "facts"),
        pairs(_parties(case), "facts"),
        paragraph(_absent_line(result), "note"),
    )


def _parties(case: Case) -> list[tuple[str, str]]:
    """Role and name of each party, with its longer name where it has one."""
    rows = tables.parties(case).rows
    return [(f"{role[0].upper()}{role[1:]}", f"{name} ({title})" if title else name) for name, role, title in rows]


def _variant(result: Result, changes: Mapping[str, Any], notes: Sequence[str]) -> str:
    """Says that this is not the base case of the file, and what is different."""
    named = {scenario.id: scenario.title or scenario.id for scenario in result.case.scenarios}
    said = [f"Scenario: {named[result.scenario]}."] if result.scenario else []
    said += [f"Changed from the file: {path} is {value}." for path, value in changes.items()]
    return paragraph(" ".join([*said, *notes]), "variant")


def _said(result: Result) -> str:
    """The three sentences, each with its chair."""
    said = answer(result)
    chairs = (
        ("Investors", said.investors),
        ("Payers", said.payers),
        ("Provider and outcomes", said.provider),
    )
    return pairs(chairs, "answer")


def _absent_line(result: Result) -> str:
    """One line on the parts that the case can't fill."""
    gone = [f"{parts.PARTS[name].lower()} ({reason})" for name, reason in parts.absent(result).items()]
    return f"Not in this report: {formats.listed(gone)}." if gone else ""


def outcomes(result: Result) -> Html:
    """What was measured, what each rule pays for it, and which cap cut what."""
    pieces = [drawn(tables.outcomes(result), tables.payments(result))]
    if len(findings.payment_days(result)) > 1:
        pieces.append(chart(charts.payments_by_year(result)))
    return _part("outcomes", *pieces)


def scenarios(case: Case) -> Html:
    """The base case and every named scenario, side by side."""
    if not case.scenarios:
        return EMPTY
    results = [appraise(case, name) for name in (None, *(scenario.id for scenario in case.scenarios))]
    return _part("scenarios", drawn(tables.scenarios(case, results)))


def investors(result: Result) -> Html:
    """What investors put in, get back, when and at what rate."""
    if "investors" in parts.absent(result):
        return EMPTY
    return _part("investors", *investor_page.pieces(result))


def payers(result: Result) -> Html:
    """What every organisation pays, bears and saves; who gains without paying; what would make each whole."""
    if "payers" in parts.absent(result):
        return EMPTY
    lists = public_value_page.not_monetised(result) if result.case.appraisal.basis is None else ""
    return _part("payers", *gain_and_loss.pieces(result), lists)


def payer_pages(result: Result) -> Html:
    """One printable page for each payer."""
    found, titles = organisations(result.run), parts.payer_pages(result)
    each = zip(titles.items(), result.case.deal.payers, strict=True)
    pages = (part(name, title, *payer_page.pieces(result, found[payer])) for (name, title), payer in each)
    return Html("".join(page.text for page in pages))


def public_value(result: Result) -> Html:
    """What the deal is worth to everybody; nothing without a basis."""
    if result.case.appraisal.basis is None:
        return EMPTY
    return _part("public-value", *public_value_page.pieces(result))


def other_ways(result: Result) -> Html:
    """The same service, paid for in other ways."""
    pieces = other_ways_page.pieces(result)
    return _part("other-ways", *pieces) if pieces else EMPTY


def prices(result: Result) -> Html:
    """Floor, ceiling and price of each outcome."""
    return _part("prices", *price_page.pieces(result)) if price_page.known(result) else EMPTY


def provider(result: Result) -> Html:
    """What the provider receives and spends, and how its cash runs."""
    if "provider" in parts.absent(result):
        return EMPTY
    return _part("provider", drawn(tables.provider(result)), chart(charts.provider_cash(result)))


def uncertainty(result: Result) -> Html:
    """How sure the results are: each party's range, how likely what matters is, and what results hang on."""
    if uncertainty_page.why_not_sure(result):
        return EMPTY
    return _part("uncertainty", *uncertainty_page.pieces(result))


def measurement(result: Result) -> Html:
    """How often a measurement pays for nothing, or not for a real effect."""
    if uncertainty_page.why_no_measurement(result):
        return EMPTY
    return _part("measurement", *uncertainty_page.measurement_pieces(result))


def deal_space(result: Result) -> Html:
    """The terms that each side could sign."""
    pieces = uncertainty_page.space_pieces(result)
    return _part("deal-space", *pieces) if pieces else EMPTY


def years(result: Result) -> Html:
    """Every party's money by financial year."""
    return _part("years", drawn(tables.by_year(result), tables.savings_by_year(result)))


def published(case: Case) -> Html:
    """What somebody else published of the deal, beside what the model says."""
    return _part("published", register(tables.published(replicate(case)))) if case.published else EMPTY


def assumptions(result: Result) -> Html:
    """Every number that went in, and where it was read."""
    case = result.case
    worth = worth_words.worked_out(case)
    worked_out = (worth,) if worth.rows else ()
    return _part(
        "assumptions", register(*worked_out, tables.assumptions(case), tables.terms(case), tables.sources(case))
    )


def checks(result: Result) -> Html:
    """Sums that must come out at nothing."""
    return _part("checks", drawn(tables.residuals(result)))


def footer(case: Case, result: Result) -> Html:
    """Which input and which program made the report; the date is that of the data."""
    data = f"data of {formats.long_day(case.as_of)}" if case.as_of else "the date of the data is not stated"
    scenario = f", scenario {result.scenario}" if result.scenario else ""
    words = f"Case {case.id}{scenario}; input {case.fingerprint}; sib {version('sib')}; {data}. Money is nominal."
    return Html(f'<footer class="made">{paragraph(words)}</footer>')


def _part(name: str, *pieces: str) -> Html:
    return part(name, parts.PARTS[name], *pieces)
