"""Names inside a case: how an id is written, and references that must point at something that is there.

References are checked while the file is read, against the ids found in it, so that a misspelt party is reported
together with every other mistake and not after them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, Field, GetCoreSchemaHandler, ValidationInfo
from pydantic_core import CoreSchema, core_schema

from sib.problems import nearest

Id = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^.\[\]=:]+$")]

# Words that count as an outcome without being declared: what a fee is paid for.
COUNTED_WITHOUT_DECLARATION = ("starts", "periods")

_WHERE_DECLARED = {
    "party": "deal.parties",
    "outcome": "deal.outcomes",
    "payment": "deal.payments",
    "cost": "deal.costs",
    "tranche": "deal.tranches",
    "cohort": "forecast.cohorts",
    "saving": "forecast.savings",
    "budget": "forecast.budgets",
    "unit cost": "forecast.unit_costs",
    "scenario": "scenarios",
    "source": "sources",
}


class Reference:
    """Annotates a text that must be the id of a party, an outcome, a source … of the same case."""

    def __init__(self, noun: str) -> None:
        self.noun = noun

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Check the name after the text itself was accepted."""
        return core_schema.with_info_after_validator_function(self._check, handler(source))

    def _check(self, name: str, info: ValidationInfo) -> str:
        known = (info.context or {}).get(self.noun)
        if known is not None and name not in known:
            raise ValueError(unknown_name(name, "outcome" if self.noun == "counted" else self.noun, list(known)))
        return name


def unknown_name(name: str, noun: str, known: list[str]) -> str:
    """One sentence or two: what was not found, the nearest name, and where such names are declared."""
    where = _WHERE_DECLARED.get(noun, "forecast.cohorts")
    near = nearest(name, known)
    hint = f"did you mean {near!r}?" if near else f"declare it under {where}."
    names = ", ".join(dict.fromkeys(known[:8])) if known else "none"
    article = "an" if noun[0] in "aeio" else "a"
    return f"{name!r} is not {article} {noun} of this case; {hint} Known: {names}."


def names_in(data: Any) -> dict[str, list[str]]:
    """The ids declared in a case's plain data, by noun; tolerant of anything malformed."""
    found = {noun: list(_ids_at(data, where.split("."))) for noun, where in _WHERE_DECLARED.items()}
    found["segment"] = [name for cohort in _at(data, ["forecast", "cohorts"]) for name in _ids_at(cohort, ["segments"])]
    found["counted"] = [*found["outcome"], *COUNTED_WITHOUT_DECLARATION]
    return found


def _at(data: Any, keys: list[str]) -> list[Any]:
    for key in keys:
        data = data.get(key) if isinstance(data, Mapping) else None
    return list(data) if isinstance(data, list | tuple) else []


def _ids_at(data: Any, keys: list[str]) -> Iterator[str]:
    for item in _at(data, keys):
        if isinstance(item, Mapping) and isinstance(item.get("id"), str):
            yield item["id"]


Party = Annotated[str, Reference("party")]
Outcome = Annotated[str, Reference("outcome")]
Counted = Annotated[str, Reference("counted")]
Payment = Annotated[str, Reference("payment")]
Tranche = Annotated[str, Reference("tranche")]
Cohort = Annotated[str, Reference("cohort")]
Segment = Annotated[str, Reference("segment")]
Saving = Annotated[str, Reference("saving")]
Budget = Annotated[str, Reference("budget")]
UnitCostId = Annotated[str, Reference("unit cost")]
CostId = Annotated[str, Reference("cost")]
Source = Annotated[str, Reference("source")]


Item = TypeVar("Item")


def _each_id_once(items: tuple[Any, ...]) -> tuple[Any, ...]:
    names = [item.id for item in items]
    again = sorted({name for name in names if names.count(name) > 1})
    if again:
        raise ValueError(f"the id {again[0]!r} is given twice; give each item of a list an id of its own")
    return items


Listed = Annotated[tuple[Item, ...], AfterValidator(_each_id_once)]
"""A list whose items are found by their `id`."""
