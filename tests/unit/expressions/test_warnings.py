"""Warnings: what may fail or is odd; and the checks of templates and fields."""

from __future__ import annotations

from typing import Any

import pytest

from flowapp.expressions import check
from tests.unit.expressions.leave_schema import SCHEMA, seen


@pytest.mark.parametrize(
    ("text", "code", "message", "column", "length"),
    [
        (
            'context.days == "3"',
            "never_equal",
            "A number is never equal to text, so this is always no.",
            1,
            19,
        ),
        (
            'context.days != "3"',
            "never_equal",
            "A number is never equal to text, so this is always yes.",
            1,
            19,
        ),
        (
            "context.urgent == 1",
            "never_equal",
            "Yes or no is never equal to a number, so this is always no.",
            1,
            19,
        ),
        (
            "context.days == null",
            "never_equal",
            "A number is never equal to null, so this is always no.",
            1,
            20,
        ),
        (
            'context.role == "Manger"',
            "never_equal",
            'context.role is never "Manger"; did you mean "Manager"?',
            17,
            8,
        ),
        (
            'context.role in ["HR", "Stff"]',
            "never_equal",
            'context.role is never "Stff"; did you mean "Staff"?',
            24,
            6,
        ),
        (
            '"Open" == first(context.shifts).status',
            "never_equal",
            'first(context.shifts).status is never "Open"; did you mean "open"?',
            1,
            6,
        ),
        (
            'context.days in ["1", "2"]',
            "never_equal",
            "A number is never equal to text, so nothing of this list can be it.",
            1,
            26,
        ),
        (
            "steps.ask.count > 1",
            "may_not_have_run",
            'The step "ask" may not have run when this is worked out. Use default(…, …).',
            1,
            9,
        ),
        (
            'context.cover.name == "x"',
            "may_be_missing",
            "context.cover may be null (no value), which cannot be looked into. Use default(…, …).",
            1,
            13,
        ),
        (
            'lower(context.staff.email) == "x"',
            "may_be_missing",
            "context.staff.email may be null (no value), which cannot be given to lower(…). Use default(…, …).",
            7,
            19,
        ),
        (
            'context.staff.email < "x"',
            "may_be_missing",
            "context.staff.email may be null (no value), which cannot be compared. Use default(…, …).",
            1,
            19,
        ),
        (
            "-context.balance == 1",
            "may_be_missing",
            "context.balance may be null (no value), which cannot be reckoned with. Use default(…, …).",
            2,
            15,
        ),
        (
            "1 + context.balance > 1",
            "may_be_missing",
            "context.balance may be null (no value), which cannot be reckoned with. Use default(…, …).",
            5,
            15,
        ),
        (
            "sum(x for x in [context.balance]) > 1",
            "may_be_missing",
            "x may be null (no value), which cannot be added up. Use default(…, …).",
            5,
            1,
        ),
        (
            "default(context.dyas, 1) > 1",
            "unknown_name",
            'context has no "dyas"; did you mean "days"?',
            17,
            4,
        ),
        ("1 == 1", "always_yes", "This condition is always yes.", 1, 6),
        ("1 > 2", "always_no", "This condition is always no.", 1, 5),
        ("false", "always_no", "This condition is always no.", 1, 5),
        ("context.urgent or true", "always_yes", "This condition is always yes.", 1, 22),
        ("context.urgent and 1 > 2", "always_no", "This condition is always no.", 1, 24),
        ("context.urgent and true", "always_yes", "This part is always yes.", 20, 4),
        ("not (context.urgent or 1 > 2)", "always_no", "This part is always no.", 24, 5),
    ],
)
def test_what_may_fail_or_is_odd_is_a_warning(text: str, code: str, message: str, column: int, length: int) -> None:
    assert seen(check(text, SCHEMA)) == ([], [(code, message, column, length)])


@pytest.mark.parametrize(
    ("text", "kind", "problems", "warnings"),
    [
        ("Dear ${context.staff.name}", "template", [], []),
        ("no values", "template", [], []),
        ("Dear ${context.staff.nme}", "template", [("unknown_name", 22)], []),
        ("${context.shifts}", "template", [("wrong_type", 3)], []),
        ("${context.shifts}", "value", [], []),
        ("See ${context.shifts}", "value", [("wrong_type", 7)], []),
        ("${null}", "template", [("missing_value", 3)], []),
        ("${context.staff.email}", "template", [], [("may_be_missing", 3)]),
        ("${context.staff.email}", "value", [], []),  # a field may be left empty
        ('${default(context.staff.email, "-")}', "template", [], []),
        ("${context.days", "template", [("syntax", 1)], []),
        ("${secrets.token}", "value", [("secret_not_allowed", 3)], []),
        ("a ${1 / 0} b ${x}", "template", [("divide_by_zero", 5), ("unknown_name", 16)], []),
        ("x" * 70_000, "template", [("too_long", 1)], []),
    ],
)
def test_templates_and_values_are_checked(
    text: str, kind: Any, problems: list[tuple[str, int]], warnings: list[tuple[str, int]]
) -> None:
    found = check(text, SCHEMA, kind=kind)
    assert [(one.code, one.column) for one in found.problems] == problems
    assert [(one.code, one.column) for one in found.warnings] == warnings
