"""Turns the schema's complaints into sentences that say where the mistake is and how to mend it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel, ValidationError

from sib.files.places import Place, SchemaMap
from sib.files.reader import Document, problems_at
from sib.files.wording import (
    either,
    expected_by_error,
    expected_by_schema,
    options_of,
    sentence,
    shown,
    wrong_key,
    wrong_type,
    wrong_word,
)
from sib.paths import Loc
from sib.problems import Problem, nearest


@dataclass(frozen=True)
class _Fault:
    """One complaint: its kind, message and context from pydantic, its place, and what stands there."""

    kind: str
    said: str
    context: dict[str, Any]
    place: Place
    value: Any
    written: str

    @property
    def noun(self) -> str:
        """What the value is called: the key that it stands under."""
        names = [part for part in self.place.loc if isinstance(part, str)]
        return "key" if self.place.part == "key" or not names else names[-1].replace("_", " ")

    @property
    def loc(self) -> Loc:
        """The place to name: a missing key, or a kind that is wrong, has one of its own."""
        if self.kind == "missing" and self.place.absent is not None:
            return (*self.place.loc, self.place.absent)
        if self.kind.startswith("union_tag") and isinstance(self.value, dict):
            return (*self.place.loc, _discriminator(self))
        return self.place.loc


def problems_of(error: ValidationError, document: Document, model: type[BaseModel] | None = None) -> list[Problem]:
    """All that a failed validation found, in the order of the file's lines, one problem for each mistake.

    `model` is what `document.data` was checked against: with it the sentences can say which keys and words
    are allowed. Places are rendered as the user would write them, with the ids of list items.
    """
    schemas = SchemaMap(model)
    found = [_fault(item, document, schemas) for item in error.errors(include_url=False)]
    faults = _without_misspelt(_settled(found, 0), schemas)
    told = {(fault.loc, _told(fault, schemas)): fault for fault in faults}
    return problems_at(document, [(loc, document.line_of(loc), message) for loc, message in told])


def located(problems: Sequence[Problem], document: Document) -> list[Problem]:
    """Problems that know only their path, with the document's file and line put in, by line."""
    placed = [
        replace(item, file=item.file or document.file, line=item.line or document.line_at(item.path))
        for item in problems
    ]
    return sorted(placed, key=lambda problem: problem.line or 0)


def _fault(item: Any, document: Document, schemas: SchemaMap) -> _Fault:
    place = schemas.place_of(item["loc"], document.data)
    value: Any = document.data
    for part in place.loc:
        value = value[part]
    if place.part == "key" and place.loc:
        value = place.loc[-1]
    written = shown(value, document.text_of(place.loc))
    return _Fault(item["type"], item["msg"], item.get("ctx", {}), place, value, written)


def _settled(faults: list[_Fault], depth: int) -> list[_Fault]:
    """The faults, with only those variants of each union kept that fit best what was written."""
    kept: list[_Fault] = []
    unions: dict[Loc, dict[str, list[_Fault]]] = {}
    for fault in faults:
        if len(fault.place.choices) <= depth:
            kept.append(fault)
            continue
        choice = fault.place.choices[depth]
        unions.setdefault(choice.loc, {}).setdefault(choice.label, []).append(fault)
    for loc, branches in unions.items():
        kept += _best([_settled(branch, depth + 1) for branch in branches.values()], loc, depth)
    return kept


def _best(branches: list[list[_Fault]], loc: Loc, depth: int) -> list[_Fault]:
    """The variant that was meant: the right type, the fewest faults; if none has it, one fault for all."""
    fitting = [branch for branch in branches if not all(_is_mismatch(fault, loc) for fault in branch)]
    if fitting:
        return min(fitting, key=len)
    first = branches[0][0]
    if len(branches) == 1:
        return branches[0]
    union = first.place.choices[depth].union
    place = Place(loc, union, first.place.owner)
    return [_Fault("union", first.said, {}, place, first.value, first.written)]


def _is_mismatch(fault: _Fault, loc: Loc) -> bool:
    """Whether the value at `loc` is of another type than the variant asks for."""
    at_fault = fault.kind in ("union", "literal_error", "enum") or expected_by_error(fault.kind) is not None
    return at_fault and fault.place.loc == loc


def _without_misspelt(faults: list[_Fault], schemas: SchemaMap) -> list[_Fault]:
    """The faults without those missing keys that stand there misspelt: the misspelling is told."""
    meant: set[Loc] = set()
    for fault in faults:
        if fault.kind == "extra_forbidden":
            near = nearest(str(fault.loc[-1]), schemas.fields(fault.place.owner))
            meant.add((*fault.loc[:-1], near or ""))
    return [fault for fault in faults if fault.kind != "missing" or fault.loc not in meant]


