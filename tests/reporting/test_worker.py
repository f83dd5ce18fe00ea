import json
import os
import signal
from pathlib import Path

import pytest

from sib.problems import CaseError
from sib.reporting import places, report, report_many
from sib.reporting.running import run_inside

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")

CELL = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}


def notebook(folder: Path, *sources: str) -> Path:
    """The report's parameters cell, then these cells."""
    kept = json.loads(places.notebook("appraisal").read_text(encoding="utf-8"))
    cells = [{**CELL, "id": f"cell-{i}", "source": source} for i, source in enumerate(sources)]
    path = folder / "notebook.ipynb"
    path.write_text(json.dumps({**kept, "cells": [*kept["cells"][:2], *cells]}), encoding="utf-8")
    return path


def shown(folder: Path, *sources: str) -> list[tuple[str, str]]:
    """Type and text of what the last cell shows."""
    ran = run_inside(notebook(folder, *sources), {"case": "educate-girls"}, folder / "ran.ipynb")
    return [(one.output_type, one.get("text") or one["data"]["text/plain"]) for one in ran.cells[-1].outputs]


def test_a_batch_gives_the_same_bytes_as_a_kernel_and_a_bad_case_costs_only_itself(tmp_path):
    (tmp_path / "bad.yaml").write_text("title: A\ncurrency: GBP\ndeal: {}\n")
    told = []
    found = report_many(["educate-girls", tmp_path / "bad.yaml", "peterborough"], tmp_path / "batch", told.append)
    assert [one.path and one.path.name for one in found] == ["educate-girls.html", None, "peterborough.html"]
    assert found[1].problems[0].file.endswith("bad.yaml")
    assert len(told) == 3
    alone = report("educate-girls", tmp_path / "alone")
    assert found[0].path.read_bytes() == alone.read_bytes()


def test_a_cell_shows_what_a_notebook_would(tmp_path):
    assert shown(tmp_path, "case") == [("execute_result", "'educate-girls'")]
    assert shown(tmp_path, "print('said'); None") == [("stream", "said\n")]
    assert shown(tmp_path, "from IPython.display import display", "display(1); 2") == [
        ("display_data", "1"),
        ("execute_result", "2"),
    ]


def test_one_notebook_knows_nothing_of_the_one_before(tmp_path):
    shown(tmp_path, "left = 1")
    assert shown(tmp_path, "'left' in globals()") == [("execute_result", "False")]


def test_a_cell_that_fails_is_named_and_later_ones_do_not_run(tmp_path):
    with pytest.raises(CaseError, match=r"its cell 3 failed with ZeroDivisionError: division by zero\."):
        run_inside(notebook(tmp_path, "1 / 0", "open('later', 'w')"), {"case": "a"}, tmp_path / "ran.ipynb")
    assert "ZeroDivisionError" in (tmp_path / "ran.ipynb").read_text(encoding="utf-8")
    assert not Path("later").exists()


@pytest.mark.parametrize(("status", "said"), [(signal.SIGALRM, "took longer than"), (signal.SIGKILL, "ended without")])
def test_a_process_that_dies_is_a_problem_of_its_case_alone(tmp_path, status, said):
    from sib.reporting import worker

    answer = worker._answer_of({"place": 4, "name": "deal.yaml", "temporary": str(tmp_path)}, int(status))
    assert answer["place"] == 4
    assert answer["path"] is None
    assert answer["problems"][0]["file"] == "deal.yaml"
    assert said in answer["problems"][0]["message"]
