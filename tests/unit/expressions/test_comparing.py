"""Comparing is strict: what fits, what is simply not equal, and what is refused naming both sides."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.unit.expressions.world import error_of, evaluate, holds

# One value of every kind, as an expression.
KINDS = {
    "number": "3",
    "text": '"3"',
    "boolean": "true",
    "null": "null",
    "date": 'date("2026-12-01")',
    "datetime": "context.begins",
    "list": "[1]",
    "record": "context.staff",
}
SHOWN = {
    "number": "a number (3)",
    "text": 'text ("3")',
    "boolean": "yes or no (yes)",
    "null": "null (no value)",
    "date": "a date (2026-12-01)",
    "datetime": "a date-time (2026-12-01T07:00:00+00:00)",
    "list": "a list of 1 item",
    "record": "a record",
}
ORDERED = {"number", "text", "date", "datetime"}
BESIDE_TEXT = {("date", "text"), ("text", "date"), ("datetime", "text"), ("text", "datetime")}
PAIRS = [(left, right) for left in KINDS for right in KINDS]


@pytest.mark.parametrize("sign", ["<", "<=", ">", ">="])
@pytest.mark.parametrize(("left", "right"), PAIRS)
def test_only_two_of_a_kind_can_be_put_in_order(left: str, sign: str, right: str) -> None:
    text = f"{KINDS[left]} {sign} {KINDS[right]}"
    if left == right and left in ORDERED:
        assert holds(text) is ("=" in sign)
        return
    error = error_of(text)
    assert error.code == "wrong_type"
    assert f"cannot compare {SHOWN[left]} with {SHOWN[right]}" in error.message
    assert (error.column, error.length) == (1, len(text))


@pytest.mark.parametrize(("left", "right"), PAIRS)
def test_across_kinds_nothing_is_equal(left: str, right: str) -> None:
    text = f"{KINDS[left]} == {KINDS[right]}"
    if (left, right) in BESIDE_TEXT:
        assert error_of(text).code == "wrong_type"  # "3" is no date, so the question has no answer
        assert error_of(text.replace("==", "!=")).code == "wrong_type"
        return
    assert holds(text) is (left == right)
    assert holds(text.replace("==", "!=")) is (left != right)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("2 == 2.0", True),
        ("1 == true", False),  # true is not a number
        ("0 == false", False),
        ('"" == null', False),
        ("null == null", True),
        ("[1, 2] == [1, 2.0]", True),
        ("[1, 2] == [2, 1]", False),
        ("[1] == [1, 2]", False),
        ("[1] == [true]", False),
        ("context.staff == context.staff", True),
        ("context.shifts[0] == context.shifts[1]", False),
        ("context.staff == context.shifts[1]", False),
        ('"a" < "b"', True),
        ('"a" < "B"', False),  # capitals come first
        ("1 < 1.5", True),
        ('date("2026-12-01") < date("2026-12-02")', True),
    ],
)
def test_equality_and_order_within_a_kind(text: str, answer: bool) -> None:
    assert holds(text) is answer


@pytest.mark.parametrize("field", ["context.start", "context.start_text"])
@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("{} > today()", True),
        ("today() < {}", True),
        ('{} == date("2026-12-01")', True),
        ('date("2026-12-01") == {}', True),
        ('{} != date("2026-12-01")', False),
        ('{} in [date("2026-12-01")]', True),
        ('{} not in [date("2026-12-02")]', True),
        ('{} == "2026-12-01"', True),
    ],
)
def test_a_date_means_the_same_stored_as_text_and_typed(field: str, question: str, answer: bool) -> None:
    assert holds(question.format(field)) is answer


@pytest.mark.parametrize("field", ["context.begins", "context.begins_text"])
@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("{} > now()", True),
        ('{} == datetime("2026-12-01T07:00")', True),  # London in winter is UTC
        ('datetime("2026-12-01T08:00+01:00") == {}', True),
        ('datetime("2026-12-01T07:30") <= {}', False),
    ],
)
def test_a_date_time_means_the_same_stored_as_text_and_typed(field: str, question: str, answer: bool) -> None:
    assert holds(question.format(field)) is answer


@pytest.mark.parametrize(
    "text",
    [
        'context.start == "1 December"',
        'context.start < "2026-13-01"',
        'context.start != "2026-12-01T07:00"',  # a time is more than a date
        'context.begins > "2026-12-01"',  # and a date has no time
        'context.begins == "soon"',
        'context.start in ["soon"]',
        'context.start < "20261201"',  # one form of ISO 8601, so that text sorts as dates do
    ],
)
def test_text_beside_a_date_must_be_one(text: str) -> None:
    error = error_of(text)
    assert error.code == "wrong_type"
    assert "The text is not a date" in error.message


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("2 in [1, 2]", True),
        ("2.0 in [1, 2]", True),
        ("3 not in [1, 2]", True),
        ('"a" in []', False),
        ("true in [1]", False),
        ('context.role in ["Staff", "HR"]', True),
        ("not (1 in [1])", False),
    ],
)
def test_membership(text: str, answer: bool) -> None:
    assert holds(text) is answer


@pytest.mark.parametrize("right", ['"Senior Manager"', "context.staff", "3", "null"])
def test_in_looks_in_lists_only(right: str) -> None:
    # "Manager" in "Senior Manager" would be yes by accident.
    error = error_of(f'"Manager" in {right}')
    assert error.code == "wrong_type"
    assert "“in” looks in a list" in error.message


@pytest.mark.parametrize(
    ("value", "empty"),
    [
        ('""', True),
        ("[]", True),
        ("null", True),
        ("context.none", True),
        ('" "', False),
        ("[null]", False),
        ("0", False),
        ("false", False),
        ("context.staff", False),
        ("today()", False),
    ],
)
def test_empty_is_null_or_without_anything_in_it(value: str, empty: bool) -> None:
    assert holds(f"{value} is empty", none={}) is empty
    assert holds(f"{value} is not empty", none={}) is not empty
    assert holds(f"{value} is null", none={}) is (value == "null")
    assert holds(f"{value} is not null", none={}) is (value != "null")


@pytest.mark.parametrize(
    "text",
    [
        "1 and true",
        "true and 1",
        "0 or true",
        "true and true and null",
        "not 1",
        '"yes" or true',
        "1 if 1 else 2",
    ],
)
def test_logic_is_for_yes_and_no_only(text: str) -> None:
    error = error_of(text)
    assert error.code == "wrong_type"
    assert "needs yes or no, but this is" in error.message


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("false and 1 / 0 == 1", False),
        ("true or 1 / 0 == 1", True),
        ("1 if true else 1 / 0", 1),
        ("1 / 0 if false else 2", 2),
        ("false and false and 1", False),
        ("default(1, 1 / 0)", 1),
    ],
)
def test_what_is_not_needed_is_not_worked_out(text: str, answer: object) -> None:
    assert evaluate(text) == answer


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("context.days", "a number (2)"),
        ("context.role", 'text ("Staff")'),
        ("null", "null (no value)"),
        ("context.list", "a list of 3 items"),
        ("1 + 4", "a number (5)"),
    ],
)
def test_a_condition_must_give_yes_or_no(text: str, shown: str) -> None:
    from flowapp.expressions import ExpressionError

    with pytest.raises(ExpressionError) as caught:
        holds(text)
    assert caught.value.code == "not_boolean"
    assert caught.value.message == f"This condition gives {shown}, not yes or no."
    assert (caught.value.column, caught.value.length) == (1, len(text))


def test_decimals_from_the_data_compare_exactly() -> None:
    assert holds("context.hours == 7.5")
    assert holds("context.tenth + 0.2 == 0.3", tenth=Decimal("0.1"))
    assert holds("context.tenth + 0.2 == 0.3", tenth=0.1)  # a float comes in as what it was written as
