"""Dates and lengths of time as a case file writes them."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from sib.periods import Duration


def _only_a_date(value: Any) -> Any:
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    try:
        return dt.date.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError(f"a date was expected, {value!r} was written; write it as 2016-04-01") from None


Day = Annotated[dt.date, BeforeValidator(_only_a_date)]

Length = Annotated[
    Duration,
    BeforeValidator(Duration.parse),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "examples": ["3 months", "45 days", "1 year"]}),
]
