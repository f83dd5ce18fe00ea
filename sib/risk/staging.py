"""The value of staging: all cohorts at once, against going on only if the first one's result is good enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sib.case import Case
from sib.cashflow.activity import window
from sib.cashflow.run import Run, run
from sib.chance import Chance
from sib.deal.costs import PerPeriod
from sib.deal.outcomes import OutcomeMeasured
from sib.numbers import Row, terms_in
from sib.problems import CaseError, Problem, nearest
from sib.risk.draws import draws_of
from sib.risk.measured import by_cohort, measured_in
from sib.risk.outputs import outputs
from sib.risk.streams import Points, rounded_up
from sib.value.payment_driver import edges_of, outcome_of

SCENARIOS, SEED = 4096, 1
ROUNDING = 1e-12
# What is shown unless it is asked for: money that can be averaged.
SHOWN = ("payments.total", "investors.loss", "provider.margin", "public_value.npsv")


@dataclass(frozen=True)
class Staged:
    """One output's mean under each plan; `gain` is the staged plan's less that of all at once, `error` its own."""

    output: str
    at_once: float
    staged: float
    stopped: float
    gain: float
    error: float


@dataclass(frozen=True)
class Staging:
    """A stop-or-go rule after the first cohort. Chances are shares of the scenarios.

    On `decided` the first `cohort`'s measure is read; at `go_at` or more the `later` cohorts start as planned, else
    they never do, and costs by the period end. `right_to_stop` is the chance that a stopped service was truly below
    `go_at`; None where it never stops.
    """

    outcome: str
    cohort: str
    later: tuple[str, ...]
    decided: date
    measured: date
    go_at: float
    goes_on: float
    right_to_stop: float | None
    results: tuple[Staged, ...]


def staging(
    case: Case,
    outcome: str,
    go_at: float | None = None,
    decided: date | None = None,
    shown: Sequence[str] = (),
) -> Staging:
    """Expected results of both plans over the case's uncertain numbers and people's chance.

    The decision reads the measure that the contract pays on. `go_at` is a rate, a change or a number a start; unless
    given, the lowest level that a rule names. `decided` is the day of measurement unless given; on an earlier day the
    same measure is taken to be known. CaseError where no later cohort is left to stop, or no level is named.
    """
    terms = _outcome(case, outcome)
    first, others = _cohorts(case)
    level = _go_at(case, terms) if go_at is None else go_at
    split = by_cohort(case, outcome)
    count = rounded_up(SCENARIOS, "sobol")
    draws, chance = _spread(case, split, draws_of(case, Points("sobol", SEED, count), 0, count)), Chance(SEED, 0, count)
    all_at_once = run(split, draws, chance)
    measured = _measured_on(all_at_once, outcome, first)
    day = decided or measured
    later = tuple(name for name in others if _window(case, name)[0] >= day)
    if not later:
        raise _error(f"the first cohort's result comes on {day}, when all others have begun; give an earlier day.")
    if terms.of_cohort:
        _refuse_unknown_error(split, outcome)
    true = np.broadcast_to(_level(run(split, draws), outcome, first), count)
    go = np.asarray(_level(all_at_once, outcome, first) >= level - ROUNDING)
    end = max([day, *(window(case, item)[1] for item in case.forecast.cohorts if item.id not in later)])
    stopped = run(_ending(split, end), draws | _nothing_after(split, later, end, count), chance)
    plans = outputs(all_at_once), outputs(stopped)
    names = shown or _shown(case, plans[0])
    return Staging(
        outcome, first, later, day, measured, level, float(go.mean()),
        None if go.all() else float((true[~go] < level).mean()),
        tuple(_compared(name, plans[0], plans[1], go) for name in names),
    )  # fmt: skip


def _compared(name: str, at_once: dict[str, Row], stopped: dict[str, Row], go: NDArray[np.bool_]) -> Staged:
    if name not in at_once:
        near = nearest(name, at_once)
        hint = f"did you mean {near!r}?" if near else "name another."
        raise _error(f"{name!r} is no output with a number here; {hint}")
    one, other = at_once[name], stopped.get(name, np.zeros(len(go)))
    staged = np.where(go, one, other)
    error = float((staged - one).std() / np.sqrt(len(go)))
    means = [float(plan.mean()) for plan in (one, staged, other)]
    return Staged(name, means[0], means[1], means[2], means[1] - means[0], error)


def _shown(case: Case, found: dict[str, Row]) -> list[str]:
    wanted = [*SHOWN, *(f"payers.{name}.net" for name in case.deal.payers)]
    return [name for name in wanted if name in found and np.isfinite(found[name]).all()]


def _outcome(case: Case, outcome: str) -> OutcomeMeasured:
    known = {item.id: item for item in case.deal.outcomes}
    if outcome not in known:
        raise _error(f"{outcome!r} is no outcome of this case; its outcomes: {', '.join(known)}.")
    if known[outcome].kind == "level":
        raise _error(f"{outcome!r} is a level, which is of no cohort; name another outcome.")
    return known[outcome]


def _cohorts(case: Case) -> tuple[str, list[str]]:
    """The cohort that starts first, and the others."""
    names = sorted((item.id for item in case.forecast.cohorts), key=lambda name: _window(case, name)[0])
    if len(names) < 2:
        raise _error("there is one cohort only; write a cohort for each stage.")
    return names[0], names[1:]


def _window(case: Case, name: str) -> tuple[date, date]:
    return window(case, next(item for item in case.forecast.cohorts if item.id == name))


def _go_at(case: Case, outcome: OutcomeMeasured) -> float:
    rules = [rule for rule in case.deal.payments if outcome_of(case, rule) == outcome.id]
    edges = [edge for rule in rules for edge in edges_of(rule)] if outcome.of_cohort else []
    if not edges:
        raise _error(f"no rule names a level of {outcome.id!r} to decide by; give go_at.")
    return min(edges)


def _spread(case: Case, split: Case, draws: dict[str, Row]) -> dict[str, Row]:
    """The draws under the paths of the split case: a line of all cohorts is drawn once for all of them."""
    known, found = {path for path, _ in terms_in(split)}, {}
    for path, row in draws.items():
        if path in known:
            found[path] = row
            continue
        line = next(item.id for item in case.forecast.outcomes if path.startswith(f"forecast.outcomes.{item.id}."))
        rest = path.removeprefix(f"forecast.outcomes.{line}")
        own = f"forecast.outcomes.{line} of "
        found |= {name: row for name in known if name.startswith(own) and name.endswith(rest)}
    return found


def _measured_on(found: Run, outcome: str, cohort: str) -> date:
    """The day of the cohort's measurement, or of its last outcome."""
    result = found.outcomes[outcome]
    rows = [item.row for item in result.measurements if item.cohort == cohort]
    counted = [part.any(axis=1) for key, part in result.counted.items() if key[0] == cohort]
    rows += [int(np.flatnonzero(part)[-1]) for part in counted if part.any()]
    if not rows:
        raise _error(f"nothing is expected of {outcome!r} in {cohort!r}.")
    return found.timeline.dates[max(rows)]


