"""Tables about uncertainty: what an output hangs on, what is solved for, and what a measurement risks."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sib.appraisal import Result, appraise
from sib.case import Case
from sib.risk.deal_space import DealSpace, Side
from sib.risk.importance import Importance
from sib.risk.payment_risk import PaymentRisk
from sib.risk.sensitivity import Swing
from sib.risk.solving import Solution
from sib.risk.staging import Staging
from sib.show import formats
from sib.show.risk_charts import stretch
from sib.show.risk_words import number_name, number_written, output_name, writer_of
from sib.show.table import Column, Row, Table, figures
from sib.show.wording import outcome_of, rule_title


def one_way(result: Result, output: str, rows: Sequence[Swing]) -> Table:
    """Each assumption at both ends of its range, the widest swing first."""
    write, case = writer_of(result, output), result.case
    shown = tuple(
        (
            number_name(case, row.path),
            number_written(case, row.path, row.low),
            number_written(case, row.path, row.high),
            write(row.at_low),
            write(row.at_high),
        )
        for row in rows
    )
    columns = (Column("Assumption"), figures("Low"), figures("High"), figures("At its low"), figures("At its high"))
    note = "One assumption at a time, all else as the case has it; the widest swing first."
    return Table(f"What {output} hangs on", columns, shown, note)


def all_at_once(case: Case, output: str, rows: Sequence[Importance]) -> Table:
    """What each uncertain number explains of the spread when all vary together."""
    shown = tuple(
        (
            number_name(case, row.path),
            formats.percent(row.alone, places=0),
            formats.percent(row.total, places=0),
            formats.missing() if row.rank is None else f"{row.rank:+.2f}",
        )
        for row in rows
    )
    columns = (Column("Assumption"), figures("Alone"), figures("With others"), figures("Rank"))
    note = (
        "Alone and with others: shares of the variance (Sobol indices, first-order and total), which need independent "
        "numbers. Rank: the coefficient of a regression of ranks, from -1 to +1."
    )
    return Table(f"What explains the spread of {output_name(output)}", columns, shown, note)


def solved(case: Case, found: Solution) -> Table:
    """Values of a field that give what is wanted."""
    ((name, wanted),) = found.target.items()
    output = name.removesuffix(")").rpartition("(")[2]
    whole = name.startswith("P(")
    write = formats.percent if whole else _writer(case, output)
    rows = tuple(
        (number_written(case, found.path, value), write(gives))
        for value, gives in zip(found.solutions, found.gives, strict=True)
    )
    if found.status == "always":
        ends = (number_written(case, found.path, end) for end in (found.low, found.high))
        rows = ((" to ".join(ends), f"{write(found.lowest)} to {write(found.highest)}"),)
    title = f"{number_name(case, found.path)} for {name} {found.sign} {write(wanted)}: {found.status}"
    return Table(title, (figures("Value"), figures("Gives")), rows, found.message)


def _writer(case: Case, output: str):  # type: ignore[no-untyped-def]
    return writer_of(appraise(case), output)


def measurement(case: Case, risks: Sequence[PaymentRisk]) -> Table:
    """How often each rule that reads a measure pays for nothing, or not for a real effect."""
    names = map(
        figures,
        ("True effect", "Trigger", "Standard error", "Power", "Something paid for nothing", "Real, yet nothing paid"),
    )
    money = (figures("Expected payment", case.currency), figures("At the mean", case.currency))
    rows = tuple(_measured(case, risk) for risk in risks if not risk.reason)
    notes = list(dict.fromkeys(note for risk in risks for note in risk.notes))
    silent = [f"{rule_title(case, risk.rule)}: {risk.reason}" for risk in risks if risk.reason]
    each = [_of_one(case, risk) for risk in risks if risk.of_one is not None]
    taken = f"Taken: {'; '.join(notes)}." if notes else ""
    note = " ".join([WHAT_THEY_ARE, *each, taken, *silent]).strip()
    return Table("What the measurement risks", (Column("Rule"), *names, *money), rows, note)


WHAT_THEY_ARE = (
    "Power is how often a two-sided test at 5 % would find the effect; it does not ask whether the trigger is reached. "
    "Paid and unpaid are under the rule by itself, in the whole contract."
)


def _of_one(case: Case, risk: PaymentRisk) -> str:
    """The chances of one cohort that is held against the trigger by itself."""
    assert risk.of_one is not None
    nothing, unpaid = (formats.percent(share) for share in risk.of_one)
    name = rule_title(case, risk.rule)
    return f"{name}: of single cohorts {nothing} are paid for nothing, and {unpaid} go unpaid for the expected effect."


def _measured(case: Case, risk: PaymentRisk) -> Row:
    outcome = outcome_of(case, risk.outcome)

    def level(value: float | None) -> str:
        return formats.percent(value) if risk.fraction else formats.count(value)

    return (
        rule_title(case, risk.rule) or outcome.title,
        level(risk.level), level(risk.trigger), _error(risk, level), formats.percent(risk.power, places=0),
        formats.percent(risk.paid_for_nothing), formats.percent(risk.unpaid_for_effect),
        formats.whole(risk.expected), formats.whole(risk.at_mean),
    )  # fmt: skip


def _error(risk: PaymentRisk, level: Callable[[float | None], str]) -> str:
    """The error that the trigger reads: of each cohort, where each is held against it by itself."""
    if risk.read is None:
        return level(risk.error)
    ends = list(dict.fromkeys(level(end) for end in risk.read))
    each = " each cohort" if risk.read[1] != risk.error else ""
    return f"{' to '.join(ends)}{each}"


def cliffs(case: Case, risks: Sequence[PaymentRisk]) -> Table:
    """What the last person or point up to each cliff is worth."""
    rows = tuple(
        (
            rule_title(case, risk.rule),
            formats.percent(cliff.at, places=2) if risk.fraction else formats.count(cliff.at),
            formats.whole(cliff.jump),
            formats.whole(cliff.one_more),
            formats.missing() if risk.one_person is None else formats.percent(risk.one_person, places=3),
        )
        for risk in risks
        for cliff in risk.cliffs
    )
    columns = (
        Column("Rule"), figures("At"), figures("Jump", case.currency), figures("One more point", case.currency),
        figures("One person moves it by"),
    )  # fmt: skip
    together = [rule_title(case, risk.rule) for risk in risks if risk.of_one is not None and risk.cliffs]
    note = f"{formats.listed(together)}: the jump is that of all cohorts crossing together." if together else ""
    return Table("Cliffs", columns, rows, note)


def sides(case: Case, space: DealSpace) -> Table:
    """Who could sign the contract as it is, and what each side needs."""
    rows = tuple(
        (side.name, output_name(side.output), _side(case, side.output, side.own), _side(case, side.output, side.needs),
         "yes" if space.own_signs[side.name] else "no", _where(case, space, side))
        for side in space.sides
    )  # fmt: skip
    columns = (
        Column("Side"), Column("Looks at"), figures("Has"), figures("Needs"), Column("Signs"),
        Column(f"{number_name(case, space.first)}: could sign"),
    )  # fmt: skip
    said = [f"Not asked: {name}, as {reason}" for name, reason in space.unheard.items()]
    gross = [side.name for side in space.sides if side.output == f"payers.{side.name}.net"]
    said += [f"{name} is asked on gross savings, as how much of them is cash is not stated" for name in gross]
    return Table("Who could sign", columns, rows, "; ".join(said))


def _where(case: Case, space: DealSpace, side: Side) -> str:
    """Where along the first term a side could sign, all else as the contract has it."""
    return "; ".join(stretch(case, space, *ends) for ends in side.ranges) or "nowhere it was looked"


def _side(case: Case, output: str, value: float | None) -> str:
    return formats.percent(value) if output.endswith("irr") else formats.money(case.currency, value)


def staged(result: Result, found: Staging) -> Table:
    """Means under both plans."""
    rows = []
    for one in found.results:
        write = writer_of(result, one.output)
        rows.append((output_name(one.output), *map(write, (one.at_once, one.staged, one.gain, one.error))))
    numbers = map(figures, ("All at once", "Staged", "Gain", "Error of it"))
    early = found.decided < found.measured
    taken = f", on an early reading, taken to be the measure of {formats.day(found.measured)}" if early else ""
    note = (
        f"Decided on {formats.day(found.decided)} on {found.cohort}{taken}; at {formats.count(found.go_at)} or more "
        f"{formats.listed(found.later)} goes on, in {formats.percent(found.goes_on, places=0)} of scenarios. Costs by "
        "the period stop with the last people who start."
    )
    return Table("All at once, or stop or go after the first cohort", (Column("Mean"), *numbers), tuple(rows), note)
