"""What the picture of a payment rule says, in words: its title, its axis, its cliffs, and itself for who cannot see it."""

from __future__ import annotations

from sib.case import Case
from sib.show import formats
from sib.value.payment_curve import Cliff, PaymentCurve, Slope

# More cliffs than this are a staircase.
STAIRCASE = 12
# Of the largest slope: what is less is level.
LEVEL = 1e-6


def achieved(case: Case, curve: PaymentCurve) -> str:
    """What stands along the bottom, with its unit."""
    driver = curve.driver
    savings = {item.id: item.title or f"Saving: {item.id}" for item in case.forecast.savings}
    titles = {item.id: item.title or item.id for item in case.deal.outcomes}
    name = savings.get(driver.name) if driver.unit == case.currency else titles.get(driver.name)
    return f"{name or driver.name.capitalize()}, {'%' if driver.fraction else driver.unit}"


def level(curve: PaymentCurve, value: float) -> str:
    """A level as it is written on the axis."""
    if curve.driver.fraction:
        return f"{value * 100 + 0.0:.3g} %".replace("-0 %", "0 %")
    return formats.count(round(value) if abs(value) >= 20 else value)


def one_more(curve: PaymentCurve, currency: str) -> str:
    """One more of what is measured: `one more percentage point`, `one more person`."""
    if curve.driver.fraction:
        return "one more percentage point"
    if curve.driver.unit == currency:
        return f"each further {currency} 1"
    return "one more person" if curve.driver.unit == "people" else f"one more ({curve.driver.unit})"


def amount(value: float, currency: str) -> str:
    """Money; to two decimals where it is small."""
    return (
        f"{currency} {value:,.2f}" if 0 < abs(value) < 10 and value != round(value) else formats.money(currency, value)
    )


def finding(curve: PaymentCurve, currency: str) -> str:
    """What the picture shows, as its title."""
    if curve.cliffs:
        return _about_cliffs(curve, currency) + _paid_back(curve)
    return _about_slopes(curve, currency) + _paid_back(curve)


def _about_cliffs(curve: PaymentCurve, currency: str) -> str:
    largest = max(curve.cliffs, key=lambda one: abs(one.jump))
    if len(curve.cliffs) > STAIRCASE:
        return f"A staircase of {len(curve.cliffs)} steps, the largest of {amount(abs(largest.jump), currency)}"
    said = f"{_reaching(largest, curve)} {_worth(largest.jump, currency)}"
    return said if len(curve.cliffs) == 1 else f"{len(curve.cliffs)} cliffs; the largest: {said[0].lower()}{said[1:]}"


def _reaching(cliff: Cliff, curve: PaymentCurve) -> str:
    return f"Reaching {level(curve, cliff.at)} instead of just missing it"


def _worth(jump: float, currency: str) -> str:
    return f"is worth {amount(jump, currency)}" if jump > 0 else f"costs {amount(-jump, currency)}"


def _about_slopes(curve: PaymentCurve, currency: str) -> str:
    """The worth of one more on each stretch, where these are few."""
    slopes = curve.slopes
    largest = max((abs(one.each) for one in slopes), default=0.0)
    if not largest:
        return (
            "Nothing is paid at any level" if not curve.paid.any() else "No cliff: the payment bends, and does not jump"
        )
    rising = [one for one in slopes if abs(one.each) > LEVEL * largest]
    if len(slopes) == 1:
        return f"{amount(rising[0].each, currency)} for {one_more(curve, currency)}, with no cliff and no limit"
    if len(rising) == 1:
        return f"{amount(rising[0].each, currency)} for {one_more(curve, currency)}{_between(rising[0], curve)}"
    least, most = (amount(pick(one.each for one in rising), currency) for pick in (min, max))
    return f"No cliff: {least} to {most} for {one_more(curve, currency)}{_between(rising[-1], curve)}"


def _between(slope: Slope, curve: PaymentCurve) -> str:
    """The end of what is paid for, where it ends before the picture does."""
    ends = slope.end < curve.levels[-1] - 1e-9
    return f" up to {level(curve, slope.end)}, and nothing beyond" if ends else ""


def _paid_back(curve: PaymentCurve) -> str:
    return "; the payee pays back where the line is below nothing" if curve.paid.min() < 0 else ""


def per_cliff(cliff: Cliff, curve: PaymentCurve, currency: str) -> str:
    """A cliff beside its mark: `10 %: +GBP 72,000`."""
    sign = "+" if cliff.jump > 0 else "-"
    return f"{level(curve, cliff.at)}: {sign}{amount(abs(cliff.jump), currency)}"


def described(curve: PaymentCurve, currency: str) -> str:
    """The line in words, for who cannot see it: what is paid at its ends, its turns and its cliffs."""
    turns = sorted({float(curve.levels[0]), *(one.end for one in curve.slopes), float(curve.levels[-1])})
    cliffs = [per_cliff(one, curve, currency) for one in curve.cliffs[:STAIRCASE]]
    points = [f"{level(curve, at)} {amount(curve.paid_at(at), currency)}" for at in turns]
    jumps = f" Cliffs: {'; '.join(cliffs)}." if cliffs else " No cliffs."
    return f"Paid at {', '.join(points)}.{jumps} As the case stands: {level(curve, curve.driver.now)}, " + (
        f"{amount(curve.now, currency)}."
    )
