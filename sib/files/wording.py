"""The words in which a case file's mistakes are told: what is wrong, what was expected, what to write."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Sequence
from typing import Any

from sib.files.places import Schema, SchemaMap, variants
from sib.files.scalars import scalar_of
from sib.problems import nearest

MOST_SHOWN = 60
# So many names can be taken in at a glance; beyond, the nearest is named, or some are left out.
AT_A_GLANCE = 3

# How the names of errors end that mean: this is of another type.
_MISMATCHES = ("_type", "_parsing", "_parsing_size", "_inexact", "_from_float", "_required")

_A_DATE = "a date such as 2015-09-30"
# What a schema type, or an error whose name begins so, expects.
_EXPECTED = {
    "float": "a number",
    "decimal": "a number",
    "int": "a whole number",
    "bool": "true or false",
    "string": "text",
    "str": "text",
    "date": _A_DATE,
    "list": "a list",
    "tuple": "a list",
    "set": "a list",
    "frozen_set": "a list",
    "frozenset": "a list",
    "iterable": "a list",
    "dict": "a map",
    "mapping": "a map",
    "model": "a map",
    "dataclass": "a map",
    "none": "nothing",
}


def expected_by_error(kind: str) -> str | None:
    """What the kind of an error says was expected: `float_parsing` expects a number."""
    if not kind.endswith(_MISMATCHES):
        return None
    begins = (name for name in sorted(_EXPECTED, key=len, reverse=True) if kind.startswith(f"{name}_"))
    return _EXPECTED.get(next(begins, ""))


def expected_by_schema(schemas: SchemaMap, schema: Schema) -> list[str]:
    """What may be written where this schema stands, each possibility once."""
    core = schemas.core(schema)
    kind = core.get("type", "")
    if kind == "union":
        found = [words for choice in variants(core) for words in expected_by_schema(schemas, choice)]
        return list(dict.fromkeys(found))
    if kind in ("literal", "enum"):
        return [either(f"'{option}'" for option in options_of(core))]
    if kind == "tagged-union":
        return [f"a map with a kind ({either(map(str, core['choices']))})"]
    fields = schemas.fields(core)
    if not fields:
        return [_EXPECTED[kind]] if kind in _EXPECTED else []
    shortened = [*list(fields)[:AT_A_GLANCE], "so on"] if len(fields) > AT_A_GLANCE + 1 else list(fields)
    # A map with a value that a validator prepares may be written as the value alone: a number with a range.
    prepared = any(layer.get("type") in ("function-before", "function-wrap") for layer in schemas.layers(schema))
    if prepared and "value" not in fields:
        return []  # what the validator makes of other forms is not for the schema to say
    plain = expected_by_schema(schemas, fields["value"]["schema"]) if prepared else []
    return [*plain, f"a map with {either(shortened, 'and')}"]


def options_of(core: Schema) -> list[str]:
    """The words that a literal or an enumeration allows."""
    if core.get("type") == "enum":
        return [str(member.value) for member in core["members"]]
    return [_plain(option) for option in core.get("expected", [])]


def _plain(option: Any) -> str:
    value = getattr(option, "value", option)
    return str(value).lower() if isinstance(value, bool) else str(value)


def shown(value: Any, text: str | None) -> str:
    """A value as it was written, cut to 60 characters; text stands in quotes."""
    if isinstance(value, dict):
        return "a map" if value else "an empty map"
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    if isinstance(value, str):
        return f"'{cut(value)}'"
    if value is None:
        return "nothing"
    return cut(text if text is not None and _reads_as(text, value) else _spelt(value))


def _reads_as(text: str, value: Any) -> bool:
    """Whether the text of the file still is what the value was read from: a setting may have replaced it."""
    try:
        return repr(scalar_of(text)) == repr(value)
    except ValueError:
        return False


def _spelt(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and not math.isfinite(value):
        return ".nan" if math.isnan(value) else f"{'-' if value < 0 else ''}.inf"
    return value.isoformat() if isinstance(value, dt.date) else repr(value)


def cut(text: str) -> str:
    """A text on one line, of at most 60 characters."""
    line = " ".join(text.split())
    return line if len(line) <= MOST_SHOWN else line[: MOST_SHOWN - 1] + "…"


def either(names: Iterable[str], word: str = "or") -> str:
    """Names as a list in a sentence: `a, b or c`."""
    known = list(names)
    return f" {word} ".join([", ".join(known[:-1]), known[-1]]) if len(known) > 1 else "".join(known)


def with_article(noun: str) -> str:
    """A noun with `a` or `an`."""
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"


def wrong_word(written: str, noun: str, options: Sequence[str], word: str) -> str:
    """`'snior' is not a rank; write senior, mezzanine or junior.`; of many options, the nearest first."""
    near = nearest(word, options) if len(options) > AT_A_GLANCE else None
    advice = f"did you mean '{near}'? Write one of {either(options)}" if near else f"write {either(options)}"
    return f"{written} is not {with_article(noun)}; {advice}."


def wrong_key(key: str, keys: Sequence[str]) -> str:
    """The sentence for a key that the schema does not know."""
    if not keys:
        return f"'{cut(key)}' is not a key here; take it away."
    near = nearest(key, keys)
    advice = f"; did you mean '{near}'?" if near else "."
    return f"'{cut(key)}' is not a key here{advice} Keys here: {', '.join(keys)}."


def wrong_type(expected: Sequence[str], written: str, value: Any) -> str:
    """The sentence for a value of another type, with a hint where it is plain what was meant."""
    if not expected:
        return f"{written} cannot stand here."
    hint = _hint(value) if "number" in " ".join(expected) and isinstance(value, str) else ""
    return f"{either(expected)} was expected; {written} was written{hint}."


def _hint(text: str) -> str:
    """How to write a number that was written as people write it on paper."""
    bare = re.sub(r"[£$€,\s_]", "", text)
    if re.fullmatch(r"[-+]?\d+(\.\d+)?%", bare):
        return f"; write {float(bare[:-1]) / 100:.10g}"
    if not re.fullmatch(r"[-+]?(\d+(\.\d*)?|\.\d+)", bare):
        return ""
    return "; take away the quotes" if bare == text else f"; write {bare}"


def sentence(text: str) -> str:
    """A message with its full stop, on one line."""
    line = " ".join(text.split())
    return line if line.endswith((".", "?", "!")) else f"{line}."
