"""Any output of many variants of a case: numbers through the engine's door in one run, anything else one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from pydantic import ValidationError

from sib.appraisal import appraise
from sib.assumption import Assumption
from sib.case import Case
from sib.cashflow.run import run
from sib.chance import CELL, Chance
from sib.consistency import contradictions
from sib.consistency.outcomes import bundles_agree
from sib.consistency.uncertainty import correlations_name_uncertain_numbers
from sib.numbers import Row, terms_in
from sib.paths import leaves, loc_of, lookup, path_of
from sib.problems import CaseError, Problem, nearest
from sib.risk.distributions import reach_of
from sib.risk.draws import uncertain_numbers, wholes_of
from sib.risk.outputs import outputs

Changes = Mapping[str, Sequence[Any] | Row]
"""Values by path, one for each variant."""

# Variants in one run: enough for the engine, little for the memory.
BLOCK = 4096
# Variants that are appraised one by one, at the most: some twenty milliseconds each.
MOST_APART = 3000
# Weights hold for all scenarios of a run, so that each of them has to run by itself.
ALONE = ".profile["
# What a file must say, and a value of a number need not keep: the engine scales bundles to the forecast, and a number
# that is looked at beyond its range has none to be correlated.
OF_A_FILE = (bundles_agree, correlations_name_uncertain_numbers)


def outputs_of(case: Case, changes: Changes, wanted: Sequence[str]) -> dict[str, Row]:
    """Outputs by their path in the appraisal's JSON, one number a variant; nan where a variant has none.

    Every path of `changes` holds a value for each variant. CaseError for an output that is not there or no number, for
    a path that leads nowhere, and for a number that the case cannot hold. A variant that has to be built anew and
    cannot be has nan; CaseError where none can.
    """
    count = max((len(values) for values in changes.values()), default=1)
    places = {path: place_of(case, path) for path in changes}
    known = dict(terms_in(case))
    if all(places[path] in known and ALONE not in places[path] and _numeric(changes[path]) for path in changes):
        given = {places[path]: np.asarray(values, float) for path, values in changes.items()}
        _refuse_impossible(case, given)
        rows = _with_the_rest(case, given)
        together = _together(case, rows, count)
        if all(name in together for name in wanted):
            return {name: together[name] for name in wanted}
        changes = rows
    refuse_unknown(case, wanted)
    return _one_by_one(case, changes, count, wanted)


def _numeric(values: Sequence[Any] | Row) -> bool:
    return np.asarray(values).dtype.kind in "iuf"


def scenarios_of(case: Case, draws: Mapping[str, Row], output: str, seed: int) -> Row:
    """An output in each scenario of these draws, with people's own chance; the same seed, the same chance.

    CaseError for an output that only a single appraisal gives.
    """
    count = len(next(iter(draws.values()))) if draws else CELL
    found = outputs(run(case, draws, Chance(seed, 0, count)))
    if output not in found:
        near = nearest(output, found)
        hint = f"did you mean {near!r}?" if near else "name one that `sib simulate` prints."
        raise CaseError(Problem(None, None, output, f"a simulation does not give this output; {hint}"))
    return np.broadcast_to(found[output], count)


def _together(case: Case, rows: Mapping[str, Row], count: int) -> dict[str, Row]:
    """Every output that the engine gives for all scenarios at once, block by block."""
    blocks = [
        outputs(run(case, {path: row[first : first + BLOCK] for path, row in rows.items()}))
        for first in range(0, count, BLOCK)
    ]
    sizes = [min(BLOCK, count - first) for first in range(0, count, BLOCK)]
    return {
        name: np.concatenate([np.broadcast_to(block[name], size) for block, size in zip(blocks, sizes, strict=True)])
        for name in blocks[0]
    }


def _one_by_one(case: Case, changes: Changes, count: int, wanted: Sequence[str]) -> dict[str, Row]:
    """Each variant built and appraised by itself."""
    if count > MOST_APART:
        told = f"{count:,} variants would have to be appraised one by one; name an output that `sib simulate` knows."
        raise CaseError(Problem(None, None, ", ".join(wanted), told))
    built = [_built(case, _variant(changes, i)) for i in range(count)]
    if built and all(isinstance(one, CaseError) for one in built):
        changed(case, _variant(changes, 0))
    answers = [{} if isinstance(one, CaseError) else appraise(one).as_dict() for one in built]
    return {name: np.array([_number(answer, name) for answer in answers]) for name in wanted}


def _built(case: Case, changes: Mapping[str, Any]) -> Case | CaseError:
    try:
        return changed(case, changes)
    except CaseError as refused:
        return refused


def refusals(case: Case, changes: Changes) -> tuple[str, ...]:
    """Why some of these variants cannot be built, each reason once; empty where all can."""
    count = max((len(values) for values in changes.values()), default=0)
    built = (_built(case, _variant(changes, i)) for i in range(count))
    return tuple(dict.fromkeys(str(one) for one in built if isinstance(one, CaseError)))


def _variant(changes: Changes, i: int) -> dict[str, Any]:
    return {
        path: value.item() if isinstance(value := values[i], np.generic) else value for path, values in changes.items()
    }


def _number(answer: Mapping[str, Any], output: str) -> float:
    try:
        value = lookup(answer, output)
    except CaseError:
        return np.nan
    return float(value) if isinstance(value, int | float) else np.nan


def changed(case: Case, changes: Mapping[str, Any]) -> Case:
    """The case with fields replaced by path; CaseError where it cannot be so.

    A number by itself may leave what a file has to say of it: see `OF_A_FILE`.
    """
    known = dict(terms_in(case))
    of_a_file = OF_A_FILE if all(place_of(case, path) in known for path in changes) else ()
    try:
        found = case.changed(changes)[0]
    except ValidationError as error:
        raise CaseError(_problems(error, changes)) from None
    wrong = contradictions(found, of_a_file)
    if wrong:
        raise CaseError([Problem(None, None, path, message) for path, message in wrong])
    return found


def _problems(error: ValidationError, changes: Mapping[str, Any]) -> Iterator[Problem]:
    told = ", ".join(f"{path}={value}" for path, value in changes.items())
    for one in error.errors():
        words = one["msg"].removeprefix("Value error, ")
        if one["type"] == "model_type":
            words = f"a number was expected, {one['input']!r} was written"
        yield Problem(None, None, told, f"{words}.")


def _with_the_rest(case: Case, rows: Mapping[str, Row]) -> dict[str, Row]:
    """The same with the other shares of a whole: where one is not as the case has it, the others make room."""
    found = dict(rows)
    for parts in wholes_of(case):
        if not any(path in rows for path in parts):
            continue
        own = np.array(list(parts.values()))[:, None]
        values = np.array(np.broadcast_arrays(*(rows.get(path, np.array([value])) for path, value in parts.items())))
        moved = values != own
        rest, room = np.where(moved, 0.0, own).sum(axis=0), 1 - np.where(moved, values, 0.0).sum(axis=0)
        scale = np.divide(room, rest, out=np.ones(values.shape[1:]), where=rest > 0)
        found |= dict(zip(parts, np.where(moved, values, own * scale), strict=True))
    return found


def _refuse_impossible(case: Case, rows: Mapping[str, Row]) -> None:
    """What a file may not say, no value may either, save within a number's own range, as a simulation draws it."""
    own, uncertain = {path: term.value for path, term in terms_in(case)}, uncertain_numbers(case)
    beyond = {path: row for path, row in rows.items() if path not in uncertain or not _within(uncertain[path], row)}
    rows = _with_the_rest(case, beyond)
    ends = [end for row in rows.values() if row.size for end in (int(row.argmin()), int(row.argmax()))]
    for i in dict.fromkeys(ends):
        here = {path: float(row[i if row.size > 1 else 0]) for path, row in rows.items()}
        changed(case, {path: value for path, value in here.items() if value != own[path]})


