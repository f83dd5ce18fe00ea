"""How much of an outcome, a benefit or a cost is left once what would have happened anyway, and hope, are taken off."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# HM Treasury and Greater Manchester, cost-benefit analysis guidance for local partnerships (2014). The percentages
# are widely used; the wording of the grades is unverified.
OPTIMISM_BIAS: Mapping[int, float] = MappingProxyType({1: 0.0, 2: 0.05, 3: 0.10, 4: 0.15, 5: 0.25, 6: 0.40})

# HM Treasury, Green Book: the elasticity of the marginal utility of income.
ELASTICITY = 1.3


def additional(
    gross: float, *, deadweight: float = 0.0, displacement: float = 0.0, leakage: float = 0.0, substitution: float = 0.0
) -> float:
    """What is left of a gross quantity: gross (1-deadweight)(1-displacement)(1-leakage)(1-substitution).

    Each is a fraction: what would have happened anyway, what others lose, what goes to people outside the area, and
    what merely takes another's place. ValueError for one outside 0 to 1.
    """
    left = gross
    for name, share in {
        "deadweight": deadweight, "displacement": displacement, "leakage": leakage, "substitution": substitution
    }.items():  # fmt: skip
        left *= 1 - _fraction(name, share)
    return left


def optimism_bias(grade: int) -> float:
    """The correction for evidence of a grade: 1 local data and a randomised trial, 0 %; to 6, judgement, 40 %."""
    if grade not in OPTIMISM_BIAS:
        raise ValueError(f"{grade!r} is not a grade of evidence; write 1 (the best) to 6.")
    return OPTIMISM_BIAS[grade]


def cautious_benefit(amount: float, grade: int) -> float:
    """A benefit with optimism taken off: amount (1 - c)."""
    return amount * (1 - optimism_bias(grade))


def cautious_cost(amount: float, grade: int) -> float:
    """A cost with optimism put on: amount (1 + c)."""
    return amount * (1 + optimism_bias(grade))


def distributional_weight(median_income: float, group_income: float, elasticity: float = ELASTICITY) -> float:
    """What a pound is worth to a group, against a pound to somebody in the middle: (median/group)^elasticity.

    Incomes are equivalised, of the same year. ValueError where one is not positive. HM Treasury, Green Book.
    """
    if median_income <= 0 or group_income <= 0:
        raise ValueError("incomes must be positive to be compared.")
    return float((median_income / group_income) ** elasticity)


def _fraction(name: str, share: float) -> float:
    if not 0 <= share <= 1:
        raise ValueError(f"{name} must be from 0 to 1 (a fraction, so 35 % is 0.35); {share:g} was given.")
    return share
