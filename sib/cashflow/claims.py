"""What each payment rule claims before any cap: units and money, by date, after its gate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sib.case import Case
from sib.cashflow.activity import Group, Rows
from sib.cashflow.outcomes import OutcomeRows
from sib.deal.payments import Banded, Gate, Rule, ShareOfSum, Tariff
from sib.deal.schedules import Schedule, paid_at
from sib.numbers import Numbers, NumbersAt, Row
from sib.periods import Timeline

ByCohort = dict[str | None, Rows]
Passes = NDArray[np.bool_]
"""In which scenarios a test is passed, shape (scenarios,)."""


@dataclass(frozen=True)
class Claim:
    """What a rule claims: `units` in the rule's own unit and `money`, both (dates, scenarios), after its gate."""

    units: Rows
    money: Rows


@dataclass(frozen=True)
class Counted:
    """What has been counted so far: everything a claim may be made on."""

    case: Case
    numbers: Numbers
    timeline: Timeline
    groups: list[Group]
    outcomes: Mapping[str, OutcomeRows]


def claims_of(counted: Counted) -> dict[str, Claim]:
    """The claims of every rule whose sum does not depend on the state of the cash; shares of a sum come later."""
    rules = (rule for rule in counted.case.deal.payments if not isinstance(rule, ShareOfSum))
    return {rule.id: _claim(rule, counted) for rule in rules}


def _claim(rule: Tariff | Banded, counted: Counted) -> Claim:
    at = counted.numbers.at(f"deal.payments.{rule.id}")
    units, money = _tariff(rule, at, counted) if isinstance(rule, Tariff) else _banded(rule, at, counted)
    accepted = [through_gate(rule, in_time(by_cohort, counted), counted) for by_cohort in (units, money)]
    return Claim(*accepted)


def in_time(by_cohort: ByCohort, counted: Counted) -> ByCohort:
    """Nothing is claimed for what happens after the last claim date."""
    last = counted.case.deal.last_claim
    if last is None:
        return by_cohort
    kept = np.array([day <= last for day in counted.timeline.dates])[:, None]
    return {cohort: rows * kept for cohort, rows in by_cohort.items()}


def _tariff(rule: Tariff, at: NumbersAt, counted: Counted) -> tuple[ByCohort, ByCohort]:
    """Count x price."""
    counts = _fee_counts(rule, counted) if rule.outcome in ("starts", "periods") else _outcome_counts(rule, counted)
    per = at.get("per", 1.0)
    units = {cohort: rows / per for cohort, rows in counts.items()}
    return units, {cohort: rows * at["price"] for cohort, rows in units.items()}


def _fee_counts(rule: Tariff, counted: Counted) -> ByCohort:
    """Starts, or periods (a part of a period counts in part), within the rule's dates."""
    deal, timeline = counted.case.deal, counted.timeline
    first, last = rule.first or deal.start, rule.last or deal.service_end
    if rule.outcome == "periods":
        rows = np.zeros((len(timeline), 1))
        rows[timeline.end_rows, 0] = [period.share_within(first, last) for period in timeline.periods]
        return {None: rows}
    within = np.array([rule.first is None or day >= first for day in timeline.dates])
    within &= np.array([rule.last is None or day <= last for day in timeline.dates])
    return _by_cohort(
        (g.cohort, g.starts * within[:, None]) for g in counted.groups if _pays_for(rule, g.cohort, g.segment)
    )


def _outcome_counts(rule: Tariff, counted: Counted) -> ByCohort:
    result = counted.outcomes[rule.outcome]
    if basis_of(rule, result) == "measure":
        return _measured(rule, result, counted)
    counts = result.net if basis_of(rule, result) == "net" else result.gross
    return _by_cohort((key[0], rows) for key, rows in (counts or {}).items() if _pays_for(rule, *key))


def basis_of(rule: Tariff, result: OutcomeRows) -> str:
    """What a tariff pays on: as written, else the count of a count and the measure of a measure."""
    return rule.pays_on or ("measure" if result.outcome.of_cohort else "gross")


def _measured(rule: Tariff, result: OutcomeRows, counted: Counted) -> ByCohort:
    made = ((item.cohort, item) for item in result.measurements if not rule.cohorts or item.cohort in rule.cohorts)
    return {cohort: _on_row(counted, item.row, np.maximum(item.value, 0)) for cohort, item in made}


def _on_row(counted: Counted, row: int, value: Row) -> Rows:
    rows = np.zeros((len(counted.timeline), np.size(value)))
    rows[row] = value
    return rows


