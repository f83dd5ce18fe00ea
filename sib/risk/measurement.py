"""How far a measurement lies from the truth: standard errors, power, and the chance of reaching a trigger.

Every function takes numbers or arrays, which are broadcast. Sizes are people; `controls` people in the control group,
infinite where the comparison is a fixed number. Rates and changes are fractions, positive when good.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sib.numbers import Row

Numeric = float | Row

TWO_SIDED = 0.05
"""The share of tests that find an effect where there is none: the field's convention."""


def error_of_share(share: Numeric, people: Numeric) -> Row:
    """Standard error of the share of a cohort to whom something happens, sqrt(p (1 - p)/n)."""
    share = np.asarray(share, float)
    return np.asarray(np.sqrt(share * (1 - share) / people))


def error_of_difference(share: Numeric, without: Numeric, people: Numeric, controls: Numeric) -> Row:
    """Standard error of the difference of two shares, that of the cohort and that of its controls."""
    return np.hypot(error_of_share(share, people), error_of_share(without, controls))


def error_of_ratio(share: Numeric, without: Numeric, people: Numeric, controls: Numeric) -> Row:
    """Standard error of the relative change 1 - share/without of two shares, to the first order (delta method)."""
    ratio = np.asarray(share, float) / np.asarray(without, float)
    both = np.hypot(error_of_share(share, people), ratio * error_of_share(without, controls))
    return np.asarray(both / without)


def error_of_events(events: Numeric, people: Numeric, controls: Numeric, overdispersion: Numeric = 1.0) -> Row:
    """Standard error of a relative change in events, sqrt(phi (1/n1 + 1/n0)/lambda).

    `events` (lambda) are expected of one person without the service; `overdispersion` (phi) is their variance over
    their mean, 1 where they are independent of each other. Times `events`, it is that of the difference a head.
    """
    spread = np.asarray(overdispersion, float) * (1 / np.asarray(people, float) + 1 / np.asarray(controls, float))
    return np.asarray(np.sqrt(spread / events))


def power_of_test(effect: Numeric, error: Numeric, alpha: float = TWO_SIDED) -> Row:
    """The chance that a two-sided test finds an effect of this size; `error` is the standard error of its measure."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found = _phi(np.abs(np.asarray(effect, float)) / error - _critical(alpha))
    return np.asarray(found)


def power_of_shares(
    share: Numeric, without: Numeric, people: Numeric, per_participant: Numeric = 1.0, alpha: float = TWO_SIDED
) -> Row:
    """The chance that a two-sided test tells two shares apart, with so many controls for each participant.

    With equal arms Phi[(sqrt(n) |p1 - p2| - z sqrt((p1 + p2)(1 - (p1 + p2)/2)))/sqrt(p1 q1 + p2 q2)].
    """
    together, apart = _spreads(share, without, per_participant)
    difference = np.abs(np.subtract(share, without)) * np.sqrt(people)
    return _phi((difference - _critical(alpha) * together) / apart)


def people_for_power(
    share: Numeric, without: Numeric, power: Numeric, per_participant: Numeric = 1.0, alpha: float = TWO_SIDED
) -> Row:
    """How many participants (not rounded) a test needs to tell two shares apart with this power."""
    from scipy.special import ndtri

    together, apart = _spreads(share, without, per_participant)
    wanted = _critical(alpha) * together + np.asarray(ndtri(np.asarray(power, float))) * apart
    return np.asarray((wanted / np.subtract(share, without)) ** 2)


def chance_of_reaching(trigger: Numeric, true: Numeric, error: Numeric) -> Row:
    """The chance that a measure is at or above a trigger, 1 - Phi((trigger - true)/SE); without error it is 0 or 1."""
    gap, error = np.broadcast_arrays(np.subtract(true, trigger).astype(float), np.asarray(error, float))
    certain = np.where(gap >= 0, 1.0, 0.0)
    return np.where(error > 0, _phi(gap / np.where(error > 0, error, 1.0)), certain)


def _spreads(share: Numeric, without: Numeric, per_participant: Numeric) -> tuple[Row, Row]:
    """Standard errors for one participant: as if both shares were their average, and with each its own."""
    p, q, k = np.asarray(share, float), np.asarray(without, float), np.asarray(per_participant, float)
    average = np.where(np.isinf(k), q, (p + k * q) / np.where(np.isinf(k), 1.0, 1 + k))
    together = np.sqrt(average * (1 - average) * (1 + 1 / k))
    return together, np.sqrt(p * (1 - p) + q * (1 - q) / k)


def _phi(value: Any) -> Row:
    from scipy.special import ndtr

    return np.asarray(ndtr(value))


def _critical(alpha: float) -> float:
    from scipy.special import ndtri

    return float(ndtri(1 - alpha / 2))
