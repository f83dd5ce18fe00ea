"""The explorer of one case, opened in JupyterLab."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from sib.files.writer import write_text
from sib.problems import CaseError, Problem
from sib.reporting.places import notebook


def open_explorer(case: str) -> None:
    """Start JupyterLab on the explorer notebook of a case and wait until it is stopped.

    `case` is a bundled name or a path. CaseError where JupyterLab is not installed.
    """
    if find_spec("jupyterlab") is None:
        raise CaseError(Problem(None, None, "", "JupyterLab is not installed; pip install 'sib[notebooks]'."))
    with tempfile.TemporaryDirectory() as folder:
        opened = explorer_notebook(case, Path(folder))
        print(f"JupyterLab opens {opened.name}; stop it with Ctrl-C.", file=sys.stderr)  # noqa: T201
        command = [sys.executable, "-m", "jupyterlab", str(opened), f"--ServerApp.root_dir={folder}"]
        subprocess.run(command, check=False)


def explorer_notebook(case: str, folder: Path) -> Path:
    """A copy of the explorer notebook that holds this case, in a folder."""
    import nbformat
    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook

    given = str(Path(case).resolve()) if Path(case).is_file() else case
    book = load_notebook_node(str(notebook("explore")))
    book = parameterize_notebook(book, {"case": given})
    path = folder / "explore.ipynb"
    write_text(str(nbformat.writes(book)), path)  # type: ignore[no-untyped-call]
    return path
