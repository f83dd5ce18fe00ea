"""How each part of the appraisal is to be read: its formula in words, the rows it counts, the rules behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sib.appraisal import Result
from sib.cashflow.ledger import Entry
from sib.explanation import words
from sib.explanation.flows import Counting, Days, every_day
from sib.explanation.returns import Asked, asked
from sib.paths import Loc
from sib.value.by_year import year_of
from sib.value.investors import PRINCIPAL_BACK, investor_flows, investors_sign
from sib.value.provider import CAPITAL


@dataclass(frozen=True)
class Reading:
    """A formula in words, what is counted (None: no money), and rules that stand behind it besides those counted."""

    formula: str
    counting: Counting | None = None
    rules: tuple[str, ...] = ()


def reading_of(result: Result, place: Loc) -> Reading:
    """How the quantity at a place of the appraisal is made."""
    section = _SECTIONS.get(str(place[0]))
    return section(result, place) if section else Reading(words.OF_THE_CASE.get(str(place[0]), words.UNKNOWN))


def _dates(result: Result, place: Loc) -> Reading:
    day = getattr(result.dates, str(place[1]))
    paid = place[1] == "last_payment" and day is not None
    by_payers = set(result.run.payments.by_payers)
    counting = Counting(lambda e: int(e.rule in by_payers), lambda on: on == day, sums=False) if paid else None
    return Reading(words.of(words.DATES, place[1]), counting)


def _outcomes(result: Result, place: Loc) -> Reading:
    """Counts of people and measures; no money, so nothing of the ledger is counted."""
    rules = [
        rule.id
        for rule in result.case.deal.payments
        if place[1] in (getattr(rule, "outcome", None), rule.gate and rule.gate.outcome)
    ]
    return Reading(words.of(words.OUTCOMES, place[2]), None, tuple(rules))


def _payments(result: Result, place: Loc) -> Reading:
    part = str(place[1])
    formula = words.of(words.PAYMENTS, part)
    if part == "clipped":
        return Reading(formula, None, (result.payments.clipped[int(place[2])].rule,))
    by_payers = result.run.payments.by_payers
    if part == "by_payer":
        name = str(place[2])
        return Reading(formula, Counting(lambda e: _paid_by(e, name)))
    names = (str(place[2]),) if part == "by_rule" else by_payers
    payers = set(result.case.deal.payers)
    counting = Counting(lambda e: (1 if e.source in payers else -1) if e.rule in names else 0)
    return Reading(formula, counting if part in ("total", "by_rule") else None, tuple(names))


def _paid_by(entry: Entry, party: str) -> int:
    """What a payer pays under the rules, less what comes back."""
    return 0 if entry.rule is None else int(entry.source == party) - int(entry.target == party)


def _investors(result: Result, place: Loc) -> Reading:
    """A figure of all investors, of a tranche, or of one investor's part of its tranches."""
    what, rules = asked(place), result.run.payments.by_payers
    if what.name == "commitment":
        # Need and capital on every date, not only money that moved.
        return Reading(words.of(words.COMMITMENT, what.rest[0] if what.rest else ""), None, rules)
    counting = _coupon(result, what) if what.name == "coupons" else _returns(result, what)
    return Reading(words.of(words.INVESTORS, what.name), counting, rules)


def _coupon(result: Result, what: Asked) -> Counting:
    tranche, position, part = str(what.holding.tranche), int(what.rest[0]), what.rest[1]
    day = result.investors.tranches[tranche].coupons[position].date
    return Counting(
        lambda e: int(e.kind == "interest" and e.tranche == tranche), lambda on: on == day, sums=part == "amount"
    )


def _returns(result: Result, what: Asked) -> Counting:
    """What the holding pays in and receives, of the kinds that the figure looks at."""
    counts = _KINDS_OF_INVESTORS.get(what.name, _every_kind)

    def sign(entry: Entry) -> int:
        mine = what.holding.counts(entry) and counts(entry.kind)
        return investors_sign(result.run, entry) * (-1 if what.name in TURNED else 1) if mine else 0

    upto = _until_deepest(result, what) if what.name == "peak_exposure" else every_day
    return Counting(sign, upto, sums=what.name in SUMS)


def _until_deepest(result: Result, what: Asked) -> Days:
    """The dates to the one on which the running sum of the flows is at its lowest."""
    flows = investor_flows(result.run, what.holding.counts)[:, 0]
    running = flows.cumsum()
    deepest = result.run.timeline.dates[int(running.argmin())]
    return lambda day: bool(running.min() < 0) and day <= deepest


