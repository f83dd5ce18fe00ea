"""The notebook about uncertainty runs from end to end, and says why where a case cannot fill a part."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sib.reporting.places import notebook
from sib.reporting.running import run

pytestmark = pytest.mark.slow

FEW = {"scenarios": 4096}


def shown(parameters: dict[str, Any], folder: Path) -> dict[str, str]:
    """What each cell shows as HTML, by the cell's id."""
    ran = run(notebook("uncertainty"), FEW | parameters, folder / "ran.ipynb")
    return {
        cell.id: output.data["text/html"]
        for cell in ran.cells
        for output in cell.get("outputs", [])
        if "text/html" in output.get("data", {})
    }


def test_every_part_is_filled_as_it_stands(tmp_path):
    pages = shown({}, tmp_path)
    images = {name: page.count("<img") for name, page in pages.items()}
    assert images == {
        "simulate": 0, "pictures": 2, "tornado": 1, "all-at-once": 0, "grid": 0, "measurement": 1, "deal-space": 1,
        "solve": 0, "staging": 0,
    }  # fmt: skip
    assert not any("Not shown" in page for page in pages.values())
    assert "Investors lose money in" in pages["simulate"]
    assert "P(reserves survive) &gt;= 90.0\xa0%" in pages["solve"]
    assert "second year goes on" in pages["staging"]


def test_a_case_without_all_that_says_why(tmp_path):
    bare = {
        "case": "educate-girls", "changes": {}, "output": "provider.margin", "outcome": "learning", "decided": "",
        "bid": "educate-girls", "price": "deal.payments.learning.price",
    }  # fmt: skip
    pages = shown(bare, tmp_path)
    assert "Not shown: it has been measured already" in pages["measurement"]
    assert "no provider states its reserves" in pages["solve"]
    assert "to decide by" in pages["staging"]
