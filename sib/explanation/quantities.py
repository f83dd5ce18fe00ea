"""The quantities of an appraisal by their dotted path, and the same quantity in another appraisal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sib.paths import Loc, leaves, loc_of, lookup
from sib.problems import CaseError, Problem, nearest

Answer = Mapping[str, Any]
"""An appraisal as plain data."""

# What may change of an item of a list without its being another item.
AMOUNTS = ("amount", "rate")
MOST_NAMED = 8


def quantities_in(answer: Answer) -> list[str]:
    """Every quantity of an appraisal, in its order."""
    return [path for path, _ in leaves(answer)]


def value_of(answer: Answer, quantity: str) -> Any:
    """The quantity's value; a CaseError with the nearest where there is no such quantity."""
    try:
        value = lookup(answer, quantity)
    except CaseError:
        raise _unknown(answer, quantity) from None
    if isinstance(value, Mapping | list):
        raise _several(quantity, quantities_in(answer))
    return value


def place_of(answer: Answer, quantity: str) -> Loc:
    """The keys and positions that lead to a quantity that is there."""
    return loc_of(answer, quantity)


def same_in(other: Answer, answer: Answer, place: Loc) -> Any:
    """The same quantity of another appraisal, by its place in this one; None where the other has none.

    An item of a list is the same where everything but its amount is: a flow by its date, parties and kind.
    """
    here: Any = answer
    there: Any = other
    for part in place:
        here = here[part]
        if isinstance(part, int):
            there = _same_item(there, part, here)
        else:
            there = there.get(part) if isinstance(there, Mapping) else None
    return there


def _same_item(items: Any, position: int, item: Any) -> Any:
    if not isinstance(items, list):
        return None
    if not isinstance(item, Mapping):
        return items[position] if position < len(items) else None
    return next((other for other in items if _identity(other) == _identity(item)), None)


def _identity(item: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in item.items() if key not in AMOUNTS}


def _unknown(answer: Answer, quantity: str) -> CaseError:
    near = nearest(quantity, quantities_in(answer))
    hint = f"did you mean {near!r}?" if near else f"quantities begin with {', '.join(answer)}."
    return CaseError(Problem(None, None, quantity, f"the appraisal has no quantity of this name; {hint}"))


def _several(quantity: str, known: list[str]) -> CaseError:
    inside = [name for name in known if name.startswith((f"{quantity}.", f"{quantity}["))]
    shown = [*inside[:MOST_NAMED], "…"] if len(inside) > MOST_NAMED else inside
    said = f"it holds several quantities; name one: {', '.join(shown)}." if shown else "it is empty in this case."
    return CaseError(Problem(None, None, quantity, said))
