"""What a chart shows, in one line: its title."""

from __future__ import annotations

from datetime import date

from sib.appraisal import Result
from sib.show import formats

# Half a unit of money: what is less is shown as nothing.
NOTHING = 0.5


def gain(result: Result) -> float:
    """What investors get back beyond what they put in; negative for a loss."""
    view = result.investors
    return (view.received or 0.0) - (view.drawn or 0.0)


def about_cash(result: Result) -> str:
    """How the deal ends for the investors; without investors, what the payers pay."""
    view, currency, more = result.investors, result.case.currency, gain(result)
    if not view.drawn:
        return about_payments(result)
    if (view.received or 0.0) < NOTHING:
        return f"Investors lose all of the {formats.money(currency, view.drawn)} that they put in"
    if more < -NOTHING:
        put_in = formats.money(currency, view.drawn)
        return f"Investors lose {formats.money(currency, -more)} of the {put_in} that they put in"
    back = f"Investors are paid back in {month(view.payback_date)}" if view.payback_date else "Investors are paid back"
    return (
        f"{back} and end {formats.money(currency, more)} ahead" if more > NOTHING else f"{back}, and no more than that"
    )


def about_payments(result: Result) -> str:
    """How much payers pay, and when."""
    total, days = result.payments.total, payment_days(result)
    if not days:
        return "No payer pays anything"
    first, last = month(days[0]), month(days[-1])
    when = f"in {first}" if first == last else f"between {first} and {last}"
    return f"Payers pay {formats.money(result.case.currency, total)} {when}"


def about_provider(result: Result) -> str:
    """Whether the provider runs short of cash, how far, and when."""
    view, name = result.provider, formats.listed(result.case.deal.named("provider"))
    if not view.peak_deficit or view.peak_deficit < NOTHING:
        return f"{name} is never short of cash"
    deepest = formats.money(result.case.currency, view.peak_deficit)
    return f"{name} is short of cash by up to {deepest}, deepest on {formats.long_day(view.peak_deficit_date)}"


def payment_days(result: Result) -> list[date]:
    """The days on which payers pay for outcomes and fees, in order."""
    payers = result.case.deal.payers
    return sorted({flow.date for flow in result.flows if flow.rule is not None and flow.source in payers})


def month(day: date | None) -> str:
    """A month in a title: `July 2018`."""
    return formats.missing() if day is None else f"{formats.MONTHS[day.month - 1]} {day.year}"
