"""Laws that hold for every structure of capital: random tranches, guarantees and written waterfalls."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sib.appraisal import Result
from sib.cashflow.residuals import residuals_of, tolerance_of
from sib.cashflow.run import run
from sib.cashflow.sharing import by_loss_shares, in_proportion
from sib.value.irr import Irr, IrrStatus
from tests.building import case_of, plain, result_of

FEW = settings(max_examples=40)

# Whole thousands: amounts that a contract would name, nothing among them often.
money = st.integers(0, 60).map(lambda thousands: thousands * 1000.0)
some_money = st.integers(1, 60).map(lambda thousands: thousands * 1000.0)
rates = st.sampled_from([0.0, 0.03, 0.08, 0.2])
shares = st.sampled_from([0.1, 0.5, 0.75, 1.0])
changes = st.floats(-0.1, 0.3)
INVESTORS = {"a": "Fund", "b": {"Fund": 0.3, "Trust": 0.7}, "c": "Bank"}
TO_INVESTORS = ("interest", "principal", "surplus", "catch-up", "over the return cap")


def joined(gives: tuple[float, float]) -> dict[str, Any]:
    """A schedule of the fall, joined between 0 and 10 %."""
    return {"form": "joined", "points": [{"at": 0, "pays": gives[0]}, {"at": 0.1, "pays": gives[1]}]}


@st.composite
def terms(draw, *, fixed: bool = False) -> dict[str, Any]:
    """The terms of a tranche; with `fixed`, only draws and rates that no measure and no need can move."""
    dated = {"kind": "on dates", "amounts": [{"date": "2020-02-14", "amount": 1000.0}]}
    interest = [None, {"rate": draw(rates)}, {"rate": draw(rates), "compounding": "compound"}]
    by_measure = {"by": {"outcome": "days", "schedule": joined((0.02, 0.1))}, "paid": "each period"}
    by_measure["floor"] = {"rate": 0.03, "until": "2020-12-31"}
    repayment = ["from receipts", {"kind": "from receipts", "starting": "2021-01-01"}, "bullet"]
    repayment += [{"kind": "bullet", "outcome": "days", "schedule": joined((0.5, 1))}]
    repayment += [{"kind": "on dates", "amounts": [{"date": "2021-03-31", "amount": 5000.0}]}]
    early = {"kind": "at a milestone", "outcome": "days", "date": "2021-12-31", "below": draw(st.floats(0, 0.1))}
    cap = draw(st.sampled_from([None, {"multiple": 1.2}, {"rate": 0.05}]))
    # Who has been repaid in part has less interest against a part of the rest that is waived: no matter of rank.
    in_part = [] if fixed else [{**early, "repays": 0.6}]
    ends = [None, None, early, *in_part] + (["at its return cap"] if cap else [])
    chosen = {
        "commitment": draw(some_money),
        "draw": draw(st.sampled_from(["at once", dated] if fixed else ["at once", "as needed", dated])),
        "interest": draw(st.sampled_from(interest if fixed else [*interest, by_measure])),
        "repayment": draw(st.sampled_from(repayment)),
        "maturity": draw(st.sampled_from([None, "2022-03-31"])),
        "return_cap": cap,
        "ends_early": draw(st.sampled_from(ends)),
        "commitment_fee": draw(st.sampled_from([None, 0.01])),
    }
    return {key: value for key, value in chosen.items() if value is not None}


@st.composite
def waterfalls(draw, names: list[str]) -> list[dict[str, Any]]:
    """A written list over some tranches, in any order; costs first, where they are written."""
    rungs: list[dict[str, Any]] = [{"rung": "reserve", "amount": draw(money)}]
    rungs += [{"rung": kind, "tranches": [name]} for kind in ("coupons", "principal") for name in names]
    rungs += [{"rung": "principal", "tranches": names}, {"rung": "coupons", "tranches": names}]
    rungs += [{"rung": "catch-up", "party": "Charity", "share": 0.2}, {"rung": "catch-up", "party": "Bank", "share": 0}]
    rungs += [{"rung": "surplus", "shares": {"Fund": 0.5, "Charity": 0.2, "Council": 0.3}}]
    costs = draw(st.sampled_from([[], [{"rung": "costs"}]]))
    # Every tranche is named at last: what no rung repays is an error.
    last = {"rung": "principal", "tranches": names}
    return [*costs, *draw(st.lists(st.sampled_from(rungs), min_size=1, max_size=7)), last]


@st.composite
def guarantees(draw, tranche: str) -> dict[str, Any]:
    """One of the three forms, without a fee."""
    amounts = [{"date": "2020-01-01", "amount": draw(money)}, {"date": "2021-06-30", "amount": draw(money)}]
    form = draw(st.sampled_from([{"amounts": amounts}, {"share": draw(shares)}, {"first_loss": draw(money)}]))
    return {"id": f"of {tranche}", "guarantor": "Giver", "tranche": tranche, **form}


def deal_of(draw: Any, tranches: list[dict[str, Any]]) -> dict[str, Any]:
    """A deal with these tranches: a tariff, a schedule that may be a malus, and costs."""
    rule = {"id": "days", "kind": "schedule", "outcome": "days", "paid_by": "Council"}
    work = {"id": "work", "kind": "tariff", "outcome": "work", "price": draw(money), "paid_by": "Council"}
    data = plain(
        deal={
            "last_payment": "2022-12-31",
            "outcomes": [{"id": "work", "kind": "count"}, {"id": "days", "kind": "change", "measured": "2021-06-30"}],
            "payments": [work, {**rule, **joined((-draw(money), draw(money)))}],
            "costs": [{"id": "team", "kind": "per period", "amount": draw(money) / 4}],
            "tranches": tranches,
            "over_cap": draw(st.sampled_from([None, {"Council": 1}])),
        },
        forecast={
            "cohorts": [{"id": "all", "starts": 10}],
            "outcomes": [
                {"id": "work", "per_start": draw(st.floats(0, 1)), "delay": "3 months"},
                {"id": "days", "change": draw(changes)},
            ],
        },
    )
    data["deal"]["parties"] += [{"id": "Trust", "role": "investor"}, {"id": "Bank", "role": "investor"}]
    data["deal"]["parties"] += [{"id": "Giver", "role": "guarantor"}]
    return data


def share_losses(tranches: list[dict[str, Any]], first: float) -> None:
    """The first two tranches rank alike, end alike and share losses as stated; any third ranks below."""
    for tranche, share in zip(tranches[:2], (first, 1 - first), strict=True):
        alike = {key: tranches[0].get(key) for key in ("maturity", "repayment", "ends_early", "return_cap")}
        tranche.update({"rank": "senior", "loss_share": share, **alike})
    for tranche in tranches[2:]:
        tranche["rank"] = "junior"


@st.composite
def structures(draw) -> dict[str, Any]:
    """One to three tranches of any terms, some guaranteed, by rank or down a written list."""
    names = draw(st.sampled_from([["a"], ["a", "b"], ["a", "b", "c"]]))
    tranches = [{"id": name, "investor": INVESTORS[name], **draw(terms())} for name in names]
    data = deal_of(draw, tranches)
    data["deal"]["guarantees"] = [draw(guarantees(name)) for name in names if draw(st.booleans())]
    if draw(st.booleans()):
        data["deal"]["waterfall"] = draw(waterfalls(names))
    else:
        for tranche in tranches:
            tranche["rank"] = draw(st.sampled_from(["senior", "mezzanine", "junior"]))
        if len(names) > 1 and draw(st.booleans()):
            share_losses(tranches, draw(st.sampled_from([0.0, 0.25, 0.9])))
        data["deal"]["surplus"] = draw(st.sampled_from([None, {"Bank": 0.5, "Charity": 0.5}]))
    if any(tranche["draw"] == "as needed" for tranche in tranches):
        data["deal"]["receipts"] = draw(st.sampled_from(["recycled", "passed on"]))
    return data


def with_(data: dict[str, Any], **deal: Any) -> Result:
    """The appraisal of the same deal with other keys."""
    return result_of({**data, "deal": {**data["deal"], **deal}})


def by_party(result: Result) -> dict[str, float]:
    """What each party has in the end, added from the printed flows."""
    net: dict[str, float] = {}
    for flow in result.flows:
        net[flow.source] = net.get(flow.source, 0.0) - flow.amount
        net[flow.target] = net.get(flow.target, 0.0) + flow.amount
    return net


def have_one_rate(*found: Irr) -> bool:
    return all(one.status is IrrStatus.UNIQUE for one in found)


@FEW
@given(structures())
def test_every_pound_comes_from_somebody_on_every_date(data):
    # The residuals hold (they are checked wherever a result is made), and so does a sum made from the flows alone.
    assert sum(by_party(result_of(data)).values()) == pytest.approx(0, abs=1e-6)


@FEW
@given(structures())
def test_nobody_is_paid_more_than_is_there(data):
    cash, by_date = 0.0, {}
    for flow in result_of(data).flows:
        by_date.setdefault(flow.date, []).append(flow)
    for day in sorted(by_date):
        out = [flow for flow in by_date[day] if flow.source == "Charity" and flow.kind in TO_INVESTORS]
        others = [flow for flow in by_date[day] if flow not in out]
        cash += sum(flow.amount * ((flow.target == "Charity") - (flow.source == "Charity")) for flow in others)
        paid = sum(flow.amount for flow in out)
        assert paid <= max(0.0, cash) + 1e-6
        cash -= paid


@FEW
@given(structures())
def test_no_tranche_is_drawn_beyond_its_commitment_or_paid_beyond_its_cap(data):
    result = result_of(data)
    for tranche in data["deal"]["tranches"]:
        view = result.investors.tranches[tranche["id"]]
        assert view.drawn <= tranche["commitment"] * (1 + 1e-12)
        multiple = (tranche.get("return_cap") or {}).get("multiple")
        fees = sum(f.amount for f in result.flows if f.kind == "commitment fee" and f.tranche == tranche["id"])
        if multiple is not None:
            assert view.received - fees <= multiple * view.drawn + 1e-6


@FEW
@given(structures())
def test_a_commitment_is_exhausted_only_where_the_holder_is_short(data):
    result = result_of(data)
    found = result.investors.commitment
    assert (found.status == "exhausted") == (found.date is not None) == (found.shortfall > 0)
    assert found.shortfall <= result.holder.peak_deficit + 1e-6


@FEW
@given(terms(fixed=True), st.data())
def test_senior_is_never_worse_than_junior_at_equal_terms(same, data):
    pair = [{**same, "id": "a", "investor": "Fund"}, {**same, "id": "c", "investor": "Bank", "rank": "junior"}]
    views = result_of(deal_of(data.draw, pair)).investors.tranches
    assert views["a"].loss <= views["c"].loss + 1e-6
    # Simple interest that is paid more often is worth more, and a junior may be paid in more parts.
    is_simple = same.get("interest", {}).get("compounding", "simple") == "simple" and "interest" in same
    if not is_simple and have_one_rate(views["a"].irr, views["c"].irr):
        assert views["a"].irr.rate >= views["c"].irr.rate - 1e-9


def doubled(value: Any, key: str = "", inside: tuple[str, ...] = ()) -> Any:
    """A case's data with every amount of money doubled; rates, shares and measures as they are."""
    if isinstance(value, dict):
        return {name: doubled(item, name, (*inside, key)) for name, item in value.items()}
    if isinstance(value, list):
        return [doubled(item, key, inside) for item in value]
    is_money = key in ("price", "commitment", "amount", "first_loss") or (key == "pays" and "tranches" not in inside)
    return value * 2 if is_money and isinstance(value, float) else value


