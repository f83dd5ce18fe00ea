"""Changes fields of a YAML file and leaves the rest as its author wrote it, comments and all."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from sib.files.reader import read_document, read_text
from sib.files.writer import require_plain, text_of, write_text
from sib.paths import replaced
from sib.problems import CaseError

_ABSENT = object()
_FIRST_LIST = re.compile(r"^( *)[^\s#-][^\n]*:[ ]*(?:#[^\n]*)?\n(?: *#[^\n]*\n)*( *)- ", re.MULTILINE)


def update_document(path: str | os.PathLike[str], changes: Mapping[str, Any], to: str | os.PathLike[str]) -> list[str]:
    """Writes a file's content to another (or the same) with fields changed by path.

    Comments stay, but where values are repeated by reference: then the file is written anew, without them.
    Returns notes on the ranges that had to be dropped.
    """
    before = read_document(path).data
    after, notes = before, []
    for place, value in changes.items():
        after, said = replaced(after, place, value)
        notes += said
    require_plain(after)
    write_text(_amended(Path(path).read_text(encoding="utf-8-sig"), before, after), to)
    return notes


def _amended(text: str, before: Any, after: Any) -> str:
    """The text with its data changed, once it is known to read back as meant; else a new text."""
    yaml = _round_trip(text)
    tree = yaml.load(text)
    _graft(tree, before, after)
    stream = io.StringIO()
    yaml.dump(tree, stream)
    amended = stream.getvalue()
    return amended if _reads_as(amended, after) else text_of(after)


def _reads_as(text: str, data: Any) -> bool:
    try:
        # By their spelling, since nan equals nothing, and 1 equals 1.0 and true.
        return repr(read_text(text, "").data) == repr(data)
    except CaseError:
        return False


def _graft(tree: Any, before: Any, after: Any) -> None:
    """Puts into the tree what differs between two states of its data, as deep inside as can be."""
    names = {str(name): name for name in tree} if isinstance(tree, dict) else {}
    for key in [key for key in names if key not in after]:
        del tree[names[key]]
    for key, old, new in _pairs(before, after):
        name = names.get(key, key)
        if _alike(old, new) and (isinstance(name, int) or name in tree):
            _graft(tree[name], old, new)
        elif repr(old) != repr(new):
            tree[name] = new


def _pairs(before: Any, after: Any) -> Iterator[tuple[Any, Any, Any]]:
    if isinstance(after, dict):
        yield from ((key, before.get(key, _ABSENT), new) for key, new in after.items())
    else:
        yield from ((index, before[index], new) for index, new in enumerate(after))


def _alike(old: Any, new: Any) -> bool:
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new)
    return isinstance(old, dict) and isinstance(new, dict)


def _round_trip(text: str) -> YAML:
    yaml = YAML(typ="rt", pure=True)
    yaml.preserve_quotes = True
    yaml.width = 1_000_000
    # As deep as the file's first list, so that the rest of it does not move.
    found = _FIRST_LIST.search(text)
    offset = len(found[2]) - len(found[1]) if found else 2
    yaml.indent(mapping=2, sequence=offset + 2, offset=offset)
    return yaml
