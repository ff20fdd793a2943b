"""Names: reading plain data by dots and brackets, and what is said about those that do not exist."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from types import MappingProxyType

import pytest

from flowapp.expressions import Environment, condition, expression, template, value
from tests.unit.expressions.world import MONDAY, error_of, evaluate, names, place_of


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("context.days", 2),
        ("context.staff.name", "Anna Boyd"),
        ('context["days"]', 2),
        ('context["staff"]["name"]', "Anna Boyd"),
        ('context["sta" + "ff"].name', "Anna Boyd"),
        ("context.list[0]", 3),
        ("context.list[-1]", 2),
        ("context.list[context.days]", 2),
        ("context.list[4 / 2]", 2),  # a decimal number that is whole
        ("context.shifts[1].hours", 9),
        ("[1, 2][1]", 2),
        ("first(context.shifts).id", 1),
        ("(context.staff).name", "Anna Boyd"),
        ("vars.limit", 3),
        ("steps.find.count", 3),
    ],
)
def test_names_are_read(text: str, result: object) -> None:
    assert evaluate(text) == result


BRACKETS = "Square brackets take a position (a whole number) or a name in quotes, not "


@pytest.mark.parametrize(
    ("text", "code", "message", "place", "suggestion"),
    [
        ("context.dyas", "unknown_name", 'context has no "dyas"; did you mean "days"?', (1, 9, 4), "days"),
        (
            "1 + contxt.days",
            "unknown_name",
            'There is no "contxt" here; did you mean "context"?',
            (1, 5, 6),
            "context",
        ),
        ("zebra", "unknown_name", 'There is no "zebra" here.', (1, 1, 5), None),
        (
            "context.staff.nme",
            "unknown_name",
            'context.staff has no "nme"; did you mean "name"?',
            (1, 15, 3),
            "name",
        ),
        ('context["dyas"]', "unknown_name", 'context has no "dyas"; did you mean "days"?', (1, 8, 8), "days"),
        (
            "steps.fnd.count",
            "unknown_name",
            'There is no output of a step "fnd" here: it has not run on this path, or has another name;'
            ' did you mean "find"?',
            (1, 7, 3),
            "find",
        ),
        (
            "context.staff.phone.code",
            "missing_value",
            'context.staff.phone is null (no value), so it has no "code".',
            (1, 1, 24),
            None,
        ),
        (
            "context.days.x",
            "wrong_type",
            'context.days is a number, which has no fields, so it has no "x".',
            (1, 14, 1),
            None,
        ),
        (
            "context.role.upper",
            "wrong_type",
            'context.role is text, which has no fields, so it has no "upper".',
            (1, 14, 5),
            None,
        ),
        (
            "context.role[0]",
            "wrong_type",
            "context.role is text, which has no items, so it has no item 0.",
            (1, 13, 3),
            None,
        ),
        (
            "context.begins.year",
            "wrong_type",
            'context.begins is a date-time, which has no fields, so it has no "year".',
            (1, 16, 4),
            None,
        ),
        (
            "context.list.length",
            "wrong_type",
            'context.list is a list; name an item by its position, such as [0], before "length".',
            (1, 14, 6),
            None,
        ),
        (
            "context.staff[0]",
            "wrong_type",
            "context.staff is a record; its fields have names, not positions.",
            (1, 14, 3),
            None,
        ),
        (
            "context.list[3]",
            "out_of_range",
            "This list has 3 items, so there is no item 3.",
            (1, 13, 3),
            None,
        ),
        (
            "context.list[-4]",
            "out_of_range",
            "This list has 3 items, so there is no item -4.",
            (1, 13, 4),
            None,
        ),
        ("context.list[0.5]", "wrong_type", BRACKETS + "a number (0.5).", (1, 13, 5), None),
        ("context.list[true]", "wrong_type", BRACKETS + "yes or no (yes).", (1, 13, 6), None),
        ("context.list[null]", "wrong_type", BRACKETS + "null (no value).", (1, 13, 6), None),
    ],
)
def test_what_is_not_there_is_said_with_its_place(
    text: str, code: str, message: str, place: tuple[int, int, int], suggestion: str | None
) -> None:
    error = error_of(text)
    assert (error.code, error.message, place_of(error), error.suggestion) == (
        code,
        message,
        place,
        suggestion,
    )


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ('default(context.staff.phone, "none")', "none"),  # null
        ('default(context.missing, "none")', "none"),  # not there
        ('default(context.missing.deeper.still, "none")', "none"),
        ('default(nowhere.at.all, "none")', "none"),
        ('default(context.list[9], "none")', "none"),
        ('default(context.nothing.inside, "none")', "none"),
        ('default(context.staff.name, "none")', "Anna Boyd"),
        ('default(context.empty, "none")', ""),  # empty is a value
        ("default(context.urgent, true)", False),
        ("default(null, null)", None),
        ("exists(context.days)", True),
        ("exists(context.missing)", False),
        ("exists(context.missing.deeper)", False),
        ("exists(nowhere)", False),
        ("exists(context.list[2])", True),
        ("exists(context.list[3])", False),
        ("exists(context.nothing)", True),  # it is there, and null
        ("exists(context.nothing.inside)", False),
        ("exists(steps.ask.answer)", False),
    ],
)
def test_default_and_exists_allow_a_name_to_be_missing(text: str, result: object) -> None:
    assert evaluate(text) == result


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("default(context.days.x, 1)", "wrong_type"),  # a mistake stays one
        (
            "default(context[context.missing], 1)",
            "unknown_name",
        ),  # the name inside the brackets is not forgiven
        ("default(upper(context.missing), 1)", "unknown_name"),
        ("default(context.missing, context.missing)", "unknown_name"),
        ("exists(context[context.missing])", "unknown_name"),
        ("exists(1)", "syntax"),
        ("exists(lower(context.role))", "syntax"),
        ("context.missing is null", "unknown_name"),
        ("context.missing is empty", "unknown_name"),
        ("context.missing == null", "unknown_name"),
        ("length([context.missing])", "unknown_name"),
    ],
)
def test_nothing_else_does(text: str, code: str) -> None:
    assert error_of(text).code == code


class Booby:
    """An object that notices when anything is asked of it."""

    def __getattribute__(self, name: str) -> object:
        raise AssertionError(f"{name} was looked up")

    def __eq__(self, other: object) -> bool:
        raise AssertionError("it was compared")

    __hash__ = None  # type: ignore[assignment]


class _Hidden:
    """Keeps the booby from pytest, which would look at it to name the test."""

    def __init__(self) -> None:
        self.thing = Booby()


class Sneaky(dict):  # type: ignore[type-arg]
    """A record that is more than plain data."""


@pytest.mark.parametrize(
    "thing",
    [_Hidden(), object(), Booby, b"bytes", {1, 2}, 1j, Sneaky(a=1), MappingProxyType({"a": 1}), lambda: 1],
)
@pytest.mark.parametrize(
    "text",
    [
        "context.x",
        "context.x.a",
        "context.x == 1",
        "1 == context.x",
        "context.x < 1",
        "[context.x]",
        "context.x is null",
        "context.x in [1]",
        "lower(context.x)",
        "[y for y in context.xs]",
        "context.xs == [1]",
        "sort(context.xs)",
        "join(context.xs, 1)",
        "distinct(context.xs)",
        "default(context.x, 1)",
        "exists(context.x)",
    ],
)
def test_objects_are_refused_without_being_touched(text: str, thing: object) -> None:
    if isinstance(thing, _Hidden):
        thing = thing.thing
    error = error_of(text, x=thing, xs=[thing])
    assert error.code == "wrong_type"


@pytest.mark.parametrize(
    "text", ["context.x", "${context.x} and ${context.y.z} in [context.x, a.b]", "exists(context.x)"]
)
def test_the_names_used_are_listed(text: str) -> None:
    assert "context.x" in condition(text).names


def test_names_are_dotted_sorted_and_without_those_of_loops() -> None:
    loop = 'any(s.hours > vars.limit and s.x for s in steps.find.shifts if s.role == context["role"])'
    text = f"{loop} or context.list[steps.n] > 1"
    assert condition(text).names == (
        "context.list",
        "context.role",
        "steps.find.shifts",
        "steps.n",
        "vars.limit",
    )
    assert expression("1 + 2").names == ()
    assert template("Dear ${context.a}, ${context.b} ${context.a}").names == ("context.a", "context.b")
    assert value("${shift.hours}").names == ("shift.hours",)


def test_a_tuple_is_a_list_and_a_float_is_the_decimal_it_was_written_as() -> None:
    assert evaluate("context.x", x=(1, (2, 0.1))) == [1, [2, Decimal("0.1")]]


def test_a_date_time_without_a_zone_is_refused() -> None:
    error = error_of("context.x == now()", x=datetime(2026, 1, 1))  # noqa: DTZ001 -- what a careless caller passes
    assert error.code == "wrong_type"
    assert "no time zone" in error.message
    with pytest.raises(ValueError, match="time zone"):
        Environment(now=datetime(2026, 1, 1), timezone=MONDAY.timezone)  # noqa: DTZ001


def test_a_record_whose_names_are_not_text_cannot_leave() -> None:
    assert error_of("context.x", x={1: 2}).code == "wrong_type"


@pytest.mark.parametrize(
    "text",
    [
        "secrets.token",
        'secrets["token"] == "x"',
        "exists(secrets.token)",
        "default(secrets.token, 1)",
        "[secrets.a for x in context.list]",
        "context.list[secrets.a]",
        "secrets",
        "upper(secrets.a.b)",
    ],
)
def test_secrets_cannot_be_read(text: str) -> None:
    error = error_of(text)
    assert error.code == "secret_not_allowed"
    assert text[error.column - 1 :].startswith("secrets")
    assert error.length == len("secrets")


def test_secrets_can_be_read_in_fields_made_for_them() -> None:
    held = names() | {"secrets": {"token": "s3"}}
    assert value("Bearer ${secrets.token}", secrets=True).render(held, MONDAY) == "Bearer s3"
    assert value("${secrets.token}", secrets=True).render(held, MONDAY) == "s3"


def test_a_field_called_secrets_is_only_a_field() -> None:
    assert evaluate("context.secrets", secrets="open") == "open"
