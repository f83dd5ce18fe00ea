"""What each payment rule claims before any cap: units and money, by date, after its gate."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sib.cashflow.by_date import ByDate
from sib.cashflow.counted import ByCohort, Counted
from sib.cashflow.persons import person_shares
from sib.cashflow.tariffs import prices, tariff_units
from sib.deal.payments import Banded, Gate, Rule, ShareOfSum, Tariff
from sib.deal.schedules import Schedule, paid_at
from sib.numbers import NumbersAt, Row

Passes = NDArray[np.bool_]
"""In which scenarios a test is passed, shape (scenarios,)."""


@dataclass(frozen=True)
class Claim:
    """What a rule claims after its gate, (dates, scenarios): `units` in the rule's own unit, and `money`.

    `cuts` is the money that limits on counts and on persons took away, by the limit's name; `money` is what is left.
    """

    units: ByDate
    money: ByDate
    cuts: dict[str, ByDate] = field(default_factory=dict)


def claims_of(counted: Counted) -> dict[str, Claim]:
    """The claims of every rule whose sum does not depend on the state of the cash; shares of a sum come later."""
    rules = [rule for rule in counted.case.deal.payments if not isinstance(rule, ShareOfSum)]
    claims = {rule.id: _tariff(rule, counted) if isinstance(rule, Tariff) else _banded(rule, counted) for rule in rules}
    units = {name: claim.units for name, claim in claims.items()}
    money = {name: claim.money for name, claim in claims.items()}
    for cap, shares in person_shares(counted, units, money).items():
        claims |= {rule: _cut(claims[rule], cap, share) for rule, share in shares.items()}
    return claims


def _cut(claim: Claim, cap: str, share: float | Row) -> Claim:
    """A claim of which a cap per person leaves a share."""
    left = claim.money.shrunk(share)
    return Claim(claim.units, left, {**claim.cuts, cap: claim.money - left})


def _tariff(rule: Tariff, counted: Counted) -> Claim:
    """Count x price."""
    units, cut = tariff_units(rule, counted)
    price = prices(rule, counted)
    cuts = {f"{name} of {rule.id}": _passed(rule, part, counted) * price for name, part in cut.items()}
    passed = _passed(rule, units, counted)
    return Claim(passed, _passed(rule, {c: rows * price for c, rows in units.items()}, counted), cuts)


def _passed(rule: Tariff | Banded, by_cohort: ByCohort, counted: Counted) -> ByDate:
    """What is claimed in time and passes the gate."""
    return through_gate(rule, in_time(by_cohort, counted), counted)


def in_time(by_cohort: ByCohort, counted: Counted) -> ByCohort:
    """Nothing is claimed for what happens after the last claim date."""
    last = counted.case.deal.last_claim
    if last is None:
        return by_cohort
    in_time = [day <= last for day in counted.timeline.dates]
    return {cohort: rows.kept(in_time) for cohort, rows in by_cohort.items()}


def _banded(rule: Banded, counted: Counted) -> Claim:
    """A schedule read at the measure: an amount, or a share of what has been drawn of a tranche."""
    at = counted.numbers.at(f"deal.payments.{rule.id}")
    units: ByCohort = {}
    money: ByCohort = {}
    for cohort, rows, measure in LEVELS[rule.measured_over](rule.outcome, counted):
        reached = np.where(measure >= at["points[0].at"] - 1e-12, measure, 0.0)
        given = read_schedule(rule, at, measure)
        for row in (int(row) for row in np.unique(rows)):
            day = counted.timeline.dates[row]
            if (rule.first or day) <= day <= (rule.last or day):
                here = rows == row
                units[cohort] = units.get(cohort, counted.blank) + counted.on_row(row, np.where(here, reached, 0.0))
                money[cohort] = money.get(cohort, counted.blank) + counted.on_row(row, np.where(here, given, 0.0))
    return Claim(_passed(rule, units, counted), _passed(rule, money, counted))


Level = tuple[str | None, NDArray[np.intp], Row]
"""A cohort (None for all pooled), the row on which it is read (in each scenario, or one for all), and the measure."""


def levels(outcome: str, counted: Counted) -> list[Level]:
    """The level on which a schedule is read: all cohorts pooled, or the total of a count by its last claim."""
    result = counted.outcomes[outcome]
    if result.outcome.of_cohort:
        pooled = result.pooled()
        return [] if pooled is None else [(None, np.array([pooled[0]]), pooled[1])]
    total = in_time({None: sum(result.accepted.values(), counted.blank)}, counted)[None]
    return [(None, _last_rows(total), total.sum(axis=0))]


def _last_rows(total: ByDate) -> NDArray[np.intp]:
    """The last row on which each scenario has anything; the last of all where it has nothing."""
    last = np.full(1, total.dates - 1)
    for row in sorted(total.rows):
        last = np.where(total.rows[row] != 0, row, last)
    return last


def levels_of_each(outcome: str, counted: Counted) -> list[Level]:
    """The level of each cohort that was measured; a count has only its total."""
    result = counted.outcomes[outcome]
    if not result.outcome.of_cohort:
        return levels(outcome, counted)
    return [(item.cohort, np.array([item.row]), item.value) for item in result.measurements]


LEVELS = {"all cohorts": levels, "each cohort": levels_of_each, "each date": levels_of_each}


def read_schedule(schedule: Schedule, at: NumbersAt, measure: Row) -> Row:
    """What a schedule gives for a measure, a row of scenarios; its numbers come through the door."""
    count = len(schedule.points)
    ats = [at[f"points[{i}].at"] for i in range(count)]
    pays = [at[f"points[{i}].pays"] for i in range(count)]
    at_rows, pay_rows = (np.array(np.broadcast_arrays(*values, measure)[:-1]) for values in (ats, pays))
    return paid_at(measure, at_rows, pay_rows, at.get("below", 0.0), schedule.form)


def through_gate(rule: Rule, by_cohort: ByCohort, counted: Counted) -> ByDate:
    """What passes the rule's gate, all cohorts together; a claim waits for the measurement that opens its gate."""
    blank = counted.blank
    if rule.gate is None:
        return sum(by_cohort.values(), blank)
    return sum((_gated(rule, rule.gate, cohort, rows, counted) for cohort, rows in by_cohort.items()), blank)


def _gated(rule: Rule, gate: Gate, cohort: str | None, rows: ByDate, counted: Counted) -> ByDate:
    at = counted.numbers.at(f"deal.payments.{rule.id}.gate")
    own_row, own = _own_test(gate, at, cohort, counted)
    pooled_row, pooled = pooled_test(gate, at, counted)
    late = pooled & ~own
    passed: ByDate = _held_until(rows, own_row) * own + _held_until(rows, pooled_row) * late
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


def _held_until(rows: ByDate, row: int) -> ByDate:
    """What fell before a row is moved to it."""
    held = rows.after(row)
    held.add(row, rows[: row + 1].sum(axis=0))
    return held
