"""Texts with values in them, fields that are one value, and all fields of an action at once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from flowapp.expressions import ExpressionError, render, template, value
from tests.unit.expressions.world import MONDAY, filled, names, place_of


def refused(text: str, **context: Any) -> ExpressionError:
    """Answer the error that filling in a template ends in."""
    with pytest.raises(ExpressionError) as caught:
        filled(text, **context)
    return caught.value


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("", ""),
        ("no values here", "no values here"),
        ("Dear ${context.staff.name},", "Dear Anna Boyd,"),
        ("${context.days}", "2"),
        ("${context.days}${context.days}", "22"),
        ("${context.hours} hours", "7.5 hours"),
        ("${context.urgent} ${not context.urgent}", "no yes"),
        ("${context.start}", "2026-12-01"),
        ('${default(context.staff.phone, "no phone")}', "no phone"),
        ('${join(context.words, ", ")}', "Ben, Anna"),
        ('${"a}b"} ${"${x}"}', "a}b ${x}"),  # brackets in quotes are text
        ("${ ${context.days} + 1 }", "3"),  # a bracket inside
        ("${\n context.days\n}", "2"),
        ("$${context.days}", "${context.days}"),  # the escape
        ("$$${context.days}", "$${context.days}"),
        ("$$$${context.days}", "$$${context.days}"),
        ("$ $x $$ 5$", "$ $x $$ 5$"),
        ("} {} {{context.days}} {% if %} #{x} %s", "} {} {{context.days}} {% if %} #{x} %s"),
        ("£5 – “naïve” 🙂", "£5 – “naïve” 🙂"),
        ("line\r\nline\ttab\x00", "line\r\nline\ttab\x00"),
    ],
)
def test_values_are_filled_in_and_everything_else_is_left(text: str, result: str) -> None:
    assert filled(text) == result


@pytest.mark.parametrize(
    "evil",
    [
        "${context.days}",
        "$${x}",
        "${secrets.token}",
        "{{7*7}}",
        "${",
        "}",
        "$",
        "${${",
        "%(x)s",
        "{0.__class__}",
        "\\n",
    ],
)
def test_a_value_comes_out_byte_for_byte_whatever_it_says(evil: str) -> None:
    assert filled("<${context.evil}>", evil=evil) == f"<{evil}>"
    assert filled('${"" + context.evil}${join([context.evil], "")}', evil=evil) == evil * 2
    assert value("${context.evil}").render(names(evil=evil), MONDAY) == evil
    assert render({"a": ["${context.evil}"]}, names(evil=evil), MONDAY) == {"a": [evil]}


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("Hi ${context.staff.phone}", "missing_value", (1, 6, 19)),  # null
        ("Hi ${context.nobody}", "unknown_name", (1, 14, 6)),  # missing
        ("Hi\n ${context.list}", "wrong_type", (2, 4, 12)),
        ("${context.staff}", "wrong_type", (1, 3, 13)),
        ("${context.days", "syntax", (1, 1, 2)),
        ("a ${}", "syntax", (1, 3, 3)),
        ("a ${ }", "syntax", (1, 3, 4)),
        ("a\nb ${1 +} c", "syntax", (2, 8, 1)),
        ("a ${(1} c", "syntax", (1, 7, 1)),
        ("a ${1)} c", "syntax", (1, 6, 1)),
        ("ä ${ä} c", "not_ascii", (1, 5, 1)),
        ("a ${'} c", "syntax", (1, 5, 1)),
        ("a ${lowr(1)} c", "unknown_function", (1, 5, 4)),
        ("a ${secrets.x} c", "secret_not_allowed", (1, 5, 7)),
        ("a ${1 / 0} c", "divide_by_zero", (1, 5, 5)),
    ],
)
def test_errors_have_their_place_in_the_whole_text(text: str, code: str, place: tuple[int, int, int]) -> None:
    error = refused(text)
    assert (error.code, place_of(error)) == (code, place)


def test_an_error_can_be_shown_with_a_caret() -> None:
    error = refused("Dear Anna,\nyour ${context.dyas} days")
    assert error.caret("Dear Anna,\nyour ${context.dyas} days") == "your ${context.dyas} days\n               ^^^^"


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("${context.days}", 2),
        ("${context.hours}", Decimal("7.5")),
        ("${context.urgent}", False),
        ("${context.staff.phone}", None),  # a field may be left empty on purpose
        ("${context.start}", date(2026, 12, 1)),
        ("${context.list}", [3, 1, 2]),
        ("${context.staff}", {"name": "Anna Boyd", "phone": None, "email": "anna@home.example"}),
        ("${ context.days + 1 }", 3),
        (" ${context.days}", " 2"),  # anything around it makes it a text
        ("${context.days}${context.days}", "22"),
        ("$${context.days}", "${context.days}"),
        ("context.days", "context.days"),
        ("", ""),
    ],
)
def test_a_field_that_is_one_value_keeps_its_kind(text: str, result: object) -> None:
    found = value(text).render(names(), MONDAY)
    assert found == result
    assert type(found) is type(result)


def test_a_missing_name_is_an_error_in_a_field_too() -> None:
    with pytest.raises(ExpressionError) as caught:
        value("${context.nobody}").render(names(), MONDAY)
    assert (caught.value.code, place_of(caught.value)) == ("unknown_name", (1, 11, 6))


def test_all_fields_of_an_action_are_filled_in_at_any_depth() -> None:
    fields = {
        "to": "${context.staff.email}",
        "days": "${context.days}",
        "body": {"list": ["${context.list}", "a ${1 + 1}", 5, None, True]},
        "pair": ("${1}", Decimal("1.5")),
        "${context.days}": "keys are left alone",
    }
    assert render(fields, names(), MONDAY) == {
        "to": "anna@home.example",
        "days": 2,
        "body": {"list": [[3, 1, 2], "a 2", 5, None, True]},
        "pair": [1, Decimal("1.5")],
        "${context.days}": "keys are left alone",
    }
    assert render("${context.days}", names(), MONDAY) == 2


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"a": "${x}"}, "a"),
        ({"a": {"b": ["ok", "${x}"]}}, "a.b[1]"),
        (["${x}"], "[0]"),
        ("${x}", ""),
    ],
)
def test_an_error_says_which_field_it_is_in(fields: object, path: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        render(fields, names(), MONDAY)
    assert caught.value.path == path


def test_secrets_are_for_the_fields_that_are_named() -> None:
    held = names() | {"secrets": {"token": "s3"}}
    fields = {"headers": {"Authorization": "Bearer ${secrets.token}"}, "body": "x"}
    assert render(fields, held, MONDAY, secrets={"headers"}) == {
        "headers": {"Authorization": "Bearer s3"},
        "body": "x",
    }
    for wrong in ({**fields, "body": "${secrets.token}"}, {"body": {"headers": "${secrets.token}"}}):
        with pytest.raises(ExpressionError) as caught:
            render(wrong, held, MONDAY, secrets={"headers"})
        assert caught.value.code == "secret_not_allowed"
        assert caught.value.path.startswith("body")


def test_a_template_read_with_secrets_is_not_handed_to_those_without() -> None:
    held = names() | {"secrets": {"token": "s3"}}
    assert value("${secrets.token}", secrets=True).render(held, MONDAY) == "s3"
    with pytest.raises(ExpressionError):
        value("${secrets.token}")


def test_the_same_text_is_read_once() -> None:
    assert template("a ${1}") is template("a ${1}")
    assert value("a ${1}") is value("a ${1}")


@pytest.mark.parametrize("text", [None, 5, b"a"])
def test_only_text_is_a_template(text: object) -> None:
    for read in (template, value):
        with pytest.raises(ExpressionError):
            read(text)  # type: ignore[arg-type]


def test_a_template_says_what_it_will_be_in_words() -> None:
    words = template("Dear ${context.staff.name}, ${context.days} days").describe({"context.days": "days requested"})
    assert words == "Dear [staff name], [days requested] days"
