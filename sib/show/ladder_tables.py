"""Tables of returns: by outcome level, by convention, and of several structures side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sib.appraisal import Result
from sib.explanation import words
from sib.show import formats
from sib.show.investor_series import titles
from sib.show.investor_words import axis_title, level
from sib.show.table import Column, Table, figures
from sib.value.conventions import conventions
from sib.value.ladder import Ladder, ReturnsByLevel, ladder

SHARES = (0.0, 0.25, 0.5, 0.75, 0.9, 1.0, 1.1, 1.25, 1.5)
NO_INVESTOR = "no investor"


def ladder_levels(found: Ladder) -> list[float]:
    """The levels that a table shows: those that the contract names, else shares of the case's own; always its own."""
    axis = found.axis
    chosen = {0.0, *axis.named} if axis.named else {share * axis.own for share in SHARES}
    return sorted(at for at in {*chosen, axis.own} if at <= axis.levels[-1])


def by_outcome(result: Result, axis_of: Ladder) -> tuple[Table, ...]:
    """What payers pay and what investors return, level by level; of several tranches a table for each measure."""
    found = ladder(result.case, np.array(ladder_levels(axis_of))) or axis_of
    views = {titles(result)[name]: view for name, view in found.tranches.items()}
    note = "All else as the case has it; payments that are known already stay as they were. -100 % is a total loss."
    if len(views) == 1:
        (view,) = views.values()
        return (_of_levels(result, found, "Returns by outcome level", _measures(view), note),)
    views["All investors"] = found.whole
    each = {name: _measures(view) for name, view in views.items()}
    return tuple(
        _of_levels(result, found, f"{measure} by outcome level", {name: each[name][measure] for name in each}, said)
        for measure, said in (("IRR on dates", note), ("Multiple", ""), ("Loss", ""))
    )


def _of_levels(result: Result, found: Ladder, title: str, cells: Mapping[str, Sequence[str]], note: str) -> Table:
    """A row for each level, with a column of cells for each name."""
    heads = [figures(name, result.case.currency if "Loss" in (name, title.split()[0]) else "") for name in cells]
    columns = (Column(axis_title(result, found.axis)), figures("Payers pay", result.case.currency), *heads)
    starts = [
        (_level(found, float(at)), formats.whole(float(paid)))
        for at, paid in zip(found.levels, found.paid, strict=True)
    ]
    rows = tuple((*start, *(column[i] for column in cells.values())) for i, start in enumerate(starts))
    return Table(title, columns, rows, note)


def _measures(view: ReturnsByLevel) -> dict[str, list[str]]:
    """The IRR, the multiple and the loss at each level."""
    return {
        "IRR on dates": [
            formats.missing("no rate") if np.isnan(rate) else formats.percent(float(rate)) for rate in view.irr.rate
        ],
        "Multiple": [
            formats.missing("nothing drawn") if np.isnan(many) else formats.multiple(float(many))
            for many in view.multiple
        ],
        "Loss": [formats.whole(float(loss)) for loss in view.loss],
    }


def _level(found: Ladder, at: float) -> str:
    own = " (this case)" if at == found.axis.own else ""
    if not found.axis.unit:
        return f"{formats.percent(at, places=0)}{own}"
    return f"{level(found.axis, at).removesuffix(f' {found.axis.unit}')}{own}"


def compare(results: Mapping[str, Result]) -> Table:
    """Structures side by side, a column each: what investors put in and get, together and tranche by tranche."""
    labels = list(dict.fromkeys(label for result in results.values() for label in _figures(result)))
    told = [_figures(result) for result in results.values()]
    rows = tuple((label, *(one.get(label, formats.missing()) for one in told)) for label in labels)
    currency = next(iter(results.values())).case.currency
    return Table(
        "Structures side by side",
        (Column("Figure"), *(figures(name) for name in results)),
        rows,
        f"Money in {currency}, nominal. A dash: the structure has no such tranche.",
    )


def _figures(result: Result) -> dict[str, str]:
    """The figures of one structure by label."""
    whole, found = result.investors, {"Payers pay": formats.whole(result.payments.total)}
    views = {"All investors": whole, **{titles(result)[name]: view for name, view in whole.tranches.items()}}
    for name, view in views.items():
        found |= {
            f"{name}: drawn": formats.whole(view.drawn, NO_INVESTOR),
            f"{name}: received": formats.whole(view.received, NO_INVESTOR),
            f"{name}: IRR on dates": formats.irr(view.irr),
            f"{name}: IRR before guarantee": formats.irr(view.irr_unguaranteed),
            f"{name}: multiple": formats.multiple(view.multiple, "nothing drawn"),
            f"{name}: loss": formats.whole(view.loss, NO_INVESTOR),
            f"{name}: average life": formats.years(view.average_life, "no principal comes back"),
        }
    return found


def by_convention(results: Mapping[str, Result]) -> Table:
    """Every convention of a rate of return, for several structures side by side."""
    found = {name: {one.name: one for one in conventions(result.run)} for name, result in results.items()}
    every = dict.fromkeys(name for each in found.values() for name in each)
    rows = tuple(
        (
            name,
            *(_rate(each[name].rate) if name in each else formats.missing() for each in found.values()),
            words.CONVENTIONS[name],
        )
        for name in every
    )
    columns = (Column("Convention"), *(figures(name) for name in results), Column("How it is worked out"))
    return Table("Why isn't it my number?", columns, rows)


def _rate(rate: float | None) -> str:
    return formats.percent(rate, "no rate", places=2)