def _level(found: Run, outcome: str, cohort: str) -> Row:
    """What is measured of the first cohort in each scenario: its rate, its change, or its number a start."""
    result = found.outcomes[outcome]
    for item in result.measurements:
        if item.cohort == cohort:
            return np.broadcast_to(item.value, found.scenarios)
    counted = sum((part.sum(axis=0) for key, part in result.counted.items() if key[0] == cohort), np.zeros(1))
    return np.broadcast_to(np.divide(counted, _people(found, cohort)), found.scenarios)


def _people(found: Run, cohort: str) -> Row:
    return np.maximum(sum((one.starts.sum(axis=0) for one in found.groups if one.cohort == cohort), np.zeros(1)), 1e-9)


def _refuse_unknown_error(split: Case, outcome: str) -> None:
    """CaseError where nothing says how far the measure may lie from the truth."""
    try:
        measured_in(split, outcome)
    except ValueError as error:
        raise _error(str(error)) from None


def _nothing_after(case: Case, cohorts: Sequence[str], end: date, count: int) -> dict[str, Row]:
    """Nobody starts in these cohorts, and no cost by the period begins later."""
    none = {f"forecast.cohorts.{name}.{key}" for name in cohorts for key in ("starts", "referrals")}
    none |= {f"deal.costs.{cost.id}.amount" for cost in case.deal.costs if cost.first is not None and cost.first > end}
    return {path: np.zeros(count) for path, _ in terms_in(case) if path.split("[")[0] in none}


def _ending(case: Case, end: date) -> Case:
    """The case with costs by the period that end on a day: with the cohorts that go on, and not before the decision."""
    costs = tuple(
        cost.model_copy(update={"last": min(cost.last or end, end)})
        if isinstance(cost, PerPeriod) and (cost.first is None or cost.first <= end)
        else cost
        for cost in case.deal.costs
    )
    return case.model_copy(update={"deal": case.deal.model_copy(update={"costs": costs})})


def _error(message: str) -> CaseError:
    return CaseError(Problem(None, None, "staging", message))
