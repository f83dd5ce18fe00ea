"""The guide to writing a case: what it shows is a case that runs, and it leaves no key or word of the schema out."""

from __future__ import annotations

import re
import textwrap
from typing import Any

import pytest

from sib.case import Case
from sib.cli import main
from sib.files.bundle import bundled_folder
from sib.files.published_tables import with_published_tables
from sib.files.reader import read_text
from tests.building import result_of

GUIDE = (bundled_folder("templates") / "WRITING-A-CASE.md").read_text(encoding="utf-8")
BLOCKS = [textwrap.dedent(block) for block in re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)]
DEAL = ("parties", "outcomes", "payments", "caps", "pots", "costs", "tranches")


def assembled() -> dict[str, Any]:
    """All blocks of the guide put together, as a reader would who copies them one after the other."""
    data: dict[str, Any] = {"deal": {}}
    for block in BLOCKS:
        text = block if not block.startswith("-") else "payments:\n" + textwrap.indent(block, "  ")
        part = {key: value for key, value in read_text(text, "guide").data.items() if value != "…"}
        if "gate" in part:
            data["deal"]["payments"][0]["gate"] = part["gate"]
        elif set(part) & set(DEAL):
            for key, value in part.items():
                known = data["deal"].setdefault(key, value)
                known.extend(value) if known is not value and isinstance(value, list) else None
        else:
            for key, value in part.items():
                data[key] = {**data.get(key, {}), **value} if isinstance(value, dict) else value
    return data


def test_what_the_guide_shows_is_a_case_that_runs():
    data = assembled()
    data["deal"]["payments"][0].pop("gate")  # shown for a payment on a change, not for a count
    filled, faults = with_published_tables(data)
    assert not faults
    result = result_of(filled)
    assert result.payments.total > 0
    assert {rule.kind for rule in result.case.deal.payments} == {"tariff", "schedule", "share"}


def keys_and_words() -> set[str]:
    """Every key that a case may hold and every word that a key may have."""
    found: set[str] = set()
    schema = Case.model_json_schema()
    for definition in [schema, *schema["$defs"].values()]:
        found |= set(definition.get("properties", {}))
        for field in definition.get("properties", {}).values():
            for branch in [field, *field.get("anyOf", [])]:
                found |= {word for word in [*branch.get("enum", []), branch.get("const")] if isinstance(word, str)}
    return found - {"shares", "queue", "total", "each_period", "url"}  # wrappers that a file never writes


@pytest.mark.parametrize("word", sorted(keys_and_words()))
def test_the_guide_names_every_key_and_word_of_the_schema(word):
    assert re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", GUIDE)


@pytest.mark.parametrize("line", re.findall(r"^sib appraise (educate-girls .*)$", GUIDE, re.MULTILINE))
def test_its_commands_run(line, capsys):
    assert main(["appraise", *line.split(), "--json"]) == 0
    assert capsys.readouterr().out.startswith("{")
