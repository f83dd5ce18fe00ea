"""What outputs and numbers are called, and how their values are written, on the pages about uncertainty."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from sib.appraisal import Result
from sib.assumption import Assumption
from sib.case import Case
from sib.explanation.quantities import place_of, value_of
from sib.explanation.units import unit_of
from sib.numbers import terms_in
from sib.show import formats
from sib.show.explained import written
from sib.show.knob_names import named_assumption, named_terms

_NAMES = {
    "irr": "return a year", "net": "net saving", "net_cashable": "net cashable saving", "npsv": "net present value",
    "bcr": "benefit-cost ratio", "peak_deficit": "deepest deficit", "total": "all payments",
    "reserves_left": "reserves left at its deepest deficit",
}  # fmt: skip

Written = Callable[[float | None], str]


def writer_of(result: Result, output: str) -> Written:
    """How this output's values are written: money, a percentage, a multiple or a count; a dash where there is none."""
    answer = result.as_dict()
    unit = unit_of(result, place_of(answer, output), value_of(answer, output))
    currency = result.case.currency

    def write(value: float | None) -> str:
        missing = value is None or not np.isfinite(value)
        return formats.missing() if missing else written(value, unit, currency).removesuffix(" a year")

    return write


def output_name(output: str) -> str:
    """An output as it is spoken of: `investors: return a year`, `Council: net saving`."""
    parts = output.split(".")
    name = _NAMES.get(parts[-1], parts[-1].replace("_", " "))
    of = parts[1] if len(parts) > 2 else parts[0]
    return f"{of}: {name}"


def number_name(case: Case, path: str) -> str:
    """A number of the case as it is spoken of; its path where it has no better name."""
    terms = {named.path: named.label for named in named_terms(case)}
    if path in terms:
        return terms[path]
    term = dict(terms_in(case)).get(path)
    return named_assumption(case, path, term, "").label if isinstance(term, Assumption) else path


def number_written(case: Case, path: str, value: Any) -> str:
    """A value of a number of the case, in its unit; a date or a word as it is."""
    unit = number_unit(case, path) if isinstance(value, int | float) else ""
    if unit == case.currency:
        return formats.money(case.currency, value)
    return f"{bare_number(case, path, value)} {unit}".rstrip()


def bare_number(case: Case, path: str, value: Any) -> str:
    """The same without its unit: for an axis, which names it."""
    if not isinstance(value, int | float):
        return str(value)
    shown = value * 100 if number_unit(case, path).startswith("%") else value
    return formats.exact(float(f"{shown:.5g}") if abs(shown) < 1000 else round(shown))


def number_unit(case: Case, path: str) -> str:
    """What a number of the case is in: `%`, `GBP per night`; nothing where nobody says."""
    units = {named.path: named.unit for named in named_terms(case)}
    term = dict(terms_in(case)).get(path)
    return units.get(path) or (named_assumption(case, path, term, "").unit if isinstance(term, Assumption) else "")
