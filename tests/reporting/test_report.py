import base64
import json
import re
from pathlib import Path

import papermill
import pytest

import sib
from sib.files import bundled
from sib.problems import CaseError, Problem
from sib.reporting import page, places, report, report_many, writing
from sib.reporting.parameters import Parameters
from sib.reporting.rendering import as_html
from sib.reporting.running import run

BAD = "title: A\ncurrency: GBP\ndeal: {}\n"


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> Path:
    """One report made by a real kernel."""
    return report("educate-girls", tmp_path_factory.mktemp("reports"))


@pytest.fixture
def no_kernel(monkeypatch):
    """Any attempt to run a notebook fails the test."""

    def started(*_):
        raise AssertionError("a notebook was started")

    monkeypatch.setattr(page, "run", started)


@pytest.fixture
def instant(monkeypatch):
    """Runs that take no time and show their parameters, each as if by a kernel of its own."""

    def ran(_, parameters, saved_at):
        saved_at.write_text("{}")
        return parameters

    monkeypatch.setattr(page, "run", ran)
    monkeypatch.setattr(writing, "run", ran)
    monkeypatch.setattr(writing, "in_a_worker", writing.in_kernels)
    monkeypatch.setattr(page, "as_html", lambda ran, title: json.dumps([title, ran]))


def test_a_report_is_one_page_in_its_folder(written):
    page = written.read_text(encoding="utf-8")
    assert written.name == "educate-girls.html"
    assert [path.name for path in written.parent.iterdir()] == ["educate-girls.html"]
    assert "<title>Educate Girls development impact bond</title>" in page
    assert '<html lang="en-GB">' in page
    for part in ("answer", "outcomes", "scenarios", "investors", "payers", "provider", "assumptions", "checks"):
        assert f'<section class="part" id="{part}"' in page
    assert "USD\xa0422,000" in page


def test_a_report_asks_no_other_host(written):
    page = written.read_text(encoding="utf-8")
    pictures = [base64.b64decode(found).decode() for found in re.findall(r"base64,([^\"']+)", page)]
    assert pictures
    for text in (page, *pictures):
        assert not re.search(r"""(?:src|href)\s*=\s*["']\s*(?:https?:)?//""", text)
        assert not re.search(r"""url\(\s*["']?(?:https?:)?//|@import""", text)
    assert "<script" not in page
    assert "<link" not in page


def test_a_report_shows_no_code_and_describes_its_pictures(written):
    page = written.read_text(encoding="utf-8")
    assert "pages." not in page
    assert "load_with_notes" not in page
    assert all(re.search('alt="[^"]{20,}"', image) for image in re.findall("<img[^>]*>", page))


def test_the_same_case_gives_the_same_bytes(written, tmp_path):
    again = report(sib.load("educate-girls"), tmp_path)
    assert again.read_bytes() == written.read_bytes()


@pytest.mark.slow
def test_every_bundled_case_has_a_report(tmp_path):
    outcomes = report_many(list(bundled()), tmp_path)
    assert [outcome.problems for outcome in outcomes] == [()] * len(bundled())
    assert {path.name for path in tmp_path.iterdir()} == {f"{name}.html" for name in bundled()}


@pytest.mark.slow
def test_a_scenario_and_changes_reach_the_page(tmp_path):
    path = report("educate-girls", tmp_path, scenario="plan", changes={"deal.caps.contract.amount": 300_000})
    page = path.read_text(encoding="utf-8")
    assert path.name == "educate-girls-plan.html"
    assert "Changed from the file: deal.caps.contract.amount is 300000." in page
    assert "USD\xa0300,000" in page


def test_the_notebook_takes_the_parameters_that_are_checked():
    cell = papermill.inspect_notebook(places.notebook("appraisal"))
    assert set(cell) == set(Parameters.model_fields)
    assert all(one["help"] for one in cell.values())


UNKNOWN = "a report has no parameter of this name; it takes case, scenario, changes."


@pytest.mark.parametrize(
    ("given", "path", "message"),
    [
        ({"case": "educate-girls", "cap": 3}, "cap", UNKNOWN),
        ({"case": 7}, "case", "7 cannot be used here; input should be a valid string."),
        ({"case": "a", "changes": [1]}, "changes", "[1] cannot be used here; input should be a valid dictionary."),
        ({"case": "a", "changes": {"deal.start": {1, 2}}}, "changes.deal.start", "{1, 2} cannot be used here; "),
    ],
)
def test_a_parameter_of_another_name_or_type_is_refused(given, path, message):
    with pytest.raises(CaseError) as caught:
        Parameters.of(given)
    assert caught.value.problems[0].path == path
    assert caught.value.problems[0].message.startswith(message)


