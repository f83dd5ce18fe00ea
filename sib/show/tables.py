"""The tables of one appraisal: what was worked out, picked and worded; nothing is worked out here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sib.appraisal import Result
from sib.case import Case
from sib.show import formats
from sib.show.contract_tables import outcomes as outcomes
from sib.show.contract_tables import payments as payments
from sib.show.investor_tables import FIGURE, NO_INVESTOR
from sib.show.investor_tables import investor_flows as investor_flows
from sib.show.investor_tables import returns as returns
from sib.show.registers import assumptions as assumptions
from sib.show.registers import published as published
from sib.show.registers import residuals as residuals
from sib.show.registers import sources as sources
from sib.show.registers import terms as terms
from sib.show.table import Column as Column
from sib.show.table import Row as Row
from sib.show.table import Table as Table
from sib.show.table import as_frame as as_frame
from sib.show.table import as_html as as_html
from sib.show.table import figures as figures
from sib.show.table import without_empty_columns

NO_COSTS = "no provider costs in the case"
AT_FACE_VALUE = "At face value, not discounted."


def headline(result: Result) -> Table:
    """The figures that everybody asks for first."""
    currency, investors, provider = result.case.currency, result.investors, result.provider
    none = NO_INVESTOR if investors.drawn is None else ""
    rows = (
        ("Payers pay for outcomes and fees", formats.money(currency, result.payments.total)),
        ("Investors put in", formats.money(currency, investors.drawn, none)),
        ("Investors get back", formats.money(currency, investors.received, none)),
        ("Investors' return a year (IRR on dates)", formats.irr(investors.irr)),
        ("Investors' multiple", formats.multiple(investors.multiple, none)),
        ("Investors are paid back on", formats.day(investors.payback_date, none or "never")),
        ("Provider's cost recovery", formats.percent(provider.cost_recovery, NO_COSTS)),
        ("Provider's deepest deficit", formats.money(currency, provider.peak_deficit, NO_COSTS)),
    )
    return Table("Key figures", (FIGURE, figures("Value")), rows)


def key_dates(result: Result) -> Table:
    """The dates on which the contract turns."""
    dates = result.dates
    rows = (
        ("Contract starts", formats.day(dates.start)),
        ("Service ends", formats.day(dates.service_end)),
        ("Last claim", formats.day(dates.last_claim, "nothing claimed")),
        ("Last payment", formats.day(dates.last_payment, "nothing paid")),
        ("The appraisal looks as far as", formats.day(dates.horizon)),
    )
    return Table("Key dates", (Column("What"), figures("Date")), rows)


def parties(case: Case) -> Table:
    """Who takes part, and as what."""
    holder = case.deal.contract_holder
    rows = (
        (party.id, party.role + (", holds the contract" if party.id == holder else ""), party.title)
        for party in case.deal.parties
    )
    return Table("The parties", (Column("Party"), Column("Role"), Column("In full")), tuple(rows))


def who_puts_in_and_gets(result: Result) -> Table:
    """What each party pays and receives over the whole deal; what leaves the deal stands in it too."""
    ledger, currency = result.run.ledger, result.case.currency
    roles = {party.id: party.role for party in result.case.deal.parties}
    rows = [
        (
            name,
            roles.get(name, "outside the deal"),
            *_sums(ledger.paid(name), ledger.received(name), ledger.net(name)),
        )
        for name in dict.fromkeys([*roles, *ledger.parties])
    ]
    every = ledger.total(lambda _: True)
    total = ("All together", "", *_sums(every, every, every - every))
    columns = (
        Column("Party"),
        Column("Role"),
        *(figures(name, currency) for name in ("Puts in", "Gets out", "Net")),
    )
    note = (
        f"Over the whole deal. {AT_FACE_VALUE} What one puts in another gets, so the last column sums to "
        "nothing; who only passes money on shows it on both sides."
    )
    return Table("Who puts in what, and who gets what", columns, (*rows, total), note, sums=1)


def payers(result: Result) -> Table:
    """What each payer pays, bears and saves, to the horizon."""
    whole = formats.whole
    rows = tuple(
        (name, whole(view.paid), whole(view.own_costs), whole(view.savings), whole(view.cashable),
         whole(view.never_cashable), whole(view.net), whole(view.net_cashable))
        for name, view in result.payers.items()
    )  # fmt: skip
    names = ("Pays", "Own costs", "Gross savings", "Cashable", "Never cashable", "Net", "Net in cash")
    note = (
        f"To {formats.day(result.dates.horizon)}. {AT_FACE_VALUE} Net is gross savings less payments "
        "less own costs; in cash, with cashable savings only. A dash is not stated in the case, and counts as "
        "nothing in the net."
    )
    return Table("What each payer pays and saves", (Column("Payer"), *_in(result, names)), rows, note)


def savers(result: Result) -> Table:
    """What every organisation that saves gains, paying or not."""
    rows = tuple(
        (name, *map(formats.whole, (view.savings, view.cashable, view.never_cashable, view.paid, view.net)))
        for name, view in result.savers.items()
    )
    names = ("Gross savings", "Cashable", "Never cashable", "Pays", "Net")
    return Table("Who saves, paying or not", (Column("Organisation"), *_in(result, names)), rows, AT_FACE_VALUE)


def provider(result: Result) -> Table:
    """What the providers receive and spend, and how deep they go."""
    view, currency = result.provider, result.case.currency
    reserves = [(party.id, party.reserves.value) for party in result.case.deal.parties if party.reserves]
    rows = (
        ("Received, without capital raised", formats.money(currency, view.received, "not in the case")),
        ("Cost of delivery", formats.money(currency, view.cost, NO_COSTS)),
        ("Margin", formats.money(currency, view.margin, NO_COSTS)),
        ("Cost recovery", formats.percent(view.cost_recovery, NO_COSTS)),
        ("Deepest deficit, before reserves", formats.money(currency, view.peak_deficit, NO_COSTS)),
        ("Deepest on", formats.day(view.peak_deficit_date, "no deficit" if view.peak_deficit == 0 else "")),
        *((f"Reserves of {name}", formats.money(currency, amount)) for name, amount in reserves),
        *_after_reserves(result, sum(amount for _, amount in reserves)),
        *_after_investors(result),
    )
    note = "" if reserves else "The case states no reserves."
    return Table("The provider's money", (FIGURE, figures("Value")), rows, note)


def _after_reserves(result: Result, reserves: float) -> tuple[Row, ...]:
    """Whether the reserves survive the payment schedule, and by how much they do not."""
    deficit = result.provider.peak_deficit
    if not reserves or deficit is None:
        return ()
    left = reserves - deficit
    name = "Reserves left at the deepest point" if left >= 0 else "Deficit that reserves do not cover"
    return ((name, formats.money(result.case.currency, abs(left))),)


def _after_investors(result: Result) -> tuple[Row, ...]:
    """Where a provider holds the contract, its margin is before what investors take of it."""
    providers, investors = result.case.deal.named("provider"), result.investors
    if result.holder.party not in providers or investors.drawn is None or result.provider.margin is None:
        return ()
    taken = (investors.received or 0.0) - investors.drawn - _guaranteed(result)
    rows = {"Taken by investors beyond their capital": taken, "Margin after investors": result.provider.margin - taken}
    return tuple((name, formats.money(result.case.currency, amount)) for name, amount in rows.items())


def _guaranteed(result: Result) -> float:
    return sum(flow.amount for flow in result.flows if flow.kind == "guarantee")


def by_year(result: Result) -> Table:
    """What every party pays and receives in each financial year; columns without any money are left out."""
    words = {"paid": "pays", "received": "receives"}
    columns = {name: amounts for name, amounts in _columns(result, words, result.by_year).items() if any(amounts)}
    return _by_year(result, "Every party's money by financial year", columns)


def savings_by_year(result: Result) -> Table:
    """What every organisation saves in each financial year, and how much of it is cash; no rows without savings."""
    words = {"savings": "saves, gross", "cashable": "cashable", "never_cashable": "never cashable"}
    if not result.savers:
        return Table("", (), ())
    return _by_year(result, "Savings by financial year", _columns(result, words, result.savers))


def _columns(result: Result, words: Mapping[str, str], names: Iterable[str]) -> dict[str, list[float | None]]:
    """The parts of every party's years, by party and word."""
    return {
        f"{name} {word}": [getattr(year, part) for year in result.by_year[name].values()]
        for name in names
        for part, word in words.items()
    }


