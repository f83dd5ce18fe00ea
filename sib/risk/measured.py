"""What a case measures of each cohort, how it puts a cohort at a level, and how far the measure may lie."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from sib.case import Case
from sib.cashflow.run import Run, run
from sib.deal.outcomes import OutcomeMeasured
from sib.forecast.outcomes import OutcomeExpected
from sib.numbers import Row
from sib.risk import measurement


@dataclass(frozen=True)
class Line:
    """A number of the case that moves with a measure: as expected, where the service does nothing, and by how much.

    `nothing` is None where the case does not say what would be without the service. `least` and `most` are its ends.
    With `trials` the measure is the part of so many people of whom it comes true, each with `share` times the number.
    """

    expected: float
    nothing: float | None
    slope: float
    least: float = -np.inf
    most: float = np.inf
    trials: int = 0
    share: float = 1.0

    def at(self, true: float | Row, error: float | Row, deviates: Row) -> Row:
        """The number that gives the measure in each scenario, at standard normal deviates from the truth."""
        if not self.trials:
            return np.clip(true + self.slope * error * deviates, self.least, self.most)
        chance = np.clip(np.asarray(true) * self.share, 0.0, 1.0)
        return _successes(self.trials, chance, deviates) / (self.trials * self.share)


def _successes(trials: int, chance: Row, deviates: Row) -> Row:
    """How many of so many people it comes true of, at normal deviates: the quantiles of the binomial distribution."""
    from scipy.special import bdtr, bdtrik, ndtr

    below = np.clip(ndtr(deviates), 1e-15, 1 - 1e-15)
    with np.errstate(invalid="ignore"):
        found = np.ceil(bdtrik(below, trials, chance))
    found = np.where(chance <= 0, 0.0, np.where(chance >= 1, trials, np.clip(found, 0, trials)))
    fewer = np.maximum(found - 1, 0.0)
    return np.where(bdtr(fewer, trials, chance) >= below, fewer, found)


@dataclass(frozen=True)
class Measured:
    """A measurement to come, of one cohort (None for a level). Sizes are people; errors are standard errors.

    `controls` is infinite where the comparison is a fixed number. `level` is what is expected of it, positive when
    good; `without` what is expected of one person without the service. `error` holds at the level that is expected,
    `error_at_nothing` where the service does nothing. `one_person` is how far one more person or event moves it.
    """

    cohort: str | None
    people: float
    controls: float
    weight: float
    level: float
    effect: float | None
    error: float
    error_at_nothing: float
    power: float | None
    one_person: float | None
    lines: Mapping[str, Line]


def by_cohort(case: Case, outcome: str) -> Case:
    """The case with a line of the forecast for each cohort, so that each can be measured by itself.

    Payments that are known are left out.
    """
    lines = [line for item in case.forecast.outcomes for line in _split(case, item, outcome)]
    forecast = case.forecast.model_copy(update={"outcomes": tuple(lines)})
    actuals = case.actuals.model_copy(update={"payments": ()})
    return case.model_copy(update={"forecast": forecast, "actuals": actuals})


def _split(case: Case, item: OutcomeExpected, outcome: str) -> Iterator[OutcomeExpected]:
    cohorts = item.cohorts or tuple(one.id for one in case.forecast.cohorts)
    if item.of != outcome or item.levels or len(cohorts) == 1:
        yield item
        return
    for name in cohorts:
        yield item.model_copy(update={"id": f"{item.id} of {name}", "outcome": outcome, "cohorts": (name,)})


def measured_in(case: Case, outcome: str) -> list[Measured]:
    """The measurements of an outcome that are still to come, of a case split by `by_cohort`.

    ValueError, with the reason as a sentence, where nothing is to be measured or no error can be told.
    """
    terms = next(item for item in case.deal.outcomes if item.id == outcome)
    found = run(case)
    known = {item.cohort for item in case.actuals.outcomes if item.outcome == outcome}
    expected = [item for item in case.forecast.outcomes if item.of == outcome]
    if terms.kind == "level":
        return _levels(found, terms, expected)
    lines = {item.cohort: _lines(expected, terms, item.cohort) for item in found.outcomes[outcome].measurements}
    to_come = [name for name in lines if name not in known and lines[name]]
    if not to_come:
        raise ValueError("it has been measured already, or nothing is expected of it.")
    return [_of_cohort(found, terms, expected, name, lines[name]) for name in to_come]


def _lines(expected: list[OutcomeExpected], outcome: OutcomeMeasured, cohort: str | None) -> dict[str, Line]:
    """The numbers of the forecast that set the measure of a cohort."""
    found = {}
    for item in expected:
        at = f"forecast.outcomes.{item.id}"
        if cohort is not None and item.cohorts and cohort not in item.cohorts:
            continue
        if item.change is not None:
            found[f"{at}.change"] = Line(item.change.value, 0.0, 1.0)
        elif item.per_start is not None:
            found[f"{at}.per_start"] = _line_of_people(item, outcome)
    return found


def accepted_part(item: OutcomeExpected) -> float:
    """What the payer accepts of what is achieved: a rate is measured on that."""
    evidenced, accepted = (1.0 if part is None else part.value for part in (item.evidenced, item.accepted))
    again = 0.0 if item.claimed_again is None else item.claimed_again.share.value
    return evidenced * (accepted + (1 - accepted) * again)


def _line_of_people(item: OutcomeExpected, outcome: OutcomeMeasured) -> Line:
    assert item.per_start is not None
    stated = outcome.baseline or item.counterfactual
    without = None if stated is None else stated.value
    if outcome.kind == "rate":
        part = accepted_part(item)
        return Line(item.per_start.value, without, 1 / part if part else 0.0, 0.0, 1.0, share=part)
    better = 1.0 if outcome.good == "more" else -1.0
    slope = better * ((without or 0.0) if outcome.change == "relative" else 1.0)
    return Line(item.per_start.value, without, slope, 0.0)


def _of_cohort(
    found: Run, outcome: OutcomeMeasured, expected: list[OutcomeExpected], cohort: str | None, lines: dict[str, Line]
) -> Measured:
    """One cohort's measurement, with the error that its size gives it."""
    made = next(item for item in found.outcomes[outcome.id].measurements if item.cohort == cohort)
    level, weight = float(np.ravel(made.exact)[0]), float(np.ravel(made.weight)[0])
    people = sum(float(group.starts[:, 0].sum()) for group in found.groups if group.cohort == cohort)
    own = [item for item in expected if any(path.startswith(f"forecast.outcomes.{item.id}.") for path in lines)]
    without = _without(outcome, own, lines)
    controls = people * _controls_each(outcome) if people else 0.0
    effect = level if outcome.kind == "change" else None if without is None else level - without
    stated = next((item.standard_error for item in own if item.standard_error is not None), None)
    if stated is not None:
        error, power = stated.value, _power(effect, stated.value)
        return Measured(cohort, people, controls, weight, level, effect, error, error, power, None, lines)
    if people <= 0:
        raise ValueError("nobody starts whom it could be measured on; write the cohort's starts.")
    errors = _errors(outcome, own, level, without, (people, controls))
    if outcome.kind == "rate" and len(lines) == 1 and own[0].overdispersion is None:
        lines = {path: replace(line, trials=max(1, round(people))) for path, line in lines.items()}
    one = 1 / people / ((without or 1.0) if outcome.kind == "change" and outcome.change == "relative" else 1.0)
    return Measured(cohort, people, controls, weight, level, effect, *errors, one, lines)