def _banded(rule: Banded, at: NumbersAt, counted: Counted) -> tuple[ByCohort, ByCohort]:
    """A schedule read at the measure: an amount, or a share of what has been drawn of a tranche."""
    units: ByCohort = {}
    money: ByCohort = {}
    read = levels_of_each if rule.measured_over == "each cohort" else levels
    for cohort, row, measure in read(rule.outcome, counted):
        paid = read_schedule(rule, at, measure)
        first = at["points[0].at"]
        units[cohort] = _on_row(counted, row, np.where(measure >= first - 1e-12, measure, 0.0))
        money[cohort] = _on_row(counted, row, paid)
    return units, money


Level = tuple[str | None, int, Row]
"""A cohort (None for all pooled), the row on which it is read, and the measure."""


def levels(outcome: str, counted: Counted) -> list[Level]:
    """The level on which a schedule is read: all cohorts pooled, or the total of a count by its last claim."""
    result = counted.outcomes[outcome]
    if result.outcome.of_cohort:
        pooled = result.pooled()
        return [] if pooled is None else [(None, *pooled)]
    total: Rows = sum((result.gross or result.net).values(), np.zeros((len(counted.timeline), 1)))
    total = in_time({None: total}, counted)[None]
    filled = np.flatnonzero(total.any(axis=1))
    return [(None, int(filled[-1]) if filled.size else len(counted.timeline) - 1, total.sum(axis=0))]


def levels_of_each(outcome: str, counted: Counted) -> list[Level]:
    """The level of each cohort that was measured; a count has only its total."""
    result = counted.outcomes[outcome]
    if not result.outcome.of_cohort:
        return levels(outcome, counted)
    return [(item.cohort, item.row, item.value) for item in result.measurements]


def read_schedule(schedule: Schedule, at: NumbersAt, measure: Row) -> Row:
    """What a schedule gives for a measure, a row of scenarios; its numbers come through the door."""
    count = len(schedule.points)
    ats = [at[f"points[{i}].at"] for i in range(count)]
    pays = [at[f"points[{i}].pays"] for i in range(count)]
    at_rows, pay_rows = (np.array(np.broadcast_arrays(*values, measure)[:-1]) for values in (ats, pays))
    return paid_at(measure, at_rows, pay_rows, at.get("below", 0.0), schedule.form)


def through_gate(rule: Rule, by_cohort: ByCohort, counted: Counted) -> Rows:
    """What passes the rule's gate, all cohorts together; a claim waits for the measurement that opens its gate."""
    blank = np.zeros((len(counted.timeline), 1))
    if rule.gate is None:
        return sum(by_cohort.values(), blank)
    return sum((_gated(rule, rule.gate, cohort, rows, counted) for cohort, rows in by_cohort.items()), blank)


def _gated(rule: Rule, gate: Gate, cohort: str | None, rows: Rows, counted: Counted) -> Rows:
    at = counted.numbers.at(f"deal.payments.{rule.id}.gate")
    own_row, own = _own_test(gate, at, cohort, counted)
    pooled_row, pooled = pooled_test(gate, at, counted)
    late = pooled & ~own
    passed: Rows = _held_until(rows, own_row) * own + _held_until(rows, pooled_row) * late
    return passed


def _own_test(gate: Gate, at: NumbersAt, cohort: str | None, counted: Counted) -> tuple[int, Passes]:
    measured = counted.outcomes[gate.outcome].measurements
    found = next((item for item in measured if item.cohort == cohort), None)
    if gate.at_least is None or found is None:
        return 0, np.array([False])
    return found.row, found.value >= np.asarray(at["at_least"]) - 1e-12


def pooled_test(gate: Gate, at: NumbersAt, counted: Counted) -> tuple[int, Passes]:
    """The row on which the pooled gate is read, and in which scenarios it opens."""
    pooled = counted.outcomes[gate.outcome].pooled()
    if gate.pooled_at_least is None or pooled is None:
        return 0, np.array([False])
    return pooled[0], pooled[1] >= np.asarray(at["pooled_at_least"]) - 1e-12


def _held_until(rows: Rows, row: int) -> Rows:
    """What fell before a row is moved to it."""
    held = rows.copy()
    held[row] = rows[: row + 1].sum(axis=0)
    held[:row] = 0
    return held


def _by_cohort(parts: Iterable[tuple[str | None, Rows]]) -> ByCohort:
    total: ByCohort = {}
    for cohort, rows in parts:
        total[cohort] = total[cohort] + rows if cohort in total else rows
    return total


def _pays_for(rule: Tariff, cohort: str | None, segment: str | None) -> bool:
    return (not rule.cohorts or cohort in rule.cohorts) and (not rule.segments or segment in rule.segments)
