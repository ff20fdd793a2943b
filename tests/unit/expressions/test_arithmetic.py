"""Reckoning is exact, only with what fits, and within the limits."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from flowapp.expressions import condition, value
from tests.unit.expressions.world import MONDAY, error_of, evaluate, filled, names, place_of


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("1 + 2", 3),
        ("0.1 + 0.2", Decimal("0.3")),
        ("3 - 5", -2),
        ("2.5 * 2", Decimal("5.0")),
        ("2 * 3", 6),
        ("7 / 2", Decimal("3.5")),
        ("6 / 2", Decimal(3)),
        ("1 / 3", Decimal("0.3333333333333333333333333333")),  # 28 digits
        ("7 % 3", 1),
        ("-7 % 3", 2),  # the divisor's sign
        ("7 % -3", -2),
        ("7.5 % 2", Decimal("1.5")),
        ("-7.5 % 2", Decimal("0.5")),
        ("7.5 % -2", Decimal("-0.5")),
        ("-6 % 2.0", Decimal(0)),
        ("-context.days", -2),
        ("--2", 2),
        ("-2.5", Decimal("-2.5")),
        ('"a" + "b"', "ab"),
        ('"" + ""', ""),
        ("1 + 2 + 3 - 4", 2),
    ],
)
def test_reckoning(text: str, result: object) -> None:
    found = evaluate(text)
    assert found == result
    assert type(found) is type(result)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('1 + "a"', 'You cannot add text ("a") to a number (1). To join them as text, use text(…).'),
        ('"a" + 1', 'You cannot add a number (1) to text ("a"). To join them as text, use text(…).'),
        ("1 + true", "You cannot add yes or no (yes) to a number (1)."),
        ("1 + null", "You cannot add null (no value) to a number (1)."),
        ("[1] + [2]", "You cannot add a list of 1 item to a list of 1 item."),
        ('"a" - "b"', 'You cannot take text ("b") from text ("a").'),
        ('"a" * 3', 'You cannot multiply text ("a") by a number (3).'),
        ('3 * "a"', 'You cannot multiply a number (3) by text ("a").'),
        ("[1] * 3", "You cannot multiply a list of 1 item by a number (3)."),
        ('1 / "2"', 'You cannot divide a number (1) by text ("2").'),
        ('"%s" % 1', 'You cannot divide text ("%s") by a number (1).'),
        ("-true", "Only a number can have a minus before it, not yes or no (yes)."),
        ('-"1"', 'Only a number can have a minus before it, not text ("1").'),
        (
            "context.start - today()",
            "You cannot take a date (2026-11-23) from a date (2026-12-01). Use days_between(a, b).",
        ),
        ("today() + 1", "You cannot add a number (1) to a date (2026-11-23)."),
    ],
)
def test_what_does_not_fit_is_refused_naming_both(text: str, message: str) -> None:
    error = error_of(text)
    assert error.code == "wrong_type"
    assert error.message == message
    assert place_of(error) == (1, 1, len(text))


@pytest.mark.parametrize("text", ["1 / 0", "1 % 0", "1 / 0.0", "1.5 % 0", "context.days / (2 - 2)"])
def test_dividing_by_zero_is_an_error(text: str) -> None:
    assert error_of(text).code == "divide_by_zero"


LARGEST = 10**15


@pytest.mark.parametrize(
    "text",
    [
        f"{LARGEST}",
        f"-{LARGEST}",
        f"{LARGEST - 1} + 1",
        f"{LARGEST}.0",
        "31622776 * 31622776",
        f"{LARGEST} * 1.0",
    ],
)
def test_numbers_up_to_the_limit_can_be_used(text: str) -> None:
    assert abs(evaluate(text)) <= LARGEST  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        f"{LARGEST + 1}",
        "9" * 1900,
        f"{LARGEST}.1",
        f"{LARGEST} + 1",
        f"-{LARGEST} - 1",
        f"{LARGEST} * {LARGEST}",
        f"{LARGEST} / 0.1",
        f"sum([{LARGEST}, 1])",
        f'number("{LARGEST + 1}")',
        "context.huge",
        "context.huge < 1",
        "context.huge == 1",
        "[context.huge]",
    ],
)
def test_numbers_beyond_the_limit_are_refused(text: str) -> None:
    error = error_of(text, huge=10**40)
    assert error.code == "out_of_range"
    assert "too large" in error.message


@pytest.mark.parametrize(
    "number",
    [
        float("nan"),
        float("inf"),
        float("-inf"),
        Decimal("NaN"),
        Decimal("sNaN"),
        Decimal("Infinity"),
        1e300,
        Decimal("1E+900"),
    ],
)
def test_numbers_that_are_not_finite_or_too_large_cannot_come_in(number: object) -> None:
    for text in (
        "context.x",
        "context.x + 1",
        "context.x < 1",
        "context.x == context.x",
        "[context.x]",
        "max([context.x, 1])",
    ):
        assert error_of(text, x=number).code == "out_of_range"


def test_remainders_of_numbers_too_far_apart_are_refused() -> None:
    assert error_of("1000000000000000 % context.tiny", tiny=Decimal("1E-50")).code == "out_of_range"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("2.50", "2.5"),
        ("3.0", "3"),
        ("100", "100"),
        ("1000000000000000", "1000000000000000"),
        ("0.000001", "0.000001"),
        ("-0.0", "0"),
        ("10 / 4", "2.5"),
        ("6 / 2", "3"),
        ("1 / 3", "0.3333333333333333333333333333"),
        ("-2.50", "-2.5"),
        ("context.small", "0.00000000001"),
    ],
)
def test_numbers_as_text_have_no_exponent_and_no_needless_noughts(number: str, text: str) -> None:
    assert filled(f"${{{number}}}", small=Decimal("1E-11")) == text


def test_a_tiny_number_does_not_become_a_megabyte_of_noughts() -> None:
    assert len(filled("${context.tiny}", tiny=Decimal("1E-900000"))) < 100


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("context.begins + vars.wait", datetime(2026, 12, 1, 10, 0, tzinfo=UTC)),
        ("context.begins - vars.wait", datetime(2026, 12, 1, 4, 0, tzinfo=UTC)),
        ("context.begins + context.half", datetime(2026, 12, 1, 7, 30, tzinfo=UTC)),
        ("context.begins + context.day", datetime(2026, 12, 2, 7, 0, tzinfo=UTC)),
        ("context.start + context.day", date(2026, 12, 2)),
        ("context.start - context.day", date(2026, 11, 30)),
        ("context.friday + context.working", date(2026, 11, 30)),  # over the weekend
    ],
)
def test_a_date_moves_by_a_duration_written_as_workflows_write_it(text: str, result: object) -> None:
    found = evaluate(
        text,
        half={"hours": Decimal("0.5")},
        day={"days": 1},
        working={"working_days": 1},
        friday=date(2026, 11, 27),
    )
    assert found == result
    assert type(found) is type(result)


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("context.begins + context.x", {"hours": 1, "minutes": 2}),  # one unit at a time
        ("context.begins + context.x", {"fortnights": 1}),
        ("context.begins + context.x", {"hours": "1"}),
        ("context.begins + context.x", {}),
        ("context.begins + context.x", {"days": Decimal("0.5")}),
        ("context.start + context.x", {"hours": 1}),  # a date has no time
        ("context.x + context.begins", {"hours": 1}),  # the date comes first
    ],
)
def test_what_is_no_duration_moves_nothing(text: str, duration: object) -> None:
    assert error_of(text, x=duration).code == "wrong_type"


def test_moving_beyond_the_calendar_is_an_error() -> None:
    for unit in ("days", "hours"):
        assert error_of("context.begins + context.x", x={unit: 10**12}).code == "out_of_range"


def test_the_decimal_context_of_the_program_is_left_alone() -> None:
    from decimal import getcontext

    before = (getcontext().prec, dict(getcontext().flags))
    evaluate("1 / 3 + 2.5 % 0.7")
    assert (getcontext().prec, dict(getcontext().flags)) == before


def test_evaluating_changes_nothing_it_was_given() -> None:
    given = names()
    before = repr(given)
    condition(
        'any(s.late for s in context.shifts) and sort(context.list) != reverse(context.list) or "" == ""'
    ).evaluate(given, MONDAY)
    copied = value("${context.shifts}").render(given, MONDAY)
    assert isinstance(copied, list)
    copied[0]["hours"] = 99
    assert repr(given) == before
