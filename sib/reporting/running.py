"""Runs a notebook with papermill: in a kernel of this very Python, or inside this process."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sib.problems import CaseError, Problem

if TYPE_CHECKING:
    from nbformat import NotebookNode

# A report takes a second or two; a kernel that has said nothing for so long is stuck.
LONGEST_CELL = 300

Given = TypeVar("Given")


def run(notebook: Path, parameters: Mapping[str, Any], saved_at: Path) -> NotebookNode:
    """Run a notebook in a kernel and return it with its outputs; it is saved at `saved_at`.

    A cell that fails is a CaseError that says which, why, and where the notebook was saved.
    """
    kernel = {"kernel_manager_class": own_kernel(), "shutdown_kernel": "immediate", "execution_timeout": LONGEST_CELL,
              "extra_arguments": ["--log-level=ERROR"]}  # fmt: skip
    work = partial(_papermill, notebook, saved_at, parameters, kernel)
    return _or_said_why(partial(_in_a_thread_of_its_own, work), saved_at)


def run_inside(notebook: Path, parameters: Mapping[str, Any], saved_at: Path) -> NotebookNode:
    """The same in this process, without a kernel; see `sib.reporting.inside`."""
    from sib.reporting.inside import NAME

    engine = {"engine_name": NAME, "request_save_on_cell_execute": False}
    return _or_said_why(partial(_papermill, notebook, saved_at, parameters, engine), saved_at)


def _papermill(notebook: Path, saved_at: Path, parameters: Mapping[str, Any], how: dict[str, Any]) -> NotebookNode:
    import papermill

    ran: NotebookNode = papermill.execute_notebook(
        notebook, saved_at, dict(parameters), kernel_name="python3", progress_bar=False, **how
    )
    return ran


def _or_said_why(work: Callable[[], NotebookNode], saved_at: Path) -> NotebookNode:
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    try:
        return work()
    except PapermillExecutionError as error:
        reason = f"its cell {error.cell_index} failed with {error.ename}: {error.evalue}"
    except (DeadKernelError, CellTimeoutError) as error:
        reason = str(error).strip().splitlines()[0]
    raise CaseError(Problem(str(saved_at), None, "", f"the notebook of the report did not finish: {reason}."))


def own_kernel() -> type[Any]:
    """A kernel manager that starts this interpreter, whatever kernels are registered under the name `python3`."""
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager

    class OwnKernel(AsyncKernelManager):
        @property
        def kernel_spec(self) -> KernelSpec:
            start = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
            return KernelSpec(argv=start, display_name="Python", language="python")

    return OwnKernel


def _in_a_thread_of_its_own(work: Callable[[], Given]) -> Given:
    """Jupyter makes an event loop in the thread that calls it, and a caller in a notebook has one already."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(_closing_the_loop, work).result()


def _closing_the_loop(work: Callable[[], Given]) -> Given:
    """Jupyter leaves its loop behind, open; here nobody needs it any more."""
    before = asyncio.new_event_loop()
    asyncio.set_event_loop(before)
    try:
        return work()
    finally:
        left = asyncio.get_event_loop()
        asyncio.set_event_loop(None)
        before.close()
        left.close()
