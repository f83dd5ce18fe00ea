"""What a plain scalar of YAML means here: the core schema of YAML 1.2, with `1_000_000` and dates.

`yes`, `no`, `on` and `off` are text, as YAML 1.2 has it; the readers of a case say `true` and `false`.
"""

from __future__ import annotations

import datetime as dt
import math
import re

Scalar = str | int | float | bool | None | dt.date

_CONSTANTS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_DIGITS = r"[0-9]+(?:_[0-9]+)*"
_WHOLE = re.compile(rf"[-+]?{_DIGITS}")
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_REAL = re.compile(rf"[-+]?(?:{_DIGITS}(?:\.(?:{_DIGITS})?)?|\.{_DIGITS})(?:[eE][-+]?[0-9]+)?")
_SPECIAL = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIMED = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}\S*.*")
_LONGEST_WHOLE = 300


def scalar_of(text: str) -> Scalar:
    """The value of a plain (unquoted) scalar; what is nothing else is text.

    A time of day, an impossible date or an endless number is a ValueError with a sentence for the user.
    """
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text[0] not in "+-.0123456789":
        return text
    return _dated(text) if _DATE.fullmatch(text) or _TIMED.fullmatch(text) else _number(text)


def _dated(text: str) -> dt.date:
    if len(text) > len("2015-09-30"):
        raise ValueError(f"'{text[:60]}' has a time of day; write the date only, such as {text[:10]}.")
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"'{text}' is not a date of the calendar; write year-month-day.") from None


def _number(text: str) -> int | float | str:
    if _WHOLE.fullmatch(text):
        if len(text) > _LONGEST_WHOLE:
            raise ValueError(f"the number has {len(text)} digits; at most {_LONGEST_WHOLE} are read.")
        return int(text)
    if _BASED.fullmatch(text) and len(text) <= _LONGEST_WHOLE:
        return int(text, 0)
    if _REAL.fullmatch(text):
        return float(text)
    return _special(text) if _SPECIAL.fullmatch(text) else text


def _special(text: str) -> float:
    if text.lower().endswith("nan"):
        return math.nan
    return -math.inf if text.startswith("-") else math.inf


def is_nothing(text: str) -> bool:
    """Whether a plain scalar stands for no value at all."""
    return text in _CONSTANTS and _CONSTANTS[text] is None


def is_plain_text(text: str) -> bool:
    """Whether the text, written without quotes, would be read back as the same text."""
    try:
        return scalar_of(text) == text and text not in ("<<", "=")
    except ValueError:
        return False
