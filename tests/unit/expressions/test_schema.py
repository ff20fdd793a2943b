"""Schemas: what pydantic's JSON Schemas say of the names, several triggers, open contexts, steps in doubt."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal

import pytest
from pydantic import BaseModel, Field

from flowapp.expressions import Schema, check


class Colour(StrEnum):
    """A choice."""

    RED = "red"
    BLUE = "blue"


class Part(BaseModel):
    """A record inside a record."""

    size: int


class Whole(BaseModel):
    """Every kind of field that our models have."""

    number: int
    exact: Decimal
    maybe: Decimal | None
    rough: float
    words: str
    yes: bool
    day: date
    moment: datetime
    colour: Colour
    size: Literal["S", "M"]
    one: Literal["only"]
    part: Part
    part_or_not: Part | None
    parts: list[Part]
    pair: tuple[int, str]
    table: dict[str, int]
    anything: Any
    either: int | str
    labelled: int = Field(title="days requested")
    given: int = 3
    tree: list[Whole] = []


SCHEMA = Schema.from_json_schema(Whole.model_json_schema())


@pytest.mark.parametrize(
    ("name", "type_"),
    [
        ("number", "number"),
        ("exact", "number"),
        ("maybe", "number"),
        ("rough", "number"),
        ("words", "text"),
        ("yes", "boolean"),
        ("day", "date"),
        ("moment", "datetime"),
        ("colour", "text"),
        ("size", "text"),
        ("part", "record"),
        ("part_or_not", "record"),
        ("part.size", "number"),
        ("parts", "list"),
        ("parts[0].size", "number"),
        ("table", "record"),
        ("anything", None),
        ("either", None),
        ("given", "number"),
        ("tree", "list"),
        ("tree[0].number", None),  # what contains itself is not followed
    ],
)
def test_pydantics_schemas_are_understood(name: str, type_: str | None) -> None:
    found = check(f"context.{name}", SCHEMA, kind="expression")
    assert found.type == type_
    assert found.problems == ()


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ('context.colour == "red"', []),
        ('context.colour == "green"', ["never_equal"]),
        ('context.size in ["S", "L"]', ["never_equal"]),
        ('context.one == "other"', ["never_equal"]),
        ('context.either == "x" or context.either == 1', []),
        ("context.maybe > 1", ["may_be_missing"]),
        ("context.given > 1", []),  # a field with a default is always there
        ("context.anything > 1", []),  # nothing is known, so nothing is said
        ("context.anything.inside == 1", ["unknown_name"]),
        ("context.table.x == 1", ["unknown_name"]),  # the names are not known beforehand
        ("context.tree[0].tree[0].nonsense == 1", ["unknown_name"]),
    ],
)
def test_what_the_schema_says_is_used(text: str, codes: list[str]) -> None:
    found = check(text, SCHEMA)
    assert [warning.code for warning in found.warnings] == codes
    assert found.problems == ()


BRINGS_DAYS = {"type": "object", "properties": {"days": {"type": "number"}, "id": {"type": "integer"}},
               "required": ["days", "id"]}  # fmt: skip
BRINGS_SHIFT = {"type": "object", "properties": {"shift": {"type": "string"}, "id": {"type": "string"}},
                "required": ["shift", "id"]}  # fmt: skip


def test_with_several_triggers_a_name_must_come_with_each() -> None:
    schema = Schema().with_root("context", BRINGS_DAYS, BRINGS_SHIFT)
    [warning] = check("context.days > 1", schema).warnings
    assert warning.code == "may_be_missing"
    assert warning.message == 'Not everything that starts this workflow brings "days". Use default(…, …).'
    assert check("default(context.days, 0) > 1", schema).warnings == ()
    assert check("exists(context.days) and context.days > 1", schema).warnings == ()
    assert check('context.id == 1 or context.id == "1"', schema).warnings == ()
    assert [one.code for one in check("context.nonsense == 1", schema).problems] == ["unknown_name"]


def test_in_an_open_context_an_unknown_name_is_a_warning() -> None:
    for schema in (
        Schema.of_roots({"context": None}),
        Schema.from_json_schema(BRINGS_DAYS, open=True),
        Schema.from_json_schema({**BRINGS_DAYS, "additionalProperties": True}),
        Schema().with_root("context", BRINGS_DAYS, None),  # one trigger is a web hook
        Schema.from_json_schema({"type": "object"}),
    ):
        found = check("context.dayz > 1", schema)
        assert found.problems == ()
        assert [warning.code for warning in found.warnings] == ["unknown_name"]
        assert "not known beforehand" in found.warnings[0].message
    assert [
        one.suggestion for one in check("context.dayz > 1", Schema.from_json_schema(BRINGS_DAYS, open=True)).warnings
    ] == ["days"]


def test_a_field_that_need_not_be_given_may_be_missing() -> None:
    schema = Schema.from_json_schema({"type": "object", "properties": {"note": {"type": "string"}}, "required": []})
    [warning] = check('context.note == "x"', schema).warnings
    assert (warning.code, warning.column, warning.length) == ("may_be_missing", 1, 12)
    assert check('default(context.note, "") == "x"', schema).warnings == ()


def test_steps_that_may_not_have_run_are_a_warning_and_unknown_ones_a_problem() -> None:
    schema = Schema().with_step("find", BRINGS_DAYS).with_step("ask", BRINGS_DAYS, sure=False).with_step("any")
    assert check("steps.find.days > 1", schema) == check("steps.find.days > 1", schema)
    assert check("steps.find.days > 1", schema).warnings == ()
    assert [one.code for one in check("steps.ask.days > 1", schema).warnings] == ["may_not_have_run"]
    assert check("default(steps.ask.days, 0) > 1", schema).warnings == ()
    assert [one.code for one in check("steps.later.days > 1", schema).problems] == ["unknown_name"]
    assert [one.code for one in check("steps.any.days > 1", schema).warnings] == ["unknown_name"]


def test_a_loops_item_is_a_root() -> None:
    schema = (
        Schema()
        .with_root("shift", BRINGS_DAYS)
        .with_root("loop", {"type": "object", "properties": {"index": {"type": "integer"}}, "required": ["index"]})
    )
    assert check("shift.days > loop.index", schema) == check("shift.days > loop.index", schema)
    assert check("shift.days > loop.index", schema).problems == ()
    assert [one.code for one in check("shift.dayz > 1", schema).problems] == ["unknown_name"]


def test_a_field_whose_name_is_worked_out_is_a_warning() -> None:
    schema = Schema.from_json_schema(Whole.model_json_schema())
    assert [one.code for one in check("context[context.words] == 1", schema).warnings] == ["unknown_name"]
    assert check("default(context[context.words], 1) == 1", schema).warnings == ()
    assert check("context.parts[context.number].size == 1", schema).warnings == ()


def test_adding_to_a_schema_leaves_it_as_it_was() -> None:
    empty = Schema()
    empty.with_root("context", BRINGS_DAYS).with_step("find", BRINGS_DAYS)
    assert empty.roots == {}


def test_titles_that_somebody_wrote_are_labels() -> None:
    assert SCHEMA.labels() == {"context.labelled": "days requested"}


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"type": "nonsense"},
        {"$ref": "#/$defs/Nowhere"},
        {"type": ["string", "null"]},
        {"anyOf": []},
        {"type": "array"},
        {"enum": [1, None, "a"]},
        {"allOf": [{"type": "string"}]},
        {"type": "object", "properties": {"a": {"$ref": "#/$defs/A"}}, "$defs": {"A": {"$ref": "#/$defs/A"}}},
    ],
)
def test_schemas_of_every_sort_can_be_read(schema: dict[str, Any]) -> None:
    check("context", Schema.from_json_schema(schema), kind="expression")
