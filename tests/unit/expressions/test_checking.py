"""Checking before running: what is right is left alone, what would fail is a problem."""

from __future__ import annotations

from typing import Any

import pytest

from flowapp.expressions import check
from tests.unit.expressions.leave_schema import SCHEMA, seen


@pytest.mark.parametrize(
    "text",
    [
        "${context.days} <= 3",
        'context.role == "Manager" and context.staff.name is not empty',
        "context.start >= today()",
        'context.start == "2026-12-24"',
        'context.begins < "2026-12-24T07:00"',
        'any(s.hours > 8 and s.status == "open" for s in context.shifts)',
        "steps.find.count > vars.limit",
        'default(context.cover.email, "none") != "none"',
        "context.cover is null or context.cover.name == context.staff.name",
        "context.cover is not null and context.cover.name == context.staff.name",
        "exists(steps.ask) and steps.ask.count > 0",
        "default(steps.ask.count, 0) > 0",
        'not (context.cover is null) and lower(context.cover.name) == "x"',
        'context.reason == "" or contains(context.reason, "ill")',  # has a default, so it is always there
        "context.tags[0] in context.tags",
        "(context.days if context.urgent else vars.limit) > 1",
        "length(distinct([s.status for s in context.shifts])) == 1",
        "first(context.shifts).hours > 8",
        "max([s.hours for s in context.shifts]) > 1",
        'count(s for s in context.shifts if s.note is not empty and contains(s.note, "x")) == 0',
        'context["days"] > 1',
        "add_days(context.start, 3) > today()",
        "hours_between(context.begins, now()) > 2.5",
        "context.urgent",
    ],
)
def test_what_is_right_is_left_alone(text: str) -> None:
    assert seen(check(text, SCHEMA)) == ([], [])
    assert check(text, SCHEMA).type == "boolean"


@pytest.mark.parametrize(
    ("text", "code", "message", "column", "length"),
    [
        ("context.dyas <= 3", "unknown_name", 'context has no "dyas"; did you mean "days"?', 9, 4),
        ("contxt.days <= 3", "unknown_name", 'There is no "contxt" here; did you mean "context"?', 1, 6),
        (
            "steps.fnd.count > 1",
            "unknown_name",
            'There is no step "fnd" before this one; did you mean "find"?',
            7,
            3,
        ),
        (
            'context.staff.nme == "x"',
            "unknown_name",
            'context.staff has no "nme"; did you mean "name"?',
            15,
            3,
        ),
        (
            "any(s.hrs > 8 for s in context.shifts)",
            "unknown_name",
            's has no "hrs"; did you mean "hours"?',
            7,
            3,
        ),
        ("vars.lmit > 1", "unknown_name", 'vars has no "lmit"; did you mean "limit"?', 6, 4),
        (
            'lowr(context.role) == "x"',
            "unknown_function",
            'There is no function "lowr"; did you mean "lower"?',
            1,
            4,
        ),
        ('context.days < "3"', "wrong_type", "You cannot compare a number with text.", 1, 18),
        ("context.urgent > 1", "wrong_type", "You cannot compare yes or no with a number.", 1, 18),
        ("context.days < null", "wrong_type", "You cannot compare a number with null.", 1, 19),
        ("context.start > now()", "wrong_type", "You cannot compare a date with a date-time.", 1, 21),
        (
            'context.start == "soon"',
            "wrong_type",
            '"soon" is not a date here; write it as 2026-11-23.',
            18,
            6,
        ),
        (
            'context.begins > "2026-12-24"',
            "wrong_type",
            '"2026-12-24" is not a date here; write it as 2026-11-23T07:30.',
            18,
            12,
        ),
        ("context.days + context.role == 1", "wrong_type", "You cannot add text to a number.", 1, 27),
        ("context.days * context.tags == 1", "wrong_type", "You cannot multiply a number by a list.", 1, 27),
        ("-context.role == 1", "wrong_type", "Only a number can have a minus before it, not text.", 1, 13),
        (
            "context.urgent and context.days",
            "wrong_type",
            "“and” needs yes or no, but this is a number.",
            20,
            12,
        ),
        ("not context.days", "wrong_type", "“not” needs yes or no, but this is a number.", 5, 12),
        (
            "(1 if context.days else 2) == 1",
            "wrong_type",
            "“if” needs yes or no, but this is a number.",
            7,
            12,
        ),
        (
            'lower(context.days) == "x"',
            "wrong_type",
            "lower(…) needs text, but context.days is a number.",
            7,
            12,
        ),
        ("context.days in context.role", "wrong_type", "“in” looks in a list, but this is text.", 17, 12),
        (
            "any(x for x in context.days)",
            "wrong_type",
            "“for x in” needs a list, but context.days is a number.",
            16,
            12,
        ),
        (
            "any(s.id for s in context.shifts)",
            "wrong_type",
            "“any” needs yes or no, but this is a number.",
            5,
            4,
        ),
        (
            "sum(s.status for s in context.shifts) > 1",
            "wrong_type",
            "Only numbers can be added up, and this is text.",
            5,
            8,
        ),
        ("context.days.x == 1", "wrong_type", 'context.days is a number, so it has no "x".', 14, 1),
        (
            "context.staff[0] == 1",
            "wrong_type",
            "context.staff is a record, so it has no items by position.",
            14,
            3,
        ),
        (
            'context.tags[context.urgent] == "x"',
            "wrong_type",
            "Square brackets take a position or a name, not yes or no.",
            13,
            16,
        ),
        ("context.days", "not_boolean", "This condition gives a number, not yes or no.", 1, 12),
        ("context.days + 1", "not_boolean", "This condition gives a number, not yes or no.", 1, 16),
        ("1 < 2 < 3", "syntax", "Only two things can be compared at a time. Write “a < b and b < c”.", 7, 1),
        ("context.days > 1 / 0", "divide_by_zero", "You cannot divide by zero.", 16, 5),
        (
            "context.days > 9999999999999999",
            "out_of_range",
            "This number is too large: numbers go from -1,000,000,000,000,000 to 1,000,000,000,000,000.",
            16,
            16,
        ),
        (
            'context.start > date("2026-02-30")',
            "wrong_type",
            'date(…) needs a date, but this is text ("2026-02-30").',
            22,
            12,
        ),
        (
            'number("x") > context.days',
            "wrong_type",
            'The text "x" is not a number such as 12 or 2.5.',
            1,
            11,
        ),
        (
            'secrets.token == "x"',
            "secret_not_allowed",
            "A secret can be used only in a field made for secrets, such as a header or a password.",
            1,
            7,
        ),
        ("context.days ≤ 3", "not_ascii", "The sign “≤” cannot be used here. Type <= instead.", 14, 1),
    ],
)
def test_what_would_fail_is_a_problem(text: str, code: str, message: str, column: int, length: int) -> None:
    problems, _ = seen(check(text, SCHEMA))
    assert problems == [(code, message, column, length)]


