"""What the investors' page says: titles of its charts, and where each tranche begins to lose."""

from __future__ import annotations

import numpy as np

from sib.appraisal import Result
from sib.show import formats
from sib.show.findings import NOTHING, about_cash, month
from sib.show.investor_series import balances, titles
from sib.show.wording import outcome_of
from sib.value.first_loss import FirstLoss, first_losses
from sib.value.ladder import Ladder
from sib.value.outcome_axis import OutcomeAxis
from sib.value.waterfall_of_a_pound import Share, WaterfallOfAPound

PARTS = {
    "interest": "interest on",
    "principal": "principal of",
    "surplus": "the surplus of",
    "payments": "the holders of",
}


def level(axis: OutcomeAxis, at: float) -> str:
    """A level in words: `37 people`, `12.5 %`, `80 % of the case's outcomes`."""
    if not axis.unit:
        return f"{formats.percent(at, places=0)} of the case's outcomes"
    return formats.percent(at) if axis.fraction else f"{formats.count(at)} {axis.unit}"


def axis_title(result: Result, axis: OutcomeAxis) -> str:
    """What stands on the axis, with its unit."""
    if not axis.unit:
        return "Outcomes, % of the case's own level"
    outcome = outcome_of(result.case, axis.name)
    return f"{outcome.title or axis.name}, {'%' if axis.fraction else axis.unit}"


def about_flows(result: Result) -> str:
    """Which tranche gains and which loses; of one tranche, how it ends."""
    views, names = result.investors.tranches, titles(result)
    if len(views) == 1:
        return about_cash(result)
    money = {name: (view.received or 0.0) - (view.drawn or 0.0) for name, view in views.items() if view.drawn}
    said = [f"{names[name]} {_ends(result.case.currency, gain)}" for name, gain in money.items()]
    return _capital(formats.listed(said)) if said else "No tranche is drawn"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _ends(currency: str, gain: float) -> str:
    if abs(gain) < NOTHING:
        return "ends even"
    return f"{'gains' if gain > 0 else 'loses'} {formats.money(currency, abs(gain))}"


def about_balances(result: Result) -> str:
    """How much is outstanding at the most, until when, and what is never repaid."""
    found = balances(result)
    total = np.sum([one.amounts for one in found], axis=0)
    if total.max(initial=0.0) < NOTHING:
        return "Nothing is ever outstanding"
    currency, dates = result.case.currency, result.run.timeline.dates
    most = formats.money(currency, float(total.max()))
    last = int(np.flatnonzero(total >= NOTHING)[-1])
    end = month(dates[min(last + 1, len(dates) - 1)])
    lost = sum(one.lost for one in found)
    if lost < NOTHING:
        return f"Up to {most} is outstanding, until {end}"
    part = "all" if abs(lost - total.max()) < NOTHING else formats.money(currency, lost)
    return f"Up to {most} is outstanding; {part} of it is never repaid by the deal"


def share_name(result: Result, share: Share) -> str:
    """Who gets a share of receipts, and for what."""
    if share.tranche is None:
        return f"Surplus to {share.party}"
    name = titles(result)[share.tranche]
    return f"{name}: {share.part}"


def _share_in_words(result: Result, share: Share) -> str:
    if share.tranche is None:
        return f"{share.party}'s share of the surplus"
    return f"{PARTS[share.part]} {titles(result)[share.tranche]}"


def _lowered(words: str) -> str:
    return words[:1].lower() + words[1:]


def rest_name(result: Result) -> str:
    """What no investor and no sharer of the surplus gets."""
    return f"Delivery and {result.case.deal.contract_holder}"


def about_pounds(result: Result, found: WaterfallOfAPound) -> str:
    """Who gets the first and the last of what payers pay."""
    names = [*(_share_in_words(result, share) for share in found.shares), _lowered(rest_name(result))]
    upto = found.own if found.own >= NOTHING else float(found.receipts[-1])
    first, last = (_takers(names, found.of_a_pound(total)) for total in (0.0, upto))
    currency = result.case.currency
    return f"The first {currency} and the last that payers pay go to {first}" if first == last else (
        f"The first {currency} received goes to {first}; the last to {last}"
    )  # fmt: skip


def _takers(names: list[str], parts: list[float]) -> str:
    """Who takes at least a twentieth, with the part where it isn't all."""
    found = [(name, part) for name, part in zip(names, parts, strict=True) if part >= 0.05]
    whole = sum(part for _, part in found)
    if len(found) == 1 or not found:
        return found[0][0] if found else "nobody"
    return formats.listed([f"{name} ({formats.percent(part / whole, places=0)})" for name, part in found])


def about_ladder(found: Ladder) -> str:
    """From which level on investors have their money back, and where the case is."""
    kept = found.whole.loss <= 1e-9 * found.whole.drawn
    own = level(found.axis, found.axis.own)
    here = f"the case is at {own if found.axis.unit else '100 %'}"
    if kept.all():
        return "Investors have their money back at every level of outcomes"
    if not kept.any():
        return f"Investors lose at every level of outcomes up to {level(found.axis, found.levels[-1])}"
    losing = np.flatnonzero(~kept)
    if not kept[-1] or (losing.size and kept[: losing[-1]].any()):
        last = np.flatnonzero(kept)[-1]
        first = max(losing[losing < last], default=-1) + 1
        ends = (level(found.axis, found.levels[end]) for end in (first, last))
        where = "last" if kept[:first].any() else "only"
        return f"Investors have their money back {where} from {' to '.join(ends)}, and lose at others; {here}"
    return f"Investors have their money back from {level(found.axis, found.levels[losing[-1] + 1])} on; {here}"


def first_loss_sentences(result: Result) -> list[str]:
    """For each tranche, how many fewer outcomes until it loses its first pound."""
    return [_first_loss(result, name, found) for name, found in first_losses(result.case).items()]


def _first_loss(result: Result, tranche: str, found: FirstLoss | None) -> str:
    name, view = titles(result)[tranche], result.investors.tranches[tranche]
    if found is None:
        if not view.drawn:
            return f"{name}: nothing is drawn."
        if (view.loss or 0.0) >= NOTHING:
            return f"{name} already loses {formats.money(result.case.currency, view.loss)} in this case."
        return f"{name} loses nothing at any lower level of outcomes."
    return f"{_fewer(result, found)}, {name} loses its first {result.case.currency}; down to there it is whole."


def _fewer(result: Result, found: FirstLoss) -> str:
    axis, least = found.axis, level(found.axis, found.level)
    if found.whole is not None:
        return f"With {found.whole:,} fewer {axis.unit} ({formats.count(axis.own)} in the case)"
    if not axis.unit:
        return f"With more than {formats.percent(found.fewer)} fewer of every outcome"
    if axis.fraction:
        points = f"{found.fewer * 100:,.1f} percentage points"
        return f"With {axis_title(result, axis)[:-3]} below {least}, {points} less than in the case"
    return f"With less than {least} ({formats.count(axis.own)} in the case)"
