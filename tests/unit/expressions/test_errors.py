"""Errors: every code, at its exact place, with a sentence that people understand."""

from __future__ import annotations

import re

import pytest

from flowapp.expressions import CODES, ExpressionError, check, condition
from flowapp.expressions.checking.schema import Schema
from flowapp.kernel.errors import FlowError
from tests.unit.expressions.world import MONDAY, error_of, names, place_of

# code, text, line, column, length
EVERY_CODE = [
    ("syntax", "context.days <= ", 1, 17, 1),
    ("syntax", "context.days <\n\n  = 3", 3, 3, 1),
    ("syntax", "1 < 2 < 3", 1, 7, 1),
    ("syntax", "(1 + 2", 1, 1, 1),
    ("syntax", "true and\n (1 +\n  2", 2, 2, 1),
    ("syntax", "${1", 1, 1, 2),
    ("syntax", "1 2", 1, 3, 1),
    ("syntax", '1 == "abc', 1, 6, 1),
    ("syntax", r'"a\qb"', 1, 3, 2),
    ("syntax", "", 1, 1, 1),
    ("unknown_name", "context.role == contxt.role", 1, 17, 6),
    ("unknown_name", "true\nand context.staff.nme == 1", 2, 19, 3),
    ("unknown_name", 'context["nme"]', 1, 8, 7),
    ("unknown_function", "1 + lowr(1)", 1, 5, 4),
    ("wrong_type", '1 == 1 and 3 < "3"', 1, 12, 7),
    ("wrong_type", "true and context.days", 1, 10, 12),
    ("wrong_type", "not (context.days)", 1, 5, 14),
    ("wrong_type", "1 + 2 + context.role", 1, 1, 20),
    ("wrong_type", "lower(1)", 1, 7, 1),
    ("wrong_type", "context.days.x", 1, 14, 1),
    ("missing_value", "context.staff.phone.code", 1, 1, 24),
    ("missing_value", "1 + first([])", 1, 5, 9),
    ("missing_value", "upper(context.nothing)", 1, 7, 15),
    ("out_of_range", "1 + 9999999999999999", 1, 5, 16),
    ("out_of_range", "context.list[7]", 1, 13, 3),
    ("out_of_range", "1 + context.huge", 1, 5, 12),
    ("out_of_range", "1000000000000000 * 2", 1, 1, 20),
    ("too_long", "1 + " * 600 + "1", 1, 2001, 401),
    ("too_long", "+".join(["1"] * 300), 1, 513, 1),
    ("too_long", "1 + length(context.many)", 1, 12, 12),
    ("too_deep", "(" * 40, 1, 33, 1),
    ("too_many_steps", "1 == 1 and any(sum(y for y in context.full) < 0 for x in context.full)", 1, 16, 28),
    ("divide_by_zero", "1 + 2 / (3 - 3)", 1, 5, 11),
    ("divide_by_zero", "5 % 0", 1, 1, 5),
    ("secret_not_allowed", "1 == 1 and secrets.token == 1", 1, 12, 7),
    ("not_ascii", "context.days ≤ 3", 1, 14, 1),
    ("not_ascii", "\u0441ontext.days", 1, 1, 1),  # the first letter is Cyrillic
    ("not_ascii", "context.days\u00a0<= 3", 1, 13, 1),
]


@pytest.mark.parametrize(("code", "text", "line", "column", "length"), EVERY_CODE)
def test_an_error_has_its_code_and_its_exact_place(code: str, text: str, line: int, column: int, length: int) -> None:
    error = error_of(text, huge=10**20, many=[1] * 10_001, full=[1] * 9_000)
    assert (error.code, place_of(error)) == (code, (line, column, length))


def test_a_condition_that_is_none_is_marked_as_a_whole() -> None:
    with pytest.raises(ExpressionError) as caught:
        condition("1 +\n2").evaluate({}, MONDAY)
    assert (caught.value.code, place_of(caught.value)) == ("not_boolean", (1, 1, 5))


def test_every_code_has_a_case() -> None:
    assert {code for code, *_ in EVERY_CODE} | {"not_boolean"} == set(CODES)


@pytest.mark.parametrize("text", [text for _, text, *_ in EVERY_CODE])
def test_a_message_is_a_sentence_without_jargon(text: str) -> None:
    message = error_of(text, huge=10**20, many=[1] * 10_001, full=[1] * 9_000).message
    assert message.endswith((".", "?"))
    assert message[0].isupper() or message.startswith(("context", "lower(", "upper(", "“"))
    jargon = r"\b(token|parse|syntax|string|boolean|bool|int|float|None|dict|operand|type|exception)\b"
    assert not re.search(jargon, message)


def test_an_error_is_one_of_the_family() -> None:
    error = error_of("1 / 0")
    assert isinstance(error, FlowError)
    assert str(error) == error.message == "You cannot divide by zero."


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("context.dyas", "days"),
        ("a = b", "=="),
        ("a ≤ b", "<="),
        ("a & b", "and"),
        ("lowr(1)", "lower"),
        ("1 +", None),
    ],
)
def test_an_error_offers_what_was_meant(text: str, suggestion: str | None) -> None:
    assert error_of(text).suggestion == suggestion


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("context.dyas <= 3", "context.dyas <= 3\n        ^^^^"),
        ("true and\n  1 < 2 < 3", "  1 < 2 < 3\n        ^"),
        ("1 +", "1 +\n   ^"),
        ("", "\n^"),
        ("[1,\n2] and true", "[1,\n^^^"),  # marks no more than the line has
    ],
)
def test_an_error_can_be_shown_under_the_text(text: str, shown: str) -> None:
    assert error_of(text).caret(text) == shown


def test_running_and_checking_say_the_same() -> None:
    schema = Schema.of_roots({"context": {"type": "object", "properties": {"days": {"type": "integer"}}}})
    for text in ("1 < 2 < 3", "context.dyas == 1", "lowr(1) == 1", "1 / 0 == 1", "secrets.x == 1", "("):
        error, (problem, *_) = error_of(text), check(text, schema).problems
        assert (problem.code, problem.message, problem.column) == (error.code, error.message, error.column)


def test_a_mistake_is_found_however_often_it_is_read() -> None:
    for _ in range(3):
        with pytest.raises(ExpressionError):
            condition("1 +")
    assert condition("1 < 2") is condition("1 < 2")
    assert condition("1 < 2").evaluate(names(), MONDAY) is True
