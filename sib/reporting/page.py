"""Makes one report: asked for, run, rendered, and put in its place in one step."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sib.case import Case
from sib.files.writer import write_text
from sib.problems import CaseError, Problem
from sib.reporting import places
from sib.reporting.parameters import Asked, asked
from sib.reporting.rendering import as_html
from sib.reporting.running import run

if TYPE_CHECKING:
    from nbformat import NotebookNode

AnyCase = str | Path | Case
Changes = Mapping[str, Any]


def report(
    case: AnyCase, folder: str | Path = "reports", *, scenario: str | None = None, changes: Changes | None = None
) -> Path:
    """Write the report of a case as `folder/<case>.html`, or `<case>-<scenario>.html`, and return its path.

    `case` is a bundled name, a path or a case; `changes` are fields by path. Raises CaseError for whatever the
    user can mend; a report that was there before stays as it was then.
    """
    with tempfile.TemporaryDirectory() as temporary:
        wanted = asked(case, scenario, changes, Path(temporary))
        return write_page(wanted, Path(folder), Path(temporary), run)


def write_page(
    wanted: Asked, folder: Path, temporary: Path, how: Callable[[Path, Mapping[str, Any], Path], NotebookNode]
) -> Path:
    """Run the notebook in one of the ways of `sib.reporting.running`, render it, and put the page in the folder."""
    _make(folder)
    _make(temporary)
    path, ran = folder / wanted.file_name, temporary / "ran.ipynb"
    try:
        notebook = how(places.notebook("appraisal"), wanted.parameters.as_json(), ran)
    except CaseError as error:
        raise _kept(error, ran, path.with_suffix(".failed.ipynb")) from None
    write_text(as_html(notebook, wanted.title), path)
    return path


def _kept(error: CaseError, ran: Path, place: Path) -> CaseError:
    """The same error, with the notebook that failed kept beside where its report would be."""
    if ran.is_file():
        write_text(ran.read_text(encoding="utf-8"), place)
    return CaseError(Problem(str(place), problem.line, problem.path, problem.message) for problem in error.problems)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CaseError(Problem(str(folder), None, "", f"the folder cannot be made ({reason}).")) from None
