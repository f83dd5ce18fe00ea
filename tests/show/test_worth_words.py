"""The line that tells how a saving is worked out."""

from __future__ import annotations

from sib.show.worth_words import worked_out
from tests.building import case_of, plain

SAVING = {
    "id": "care",
    "outcome": "work",
    "unit_value": 5_000,
    "lag": "6 months",
    "lasts": "3 years",
    "drop_off": 0.1,
    "optimism_grade": 4,
    "saved_by": "Council",
    "cashable": {"step": 10, "backfill": 0.5, "marginal_cost": 3_000},
}
OUTCOME = {"id": "work", "per_start": 0.5, "counterfactual": 0.2}


def test_a_saving_is_told_with_everything_that_is_taken_off_it():
    ((name, line),) = worked_out(case_of(plain(forecast={"outcomes": [OUTCOME], "savings": [SAVING]}))).rows
    assert name == "care"
    assert line == (
        "GBP 5,000 a year for “work”, in cash of the day; from 6 months after the outcome; for 3 years, 10 % less each "
        "year; 15 % off for optimism (evidence of grade 4); saved by Council (100 %); cash in steps of 10 places, 50 % "
        "of them filled again, at GBP 3,000 a place and year."
    )


def test_without_savings_there_is_nothing_to_tell():
    assert worked_out(case_of(plain())).rows == ()
