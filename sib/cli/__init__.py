"""The command line: parse, call, print."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import Any

from sib.cli import commands as on_cases
from sib.cli import uncertainty
from sib.cli.talking import DONE, MENDABLE, Arguments, complain, say
from sib.problems import CaseError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 done, 1 something in the case or the run that the user can mend, 2 wrong usage."""
    parsed = parser().parse_args(arguments)
    try:
        return int(parsed.command(parsed) or DONE)
    except CaseError as error:
        complain(error.problems, as_json=getattr(parsed, "json", False))
        return MENDABLE
    except BrokenPipeError:  # the reader of a pipe (head, less) has seen enough
        sys.stderr.close()
        return DONE
    except KeyboardInterrupt:
        say("stopped; nothing that was written before is lost.")
        return MENDABLE


def parser() -> argparse.ArgumentParser:
    """Every command, with what it takes."""
    root = argparse.ArgumentParser(prog="sib", description="Financial modelling of outcome contracts.")
    root.add_argument("--version", action="version", version=_version())
    commands = root.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add(commands, "list", on_cases.list_cases, "the bundled cases")
    new = _add(commands, "new", on_cases.new_case, "start a case file of your own")
    new.add_argument("name", help="what to call it; writes NAME.yaml in the current folder")
    new.add_argument("--from", dest="starter", default="tariff", metavar="STARTER", help="which one (default: tariff)")
    _add_case(_add(commands, "validate", on_cases.validate, "check a case; every mistake at once"))
    _add(commands, "schema", on_cases.schema, "the JSON Schema of a case file, for an editor")
    _add_case(_add(commands, "fields", on_cases.fields, "every field that can be set, by path"))
    _add_case(_add(commands, "appraise", on_cases.appraise, "what a case is worth to every party"))
    explained = _add_case(_add(commands, "explain", on_cases.explain, "where a number of the appraisal comes from"))
    explained.add_argument("quantity", metavar="QUANTITY", help="as `sib appraise --json` has it: payments.total")
    _add_uncertain(commands)
    report = _add_case(_add(commands, "report", on_cases.report_cases, "write the report as one HTML file"), many=True)
    report.add_argument("-o", "--output", default="reports", metavar="DIR", help="the folder (default: reports)")
    _add_case(_add(commands, "explore", on_cases.explore, "turn the numbers of a case in JupyterLab"))
    replicate = _add(commands, "replicate", on_cases.replicate_cases, "published answers against the model's")
    replicate.add_argument("cases", nargs="*", metavar="CASE", help="bundled cases or paths (default: all bundled)")
    return root


def _add_uncertain(commands: Any) -> None:
    """The questions about uncertainty, each with what it takes."""
    for name, add, command, text in (
        (
            "simulate",
            uncertainty.add_simulate,
            uncertainty.simulate,
            "what may come of it for every party, and how likely",
        ),
        ("sensitivity", uncertainty.add_sensitivity, uncertainty.sensitivity, "what an output hangs on, one by one"),
        ("solve", uncertainty.add_solve, uncertainty.solve, "the value of a field that gives a wanted output"),
    ):
        add(_add_case(_add(commands, name, command, text)))


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
