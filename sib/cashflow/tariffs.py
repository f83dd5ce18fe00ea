"""Count x price: what a tariff counts, what it may not be claimed for, and what one of it is worth on each date."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sib.cashflow.activity import Rows
from sib.cashflow.by_date import ByDate
from sib.cashflow.counted import ByCohort, Counted, gains, summed
from sib.cashflow.delays import later
from sib.cashflow.growth import growth
from sib.cashflow.outcomes import Counts, Key, OutcomeRows
from sib.cashflow.sampling import some_of
from sib.deal.payments import Tariff
from sib.numbers import Row
from sib.periods import Duration

TOO_OFTEN, CEILING = "most per person", "ceiling"
"""What a claim is cut by before any cap on money."""


def tariff_units(rule: Tariff, counted: Counted) -> tuple[ByCohort, dict[str, ByCohort]]:
    """What a tariff may be claimed for by cohort, in its own unit, and what each limit on counts took away."""
    at = counted.numbers.at(f"deal.payments.{rule.id}")
    if rule.outcome == "periods":
        return {None: _periods(rule, counted) / at.get("per", 1.0)}, {}
    counts, cut = _counts(rule, counted)
    counts = _within(rule, counts, counted)
    cut = {name: _within(rule, part, counted) for name, part in cut.items()}
    if rule.ceiling is not None:
        counts, cut[CEILING] = _at_most(counts, counted.starts(rule.cohorts, rule.segments) * at["ceiling"])
    per = at.get("per", 1.0)
    units = _per_unit(counts, per)
    if rule.pays_on == "net":
        units = {cohort: _gained(rows) for cohort, rows in _of_one_kind(units).items()}
    return units, {name: _per_unit(part, per) for name, part in cut.items()}


def _of_one_kind(units: ByCohort) -> ByCohort:
    """By cohort where every count says whose it is, else all together: a count and what it is compared with."""
    return {None: sum(list(units.values())[1:], units[next(iter(units))])} if None in units else units


def _gained(rows: ByDate) -> ByDate:
    """What a count gains above its highest so far."""
    gained = gains(rows.dense())
    return ByDate(rows.dates, {row: gained[row] for row in rows.rows})


def prices(rule: Tariff, counted: Counted) -> Rows:
    """The price on each date, (dates, scenarios): as stated, from its date on, and indexed."""
    at = counted.numbers.at(f"deal.payments.{rule.id}")
    grown = growth(at.get("indexed", 0.0), counted.case.deal.start, counted.timeline)
    if rule.price is not None:
        return at["price"] * grown
    stated = [(item.date, at[f"prices[{i}].price"]) for i, item in enumerate(rule.prices)]
    base = [([stated[0][1]] + [price for day, price in stated if day <= on])[-1] for on in counted.timeline.dates]
    return np.array(np.broadcast_arrays(*base)).reshape(len(counted.timeline), -1) * grown


def basis_of(rule: Tariff, result: OutcomeRows) -> str:
    """What a tariff pays on: as written, else the count of a count and the measure of a measure."""
    return rule.pays_on or ("measure" if result.outcome.of_cohort else "gross")


def _periods(rule: Tariff, counted: Counted) -> ByDate:
    """Periods within the rule's dates; a part of a period counts in part."""
    deal, timeline = counted.case.deal, counted.timeline
    first, last = rule.first or deal.start, rule.last or deal.service_end
    parts = (period.share_within(first, last) for period in timeline.periods)
    return ByDate.of(len(timeline), dict(zip(timeline.end_rows, parts, strict=True)))


def _counts(rule: Tariff, counted: Counted) -> tuple[Counts, dict[str, Counts]]:
    """Starts, outcomes, or measures, and what is claimed for the same person too often."""
    if rule.outcome == "starts":
        return {(g.cohort, g.segment): g.starts for g in counted.groups if _chosen(rule, (g.cohort, g.segment))}, {}
    result = counted.outcomes[rule.outcome]
    basis = basis_of(rule, result)
    if basis in ("measure", "increase"):
        return _measures(rule, result, counted), {}
    found = _beyond(result) if basis == "net" and result.gross is not None else result.accepted
    counts = {key: rows for key, rows in found.items() if _chosen(rule, key)}
    if rule.instalments is not None:
        counts = {key: _instalments(rule, key, rows, result, counted) for key, rows in counts.items()}
    if result.outcome.most_per_person is None:
        return counts, {}
    most = counted.numbers[f"deal.outcomes.{rule.outcome}.most_per_person"]
    parts = {key: _at_most({key: rows}, _people(key, counted) * most) for key, rows in counts.items()}
    kept = {key: part[0][key] for key, part in parts.items()}
    return kept, {TOO_OFTEN: {key: part[1][key] for key, part in parts.items()}}


