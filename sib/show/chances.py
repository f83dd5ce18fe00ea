"""Chances in words, as natural frequencies: `in 26 of 1,000 scenarios`."""

from __future__ import annotations

from sib.show import formats

OF = 1000


def often(share: float, of: int, things: str = "scenarios") -> str:
    """How often something is so among `of` cases: out of a thousand, or of all where a thousand is too coarse."""
    number = round(share * of)
    if number in (0, of):
        return f"in {'all' if number else 'none of'} {of:,} {things}"
    rounded = round(share * OF)
    if of < OF or rounded in (0, OF):
        return f"in {number:,} of {of:,} {things}"
    return f"in {rounded:,} of {OF:,} {things}"


def counted(share: float, of: int) -> str:
    """The same without words around it: `26 of 1,000`, `3 of 4,096`."""
    words = often(share, of, "").removeprefix("in ").strip()
    return {"all": "all", "none": "none"}.get(words.split(" ")[0], words)


def error_of(error: float) -> str:
    """The error of a chance, in scenarios of a thousand."""
    found = error * OF
    return f"± {formats.count(round(found, 1))} of {OF:,}" if found >= 0.1 else f"± less than 0.1 of {OF:,}"
