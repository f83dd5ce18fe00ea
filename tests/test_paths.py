"""Paths lead to one place, say what is there when they lead nowhere, and change nothing but that place."""

from __future__ import annotations

import copy
import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sib.paths import leaves, loc_of, lookup, parts_of, path_of, replaced
from sib.problems import CaseError

CASE: dict[str, Any] = {
    "deal": {
        "payments": [
            {"id": "learning", "price": 3},
            {
                "id": "jail",
                "price": {"value": 0.35, "low": 0.25, "high": 0.45},
                "points": [{"at": 1}, {"at": 2}],
            },
        ],
        "parties": [{"id": "Ministry of Justice", "role": "payer"}],
    },
    "scenarios": [{"id": "at-10", "set": {"deal.payments.learning.price": 4}}],
}


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("deal", ("deal",)),
        ("deal.payments.learning.price", ("deal", "payments", "learning", "price")),
        ("deal.payments.jail.points[0].at", ("deal", "payments", "jail", "points", 0, "at")),
        ("deal.parties.Ministry of Justice.role", ("deal", "parties", "Ministry of Justice", "role")),
        ("[0].a", (0, "a")),
        ("a[0][1]", ("a", 0, 1)),
        ('set["deal.a[0]"].x', ("set", "deal.a[0]", "x")),
        (r'["a\"b\\"]', ('a"b\\',)),
    ],
)
def test_parts(path: str, parts: tuple[str | int, ...]) -> None:
    assert parts_of(path) == parts


@pytest.mark.parametrize("path", ["", ".a", "a.", "a..b", "a[", "a[x]", "a[-1]", "a]b", "a[0]b", 'a["x]', "a.[0]"])
def test_what_is_no_path(path: str) -> None:
    with pytest.raises(CaseError, match="path"):
        parts_of(path)


def test_lookup() -> None:
    assert lookup(CASE, "deal.payments.jail.points[1].at") == 2
    assert lookup(CASE, "deal.payments[0].price") == 3
    assert lookup(CASE, "deal.payments.learning.price.value") == 3
    assert lookup(CASE, "deal.payments.jail.price.value") == 0.35
    assert lookup(CASE, "deal.parties.Ministry of Justice.role") == "payer"
    assert lookup(CASE, 'scenarios.at-10.set["deal.payments.learning.price"]') == 4


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("deel.payments", "'deel' is not a key there; did you mean 'deal'? Keys there: deal, scenarios."),
        (
            "deal.payments.lerning",
            "no item has the id 'lerning'; did you mean 'learning'? The ids there: learning, jail.",
        ),
        ("deal.payments[2]", r"[2] is not found: the list has 2 items, and the first is [0]."),
        ("deal[0]", "[0] counts a list's items, but a map stands there."),
        (
            "deal.payments.jail.points.first",
            "'first' is not found: the list's items have no id; write [0] for the first.",
        ),
        (
            "deal.payments.learning.price.low",
            "'low' is not found: what stands before it is neither a map nor a list.",
        ),
    ],
)
def test_what_is_not_found_is_told_with_what_is(path: str, words: str) -> None:
    with pytest.raises(CaseError) as caught:
        lookup(CASE, path)
    [problem] = caught.value.problems
    assert problem.path == path
    assert words in problem.message


def test_a_long_list_of_names_is_cut() -> None:
    with pytest.raises(CaseError, match=r"n0, n1, .*, …\."):
        lookup({f"n{number}": 1 for number in range(1_000)}, "other")


def test_leaves() -> None:
    assert dict(leaves(CASE)) == {
        "deal.payments.learning.id": "learning",
        "deal.payments.learning.price": 3,
        "deal.payments.jail.id": "jail",
        "deal.payments.jail.price.value": 0.35,
        "deal.payments.jail.price.low": 0.25,
        "deal.payments.jail.price.high": 0.45,
        "deal.payments.jail.points[0].at": 1,
        "deal.payments.jail.points[1].at": 2,
        "deal.parties.Ministry of Justice.id": "Ministry of Justice",
        "deal.parties.Ministry of Justice.role": "payer",
        "scenarios.at-10.id": "at-10",
        'scenarios.at-10.set["deal.payments.learning.price"]': 4,
    }


def test_an_id_given_twice_names_the_first() -> None:
    data = [{"id": "a", "x": 1}, {"id": "a", "x": 2}, {"id": "b.c", "x": 3}]
    assert dict(leaves(data)) == {
        "a.id": "a",
        "a.x": 1,
        "[1].id": "a",
        "[1].x": 2,
        "[2].id": "b.c",
        "[2].x": 3,
    }