@FEW
@given(structures())
def test_doubling_all_money_doubles_all_flows_and_leaves_the_rate(data):
    once, twice = result_of(data), result_of(doubled(data))
    assert [flow.amount * 2 for flow in once.flows] == pytest.approx([flow.amount for flow in twice.flows], abs=1e-6)
    if have_one_rate(once.investors.irr):
        assert twice.investors.irr.rate == pytest.approx(once.investors.irr.rate, rel=1e-9, abs=1e-9)
    assert twice.investors.commitment.shortfall == pytest.approx(2 * once.investors.commitment.shortfall, abs=1e-6)


@FEW
@given(structures())
def test_a_guarantee_without_a_fee_never_lowers_a_return(data):
    without, guaranteed = with_(data, guarantees=[]), result_of(data)
    for name, view in guaranteed.investors.tranches.items():
        bare = without.investors.tranches[name]
        assert view.received >= bare.received - 1e-6
        assert view.loss <= bare.loss + 1e-6
        if have_one_rate(view.irr, bare.irr):
            assert view.irr.rate >= bare.irr.rate - 1e-9
    # And what it adds, the guarantor pays.
    before, after = by_party(without), by_party(guaranteed)
    assert after.get("Charity", 0.0) == pytest.approx(before.get("Charity", 0.0), abs=1e-6)


