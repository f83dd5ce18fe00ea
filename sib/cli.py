"""The command line: parse, call, print."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from typing import Any

from sib import cli_risk
from sib.problems import CaseError, Problem, nearest

Arguments = argparse.Namespace

DONE, MENDABLE, WRONG_USAGE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 done, 1 something in the case or the run that the user can mend, 2 wrong usage."""
    parsed = parser().parse_args(arguments)
    try:
        return int(parsed.command(parsed) or DONE)
    except CaseError as error:
        _complain(error.problems, as_json=getattr(parsed, "json", False))
        return MENDABLE
    except BrokenPipeError:  # the reader of a pipe (head, less) has seen enough
        sys.stderr.close()
        return DONE
    except KeyboardInterrupt:
        _say("stopped; nothing that was written before is lost.")
        return MENDABLE


def parser() -> argparse.ArgumentParser:
    """Every command, with what it takes."""
    root = argparse.ArgumentParser(prog="sib", description="Financial modelling of outcome contracts.")
    root.add_argument("--version", action="version", version=_version())
    commands = root.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add(commands, "list", list_cases, "the bundled cases")
    new = _add(commands, "new", new_case, "start a case file of your own")
    new.add_argument("name", help="what to call it; writes NAME.yaml in the current folder")
    new.add_argument("--from", dest="starter", default="tariff", metavar="STARTER", help="which one (default: tariff)")
    _add_case(_add(commands, "validate", validate, "check a case; every mistake at once"))
    _add(commands, "schema", schema, "the JSON Schema of a case file, for an editor")
    _add_case(_add(commands, "fields", fields, "every field that can be set, by path"))
    _add_case(_add(commands, "appraise", appraise, "what a case is worth to every party"))
    explained = _add_case(_add(commands, "explain", explain, "where a number of the appraisal comes from"))
    explained.add_argument("quantity", metavar="QUANTITY", help="as `sib appraise --json` has it: payments.total")
    _add_asked(commands)
    simulated = _add_case(_add(commands, "simulate", simulate, "what may come of it for every party, and how likely"))
    simulated.add_argument("--scenarios", type=int, default=10_000, metavar="N", help="default: 10000")
    simulated.add_argument("--seed", type=int, default=1, metavar="S", help="the same gives the same (default: 1)")
    simulated.add_argument("--plain", action="store_true", help="plain random draws in place of Sobol points")
    report = _add_case(_add(commands, "report", report_cases, "write the report as one HTML file"), many=True)
    report.add_argument("-o", "--output", default="reports", metavar="DIR", help="the folder (default: reports)")
    _add_case(_add(commands, "explore", explore, "turn the numbers of a case in JupyterLab"))
    replicate = _add(commands, "replicate", replicate_cases, "published answers against the model's")
    replicate.add_argument("cases", nargs="*", metavar="CASE", help="bundled cases or paths (default: all bundled)")
    return root


def _add_asked(commands: Any) -> None:
    """The questions about uncertainty, each with what it takes."""
    hangs = _add_case(_add(commands, "sensitivity", sensitivity, "what an output hangs on, one assumption at a time"))
    cli_risk.add_sensitivity(hangs)
    solved = _add_case(_add(commands, "solve", solve, "the value of a field that gives a wanted output"))
    cli_risk.add_solve(solved)


def _add(commands: Any, name: str, command: Callable[[Arguments], int | None], text: str) -> argparse.ArgumentParser:
    found: argparse.ArgumentParser = commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
    found.set_defaults(command=command)
    found.add_argument("--json", action="store_true", help="one JSON object on standard output, nothing else")
    return found


def _add_case(command: argparse.ArgumentParser, *, many: bool = False) -> argparse.ArgumentParser:
    what = "a bundled case's name, or the path of a case file"
    if many:
        command.add_argument("cases", nargs="+", metavar="CASE", help=what)
    else:
        command.add_argument("case", metavar="CASE", help=what)
    command.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="PATH=VALUE",
        type=_change,
        dest="changes",
        help="change a field, as its path is printed by `sib fields`; may be repeated",
    )
    command.add_argument("--scenario", metavar="NAME", help="one of the case's named scenarios")
    return command


def _change(text: str) -> tuple[str, str]:
    path, equals, value = text.partition("=")
    if not equals or not path.strip():
        raise argparse.ArgumentTypeError(f"{text!r} is not PATH=VALUE, such as deal.caps.contract.amount=500000")
    return path.strip(), value


def _version() -> str:
    from sib import __version__

    return f"sib {__version__}"


# --------------------------------------------------------------------------------------------- commands


def list_cases(given: Arguments) -> None:
    """The bundled cases."""
    from sib.files import bundled, load

    cases = [load(name) for name in bundled()]
    rows = [
        {
            "case": case.id,
            "title": case.title,
            "currency": case.currency,
            "scenarios": [scenario.id for scenario in case.scenarios],
        }
        for case in cases
    ]
    if given.json:
        _print_json(rows)
        return
    width = max(len(row["case"]) for row in rows)
    for row in rows:
        print(f"{row['case']:<{width}}  {row['title']}")


def new_case(given: Arguments) -> None:
    """A first case file, with comments that say what each line is."""
    from sib.files.starters import write_starter

    path = write_starter(given.name, given.starter)
    if given.json:
        _print_json({"file": str(path)})
    else:
        print(f"{path}: a case that runs as it is. Change its lines, then: sib validate {path}")


def validate(given: Arguments) -> None:
    """Nothing but whether the case holds together, and what its reader must be warned of."""
    from sib.appraisal import appraise as run_case

    case = _load(given, given.case)
    warned = _warned(given, run_case(case, given.scenario))
    if given.json:
        _print_json({"errors": [], "warnings": [one.as_dict() for one in warned]})
    else:
        for one in warned:
            _say(str(one))
        print(f"{given.case}: {case.title}: no mistakes found.")


