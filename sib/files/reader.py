"""Reads a YAML file into plain data that remembers its lines, and says all that is wrong with it at once.

Keys are text as it is written: a year or a date may be a key, and `2015: 3` has the key "2015". Anchors and
aliases are followed; merge keys (`<<`) and tags are refused, and a file is never more than data.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sib.files.nodes import Node, tree_of
from sib.files.scalars import Scalar, is_nothing, scalar_of
from sib.paths import Loc, loc_of, path_of
from sib.problems import CaseError, Problem, nearest

MOST_BYTES = 2_000_000
MOST_PROBLEMS = 200
LONGEST_LINE = 20_000

_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_LAST_PART = re.compile(r'(\.[^.\[\]]+|\[\d+\]|\["[^\]]*"\])$')


@dataclass(frozen=True)
class Document:
    """Plain data (dict, list, str, int, float, bool, None, date), and where each part of it was written.

    `lines` and `texts` are by place: keys and positions from the top. Data from elsewhere has neither.
    """

    data: Any
    file: str | None = None
    lines: dict[Loc, int] = field(default_factory=dict, repr=False)
    texts: dict[Loc, str] = field(default_factory=dict, repr=False)

    def line_of(self, loc: Loc) -> int | None:
        """The line (from 1) of the key or item at a place, or of the nearest one around it.

        None where there are no lines.
        """
        around = (loc[:end] for end in range(len(loc), -1, -1))
        return next((self.lines[place] for place in around if place in self.lines), None)

    def line_at(self, path: str) -> int | None:
        """The line of what a path names, or of the nearest thing around it."""
        try:
            return self.line_of(loc_of(self.data, path))
        except CaseError:
            above = _LAST_PART.sub("", path)
            return self.line_at(above) if above not in ("", path) else self.line_of(())

    def text_of(self, loc: Loc) -> str | None:
        """A scalar as it was written without quotes (`1_000`, `.nan`), or None."""
        return self.texts.get(loc)


def read_document(path: str | os.PathLike[str]) -> Document:
    """Reads one YAML file whose top level is a map.

    Everything wrong with it is in one CaseError, with lines. Files over 2 MB are refused unread.
    """
    return read_text(_text_of(os.fspath(path)), os.fspath(path))


def read_text(text: str, file: str) -> Document:
    """The same for a text that is at hand; `file` is the name that its problems are to carry."""
    tree = tree_of(_printable(text, file), file)
    if tree is None or (tree.items is None and tree.entries is None and tree.plain and not tree.text):
        raise CaseError(Problem(file, None, "", "the file is empty; a case is a map, 'key: value' lines."))
    if tree.entries is None:
        what = "a list" if tree.items is not None else "a single text"
        message = f"the top level is {what}; a case is a map, 'key: value' lines."
        raise CaseError(Problem(file, tree.line, "", message))
    return _planted(tree, file)


def read_value(text: str, name: str = "value") -> Any:
    """A value given as YAML, as in `--set PATH=VALUE`, by the same rules; nothing at all is None."""
    tree = tree_of(_printable(text, name), name)
    return None if tree is None else _planted(tree, name).data


def _text_of(name: str) -> str:
    try:
        path = Path(name)
        if not path.exists():
            raise CaseError(Problem(name, None, "", f"no such file{_near_files(path)}."))
        if not path.is_file():
            what = "a folder" if path.is_dir() else "not an ordinary file"
            raise CaseError(Problem(name, None, "", f"this is {what}; name the YAML file itself."))
        size = path.stat().st_size
        if size > MOST_BYTES:
            message = f"the file has {size:,} bytes; at most {MOST_BYTES:,} are read."
            raise CaseError(Problem(name, None, "", message))
        with path.open("rb") as stream:
            return _decoded(stream.read(MOST_BYTES), name)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise CaseError(Problem(name, None, "", f"the file cannot be read ({reason.lower()}).")) from None


def _near_files(path: Path) -> str:
    """What to suggest where a file is not found."""
    folder = path.parent
    if not folder.is_dir():
        return f", and no folder '{folder}'"
    near = nearest(path.name, [item.name for item in folder.iterdir() if item.is_file()])
    return f"; '{folder / near}' is the nearest name there" if near else ""


def _decoded(content: bytes, name: str) -> str:
    if b"\0" in content and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        line = content.count(b"\n", 0, content.index(b"\0")) + 1
        message = "this is a binary file, not text; a case is a YAML file in UTF-8."
        raise CaseError(Problem(name, line, "", message))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        found = f"byte {content[error.start]:#04x} at position {error.start}"
        message = f"the text is not UTF-8 ({found}); save the file as UTF-8."
        raise CaseError(Problem(name, line, "", message)) from None


def _printable(text: str, file: str) -> str:
    """The text, once it is known to hold no control characters, and no endless lines, which parse slowly."""
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) > LONGEST_LINE:
            message = f"the line has {len(line):,} characters, and at most {LONGEST_LINE:,} are read; break it."
            raise CaseError(Problem(file, number, "", message))
    found = _UNPRINTABLE.search(text)
    if found is None:
        return text
    number = text.count("\n", 0, found.start()) + 1
    message = f"the character U+{ord(found[0]):04X} cannot be printed and is not allowed; take it away."
    raise CaseError(Problem(file, number, "", message))


def _planted(tree: Node, file: str) -> Document:
    """The tree as a document, or all that is wrong with it."""
    grower = _Grower()
    document = Document(grower.data_of(tree, (), tree.line), file, grower.lines, grower.texts)
    if grower.faults:
        # What a reference repeats is at fault once, not wherever it is repeated.
        faults = {(line, message): loc for loc, line, message in reversed(grower.faults)}
        raise CaseError(problems_at(document, [(loc, line, message) for (line, message), loc in faults.items()]))
    return document


def problems_at(document: Document, faults: list[tuple[Loc, int | None, str]]) -> list[Problem]:
    """Faults (place, line, sentence) as problems in the order of their lines; after 200, their number."""
    ordered = sorted(faults, key=lambda fault: (fault[1] or 0, len(fault[0])))
    problems = [
        Problem(document.file, line, path_of(document.data, loc), message)
        for loc, line, message in ordered[:MOST_PROBLEMS]
    ]
    if len(ordered) > MOST_PROBLEMS:
        rest = f"there are {len(ordered) - MOST_PROBLEMS:,} more problems after these."
        problems.append(Problem(document.file, None, "", rest))
    return problems


@dataclass
class _Grower:
    """Walks the nodes once, making plain data, places and faults."""

    lines: dict[Loc, int] = field(default_factory=dict)
    texts: dict[Loc, str] = field(default_factory=dict)
    faults: list[tuple[Loc, int, str]] = field(default_factory=list)

    def data_of(self, node: Node, loc: Loc, line: int) -> Any:
        """The plain data of a node, whose key stands on `line`."""
        self.lines[loc] = line
        if node.fault:
            self.faults.append((loc, line, node.fault))
        if node.items is not None:
            return [self.data_of(item, (*loc, index), item.line) for index, item in enumerate(node.items)]
        if node.entries is not None:
            keyed = self.keyed(node.entries, loc)
            return {key.text: self.data_of(item, (*loc, key.text), key.line) for key, item in keyed}
        return self.scalar(node, loc)

    def scalar(self, node: Node, loc: Loc) -> Scalar:
        """A scalar's value; quoted, it is text whatever it looks like."""
        if not node.plain:
            return node.text
        self.texts[loc] = node.text
        try:
            return scalar_of(node.text)
        except ValueError as error:
            self.faults.append((loc, node.line, str(error)))
            return node.text

    def keyed(self, entries: list[tuple[Node, Node]], loc: Loc) -> Iterator[tuple[Node, Node]]:
        """The entries whose keys can be used; the others are faults."""
        first: dict[str, int] = {}
        for key, item in entries:
            fault = _key_fault(key, first)
            if fault:
                self.faults.append((loc, key.line, fault))
            else:
                first[key.text] = key.line
                yield key, item


def _key_fault(key: Node, first: dict[str, int]) -> str:
    """What is wrong with a key, given the lines of those before it in the map."""
    if key.items is not None or key.entries is not None:
        return "a key must be text, not a list or a map; put text with brackets in quotes."
    if key.fault:
        return key.fault
    if key.plain and key.text == "<<":
        return "'<<' (merging maps) is not read; write the keys out."
    if key.text in first:
        return f"the key '{key.text[:60]}' was written before, on line {first[key.text]}; keep one of them."
    if not key.text or (key.plain and is_nothing(key.text)):
        return "a key is empty; write a name before the colon."
    return ""
