"""How numbers and dates are written: the only place where anything is rounded.

Negative numbers have a plain hyphen, so that a cell copied into a spreadsheet is read as a number.
"""

from __future__ import annotations

import re
from datetime import date

from sib.value.irr import Irr, IrrStatus

MISSING = "–"  # noqa: RUF001 - the dash that tables print where there is no number

_REASONS = {
    IrrStatus.NONE: "no rate fits",
    IrrStatus.NO_OUTLAY: "nothing put in",
}


def missing(reason: str = "") -> str:
    """A dash, with the reason in brackets where one is known."""
    return f"{MISSING} ({reason})" if reason else MISSING


def whole(amount: float | None, reason: str = "") -> str:
    """An amount in whole units with thousands separators, without its currency: `422,000`, `-1,200`, `0`."""
    return missing(reason) if amount is None else f"{_not_minus_zero(amount, 0):,.0f}"


def money(currency: str, amount: float | None, reason: str = "") -> str:
    """An amount with its currency, in whole units: `USD 422,000`, `-USD 1,200`."""
    if amount is None:
        return missing(reason)
    figure = whole(amount)
    return f"-{currency} {figure[1:]}" if figure.startswith("-") else f"{currency} {figure}"


def percent(fraction: float | None, reason: str = "", places: int = 1) -> str:
    """A fraction as a percentage: 0.1474 is `14.7 %`."""
    return missing(reason) if fraction is None else f"{_not_minus_zero(fraction * 100, places):,.{places}f} %"


def count(number: float | None, reason: str = "") -> str:
    """A number of people or outcomes, whole from 100 on, else to two decimals: `8,940`, `62.5`, `0.09`."""
    if number is None:
        return missing(reason)
    rounded = _not_minus_zero(number, 2)
    if abs(rounded) >= 100 or rounded == round(rounded):
        return f"{rounded:,.0f}"
    return f"{rounded:,.2f}".rstrip("0")


def multiple(ratio: float | None, reason: str = "") -> str:
    """How many times the money came back: `1.52x`."""
    return missing(reason) if ratio is None else f"{ratio:,.2f}x"


def years(number: float | None, reason: str = "") -> str:
    """A length of time in years: `3.0 years`."""
    return missing(reason) if number is None else f"{_not_minus_zero(number, 1):,.1f} years"


def day(when: date | None, reason: str = "") -> str:
    """A date with a short month: `13 Jul 2018`; the months are English whatever the computer speaks."""
    return missing(reason) if when is None else f"{when.day} {MONTHS[when.month - 1][:3]} {when.year}"


def long_day(when: date | None, reason: str = "") -> str:
    """A date for a sentence: `13 July 2018`."""
    return missing(reason) if when is None else f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def irr(value: Irr | None, reason: str = "") -> str:
    """An internal rate of return with its status where that matters: `14.7 %`, `-100.0 % (total loss)`."""
    if value is None:
        return missing(reason)
    if value.rate is None:
        return missing(_REASONS.get(value.status, value.status.label))
    if value.status is IrrStatus.TOTAL_LOSS:
        return f"{percent(value.rate)} (total loss)"
    if value.status is IrrStatus.SEVERAL:
        return f"{percent(value.rate)} (of several: {', '.join(percent(root) for root in value.roots)})"
    return percent(value.rate)


def exact(number: float | None, reason: str = "") -> str:
    """A number as it was written, unrounded to ten significant digits: `0.62133333`, `7,200,000`."""
    if number is None:
        return missing(reason)
    text = f"{number:.10g}"
    if "e" in text:
        return text
    whole_part, point, decimals = text.partition(".")
    return f"{int(whole_part):,}{point}{decimals}" if abs(number) >= 1000 else text


def tiny(number: float) -> str:
    """A residual to two digits: `0`, `0.00035`, and below a millionth in powers of ten, `2.9e-11`."""
    if abs(number) < 1e-6:
        return f"{number:.2g}"
    return f"{float(f'{number:.1e}'):.7f}".rstrip("0").rstrip(".")


def listed(names: list[str] | tuple[str, ...]) -> str:
    """Names in a sentence: `a`, `a and b`, `a, b and c`."""
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part) if names else ""


def unbroken(text: str) -> str:
    """The text with spaces that must not end a line (in amounts, percentages and dates) made unbreakable."""
    return _KEEP_TOGETHER.sub("\N{NO-BREAK SPACE}", text)


def _not_minus_zero(number: float, places: int) -> float:
    """Rounded, and nought without a sign."""
    return round(number, places) + 0.0


MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

_NAMES = "|".join(name[:3] for name in MONTHS)
_KEEP_TOGETHER = re.compile(
    rf"(?<=\b[A-Z]{{3}}) (?=\d)|(?<=\d) (?=%)|(?<=\d) (?=(?:{_NAMES})[a-z]* \d{{4}})|(?<=\bp\.) (?=\d)"
)
