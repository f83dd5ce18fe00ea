"""The answer in three sentences, one for each chair: investors, payers, provider and outcomes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from sib.appraisal import Result
from sib.show import formats
from sib.show.findings import NOTHING, gain, payment_days
from sib.show.wording import cap_name, measure, outcome_of
from sib.value.irr import IrrStatus
from sib.value.outcomes import OutcomeView

# A rate card has twenty outcomes; the sentence names the first few and the table has them all.
MOST_OUTCOMES = 3


class Answer(NamedTuple):
    """Three sentences that a reader of one page takes away."""

    investors: str
    payers: str
    provider: str


def answer(result: Result) -> Answer:
    """Who puts in what and gets what, in words, from the numbers of one result."""
    return Answer(for_investors(result), for_payers(result), for_provider(result))


def for_investors(result: Result) -> str:
    """What investors put in, get back, and at what rate."""
    view, money = result.investors, _money(result)
    if view.drawn is None:
        return "The case has no investors, so there is no capital to repay and no rate of return."
    who = f"Investors ({formats.listed(_investors(result))})"
    if view.drawn < NOTHING:
        return f"{who} commit capital, but none of it is drawn.{_exhausted(result)}"
    put_in = f"{who} put in {money(view.drawn)}"
    if (view.received or 0.0) < NOTHING:
        return f"{put_in} and lose all of it.{_exhausted(result)}"
    back = f"get back {money(view.received)}{_from_guarantors(result)}"
    return f"{put_in} and {back}: {_gain(result)}{_rate(result)}{_paid_back(result)}.{_exhausted(result)}"


def _exhausted(result: Result) -> str:
    """From when on what is committed does not reach, and how much is missing."""
    found = result.investors.commitment
    if found is None or found.shortfall < NOTHING:
        return ""
    day, short = formats.long_day(found.date), _money(result)(found.shortfall)
    return f" The commitment is exhausted on {day}: up to {short} more is needed."


def _investors(result: Result) -> list[str]:
    return list(
        dict.fromkeys(
            name for tranche in result.case.deal.tranches if not tranche.is_grant for name in tranche.investors
        )
    )


def _from_guarantors(result: Result) -> str:
    """How much of the money back a guarantor paid."""
    called = sum(flow.amount for flow in result.flows if flow.kind == "guarantee")
    if called < NOTHING:
        return ""
    everything = abs(called - (result.investors.received or 0.0)) < NOTHING
    return f", {'all' if everything else _money(result)(called)} of it from the guarantor"


def _gain(result: Result) -> str:
    more, money = gain(result), _money(result)
    if more < -NOTHING:
        return f"a loss of {money(-more)}"
    if more <= NOTHING:
        return "their money and no more"
    return f"a gain of {money(more)}, {formats.multiple(result.investors.multiple)} their money"


def _rate(result: Result) -> str:
    """The rate of return, or why there isn't one."""
    found = result.investors.irr
    if found.status is IrrStatus.SEVERAL:
        rates = formats.listed([formats.percent(root) for root in found.roots])
        return f"; no single rate of return describes this, {rates} a year all fit"
    if found.rate is None:
        return "; no rate of return fits these flows"
    return f", {formats.percent(found.rate)} a year"


def _paid_back(result: Result) -> str:
    day = result.investors.payback_date
    return f"; they have their money back on {formats.long_day(day)}" if day else ""


def for_payers(result: Result) -> str:
    """What payers pay and when, which cap cut how much, and what they save."""
    payers, money = result.case.deal.payers, _money(result)
    if not payers:
        return "The case has no payer."
    who = f"The payer, {payers[0]}, pays" if len(payers) == 1 else f"The payers, {formats.listed(payers)}, pay"
    if result.payments.total < -NOTHING:
        is_paid = "is paid" if len(payers) == 1 else "are paid"
        return f"{who} nothing and {is_paid} {money(-result.payments.total)}{_savings(result)}."
    if not payment_days(result):
        return f"{who} nothing{_why_nothing(result)}{_savings(result)}."
    parts = "" if len(payers) == 1 else f" ({', '.join(_part(result, payer) for payer in payers)})"
    return f"{who} {money(result.payments.total)}{parts} {_when(result)}{_cuts(result)}{_savings(result)}."


def _part(result: Result, payer: str) -> str:
    paid = result.payments.by_payer[payer]
    return f"{payer} {_money(result)(paid) if abs(paid) >= NOTHING else 'nothing'}"


def _when(result: Result) -> str:
    days = payment_days(result)
    first, last = formats.long_day(days[0]), formats.long_day(days[-1])
    return f"on {first}" if first == last else f"between {first} and {last}"


