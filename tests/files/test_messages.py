"""One broken file for each mistake that a schema finds, against small models made for it."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from sib.files.messages import located, problems_of
from sib.files.reader import Document, read_document, read_text
from sib.problems import Problem

BROKEN = Path(__file__).parent / "broken" / "schema"


class Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True)


class Number(Strict):
    value: Annotated[float, Field(ge=0)]
    low: float | None = None
    high: float | None = None

    @model_validator(mode="after")
    def _range_holds_value(self) -> Self:
        if self.low is not None and self.low > self.value:
            raise ValueError("the value is below its low; write a low that it is not below")
        return self


Price = Annotated[Number, BeforeValidator(lambda value: value if isinstance(value, dict) else {"value": value})]
Name = Annotated[str, Field(pattern=r"^[^.\[\]=:]+$")]


class Tariff(Strict):
    id: Name
    kind: Literal["tariff"]
    price: Price


class ShareOf(Strict):
    id: Name
    kind: Literal["share"]
    share: Annotated[float, Field(ge=0, le=1)]
    of: Annotated[float, Field(ge=0)] = 0


class Tranche(Strict):
    id: Name
    rank: Literal["senior", "mezzanine", "junior"]
    amount: float | Number
    draw: dt.date | Literal["at once", "as needed"] = "at once"


class AtOnce(Strict):
    kind: Literal["at once"]


class OnDates(Strict):
    kind: Literal["on dates"]
    dates: list[dt.date]


Repayment = Annotated[
    Annotated[AtOnce | OnDates, Field(discriminator="kind")],
    BeforeValidator(lambda value: {"kind": value} if isinstance(value, str) else value),
]


class Deal(Strict):
    title: str
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] = "GBP"
    """Three letters, such as GBP."""
    payments: list[Annotated[Tariff | ShareOf, Field(discriminator="kind")]] = []
    tranches: tuple[Tranche, ...] = ()
    period: Literal["month", "quarter", "half-year", "year"] = "year"
    start: dt.date | None = None
    starts: Annotated[int, Field(ge=0)] = 0
    share: Annotated[float, Field(le=1)] = 0
    recycled: bool = False
    points: Annotated[list[float], Field(min_length=1)] = [1.0]
    split: dict[Name, float] = {}
    repayment: Repayment = AtOnce(kind="at once")
    wider: Deal | None = None

    @model_validator(mode="after")
    def _title_is_a_title(self) -> Self:
        if self.title.islower():
            raise ValueError("the title begins with a capital letter")
        return self


Told = list[tuple[int | None, str, str]]
NUMBER = "a number or a map with value, low and high was expected"
KINDS = "Write one of tariff or share."
PAYMENT_KEYS = "Keys here: id, kind, price."

MISTAKES: dict[str, Told] = {
    "misspelt-key": [
        (5, "payments.learning.prize", f"'prize' is not a key here; did you mean 'price'? {PAYMENT_KEYS}")
    ],
    "missing-key": [
        (1, "title", "missing key; add 'title: …' (text)."),
        (
            2,
            "payments.learning.price",
            "missing key; add 'price: …' (a number or a map with value, low and high).",
        ),
    ],
    "wrong-word": [(4, "tranches.notes.rank", "'snior' is not a rank; write senior, mezzanine or junior.")],
    "wrong-word-of-many": [
        (
            2,
            "period",
            "'quater' is not a period; did you mean 'quarter'? Write one of month, quarter, half-year",
        )
    ],
    "wrong-kind": [(4, "payments.learning.kind", f"'tarif' is not a kind; did you mean 'tariff'? {KINDS}")],
    "missing-kind": [(3, "payments.learning.kind", "missing key; add 'kind: …' (tariff or share).")],
    "not-a-kind-at-all": [
        (3, "payments[0]", "a map with a kind (tariff or share) was expected; 'learning' was written.")
    ],
    "text-for-a-number": [(2, "starts", "a whole number was expected; 'many' was written.")],
    "quoted-number": [(3, "tranches.notes.amount", f"{NUMBER}; '1,000,000' was written; write 1000000.")],
    "percent": [(3, "payments.learning.price", f"{NUMBER}; '35%' was written; write 0.35.")],
    "number-for-a-text": [(1, "title", "text was expected; 2015 was written.")],
    "half-a-person": [(2, "starts", "a whole number was expected; 0.5 was written.")],
    "text-for-a-date": [(2, "start", "a date such as 2015-09-30 was expected; '30/09/2015' was written.")],
    "year-for-a-date": [(2, "start", "a date such as 2015-09-30 was expected; 2015 was written.")],
    "yes-for-true": [(2, "recycled", "true or false was expected; 'maybe' was written.")],
    "map-for-a-list": [(2, "payments", "a list was expected; a map was written.")],
    "list-for-a-map": [(3, "payments[0]", "a map with a kind (tariff or share) was expected; a list was written.")],
    "nothing-for-a-list": [(2, "payments", "a list was expected; nothing was written.")],
    "negative": [(5, "payments.learning.price", "must not be negative; -5 was written.")],
    "too-much": [(2, "share", "must be 1 or less; 1.5 was written.")],
    "nothing-like-a-number": [(2, "share", "must be an ordinary number; .nan was written.")],
    "validator-on-a-map": [
        (5, "tranches.notes.amount", "the value is below its low; write a low that it is not below.")
    ],
    "validator-on-the-whole": [(1, "", "the title begins with a capital letter.")],
    "date-or-word": [
        (
            3,
            "tranches.notes.draw",
            "a date such as 2015-09-30 or 'at once' or 'as needed' was expected; 'somtime' was written.",
        )
    ],
    "union-of-maps": [
        (
            3,
            "tranches.notes.amount.hgih",
            "'hgih' is not a key here; did you mean 'high'? Keys here: value, low, high.",
        )
    ],
    "too-few": [(2, "points", "must not be empty.")],
    "wrong-item": [(2, "points[1]", "a number was expected; 'two' was written.")],
    "bad-name": [(3, "tranches[0].id", "'a.b' cannot be a name here; a name holds no '.', '[', ']', '=' or ':'.")],
    "bad-form": [
        (
            2,
            "currency",
            "'pounds' does not have the form that is asked for here (Three letters, such as GBP).",
        )
    ],
    "bad-map-key": [(2, 'split["b.c"]', "'b.c' cannot be a name here; a name holds no '.', '[', ']', '=' or ':'.")],
    "word-as-map": [(2, "repayment", "'at onse' is not a repayment; write at once or on dates.")],
    "key-like-its-kind": [(6, "payments.learning.of", "must not be negative; -3 was written.")],
    "long-value": [(2, "starts", "on and on, beyond any length at …' was written.")],
    "many-at-once": [
        (1, "titel", "did you mean 'title'?"),
        (3, "payments.learning.price", f"{NUMBER}; 'x' was written."),
        (4, "payments.jobs.share", "must be 1 or less; 2 was written."),
        (5, "payments.health.kind", "'tarif' is not a kind"),
        (7, "tranches.notes.rank", "'snior' is not a rank; write senior, mezzanine or junior."),
        (8, "starts", "must not be negative; -1 was written."),
    ],
    "unknown-key": [(2, "colour", "'colour' is not a key here. Keys here: title, currency, payments, ")],
}


def problems_in(document: Document, model: type[BaseModel] | None = Deal) -> list[Problem]:
    with pytest.raises(ValidationError) as caught:
        Deal.model_validate(document.data)
    return problems_of(caught.value, document, model)


@pytest.mark.parametrize("name", sorted(MISTAKES))
def test_each_mistake_is_told_in_full(name: str) -> None:
    found = problems_in(read_document(BROKEN / f"{name}.yaml"))
    assert [(problem.line, problem.path) for problem in found] == [mistake[:2] for mistake in MISTAKES[name]]
    for problem, (_, _, words) in zip(found, MISTAKES[name], strict=True):
        assert words in problem.message


@pytest.mark.parametrize("path", sorted(BROKEN.glob("*.yaml")), ids=lambda path: path.stem)
def test_no_sentence_is_in_the_validators_words(path: Path) -> None:
    assert path.stem in MISTAKES
    for model in (Deal, None):
        for problem in problems_in(read_document(path), model):
            assert problem.message.endswith((".", "?"))
            assert not re.search("input|valid|pydantic|https?:|None|Error|instance", problem.message, re.IGNORECASE)


def test_places_are_found_deep_inside() -> None:
    text = "title: One\nwider:\n  title: Two\n  payments:\n    - {id: a b, kind: share, share: x}\n"
    [problem] = problems_in(read_text(text, "case.yaml"))
    assert str(problem) == "case.yaml:5 wider.payments.a b.share: a number was expected; 'x' was written."


def test_without_lines_the_path_is_told() -> None:
    [problem] = problems_in(Document({"title": "One", "starts": "x"}))
    assert problem == Problem(None, None, "starts", "a whole number was expected; 'x' was written.")


def test_a_value_put_in_by_a_setting_is_shown_as_it_is_now() -> None:
    document = read_text("title: One\nstarts: 1_000\n", "case.yaml")
    changed = Document({**document.data, "starts": -7}, document.file, document.lines, document.texts)
    assert [problem.message for problem in problems_in(changed)] == ["must not be negative; -7 was written."]


def test_numbers_are_shown_as_they_were_written() -> None:
    [problem] = problems_in(read_text("title: One\nshare: 1_000.50\n", "case.yaml"))
    assert problem.message == "must be 1 or less; 1_000.50 was written."


def test_very_many_mistakes_are_counted() -> None:
    items = "".join(f"  - {{id: i{number}, kind: tarif}}\n" for number in range(1_000))
    found = problems_in(read_text(f"title: One\npayments:\n{items}", "case.yaml"))
    assert len(found) == 201
    assert found[-1].message == "there are 800 more problems after these."


def test_problems_with_a_path_get_their_lines() -> None:
    document = read_text("a: 1\nb:\n  - {id: x, c: 2}\nd: 3\n", "case.yaml")
    problems = [Problem(None, None, "d", "two."), Problem(None, None, "b.x.e", "one.")]
    assert [str(problem) for problem in located(problems, document)] == [
        "case.yaml:3 b.x.e: one.",
        "case.yaml:4 d: two.",
    ]


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.dates()
KEYS = st.sampled_from([*Deal.model_fields, "id", "kind", "price", "value", "low", "rank", "amount", "share", "x"])
WORDS = st.sampled_from(["tariff", "share", "senior", "at once", "on dates"])
ANYTHING = st.recursive(
    SCALARS | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=20,
)


@given(st.dictionaries(KEYS, ANYTHING, max_size=6))
def test_anything_is_told_at_a_place_that_exists(data: dict[str, Any]) -> None:
    try:
        Deal.model_validate(data)
    except ValidationError as error:
        problems = problems_of(error, Document(data), Deal)
    else:
        problems = [Problem(None, None, "", "none.")]
    assert problems
    assert all(problem.message.endswith((".", "?")) for problem in problems)
    assert len({(problem.path, problem.message) for problem in problems}) == len(problems)
