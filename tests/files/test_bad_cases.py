"""One broken case for each kind of mistake: where, what is wrong, what to do; nothing written, no traceback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sib.cli import main
from sib.files.starters import starters

STARTER = starters()["tariff"].read_text(encoding="utf-8")

# What is broken: text of the starter, what stands there instead, and the line, path and words of the answer.
BROKEN = {
    "missing key": ("  start: 2026-04-01\n", "", "deal.start", "missing key"),
    "misspelt key": (
        "price: {value: 3_000",
        "prize: {value: 3_000",
        "deal.payments.work.prize",
        "did you mean 'price'?",
    ),
    "duplicate key": ("currency: GBP\n", "currency: GBP\ncurrency: EUR\n", "", "the key 'currency' was written before"),
    "wrong type": ("commitment: 400_000", "commitment: lots", "deal.tranches.loan.commitment", "'lots' was written"),
    "text for a number": (
        "take_up: 0.75",
        'take_up: "0.75"',
        "forecast.cohorts.everyone.take_up",
        "take away the quotes",
    ),
    "nan": ("commitment: 400_000", "commitment: .nan", "deal.tranches.loan.commitment", "a finite number was expected"),
    "infinity": ("commitment: 400_000", "commitment: .inf", "deal.tranches.loan.commitment", "a finite number"),
    "negative": ("commitment: 400_000", "commitment: -5", "deal.tranches.loan.commitment", "must not be negative"),
    "end before start": ("service_end: 2029", "service_end: 2025", "deal.service_end", "is before start 2026-04-01"),
    "no such day": ("start: 2026-04-01\n", "start: 2026-02-30\n", "deal.start", "2026-02-30"),
    "unknown party": ("investor: Fund", "investor: Fnd", "deal.tranches.loan.investor", "did you mean 'Fund'?"),
    "unknown outcome": ("outcome: stayed, price", "outcome: staid, price", "deal.payments.stayed.outcome", "'stayed'?"),
    "unknown source": ("source: bid}, uplift", "source: bed}, uplift", "deal.costs.team.amount.source", "not a source"),
    "investor as payer": (
        "price: {value: 3_000, source: bid}, paid_by: Council",
        "price: 3_000, paid_by: Fund",
        "deal.payments.work.paid_by",
        "not a payer of this deal",
    ),
    "unknown rank": (
        "commitment: 400_000",
        "commitment: 400_000\n      rank: snior",
        "deal.tranches.loan.rank",
        "'snior' is not a rank; write senior, mezzanine or junior.",
    ),
    "shares": (
        "source: bid}, paid_by: Council, lag: 3 months}\n    - {id: stayed",
        "source: bid}, paid_by: {Council: 0.5, Charity: 0.4}}\n    - {id: stayed",
        "deal.payments.work.paid_by",
        "the shares sum to 0.9; they must sum to 1",
    ),
    "unknown kind": (
        "kind: tariff, outcome: work",
        "kind: tarif, outcome: work",
        "deal.payments.work.kind",
        "'tariff'?",
    ),
    "per cent": ("take_up: 0.75", "take_up: 75", "forecast.cohorts.everyone.take_up", "35 % is 0.35"),
    "range": (
        "low: 0.35, high: 0.52",
        "low: 0.50, high: 0.52",
        "forecast.outcomes.work.per_start",
        "outside its range",
    ),
    "half a range": ("low: 0.35, high: 0.52", "low: 0.35", "forecast.outcomes.work.per_start", "both ends"),
    "range on a term": (
        "amount: 900_000",
        "amount: {value: 1, low: 0, high: 2}",
        "deal.caps.contract.amount",
        "no range",
    ),
    "uncertain delay": (
        "delay: 9 months",
        "delay: {months: {value: 9, low: 10, high: 12}}",
        "forecast.outcomes.stayed.delay.months",
        "the value 9 is outside its range 10 to 12",
    ),
    "length of time": ("delay: 9 months", "delay: 9 moons", "forecast.outcomes.stayed.delay", "9 moons"),
    "two items of one id": ("id: stayed, title", "id: work, title", "deal.outcomes", "'work' is given twice"),
    "currency": ("currency: GBP", "currency: pounds", "currency", "pounds"),
    "scenario path": (
        "cohorts.everyone.referrals: 267",
        "cohorts.evryone.referrals: 267",
        "scenarios.slow start.set",
        "did you mean 'everyone'?",
    ),
    "scenario value": ("referrals: 267", "referrals: -267", "scenarios.slow start.set", "must not be negative"),
    "section left empty": (
        "appraisal:\n  hurdle: 0.05\n  financial_year_starts: 4        # the month\n",
        "appraisal:\n",
        "appraisal",
        "nothing was written",
    ),
    "python tag": ("title: Into work", "title: !!python/object/apply:os.system [echo] #", "title", "is not read"),
}


def run_validate(path: Path, capsys: pytest.CaptureFixture[str]) -> list[dict]:
    before = sorted(path.parent.iterdir())
    assert main(["validate", str(path), "--json"]) == 1
    assert sorted(path.parent.iterdir()) == before, "nothing is written"
    return json.loads(capsys.readouterr().out)["errors"]


@pytest.mark.parametrize("name", BROKEN)
def test_a_mistake_is_told_with_file_line_path_and_remedy(name, tmp_path, capsys):
    old, new, path, words = BROKEN[name]
    assert old in STARTER, "the starter has changed; mend this test"
    file = tmp_path / "broken.yaml"
    file.write_text(STARTER.replace(old, new, 1), encoding="utf-8")
    errors = run_validate(file, capsys)
    found = [error for error in errors if error["path"] == path and words in error["message"]]
    assert found, errors
    assert found[0]["file"] == str(file)
    changed_at = STARTER[: STARTER.index(old)].count("\n") + 1
    assert abs(found[0]["line"] - changed_at) <= 2
    assert len(errors) <= 2, "one mistake is not told as many"


def test_an_outcome_that_nobody_forecasts_is_told_where_it_is_paid_for(tmp_path, capsys):
    file = tmp_path / "broken.yaml"
    file.write_text(
        STARTER.replace(
            "    - id: stayed\n",
            "    - {id: gone, outcome: work, per_start: 0}\n    - id: work 2\n      outcome: work\n",
            1,
        ),
        encoding="utf-8",
    )
    errors = run_validate(file, capsys)
    assert [error["path"] for error in errors] == ["deal.payments.stayed.outcome"]
    assert STARTER.splitlines()[errors[0]["line"] - 1].strip().startswith("- {id: stayed, kind: tariff")


def test_all_mistakes_of_a_file_at_once(tmp_path, capsys):
    text = STARTER
    for old, new in [
        ("investor: Fund", "investor: Fnd"),
        ("commitment: 400_000", "commitment: -4"),
        ("draw: as needed", "draw: as neded"),
        ("take_up: 0.75", "take_up: 75"),
    ]:
        text = text.replace(old, new, 1)
    file = tmp_path / "several.yaml"
    file.write_text(text, encoding="utf-8")
    errors = run_validate(file, capsys)
    assert [error["path"] for error in errors] == [
        "deal.tranches.loan.investor",
        "deal.tranches.loan.commitment",
        "deal.tranches.loan.draw",
        "forecast.cohorts.everyone.take_up",
    ]
    lines = [error["line"] for error in errors]
    assert lines == sorted(lines)


def test_a_whole_file_of_nonsense_is_told_in_seconds(tmp_path, capsys):
    bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{name}: &{name} [{','.join(['*' + before] * 9)}]\n" for before, name in zip("abcdefg", "bcdefgh", strict=True)
    )
    files = {
        "empty.yaml": b"",
        "binary.yaml": bytes(range(256)) * 20,
        "list.yaml": b"- a\n- b\n",
        "big.yaml": b"a: 1\n" * 13_000_000,
        "bomb.yaml": bomb.encode(),
        "tabs.yaml": b"title:\n\tx: 1\n",
    }
    for name, content in files.items():
        file = tmp_path / name
        file.write_bytes(content)
        errors = run_validate(file, capsys)
        assert len(errors) == 1, name
        assert errors[0]["file"] == str(file)
        file.unlink()
    folder = tmp_path / "folder"
    folder.mkdir()
    assert "folder" in run_validate(folder, capsys)[0]["message"]
    assert "no such file" in run_validate(tmp_path / "absent.yaml", capsys)[0]["message"]
