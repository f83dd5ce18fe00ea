"""Published tables inside the package: discount schedules, deflators and unit costs, found by name.

A table is one vintage in one file; an edition that follows is a file of its own, so that a name keeps its figures.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from sib.basis import Deflator, DiscountSchedule, UnitCost, UnitCosts
from sib.files.reader import read_document
from sib.problems import CaseError, Problem, nearest

REFERENCE = Path(__file__).parent.parent / "reference"


@cache
def discount_schedule(name: str) -> DiscountSchedule:
    """The discount schedule of that name, such as `green book 2026`; CaseError where there is none."""
    return DiscountSchedule.model_validate(_table("discount", name, "a discount schedule"))


@cache
def deflator(name: str) -> Deflator:
    """The price index of that name, such as `uk gdp deflator 2025-12`; CaseError where there is none."""
    return Deflator.model_validate(_table("deflators", name, "a deflator"))


@cache
def unit_costs(name: str = "gmucd 2015") -> UnitCosts:
    """The table of unit costs of that name, each row with the table's source; CaseError where there is none."""
    table = _table("unit_costs", name, "a table of unit costs")
    rows = [{"source_text": table["source_text"], **row} for row in table["rows"]]
    return UnitCosts.model_validate({**table, "rows": rows})


def unit_cost(name: str, table: str = "gmucd 2015") -> UnitCost:
    """One row of a table of unit costs, such as `prison place`; CaseError where there is none."""
    rows = unit_costs(table).by_id
    found = next((row for known, row in rows.items() if known.casefold() == name.strip().casefold()), None)
    if found is None:
        raise _unknown(name, list(rows), f"a unit cost of {table!r}")
    return found


def discount_schedules() -> list[str]:
    """The names of all discount schedules, in alphabetical order."""
    return _names("discount")


def deflators() -> list[str]:
    """The names of all deflators, in alphabetical order."""
    return _names("deflators")


def tables_of_unit_costs() -> list[str]:
    """The names of all tables of unit costs, in alphabetical order."""
    return _names("unit_costs")


def _names(folder: str) -> list[str]:
    return sorted(str(read_document(path).data["id"]) for path in (REFERENCE / folder).glob("*.yaml"))


def _table(folder: str, name: str, what: str) -> dict[str, Any]:
    """The content of the file that is called as its table is, with hyphens for spaces."""
    stem = "-".join(name.casefold().split())
    paths = {path.stem: path for path in (REFERENCE / folder).glob("*.yaml")}
    if stem not in paths:
        raise _unknown(name, _names(folder), what)
    table: dict[str, Any] = read_document(paths[stem]).data
    return table


def _unknown(name: str, names: list[str], what: str) -> CaseError:
    near = nearest(name, names)
    hint = f"did you mean {near!r}?" if near else "write one of the names."
    return CaseError(Problem(None, None, "", f"{name!r} is not {what}; {hint} Known: {', '.join(names)}."))
