"""The published tables inside the package: found by name, complete, each with its source."""

from __future__ import annotations

from pathlib import Path

import pytest

from sib.basis.price_levels import uprating
from sib.files import reference
from sib.problems import CaseError

TABLES = [
    *(reference.discount_schedule(name) for name in reference.discount_schedules()),
    *(reference.deflator(name) for name in reference.deflators()),
    *(reference.unit_costs(name) for name in reference.tables_of_unit_costs()),
]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: f"{type(table).__name__} {table.id}")
def test_every_table_says_where_and_when(table):
    assert table.title
    assert table.source_text
    assert table.date is not None
    assert table.country


def test_every_file_is_called_as_its_table_is():
    paths = list(Path(reference.REFERENCE).glob("*/*.yaml"))
    assert len(paths) == len(TABLES)
    assert {path.stem for path in paths} == {table.id.replace(" ", "-") for table in TABLES}


def test_names_are_read_whatever_their_case():
    assert reference.discount_schedule("Green  Book 2026").id == "green book 2026"
    assert reference.unit_cost("Prison place").value == 34_840.38


@pytest.mark.parametrize(
    ("find", "name", "said"),
    [
        (reference.discount_schedule, "green book 2025", "did you mean 'green book 2026'?"),
        (reference.deflator, "gdp deflator", "did you mean 'uk gdp deflator 2025-12'?"),
        (reference.deflator, "../discount/green-book-2026", "Known: gmucd 2015, uk gdp deflator 2025-12."),
        (reference.unit_cost, "childs in care", "did you mean 'child in care'?"),
        (reference.unit_costs, "manchester", "Known: gmucd 2015."),
    ],
)
def test_an_unknown_name_is_told_with_the_nearest_and_the_list(find, name, said):
    with pytest.raises(CaseError) as error:
        find(name)
    assert said in str(error.value)
    assert "Known: " in str(error.value)


@pytest.mark.parametrize("row", reference.unit_costs().rows, ids=lambda row: row.id)
def test_every_unit_cost_is_shared_out_in_full_or_says_that_it_is_not_known(row):
    assert row.unit
    assert row.source_text
    if row.saved_by:
        assert sum(row.saved_by.values()) == pytest.approx(1, abs=1e-12)
    else:
        assert "not read" in row.note or row.kind != "fiscal"


def test_what_domestic_violence_costs_is_the_sum_of_its_agencies():
    incident = reference.unit_cost("domestic violence incident")
    assert sum(incident.amounts.values()) == 2_470 == incident.published_value
    # 1,171 of 2,470
    assert incident.saved_by["NHS"] == pytest.approx(0.474089, abs=1e-6)


def test_a_jobseeker_in_work_has_a_fiscal_and_a_public_value():
    parts = [row for row in reference.unit_costs().rows if row.outcome == "jobseeker into work"]
    fiscal = [row for row in parts if row.kind == "fiscal"]
    # 9,234 + 566; uprated from 2012/13 to 2015/16 10,320.69. Without the transfer and with output: 566 + 14,044.
    assert sum(row.published_value for row in fiscal) == 9_800
    assert sum(row.value for row in fiscal) == pytest.approx(10_320.69, abs=0.005)
    assert sum(row.published_value for row in parts if not row.transfer) == 14_610


def test_a_unit_cost_is_brought_to_any_year():
    gdp = reference.deflator("uk gdp deflator 2025-12")
    care = reference.unit_cost("child in care")
    # 52,675.64 x 100/(0.75 x 75.1536 + 0.25 x 76.4554)
    assert care.value * uprating(gdp, care.price_year, 2024).factor == pytest.approx(69_788.4, abs=0.1)
