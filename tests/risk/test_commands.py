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


def test_a_grid_runs_the_whole_deal_in_each_cell(capsys):
    fields = ["deal.payments[0].price=50,60", "deal.caps.contract.amount=5_000_000,7_100_000"]
    assert main(["sensitivity", "essex-mst", "--for", "payments.total", "--grid", *fields, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["at_second"] == [5_000_000, 7_100_000]
    for price, row in zip(found["at_first"], found["values"], strict=True):
        for cap, value in zip(found["at_second"], row, strict=True):
            changes = ["--set", f"{found['first']}={price}", "--set", f"{found['second']}={cap}"]
            assert main(["appraise", "essex-mst", *changes, "--json"]) == 0
            assert json.loads(capsys.readouterr().out)["payments"]["total"] == pytest.approx(value)


def test_a_grid_takes_the_two_that_matter_most_where_none_is_named(capsys):
    assert main(["sensitivity", "essex-mst", "--for", "payments.total", "--json"]) == 0
    swings = json.loads(capsys.readouterr().out)
    assert main(["sensitivity", "essex-mst", "--for", "payments.total", "--grid", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [found["first"], found["second"]] == [row["path"] for row in swings[:2]]
    assert found["values"][0][0] is not None


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (["a=1"], "two fields make a grid; 1 were named"),
        (["a", "b=1"], "--grid a: write PATH=VALUE,VALUE"),
        (["a=[1", "b=1"], "--grid a: "),
        (["deal.payments[0].price=x", "deal.caps.contract.amount=1"], "a number was expected, 'x' was written"),
    ],
)
def test_a_grid_that_is_none_is_told_in_words(fields, words, capsys):
    assert main(["sensitivity", "essex-mst", "--grid", *fields]) == 1
    assert words in capsys.readouterr().err


def test_dates_make_a_grid_too_and_a_cell_that_cannot_be_is_empty(capsys):
    fields = ["deal.payments[0].price=50", "deal.service_end=2018-12-31,2010-01-01"]
    assert main(["sensitivity", "essex-mst", "--for", "payments.total", "--grid", *fields]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "2018-12-31 2010-01-01" in printed
    assert "deal.service_end=2010-01-01" in printed


def test_what_explains_the_spread_when_all_vary_at_once(capsys):
    assert main(["sensitivity", "essex-mst", "--together", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert set(rows[0]) == {"path", "alone", "total", "rank"}
    assert main(["sensitivity", "essex-mst", "--together"]) == 0
    assert "What explains the spread" in capsys.readouterr().out


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
