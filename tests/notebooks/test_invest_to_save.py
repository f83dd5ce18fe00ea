"""The notebook for a finance director runs, and shows what can be worked out by hand."""

from __future__ import annotations

import json
import re
from pathlib import Path

import papermill
import pytest

from sib.reporting import places

NOTEBOOK = places.notebook("invest_to_save")

# Prices of the year in which the costs were: nothing is uprated, and the sums are short.
PARAMETERS = {"prices_of": "2015/16", "own_care_cost": 60_000}


def cells_of(executed: Path, cell: str) -> list[list[str]]:
    """The rows of the table that a cell shows, as text."""
    found = next(one for one in json.loads(executed.read_text(encoding="utf-8"))["cells"] if one["id"] == cell)
    page = "".join("".join(output["data"].get("text/html", "")) for output in found["outputs"])
    rows = re.findall("<tr.*?</tr>", page)
    return [[re.sub("<.*?>", "", one) for one in re.findall("<t[hd].*?</t[hd]>", row)] for row in rows]


@pytest.fixture(scope="module")
def executed(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("notebook") / "executed.ipynb"
    papermill.execute_notebook(NOTEBOOK, path, PARAMETERS, progress_bar=False, extra_arguments=["--log-level=ERROR"])
    return path


@pytest.mark.slow
def test_each_way_of_referring_finds_misses_and_wrongly_picks(executed):
    # 200 of 4,000 are true cases: 66 % of them and 10 % of 3,800; 40 % and 2 %.
    _, everybody, screen, tighter = cells_of(executed, "targeting")
    assert everybody == ["Everybody known", "4,000", "200", "3,800", "0", "5\N{NO-BREAK SPACE}%"]
    assert screen[1:5] == ["512", "132", "380", "68"]
    assert tighter[1:5] == ["156", "80", "76", "120"]


@pytest.mark.slow
def test_a_case_averted_costs_what_its_wasted_places_cost(executed):
    _, everybody, _, tighter = cells_of(executed, "worth")
    # 14,700/(0.05 x 0.51); 156 places at 14,700, and 80 x 0.51 cases at 120,000.
    assert everybody[-1] == "576,471"
    assert tighter[1:5] == ["40.8", "2,293,200", "4,896,000", "2,602,800"]


@pytest.mark.slow
def test_only_whole_steps_become_cash(executed):
    *_, tighter = cells_of(executed, "cash")
    # 81.6 places free: 81.6, 61.2, 49.0, 38.4 and 20.4 are left, in steps of ten.
    assert tighter == ["Tighter screen", "81.6", "80", "60", "40", "30", "20"]


@pytest.mark.slow
def test_the_published_days_are_told_with_their_slip(executed):
    *_, both = cells_of(executed, "tender")
    assert both == ["Both", "440", "154,000", "146.7"]
    assert "280" in executed.read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_contract_of_three_years_has_eighteen_good_months(executed):
    three_years = cells_of(executed, "length")[2]
    # 36 months at 95,000 and 154,000 for the tender, over 27 months; (36 + 154/95)/27 - 1.
    assert three_years[:3] == ["36", "18", "27"]
    assert three_years[4] == "132,370"
    assert three_years[5] == "39\N{NO-BREAK SPACE}%"


def test_the_notebook_is_thin_and_clean():
    cells = json.loads(Path(NOTEBOOK).read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert all(not cell["outputs"] and cell["execution_count"] is None for cell in code)
    assert all(not line.lstrip().startswith(("def ", "class ", "for ")) for cell in code for line in cell["source"])