def scenarios(case: Case, results: Iterable[Result]) -> Table:
    """Key results of the base case and of named scenarios, one to a row."""
    titles: dict[str | None, str] = {item.id: item.title or item.id for item in case.scenarios}
    rows = tuple((titles.get(one.scenario, "Base case"), *_key_results(one)) for one in results)
    paid = (figures(name, case.currency) for name in ("Payers pay", "Investors put in", "Investors get"))
    rest = (figures("IRR"), figures("Multiple"), figures("Provider's margin", case.currency))
    table = Table("Key results of each scenario", (Column("Scenario"), *paid, *rest), rows, AT_FACE_VALUE)
    return without_empty_columns(table)


def _key_results(result: Result) -> Row:
    investors = result.investors
    amounts = (result.payments.total, investors.drawn, investors.received)
    rates = (formats.irr(investors.irr), formats.multiple(investors.multiple))
    return (*map(formats.whole, amounts), *rates, formats.whole(result.provider.margin))


def _by_year(result: Result, title: str, columns: dict[str, list[float | None]]) -> Table:
    """Financial years down the side, to the last in which money moves; the last row is the sum of the years."""
    moving = [i for amounts in columns.values() for i, amount in enumerate(amounts) if amount]
    years = list(next(iter(result.by_year.values())))[: max(moving, default=0) + 1]
    rows = [(year, *(formats.whole(amounts[i]) for amounts in columns.values())) for i, year in enumerate(years)]
    total = ("All years", *(formats.whole(_total(amounts)) for amounts in columns.values()))
    first = formats.MONTHS[result.case.appraisal.financial_year_starts - 1]
    note = f"Financial years start in {first}."
    return Table(title, (Column("Financial year"), *_in(result, columns)), (*rows, total), note, sums=1)


def _total(amounts: list[float | None]) -> float | None:
    """The sum of the years; None for what is not known."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if len(known) == len(amounts) else None


def _in(result: Result, names: Iterable[str]) -> tuple[Column, ...]:
    """Columns of money in the case's currency."""
    return tuple(figures(name, result.case.currency) for name in names)


def _sums(*parts: object) -> tuple[str, ...]:
    """The base case's sums over all dates of some rows of the ledger."""
    return tuple(formats.whole(float(part[:, 0].sum())) for part in parts)  # type: ignore[index]
