"""A papermill engine that runs the cells in this process: no kernel to start, so it is several times quicker.

It has no widgets and no time limit, and a crash takes the process; so each notebook gets a process of its own.
"""

from __future__ import annotations

import traceback
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from nbformat import v4
from papermill.engines import Engine, papermill_engines
from traitlets.config import Config

NAME = "sib-inside"


class Kept(DisplayHook):
    """Keeps what a cell's last line shows, where IPython would print it."""

    found: tuple[dict[str, Any], dict[str, Any]] | None = None

    def write_output_prompt(self) -> None:
        """No prompt."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        """Keep the formats and their metadata."""
        self.found = (format_dict, md_dict or {})

    def finish_displayhook(self) -> None:
        """Nothing was written, so there is nothing to flush."""


class Inside(Engine):  # type: ignore[misc]
    """Runs a notebook's cells one after the other in a shell of its own, as far as the first that fails."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, *_: Any, **__: Any) -> None:
        """Fill in the outputs of the notebook that papermill manages."""
        shell = _shell()
        for index, cell in enumerate(nb_man.nb.cells):
            if cell.cell_type != "code":
                continue
            nb_man.cell_start(cell, index)
            cell.execution_count = index
            cell.outputs, failed = run_cell(shell, cell.source, index)
            if failed:
                nb_man.cell_exception(cell, cell_index=index)
            nb_man.cell_complete(cell, cell_index=index)
            if failed:
                break


def _shell() -> Any:
    """A new shell without history, colours or the user's own settings, as the one that `display` finds."""
    quiet = Config()
    quiet.HistoryManager.enabled = False
    quiet.InteractiveShell.colors = "nocolor"
    InteractiveShell.clear_instance()
    return InteractiveShell.instance(
        config=quiet, displayhook_class=Kept, display_pub_class=CapturingDisplayPublisher
    )  # fmt: skip


def run_cell(shell: Any, source: str, number: int) -> tuple[list[Any], bool]:
    """The outputs of one cell as a notebook holds them, and whether it failed."""
    shell.displayhook.found, shell.display_pub.outputs = None, []
    printed = StringIO()
    with redirect_stdout(printed), redirect_stderr(printed):
        result = shell.run_cell(source, store_history=False)
    error = result.error_before_exec or result.error_in_exec
    if error is not None:
        return [*_shown(shell, number), _failure(error)], True
    return [*_stream(printed.getvalue()), *_shown(shell, number)], False


def _stream(text: str) -> list[Any]:
    return [v4.new_output("stream", name="stdout", text=text)] if text else []  # type: ignore[no-untyped-call]


def _shown(shell: Any, number: int) -> list[Any]:
    """What the cell displayed on the way, and what its last line shows."""
    make: Any = v4.new_output
    shown = [make("display_data", one["data"], metadata=one["metadata"] or {}) for one in shell.display_pub.outputs]
    if shell.displayhook.found is not None:
        data, metadata = shell.displayhook.found
        shown.append(make("execute_result", data, metadata=metadata, execution_count=number))
    return shown


def _failure(error: BaseException) -> Any:
    make: Any = v4.new_output
    return make("error", ename=type(error).__name__, evalue=str(error), traceback=traceback.format_exception(error))


papermill_engines.register(NAME, Inside)
