"""Plain words: what a condition asks, and why it came out as it did."""

from __future__ import annotations

from typing import Any

import pytest

from flowapp.expressions import ExpressionError, condition, expression
from tests.unit.expressions.world import MONDAY, names

LABELS = {"context.days": "days requested", "context.role": "role", "vars.limit": "the limit"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        # beside a whole number people count
        ("${context.days} <= 3", "days requested is 3 or fewer"),
        ("context.days < 3", "days requested is fewer than 3"),
        ("context.days >= 3", "days requested is 3 or more"),
        ("context.days > 3", "days requested is more than 3"),
        ("context.days == 3", "days requested is 3"),
        ("context.days != 3", "days requested is not 3"),
        ("3 >= context.days", "days requested is 3 or fewer"),
        ("3 < context.days", "days requested is more than 3"),
        # beside anything else it is an amount
        ("context.days <= 2.5", "days requested is at most 2.5"),
        ("context.days < vars.limit", "days requested is less than the limit"),
        ("context.days >= vars.limit", "days requested is at least the limit"),
        ("context.days > vars.limit + 1", "days requested is more than the limit plus 1"),
        # dates and times
        ("context.start >= today()", "start is on or after today"),
        ("context.start < today()", "start is before today"),
        ('context.start <= date("2026-12-24")', "start is on or before the date 24 December 2026"),
        ('context.start < "2026-12-24"', "start is before 24 December 2026"),
        ("context.begins >= now()", "begins is at or after now"),
        # text and lists
        ('context.role == "Manager"', 'role is "Manager"'),
        ('context.role > "M"', 'role is after "M" in the alphabet'),
        ('context.role in ["Manager"]', 'role is "Manager"'),
        ('context.role in ["Manager", "HR", "Regional"]', 'role is one of "Manager", "HR" or "Regional"'),
        ('context.role not in ["Manager", "HR"]', 'role is neither "Manager" nor "HR"'),
        ("context.role in context.words", "role is in words"),
        ("context.role not in context.words", "role is not in words"),
        # questions
        ("context.staff.phone is empty", "staff phone is empty"),
        ("context.staff.phone is not empty", "staff phone is not empty"),
        ("context.staff.phone is null", "staff phone has no value"),
        ("context.staff.phone is not null", "staff phone has a value"),
        ("context.staff.phone == null", "staff phone has no value"),
        ("context.urgent", "urgent is yes"),
        ("context.urgent == true", "urgent is yes"),
        ("not context.urgent", "urgent is no"),
        ("true", "always"),
        ("not true", "never"),
        # joined
        ('context.days <= 3 and context.role == "Staff"', 'days requested is 3 or fewer and role is "Staff"'),
        ("context.urgent or context.days > 5", "urgent is yes or days requested is more than 5"),
        (
            "(context.urgent or context.late) and context.days > 5",
            "either urgent is yes or late is yes, and days requested is more than 5",
        ),
        ("not (context.days > 3)", "days requested is 3 or fewer"),
        ("not (context.urgent and context.days > 3)", "urgent is no or days requested is 3 or fewer"),
        # functions
        ('contains(context.staff.name, "Boyd")', 'staff name contains "Boyd"'),
        ('not contains(context.staff.name, "Boyd")', 'staff name does not contain "Boyd"'),
        ("is_working_day(context.start)", "start is a working day"),
        ("not is_bank_holiday(context.start)", "start is not a bank holiday"),
        ("exists(context.staff)", "there is staff"),
        ("days_between(today(), context.start) < 14", "the days from today to start is fewer than 14"),
        ("length(context.list) > 2", "the length of list is more than 2"),
        ('default(context.staff.phone, "") is empty', 'staff phone (or "" when there is none) is empty'),
        ("max(context.days, 2) > 1", "the largest of days requested and 2 is more than 1"),
        # loops
        ("any(s.hours > 8 for s in context.shifts)", "for at least one of shifts, hours is more than 8"),
        ("all(x > 0 for x in context.list)", "for every one of list, it is more than 0"),
        ("not any(s.late for s in context.shifts)", "for none of shifts, late is yes"),
        (
            'count(s.hours > 8 for s in context.shifts if s.role == "Carer") == 1',
            'the number of shifts where role is "Carer" and hours is more than 8 is 1',
        ),
        ("sum(s.hours for s in context.shifts) > 20", "the total of hours over shifts is more than 20"),
        # choices and sums
        (
            "context.days > 3 if context.urgent else context.days > 5",
            "days requested is more than 3 if urgent is yes, otherwise days requested is more than 5",
        ),
        ("(context.days + 1) * 2 > 6", "(days requested plus 1) times 2 is more than 6"),
        ("-context.days < 0", "minus days requested is fewer than 0"),
    ],
)
def test_a_condition_is_described(text: str, words: str) -> None:
    assert condition(text).describe(LABELS) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("context.leave.days", "leave days"),
        ("context.staff_id", "staff id"),
        ("steps.find.count", "count of find"),
        ("steps.find_cover.first.name", "first name of find cover"),
        ("vars.max_days", "max days"),
        ("shift.hours", "shift hours"),
        ("loop.number", "loop number"),
        ("error.message", "error message"),
        ("context.list[0]", "the first of list"),
        ("context.list[1]", "item 2 of list"),
        ("context.shifts[0].hours", "hours of the first of shifts"),
        ("context.list[context.days]", "one of list"),
        ('context["days"]', "days"),
        ("context", "context"),
        ("first(context.shifts).hours", "hours of that"),
        ("1 == 1", "1 is 1"),
        ("[x * 2 for x in context.list]", "it times 2 for each of list"),
        ("[1, 2]", "1 and 2"),
        ("context.a if context.b else context.c", "a if b is yes, otherwise c"),
        ("lower(context.role)", "role in small letters"),
    ],
)
def test_words_are_made_from_names_where_there_is_no_label(text: str, words: str) -> None:
    assert expression(text).describe() == words


