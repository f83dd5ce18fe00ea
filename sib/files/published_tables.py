"""Puts published tables where a case names them: a discount schedule, a deflator, unit costs.

A case then holds the figures of the vintage that it names, and reads the same when a later one is published.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sib.assumption import Frozen
from sib.basis import Sensitivity
from sib.files.reference import deflator, discount_schedule, discount_schedules, unit_cost
from sib.paths import Loc
from sib.problems import CaseError, Problem, nearest

BASIS = "appraisal.basis"
USUAL_DEFLATOR = "uk gdp deflator 2025-12"

_UNIT_COST = re.compile(r"forecast\.(savings|benefits)[.\[].*\.unit_cost")

COPIED = {"title", "unit", "value", "price_year", "kind", "transfer", "source_text"}

Fault = tuple[Loc, str]


def with_published_tables(data: Any) -> tuple[Any, list[Fault]]:
    """A case's plain data with every named table in its place, and where a name is not one, with what is wrong."""
    if not isinstance(data, dict):
        return data, []
    filled, faults = copy.deepcopy(data), list[Fault]()
    appraisal = filled.get("appraisal")
    if isinstance(appraisal, dict) and "basis" in appraisal:
        appraisal["basis"] = _basis(appraisal["basis"], ("appraisal", "basis"), faults)
    scenarios = filled.get("scenarios")
    for i, scenario in enumerate(scenarios if isinstance(scenarios, list) else []):
        if isinstance(scenario, dict) and isinstance(scenario.get("set"), dict):
            scenario["set"] = _changes(scenario["set"], ("scenarios", i, "set"), faults)
    _add_unit_costs(filled, faults)
    return filled, faults


def changes_with_published_tables(changes: Mapping[str, Any]) -> tuple[dict[str, Any], list[Fault]]:
    """The same for changes by path."""
    faults: list[Fault] = []
    return _changes(changes, (), faults), faults


def _changes(changes: Mapping[str, Any], loc: Loc, faults: list[Fault]) -> dict[str, Any]:
    """`appraisal.basis`, its discount or its deflator may be changed by name."""
    done = {}
    for path, value in changes.items():
        where = (*loc, path)
        if path == BASIS:
            done[path] = _basis(value, where, faults)
        elif path in (f"{BASIS}.discount", f"{BASIS}.deflator"):
            table = {"discount": _discount, "deflator": _deflator}[path.rpartition(".")[2]]
            done[path] = _named(value, table, where, faults)
        else:
            done[path] = value
    return done


def _basis(value: Any, loc: Loc, faults: list[Fault]) -> Any:
    """A basis given by one name has that schedule, and the deflator that goes with it."""
    if isinstance(value, str):
        value = {"discount": value, "deflator": USUAL_DEFLATOR}
    if not isinstance(value, dict):
        return value
    tables = {"discount": _discount, "deflator": _deflator}
    return {
        key: _named(item, tables[key], (*loc, key), faults) if key in tables else item for key, item in value.items()
    }


def _named(value: Any, table: Callable[[str], dict[str, Any]], loc: Loc, faults: list[Fault]) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return table(value)
    except CaseError as error:
        faults += [(loc, problem.message) for problem in error.problems]
        return value


def _discount(name: str) -> dict[str, Any]:
    """A schedule, or one of the sensitivities inside it under its own name."""
    inside = {item.id: item for item in _sensitivities()}
    if name in inside:
        return _plain(inside[name])
    try:
        return _plain(discount_schedule(name))
    except CaseError:
        near = nearest(name, [*discount_schedules(), *inside])
        if near not in inside:
            raise
        message = f"{name!r} is not a discount schedule; did you mean {near!r}?"
        raise CaseError(Problem(None, None, "", message)) from None


def _sensitivities() -> Iterator[Sensitivity]:
    for name in discount_schedules():
        yield from discount_schedule(name).sensitivities


def _deflator(name: str) -> dict[str, Any]:
    return _plain(deflator(name))


def _plain(table: Frozen) -> dict[str, Any]:
    """What was written of a table, with lists as a file has them."""
    data: dict[str, Any] = _lists(table.model_dump(exclude_unset=True))
    return data


def _lists(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _lists(item) for key, item in value.items()}
    return [_lists(item) for item in value] if isinstance(value, list | tuple) else value


def _add_unit_costs(data: dict[str, Any], faults: list[Fault]) -> None:
    """Adds the bundled unit costs that savings and benefits, or scenarios of them, name and the case does not state."""
    forecast = data.get("forecast")
    if not isinstance(forecast, dict):
        return
    own = {item.get("id") for item in _maps(forecast.get("unit_costs"))}
    named = [*_unit_costs_named(forecast), *_unit_costs_of_scenarios(data.get("scenarios"))]
    wanted = {name: loc for name, loc in reversed(named) if name not in own}
    added = []
    for name, loc in wanted.items():
        try:
            added.append(unit_cost(name).model_dump(include=COPIED) | {"id": name})
        except CaseError as error:
            faults += [(loc, problem.message) for problem in error.problems]
    if added:
        forecast["unit_costs"] = [*_maps(forecast.get("unit_costs")), *added]


def _unit_costs_named(forecast: dict[str, Any]) -> Iterator[tuple[str, Loc]]:
    for key in ("savings", "benefits"):
        for i, item in enumerate(_maps(forecast.get(key))):
            if isinstance(item.get("unit_cost"), str):
                yield item["unit_cost"], ("forecast", key, i, "unit_cost")


def _unit_costs_of_scenarios(scenarios: Any) -> Iterator[tuple[str, Loc]]:
    for i, scenario in enumerate(_maps(scenarios)):
        for path, value in (scenario["set"] if isinstance(scenario.get("set"), dict) else {}).items():
            if _UNIT_COST.fullmatch(str(path)) and isinstance(value, str):
                yield value, ("scenarios", i, "set", path)


def _maps(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
