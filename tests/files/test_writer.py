"""What is written reads back as the same data, and nothing that was there is lost."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sib.files.amending import update_document
from sib.files.reader import read_document, read_text
from sib.files.writer import text_of, write_document
from sib.problems import CaseError

TRICKY = [
    "yes",
    "1e3",
    ".5e3",
    "0o7",
    "1_000",
    "2015-01-01",
    "2015-02-30",
    "2015-01-01 10:00",
    "~",
    "null",
    "<<",
]
TRICKY += [
    "=",
    "- a",
    "a: b",
    "#x",
    "a #b",
    "'",
    '"',
    "|",
    "*a",
    "!a",
    "%",
    "@",
    "? a",
    "---",
    "...",
    ".",
    "1:30",
]
TRICKY += [
    "a\n",
    "\na",
    "a\n\n",
    " a\nb",
    "a \nb",
    "a\tb\nc",
    "\u2028",
    "\x85",
    "\ufeff",
    "a\r\nb",
    ".nan",
    "true",
    "",
]

TEXTS = st.sampled_from(TRICKY) | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | TEXTS | st.dates()
DATA = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS.filter(bool), inner, max_size=4),
    max_leaves=15,
)


def same(one: Any, other: Any) -> bool:
    """Equal in value, kind and order; nan is the same as nan."""
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, float) and math.isnan(one):
        return isinstance(other, float) and math.isnan(other)
    return type(one) is type(other) and bool(one == other)


@given(st.dictionaries(TEXTS.filter(bool), DATA, max_size=4))
def test_what_is_written_reads_back(data: dict[str, Any]) -> None:
    assert same(read_text(text_of(data), "case.yaml").data, data)


def test_it_reads_like_a_case() -> None:
    data = {
        "title": "Peterborough",
        "note": "One line.\nAnother.\n",
        "start": dt.date(2010, 9, 1),
        "payments": [
            {"id": "learning", "price": {"value": 0.1, "low": 0.05, "source": "S2"}, "points": []},
            {"id": "jobs", "price": 1e-7},
        ],
    }
    assert text_of(data) == (
        "title: Peterborough\n"
        "note: |\n"
        "  One line.\n"
        "  Another.\n"
        "start: 2010-09-01\n"
        "payments:\n"
        "  - id: learning\n"
        "    price: {value: 0.1, low: 0.05, source: S2}\n"
        "    points: []\n"
        "  - id: jobs\n"
        "    price: 1e-07\n"
    )


def test_what_occurs_twice_is_written_twice() -> None:
    shared = {"a": 1}
    assert text_of({"x": shared, "y": shared}) == "x:\n  a: 1\ny:\n  a: 1\n"


@pytest.mark.parametrize(
    "value", [(1, 2), {1: 2}, {"": 1}, dt.datetime(2015, 1, 1, tzinfo=dt.UTC), object(), "\ud800"], ids=ascii
)
def test_what_no_case_holds_is_refused_before_writing(value: Any, tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="deal"):
        write_document({"deal": [value]}, tmp_path / "case.yaml")
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    target = tmp_path / "case.yaml"
    write_document({"a": 1}, target)
    write_document({"b": "é"}, target)
    assert target.read_bytes() == "b: é\n".encode()
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match=r"case\.yaml: the file cannot be written \(no such file or directory\)\."):
        write_document({"a": 1}, tmp_path / "nowhere" / "case.yaml")


def test_what_stood_there_survives_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    target = tmp_path / "case.yaml"
    write_document({"a": 1}, target)
    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(CaseError, match="no space left on device"):
        write_document({"a": 2}, target)
    assert target.read_text() == "a: 1\n"
    assert list(tmp_path.iterdir()) == [target]


COMMENTED = """\
# The deal as it was signed.
title: "Peterborough"  # in quotes
payments:
    # what is paid
    - id: learning
      price: {value: 0.35, low: 0.25, high: 0.40}  # from the contract
      cap: 1_000_000
    - id: jobs
      price: 3
"""


def test_comments_stay_where_fields_change(tmp_path: Path) -> None:
    (tmp_path / "old.yaml").write_text(COMMENTED)
    changes = {"payments.learning.price": 0.5, "payments.jobs.price": 4, "start": dt.date(2010, 9, 1)}
    notes = update_document(tmp_path / "old.yaml", changes, tmp_path / "new.yaml")
    assert notes == ["payments.learning.price: the range 0.25 to 0.4 does not hold 0.5, so the range was dropped."]
    written = (tmp_path / "new.yaml").read_text()
    for kept in (
        "# The deal as it was signed.",
        '"Peterborough"',
        "# what is paid",
        "# from the contract",
        "1_000_000",
    ):
        assert kept in written
    assert read_document(tmp_path / "new.yaml").data == {
        "title": "Peterborough",
        "payments": [
            {"id": "learning", "price": {"value": 0.5}, "cap": 1_000_000},
            {"id": "jobs", "price": 4},
        ],
        "start": dt.date(2010, 9, 1),
    }
    assert (tmp_path / "old.yaml").read_text() == COMMENTED


def test_a_change_of_one_repeated_value_leaves_the_others(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text("a: &x {b: 1}\nc: *x\n")
    update_document(path, {"c.b": 2}, path)
    assert read_document(path).data == {"a": {"b": 1}, "c": {"b": 2}}


@given(st.dictionaries(st.sampled_from("abcd"), DATA, min_size=1), st.sampled_from("abcd"), DATA)
def test_a_changed_file_reads_as_meant(
    tmp_path_factory: pytest.TempPathFactory, data: dict[str, Any], key: str, value: Any
) -> None:
    path = tmp_path_factory.mktemp("changed") / "case.yaml"
    data = {name: item for name, item in data.items() if not isinstance(item, dict)} or {"a": 1}
    write_document(data, path)
    update_document(path, {key: value}, path)
    assert same(read_document(path).data, {**data, key: value})
