"""An explanation as tables: the rows it counts, the rules, the caps, the numbers behind it, other conventions."""

from __future__ import annotations

from datetime import date
from typing import Any

from rich.padding import Padding
from rich.text import Text

from sib.case import Case
from sib.explanation.flows import grouped, label_of
from sib.explanation.units import A_YEAR, DATE, FRACTION, TIMES
from sib.explanation.values import Explanation, FlowCounted, NumberBehind, RuleUsed
from sib.fields import fields_of
from sib.show import formats
from sib.show.registers import source_title
from sib.show.table import Column, Row, Table, figures, without_empty_columns
from sib.show.terminal import console, print_tables
from sib.show.wording import cap_name, rule_title

# So many dated rows are shown one by one; of more, the first few.
FEW_ROWS, FIRST_ROWS = 12, 6


def print_explanation(found: Explanation, case: Case) -> None:
    """The explanation in a terminal."""
    to = console()
    to.print(Text(f"{found.quantity}: {written(found.value, found.unit, case.currency)}", style="bold"))
    to.print(Padding(Text(found.formula), (0, 0, 1, 2)))
    print_tables(tables(found, case), to)
    for note in found.notes:
        to.print(Padding(Text(note), (0, 0, 0, 2)))


def tables(found: Explanation, case: Case) -> list[Table]:
    """Every table of the explanation; those that would be empty have no rows."""
    return [
        *flow_tables(found, case),
        rule_table(found, case),
        term_table(found),
        cut_table(found, case),
        number_table(found, case),
        effect_table(found, case),
        alternative_table(found),
    ]


