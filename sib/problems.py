"""A mistake that the user can mend: where it is, and what to do about it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One mistake: where it is, and a sentence that says how to mend it.

    `line` counts from 1. `file` and `line` are None, and `path` is empty, where there is none to name.
    """

    file: str | None
    line: int | None
    path: str
    message: str

    def __str__(self) -> str:
        """`file:line path: message`, with the parts that are not known left out."""
        if self.file is None:
            place = "" if self.line is None else f"line {self.line}"
        else:
            place = self.file if self.line is None else f"{self.file}:{self.line}"
        where = " ".join(part for part in (place, self.path) if part)
        return f"{where}: {self.message}" if where else self.message

    def as_dict(self) -> dict[str, str | int | None]:
        """The four fields as plain data, for `--json`."""
        return {"file": self.file, "line": self.line, "path": self.path, "message": self.message}


class CaseError(Exception):
    """Everything that is wrong with what the user gave, all at once."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        """Takes one problem or several; the order is kept."""
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        """One problem on each line."""
        return "\n".join(str(problem) for problem in self.problems)


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The name most like the one given, or None where none is near."""
    by_fold = {known.casefold(): known for known in names}
    near = difflib.get_close_matches(name.casefold(), by_fold, n=1, cutoff=0.6)
    return by_fold[near[0]] if near else None
