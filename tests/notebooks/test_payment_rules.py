"""The notebook of payment rules runs from end to end and shows every picture."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from sib.reporting.places import notebook
from sib.reporting.running import run
from sib.show.rule_examples import examples

pytestmark = pytest.mark.slow


def shown(parameters: dict[str, Any], folder: Path) -> dict[str, str]:
    """What each cell shows as HTML, by the cell's id."""
    ran = run(notebook("payment_rules"), parameters, folder / "ran.ipynb")
    return {
        cell.id: output.data["text/html"]
        for cell in ran.cells
        for output in cell.get("outputs", [])
        if "text/html" in output.get("data", {})
    }


def test_every_example_is_drawn_with_words_for_who_cannot_see(tmp_path):
    pages = shown({}, tmp_path)
    for name in examples():
        assert re.search('<img alt="[^"]{60,}"', pages[name]), name
    assert pages["of-case"] == ""


def test_the_rules_of_a_case_are_drawn(tmp_path):
    page = shown({"case": "nyc-able", "rule": "reduction"}, tmp_path)["of-case"]
    assert page.count("<img") == 1
    assert "8 cliffs" in page