def _controls_each(outcome: OutcomeMeasured) -> float:
    """People in the control group for each participant; none are needed where the comparison is a fixed number."""
    if outcome.kind == "rate" or outcome.against != "control group":
        return np.inf
    return 1.0 if outcome.controls is None else outcome.controls.value


def _without(outcome: OutcomeMeasured, own: list[OutcomeExpected], lines: Mapping[str, Line]) -> float | None:
    """What is measured of one person without the service: the mean of the lines, which may be of segments."""
    known = [(line.nothing, line.share) for path, line in lines.items() if path.endswith(".per_start")]
    if known and all(nothing is not None for nothing, _ in known):
        return float(np.mean([nothing * share for nothing, share in known if nothing is not None]))
    stated = outcome.baseline or next((item.counterfactual for item in own if item.counterfactual is not None), None)
    return None if stated is None else stated.value


def _errors(
    outcome: OutcomeMeasured,
    own: list[OutcomeExpected],
    level: float,
    without: float | None,
    sizes: tuple[float, float],
) -> tuple[float, float, float | None]:
    """Standard error as expected and where nothing is changed, and the power of the usual test."""
    stated = next((item.overdispersion for item in own if item.overdispersion is not None), None)
    spread = 1.0 if stated is None else stated.value
    if outcome.kind == "rate":
        return _errors_of_rate(level, without, sizes[0], spread)
    if without is None or without <= 0:
        raise ValueError(
            "how much is expected of a person without the service is not said, or is nothing; write counterfactual and "
            "per_start in place of change, or the outcome's baseline, or change with its standard_error."
        )
    better = 1.0 if outcome.good == "more" else -1.0
    share = without * (1 + better * level) if outcome.change == "relative" else without + better * level
    if without <= 1 and 0 <= share <= 1:
        return _errors_of_shares(outcome, share, without, sizes, spread)
    error = float(measurement.error_of_events(without, *sizes, spread))
    error = error if outcome.change == "relative" else error * without
    return error, error, _power(level, error)


