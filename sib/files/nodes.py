"""A YAML text as a tree of nodes that know their lines, built from the parser's events in one pass.

Nothing is constructed but maps, lists and scalars, whatever the text asks for. Size and depth are counted as
the tree grows, with what is repeated by reference counted each time, so that a text made to explode is
refused early.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)

from sib.files.syntax import problem_of
from sib.problems import CaseError, Problem

MOST_NODES = 50_000
MOST_DEPTH = 60


@dataclass
class Node:
    """A map (`entries`), a list (`items`) or a scalar (`text`); `size` and `height` count all below it.

    `plain` says that a scalar was written without quotes; `fault`, what is wrong with it whatever it holds.
    """

    line: int
    text: str = ""
    plain: bool = False
    items: list[Node] | None = None
    entries: list[tuple[Node, Node]] | None = None
    size: int = 1
    height: int = 1
    fault: str = ""


@dataclass
class _Builder:
    """Turns events into nodes; `anchors` are the finished nodes that a `*name` may repeat."""

    file: str
    events: Iterator[Any]
    anchors: dict[str, Node] = field(default_factory=dict)
    size: int = 0

    def node(self, event: Any, depth: int) -> Node:
        """The node that begins with this event, with all below it."""
        if isinstance(event, AliasEvent):
            node = self.repeated(event)
        else:
            node = Node(event.start_mark.line + 1, fault=_tag_fault(event))
        if depth + node.height - 1 > MOST_DEPTH:
            message = f"more than {MOST_DEPTH} maps and lists stand inside each other; write it flatter."
            raise self.refused(event, message)
        self.count(node.size, event)
        if not isinstance(event, AliasEvent):
            self.fill(node, event, depth)
        return node

    def fill(self, node: Node, event: Any, depth: int) -> None:
        """Reads what a node holds, up to its end, and makes it known under its anchor."""
        if isinstance(event, ScalarEvent):
            node.text, node.plain = event.value, bool(event.implicit[0])
        elif isinstance(event, SequenceStartEvent):
            node.items = list(self.children(SequenceEndEvent, depth))
            _measure(node, node.items)
        else:
            below = list(self.children(MappingEndEvent, depth))
            node.entries = list(zip(below[::2], below[1::2], strict=True))
            _measure(node, below)
        if event.anchor is not None:
            self.anchors[event.anchor] = node

    def children(self, end: type, depth: int) -> Iterator[Node]:
        """The nodes up to the end of the map or list."""
        for event in self.events:
            if isinstance(event, end):
                return
            yield self.node(event, depth + 1)

    def repeated(self, event: Any) -> Node:
        """The node that an alias stands for."""
        node = self.anchors.get(event.anchor)
        if node is None:
            message = f"'*{event.anchor}' repeats nothing written before it; put text that begins with * in quotes."
            raise self.refused(event, message)
        return node

    def count(self, more: int, event: Any) -> None:
        """Refuses the text once it holds more than a case ever does."""
        self.size += more
        if self.size > MOST_NODES:
            repeats = "counting what is repeated by reference"
            advice = "put long series in a CSV file beside it"
            raise self.refused(event, f"more than {MOST_NODES:,} keys and values, {repeats}; {advice}.")

    def refused(self, event: Any, message: str) -> CaseError:
        return CaseError(Problem(self.file, event.start_mark.line + 1, "", message))


def _measure(node: Node, below: list[Node]) -> None:
    node.size = 1 + sum(child.size for child in below)
    node.height = 1 + max((child.height for child in below), default=0)


def _tag_fault(event: Any) -> str:
    if event.ctag is None:
        return ""
    tag = str(event.tag).replace("tag:yaml.org,2002:", "!!")
    return f"the tag {tag[:60]} is not read, and nothing it asks for is done; write the plain value."


def tree_of(text: str, file: str) -> Node | None:
    """The one document that a YAML text holds, or None where it holds nothing.

    What cannot be read is a CaseError with its line.
    """
    events = YAML(typ="safe", pure=True).parse(text)  # type: ignore[no-untyped-call, unused-ignore]
    try:
        return _document(_Builder(file, events))
    except MarkedYAMLError as error:
        raise CaseError(problem_of(error, file)) from None
    except YAMLError as error:
        raise CaseError(Problem(file, None, "", f"the YAML cannot be read: {error}.")) from None


def _document(builder: _Builder) -> Node | None:
    root: Node | None = None
    for event in builder.events:
        if isinstance(event, DocumentStartEvent) and root is not None:
            message = "a second document begins here; a case is one document, with no '---' or '...' in it."
            raise builder.refused(event, message)
        if not isinstance(event, DocumentStartEvent | DocumentEndEvent | StreamStartEvent | StreamEndEvent):
            root = builder.node(event, 1)
    return root
