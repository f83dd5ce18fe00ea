"""A deal that is a straight line: 10,000 on the first day, ten outcomes paid 365 days later."""

from __future__ import annotations

from typing import Any

from tests.building import plain


def linear(**sections: Any) -> dict[str, Any]:
    """IRR = 10 x price/10,000 - 1, so that 1,080 gives 8 %; its own price, 1,000, gives nothing."""
    data = plain(
        deal={
            "service_end": "2020-12-31",
            "period": "year",
            "tranches": [{"id": "notes", "investor": "Fund", "commitment": 10_000}],
        },
        forecast={
            "cohorts": [{"id": "all", "starts": 20}],
            "outcomes": [{"id": "work", "per_start": {"value": 0.5, "low": 0.4, "high": 0.7}}],
        },
    )
    for name, value in sections.items():
        data[name].update(value)
    return data