PATHS = ("forecast.outcomes.work.per_start", "forecast.outcomes.days.change", "deal.tranches.a.commitment")
DRAW = st.tuples(st.floats(0, 1), changes, some_money)


@FEW
@given(structures(), st.lists(DRAW, min_size=2, max_size=4))
def test_scenarios_run_together_as_they_run_alone(data, draws):
    case = case_of(data)
    rows = {path: np.array([draw[i] for draw in draws]) for i, path in enumerate(PATHS)}
    together = run(case, rows)
    assert max(residuals_of(together).values()) <= tolerance_of(together)
    flows = dict(together.ledger)
    for column in range(len(draws)):
        alone = run(case, {path: row[column : column + 1] for path, row in rows.items()})
        found = dict(alone.ledger)
        for entry in {*flows, *found}:
            one = found.get(entry, np.zeros(alone.ledger.shape))[:, 0]
            assert flows.get(entry, np.zeros(together.ledger.shape))[:, column] == pytest.approx(one, abs=1e-6)
        assert together.shortfall[:, column] == pytest.approx(alone.shortfall[:, 0], abs=1e-6)


@st.composite
def catching_up(draw) -> tuple[float, dict[str, Any]]:
    """A share of the surplus that is also caught up to; receipts come in parts until long after service ends."""
    share = draw(st.sampled_from([0.0, 0.1, 0.2, 0.5, 0.8]))
    loan = {"id": "a", "investor": "Fund", "commitment": draw(some_money), "interest": {"rate": draw(rates)}}
    loan |= draw(st.sampled_from([{}, {"return_cap": {"multiple": 1.2}}, {"return_cap": {"rate": 0.05}}]))
    waits = draw(st.lists(st.integers(0, 12), min_size=4, max_size=4))
    data = deal_of(draw, [loan, {"id": "c", "investor": "Bank", "commitment": draw(some_money)}])
    data["deal"] |= {"last_payment": "2030-12-31", "costs": [], "payments": data["deal"]["payments"][:1]}
    data["forecast"]["outcomes"][0]["delay"] = [{"after": f"{3 * wait} months", "share": 0.25} for wait in waits]
    repaid = [{"rung": kind, "tranches": ["a", "c"]} for kind in ("coupons", "principal")]
    surplus = {"rung": "surplus", "shares": {"Council": share, "Fund": 0.5 - share / 2, "Bank": 0.5 - share / 2}}
    data["deal"]["waterfall"] = [*repaid, {"rung": "catch-up", "party": "Council", "share": share}, surplus]
    return share, data


