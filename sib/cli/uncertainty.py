"""The commands about uncertainty: what each takes, and what it answers as plain data and as tables."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sib.cli.talking import DONE, MENDABLE, Arguments, load, print_json, say
from sib.problems import CaseError, Problem


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
    command.add_argument(
        "--noise",
        choices=("both", "parameters", "participants"),
        default="both",
        help="what varies: parameters (what the rates are), participants (what people then do), or both (default)",
    )


def add_sensitivity(command: argparse.ArgumentParser) -> None:
    """What `sib sensitivity` takes beside the case."""
    command.add_argument(
        "--for",
        dest="output",
        default="investors.irr",
        metavar="OUTPUT",
        help="any number of `sib appraise --json`, such as payers.Council.net (default: investors.irr)",
    )
    how = command.add_mutually_exclusive_group()
    how.add_argument(
        "--grid",
        nargs="*",
        metavar="PATH=VALUE,VALUE,...",
        help="the output over two fields and their values; over the two that matter most where none is named",
    )
    how.add_argument("--together", action="store_true", help="what each explains of the spread when all vary at once")


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
    command.add_argument(
        "--scenarios", type=int, default=4096, metavar="N", help="of a quantile or chance (default: 4096)"
    )
    command.add_argument("--seed", type=int, default=1, metavar="S", help="of a quantile or chance (default: 1)")


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
    from sib.reporting.simulating import Method, Options, simulate_with_progress

    case = load(given, given.case)
    method: Method = "plain" if given.plain else "sobol"
    options: Options = {"scenario": given.scenario, "method": method, "noise": given.noise}
    runs = simulate_with_progress(case, given.scenarios, given.seed, options)
    if given.json:
        for note in runs.notes:
            say(note)
        print_json(runs.as_dict())
        return
    from sib.show.simulated import print_simulation

    print_simulation(runs)


def sensitivity(given: Arguments) -> int:
    """What an output hangs on: each assumption by itself, two fields together, or all at once."""
    case = load(given, given.case)
    if given.together:
        return _answer(given, _together(case.in_scenario(given.scenario), given.output))
    if given.grid is not None:
        return _answer(given, _over_two(case.in_scenario(given.scenario), given.output, given.grid))
    return _answer(given, _one_by_one(case, given.output, given.scenario))


def _one_by_one(case: Any, output: str, scenario: str | None) -> Answer:
    """One row for each assumption with a range."""
    from sib.risk.sensitivity import sensitivity as find

    rows = find(case, output, scenario)

    def tables() -> list[Any]:
        from sib.appraisal import appraise
        from sib.show.risk_tables import one_way

        return [one_way(appraise(case, scenario), output, rows)]

    return Answer([row.as_dict() for row in rows], tables)


def _together(case: Any, output: str) -> Answer:
    """Shares of the variance and rank coefficients of every assumption with a range."""
    from dataclasses import asdict

    from sib.risk.importance import importance

    rows = importance(case, output)

    def tables() -> list[Any]:
        from sib.show.risk_tables import all_at_once

        return [all_at_once(case, output, rows)]

    return Answer([asdict(row) for row in rows], tables)


def _over_two(case: Any, output: str, fields: Sequence[str]) -> Answer:
    """The whole deal anew for each pair of values."""
    from sib.risk.sensitivity import grid
    from sib.risk.two_way import widest_grid

    found = grid(case, *_two(fields), output) if fields else widest_grid(case, output)
    if found is None:
        return Answer(None, list, "--grid needs two fields: fewer than two assumptions of this case move this output.")

    def tables() -> list[Any]:
        from sib.appraisal import appraise
        from sib.show.uncertainty_tables import two_ways

        return [two_ways(appraise(case), found)]

    return Answer(found.as_dict(), tables)


def _two(fields: Sequence[str]) -> tuple[Any, Any]:
    """Two paths, each with the values it takes; CaseError, with all that is wrong, for anything else."""
    from sib.files.reader import read_value

    found, problems = [], []
    for field in fields:
        path, equals, text = field.partition("=")
        try:
            values = read_value(f"[{text}]", "--grid")
        except CaseError as error:
            problems += [Problem("--grid", None, path, problem.message) for problem in error.problems]
            continue
        if not equals or not values:
            problems.append(Problem("--grid", None, path, "write PATH=VALUE,VALUE,… with the values that it takes."))
        found.append((path, values))
    if len(fields) != 2:
        problems.append(Problem("--grid", None, "", f"two fields make a grid; {len(fields)} were named."))
    if problems:
        raise CaseError(problems)
    return found[0], found[1]


def solve(given: Arguments) -> int:
    """The values of a field that give what is wanted; 1 where none does."""
    from sib.risk.solving import Options
    from sib.risk.solving import solve as find

    case = load(given, given.case)
    options: Options = {
        "low": given.low, "high": given.high, "scenario": given.scenario, "scenarios": given.scenarios,
        "seed": given.seed,
    }  # fmt: skip
    found = find(case, given.path, dict([given.target]), **options)

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