JAIL = "deal.payments.jail.price"
DROPPED = "the range 0.25 to 0.45 does not hold 0.5, so the range was dropped."


@pytest.mark.parametrize(
    ("path", "value", "after", "notes"),
    [
        (JAIL, 0.4, {"value": 0.4, "low": 0.25, "high": 0.45}, []),
        (JAIL, 0.45, {"value": 0.45, "low": 0.25, "high": 0.45}, []),
        (JAIL, 0.5, {"value": 0.5}, [f"{JAIL}: {DROPPED}"]),
        (f"{JAIL}.value", 0.5, {"value": 0.5}, [f"{JAIL}.value: {DROPPED}"]),
        (f"{JAIL}.low", 0.3, {"value": 0.35, "low": 0.3, "high": 0.45}, []),
        (f"{JAIL}.note", "new", {"value": 0.35, "low": 0.25, "high": 0.45, "note": "new"}, []),
        (JAIL, {"value": 9}, {"value": 9}, []),
        (JAIL, None, None, []),
        (JAIL, [1, 2], [1, 2], []),
    ],
)
def test_replacing_a_number_with_a_range(path: str, value: Any, after: Any, notes: list[str]) -> None:
    data, said = replaced(CASE, path, value)
    assert lookup(data, JAIL) == after
    assert said == notes


@pytest.mark.parametrize("value", ["much", True, dt.date(2015, 1, 1), float("nan")])
def test_a_range_does_not_hold_what_is_no_number(value: Any) -> None:
    data, said = replaced(CASE, JAIL, value)
    assert lookup(data, JAIL).keys() == {"value"}
    assert len(said) == 1


def test_a_distribution_goes_with_its_range() -> None:
    number = {"value": 3, "distribution": "triangular", "low": 1, "high": 4, "grade": 2}
    assert replaced({"a": number}, "a", 2) == ({"a": {**number, "value": 2}}, [])
    assert replaced({"a": number}, "a", 5)[0] == {"a": {"value": 5, "grade": 2}}
    assert replaced({"a": {"value": 3, "distribution": "normal"}}, "a", 5)[1] == []


def test_a_one_sided_range() -> None:
    data, [note] = replaced({"a": {"value": 3, "low": 1}}, "a", 0)
    assert data == {"a": {"value": 0}}
    assert note == "a: the range 1 does not hold 0, so the range was dropped."


def test_replacing_plain_things() -> None:
    assert replaced(CASE, "deal.payments.learning.price", 4)[0]["deal"]["payments"][0]["price"] == 4
    assert replaced(CASE, "deal.payments.learning.price.value", 4)[0]["deal"]["payments"][0]["price"] == 4
    assert replaced(CASE, "deal.payments", [])[0]["deal"]["payments"] == []
    assert replaced(CASE, "appraisal", {"hurdle": 1})[0]["appraisal"] == {"hurdle": 1}
    assert replaced(CASE, "deal.payments.jail.points[1]", 7)[0]["deal"]["payments"][1]["points"] == [
        {"at": 1},
        7,
    ]


@pytest.mark.parametrize("path", ["deal.paymnts.jail", "deal.payments.jobs", "deal.payments.jail.points[2]", "x.y.z"])
def test_a_place_that_is_not_there_cannot_be_replaced(path: str) -> None:
    with pytest.raises(CaseError):
        replaced(CASE, path, 1)


TEXTS = st.text(max_size=6) | st.sampled_from(["id", "value", "low", "high", "a.b", "a[0]", '"', "\\", "a b", "0"])
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS | st.dates()
DATA = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=15,
)


@given(DATA)
def test_every_leaf_is_found_by_its_path(data: Any) -> None:
    for path, value in leaves(data):
        assert lookup(data, path) is value
        assert path_of(data, loc_of(data, path)) == path


@given(DATA, SCALARS)
def test_only_the_place_itself_changes(data: Any, value: Any) -> None:
    before = copy.deepcopy(data)
    for path, _ in leaves(data):
        # A new id moves the place to another path, and a new value may make a range void: both are meant.
        if loc_of(data, path)[-1] in ("id", "value"):
            continue
        changed, notes = replaced(data, path, value)
        assert data == before
        assert notes == []
        assert lookup(changed, path) is value
        others = {place: leaf for place, leaf in leaves(data) if place != path}
        assert {place: leaf for place, leaf in leaves(changed) if place != path} == others
