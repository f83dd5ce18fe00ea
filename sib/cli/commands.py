"""The commands on cases: each calls one thing and prints what it says."""

from __future__ import annotations

from sib.cli.talking import DONE, MENDABLE, Arguments, complain, load, print_json, say, values, warned


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
        print_json(rows)
        return
    width = max(len(row["case"]) for row in rows)
    for row in rows:
        print(f"{row['case']:<{width}}  {row['title']}")


def new_case(given: Arguments) -> None:
    """A first case file, with comments that say what each line is."""
    from sib.files.starters import write_starter

    path = write_starter(given.name, given.starter)
    if given.json:
        print_json({"file": str(path)})
    else:
        print(f"{path}: a case that runs as it is. Change its lines, then: sib validate {path}")


def validate(given: Arguments) -> None:
    """Nothing but whether the case holds together, and what its reader must be warned of."""
    from sib.appraisal import appraise as run_case

    case = load(given, given.case)
    told = warned(given, run_case(case, given.scenario))
    if given.json:
        print_json({"errors": [], "warnings": [one.as_dict() for one in told]})
    else:
        for one in told:
            say(str(one))
        print(f"{given.case}: {case.title}: no mistakes found.")


def schema(_: Arguments) -> None:
    """The JSON Schema."""
    from sib.case import Case

    print_json(Case.model_json_schema())


def fields(given: Arguments) -> None:
    """Paths, values, units and ranges."""
    from sib.fields import fields_of

    found = fields_of(load(given, given.case))
    if given.json:
        print_json([field.as_dict() for field in found])
        return
    from sib.show.terminal import print_fields

    print_fields(found)


def appraise(given: Arguments) -> None:
    """Every party's result."""
    from sib.appraisal import appraise as run_case

    result = run_case(load(given, given.case), given.scenario)
    for one in warned(given, result):
        say(str(one))
    if given.json:
        print_json(result.as_dict())
        return
    from sib.show.terminal import print_appraisal

    print_appraisal(result)


def explain(given: Arguments) -> None:
    """The flows, rules, terms and assumptions behind one number."""
    from sib.explanation import explain as explain_quantity

    case = load(given, given.case)
    found = explain_quantity(case, given.quantity, given.scenario)
    if given.json:
        print_json(found.as_dict())
        return
    from sib.show.explained import print_explanation

    print_explanation(found, case.in_scenario(given.scenario))


def report_cases(given: Arguments) -> int:
    """One HTML file for each case; a bad case costs only itself."""
    from sib.reporting.progress import report_with_progress

    outcomes = report_with_progress(given.cases, given.output, given.scenario, values(given))
    problems = [problem for outcome in outcomes for problem in outcome.problems]
    if given.json:
        print_json({"reports": [str(o.path) for o in outcomes if o.path], "errors": [p.as_dict() for p in problems]})
    else:
        for outcome in outcomes:
            if outcome.path:
                print(outcome.path)
    if problems and not given.json:
        complain(problems, as_json=False)
    return MENDABLE if problems else DONE


def explore(given: Arguments) -> None:
    """JupyterLab with the explorer of one case."""
    load(given, given.case)
    from sib.reporting.exploring import open_explorer

    open_explorer(given.case)


def replicate_cases(given: Arguments) -> int:
    """The replication table; 1 where anything differs."""
    from dataclasses import asdict

    from sib.files import bundled, load
    from sib.replication import replicate

    rows = [row for name in given.cases or bundled() for row in replicate(load(name))]
    if given.json:
        print_json([asdict(row) for row in rows])
    else:
        from sib.show.terminal import print_replication

        print_replication(rows)
    return MENDABLE if any(row.status == "differs" for row in rows) else DONE
