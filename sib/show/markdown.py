"""The replication table as Markdown, for the README: `python -m sib.show.markdown`."""

from __future__ import annotations

from collections.abc import Iterable

from sib.replication import Replication


def replication_table(rows: Iterable[Replication]) -> str:
    """One line for each published answer."""
    lines = ["| deal | scenario | quantity | published | model | within | status |", "|---|---|---|---:|---:|---:|---|"]
    lines += [f"| {' | '.join(_cells(row))} |" for row in rows]
    return "\n".join(lines) + "\n"


def _cells(row: Replication) -> list[str]:
    status = row.status if row.independent else f"{row.status} (derived)"
    figures = (_figure(row.published), _figure(row.model), _figure(row.tolerance))
    return [row.case, row.scenario or "", f"`{row.quantity}`", *figures, status]


def _figure(value: object) -> str:
    """Whole money without decimals, rates to four of them."""
    if not isinstance(value, int | float):
        return str(value)
    whole = abs(value) >= 1000 or abs(value) < 1e-9
    return f"{abs(value) if abs(value) < 1e-9 else value:,.0f}" if whole else f"{value:.4g}"


if __name__ == "__main__":
    from sib.files import bundled, load
    from sib.replication import replicate

    print(replication_table([row for name in bundled() for row in replicate(load(name))]), end="")  # noqa: T201
