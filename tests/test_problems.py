"""How a mistake is told."""

from __future__ import annotations

import pytest

from sib.problems import CaseError, Problem, nearest


@pytest.mark.parametrize(
    ("problem", "told"),
    [
        (Problem("a.yaml", 41, "deal.rank", "'x' is no rank."), "a.yaml:41 deal.rank: 'x' is no rank."),
        (Problem("a.yaml", None, "", "no such file."), "a.yaml: no such file."),
        (Problem("a.yaml", 3, "", "a tab."), "a.yaml:3: a tab."),
        (Problem(None, None, "deal.rank", "wrong."), "deal.rank: wrong."),
        (Problem(None, 7, "deal.rank", "wrong."), "line 7 deal.rank: wrong."),
        (Problem(None, None, "", "wrong."), "wrong."),
    ],
)
def test_what_is_not_known_is_left_out(problem: Problem, told: str) -> None:
    assert str(problem) == told


def test_plain_data_has_the_four_keys() -> None:
    assert Problem("a.yaml", 1, "b", "c.").as_dict() == {
        "file": "a.yaml",
        "line": 1,
        "path": "b",
        "message": "c.",
    }


def test_an_error_tells_one_problem_a_line() -> None:
    problems = [Problem("a.yaml", 1, "", "one."), Problem("a.yaml", 2, "", "two.")]
    assert str(CaseError(problems)) == "a.yaml:1: one.\na.yaml:2: two."
    assert CaseError(problems).problems == tuple(problems)
    assert CaseError(problems[0]).problems == (problems[0],)


def test_the_nearest_name() -> None:
    assert nearest("prize", ["price", "payer"]) == "price"
    assert nearest("ministry of justice", ["Ministry of Justice", "payer"]) == "Ministry of Justice"
    assert nearest("colour", ["price", "payer"]) is None
    assert nearest("x", []) is None
