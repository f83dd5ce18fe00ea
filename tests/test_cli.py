"""The command line as other programs and people meet it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from sib.case import Case
from sib.cli import main
from sib.files import bundled
from sib.files.bundle import bundled_folder
from sib.files.reader import read_document
from tests.building import plain

SHIPPED = [*map(Path, bundled().values()), *sorted((bundled_folder("templates") / "starters").glob("*.yaml"))]

KEYS = {
    "": {
        "case",
        "scenario",
        "currency",
        "dates",
        "outcomes",
        "payments",
        "investors",
        "payers",
        "savers",
        "public_value",
        "provider",
        "by_year",
        "flows",
        "residuals",
    },
    "dates": {"start", "service_end", "last_claim", "last_payment", "horizon"},
    "payments": {"total", "by_payer", "by_rule", "clipped"},
    "investors": {
        "drawn",
        "received",
        "irr",
        "irr_status",
        "irr_roots",
        "irr_unguaranteed",
        "periodic_irr",
        "multiple",
        "simple_return",
        "npv",
        "payback_date",
        "peak_exposure",
        "tranches",
    },
    "public_value": {"basis", "npsv", "bcr", "fiscal_bcr", "cashable_bcr", "payback_years"},
    "provider": {"received", "cost", "margin", "cost_recovery", "peak_deficit", "peak_deficit_date"},
}
KEYS_OF_EACH = {
    "outcomes": {"gross", "counterfactual", "net", "payable", "unit"},
    "payers": {"paid", "own_costs", "savings", "cashable", "net", "net_cashable"},
    "savers": {"savings", "cashable", "paid", "net"},
}
FLOW = {"date", "from", "to", "kind", "rule", "tranche", "amount"}


def said(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0):
    assert main(list(arguments)) == code
    return json.loads(capsys.readouterr().out)


def check_shape(answer: dict) -> None:
    for name, keys in KEYS.items():
        assert (answer[name] if name else answer).keys() >= keys
    for name, keys in KEYS_OF_EACH.items():
        for item in answer[name].values():
            assert item.keys() >= keys
    for tranche in answer["investors"]["tranches"].values():
        assert tranche.keys() >= KEYS["investors"] - {"tranches"} | {"coupons"}
    for flow in answer["flows"]:
        assert flow.keys() >= FLOW
    for years in answer["by_year"].values():
        for year in years.values():
            assert year.keys() >= {"paid", "received", "savings", "cashable"}


@pytest.mark.parametrize("case", bundled())
def test_every_bundled_case_has_every_key(case, capsys):
    answer = said(capsys, "appraise", case, "--json")
    check_shape(answer)
    assert answer["case"] == case


def test_what_a_bare_case_cannot_fill_is_null(tmp_path, capsys):
    import datetime as dt

    from sib.files.writer import write_document

    data = plain()
    data["deal"] |= {name: dt.date.fromisoformat(data["deal"][name]) for name in ("start", "service_end")}
    file = tmp_path / "bare.yaml"
    write_document(data, file)
    answer = said(capsys, "appraise", str(file), "--json")
    check_shape(answer)
    investors = answer["investors"]
    assert investors["irr_status"] == "no outlay"
    assert {investors[key] for key in ("drawn", "received", "irr", "periodic_irr", "multiple", "npv")} == {None}
    assert investors["tranches"] == {}
    assert answer["savers"] == {}
    assert not any(answer["public_value"].values())
    provider = answer["provider"]
    assert (provider["received"], provider["cost"], provider["margin"], provider["peak_deficit"]) == (
        40_000,
        None,
        None,
        None,
    )
    payer = answer["payers"]["Council"]
    assert (payer["paid"], payer["own_costs"], payer["savings"], payer["cashable"]) == (40_000, None, None, None)


def test_set_changes_any_field(capsys):
    answer = said(capsys, "appraise", "educate-girls", "--set", "deal.caps.contract.amount=300000", "--json")
    assert answer["payments"]["total"] == pytest.approx(300_000)


def test_set_of_a_section_the_file_leaves_out(capsys):
    answer = said(capsys, "appraise", "nyc-able", "--set", "appraisal.hurdle=0", "--json")
    # At a rate of nothing the present value is the sum: 6.0m of 7.2m came back.
    assert answer["investors"]["npv"] == pytest.approx(-1_200_000)


def test_a_value_outside_its_range_drops_the_range_with_a_note(capsys):
    assert main(["fields", "peterborough", "--set", "forecast.outcomes.cohort 1.per_start=1.7", "--json"]) == 0
    captured = capsys.readouterr()
    field = next(f for f in json.loads(captured.out) if f["path"] == "forecast.outcomes.cohort 1.per_start")
    assert (field["value"], field["low"], field["high"]) == (1.7, None, None)
    assert "forecast.outcomes.cohort 1.per_start" in captured.err


def test_fields_tell_path_value_type_unit_and_range(capsys):
    fields = {field["path"]: field for field in said(capsys, "fields", "educate-girls", "--json")}
    assert fields["deal.caps.contract.amount"] == {
        "path": "deal.caps.contract.amount",
        "value": 422000.0,
        "type": "number",
        "unit": "USD",
        "low": None,
        "high": None,
    }
    assert fields["deal.start"]["type"] == "date"
    enrolment = fields["forecast.outcomes.enrolment.per_start"]
    assert (enrolment["low"], enrolment["high"]) == (0.44, 0.95)


def test_every_field_can_be_set_to_what_it_is(capsys):
    # The paths that `sib fields` prints are the paths that --set takes.
    from sib.files import load

    for case in bundled():
        before = load(case)
        for field in said(capsys, "fields", case, "--json"):
            after, _ = before.changed({field["path"]: field["value"]})
            assert after.deal == before.deal, field["path"]


@pytest.mark.parametrize(
    ("arguments", "path", "words"),
    [
        (["--set", "deal.caps.contrct.amount=1"], "deal.caps.contrct.amount", "did you mean 'contract'?"),
        (["--set", "deal.caps.contract.amount=-1"], "deal.caps.contract.amount", "must not be negative"),
        (["--set", "deal.caps.contract.amount=[1"], "deal.caps.contract.amount", ""),
        (["--scenario", "pln"], "scenarios", "did you mean 'plan'?"),
    ],
)
def test_what_the_user_can_mend_is_an_error_as_json(arguments, path, words, capsys):
    errors = said(capsys, "appraise", "educate-girls", *arguments, "--json", code=1)["errors"]
    assert [error["path"] for error in errors] == [path]
    assert words in errors[0]["message"]


@pytest.mark.parametrize("arguments", [[], ["apraise"], ["appraise"], ["appraise", "x", "--set", "no equals sign"]])
def test_wrong_usage_is_two(arguments, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert capsys.readouterr().out == ""


def test_an_unknown_case_suggests_the_nearest(capsys):
    assert main(["appraise", "educate-grils"]) == 1
    assert "did you mean 'educate-girls'?" in capsys.readouterr().err


@pytest.mark.parametrize("file", SHIPPED, ids=lambda path: path.stem)
def test_an_editor_with_the_schema_accepts_every_case_that_is_shipped(file):
    as_text = json.loads(json.dumps(read_document(file).data, default=str))
    faults = jsonschema.Draft202012Validator(Case.model_json_schema()).iter_errors(as_text)
    assert [f"{list(fault.absolute_path)}: {fault.message}" for fault in faults] == []


def test_list_and_schema_and_validate(capsys):
    listed = said(capsys, "list", "--json")
    assert {"educate-girls", "nyc-able", "peterborough"} <= {item["case"] for item in listed}
    assert all(item["title"] for item in listed)
    assert said(capsys, "schema")["properties"].keys() >= {"deal", "forecast", "actuals", "scenarios"}
    assert said(capsys, "validate", "nyc-able", "--json") == {"errors": [], "warnings": []}


def test_new_writes_a_case_that_runs_and_never_writes_over_one(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["new", "mine"]) == 0
    assert main(["validate", "mine.yaml"]) == 0
    assert main(["appraise", "mine.yaml"]) == 0
    (tmp_path / "mine.yaml").write_text("title: precious", encoding="utf-8")
    assert main(["new", "mine"]) == 1
    assert (tmp_path / "mine.yaml").read_text(encoding="utf-8") == "title: precious"
    assert "Traceback" not in capsys.readouterr().err


def test_replicate_prints_a_table_and_json(capsys):
    rows = said(capsys, "replicate", "nyc-able", "--json")
    keys = {
        "case",
        "scenario",
        "quantity",
        "published",
        "model",
        "difference",
        "tolerance",
        "status",
        "independent",
        "source",
        "reason",
    }
    assert all(row.keys() == keys for row in rows)
    assert main(["replicate"]) == 0
    assert "replicates" in capsys.readouterr().out


def test_replicate_fails_where_anything_differs(tmp_path, capsys):
    from sib.files.library import LIBRARY

    text = (LIBRARY / "nyc-able.yaml").read_text(encoding="utf-8")
    file = tmp_path / "wrong.yaml"
    file.write_text(text.replace("scenario: at-16, value: 0.033", "scenario: at-16, value: 0.043"), encoding="utf-8")
    rows = said(capsys, "replicate", str(file), "--json", code=1)
    assert [row["scenario"] for row in rows if row["status"] == "differs"] == ["at-16"]


@pytest.mark.parametrize("case", bundled())
def test_the_page_in_the_terminal_reads_without_a_traceback(case, capsys):
    assert main(["appraise", case]) == 0
    page = capsys.readouterr().out
    assert not re.search(r"\bnan\b", page)
    assert "Who puts in what" in page


def test_nothing_heavy_is_imported_before_it_is_needed():
    # In a process of its own: what is imported there is not what this test run has imported.
    program = (
        "import sys, sib; heavy = {'pandas', 'scipy', 'matplotlib', 'ipywidgets', 'numpy'} & set(sys.modules); "
        "assert not heavy, heavy; from sib.cli import main; main(['appraise', 'nyc-able', '--json']); "
        "heavy = {'pandas', 'scipy', 'matplotlib', 'ipywidgets', 'papermill', 'rich'} & set(sys.modules); "
        "assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_warnings_are_said_with_their_lines_and_stop_nothing(capsys):
    assert main(["validate", "utah-preschool", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["errors"] == []
    first = told["warnings"][0]
    assert first["code"] == "savings-elsewhere"
    lines = Path(first["file"]).read_text(encoding="utf-8").splitlines()
    assert "saved_by" in lines[first["line"] - 1]
    assert main(["validate", "utah-preschool"]) == 0
    said = capsys.readouterr()
    assert "no mistakes found" in said.out
    place = f"{first['file']}:{first['line']} forecast.savings.special education.saved_by"
    assert said.err.startswith(f"{place}: warning: all savings fall to State of Utah")
    assert main(["appraise", "utah-preschool", "--json"]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["case"] == "utah-preschool"
    assert said.err.count(": warning: ") == len(told["warnings"])