def _why_nothing(result: Result) -> str:
    cut = _cuts(result)
    return cut or (", because nothing that the contract pays for is reached" if result.case.deal.payments else "")


def _cuts(result: Result) -> str:
    """Which cap cut how much of what the rules alone would give."""
    caps = dict.fromkeys(item.cap for item in result.payments.clipped)
    by_cap = {cap: sum(item.amount for item in result.payments.clipped if item.cap == cap) for cap in caps}
    cuts = [f"{cap_name(result.case, cap)} cuts {_money(result)(amount)}" for cap, amount in by_cap.items()]
    return f"; {formats.listed(cuts)} of what the rules alone would give" if cuts else ""


def _savings(result: Result) -> str:
    """What payers save, each that saves anything; nothing is said where the case states no savings."""
    money, said = _money(result), []
    for name, view in result.payers.items():
        if view.savings is not None:
            cashable = "" if view.cashable is None else f" ({money(view.cashable)} of it cashable)"
            in_cash = "" if view.cashable is None else f" and {money(view.net_cashable)} net in cash"
            said.append(f"{name} saves {money(view.savings)}{cashable}, {money(view.net)} net{in_cash}")
    return f"; {formats.listed(said)}" if said else ""


def for_provider(result: Result) -> str:
    """Whether delivery is paid for and the provider stays in cash, and what was achieved."""
    achieved = [told for name, view in result.outcomes.items() if (told := _achieved(result, name, view))]
    more = [f"and {len(achieved) - MOST_OUTCOMES} more outcomes"] if len(achieved) > MOST_OUTCOMES + 1 else []
    said = "; ".join([_provider(result), *_holder(result), *(achieved[:MOST_OUTCOMES] + more if more else achieved)])
    return f"{said}."


def _holder(result: Result) -> list[str]:
    """What a holder of the contract that is no provider lacks."""
    view = result.holder
    if view.peak_deficit < NOTHING or view.party in result.case.deal.named("provider"):
        return []
    short, day = _money(result)(view.peak_deficit), formats.long_day(view.peak_deficit_date)
    return [f"{view.party}, which holds the contract, is short of cash by up to {short}, deepest on {day}"]


def _provider(result: Result) -> str:
    view, money, names = result.provider, _money(result), result.case.deal.named("provider")
    if view.cost is None or not names:
        return "The case states no provider costs, so it can't say whether delivery is paid for"
    who = f"The provider, {names[0]}, spends" if len(names) == 1 else f"The providers, {formats.listed(names)}, spend"
    recovered = formats.percent(view.cost_recovery, "no cost")
    short = view.peak_deficit or 0.0
    cash = "never short of cash" if short < NOTHING else (
        f"short of cash by up to {money(short)}, deepest on {formats.long_day(view.peak_deficit_date)}"
    )  # fmt: skip
    verb = ("recovers", "is") if len(names) == 1 else ("recover", "are")
    return f"{who} {money(view.cost)}, {verb[0]} {recovered} of it and {verb[1]} {cash}"


def _achieved(result: Result, name: str, view: OutcomeView) -> str:
    """One outcome in a clause; empty where nothing of it is known."""
    outcome = outcome_of(result.case, name)
    title = _lowered(outcome.title or name)
    if outcome.kind == "change" and view.measure is not None:
        return f"{title}: {_compared(measure(outcome, abs(view.measure)), view.measure)} the {outcome.against}"
    found = view.gross if view.gross is not None else view.net
    if found is None:
        return "" if view.measure is None else f"{title}: {measure(outcome, view.measure)}"
    rate = f" ({measure(outcome, view.measure)})" if outcome.kind == "rate" and view.measure is not None else ""
    target = "" if view.of_target is None else f", {formats.percent(view.of_target)} of the target"
    return f"{title}: {formats.count(found)} {view.unit}{rate}{_without(view)}{target}"


def _compared(size: str, change: float) -> str:
    if abs(change) < 5e-5:
        return "no different from"
    return f"{size} {'better' if change > 0 else 'worse'} than"


def _without(view: OutcomeView) -> str:
    """How many of the outcomes counted the service itself made."""
    if view.gross is None or view.counterfactual is None or view.net is None:
        return ""
    return f", {formats.count(view.counterfactual)} without the service"


def _lowered(title: str) -> str:
    """A title in the middle of a sentence; names and abbreviations keep their capitals."""
    return title[0].lower() + title[1:] if title[1:2].islower() else title


def _money(result: Result) -> Callable[[float | None], str]:
    """How amounts are written in the case's currency."""
    return partial(formats.money, result.case.currency)
