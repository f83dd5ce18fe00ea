"""The registers: every number that went in and where it was read, and every check that came out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sib.appraisal import Result
from sib.assumption import Assumption, Term
from sib.case import Case
from sib.fields import fields_of
from sib.numbers import terms_in
from sib.replication import Replication
from sib.show import formats
from sib.show.table import Column, Row, Table, figures, without_empty_columns


def assumptions(case: Case) -> Table:
    """Every number that somebody expects: its value, range, unit, source, grade and note."""
    found = [(path, unit, term) for path, unit, term in _numbers(case) if _is_expected(path, term)]
    rows = tuple((path, *_value_and_range(term), *_evidence(case, unit, term)) for path, unit, term in found)
    columns = (Column("Where in the case"), figures("Value"), figures("Low"), figures("High"), *_EVIDENCE)
    note = "Grade of the evidence: 1 local data and a randomised trial … 6 uncorroborated judgement."
    return Table("Assumptions: what somebody expects", columns, rows, note)


def terms(case: Case) -> Table:
    """Every number that was signed or has happened, with where it was read."""
    found = [(path, unit, term) for path, unit, term in _numbers(case) if not _is_expected(path, term)]
    rows = tuple((path, formats.exact(term.value), *_evidence(case, unit, term)) for path, unit, term in found)
    columns = (Column("Where in the case"), figures("Value"), *_EVIDENCE)
    return without_empty_columns(
        Table("Terms and actuals: what was signed or has happened", columns, rows, "A dash: unstated.")
    )


def _is_expected(path: str, term: Term) -> bool:
    """What has no range may be a forecast too: a step, a share between savers."""
    return isinstance(term, Assumption) or path.startswith("forecast.")


_EVIDENCE = (Column("Unit"), Column("Source"), figures("Grade"), Column("Note"))


def _numbers(case: Case) -> Iterator[tuple[str, str, Term]]:
    """Path, unit and number, of all that somebody wrote; the `1` of a lone payer or a price for one was not."""
    units = {field.path: field.unit for field in fields_of(case)}
    for path, term in terms_in(case):
        understood = path.endswith(".per") or ".paid_by." in path or ".saved_by." in path
        if not (understood and term.value == 1 and term.source is None):
            yield path, units.get(path, term.unit), term


def _value_and_range(term: Term) -> Row:
    low, high = getattr(term, "low", None), getattr(term, "high", None)
    return (formats.exact(term.value), formats.exact(low), formats.exact(high))


def _evidence(case: Case, unit: str, term: Term) -> Row:
    grade = formats.missing() if term.grade is None else str(term.grade)
    return (unit or formats.missing(), source_title(case, term.source), grade, term.note)


def source_title(case: Case, source: str | None) -> str:
    """A source's id and title; a dash for none."""
    titles = {item.id: f"{item.id}: {item.title}" for item in case.sources}
    return formats.missing() if source is None else titles.get(source, source)


def sources(case: Case) -> Table:
    """What was read, and when it was published."""
    rows = tuple((item.id, item.title, item.date or formats.missing(), item.url, item.note) for item in case.sources)
    columns = tuple(map(Column, ("Source", "Title", "Date", "Address", "Note")))
    return without_empty_columns(Table("Sources", columns, rows))


def residuals(result: Result) -> Table:
    """Sums that must come out at nothing, what they come out at, and what rounding may leave."""
    tolerance = result.residual_tolerance
    rows = tuple(
        (
            name.capitalize(),
            formats.tiny(found),
            formats.tiny(tolerance),
            "yes" if found <= tolerance else "NO",
        )
        for name, found in result.residuals.items()
    )
    columns = (Column("Check"), figures("Largest residual"), figures("Rounding may leave"), Column("Holds"))
    note = "In money or people. Rounding may leave a billionth of the largest flow."
    return Table("Sums that must come out at nothing", columns, rows, note)


# Published answers that are fractions, by the last part of their path.
_FRACTIONS = (
    "irr",
    "rate",
    "bond_equivalent",
    "irr_unguaranteed",
    "periodic_irr",
    "simple_return",
    "of_target",
    "cost_recovery",
    "measure",
)


def published(rows: Iterable[Replication]) -> Table:
    """What was published beside what the model says, and why they differ where they do."""
    numbers = map(figures, ("Published", "Model", "Difference", "Allowed"))
    columns = (Column("Quantity"), Column("Scenario"), *numbers, *map(Column, ("Status", "Source", "Note")))
    note = (
        "A difference in percentage points (pp) where the answer is a percentage. Derived: an input was worked out "
        "from this very answer, so that giving it back proves little."
    )
    return without_empty_columns(
        Table("Published answers and the model's", columns, tuple(map(_published, rows)), note)
    )


def _published(row: Replication) -> Row:
    write = _percent if row.quantity.rpartition(".")[2] in _FRACTIONS else _plain
    differences = (write(value).replace(" %", " pp") for value in (row.difference, row.tolerance))
    status = row.status if row.independent else f"{row.status}, derived"
    source = row.source or formats.missing()
    return (
        row.quantity, row.scenario or "", write(row.published), write(row.model), *differences, status, source,
        row.reason,
    )  # fmt: skip


def _percent(value: Any) -> str:
    return formats.percent(value, places=2) if isinstance(value, int | float) else _plain(value)


def _plain(value: Any) -> str:
    """A number as counts are written; text as it is."""
    if isinstance(value, int | float):
        return formats.count(value)
    return formats.missing() if value is None else str(value)
