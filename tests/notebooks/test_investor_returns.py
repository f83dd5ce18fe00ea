"""The notebook that replaces an investor's spreadsheet runs, and says what the engine says."""

from __future__ import annotations

import json
from pathlib import Path

import papermill
import pytest

from sib.reporting import places

NOTEBOOK = places.notebook("investor_returns")


def shown(executed: Path, cell: str) -> str:
    cells = json.loads(executed.read_text(encoding="utf-8"))["cells"]
    (found,) = (one for one in cells if one["id"] == cell)
    return "".join("".join(output["data"].get("text/html", "")) for output in found["outputs"])


@pytest.fixture(scope="module")
def executed(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("notebook") / "executed.ipynb"
    papermill.execute_notebook(
        NOTEBOOK, path, {"guaranteed": 1.0}, progress_bar=False, extra_arguments=["--log-level=ERROR"]
    )
    return path


@pytest.mark.slow
def test_structures_stand_side_by_side(executed):
    page = shown(executed, "compare")
    for name in ("As signed", "All senior loan", "Senior and junior", "With a guarantee", "Return cap"):
        assert f">{name}<" in page
    # Educate Girls: 422,000 back on 277,915; capped at 1.25 times, 347,393.75.
    assert "422,000" in page
    assert "347,394" in page


@pytest.mark.slow
def test_the_guarantee_ends_every_loss(executed):
    page = shown(executed, "by-outcome-guaranteed")
    # Guaranteed in full, no level loses anything: the row of no outcomes at all has its money back.
    assert "1.00x" in page
    assert "-100.0" not in page
    assert "-100.0" in shown(executed, "by-outcome")


@pytest.mark.slow
def test_the_conventions_are_told(executed):
    page = shown(executed, "conventions")
    assert "IRR on dates" in page
    assert "14.74" in page


def test_the_notebook_is_thin_and_clean():
    cells = json.loads(Path(NOTEBOOK).read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert all(not cell["outputs"] and cell["execution_count"] is None for cell in code)
    assert all(not line.lstrip().startswith(("def ", "class ")) for cell in code for line in cell["source"])