def explained(text: str, **context: Any) -> tuple[bool, str]:
    """Answer how a condition comes out, and why."""
    read = condition(text)
    given = names(**context)
    return read.evaluate(given, MONDAY), read.explain(given, MONDAY, LABELS)


@pytest.mark.parametrize(
    ("text", "context", "outcome", "sentence"),
    [
        ("${context.days} <= 3", {}, True, "Days requested was 2, which is 3 or fewer."),
        ("${context.days} <= 3", {"days": 4}, False, "Days requested was 4; the limit is 3 or fewer, so no."),
        ("context.days >= 3", {}, False, "Days requested was 2; it must be 3 or more, so no."),
        (
            "context.days > vars.limit",
            {},
            False,
            "Days requested was 2; it must be more than the limit (3), so no.",
        ),
        ("3 >= context.days", {"days": 4}, False, "Days requested was 4; the limit is 3 or fewer, so no."),
        ('context.role == "Staff"', {}, True, 'Role was "Staff".'),
        ('context.role == "Manager"', {}, False, 'Role was "Staff", not "Manager", so no.'),
        ('context.role != "Manager"', {}, True, 'Role was "Staff", not "Manager".'),
        ('context.role != "Staff"', {}, False, 'Role was "Staff", so no.'),
        ("context.days == vars.limit", {"days": 3}, True, "Days requested was 3, the same as the limit (3)."),
        (
            "context.days == vars.limit",
            {},
            False,
            "Days requested was 2, not the same as the limit (3), so no.",
        ),
        ('context.role in ["HR", "Staff"]', {}, True, 'Role was "Staff", which is "HR" or "Staff".'),
        (
            'context.role in ["HR", "Regional"]',
            {},
            False,
            'Role was "Staff", which is neither "HR" nor "Regional", so no.',
        ),
        ('context.role not in ["HR"]', {}, True, 'Role was "Staff", which is not "HR".'),
        (
            "context.role in context.words",
            {},
            False,
            'Role was "Staff", which is not in words ("Ben" and "Anna"), so no.',
        ),
        (
            "context.start >= today()",
            {},
            True,
            "Start was 1 December 2026, which is on or after today (23 November 2026).",
        ),
        (
            "context.start_text < today()",
            {},
            False,
            "Start text was 1 December 2026; it must be before today (23 November 2026), so no.",
        ),
        (
            "context.begins > now()",
            {},
            True,
            "Begins was 1 December 2026, 07:00, which is after now (23 November 2026, 09:30).",
        ),
        ("context.staff.phone is empty", {}, True, "Staff phone had no value."),
        ("context.staff.name is empty", {}, False, 'Staff name was "Anna Boyd", so no.'),
        ("context.empty is not empty", {}, False, "Empty was empty, so no."),
        ("context.nothing is not null", {}, False, "Nothing had no value, so no."),
        ("context.nothing == null", {}, True, "Nothing had no value."),
        ("context.urgent", {}, False, "Urgent was no, so no."),
        ("not context.urgent", {}, True, "Urgent was no."),
        ("not (context.days > 3)", {"days": 4}, False, "Days requested was 4, which is more than 3, so no."),
        ('contains(context.staff.name, "Boyd")', {}, True, 'Staff name ("Anna Boyd") contains "Boyd".'),
        (
            "is_working_day(context.start)",
            {"start": "2026-12-25"},
            False,
            "Start (25 December 2026) is not a working day, so no.",
        ),
        ("true", {}, True, "This is always yes."),
        ("length(context.list) > 5", {}, False, "The length of list was 3; it must be more than 5, so no."),
    ],
)
def test_a_run_is_explained_with_its_values(text: str, context: dict[str, Any], outcome: bool, sentence: str) -> None:
    assert explained(text, **context) == (outcome, sentence)


