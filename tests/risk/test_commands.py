"""`sib sensitivity` and `sib solve` as they are typed."""

from __future__ import annotations

import json

import pytest

from sib.cli import main


def test_sensitivity_prints_rows_with_the_widest_swing_first(capsys):
    assert main(["sensitivity", "essex-mst", "--for", "payments.total", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert set(rows[0]) == {"path", "low", "high", "at_low", "at_high"}
    swings = [abs(row["at_high"] - row["at_low"]) for row in rows]
    assert swings == sorted(swings, reverse=True)


def test_sensitivity_reads_well_in_a_terminal(capsys):
    assert main(["sensitivity", "peterborough"]) == 0
    printed = capsys.readouterr().out
    assert "What investors.irr hangs on" in printed
    assert "1.26 events a man" in printed


def test_solve_gives_a_price_that_gives_the_return(capsys):
    field = "deal.payments[0].price"
    assert main(["solve", "essex-mst", field, "--for", "investors.irr=0.08", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["status"] == "solved"
    assert found["target"] == {"investors.irr": 0.08}
    (price,) = found["solutions"]
    assert main(["appraise", "essex-mst", "--set", f"{field}={price!r}", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["investors"]["irr"] == pytest.approx(0.08, abs=1e-9)


def test_a_target_out_of_reach_says_how_far_it_goes(capsys):
    arguments = ["solve", "peterborough", "deal.payments.events.price", "--for", "investors.irr=0.5"]
    assert main([*arguments, "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["status"], found["solutions"]) == ("unreachable", [])
    assert main(arguments) == 1
    told = capsys.readouterr()
    assert "never reached: the highest is" in told.err
    assert told.out == ""


@pytest.mark.parametrize(
    ("arguments", "path"),
    [
        (["solve", "peterborough", "deal.start", "--for", "investors.irr=0.1"], "deal.start"),
        (["solve", "peterborough", "deal.paymnts", "--for", "investors.irr=0.1"], "deal.paymnts"),
        (["sensitivity", "peterborough", "--for", "investor.irr"], "investor.irr"),
    ],
)
def test_a_mistake_is_told_in_the_form_of_all_errors(capsys, arguments, path):
    assert main([*arguments, "--json"]) == 1
    (error,) = json.loads(capsys.readouterr().out)["errors"]
    assert set(error) == {"file", "line", "path", "message"}
    assert error["path"] == path


@pytest.mark.parametrize("target", ["investors.irr", "investors.irr=high", "=0.08"])
def test_a_target_that_is_none_is_wrong_usage(target):
    with pytest.raises(SystemExit, match="2"):
        main(["solve", "peterborough", "deal.payments.events.price", "--for", target])


def test_at_least_and_at_most_are_read_with_the_output():
    from sib.cli.uncertainty import target

    assert target("P(reserves survive)>=0.9") == ("P(reserves survive)>", 0.9)
    assert target("P(investors.irr >= 0) = 0.9") == ("P(investors.irr >= 0)", 0.9)
    assert target(" investors.irr = 0.08") == ("investors.irr", 0.08)
