"""A case: a deal and a forecast of it, with actuals, named scenarios, sources, and what was published."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import Field

from sib.assumption import Figure, Frozen
from sib.deal import Deal
from sib.forecast import Forecast
from sib.forecast.actuals import Actuals
from sib.naming import Id, Listed, Reference, Source, names_in
from sib.paths import replaced
from sib.perspective import Appraisal
from sib.problems import CaseError, Problem

Quantified = float | int | str | None


class SourceCited(Frozen):
    """A document or page that numbers were read in."""

    id: Id
    title: str
    date: str = ""
    url: str = ""
    note: str = ""


class Scenario(Frozen):
    """Named changes to fields, by path."""

    id: Id
    title: str = ""
    set: dict[str, Any] = Field(min_length=1)
    """What to change: `forecast.outcomes.bed-days.change: 0.10`."""


class Published(Frozen):
    """An answer that somebody published, which the model must reproduce."""

    quantity: str
    """A dotted path in the appraisal's JSON: `investors.irr`."""
    scenario: Annotated[str, Reference("scenario")] | None = None
    value: Quantified
    tolerance: Annotated[Figure, Field(ge=0)] = 0.0
    """The largest difference that still counts as replicating."""
    source: Source | None = None
    independent: bool = True
    """False where an input was derived from this very answer."""
    known_difference: str = ""
    """Why the model is known not to give it."""
    pending: str = ""
    """What the model must learn before it can give it."""
    note: str = ""


class Case(Frozen):
    """One deal as a file tells it. `deal` is what was signed, `forecast` what is expected."""

    id: Id = "case"
    title: str
    summary: str = ""
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    """Three letters: GBP, USD, EUR."""
    as_of: dt.date | None = None
    """The date of the data in this file."""
    sources: Listed[SourceCited] = ()
    deal: Deal
    forecast: Forecast = Forecast()
    actuals: Actuals = Actuals()
    appraisal: Appraisal = Appraisal()
    scenarios: Listed[Scenario] = ()
    published: tuple[Published, ...] = ()

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """A case from plain data; pydantic's ValidationError holds every mistake in it, misspelt names too."""
        return cls.model_validate(data, context=names_in(data))

    def data(self) -> dict[str, Any]:
        """The case as plain data, as a file would hold it; `from_data` gives the same case back."""
        data: dict[str, Any] = _lists(self.model_dump(exclude_unset=True))
        return data

    def changed(self, changes: Mapping[str, Any]) -> tuple[Self, list[str]]:
        """The case with fields replaced by path, and notes on ranges that had to be dropped.

        Raises CaseError for a path that leads nowhere, pydantic's ValidationError for what the case cannot be.
        """
        data, notes = self.changed_data(changes)
        return type(self).from_data(data), notes

    def changed_data(self, changes: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
        """The same as plain data, not yet checked."""
        try:
            return _replaced(self.data(), changes)
        except CaseError:
            # A path may lead to what the file leaves to its default.
            return _replaced(_lists(self.model_dump(exclude_none=True)), changes)

    def in_scenario(self, name: str | None) -> Self:
        """The case under one of its named scenarios; itself for None. KeyError for an unknown name."""
        if name is None:
            return self
        found = {scenario.id: scenario for scenario in self.scenarios}[name]
        return self.changed(found.set)[0]

    @property
    def fingerprint(self) -> str:
        """Twelve characters that change whenever anything in the case does."""
        text = json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:12]


def _replaced(data: dict[str, Any], changes: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    notes: list[str] = []
    problems: list[Problem] = []
    for path, value in changes.items():
        try:
            data, said = replaced(data, path, value)
            notes += said
        except CaseError as error:
            problems += error.problems
    if problems:
        raise CaseError(problems)
    return data, notes


def _lists(value: Any) -> Any:
    """Plain data with lists where the frozen case holds tuples, as YAML would read it."""
    if isinstance(value, Mapping):
        return {key: _lists(item) for key, item in value.items()}
    return [_lists(item) for item in value] if isinstance(value, list | tuple) else value
