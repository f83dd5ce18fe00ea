"""What a report is asked for: checked in full before any notebook starts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from sib.case import Case
from sib.files import load, save
from sib.naming import unknown_name
from sib.problems import CaseError, Problem

_NOT_IN_FILE_NAMES = re.compile(r'[\\/:*?"<>|\s]+')


class Parameters(BaseModel):
    """The parameters of `notebooks/appraisal.ipynb`, by the names that its parameters cell uses.

    `scenario` is empty for the base case; `changes` are fields by path.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    case: str
    scenario: str = ""
    changes: dict[str, JsonValue | date] = {}

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Parameters:
        """The parameters given; every unknown name and wrong type in one CaseError."""
        try:
            return cls.model_validate(dict(given))
        except ValidationError as error:
            known = ", ".join(cls.model_fields)
            raise CaseError([_problem(item, known) for item in error.errors()]) from None

    def as_json(self) -> dict[str, Any]:
        """As papermill takes them: nothing but JSON's own types, dates as ISO text."""
        return self.model_dump(mode="json")


def _problem(error: Any, known: str) -> Problem:
    path = ".".join(str(part) for part in error["loc"][:2])
    if error["type"] == "extra_forbidden":
        return Problem(None, None, path, f"a report has no parameter of this name; it takes {known}.")
    return Problem(None, None, path, f"{error['input']!r} cannot be used here; {error['msg'].lower()}.")


@dataclass(frozen=True)
class Asked:
    """One report that can be made: its parameters, the case as the report will read it, and the file's name."""

    parameters: Parameters
    title: str
    file_name: str

    def as_json(self) -> dict[str, Any]:
        """As plain data, for another process."""
        return {"parameters": self.parameters.as_json(), "title": self.title, "file_name": self.file_name}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Asked:
        """The inverse of `as_json`."""
        return cls(Parameters.of(data["parameters"]), data["title"], data["file_name"])


def asked(case: str | Path | Case, scenario: str | None, changes: Mapping[str, Any] | None, temporary: Path) -> Asked:
    """Check everything about a report; a case made or changed in Python is written to the temporary folder.

    Raises CaseError with every mistake.
    """
    source = _written(case, temporary) if isinstance(case, Case) else _absolute(case)
    parameters = Parameters.of({"case": source, "scenario": scenario or "", "changes": dict(changes or {})})
    loaded = load(parameters.case, parameters.changes)
    _require_scenario(loaded, parameters.scenario)
    name = "-".join(part for part in (loaded.id, parameters.scenario) if part)
    return Asked(parameters, loaded.title, f"{_NOT_IN_FILE_NAMES.sub('-', name)}.html")


def _written(case: Case, temporary: Path) -> str:
    temporary.mkdir(parents=True, exist_ok=True)
    path = temporary / f"{_NOT_IN_FILE_NAMES.sub('-', case.id)}.yaml"
    save(case, path)
    return str(path)


def _absolute(case: str | Path) -> str:
    """A file's whole path, so that it means the same wherever the notebook runs; a bundled name as it is."""
    return str(Path(case).resolve()) if Path(case).is_file() else str(case)


def _require_scenario(case: Case, scenario: str) -> None:
    known = [item.id for item in case.scenarios]
    if scenario and scenario not in known:
        raise CaseError(Problem(None, None, "scenarios", unknown_name(scenario, "scenario", known)))
