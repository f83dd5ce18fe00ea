"""What would have to be believed for an answer to turn, in words, and as a table."""

from __future__ import annotations

from collections.abc import Iterable

from sib.assumption import Assumption
from sib.case import Case
from sib.fields import fields_of
from sib.paths import parts_of
from sib.show import formats
from sib.show.table import Column, Row, Table, figures
from sib.terms import terms_in
from sib.value.switching import Switch

_WHAT = {
    "backfill": "the part of freed places that is filled again", "take_up": "the take-up",
    "marginal_cost": "what a freed place truly saves a year", "cashable": "the part that is cash",
    "unit_value": "the value of one outcome", "value": "the unit cost", "amount": "the cost",
    "a_year": "the sum a year",
    "drop_off": "the part that is lost each year", "attribution": "the part that is the deal's own",
    "displacement": "the part that only moves a loss elsewhere", "growth": "the growth a year",
    "optimism_bias": "the part taken off for optimism", "uplift": "the growth of cost a year",
    "costs_optimism": "what is put on costs for optimism", "starts": "the number who start",
    "per_start": "outcomes for each start", "counterfactual": "outcomes for each start without the service",
    "referrals": "the number referred", "net": "the net outcome", "change": "the change", "inflation": "inflation",
}  # fmt: skip


_MONEY = ("unit_value", "value", "amount", "a_year", "marginal_cost")


def telling(switches: Iterable[Switch]) -> list[Switch]:
    """Those worth saying: that nothing is gained where nothing happens needs no saying."""
    return [item for item in switches if abs(item.switches_at) > 1e-9 * abs(item.value)]


def condition(case: Case, item: Switch) -> str:
    """What would turn the answer: `fewer than 54 % of those who start come to “kept out of care” (expected: 60 %)`."""
    parts, below = [str(part) for part in parts_of(item.path)], item.switches_at < item.value
    at = figure(case, item.path, item.switches_at)
    expected = f"(expected: {figure(case, item.path, item.value)}{_range_word(item)})"
    more = "fewer than" if below else "more than"
    title = title_of(case, parts)
    if parts[-1] == "per_start":
        return f"“{title}” comes to {more} {at} {_of_starts(item)} {expected}"
    if parts[-1] == "counterfactual":
        return f"“{title}” would come to {more} {at} {_of_starts(item)} without the service {expected}"
    if parts[-1] == "starts":
        return f"{more} {at} start in “{title}” {expected}"
    return f"{what_it_is(case, item.path)} is {'below' if below else 'above'} {at} {expected}"


def _of_starts(item: Switch) -> str:
    return "of those who start" if _is_part(item.path, item.value) else "for each start"


def _range_word(item: Switch) -> str:
    if item.within_range is None:
        return ""
    return "; within its range" if item.within_range else "; outside its range"


def what_it_is(case: Case, path: str) -> str:
    """An assumption in words, with the thing that it belongs to: `the cost (team)`."""
    parts = [str(part) for part in parts_of(path)]
    names = [part for part in parts if not part.isdigit()]
    what, title = _WHAT.get(names[-1], names[-1].replace("_", " ")), title_of(case, parts)
    return f"{what} ({title})" if title else what


def title_of(case: Case, parts: list[str]) -> str:
    """The title of the thing that a number belongs to, its id where it has none, nothing where it is alone."""
    if len(parts) < 4:
        return ""
    section, things, name = parts[:3]
    found = next((item for item in getattr(getattr(case, section), things, ()) if _id(item) == name), None)
    of = getattr(found, "of", None) if things == "outcomes" else None
    outcome = next((item for item in case.deal.outcomes if item.id == of), found)
    return str(getattr(outcome, "title", "") or name)


def _id(item: object) -> str:
    return str(getattr(item, "id", ""))


def figure(case: Case, path: str, value: float) -> str:
    """A value of a field as it is read: a percentage, money or a count."""
    unit = next((field.unit for field in fields_of(case) if field.path == path), "")
    if unit.startswith("fraction") or _is_part(path, value):
        return formats.percent(value)
    if unit.startswith(case.currency) or path.rsplit(".", 1)[-1] in _MONEY:
        small = abs(value) < 100
        return f"{case.currency} {formats.count(value)}" if small else formats.money(case.currency, value)
    return formats.count(value)


def _is_part(path: str, value: float) -> bool:
    """Outcomes for a start are read as a percentage as long as each start has one at most."""
    return path.rsplit(".", 1)[-1] in ("per_start", "counterfactual") and 0 <= value <= 1


def switches(case: Case, found: Iterable[Switch], title: str, most: int = 6) -> Table:
    """The nearest switching values: what each number is, where the answer turns, and whether that is believed."""
    terms = dict(terms_in(case))
    rows = tuple(_row(case, item, terms.get(item.path)) for item in telling(found)[:most])
    columns = (
        Column("Assumption"),
        figures("Expected"),
        figures("Range"),
        figures("Turns at"),
        figures("Change"),
        Column("Within its range"),
    )
    note = "Each alone, all else as expected; the nearest first."
    return Table(title, columns, rows, note)


def _row(case: Case, item: Switch, term: object) -> Row:
    low, high = (term.low, term.high) if isinstance(term, Assumption) else (None, None)
    believed = formats.missing() if low is None or high is None else (
        f"{figure(case, item.path, low)} to {figure(case, item.path, high)}"
    )  # fmt: skip
    within = {None: formats.missing("no range"), True: "yes", False: "no"}[item.within_range]
    words = what_it_is(case, item.path)
    return (
        words[:1].upper() + words[1:], figure(case, item.path, item.value), believed,
        figure(case, item.path, item.switches_at), formats.percent(item.change, places=0), within,
    )  # fmt: skip