@pytest.mark.parametrize(
    ("text", "context", "outcome", "sentence"),
    [
        # and: all of it when it is so, otherwise up to the part that decided
        (
            'context.days <= 3 and context.role == "Staff"',
            {},
            True,
            'Days requested was 2, which is 3 or fewer, and role was "Staff".',
        ),
        (
            'context.days <= 3 and context.role == "Manager"',
            {},
            False,
            'Days requested was 2, which is 3 or fewer, but role was "Staff", not "Manager", so no.',
        ),
        (
            'context.days <= 3 and context.role == "Manager"',
            {"days": 4},
            False,
            "Days requested was 4, which is more than 3, so no.",
        ),
        # or: the part that was enough, after those that were not
        (
            'context.days <= 3 or context.role == "Manager"',
            {},
            True,
            "Days requested was 2, which is 3 or fewer.",
        ),
        (
            'context.days <= 3 or context.role == "Staff"',
            {"days": 4},
            True,
            'Days requested was 4, which is more than 3, but role was "Staff".',
        ),
        (
            'context.days <= 3 or context.role == "Manager"',
            {"days": 4},
            False,
            'Days requested was 4, which is more than 3, and role was "Staff", not "Manager", so no.',
        ),
        # loops: the item that decided
        (
            "any(s.hours > 8 for s in context.shifts)",
            {},
            True,
            "Hours was 9, which is more than 8 for item 2 of shifts.",
        ),
        (
            "any(s.hours > 20 for s in context.shifts)",
            {},
            False,
            "For none of 3 items in shifts, hours is more than 20, so no.",
        ),
        (
            "all(s.hours > 8 for s in context.shifts)",
            {},
            False,
            "Hours was 7, which is 8 or fewer for item 1 of shifts, so no.",
        ),
        (
            "all(s.hours > 1 for s in context.shifts)",
            {},
            True,
            "For every one of 3 items in shifts, hours is more than 1.",
        ),
        (
            "any(x > 1 for x in context.list if x > 9)",
            {},
            False,
            "There was nothing in list where it is more than 9, so no.",
        ),
        ("all(x > 1 for x in [])", {}, True, "There was nothing in an empty list."),
        (
            "any(any(y > x for y in [2]) for x in [3, 1])",
            {},
            True,
            "It was 2, which is more than it (1) for item 1 of 2 for item 2 of 3 and 1.",
        ),
        # choices
        (
            "context.days > 3 if context.urgent else context.days > 1",
            {},
            True,
            "Urgent was no, and days requested was 2, which is more than 1.",
        ),
    ],
)
def test_the_part_that_decided_is_named(text: str, context: dict[str, Any], outcome: bool, sentence: str) -> None:
    assert explained(text, **context) == (outcome, sentence)


def test_long_values_are_cut_and_lists_counted() -> None:
    assert "…" in explained('context.role == "x"', role="y" * 500)[1]
    assert len(explained('context.role == "x"', role="y" * 500)[1]) < 120
    assert explained("context.list == [1]")[1] == "List was 3, 1 and 2, not the same as 1, so no."
    assert "a list of 8 items" in explained("context.list == [1]", list=list(range(8)))[1]
    assert "a record" in explained("context.staff == 1")[1]


def test_what_cannot_be_worked_out_cannot_be_explained_either() -> None:
    for text in ("context.dyas > 1", "context.days", "1 / 0 > 1"):
        read = condition(text)
        with pytest.raises(ExpressionError) as first:
            read.evaluate(names(), MONDAY)
        with pytest.raises(ExpressionError) as second:
            read.explain(names(), MONDAY)
        assert first.value.message == second.value.message


def test_what_takes_nearly_all_steps_is_still_explained() -> None:
    text = "any(any(y < 0 for y in context.list) for x in context.list) or all(x >= 0 for x in context.list)"
    outcome, sentence = explained(text, list=list(range(150)))
    assert outcome is True
    assert sentence.startswith(("For ", "There "))
    assert sentence.endswith(".")


def test_a_label_with_curly_brackets_is_only_a_label() -> None:
    odd = {"context.days": "{0} {x} days"}
    assert condition("abs(context.days) > 1").describe(odd) == "{0} {x} days without its sign is more than 1"
    assert condition("max(context.days, 1) > 1").describe(odd) == "the largest of {0} {x} days and 1 is more than 1"
