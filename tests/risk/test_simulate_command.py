"""`sib simulate`: the table, the JSON, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sib.cli import main

THREE_TRANCHES = str(Path(__file__).parents[1] / "benchmarks" / "three-tranches.yaml")
KEYS = {"case", "scenarios", "seed", "results", "probabilities", "irr_status"}


def test_json_has_the_keys_that_are_promised(capsys):
    assert main(["simulate", "newpin", "--scenarios", "256", "--seed", "5", "--json"]) == 0
    told = capsys.readouterr()
    found = json.loads(told.out)
    assert found.keys() >= KEYS
    assert (found["case"], found["scenarios"], found["seed"]) == ("newpin", 256, 5)
    assert set(found["results"]["investors.irr"]) == {"mean", "sd", "p5", "p50", "p95", "error"}
    assert sum(found["irr_status"].values()) == pytest.approx(1)
    assert all(0 <= chance <= 1 for chance in found["probabilities"].values())
    assert told.err == ""


def test_the_same_seed_prints_the_same_json(capsys):
    printed = []
    for seed in ("1", "1", "2"):
        main(["simulate", "newpin", "--scenarios", "256", "--seed", seed, "--json"])
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1] != printed[2]


def test_the_table_shows_quantiles_and_no_mean_of_rates(capsys):
    assert main(["simulate", "newpin", "--scenarios", "1000"]) == 0
    told = capsys.readouterr().out
    rates = next(line for line in told.splitlines() if line.strip().startswith("investors.irr"))
    assert rates.count("%") == 4  # base case, 5 %, median and 95 %
    assert "IRR of expected flows" in told
    assert "Investors lose money" in told
    assert "1,000 scenarios were asked for; Sobol points come in 8 x 2^k, here 1,024." in told


def test_the_table_names_nobody_twice(capsys):
    assert main(["simulate", THREE_TRANCHES, "--scenarios", "64"]) == 0
    told = capsys.readouterr().out
    # Each investor holds one tranche, which is there by its own name; in `--json` both are.
    assert "investors.tranches.senior.irr" in told
    assert "by_investor" not in told
    assert "guarantors.Foundation.paid" in told


def test_plain_draws_are_as_many_as_asked(capsys):
    assert main(["simulate", "newpin", "--scenarios", "1000", "--plain", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["method"], found["scenarios"]) == ("plain", 1000)


def test_what_people_do_and_what_nobody_knows_are_switched_on_separately(capsys):
    spreads = {}
    for noise in ("both", "parameters", "participants"):
        assert main(["simulate", THREE_TRANCHES, "--scenarios", "4096", "--noise", noise, "--json"]) == 0
        found = json.loads(capsys.readouterr().out)
        spreads[noise] = found["results"]["outcomes.work.gross"]["sd"]
        assert found["noise"] == noise
    # What is uncertain twice over has the sum of both variances, nearly.
    apart = (spreads["parameters"] ** 2 + spreads["participants"] ** 2) ** 0.5
    assert spreads["both"] == pytest.approx(apart, rel=0.05)
    assert max(spreads["participants"], spreads["parameters"]) < spreads["both"]


def test_changes_and_scenarios_apply(capsys):
    main(["fields", "newpin", "--json"])
    paths = [field["path"] for field in json.loads(capsys.readouterr().out)]
    change = next(path for path in paths if path.endswith("caps.contract.amount"))
    assert main(["simulate", "newpin", "--scenarios", "64", "--set", f"{change}=1_000_000", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["results"]["payments.total"]["p95"] == pytest.approx(1_000_000)
    assert main(["simulate", "nyc-able", "--scenario", "at-10", "--scenarios", "64", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["scenario"] == "at-10"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--scenarios", "0"], "0 scenarios are none; ask for one or more"),
        (["--scenarios", "-3"], "-3 scenarios are none"),
        (["--scenarios", "1000000000000"], "of memory (measured on"),
        (["--seed", "-1"], "a seed is 0 or more"),
        (["--scenario", "nobody"], "'nobody' is not a scenario of this case"),
    ],
)
def test_what_cannot_be_simulated_is_refused_in_words(arguments, words, capsys):
    assert main(["simulate", "newpin", *arguments]) == 1
    told = capsys.readouterr()
    assert words in told.err
    assert told.out == ""
    assert main(["simulate", "newpin", *arguments, "--json"]) == 1
    assert words in json.loads(capsys.readouterr().out)["errors"][0]["message"]


def test_a_number_that_is_none_is_wrong_usage():
    with pytest.raises(SystemExit) as stopped:
        main(["simulate", "newpin", "--scenarios", "many"])
    assert stopped.value.code == 2
