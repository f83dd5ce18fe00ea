"""The commands about uncertainty: what each takes, and what it answers as plain data and as tables."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sib.cli.talking import DONE, MENDABLE, Arguments, load, print_json, say


@dataclass(frozen=True)
class Answer:
    """What a command has to say: for `--json`, and for a terminal (made only when it is wanted).

    `problem` says why the question has no answer, for which the exit code is 1.
    """

    plain: Any
    tables: Callable[[], list[Any]]
    problem: str = ""


def add_simulate(command: argparse.ArgumentParser) -> None:
    """What `sib simulate` takes beside the case."""
    command.add_argument("--scenarios", type=int, default=10_000, metavar="N", help="default: 10000")
    command.add_argument("--seed", type=int, default=1, metavar="S", help="the same gives the same (default: 1)")
    command.add_argument("--plain", action="store_true", help="plain random draws in place of Sobol points")


def add_sensitivity(command: argparse.ArgumentParser) -> None:
    """What `sib sensitivity` takes beside the case."""
    command.add_argument(
        "--for",
        dest="output",
        default="investors.irr",
        metavar="OUTPUT",
        help="any number of `sib appraise --json`, such as payers.Council.net (default: investors.irr)",
    )


def add_solve(command: argparse.ArgumentParser) -> None:
    """What `sib solve` takes beside the case."""
    command.add_argument("path", metavar="PATH", help="the field to solve for: deal.payments.learning.price")
    command.add_argument(
        "--for",
        dest="target",
        required=True,
        type=target,
        metavar="OUTPUT=VALUE",
        help="what is wanted: investors.irr=0.08, 'p10(investors.irr)=0', 'P(reserves survive)>=0.9'",
    )
    command.add_argument("--low", type=float, metavar="VALUE", help="where to begin to look")
    command.add_argument("--high", type=float, metavar="VALUE", help="where to end")


def target(text: str) -> tuple[str, float]:
    """An output and the value that is wanted of it; ArgumentTypeError for anything else."""
    name, equals, value = text.rpartition("=")
    try:
        wanted = float(value)
    except ValueError:
        wanted = float("nan")
    name = name.strip()
    if not equals or not name.strip("<> ") or wanted != wanted:
        raise argparse.ArgumentTypeError(f"{text!r} is not OUTPUT=VALUE, such as investors.irr=0.08")
    return name, wanted


def simulate(given: Arguments) -> None:
    """The spread of every party's results, and how likely what matters is."""
    from sib.reporting.simulating import Options, simulate_with_progress

    case = load(given, given.case)
    options: Options = {"scenario": given.scenario, "method": "plain" if given.plain else "sobol"}
    runs = simulate_with_progress(case, given.scenarios, given.seed, options)
    if given.json:
        for note in runs.notes:
            say(note)
        print_json(runs.as_dict())
        return
    from sib.show.simulated import print_simulation

    print_simulation(runs)


def sensitivity(given: Arguments) -> int:
    """One row for each assumption with a range."""
    from sib.risk.sensitivity import sensitivity as find

    case = load(given, given.case)
    rows = find(case, given.output, given.scenario)

    def tables() -> list[Any]:
        from sib.appraisal import appraise
        from sib.show.risk_tables import one_way

        return [one_way(appraise(case, given.scenario), given.output, rows)]

    return _answer(given, Answer([row.as_dict() for row in rows], tables))


def solve(given: Arguments) -> int:
    """The values of a field that give what is wanted; 1 where none does."""
    from sib.risk.solving import solve as find

    case = load(given, given.case)
    found = find(case, given.path, dict([given.target]), given.low, given.high, given.scenario)

    def tables() -> list[Any]:
        from sib.show.risk_tables import solved

        return [solved(case.in_scenario(given.scenario), found)]

    problem = f"{found.path}: {found.message}" if found.status == "unreachable" else ""
    return _answer(given, Answer(found.as_dict(), tables, problem))


def _answer(given: Arguments, answer: Answer) -> int:
    """Print an answer; 1 where the question has none."""
    if given.json:
        print_json(answer.plain)
    elif answer.problem:
        say(answer.problem)
    else:
        from sib.show.terminal import print_tables

        print_tables(answer.tables())
    return MENDABLE if answer.problem else DONE
