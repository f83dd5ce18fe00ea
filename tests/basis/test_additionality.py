"""What is left of gross outcomes, and corrections of benefits and costs, against sums done by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sib.basis.additionality import (
    additional,
    cautious_benefit,
    cautious_cost,
    distributional_weight,
    optimism_bias,
)

shares = st.floats(0, 1)


def test_each_share_takes_its_part_of_what_is_left():
    # 0.8 x 0.75 x 0.9 x 1 = 0.54
    assert additional(1, deadweight=0.20, displacement=0.25, leakage=0.10, substitution=0) == pytest.approx(0.54)


@given(shares, shares, shares)
def test_more_deadweight_never_leaves_more(less, more, leakage):
    less, more = sorted((less, more))
    assert additional(100, deadweight=more, leakage=leakage) <= additional(100, deadweight=less, leakage=leakage)


def test_a_percentage_is_not_a_fraction():
    with pytest.raises(ValueError, match=r"35 % is 0\.35"):
        additional(1, deadweight=35)


def test_the_grades_correct_as_published():
    assert [optimism_bias(grade) for grade in range(1, 7)] == [0, 0.05, 0.10, 0.15, 0.25, 0.40]


def test_benefits_shrink_and_costs_grow():
    # Grade 5 is 25 %.
    assert cautious_benefit(1000, 5) == pytest.approx(750)
    assert cautious_cost(1000, 5) == pytest.approx(1250)


@pytest.mark.parametrize("grade", [0, 7])
def test_there_is_no_other_grade(grade):
    with pytest.raises(ValueError, match=r"1 \(the best\) to 6"):
        optimism_bias(grade)


def test_a_pound_is_worth_more_to_the_poor():
    # Half the median income: 2^1.3 = 2.46229; the median itself: 1.
    assert distributional_weight(30_000, 15_000) == pytest.approx(2.46229, abs=1e-5)
    assert distributional_weight(30_000, 30_000) == 1
    with pytest.raises(ValueError, match="positive"):
        distributional_weight(30_000, 0)
