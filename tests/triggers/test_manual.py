"""A workflow that a person starts."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from flowapp.bootstrap import registries

MANUAL = registries().triggers["manual"]


def fields(*inputs: dict[str, Any]) -> Any:
    """Read the trigger's own fields."""
    return MANUAL.Fields.model_validate({"inputs": list(inputs)})


WEEKS = {"name": "weeks", "label": "Weeks", "type": "number"}


def test_it_waits_for_no_event() -> None:
    assert MANUAL.listens_to(fields(WEEKS)) is None
    assert MANUAL.when(fields(WEEKS)) is None


def test_without_inputs_anything_may_come() -> None:
    assert MANUAL.context_schema(fields()) is None
    assert MANUAL.context_schema(MANUAL.Fields.model_validate({})) is None


@pytest.mark.parametrize(
    ("type_", "schema"),
    [
        ("text", {"type": "string"}),
        ("number", {"type": "number"}),
        ("date", {"type": "string", "format": "date"}),
        ("yes_no", {"type": "boolean"}),
        ("choice", {"type": "string"}),
    ],
)
def test_each_type_of_input_has_its_schema(type_: str, schema: dict[str, str]) -> None:
    found = MANUAL.context_schema(fields({"name": "it", "label": "It", "type": type_, "choices": ["a"]}))
    assert found is not None
    assert schema.items() <= found["properties"]["it"].items()


def test_an_input_is_needed_unless_it_says_otherwise() -> None:
    found = MANUAL.context_schema(fields(WEEKS, {"name": "note", "label": "Note", "required": False}))
    assert found is not None
    assert found["required"] == ["weeks", "user"]  # who starts it is always known
    assert set(found["properties"]) >= {"weeks", "note"}


@pytest.mark.parametrize(
    ("inputs", "sentence"),
    [
        ([], "When somebody starts it"),
        ([WEEKS], "When somebody starts it and gives weeks"),
        ([WEEKS, {"name": "unit", "label": "The unit"}], "When somebody starts it and gives weeks, the unit"),
    ],
)
def test_its_sentence(inputs: list[dict[str, Any]], sentence: str) -> None:
    assert MANUAL.sentence(fields(*inputs)) == sentence


def test_an_abbreviation_in_a_label_keeps_its_capitals() -> None:
    assert MANUAL.sentence(fields({"name": "nmc", "label": "NMC number"})).endswith("gives NMC number")


BAD = [
    {"label": "No name"},
    {"name": "no_label"},
    {"name": "Weeks", "label": "Capital"},
    {"name": "2weeks", "label": "Figure first"},
    {"name": "a" * 41, "label": "Too long"},
    {"name": "a", "label": ""},
    {"name": "a", "label": "x" * 121},
    {"name": "a", "label": "A", "type": "colour"},
    {"name": "a", "label": "A", "required": "perhaps"},
    {"name": "a", "label": "A", "choices": "abc"},
    {"name": "a", "label": "A", "placeholder": "x"},  # no such field
]


@pytest.mark.parametrize("bad", BAD, ids=[str(row)[:50] for row in BAD])
def test_an_input_that_does_not_fit_is_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        fields(bad)


def test_thirty_inputs_are_the_most() -> None:
    many = [{"name": f"i{n}", "label": f"I{n}"} for n in range(31)]
    assert fields(*many[:30])
    with pytest.raises(ValidationError):
        fields(*many)


def test_an_input_may_have_a_default() -> None:
    assert fields(WEEKS | {"default": 2})