def _discriminator(fault: _Fault) -> str:
    return str(fault.context.get("discriminator", "kind")).strip("'")


def _told(fault: _Fault, schemas: SchemaMap) -> str:
    """The sentence for a fault."""
    kind, place, context = fault.kind, fault.place, fault.context
    if kind == "missing":
        return _missing(str(place.absent), expected_by_schema(schemas, place.wanted))
    if kind == "extra_forbidden":
        return wrong_key(str(place.loc[-1]), list(schemas.fields(place.owner)))
    if kind in ("literal_error", "enum"):
        options = options_of(schemas.core(place.schema)) or _quoted_in(str(context.get("expected", "")))
        return _wrong_word(fault, fault.noun, options)
    if kind.startswith("union_tag"):
        return _wrong_kind(fault, [str(tag) for tag in schemas.core(place.schema).get("choices", {})])
    if kind == "union":
        return wrong_type(expected_by_schema(schemas, place.schema), fault.written, fault.value)
    expected = expected_by_error(kind)
    if expected is not None:
        known = expected_by_schema(schemas, place.schema)
        return wrong_type(known or [expected], fault.written, fault.value)
    return _bounded(fault)


def _missing(key: str, expected: list[str]) -> str:
    return f"missing key; add '{key}: …'{f' ({either(expected)})' if expected else ''}."


def _wrong_word(fault: _Fault, noun: str, options: list[str]) -> str:
    word = fault.value if isinstance(fault.value, str) else ""
    if fault.place.loc and isinstance(fault.place.loc[-1], int):
        return f"{fault.written} cannot stand in {noun}; write {either(options)}."
    return wrong_word(fault.written, noun, options, word)


def _wrong_kind(fault: _Fault, known: list[str]) -> str:
    """The sentence for a variant's name that is missing or unknown."""
    name = _discriminator(fault)
    options = known or _quoted_in(fault.context.get("expected_tags", ""))
    if str(fault.value) == fault.context.get("tag"):
        return _wrong_word(fault, fault.noun, options)
    if not isinstance(fault.value, dict):
        return wrong_type([f"a map with {name} ({either(options)})"], fault.written, fault.value)
    if name not in fault.value:
        return _missing(name, [either(options)] if options else [])
    tag = fault.value[name]
    near = nearest(str(tag), options)
    advice = f"did you mean '{near}'? Write one of {either(options)}" if near else f"write {either(options)}"
    return f"{shown(tag, None)} is not a {name.replace('_', ' ')}; {advice}."


def _quoted_in(text: str) -> list[str]:
    """The words in quotes in one of pydantic's messages."""
    return re.findall(r"'([^']*)'", text)


# What a bound says, by the kind of its error and the key of its limit.
_BOUNDS = {
    "greater_than": ("gt", "must be more than {}"),
    "greater_than_equal": ("ge", "must be {} or more"),
    "less_than": ("lt", "must be less than {}"),
    "less_than_equal": ("le", "must be {} or less"),
    "multiple_of": ("multiple_of", "must be a multiple of {}"),
    "string_too_short": ("min_length", "must have {} characters or more"),
    "string_too_long": ("max_length", "must have {} characters or fewer"),
    "too_short": ("min_length", "must have {} items or more"),
    "too_long": ("max_length", "must have {} items or fewer"),
    "finite_number": ("", "must be an ordinary number"),
}


def _bounded(fault: _Fault) -> str:
    """The sentence for a value of the right type that is out of bounds, and for whatever a validator says."""
    if fault.kind == "string_pattern_mismatch":
        return _wrong_form(fault)
    if fault.kind not in _BOUNDS:
        return _own_words(fault)
    key, words = _BOUNDS[fault.kind]
    limit = fault.context.get(key)
    if fault.kind == "greater_than_equal" and limit == 0:
        words = "must not be negative"
    elif key == "min_length" and limit == 1:
        return "must not be empty."
    limit = int(limit) if isinstance(limit, float) and limit.is_integer() else limit
    return f"{words.format(limit)}; {fault.written} was written."


def _wrong_form(fault: _Fault) -> str:
    if fault.noun == "id" or fault.place.part == "key":
        return f"{fault.written} cannot be a name here; a name holds no '.', '[', ']', '=' or ':'."
    meaning = fault.place.meaning or f"pattern {fault.context.get('pattern', '')}"
    return f"{fault.written} does not have the form that is asked for here ({meaning.rstrip('.')})."


def _own_words(fault: _Fault) -> str:
    """What a validator said, or pydantic's own words made plain."""
    own = fault.context.get("error")
    if fault.kind in ("value_error", "assertion_error") and isinstance(own, Exception) and str(own):
        return sentence(str(own))
    return sentence(re.sub(r"^(Value error, |Assertion failed, )|\bInput (?=should be)", "", fault.said))