def _every_kind(_: str) -> bool:
    return True


_KINDS_OF_INVESTORS: dict[str, Callable[[str], bool]] = {
    "drawn": lambda kind: kind == "draw",
    "received": lambda kind: kind != "draw",
    "irr_unguaranteed": lambda kind: kind != "guarantee",
    "average_life": lambda kind: kind == "draw" or kind in PRINCIPAL_BACK,
}

# Figures that are sums of flows, and those of them that are positive for what is paid in.
SUMS = ("drawn", "received", "peak_exposure")
TURNED = ("drawn", "peak_exposure")


def _payers(result: Result, place: Loc) -> Reading:
    """A payer's page, or a saver's: payments and own costs to the horizon, and what is saved."""
    name, key, horizon = str(place[1]), str(place[2]), result.dates.horizon

    def upto(day: date) -> bool:
        return day <= horizon

    def spent(entry: Entry) -> int:
        return -_paid_by(entry, name) - int(entry.source == name and entry.kind == "own cost")

    countings = {
        "paid": Counting(lambda e: _paid_by(e, name), upto),
        "own_costs": Counting(lambda e: int(e.source == name and e.kind == "own cost"), upto),
        "savings": Counting(_nothing, upto, name),
        "cashable": Counting(_nothing, upto, name, part="cashable"),
        "never_cashable": Counting(_nothing, upto, name, part="never"),
        "net": Counting(spent, upto, name),
        "net_cashable": Counting(spent, upto, name, part="cashable"),
    }
    return Reading(words.of(words.PAYERS, key), countings.get(key))


def _nothing(_: Entry) -> int:
    return 0


def _provider(result: Result, place: Loc) -> Reading:
    key, providers = str(place[1]), set(result.case.deal.named("provider"))
    surplus = result.case.deal.surplus or {}

    def received(entry: Entry) -> int:
        earned = entry.kind not in CAPITAL or (
            entry.kind == "surplus" and entry.tranche is None and entry.target in surplus
        )
        return int(entry.target in providers and entry.source not in providers and earned)

    def cost(entry: Entry) -> int:
        return int(entry.source in providers and entry.target not in providers and entry.kind == "cost")

    def cash(entry: Entry) -> int:
        return int(entry.target in providers) - int(entry.source in providers)

    deepest = result.provider.peak_deficit_date
    to_the_deepest = Counting(lambda e: -cash(e), lambda day: deepest is not None and day <= deepest)
    countings = {
        "received": Counting(received),
        "cost": Counting(cost),
        "margin": Counting(lambda e: received(e) - cost(e)),
        "cost_recovery": Counting(lambda e: received(e) - cost(e), sums=False),
        "peak_deficit": to_the_deepest,
        "peak_deficit_date": Counting(to_the_deepest.sign, to_the_deepest.days, sums=False),
    }
    return Reading(words.of(words.PROVIDER, key), countings.get(key))


def _by_year(result: Result, place: Loc) -> Reading:
    name, year, key = (str(part) for part in place[1:4])

    def days(day: date) -> bool:
        return year_of(result.run, day) == year

    countings = {
        "paid": Counting(lambda e: int(e.source == name), days),
        "received": Counting(lambda e: int(e.target == name), days),
        "savings": Counting(_nothing, days, name),
        "cashable": Counting(_nothing, days, name, part="cashable"),
        "never_cashable": Counting(_nothing, days, name, part="never"),
    }
    return Reading(words.of(words.BY_YEAR, key), countings.get(key))


def _flows(result: Result, place: Loc) -> Reading:
    flow = result.flows[int(place[1])]
    entry = Entry(flow.source, flow.target, flow.kind, flow.rule, flow.tranche, flow.cost)
    counting = Counting(lambda e: int(e == entry), lambda day: day == flow.date, sums=place[2] == "amount")
    return Reading(words.FLOW, counting)


def _residuals(_: Result, place: Loc) -> Reading:
    return Reading(words.RESIDUAL.format(place[1]))


def _public_value(_: Result, place: Loc) -> Reading:
    return Reading(words.of(words.PUBLIC_VALUE, place[1]))


_SECTIONS: dict[str, Callable[[Result, Loc], Reading]] = {
    "dates": _dates,
    "outcomes": _outcomes,
    "payments": _payments,
    "investors": _investors,
    "payers": _payers,
    "savers": _payers,
    "public_value": _public_value,
    "provider": _provider,
    "by_year": _by_year,
    "flows": _flows,
    "residuals": _residuals,
}
