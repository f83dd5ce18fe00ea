"""What a simulation says to each side of the table, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from sib.appraisal import Result
from sib.risk.fan import Fan
from sib.risk.runs import Runs
from sib.risk.shapes import SHARED, Shape
from sib.show import formats
from sib.show.chances import often
from sib.show.findings import NOTHING
from sib.show.foreseen import changes

COVERS = "cashable_covers_cost_by_horizon"
WHO = {"investors": "Investors", "provider": "The provider"}


def how_run(runs: Runs, ranges: int) -> str:
    """What varied, and how often."""
    numbers = "one number that has a range was" if ranges == 1 else f"{ranges} numbers that have a range were"
    drawn = "" if runs.noise == "participants" else f"the {numbers} drawn anew, and "
    return (
        f"The case was run {runs.scenarios:,} times. Each time {drawn}what people do was left to chance; everything "
        "else is as in the base case. This is the spread of what the case calls uncertain, and of nothing else. "
        f"Seed {runs.points.seed}."
    )


def by_chair(result: Result, runs: Runs) -> list[tuple[str, str]]:
    """Each side's most important chance."""
    chairs = {"Investors": _investors(runs), "Payers": _payers(result, runs), "Provider": _provider(runs)}
    return [(name, words) for name, sentences in chairs.items() if (words := " ".join(sentences))]


def in_short(result: Result, runs: Runs) -> str:
    """How sure the base case is, in one sentence for the first page; nothing where nobody's chance is known."""
    chance, of, said = runs.probabilities, runs.scenarios, []
    if "investors.loss" in chance:
        said.append(f"investors lose money {often(chance['investors.loss'], of)}")
    for name in result.case.deal.payers:
        covers = chance.get(f"payers.{name}.{COVERS}")
        if covers is not None:
            said.append(f"{name}'s cashable savings cover what it spends {often(covers, of)}")
    if "provider.reserves_run_out" in chance:
        said.append(f"the provider's reserves run out {often(chance['provider.reserves_run_out'], of)}")
    if not said:
        return ""
    return f"All this is the base case. With every range and people's own chance, {formats.listed(said)}."


def _investors(runs: Runs) -> Iterator[str]:
    chance, of = runs.probabilities, runs.scenarios
    if "investors.loss" not in chance:
        return
    whole = f", and all of it {often(chance['investors.total_loss'], of)}" if chance["investors.total_loss"] else ""
    lost = runs.expected_loss or 0.0
    mean = f" The expected loss, over all scenarios, is {formats.money(runs.case.currency, lost)}." if lost else ""
    yield f"Investors lose money {often(chance['investors.loss'], of)}{whole}.{mean}"
    if "investors.irr_above_hurdle" in chance:
        yield f"They reach their hurdle {often(chance['investors.irr_above_hurdle'], of)}."
    expected = formats.irr(runs.irr_of_expected_flows)
    base = runs.base.get("investors.irr")
    told = "" if base is None or base != base else f", against {formats.percent(base)} in the base case"
    yield f"The IRR of expected flows, which is the return on the mean of their cash, is {expected}{told}."


def _payers(result: Result, runs: Runs) -> Iterator[str]:
    for name in result.case.deal.payers:
        covers = runs.probabilities.get(f"payers.{name}.{COVERS}")
        if covers is not None:
            yield f"{name}'s cashable savings cover what it spends {often(covers, runs.scenarios)}."
        if changes(runs, f"payers.{name}.paid"):
            yield f"{name} pays {_range(runs, f'payers.{name}.paid')} in nine scenarios of ten."


def _provider(runs: Runs) -> Iterator[str]:
    out = runs.probabilities.get("provider.reserves_run_out")
    if out is not None:
        yield f"The provider's reserves run out {often(out, runs.scenarios)}."
    path = "provider.peak_deficit"
    if path in runs.rows and changes(runs, path):
        deepest = runs.results[path].p95 or 0.0
        most = f"of more than {formats.money(runs.case.currency, deepest)}" if deepest >= NOTHING else "of cash"
        yield f"In nineteen scenarios of twenty the provider is never short {most}."


def _range(runs: Runs, path: str) -> str:
    spread, currency = runs.results[path], runs.case.currency
    low, high = formats.money(currency, spread.p5), formats.money(currency, spread.p95)
    return low if low == high else f"between {low} and {high}"


def party_in_words(party: str) -> str:
    """Whose cash a fan shows."""
    return WHO.get(party, party.removeprefix("payers."))


def about_fan(fan: Fan, currency: str) -> str:
    """Where nine scenarios of ten leave the party."""
    low, high = (float(fan.cash[i, -1]) for i in (0, -1))
    who = party_in_words(fan.party)
    verb = "end" if fan.party == "investors" else "ends"
    if formats.money(currency, low) == formats.money(currency, high):
        return f"{who} {verb} {_ahead(currency, low)} in nine scenarios of ten"
    if low * high > 0:
        near, far = sorted((abs(low), abs(high)))
        ends = f"{formats.money(currency, near)} to {_ahead(currency, far if low > 0 else -far)}"
        return f"{who} {verb} {ends} in nine scenarios of ten"
    return f"{who} {verb} between {_ahead(currency, low)} and {_ahead(currency, high)} in nine scenarios of ten"


def _ahead(currency: str, amount: float) -> str:
    if abs(amount) < NOTHING:
        return "even"
    return f"{formats.money(currency, abs(amount))} {'ahead' if amount > 0 else 'down'}"


def about_shape(runs: Runs, shape: Shape) -> str:
    """The finding of the picture of returns: losses, a total loss or the most likely single value, else the range."""
    spread, loss = runs.results["investors.irr"], runs.probabilities.get("investors.loss", 0.0)
    low, high = formats.percent(spread.p5), formats.percent(spread.p95)
    lost = f"Investors lose money {often(loss, runs.scenarios)}"
    whole = runs.probabilities.get("investors.total_loss", 0.0)
    if whole >= SHARED:
        return f"{lost}, and all of it {often(whole, runs.scenarios, '').strip()}"
    largest = max(shape.atoms, key=lambda atom: atom.share, default=None)
    if largest is not None and largest.value is not None and largest.share >= 0.2:
        exactly = "exactly" if largest.is_exact else "about"
        one = f"their return is {exactly} {formats.percent(largest.value)}"
        return f"{lost}; {one} {often(largest.share, runs.scenarios, '').strip()}"
    return f"{lost}; nine returns of ten lie between {low} and {high} a year"
