"""What the picture of a payment rule says in words: its title, axis and cliffs, and all of it for who cannot see."""

from __future__ import annotations

from itertools import pairwise

from sib.case import Case
from sib.show import formats
from sib.value.payment_curve import Cliff, PaymentCurve, Slope

# More cliffs than this are a staircase.
STAIRCASE = 12
# Of the largest slope: what is less is level.
LEVEL = 1e-6


def achieved(case: Case, curve: PaymentCurve) -> str:
    """What stands along the bottom, with its unit unless the name says it."""
    driver = curve.driver
    savings = {item.id: item.title or f"Saving: {item.id}" for item in case.forecast.savings}
    titles = {item.id: item.title or item.id for item in case.deal.outcomes}
    name = (savings if driver.unit == case.currency else titles).get(driver.name) or driver.name
    unit = "%" if driver.fraction else driver.unit
    said = unit.casefold() in name.casefold()
    return f"{name[0].upper()}{name[1:]}{'' if said else f', {unit}'}"


def tick(curve: PaymentCurve, value: float) -> str:
    """A level as it is written on the axis."""
    if curve.driver.fraction:
        return f"{round(value * 100, 6) + 0.0:.3g} %"
    return formats.count(round(value) if abs(value) >= 20 else value)


def level(curve: PaymentCurve, value: float, currency: str) -> str:
    """A level in a sentence: money has its currency."""
    return formats.money(currency, value) if curve.driver.unit == currency else tick(curve, value)


def one_more(curve: PaymentCurve, currency: str) -> str:
    """One more of what is measured, whose unit stands on the axis."""
    if curve.driver.fraction:
        return "one more percentage point"
    if curve.driver.unit == currency:
        return f"each further {currency} 1"
    return "one more person" if curve.driver.unit == "people" else "one more"


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
    said = f"{_reaching(largest, curve, currency)} {_worth(largest.jump, currency)}"
    return said if len(curve.cliffs) == 1 else f"{len(curve.cliffs)} cliffs; the largest: {said[0].lower()}{said[1:]}"


def _reaching(cliff: Cliff, curve: PaymentCurve, currency: str) -> str:
    return f"Reaching {level(curve, cliff.at, currency)} instead of just missing it"


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
    if len(slopes) == 1 and not _ends_early(slopes[0], curve):
        cut = " after caps" if curve.paid[-1] < (1 - LEVEL) * curve.before_caps[-1] else ""
        return f"{amount(rising[0].each, currency)} for {one_more(curve, currency)}{cut}, with no cliff and no limit"
    if len(rising) == 1:
        return (
            f"{amount(rising[0].each, currency)} for {one_more(curve, currency)}{_between(rising[0], curve, currency)}"
        )
    least, most = (amount(pick(one.each for one in rising), currency) for pick in (min, max))
    return f"No cliff: {least} to {most} for {one_more(curve, currency)}{_between(rising[-1], curve, currency)}"


def _between(slope: Slope, curve: PaymentCurve, currency: str) -> str:
    """Where a slope ends, if it does before the picture does, and what comes after."""
    if not _ends_early(slope, curve):
        return ""
    more = curve.paid[-1] - curve.paid_at(slope.end)
    same = (curve.levels[-1] - slope.end) / slope.one * slope.each
    beyond = "nothing" if abs(more) <= LEVEL * abs(same) else ("less" if more < same else "more")
    return f" up to {level(curve, slope.end, currency)}, and {beyond} beyond"


def _ends_early(slope: Slope, curve: PaymentCurve) -> bool:
    return bool(slope.end < curve.levels[-1] - LEVEL * (curve.levels[-1] - curve.levels[0]))


def _paid_back(curve: PaymentCurve) -> str:
    return "; the payee pays back where the line is below nothing" if curve.paid.min() < 0 else ""


def per_cliff(cliff: Cliff, curve: PaymentCurve, currency: str) -> str:
    """A cliff beside its mark: `10 %: +GBP 72,000`."""
    sign = "+" if cliff.jump > 0 else "-"
    return f"{level(curve, cliff.at, currency)}: {sign}{amount(abs(cliff.jump), currency)}"


def described(curve: PaymentCurve, currency: str) -> str:
    """The line in words, for who cannot see it: what is paid at its ends, its turns and its cliffs."""
    kinks = [one.end for one, after in pairwise(curve.slopes) if one.end == after.start]
    turns = sorted({float(curve.levels[0]), *kinks, *_steps(curve), float(curve.levels[-1])})
    points = (f"{level(curve, at, currency)} {amount(curve.paid_at(at), currency)}" for at in turns)
    cliffs = [per_cliff(one, curve, currency) for one in curve.cliffs[:STAIRCASE]]
    jumps = f"Cliffs: {'; '.join(cliffs)}." if cliffs else "No cliffs."
    now = f"As the case stands: {level(curve, curve.driver.now, currency)}, {amount(curve.now, currency)}."
    return f"Paid at {', '.join(points)}. {jumps} {now}"


def _steps(curve: PaymentCurve) -> list[float]:
    return [one.at for one in curve.cliffs[:STAIRCASE]]