def _beyond(result: OutcomeRows) -> Counts:
    """What is accepted beyond the comparison as it was measured; of a bad thing, by how much it stays below."""
    if result.gross is None or result.counterfactual is None:
        return result.net
    less = result.outcome.good == "less"
    above, below = (result.comparison, result.gross) if less else (result.accepted, result.comparison)
    blank = ByDate(next((rows.dates for rows in (*above.values(), *below.values())), 0))
    return {key: above.get(key, blank) - below.get(key, blank) for key in dict.fromkeys([*above, *below])}


def _people(key: Key, counted: Counted) -> ByDate:
    """The starts of those among whom something was counted; everybody, where an actual does not say whose it is."""
    cohorts = () if key[0] is None else (key[0],)
    return counted.starts(cohorts, () if key[1] is None else (key[1],))


def _measures(rule: Tariff, result: OutcomeRows, counted: Counted) -> Counts:
    """The measure of each cohort on the day it was measured; of a level each one, or its rise from the baseline."""
    made = sorted(result.measurements, key=lambda item: item.row)
    if rule.pays_on == "increase":
        baseline = counted.numbers.get(f"deal.outcomes.{rule.outcome}.baseline", 0.0)
        before: list[Row] = [np.atleast_1d(baseline), *(item.value for item in made)]
        risen = [item.value - np.max(np.broadcast_arrays(*before[: i + 1]), axis=0) for i, item in enumerate(made)]
    else:
        risen = [item.value for item in made]
    found: Counts = {}
    for item, value in zip(made, risen, strict=True):
        if not rule.cohorts or item.cohort in rule.cohorts:
            rows = counted.on_row(item.row, np.maximum(value, 0))
            found[item.cohort, None] = found.get((item.cohort, None), counted.blank) + rows
    return found


def _instalments(rule: Tariff, key: Key, rows: ByDate, result: OutcomeRows, counted: Counted) -> ByDate:
    """One claim after each stretch of time, for those who are still there."""
    assert rule.instalments is not None
    lasting, every = result.continues.get(key, 1.0), rule.instalments.every
    # What is counted above a counterfactual is a difference, a quantity is days or points: neither is people.
    of_people = result.gross is not None and basis_of(rule, result) != "net" and result.outcome.kind != "quantity"
    chance = counted.numbers.chance if of_people and np.any(np.asarray(lasting) < 1) else None
    path = f"forecast.outcomes.{result.outcome.id}/{key[0]}/{key[1]}/continues"
    total, there = counted.blank, rows
    for n in range(1, rule.instalments.count + 1):
        wait = Duration(every.months * n, every.days * n)
        there = there * lasting if chance is None else some_of(chance, f"{path}[{n}]", there, lasting)
        total = total + later(there, wait, counted.timeline)
    return total


def _at_most(counts: Counts, limit_by_date: ByDate) -> tuple[Counts, Counts]:
    """Counts cut so that their running sum stays within the running sum of a limit, in proportion; and the cut.

    What is over the limit on its day is not claimed for later, when more people have started.
    """
    if not counts:
        return {}, {}
    wanted, limit = _summed(counts), np.cumsum(limit_by_date.dense(), axis=0)
    falls = _summed({key: rows.shrunk(0.0) for key, rows in counts.items()})
    share, used = ByDate(wanted.dates), np.zeros(1)
    for row in sorted(wanted.rows):
        kept = np.minimum(wanted.rows[row], np.maximum(0, limit[row] - used))
        used = used + kept
        rises = wanted.rows[row] - falls.rows[row]
        whole = np.ones(np.broadcast(kept, rises).shape)
        share.add(row, np.divide(kept - falls.rows[row], rises, out=whole, where=rises > 0))
    kept_counts = {key: rows.shrunk(share) for key, rows in counts.items()}
    return kept_counts, {key: rows - kept_counts[key] for key, rows in counts.items()}


def _summed(counts: Counts) -> ByDate:
    first, *others = counts.values()
    return sum(others, first)


def _within(rule: Tariff, counts: Counts, counted: Counted) -> Counts:
    """Only what falls within the rule's own dates."""
    if rule.first is None and rule.last is None:
        return counts
    inside = [(rule.first or day) <= day <= (rule.last or day) for day in counted.timeline.dates]
    return {key: rows.kept(inside) for key, rows in counts.items()}


def _per_unit(counts: Mapping[Key, ByDate], per: float | Row) -> ByCohort:
    is_one = isinstance(per, float) and per == 1
    return summed((key[0], rows if is_one else rows / per) for key, rows in counts.items())


def _chosen(rule: Tariff, key: Key) -> bool:
    return (not rule.cohorts or key[0] in rule.cohorts) and (not rule.segments or key[1] in rule.segments)
