"""Where in the user's data a mistake lies, and what the schema expects there.

The place that pydantic gives holds parts that nobody wrote: the variant of a union, the name of a validator,
the `value` of a number written plainly. Walking schema, data and place together tells them apart.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel

from sib.paths import Loc, Part

Schema = dict[str, Any]

# Layers of a schema that add nothing to the data, and the key under which the next layer stands.
_LAYERS = {
    "default": "schema",
    "nullable": "schema",
    "model": "schema",
    "dataclass": "schema",
    "definitions": "schema",
    "function-before": "schema",
    "function-after": "schema",
    "function-wrap": "schema",
    "lax-or-strict": "lax_schema",
    "json-or-python": "python_schema",
}


@dataclass(frozen=True)
class Choice:
    """One variant that was tried where a union without a `kind` stands."""

    loc: Loc
    label: str
    union: Schema


@dataclass(frozen=True)
class Place:
    """A place in the data (`loc`), the schema of what belongs there, and of the map around it (`owner`).

    `absent` is a key that is not in the data, and `wanted` the schema of what belongs under it; `part` says
    whether a key itself is at fault or its value; `choices` are the unions passed on the way; `meaning` is
    what the schema says about the value.
    """

    loc: Loc
    schema: Schema
    owner: Schema
    absent: str | None = None
    wanted: Schema = field(default_factory=dict)
    part: Literal["key", "value"] = "value"
    choices: tuple[Choice, ...] = ()
    meaning: str = ""


class SchemaMap:
    """The schema of a model, walked by the places of its errors; without one, the data alone decides."""

    def __init__(self, model: type[BaseModel] | None) -> None:
        """Takes the model that the whole data was checked against."""
        root = getattr(model, "__pydantic_core_schema__", None)
        self.root: Schema = dict(root) if isinstance(root, dict) else {}
        self.definitions: dict[str, Schema] = {item["ref"]: item for item in self.root.get("definitions", [])}

    def core(self, schema: Schema) -> Schema:
        """The schema without the layers that add nothing to the data."""
        return self.layers(schema)[-1]

    def layers(self, schema: Schema) -> list[Schema]:
        """The schema, and what it wraps, down to the one that says what the data is."""
        passed = [schema]
        while True:
            kind = schema.get("type", "")
            if kind == "definition-ref":
                schema = self.definitions.get(schema["schema_ref"], {})
            elif kind == "chain":
                schema = schema["steps"][0]
            elif kind in _LAYERS:
                schema = schema[_LAYERS[kind]]
            else:
                return passed
            passed.append(schema)

    def place_of(self, loc: Sequence[Part], data: Any) -> Place:
        """The place in the data that the `loc` of an error means."""
        walk = _Walk(self, data)
        for part in loc:
            walk.step(part)
        return Place(
            loc=tuple(walk.loc),
            schema=walk.standing,
            owner=walk.owner,
            absent=walk.absent,
            wanted=walk.schema,
            part=walk.part,
            choices=tuple(walk.choices),
            meaning=walk.meaning,
        )

    def fields(self, schema: Schema) -> dict[str, Schema]:
        """The keys that a map may have, as written, with the field of each; empty where any may be."""
        fields = schema.get("fields", {})
        # A dataclass lists its fields, the others map them.
        named = {item["name"]: item for item in fields} if isinstance(fields, list) else fields
        return {_written(name, item): item for name, item in named.items()}


def _written(name: str, model_field: Schema) -> str:
    alias = model_field.get("validation_alias")
    return alias if isinstance(alias, str) else name


class _Walk:
    """The state of one walk: how far the data and the schema have been followed."""

    def __init__(self, schemas: SchemaMap, data: Any) -> None:
        self.schemas = schemas
        self.data = data
        self.schema = self.standing = schemas.root
        self.owner: Schema = {}
        self.loc: list[Part] = []
        self.absent: str | None = None
        self.part: Literal["key", "value"] = "value"
        self.choices: list[Choice] = []
        self.meaning = ""
        self.tagged: Loc | None = None

    @property
    def core(self) -> Schema:
        """What the schema says that the data is."""
        return self.schemas.core(self.schema)

    def step(self, part: Part) -> None:
        """Follows one part of an error's place."""
        kind = self.core.get("type")
        if part == "[key]":
            self.part = "key"
        elif kind == "tagged-union":
            self.schema = _variant(self.core, part)
        elif kind == "union":
            self.choices.append(Choice(tuple(self.loc), str(part), self.core))
            self.schema = self._chosen(str(part))
        elif self.core or not self._is_tag(part):
            self._descend(part)

    def _is_tag(self, part: Part) -> bool:
        """Where no schema tells: a part that repeats the map's `kind` names the variant, the first time."""
        here = tuple(self.loc)
        if not isinstance(self.data, dict) or self.data.get("kind") != part or self.tagged == here:
            return False
        self.tagged = here
        return True

    def _descend(self, part: Part) -> None:
        self.owner, self.schema = self.core, self._below(part)
        if _has(self.data, part):
            self.data = self.data[part]
            self.loc.append(part)
            self.standing, self.absent = self.schema, None
        elif isinstance(part, str):
            self.absent = part

    def _below(self, part: Part) -> Schema:
        """The schema of what stands under a key or position."""
        core = self.core
        known = self.schemas.fields(core).get(str(part), {})
        self.meaning = known.get("metadata", {}).get("pydantic_js_updates", {}).get("description", "")
        below: Any = known.get("schema", core.get("values_schema", core.get("items_schema")))
        if isinstance(below, list):
            below = below[min(part, len(below) - 1)] if isinstance(part, int) and below else None
        return below if isinstance(below, dict) else {}

    def _chosen(self, label: str) -> Schema:
        """The variant of a union that pydantic labels so."""
        for choice in variants(self.core):
            core = self.schemas.core(choice)
            name = core.get("model_name") or core.get("dataclass_name") or core.get("type", "")
            if re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", label):
                return choice
        return {}


def variants(union: Schema) -> list[Schema]:
    """The schemas that a union without a `kind` chooses from."""
    return [choice[0] if isinstance(choice, tuple) else choice for choice in union.get("choices", [])]


def _variant(union: Schema, tag: Part) -> Schema:
    """The schema of a tagged union's variant; one tag may refer to another."""
    found: Any = tag
    for _ in union["choices"]:
        if isinstance(found, dict):
            break
        found = union["choices"].get(found, {})
    return found if isinstance(found, dict) else {}


def _has(data: Any, part: Part) -> bool:
    if isinstance(data, dict):
        return part in data
    return isinstance(data, list) and isinstance(part, int) and part < len(data)
