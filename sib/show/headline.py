"""The headline of every party, several results side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

from sib.appraisal import Result
from sib.show import formats, wording

INVESTORS, PAYERS, PROVIDER, OUTCOMES, CAPS = "Investors", "Payers", "Provider", "Outcomes", "Cut by caps"
SECTIONS = (INVESTORS, PAYERS, PROVIDER, OUTCOMES, CAPS)


@dataclass(frozen=True)
class Line:
    """One figure of the headline: whose it is, its name, how it reads, and the number behind it."""

    section: str
    label: str
    text: str
    number: float | None


def lines_of(result: Result) -> tuple[Line, ...]:
    """The headline of one result: investors, payers, providers, outcomes, and what each cap cut of each rule."""
    parts = (_investors, _payers, _provider, _outcomes, _caps)
    return tuple(line for part in parts for line in part(result))


def _investors(result: Result) -> Iterator[Line]:
    view = result.investors
    if view.drawn is None:
        return
    yield _money(INVESTORS, "Drawn", view.drawn)
    yield _money(INVESTORS, "Received", view.received)
    yield Line(INVESTORS, "Return a year (IRR)", formats.irr(view.irr), view.irr.rate)
    yield Line(INVESTORS, "Multiple", formats.multiple(view.multiple, "nothing drawn"), view.multiple)


def _payers(result: Result) -> Iterator[Line]:
    for name, view in result.payers.items():
        yield _money(PAYERS, f"{name} pays", view.paid)
        if view.savings is not None or view.own_costs is not None:
            yield _money(PAYERS, f"{name}, net of savings and own costs", view.net)


def _provider(result: Result) -> Iterator[Line]:
    view = result.provider
    if view.margin is not None:
        yield _money(PROVIDER, "Margin", view.margin)
        yield _money(PROVIDER, "Deepest deficit", view.peak_deficit)


def _outcomes(result: Result) -> Iterator[Line]:
    for name, view in result.outcomes.items():
        outcome = wording.outcome_of(result.case, name)
        title = outcome.title or name
        if view.measure is not None:
            label = f"{title}, improvement" if outcome.kind == "change" else title
            yield Line(OUTCOMES, label, wording.measure(outcome, view.measure), view.measure)
        else:
            number, kind = (view.gross, "") if view.net is None else (view.net, ", net")
            yield Line(OUTCOMES, f"{title}, {outcome.unit}{kind}", formats.count(number), number)


def _caps(result: Result) -> Iterator[Line]:
    for cut in result.payments.clipped:
        cap = wording.cap_name(result.case, cut.cap).removeprefix("the ")
        yield _money(CAPS, f"{cap[:1].upper()}{cap[1:]}: {wording.rule_title(result.case, cut.rule)}", cut.amount)


def _money(section: str, label: str, amount: float | None) -> Line:
    return Line(section, label, formats.whole(amount), amount)


def side_by_side(results: Mapping[str, Result]) -> str:
    """The headlines of some results as one HTML table, by name of the column; the last is marked where it moved.

    A line that only some of them have (a cap that cut nothing, a party without a role) is a dash in the others.
    """
    columns = [{(line.section, line.label): line for line in lines_of(result)} for result in results.values()]
    keys = list(dict.fromkeys(key for column in columns for key in column))
    currency = next(iter(results.values())).case.currency
    heads = "".join(f'<th scope="col">{escape(name)}</th>' for name in results)
    body = "".join(_section(section, [key for key in keys if key[0] == section], columns) for section in SECTIONS)
    top = f'<thead><tr><td colspan="2">Money in {escape(currency)}</td>{heads}</tr></thead>'
    return f'<table class="sib-headline">{top}{body}</table>'


def _section(section: str, keys: list[tuple[str, str]], columns: list[dict[tuple[str, str], Line]]) -> str:
    if not keys:
        return ""
    name = f'<th scope="rowgroup" rowspan="{len(keys)}">{escape(section)}</th>'
    rows = (_row(key[1], [column.get(key) for column in columns]) for key in keys)
    return f"<tbody><tr>{name}{'</tr><tr>'.join(rows)}</tr></tbody>"


def _row(label: str, lines: list[Line | None]) -> str:
    texts = [formats.MISSING if line is None else line.text for line in lines]
    cells = [f"<td>{escape(formats.unbroken(text))}</td>" for text in texts]
    cells[-1] = f'<td class="now {_direction(lines, texts)}">{escape(formats.unbroken(texts[-1]))}</td>'
    return f'<th scope="row">{escape(label)}</th>{"".join(cells)}'


def _direction(lines: list[Line | None], texts: list[str]) -> str:
    """`up`, `down` or `same`, the last column against the one before, as far as the reader can see it."""
    before, now = (0.0 if line is None or line.number is None else line.number for line in lines[-2:])
    if texts[-1] == texts[-2]:
        return "same"
    return "up" if now > before else "down"
