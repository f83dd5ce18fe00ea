"""A quantity of the investors' page: whose it is, and its rate by every convention, for whom it isn't their number."""

from __future__ import annotations

from dataclasses import dataclass

from sib.appraisal import Result
from sib.explanation import words
from sib.explanation.values import Alternative
from sib.paths import Loc
from sib.value.conventions import ALL, Holding, conventions

RATES = ("irr", "irr_unguaranteed", "periodic_irr", "bond_equivalent", "simple_return", "irr_roots")


@dataclass(frozen=True)
class Asked:
    """Whose figure it is, its name, and what of it is asked: `coupons`, then `(0, "amount")`."""

    holding: Holding
    name: str
    rest: Loc = ()


def asked(place: Loc) -> Asked:
    """What a place on the investors' page stands for."""
    if place[1] == "tranches":
        return Asked(Holding(tranche=str(place[2])), str(place[3]), place[4:])
    if place[1] == "by_investor":
        return Asked(Holding(investor=str(place[2])), str(place[3]), place[4:])
    return Asked(ALL, str(place[1]), place[2:])


def alternatives(result: Result, place: Loc) -> tuple[Alternative, ...]:
    """The same holding's rate by each convention; none for what is no rate of investors, or where nothing is drawn."""
    if place[0] != "investors" or asked(place).name not in RATES:
        return ()
    found = conventions(result.run, asked(place).holding)
    return tuple(Alternative(one.name, one.rate, words.of(words.CONVENTIONS, one.name)) for one in found)
