"""Conditions as rows: read from the text, written to the same text, and nothing lost on the way."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowapp.expressions import Schema, check
from flowapp.expressions.format import unparse
from flowapp.expressions.nodes import Comparison, Field, Literal, Logic, Name, Node, Path
from flowapp.expressions.parser import parse
from flowapp.expressions.rows import (
    MOST_ROWS,
    Comparing,
    Row,
    RowField,
    Rows,
    WrongValue,
    comparing_of,
    comparings,
    fields_of,
    rows_of,
    text_of,
    typed,
    value_of,
)
from tests.unit.expressions.leave_schema import SCHEMA
from tests.unit.expressions.strategies import EXAMPLES, expressions, texts

FIELDS = fields_of(SCHEMA)


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("${context.days} <= 3", Row("context.days", "at_most", 3)),
        ("context.days >= 2.50", Row("context.days", "at_least", Decimal("2.50"))),
        ("context.days > -1", Row("context.days", "more", -1)),
        ("context.days < -0.5", Row("context.days", "less", Decimal("-0.5"))),
        ("context.days in [1, 2]", Row("context.days", "one_of", (1, 2))),
        ('context.reason == "My sister’s"', Row("context.reason", "is", "My sister’s")),
        ("context.role != 'HR'", Row("context.role", "is_not", "HR")),
        ('context.role not in ["HR", "Staff"]', Row("context.role", "none_of", ("HR", "Staff"))),
        ('contains(context.reason, "a, b")', Row("context.reason", "contains", "a, b")),
        ('not contains(context.reason, "a")', Row("context.reason", "lacks", "a")),
        ('starts_with(context.reason, "a")', Row("context.reason", "starts", "a")),
        ('ends_with(context.reason, "a")', Row("context.reason", "ends", "a")),
        ("context.reason is empty", Row("context.reason", "empty")),
        ("context.reason is not empty", Row("context.reason", "not_empty")),
        ("context.urgent", Row("context.urgent", "yes")),
        ("not context.urgent", Row("context.urgent", "no")),
        ('context.start >= "2026-12-01"', Row("context.start", "at_least", "2026-12-01")),
        ('context.begins < "2026-12-01T07:30"', Row("context.begins", "less", "2026-12-01T07:30")),
        ("context.balance is null", Row("context.balance", "no_value")),
        ("context.cover.email is not null", Row("context.cover.email", "value")),
        ('"night" in context.tags', Row("context.tags", "includes", "night")),
        ('"night" not in context.tags', Row("context.tags", "leaves_out", "night")),
        ("context.shifts is empty", Row("context.shifts", "empty")),
        ("steps.find.count == 0", Row("steps.find.count", "is", 0)),
        ("vars.limit > 3", Row("vars.limit", "more", 3)),
    ],
)
def test_a_comparison_is_a_row_and_is_written_as_it_was_meant(text: str, row: Row) -> None:
    assert rows_of(text, SCHEMA) == Rows((row,))
    assert parse(text_of(Rows((row,)))) == parse(text)
    assert not check(text_of(Rows((row,))), SCHEMA).problems


@pytest.mark.parametrize("word", ["and", "or"])
def test_comparisons_joined_by_one_word_are_rows(word: Any) -> None:
    text = f"context.days <= 3 {word} context.urgent {word} vars.limit > 1"
    rows = rows_of(text, SCHEMA)
    assert rows is not None
    assert (rows.joined, len(rows.rows)) == (word, 3)
    assert text_of(rows) == text


@pytest.mark.parametrize(
    "text",
    [
        "",  # nothing at all
        "context.days <=",  # cannot be read
        "context.days <= 3 and context.urgent or vars.limit > 1",  # both words
        "(context.days <= 3 and context.urgent) and vars.limit > 1",  # a group of its own
        "not (context.days <= 3)",
        "3 >= context.days",  # the other way round
        "context.days <= vars.limit",  # no value written out
        "context.days + 1 <= 3",
        "context.start >= today()",
        "lower(context.role) == 'hr'",
        "any(s.hours > 8 for s in context.shifts)",
        "context.dyas <= 3",  # no such field
        'context["days"] <= 3',  # the same field, written in another way
        "context.shifts[0].hours > 3",
        "context == 1",
        "context.staff is empty",  # a record
        'context.days == "3"',  # another kind of value
        "context.role == 3",
        "context.role == null",
        "context.role == true",
        'context.role == "Nobody"',  # not among the choices
        'context.role < "M"',  # an order that rows do not offer for text
        "context.days is empty",
        "context.days is null",  # never null
        'context.start == "tomorrow"',
        'context.begins == "2026-12-01T07:30:00Z"',  # more than the field for a time can hold
        'context.reason == ""',  # what cannot be typed into a row
        'context.reason == " a"',
        'context.reason == "a\\nb"',
        'context.reason in ["a, b"]',
        "context.reason in []",
        'context.reason == ["a"]',
        'context.tags == "a"',
        "context.days == -0",
        "secrets.key is empty",
    ],
)
def test_what_does_not_fit_stays_text(text: str) -> None:
    assert rows_of(text, SCHEMA) is None


def test_more_rows_than_anybody_reads_stay_text() -> None:
    one = "context.urgent"
    assert rows_of(" and ".join([one] * MOST_ROWS), SCHEMA) is not None
    assert rows_of(" and ".join([one] * (MOST_ROWS + 1)), SCHEMA) is None


def test_secrets_are_not_among_the_fields() -> None:
    secrets = {"type": "object", "properties": {"key": {"type": "string"}}}
    assert "other.key" in fields_of(SCHEMA.with_root("other", secrets))
    assert "secrets.key" not in fields_of(SCHEMA.with_root("secrets", secrets))


def test_a_name_that_cannot_be_written_with_dots_is_not_among_the_fields() -> None:
    properties = {"days off": {"type": "number"}, "days": {"type": "number"}}
    assert list(fields_of(Schema.from_json_schema({"type": "object", "properties": properties}))) == ["context.days"]


@pytest.mark.parametrize(
    ("field", "comparison", "text", "words"),
    [
        ("context.days", "is", "", "Enter a value"),
        ("context.days", "is", "three", "Enter a number in digits"),
        ("context.days", "is", "1e3", "Enter a number in digits"),
        ("context.days", "is", "9" * 20, "too large"),
        ("context.days", "is", "0." + "1" * 30, "shorter number"),
        ("context.days", "one_of", " , ", "with commas"),
        ("context.start", "is", "1 December", "such as 2026-12-01"),
        ("context.begins", "is", "2026-12-32T07:30", "such as 2026-12-01T07:30"),
        ("context.role", "is", "Nobody", "Choose one of these: HR, Manager, Staff."),
        ("context.reason", "is", "a\x07b", "on one line"),
    ],
)
def test_a_value_of_another_kind_is_refused_in_words(field: str, comparison: str, text: str, words: str) -> None:
    comparing = comparing_of(FIELDS[field], comparison)
    assert comparing is not None
    with pytest.raises(WrongValue, match=words):
        value_of(text, FIELDS[field], comparing)


def test_a_comparison_of_another_kind_is_none() -> None:
    assert comparing_of(FIELDS["context.days"], "contains") is None


words = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=8).map(str.strip).filter(bool)
numbers = st.one_of(st.integers(-(10**15), 10**15), st.decimals(-9999, 9999, places=2))
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "text": words,
    "number": numbers,
    "date": st.dates().map(str),
    "datetime": st.datetimes().map(lambda moment: moment.isoformat()[:16]),
}


def value_for(field: RowField, comparing: Comparing) -> st.SearchStrategy[Any]:
    """Make values that this comparison takes."""
    if comparing.takes == "nothing":
        return st.none()
    one = st.sampled_from(field.choices) if field.choices else VALUES[field.item or field.kind]
    if comparing.takes == "one":
        return one
    apart = one.filter(lambda value: "," not in str(value))
    return st.lists(apart, min_size=1, max_size=3).map(tuple)


any_row = (
    st.sampled_from([(field, comparing) for field in FIELDS.values() for comparing in comparings(field)])
    .flatmap(lambda pair: st.tuples(st.just(pair), value_for(*pair)))
    .map(lambda made: Row(made[0][0].name, made[0][1].name, made[1]))
)
any_rows = st.one_of(
    any_row.map(lambda row: Rows((row,))),
    st.builds(Rows, st.lists(any_row, min_size=2, max_size=4).map(tuple), st.sampled_from(["and", "or"])),
)


@EXAMPLES
@given(any_rows)
def test_rows_are_read_again_as_they_were_written(rows: Rows) -> None:
    assert rows_of(text_of(rows), SCHEMA) == rows


@EXAMPLES
@given(any_row)
def test_what_is_typed_again_is_the_same_value(row: Row) -> None:
    field = FIELDS[row.field]
    comparing = comparing_of(field, row.comparison)
    assert comparing is not None
    assert value_of(typed(row.value), field, comparing) == row.value


sides = st.one_of(expressions, VALUES["number"].filter(lambda n: n >= 0).map(Literal), words.map(Literal))
leaves = st.sampled_from(sorted(FIELDS)).map(lambda name: Path(Name(name.split(".")[0]), _parts(name)))
signs: Any = st.sampled_from(["==", "!=", "<", "<=", ">", ">=", "in", "not in"])
compared = st.builds(Comparison, signs, leaves, sides)
conditions = st.one_of(
    expressions,
    compared,
    st.builds(Logic, st.sampled_from(["and", "or"]), st.lists(compared, min_size=2, max_size=3).map(tuple)),
)


def _parts(name: str) -> tuple[Field, ...]:
    return tuple(map(Field, name.split(".")[1:]))


@EXAMPLES
@given(conditions)
def test_a_text_that_fits_means_the_same_when_its_rows_are_written(node: Node) -> None:
    text = unparse(node)
    rows = rows_of(text, SCHEMA)
    assert rows is None or parse(text_of(rows)) == parse(text)


@EXAMPLES
@given(texts)
def test_no_text_is_an_error(text: str) -> None:
    rows_of(text, SCHEMA)
