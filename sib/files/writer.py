"""Writes plain data as YAML that reads back as the same data, and never leaves half a file behind."""

from __future__ import annotations

import datetime as dt
import io
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import Node
from ruamel.yaml.representer import SafeRepresenter

from sib.files.scalars import is_plain_text
from sib.paths import Loc, path_of
from sib.problems import CaseError, Problem

# A number with its range stands on one line while that line stays short.
LONGEST_FLOW = 100

_SCALARS = (str, int, float, bool, dt.date)

_SURROGATE = re.compile("[\ud800-\udfff]")
_BREAKS = re.compile("[\n\r\x85\u2028\u2029]")


def write_document(data: Mapping[str, Any], path: str | os.PathLike[str]) -> None:
    """Writes a map as a YAML file, its keys in the order in which they stand, numbers to the last digit.

    The file is replaced whole or not at all; a folder that cannot be written to is a CaseError.
    """
    write_text(text_of(data), path)


def text_of(data: Mapping[str, Any]) -> str:
    """The same as a text: dates as 2015-09-30, text of several lines as it stands.

    What a case cannot hold (a tuple, a time of day, a key that is not text) is a TypeError.
    """
    require_plain(data)
    stream = io.StringIO()
    _yaml().dump(data, stream)
    return stream.getvalue()


def write_text(text: str, path: str | os.PathLike[str]) -> None:
    """Puts a text in place of a file: written beside it first, then renamed."""
    target = Path(path).resolve()
    beside = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        with beside.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(target)
    except OSError as error:
        beside.unlink(missing_ok=True)
        reason = (error.strerror or str(error)).lower()
        raise CaseError(Problem(os.fspath(path), None, "", f"the file cannot be written ({reason}).")) from None


def require_plain(data: Any) -> None:
    """Refuses, with a TypeError that names the path, what would not be read back as it is."""
    for loc, value in _everything(data, ()):
        if isinstance(value, dict):
            odd = [key for key in value if not isinstance(key, str) or not key]
            if odd:
                raise TypeError(f"{path_of(data, loc)}: {odd[0]!r} is not a key that a case can hold")
        elif isinstance(value, str) and _SURROGATE.search(value):
            raise TypeError(f"{path_of(data, loc)}: half a character cannot be written")
        elif not isinstance(value, list) and value is not None and type(value) not in _SCALARS:
            raise TypeError(f"{path_of(data, loc)}: {type(value).__name__} is not plain data; convert it first")


def _everything(data: Any, loc: Loc) -> Iterator[tuple[Loc, Any]]:
    yield loc, data
    below = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for part, item in below:
        yield from _everything(item, (*loc, part))


class _Representer(SafeRepresenter):
    """How each kind of plain data is written. Nothing is written by reference, however often it occurs."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the argument is the parent's
        return True

    def of_text(self, data: str) -> Node:
        """Plain where that reads back, as a block where there are several lines, else in quotes."""
        style = _style_of_lines(data) if _BREAKS.search(data) else None if is_plain_text(data) else "'"
        return self.represent_scalar("tag:yaml.org,2002:str", data, style=style)

    def of_map(self, data: dict[str, Any]) -> Any:
        """On one line where it is a number with its range, and short."""
        node: Any = self.represent_mapping("tag:yaml.org,2002:map", data)
        node.flow_style = "value" in data and _fits_a_line(data)
        return node

    def of_number(self, data: float) -> Node:
        """With every digit that tells it from its neighbours."""
        special = {"inf": ".inf", "-inf": "-.inf", "nan": ".nan"}
        text = special.get(repr(data), repr(data))
        return self.represent_scalar("tag:yaml.org,2002:float", text)


def _style_of_lines(text: str) -> str:
    """A block where nothing but line ends is special, else double quotes, in which anything can be said."""
    lines = text.split("\n")
    tidy = all(line.isprintable() and line == line.rstrip() for line in lines)
    return "|" if tidy and lines[0][:1] not in ("", " ") else '"'


def _fits_a_line(data: dict[str, Any]) -> bool:
    flat = not any(isinstance(item, dict | list) or "\n" in str(item) for item in data.values())
    return flat and sum(len(key) + len(str(item)) + 4 for key, item in data.items()) <= LONGEST_FLOW


_Representer.add_representer(str, _Representer.of_text)
_Representer.add_representer(dict, _Representer.of_map)
_Representer.add_representer(float, _Representer.of_number)


def _yaml() -> Any:
    # Any, since its settings are typed as the values that they begin with.
    yaml: Any = YAML(typ="safe", pure=True)
    yaml.Representer = _Representer
    yaml.default_flow_style = False
    yaml.sort_base_mapping_type_on_output = False
    yaml.allow_unicode = True
    yaml.width = 1_000_000
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml
