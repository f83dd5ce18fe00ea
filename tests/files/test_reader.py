"""Files that are read, and one broken file for each mistake that a text can hold."""

from __future__ import annotations

import datetime as dt
import math
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sib.files.reader import Document, read_document, read_text, read_value
from sib.problems import CaseError, Problem

BROKEN = Path(__file__).parent / "broken"

# By file: the line and the path of each problem, and words of its message.
MISTAKES: dict[str, list[tuple[int | None, str, str]]] = {
    "tab": [(3, "", "indent with spaces")],
    "second-colon": [(1, "", "put text that holds ': ' in quotes")],
    "deeper-than-its-siblings": [(3, "", "line up the keys")],
    "missing-colon": [(3, "", "a colon and a space were expected")],
    "uneven-dashes": [(3, "", "the indentation does not fit the lines above")],
    "open-list": [(2, "", "the [list] begun on line 1 needs a comma or a closing ]")],
    "open-map": [(2, "", "the {map} begun on line 1 needs a comma or a closing }")],
    "open-quote": [(3, "", "the quotation mark opened on line 1 is not closed")],
    "text-after-quotes": [(1, "", "quotes of the other kind")],
    "backslash": [(1, "", "use single quotes, or two backslashes")],
    "at-sign": [(1, "", "a value cannot begin with '@'; put it in quotes")],
    "list-on-the-keys-line": [(1, "", "on a line of its own")],
    "text-beside-the-bar": [(1, "", "begin the text on the next line")],
    "comma-too-many": [(1, "", "a value was expected here")],
    "star": [(2, "", "put text that begins")],
    "tag": [(2, "price", "the tag !pounds is not read")],
    "python-tag": [
        (4, "deal.a.run", "the tag !!python/object/apply:os.system is not read"),
        (5, "deal[1]", "the tag !!python/name:os.system is not read"),
    ],
    "duplicate-keys": [
        (6, "payments.learning", "'price' was written before, on line 4"),
        (7, "payments.jobs", "'price' was written before, on line 7"),
        (8, "", "'title' was written before, on line 1"),
    ],
    "two-documents": [(2, "", "a second document begins here")],
    "top-level-list": [(2, "", "the top level is a list")],
    "top-level-text": [(1, "", "the top level is a single text")],
    "only-comments": [(None, "", "the file is empty")],
    "time-of-day": [
        (1, "start", "has a time of day; write the date only, such as 2010-09-01"),
        (2, "end", "has a time of day; write the date only, such as 2010-09-01"),
    ],
    "no-such-day": [(2, "deal.start", "'2010-02-30' is not a date of the calendar")],
    "merge-key": [(3, "deal", "write the keys out")],
    "key-is-a-list": [(2, "deal", "a key must be text")],
    "empty-key": [(2, "deal", "a key is empty")],
    "holds-itself": [(2, "", "'*deal' repeats nothing written before it")],
    "control-character": [(2, "", "U+0007")],
    "bomb": [(5, "", "more than 50,000 keys and values")],
}


def problems_in(path: str | Path) -> list[tuple[int | None, str, str]]:
    began = time.perf_counter()
    with pytest.raises(CaseError) as caught:
        read_document(path)
    assert time.perf_counter() - began < 5
    assert {problem.file for problem in caught.value.problems} == {str(path)}
    assert all(problem.message.endswith((".", "?")) for problem in caught.value.problems)
    return [(problem.line, problem.path, problem.message) for problem in caught.value.problems]


@pytest.mark.parametrize("name", sorted(MISTAKES))
def test_each_mistake_is_told_with_its_line(name: str) -> None:
    found = problems_in(BROKEN / f"{name}.yaml")
    assert [(line, path) for line, path, _ in found] == [(line, path) for line, path, _ in MISTAKES[name]]
    for (_, _, message), (_, _, words) in zip(found, MISTAKES[name], strict=True):
        assert words in message


def test_no_python_is_run(tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    (tmp_path / "case.yaml").write_text(f'a: !!python/object/apply:pathlib.Path.touch ["{trap.as_posix()}"]\n')
    problems_in(tmp_path / "case.yaml")
    assert not trap.exists()


def test_a_missing_file_names_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "peterborough.yaml").write_text("a: 1\n")
    [(_, _, message)] = problems_in(tmp_path / "peterboro.yaml")
    assert "no such file" in message
    assert "peterborough.yaml" in message


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    [(_, _, message)] = problems_in(tmp_path / "nowhere" / "case.yaml")
    assert "no folder" in message


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    [(_, _, message)] = problems_in(tmp_path)
    assert "this is a folder" in message


def test_a_name_that_no_file_can_have() -> None:
    assert len(problems_in("case\0.yaml")) == 1


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_text("")
    [(_, _, message)] = problems_in(tmp_path / "case.yaml")
    assert "the file is empty" in message


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "case.yaml").open("wb") as stream:
        stream.truncate(60_000_000)
    [(_, _, message)] = problems_in(tmp_path / "case.yaml")
    assert message == "the file has 60,000,000 bytes; at most 2,000,000 are read."


