"""Pages of the report about uncertainty: how sure results are, what a measurement risks, what could be signed."""

from __future__ import annotations

from collections.abc import Callable

from sib.appraisal import Result
from sib.problems import CaseError
from sib.risk.deal_space import why_no_space as why_no_space_of
from sib.risk.draws import uncertain_numbers
from sib.risk.fan import fan_of, moves, party_to_show
from sib.risk.paid_chances import paid_chances
from sib.risk.payment_risk import outcome_risks
from sib.risk.runs import Runs
from sib.risk.sensitivity import sensitivity
from sib.risk.shapes import shape_of
from sib.show import measurement_chart, risk_charts, risk_tables, uncertainty_charts, uncertainty_tables
from sib.show.findings import NOTHING
from sib.show.foreseen import changes, measurement_risks, simulated, space, varies
from sib.show.html import chart, pairs, paragraph, tables
from sib.show.risk_charts import asked
from sib.show.uncertainty_words import by_chair, how_run

# What a tornado is drawn of: the first of these that is there and moves.
OUTPUTS = ("investors.irr", "provider.margin", "payments.total")
NOTHING_VARIES = "no number has a range, and nothing hangs on chance"


def why_not_sure(result: Result) -> str:
    """Why there is no page of how sure the results are; nothing where there is one."""
    return _unless_refused(lambda: "" if varies(simulated(result)) else NOTHING_VARIES)


def _unless_refused(why: Callable[[], str]) -> str:
    """Why a page is absent: as it says itself, or as a case that cannot be so says."""
    try:
        return why()
    except CaseError as refused:
        return in_words(refused)


def in_words(refused: CaseError) -> str:
    """What a case cannot be, in one line."""
    told = (f"{problem.path}: {problem.message}".lstrip(": ") for problem in refused.problems)
    return "; ".join(told).removesuffix(".")


def pieces(result: Result) -> tuple[str, ...]:
    """How sure the results are."""
    runs = simulated(result)
    return (
        paragraph(how_run(runs, len(uncertain_numbers(result.case)))),
        pairs(by_chair(result, runs), "answer"),
        tables(uncertainty_tables.spreads(result, runs), uncertainty_tables.events(runs)),
        *pictures(runs),
        *_tornado(result, runs),
    )


def pictures(runs: Runs) -> list[str]:
    """Cash over time, and the distribution of returns."""
    found = [fan(runs)]
    if "investors.irr" in runs.rows and changes(runs, "investors.irr"):
        found.append(chart(uncertainty_charts.returns(runs, shape_of(runs))))
    return found


def fan(runs: Runs) -> str:
    """The fan of the cash of the party that a deal is about, and of a provider that states its reserves."""
    first = party_to_show(runs)
    stated = [party.reserves.value for party in runs.case.deal.parties if party.reserves and party.role == "provider"]
    # Of several providers, what one has in reserve is of no help to another: there is no line for all.
    reserves = stated[0] if len(stated) == len(runs.case.deal.named("provider")) == 1 else None
    found = [] if first is None else [fan_of(runs, first)]
    if reserves is not None and first != "provider" and moves(runs, "provider"):
        # A provider that is hardly ever short of cash needs no picture of its reserves.
        found += [one for one in [fan_of(runs, "provider")] if one.cash.min() < -NOTHING]
    figures = (
        uncertainty_charts.fan(one, runs.case.currency, reserves if one.party == "provider" else None) for one in found
    )
    return "".join(map(chart, figures))


def _tornado(result: Result, runs: Runs) -> list[str]:
    for output in OUTPUTS:
        try:
            drawn = tornado(result, output) if output in runs.rows else ""
        except CaseError as refused:
            return [paragraph(f"What results hang on is not shown: {in_words(refused)}.", "note")]
        if drawn:
            return [drawn]
    return []


def tornado(result: Result, output: str) -> str:
    """What an output hangs on; nothing where no range moves it."""
    from sib.risk.outputs import outputs

    rows = [row for row in sensitivity(result.case, output) if row.size > 0]
    base = float(outputs(result.run)[output][0])
    drawable = [row for row in rows if row.at_low is not None and row.at_high is not None]
    # A bar that is two hundred times as short as the widest is not seen.
    drawable = [row for row in drawable if row.size >= drawable[0].size / 200]
    return chart(risk_charts.tornado(result, output, drawable, base)) if drawable and base == base else ""


def why_no_measurement(result: Result) -> str:
    """Why there is no page of what a measurement risks; nothing where there is one."""
    return _unless_refused(lambda: _no_measurement(result))


def _no_measurement(result: Result) -> str:
    risks = measurement_risks(result)
    if not risks:
        return "no rule pays by a measured rate, change or level"
    reasons = [risk.reason for risk in risks if risk.reason]
    return f"{reasons[0].removesuffix('.')}" if len(reasons) == len(risks) else ""


def measurement_pieces(result: Result) -> tuple[str, ...]:
    """What each measurement risks, as a table and a picture for each measure, and its cliffs."""
    case, risks = result.case, measurement_risks(result)
    together = outcome_risks(case)
    found = paid_chances(case, risks)
    drawn = (
        measurement_chart.paid_by_effect(case, one, *measurement_chart.exact(one, risks, together)) for one in found
    )
    return (
        paragraph(
            "A cohort is a sample, and so are its controls: what is measured lies off the truth, by about a standard "
            "error two times in three. A payment that hangs on a trigger can be made for nothing, or missed for a "
            "service that works."
        ),
        tables(risk_tables.measurement(case, risks)),
        *(chart(figure) for figure in drawn),
        tables(risk_tables.cliffs(case, risks)),
    )


def why_no_space(result: Result) -> str:
    """Why there is no page of terms that could be signed; nothing where there is one."""
    return _unless_refused(lambda: _no_space(result))


def _no_space(result: Result) -> str:
    found = space(result)
    if found is None:
        return why_no_space_of(result.case)
    if found.all_sign.all():
        return f"{asked(found)} could sign wherever it was looked"
    return ""


def space_pieces(result: Result) -> tuple[str, ...]:
    """The terms that whoever was asked could sign, and who could not be asked."""
    case, found = result.case, None if why_no_space(result) else space(result)
    if found is None:
        return ()
    return (
        paragraph(
            "Each side at every pair of two terms, all else as the case has it: investors need their hurdle, a payer "
            "that its cashable savings cover its spending (all its savings, where the case does not say how much of "
            "them is cash), the provider that its reserves outlast its deepest deficit."
        ),
        chart(risk_charts.deal_space(case, found)),
        tables(risk_tables.sides(case, found)),
    )