def written(value: Any, unit: str, currency: str) -> str:
    """A quantity's value as its unit is written."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _words(value, unit)
    if unit in (A_YEAR, FRACTION):
        return formats.percent(value, places=2) + (" a year" if unit == A_YEAR else "")
    if unit == currency:
        return formats.money(currency, value)
    return formats.multiple(value) if unit == TIMES else f"{formats.count(value)} {unit}".rstrip()


def _words(value: Any, unit: str) -> str:
    if value is None:
        return formats.missing("none")
    if isinstance(value, bool):
        return "yes" if value else "no"
    return formats.day(date.fromisoformat(value)) if unit == DATE else str(value)


def flow_tables(found: Explanation, case: Case) -> list[Table]:
    """The dated rows that the quantity counts; many of them gathered first, then the first few."""
    if len(found.flows) <= FEW_ROWS:
        return [_dated(found, found.flows, "The flows it counts", case)]
    first = _dated(found, found.flows[:FIRST_ROWS], f"The first {FIRST_ROWS} of {len(found.flows)} rows", case)
    return [_gathered(found, case), first]


def _dated(found: Explanation, rows: tuple[FlowCounted, ...], title: str, case: Case) -> Table:
    shown: tuple[Row, ...] = tuple(
        (formats.day(row.date), row.source, row.target, row.kind, label_of(row), formats.whole(row.amount))
        for row in rows
    )
    columns = (Column("Date"), *_PARTIES, figures("Amount", case.currency))
    whole = len(rows) == len(found.flows) and len(rows) > 1
    return Table(title, columns, (*shown, *_total(found, 4)) if whole else shown, _about_sign(found), int(whole))


_PARTIES = (Column("From"), Column("To"), Column("Kind"), Column("For"))


def _gathered(found: Explanation, case: Case) -> Table:
    rows: list[Row] = [
        (
            _stretch(one.first, one.last), one.source, one.target, one.kind, one.label, str(one.count),
            formats.whole(one.total),
        )
        for one in grouped(found.flows)
    ]  # fmt: skip
    columns = (Column("Dates"), *_PARTIES, figures("Rows"), figures("Amount", case.currency))
    return Table("The flows it counts, gathered", columns, (*rows, *_total(found, 5)), _about_sign(found), 1)


def _stretch(first: date, last: date) -> str:
    return formats.day(first) if first == last else f"{formats.day(first)} to {formats.day(last)}"


def _total(found: Explanation, empty: int) -> tuple[Row]:
    return (("Sum", *[""] * empty, formats.whole(sum(row.amount for row in found.flows))),)


def _about_sign(found: Explanation) -> str:
    savings = any(row.kind == "saving" for row in found.flows)
    taken_off = any(row.amount < 0 for row in found.flows)
    said = (
        "What is taken off is negative." if taken_off else "",
        "A saving is nobody's payment: its first column names the saving." if savings else "",
        "" if found.sums else "The quantity is worked out from these rows; it is not their sum.",
    )
    return " ".join(part for part in said if part)


def rule_table(found: Explanation, case: Case) -> Table:
    """What each rule measured, claimed and was granted."""
    columns = (
        Column("Rule"), Column("How it pays"), figures("Achieved"), figures("Units claimed"),
        figures("Before caps", case.currency), figures("Cut", case.currency), figures("Accepted", case.currency),
    )  # fmt: skip
    rows = tuple(_rule(rule, case) for rule in found.rules)
    return Table("The rules behind it, over the whole contract", columns, rows)


def _rule(rule: RuleUsed, case: Case) -> Row:
    return (
        rule_title(case, rule.id), rule.words, formats.count(rule.achieved), formats.count(rule.units),
        formats.whole(rule.claimed), formats.whole(rule.cut), formats.whole(rule.accepted),
    )  # fmt: skip


def term_table(found: Explanation) -> Table:
    """The terms of those rules as they are written."""
    rows = tuple((term.path, _plain(term.value)) for rule in found.rules for term in rule.terms)
    return Table("Their terms, as signed", (Column("Where in the case"), figures("Value")), rows)


def cut_table(found: Explanation, case: Case) -> Table:
    """What was cut, by which limit, and which terms set it."""
    rows = tuple(
        (
            cap_name(case, cut.cap), rule_title(case, cut.rule), formats.whole(cut.amount),
            ", ".join(f"{term.path} = {_plain(term.value)}" for term in cut.terms) or formats.missing(),
        )
        for cut in found.clipped
    )  # fmt: skip
    columns = (Column("Limit"), Column("Rule"), figures("Cut", case.currency), Column("Set by"))
    return Table("What was cut", columns, rows)


def number_table(found: Explanation, case: Case) -> Table:
    """The numbers that move it, and the evidence for each."""
    units = {field.path: field.unit for field in fields_of(case)}
    rows = tuple(
        (
            one.path, formats.exact(one.value), units.get(one.path, one.unit), _range(one),
            source_title(case, one.source), formats.missing() if one.grade is None else str(one.grade), one.note,
        )
        for one in found.numbers
    )  # fmt: skip
    columns = (
        Column("Number"), figures("Value"), Column("Unit"), figures("Range"), Column("Source"), figures("Grade"),
        Column("Note"),
    )  # fmt: skip
    note = "Grade of the evidence: 1 local data and a randomised trial … 6 uncorroborated judgement."
    return without_empty_columns(Table("The numbers it rests on", columns, rows, note))


def _range(number: NumberBehind) -> str:
    return "" if number.low is None else f"{formats.exact(number.low)} to {formats.exact(number.high)}"


def effect_table(found: Explanation, case: Case) -> Table:
    """What the quantity becomes when each of these numbers alone is another."""
    rows = tuple(
        (
            one.path, *(_bare(value, found, case) for value in (one.at_lower, one.at_higher, one.at_low, one.at_high)),
            "only further on" if one.only_further else "at once",
        )
        for one in found.numbers
    )  # fmt: skip
    ends = map(figures, ("1 % lower", "1 % higher", "At its low end", "At its high end"))
    note = "The ends of its range, 10 % either way where it has none."
    title = f"What {found.quantity} becomes when that number alone is another"
    return Table(title, (Column("Number"), *ends, Column("Moves it")), rows, note)


def _bare(value: Any, found: Explanation, case: Case) -> str:
    """The value without the words of its unit, which the title's quantity has."""
    return written(value, found.unit, case.currency).removesuffix(" a year").removesuffix(f" {found.unit}")


def alternative_table(found: Explanation) -> Table:
    """The same flows by other conventions."""
    rows = tuple((one.name, formats.percent(one.value, places=2), one.words) for one in found.alternatives)
    return Table("Why isn't it my number?", (Column("Convention"), figures("Rate"), Column("What it does")), rows)


def _plain(value: Any) -> str:
    return formats.exact(value) if isinstance(value, int | float) and not isinstance(value, bool) else str(value)
