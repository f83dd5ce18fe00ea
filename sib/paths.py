"""Paths name one place in a case: `deal.payments.learning.price`.

A part is a key of a map, or the `id` of an item of a list; `[0]` is the item's position, for lists whose
items have no id. A key that holds one of `. [ ] = :` is written in brackets and quotes: `set["deal.fee"]`.
Everything here works on plain data (dict, list, scalars) and changes none of it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sib.problems import CaseError, Problem, nearest

Part = str | int
Loc = tuple[Part, ...]

# What a number that somebody has to believe may carry about its range.
RANGE_KEYS = ("low", "high", "distribution", "sd", "values")
# So many names are told when one is not found.
MOST_NAMED = 20

_PART = re.compile(
    r'\[(?P<index>[0-9]{1,9})\]|\["(?P<quoted>(?:[^"\\]|\\.)*)"\]|(?P<dot>\.)?(?P<name>[^.\[\]]+)',
    re.DOTALL,
)
_NEEDS_QUOTES = re.compile(r"[.\[\]=:]")
_ESCAPED = re.compile(r'[\\"]')


def parts_of(path: str) -> Loc:
    """The parts of a path, first to last: names as text, positions as whole numbers.

    A path that cannot be read is a CaseError that says where it goes wrong.
    """
    parts: list[Part] = []
    at = 0
    while at < len(path):
        match = _PART.match(path, at)
        # A dot stands between names, and only there.
        if match is None or (match["name"] is not None and (match["dot"] is None) != (at == 0)):
            raise _error(path, f"not a path from '{path[at:]}' on; write it as deal.payments[0].price.")
        parts.append(_part(match))
        at = match.end()
    if not parts:
        raise _error(path, "the path is empty; write one such as deal.payments.learning.price.")
    return tuple(parts)


def _part(match: re.Match[str]) -> Part:
    if match["index"] is not None:
        return int(match["index"])
    if match["quoted"] is not None:
        return re.sub(r"\\(.)", r"\1", match["quoted"], flags=re.DOTALL)
    return match["name"]


def path_of(data: Any, loc: Sequence[Part]) -> str:
    """The path of the place that `loc` (keys and positions) leads to, with items of lists named by their id.

    Parts beyond what stands in the data are rendered as they are.
    """
    path = ""
    for part in loc:
        name = None
        if isinstance(data, list) and isinstance(part, int) and part < len(data):
            name, data = _names(data)[part], data[part]
        else:
            data = data.get(part) if isinstance(data, dict) else None
        path = _joined(path, part, name)
    return path


def _joined(path: str, part: Part, name: str | None) -> str:
    """A path one part longer; `name` is the id of the item at a position, where it has one."""
    name = part if isinstance(part, str) else name
    if name is None:
        return f"{path}[{part}]"
    if not name or _NEEDS_QUOTES.search(name):
        escaped = _ESCAPED.sub(r"\\\g<0>", name)
        return f'{path}["{escaped}"]'
    return f"{path}.{name}" if path else name


def _id_of(item: Any) -> str | None:
    """The id by which a path may name an item of a list, or None where there is none to use."""
    name = item.get("id") if isinstance(item, dict) else None
    if isinstance(name, bool) or not isinstance(name, str | int | dt.date):
        return None
    return str(name) if str(name) and not _NEEDS_QUOTES.search(str(name)) else None


def _names(items: list[Any]) -> list[str | None]:
    """The id of each item of a list; None where it has none, or where an earlier item has the same one."""
    seen: dict[str, int] = {}
    ids = [_id_of(item) for item in items]
    return [name if name and seen.setdefault(name, at) == at else None for at, name in enumerate(ids)]


def loc_of(data: Any, path: str) -> Loc:
    """The keys and positions that a path leads through; the inverse of `path_of`.

    A part that is not there is a CaseError that names what is, and the nearest name.
    """
    return _resolved(data, parts_of(path), path)


def _resolved(data: Any, parts: Loc, path: str) -> Loc:
    loc: list[Part] = []
    for position, part in enumerate(parts):
        # `price.value` also names the number where it is written plainly.
        if part == "value" and position == len(parts) - 1 and position and not isinstance(data, dict | list):
            break
        key = _key_at(data, part, path)
        loc.append(key)
        data = data[key]
    return tuple(loc)


def _key_at(data: Any, part: Part, path: str) -> Part:
    """The key or position under which a part is found in `data`."""
    if isinstance(data, list):
        return _position_at(data, part, path)
    if not isinstance(data, dict):
        raise _error(path, f"'{part}' is not found: what stands before it is neither a map nor a list.")
    if isinstance(part, int):
        raise _error(path, f"[{part}] counts a list's items, but a map stands there. {_choices('Keys', data, '')}")
    if part not in data:
        raise _error(path, f"'{part}' is not a key there; {_choices('Keys', data, part)}")
    return part


def _position_at(data: list[Any], part: Part, path: str) -> int:
    if isinstance(part, int):
        if part < len(data):
            return part
        raise _error(path, f"[{part}] is not found: the list has {len(data)} items, and the first is [0].")
    names = _names(data)
    if part in names:
        return names.index(part)
    known = [name for name in names if name is not None]
    if not known:
        raise _error(path, f"'{part}' is not found: the list's items have no id; write [0] for the first.")
    raise _error(path, f"no item has the id '{part}'; {_choices('The ids', known, part)}")


def lookup(data: Any, path: str) -> Any:
    """What stands at a path: a scalar, a map or a list (not a copy).

    A part that is not there is a CaseError that names what is, and the nearest name.
    """
    return _walked(data, loc_of(data, path))


def _walked(data: Any, loc: Loc) -> Any:
    for part in loc:
        data = data[part]
    return data


def leaves(data: Any) -> Iterator[tuple[str, Any]]:
    """Every scalar of the data with its path, in the order in which it is written."""
    yield from _leaves(data, "")


def _leaves(data: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(data, dict):
        for key, item in data.items():
            yield from _leaves(item, _joined(path, key, None))
    elif isinstance(data, list):
        for index, name in enumerate(_names(data)):
            yield from _leaves(data[index], _joined(path, index, name))
    elif path:
        yield path, data


def replaced(data: Any, path: str, value: Any) -> tuple[Any, list[str]]:
    """The data with `value` put at the path, and notes on what had to be dropped; the original is kept.

    The place must be there already, or be a new key of a map that is. A bare number, truth value, text or
    date put on an assumption (`{value: 0.35, low: 0.25, …}`) replaces its value; a range that no longer holds
    it goes.
    """
    parts = parts_of(path)
    above = _resolved(data, parts[:-1], path)
    parent = _walked(data, above)
    if isinstance(parent, dict) and isinstance(parts[-1], str) and parts[-1] not in parent:
        return _with(data, (*above, parts[-1]), value), []
    loc = _resolved(data, parts, path)
    standing = _walked(data, loc)
    if loc and loc[-1] == "value" and _is_assumption(parent):
        loc, standing = above, parent
    if not _is_assumption(standing) or value is None or isinstance(value, dict | list):
        return _with(data, loc, value), []
    revalued, notes = _revalued(standing, value, path)
    return _with(data, loc, revalued), notes


def _with(data: Any, loc: Loc, value: Any) -> Any:
    """A copy with `value` at `loc`: the containers on the way are new, the rest is shared."""
    if not loc:
        return value
    copy = data.copy()
    copy[loc[0]] = _with(data[loc[0]], loc[1:], value) if len(loc) > 1 else value
    return copy


def _is_assumption(data: Any) -> bool:
    """Whether this is a number with its evidence; an item with an id or a kind is something else."""
    return isinstance(data, dict) and "value" in data and not {"id", "kind"} & data.keys()


def _revalued(assumption: dict[str, Any], value: Any, path: str) -> tuple[dict[str, Any], list[str]]:
    changed = {**assumption, "value": value}
    seen = assumption.get("values")
    low, high = (min(seen), max(seen)) if seen else (assumption.get("low"), assumption.get("high"))
    if _holds(low, high, value):
        return changed, []
    span = " to ".join(str(end) for end in (low, high) if end is not None)
    kept = {key: item for key, item in changed.items() if key not in RANGE_KEYS}
    return kept, [f"{path}: the range {span} does not hold {value}, so the range was dropped."]


def _holds(low: Any, high: Any, value: Any) -> bool:
    if low is None and high is None:
        return True
    try:
        inside = (low is None or low <= value) and (high is None or value <= high)
        return bool(inside) and not isinstance(value, bool)
    except TypeError:
        return False


def _choices(title: str, names: Iterable[str], wanted: Part) -> str:
    """The nearest name, and which names there are."""
    known = list(names)
    near = nearest(str(wanted), known)
    listed = [*known[:MOST_NAMED], "…"] if len(known) > MOST_NAMED else known
    hint = f"did you mean '{near}'? " if near else ""
    return f"{hint}{title} there: {', '.join(listed) or 'none'}."


def _error(path: str, message: str) -> CaseError:
    return CaseError(Problem(None, None, path, message))