def test_all_mistakes_are_found_at_once_in_their_order() -> None:
    problems, warnings = seen(check('lowr(context.nme) == contxt.x and context.days < "3" or 1 == 1 / 0', SCHEMA))
    assert [code for code, *_ in problems] == [
        "unknown_function",
        "unknown_name",
        "unknown_name",
        "wrong_type",
        "divide_by_zero",
    ]
    assert [column for *_, column, _ in problems] == sorted(column for *_, column, _ in problems)
    assert warnings == []


def test_what_stands_in_brackets_is_looked_at_even_when_the_path_leads_nowhere() -> None:
    for text, codes in (
        ("context.days.x[nowhere] == 1", ["wrong_type", "unknown_name"]),
        ("contxt.days[nowhere] == 1", ["unknown_name", "unknown_name"]),
    ):
        assert [problem.code for problem in check(text, SCHEMA).problems] == codes


def test_a_suggestion_can_be_put_in_by_the_page() -> None:
    [problem] = check("context.dyas <= 3", SCHEMA).problems
    assert (problem.suggestion, problem.line, problem.column, problem.length) == ("days", 1, 9, 4)


@pytest.mark.parametrize(
    ("text", "kind", "type_"),
    [
        ("context.days + 1", "expression", "number"),
        ("context.shifts", "expression", "list"),
        ("context.begins", "expression", "datetime"),
        ("context.staff", "expression", "record"),
        ("context.cover", "expression", "record"),  # or null
        ("context.urgent", "expression", "boolean"),
        ('default(context.staff.email, "none")', "expression", "text"),
        ('1 if context.urgent else "x"', "expression", None),
        ("null", "expression", None),
        ("context.begins + vars.limit", "expression", "number"),
        ("${context.days}", "value", "number"),
        ("${context.days} days", "value", "text"),
        ("days", "value", "text"),
        ("${context.days}", "template", "text"),
        ("(", "expression", None),
    ],
)
def test_the_kind_of_value_is_told(text: str, kind: Any, type_: str | None) -> None:
    assert check(text, SCHEMA, kind=kind).type == type_


def test_secrets_are_fine_where_they_are_allowed() -> None:
    assert check("Bearer ${secrets.token}", SCHEMA, kind="value", secrets=True).problems == ()


@pytest.mark.parametrize("text", [None, 5, b"x", ["x"]])
def test_what_is_no_text_is_a_problem_not_a_crash(text: Any) -> None:
    kinds: tuple[Any, ...] = ("condition", "value")
    for kind in kinds:
        assert [one.code for one in check(text, SCHEMA, kind=kind).problems] == ["syntax"]
