"""What each organisation would give or get so that nobody is worse off: pooled, by a top-slice, or from the centre."""

from __future__ import annotations

from collections.abc import Mapping

from sib.appraisal import Result
from sib.show import formats
from sib.show.organisation_words import spent
from sib.show.table import Column, Row, Table, figures
from sib.value.contributions import Contributions, contributions, contributions_in_cash
from sib.value.organisations import Organisation


def make_whole(result: Result, found: Mapping[str, Organisation]) -> Table:
    """For each organisation, on gross savings and in cash: its part of a pooled budget, and its top-slice or top-up."""
    measures = {"gross": contributions(found), "cash": contributions_in_cash(found)}
    known = {word: sharing for word, sharing in measures.items() if sharing is not None}
    if len(found) < 2 or not any(sharing.shortfalls for sharing in known.values()):
        return Table("", (), ())
    rows = [_row(name, one, known) for name, one in found.items()]
    central = ("A central fund", "", *(part for sharing in known.values() for part in ("", _central(sharing))))
    names = [f"{what}, {word}" for word in known for what in ("Pooled", "Top-up")]
    heads = (figures(name, result.case.currency) for name in ("Spends now", *names))
    note = (
        "Pooled: its part of one budget that pays for everything, by what each saves. Top-up: what it would get "
        "(negative: give, as a top-slice of its gain) so that nobody loses. "
        "Gross: on all savings; cash: on cashable ones."
    )
    return Table("What would make each whole", (Column("Organisation"), *heads), (*rows, central), note)


def _row(name: str, one: Organisation, known: Mapping[str, Contributions]) -> Row:
    parts = (part for sharing in known.values() for part in _parts(name, sharing))
    return (name, formats.whole(spent(one)), *parts)


def _parts(name: str, sharing: Contributions) -> Row:
    pooled = None if sharing.pooled is None else sharing.pooled.get(name, 0.0)
    return (formats.whole(pooled), formats.whole(sharing.top_up(name)))


def _central(sharing: Contributions) -> str:
    return formats.whole(-sharing.central_fund)
