"""What the notebook about uncertainty shows in each cell; a sentence in its place where the case cannot fill it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from sib.appraisal import Result, appraise
from sib.case import Case
from sib.problems import CaseError
from sib.risk.draws import uncertain_numbers
from sib.risk.importance import importance
from sib.risk.runs import Runs
from sib.risk.solving import solve
from sib.risk.staging import staging
from sib.risk.two_way import widest_grid
from sib.show import risk_tables, uncertainty_page, uncertainty_tables
from sib.show.html import Html, pairs, paragraph, tables
from sib.show.uncertainty_words import by_chair, how_run


def spread(result: Result, runs: Runs) -> Html:
    """What each party may get, and how likely what matters is."""
    found = tables(uncertainty_tables.spreads(result, runs), uncertainty_tables.events(runs))
    said = paragraph(how_run(runs, len(uncertain_numbers(result.case))))
    return Html(said + pairs(by_chair(result, runs), "answer") + found)


def pictures(runs: Runs) -> Html:
    """The fan of cash, and the distribution of returns."""
    return Html("".join(uncertainty_page.pictures(runs))) if runs.cash else _none("there is nobody's cash to draw")


def tornado(result: Result, output: str) -> Html:
    """One assumption at a time, as a picture."""
    return _answered(lambda: uncertainty_page.tornado(result, output), "no range moves this output")


def all_at_once(result: Result, output: str) -> Html:
    """What explains the spread when all assumptions vary together."""

    def shown() -> str:
        rows = importance(result.case, output)
        known = any(row.rank is not None for row in rows)
        return tables(risk_tables.all_at_once(result.case, output, rows)) if known else ""

    return _answered(shown, "no range moves this output")


def two_ways(result: Result, output: str) -> Html:
    """The two assumptions that matter most, varied together."""

    def shown() -> str:
        found = widest_grid(result.case, output)
        return "" if found is None else tables(uncertainty_tables.two_ways(result, found))

    return _answered(shown, "fewer than two ranges move this output")


def deal_space(result: Result) -> Html:
    """The terms that each side could sign."""
    return _answered(lambda: "".join(uncertainty_page.space_pieces(result)), uncertainty_page.why_no_space(result))


def measurement(result: Result) -> Html:
    """How often a measurement pays for nothing, or not for a real effect."""
    reason = uncertainty_page.why_no_measurement(result)
    return _none(reason) if reason else Html("".join(uncertainty_page.measurement_pieces(result)))


def solved(case: Case, path: str, target: Mapping[str, float]) -> Html:
    """The values of a field that give what is wanted, with the finding as a sentence."""

    def shown() -> str:
        found = solve(case, path, target)
        return tables(risk_tables.solved(case, found)) or paragraph(found.message)

    return _answered(shown, "")


def staged(case: Case, outcome: str, decided: str = "", go_at: float | None = None) -> Html:
    """All cohorts at once, against going on only if the first one's result is good enough."""
    day = date.fromisoformat(decided) if decided else None
    return _answered(
        lambda: tables(risk_tables.staged(appraise(case), staging(case, outcome, go_at, day))),
        "nothing is there to compare",
    )


def _answered(shown: Callable[[], str], reason: str) -> Html:
    """What is shown; where there is nothing or the case cannot be asked, why."""
    try:
        found = shown()
    except CaseError as error:
        return _none(uncertainty_page.in_words(error))
    return Html(found) if found else _none(reason)


def _none(reason: str) -> Html:
    return Html(paragraph(f"Not shown: {reason.removesuffix('.')}.", "note"))