def _within(number: Assumption, row: Row) -> bool:
    low, high = reach_of(number)
    return bool((row >= low).all() and (row <= high).all())


def place_of(case: Case, path: str) -> str:
    """The path as the engine names it, with items by their id; CaseError where it leads nowhere."""
    known = dict(terms_in(case))
    try:
        place = _place(case.data(), path)
    except CaseError:
        # A path may lead to what the file leaves to its default.
        place = _place(_listed(case.model_dump()), path)
    return place if place in known else _without_value(place, known)


def _place(data: Any, path: str) -> str:
    return path_of(data, loc_of(data, path))


def _without_value(place: str, known: Mapping[str, Any]) -> str:
    """`price.value` also names the number `price`."""
    shorter = place.removesuffix(".value")
    return shorter if shorter in known else place


def _listed(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _listed(item) for key, item in value.items()}
    return [_listed(item) for item in value] if isinstance(value, list | tuple) else value


def number_at(case: Case, path: str) -> float:
    """The number at a path; CaseError, in words, where something else stands there."""
    place = place_of(case, path)
    known = dict(terms_in(case))
    if place in known:
        return known[place].value
    try:
        value = lookup(case.data(), path)
    except CaseError:
        value = lookup(_listed(case.model_dump()), path)
    if isinstance(value, bool) or not isinstance(value, int | float):
        what = "nothing" if value is None else f"{value!s:.40}"
        inside = [name for name in known if name.startswith((f"{place}.", f"{place}["))]
        hint = f"name one of its numbers: {', '.join(inside[:6])}." if inside else "name a field that holds one."
        raise CaseError(Problem(None, None, path, f"a number is needed, and {what} stands there; {hint}"))
    return float(value)


def refuse_unknown(case: Case, wanted: Sequence[str]) -> None:
    """CaseError for outputs that neither the case's appraisal nor its simulation has, or that are no numbers."""
    result = appraise(case)
    of_simulation = outputs(result.run)
    missing = [name for name in wanted if name not in of_simulation]
    answer = result.as_dict() if missing else {}
    problems = [problem for name in missing if (problem := _unknown(answer, name)) is not None]
    if problems:
        raise CaseError(problems)


def _unknown(answer: Mapping[str, Any], output: str) -> Problem | None:
    try:
        value = lookup(answer, output)
    except CaseError:
        near = nearest(output, [path for path, value in leaves(answer) if isinstance(value, int | float)])
        hint = f"did you mean {near!r}?" if near else f"outputs begin with {', '.join(answer)}."
        return Problem(None, None, output, f"the appraisal has no quantity of this name; {hint}")
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
        return None
    inside = [f"{output}.{key}" for key in value][:8] if isinstance(value, Mapping) else []
    hint = f"name one: {', '.join(inside)}." if inside else "name a number, such as investors.irr."
    return Problem(None, None, output, f"this is not one number; {hint}")