def _errors_of_rate(
    level: float, without: float | None, people: float, spread: float
) -> tuple[float, float, float | None]:
    """A cohort's rate, and the power of a test against what would have been."""
    error = float(measurement.error_of_share(np.clip(level, 0, 1), people)) * np.sqrt(spread)
    if without is None:
        return error, error, None
    at_nothing = float(measurement.error_of_share(np.clip(without, 0, 1), people)) * np.sqrt(spread)
    power = float(measurement.power_of_shares(level, without, people / spread, np.inf)) if level != without else None
    return error, at_nothing, power


def _errors_of_shares(
    outcome: OutcomeMeasured, share: float, without: float, sizes: tuple[float, float], spread: float
) -> tuple[float, float, float | None]:
    """Shares of people to whom something happens, or does not."""
    of = measurement.error_of_ratio if outcome.change == "relative" else measurement.error_of_difference
    power, sizes = None, (sizes[0] / spread, sizes[1] / spread)
    if share != without:
        power = float(measurement.power_of_shares(share, without, sizes[0], sizes[1] / sizes[0]))
    return float(of(share, without, *sizes)), float(of(without, without, *sizes)), power


def _power(effect: float | None, error: float) -> float | None:
    return None if not effect or error <= 0 else float(measurement.power_of_test(effect, error))


def _levels(found: Run, outcome: OutcomeMeasured, expected: list[OutcomeExpected]) -> list[Measured]:
    """Levels have no cohort: their error is what the case says."""
    stated = [(item, item.standard_error) for item in expected if item.levels]
    if not stated or any(error is None for _, error in stated):
        raise ValueError("a level is of nobody in particular; write standard_error beside the levels of the forecast.")
    before = None if outcome.baseline is None else outcome.baseline.value
    until = max((item.date for item in found.case.actuals.outcomes if item.outcome == outcome.id), default=None)
    return [
        Measured(
            None, 0.0, np.inf, 1.0, level.value.value, None if before is None else level.value.value - before,
            error.value, error.value, None, None,
            {f"forecast.outcomes.{item.id}.levels[{i}].value": Line(level.value.value, before, 1.0)},
        )
        for item, error in stated
        for i, level in enumerate(item.levels)
        if error is not None and (until is None or level.date > until)
    ]  # fmt: skip