@pytest.mark.parametrize(
    ("case", "options", "message"),
    [
        ("educate-grils", {}, "did you mean 'educate-girls'"),
        ("educate-girls", {"scenario": "bonsu"}, "did you mean 'bonus'"),
        ("educate-girls", {"changes": {"deal.caps.contrat.amount": 1}}, "did you mean 'contract'"),
        ("educate-girls", {"changes": {"deal.caps.contract.amount": "much"}}, "number"),
    ],
)
@pytest.mark.usefixtures("no_kernel")
def test_mistakes_are_found_before_a_kernel_starts(tmp_path, case, options, message):
    with pytest.raises(CaseError, match=message):
        report(case, tmp_path, **options)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("instant")
def test_one_bad_case_costs_only_itself(tmp_path):
    (tmp_path / "bad.yaml").write_text(BAD)
    told = []
    cases = ["educate-girls", tmp_path / "bad.yaml", "peterborough"]
    outcomes = report_many(cases, tmp_path / "out", told.append)
    assert [outcome.path and outcome.path.name for outcome in outcomes] == [
        "educate-girls.html",
        None,
        "peterborough.html",
    ]
    assert outcomes[1].problems[0].file.endswith("bad.yaml")
    assert {outcome.case for outcome in told} == {str(case) for case in cases}


@pytest.mark.usefixtures("instant")
def test_two_cases_of_one_name_do_not_write_over_each_other(tmp_path):
    outcomes = report_many(["educate-girls", sib.load("educate-girls")], tmp_path)
    assert [bool(outcome.path) for outcome in outcomes] == [True, False]
    assert "would replace" in outcomes[1].problems[0].message


@pytest.mark.usefixtures("instant")
def test_a_case_changed_in_python_is_what_the_report_reads(tmp_path, monkeypatch):
    changed, _ = sib.load("educate-girls").changed({"deal.caps.contract.amount": 300_000})
    read = []
    monkeypatch.setattr(page, "as_html", lambda ran, _: read.append(sib.load(ran["case"])) or "")
    assert report(changed, tmp_path).name == "educate-girls.html"
    assert read[0].fingerprint == changed.fingerprint


def test_a_failing_run_leaves_the_report_that_was_there(tmp_path, monkeypatch):
    before = tmp_path / "educate-girls.html"
    before.write_text("as it was")

    def fails(_, __, saved_at):
        saved_at.write_text("the notebook as it ran")
        raise CaseError(Problem(str(saved_at), None, "", "it did not finish."))

    monkeypatch.setattr(page, "run", fails)
    with pytest.raises(CaseError, match=r"educate-girls\.failed\.ipynb: it did not finish"):
        report("educate-girls", tmp_path)
    assert before.read_text() == "as it was"
    assert (tmp_path / "educate-girls.failed.ipynb").read_text() == "the notebook as it ran"


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CaseError, match="the folder cannot be made"):
        report("educate-girls", tmp_path / "file" / "reports")


@pytest.mark.slow
def test_a_cell_that_fails_is_named_without_a_traceback(tmp_path):
    notebook = json.loads(places.notebook("appraisal").read_text(encoding="utf-8"))
    notebook["cells"] = [*notebook["cells"][:2], {**notebook["cells"][2], "source": "1 / 0"}]
    path, saved = tmp_path / "broken.ipynb", tmp_path / "ran.ipynb"
    path.write_text(json.dumps(notebook))
    with pytest.raises(CaseError) as caught:
        run(path, {"case": "educate-girls"}, saved)
    (problem,) = caught.value.problems
    assert problem.file == str(saved)
    assert problem.message.endswith("failed with ZeroDivisionError: division by zero.")
    assert "ZeroDivisionError" in saved.read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_kernel_is_this_python_whatever_is_registered(tmp_path, monkeypatch):
    """A kernel of the same name that somebody registered for another Python is not taken."""
    registered = tmp_path / "share" / "kernels" / "python3"
    registered.mkdir(parents=True)
    (registered / "kernel.json").write_text('{"argv": ["/nowhere/python"], "display_name": "x", "language": "python"}')
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "share"))
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "share"))
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "0")
    assert "USD" in as_html(run(places.notebook("appraisal"), {"case": "educate-girls"}, tmp_path / "ran.ipynb"), "T")