def test_a_binary_file(tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_bytes(b"PK\3\4\n\0\0\xff\xfe")
    assert problems_in(tmp_path / "case.yaml")[0][0] == 2


def test_a_text_in_another_encoding(tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_bytes("a: 1\nprice: £3\n".encode("latin-1"))
    [(line, _, message)] = problems_in(tmp_path / "case.yaml")
    assert line == 2
    assert "byte 0xa3 at position 12" in message
    assert "UTF-8" in message


def test_utf_16_is_not_utf_8(tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_bytes("a: 1\n".encode("utf-16"))
    assert "UTF-8" in problems_in(tmp_path / "case.yaml")[0][2]


def long_texts() -> Iterator[tuple[str, str]]:
    """Texts within the file's size on which a careless reader takes minutes."""
    yield "deep list", "a: " + "[" * 19_000
    yield "deep dashes", "a:\n" + "- " * 9_000
    yield "deep map", "\n".join(" " * depth + "a:" for depth in range(1_900))
    yield "many items", "a:\n" + "- 1\n" * 400_000
    yield "many keys", "".join(f"k{number}: 1\n" for number in range(150_000))
    yield "the same key", "a: 1\n" * 24_000
    yield "one long line", "a: " + "x" * 1_900_000
    yield "long tag", "a: !" + "x" * 1_900_000
    yield "tagged items", "a:\n" + "".join(f"- {{id: i{number}, b: !t 1}}\n" for number in range(8_000))


@pytest.mark.parametrize(("name", "text"), [pytest.param(*item, id=item[0]) for item in long_texts()])
def test_what_is_made_to_take_long_is_refused_soon(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_text(text)
    assert len(problems_in(tmp_path / "case.yaml")) <= 201


def test_scalars() -> None:
    text = """
    whole: 1_000_000
    exponent: 1e6
    small: -.5e-3
    hex: 0x1F
    zeros: 007
    date: 2015-09-30
    yes: yes
    true: true
    nothing:
    tilde: ~
    quoted: '3'
    infinite: -.inf
    version: 1.2.3
    range: 1__0
    """
    assert read_text(text, "case.yaml").data == {
        "whole": 1_000_000,
        "exponent": 1e6,
        "small": -0.0005,
        "hex": 31,
        "zeros": 7,
        "date": dt.date(2015, 9, 30),
        "yes": "yes",
        "true": True,
        "nothing": None,
        "tilde": None,
        "quoted": "3",
        "infinite": -math.inf,
        "version": "1.2.3",
        "range": "1__0",
    }
    assert math.isnan(read_value(".nan"))


def test_keys_are_text_as_written() -> None:
    text = "2015: 1\n2015-09-30: 2\ntrue: 3\n'a b': 4\n2015-02-30: 5\n2015-01-01 10:00: 6\n1_0: 7\n"
    keys = list(read_text(text, "case.yaml").data)
    assert keys == ["2015", "2015-09-30", "true", "a b", "2015-02-30", "2015-01-01 10:00", "1_0"]


def test_an_endless_number() -> None:
    with pytest.raises(CaseError, match="400 digits"):
        read_text("a: " + "1" * 400, "case.yaml")


def test_lines_and_texts() -> None:
    document = read_text("deal:\n  payments:\n    - id: a\n      price:\n        1_000\n    - 2\n", "case.yaml")
    assert document.line_of(("deal", "payments")) == 2
    assert document.line_of(("deal", "payments", 0)) == 3
    assert document.line_of(("deal", "payments", 0, "price")) == 4
    assert document.line_of(("deal", "payments", 0, "missing", "deeper")) == 3
    assert document.line_of(("deal", "payments", 1)) == 6
    assert document.line_of(()) == 1
    assert document.line_at("deal.payments.a.price") == 4
    assert document.line_at("deal.payments.a.missing[3].x") == 3
    assert document.line_at("no.such.thing") == 1
    assert document.text_of(("deal", "payments", 0, "price")) == "1_000"
    assert Document({"a": 1}).line_of(("a",)) is None


def test_aliases_repeat_what_they_name() -> None:
    document = read_text("a: &x {b: [1]}\nc: *x\n", "case.yaml")
    assert document.data == {"a": {"b": [1]}, "c": {"b": [1]}}
    assert document.line_of(("c", "b", 0)) == 1


def test_a_mistake_that_is_repeated_by_reference_is_told_once() -> None:
    with pytest.raises(CaseError) as caught:
        read_text("a: &x {b: 2010-02-30}\nc: *x\nd: *x\n", "case.yaml")
    assert [problem.path for problem in caught.value.problems] == ["a.b"]


def test_a_byte_order_mark_and_other_line_ends(tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_bytes(b"\xef\xbb\xbfa: 1\r\nb:\r\n  - 2\r\n")
    document = read_document(tmp_path / "case.yaml")
    assert document.data == {"a": 1, "b": [2]}
    assert document.line_of(("b", 0)) == 3


def test_values_of_the_command_line() -> None:
    assert read_value("0.35") == 0.35
    assert read_value("{value: 1, low: 0}") == {"value": 1, "low": 0}
    assert read_value("[1, a b]") == [1, "a b"]
    assert read_value("2015-09-30") == dt.date(2015, 9, 30)
    assert read_value("") is None
    with pytest.raises(CaseError):
        read_value("{a: ")


PIECES = [
    "a: ",
    "b",
    "- ",
    "\n",
    "  ",
    "[",
    "]",
    "{",
    "}",
    ",",
    '"',
    "'",
    "&x ",
    "*x",
    "!t ",
    "|",
    ">",
    "#",
    "?",
    ":",
]
PIECES += [
    "%",
    "---\n",
    "...",
    "\t",
    "<<: ",
    "@",
    "\\",
    "2015-01-01",
    "-",
    "|2\n",
    "%YAML 1.1\n",
    "\x85",
    "\r",
    "\ufeff",
]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=25))
def test_any_text_is_read_or_refused_in_words(pieces: list[str]) -> None:
    problems: tuple[Problem, ...] = ()
    try:
        read_text("".join(pieces), "case.yaml")
    except CaseError as error:
        problems = error.problems
    assert all(problem.message.endswith((".", "?")) for problem in problems)