def schema(_: Arguments) -> None:
    """The JSON Schema."""
    from sib.case import Case

    _print_json(Case.model_json_schema())


def fields(given: Arguments) -> None:
    """Paths, values, units and ranges."""
    from sib.fields import fields_of

    found = fields_of(_load(given, given.case))
    if given.json:
        _print_json([field.as_dict() for field in found])
        return
    from sib.show.terminal import print_fields

    print_fields(found)


def appraise(given: Arguments) -> None:
    """Every party's result."""
    from sib.appraisal import appraise as run_case

    result = run_case(_load(given, given.case), given.scenario)
    for one in _warned(given, result):
        _say(str(one))
    if given.json:
        _print_json(result.as_dict())
        return
    from sib.show.terminal import print_appraisal

    print_appraisal(result)


def explain(given: Arguments) -> None:
    """The flows, rules, terms and assumptions behind one number."""
    from sib.explanation import explain as explain_quantity

    case = _load(given, given.case)
    found = explain_quantity(case, given.quantity, given.scenario)
    if given.json:
        _print_json(found.as_dict())
        return
    from sib.show.explained import print_explanation

    print_explanation(found, case.in_scenario(given.scenario))


def sensitivity(given: Arguments) -> int:
    """What an output hangs on."""
    return _answer(given, cli_risk.sensitivity(_load(given, given.case), given))


def solve(given: Arguments) -> int:
    """Which value gives a wanted output; 1 where none does."""
    return _answer(given, cli_risk.solve(_load(given, given.case), given))


def simulate(given: Arguments) -> None:
    """The spread of every party's results, and how likely what matters is."""
    from sib.reporting.simulating import Options, simulate_with_progress

    case = _load(given, given.case)
    options: Options = {"scenario": given.scenario, "method": "plain" if given.plain else "sobol"}
    runs = simulate_with_progress(case, given.scenarios, given.seed, options)
    if given.json:
        for note in runs.notes:
            _say(note)
        _print_json(runs.as_dict())
        return
    from sib.show.simulated import print_simulation

    print_simulation(runs)


def report_cases(given: Arguments) -> int:
    """One HTML file for each case; a bad case costs only itself."""
    from sib.reporting.progress import report_with_progress

    outcomes = report_with_progress(given.cases, given.output, given.scenario, _values(given))
    problems = [problem for outcome in outcomes for problem in outcome.problems]
    if given.json:
        _print_json({"reports": [str(o.path) for o in outcomes if o.path], "errors": [p.as_dict() for p in problems]})
    else:
        for outcome in outcomes:
            if outcome.path:
                print(outcome.path)
    if problems and not given.json:
        _complain(problems, as_json=False)
    return MENDABLE if problems else DONE


def explore(given: Arguments) -> None:
    """JupyterLab with the explorer of one case."""
    _load(given, given.case)
    from sib.reporting.exploring import open_explorer

    open_explorer(given.case)


def replicate_cases(given: Arguments) -> int:
    """The replication table; 1 where anything differs."""
    from dataclasses import asdict

    from sib.files import bundled, load
    from sib.replication import replicate

    rows = [row for name in given.cases or bundled() for row in replicate(load(name))]
    if given.json:
        _print_json([asdict(row) for row in rows])
    else:
        from sib.show.terminal import print_replication

        print_replication(rows)
    return MENDABLE if any(row.status == "differs" for row in rows) else DONE


# ------------------------------------------------------------------------------------- in and out


def _values(given: Arguments) -> dict[str, Any]:
    """The changes of `--set`, their values read as YAML; all that cannot be read at once."""
    from sib.files.reader import read_value

    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for path, text in given.changes:
        try:
            values[path] = read_value(text, "--set")
        except CaseError as error:
            problems += [Problem("--set", None, path, problem.message) for problem in error.problems]
    if problems:
        raise CaseError(problems)
    return values


def _load(given: Arguments, name: str) -> Any:
    from sib.files import load_with_notes

    case, notes = load_with_notes(name, _values(given))
    for note in notes:
        _say(note)
    if given.scenario is not None and given.scenario not in {item.id for item in case.scenarios}:
        raise CaseError(_unknown_scenario(name, given.scenario, [item.id for item in case.scenarios]))
    return case


def _warned(given: Arguments, result: Any) -> Any:
    """What the reader must be warned of, with the lines of the file."""
    from sib.design.warnings import warnings
    from sib.show.warned import placed

    return placed(warnings(result), given.case)


def _unknown_scenario(case: str, name: str, known: list[str]) -> Problem:
    near = nearest(name, known)
    hint = f"did you mean {near!r}?" if near else f"its scenarios: {', '.join(known) or 'none'}."
    return Problem(case, None, "scenarios", f"{name!r} is not a scenario of this case; {hint}")


def _answer(given: Arguments, answer: cli_risk.Answer) -> int:
    """Print an answer; 1 where the question has none."""
    if given.json:
        _print_json(answer.plain)
    elif answer.problem:
        _say(answer.problem)
    else:
        from sib.show.terminal import print_tables

        print_tables(answer.tables())
    return MENDABLE if answer.problem else DONE


def _print_json(value: Any) -> None:
    print(json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False, default=str))


def _say(text: str) -> None:
    print(text, file=sys.stderr)


def _complain(problems: Sequence[Problem], *, as_json: bool) -> None:
    if as_json:
        _print_json({"errors": [problem.as_dict() for problem in problems]})
        return
    for problem in problems:
        _say(str(problem))