@FEW
@given(catching_up())
def test_who_catches_up_to_its_share_of_the_surplus_never_ends_with_more_than_that_of_all_profit(case):
    share, data = case
    data["deal"]["over_cap"] = {"Giver": 1}
    result = result_of(data)
    given_out = [flow for flow in result.flows if flow.source == "Charity" and flow.kind in TO_INVESTORS]
    drawn = sum(flow.amount for flow in result.flows if flow.kind == "draw")
    profit = sum(flow.amount for flow in given_out) - drawn
    assert sum(flow.amount for flow in given_out if flow.target == "Council") <= max(0.0, share * profit) + 1e-6


amounts = st.floats(0, 1e6)


@given(st.lists(st.tuples(amounts, shares), min_size=1, max_size=4), amounts, amounts)
def test_what_is_shared_is_all_that_there_is_and_nobody_gets_more_than_is_due(parts, available, more):
    due, weights = [np.array([amount]) for amount, _ in parts], [share for _, share in parts]
    for shared in (in_proportion, lambda due, there: by_loss_shares(due, there, weights)):
        low, high = (np.ravel(shared(due, np.array([there]))) for there in (available, available + more))
        assert low.sum() == pytest.approx(min(available, sum(amount for amount, _ in parts)), rel=1e-9, abs=1e-6)
        assert np.all(low >= -1e-6)
        assert np.all(low <= np.ravel(due) + 1e-6)
        assert np.all(high >= low - 1e-6)


@given(st.lists(st.tuples(amounts, shares), min_size=1, max_size=4))
def test_where_there_is_nothing_nothing_at_all_is_paid(parts):
    due = [np.array([amount]) for amount, _ in parts]
    assert not np.any(by_loss_shares(due, np.zeros(1), [share for _, share in parts]))


def test_data_that_is_doubled_leaves_what_is_no_money():
    data = {"tranches": [{"commitment": 5.0, "interest": {"rate": 0.1, "by": {"points": [{"pays": 0.2}]}}}]}
    assert doubled(copy.deepcopy(data))["tranches"][0] == {**data["tranches"][0], "commitment": 10.0}
