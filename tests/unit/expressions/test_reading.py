"""Reading: what the grammar takes, how tightly it binds, and what people are told when it cannot be read."""

from __future__ import annotations

from decimal import Decimal

import pytest

from flowapp.expressions.errors import Fault
from flowapp.expressions.format import unparse
from flowapp.expressions.mistakes import MISTAKES
from flowapp.expressions.nodes import Literal
from flowapp.expressions.parser import parse
from flowapp.expressions.signs import SIGNS
from tests.unit.expressions.world import error_of, evaluate, holds, place_of


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("2.50", Decimal("2.5")),
        ("007", 7),
        ('"text"', "text"),
        ("'text'", "text"),
        ('"it\'s"', "it's"),
        (r'"say \"hi\" \\ \n\t"', 'say "hi" \\ \n\t'),
        (r"'it\'s'", "it's"),
        ('"Zoë – ‘café’"', "Zoë – ‘café’"),  # anything may stand inside text
        ('"${context.days}"', "${context.days}"),  # and nothing in it is evaluated
        ("true", True),
        ("True", True),
        ("false", False),
        ("False", False),
        ("null", None),
        ("None", None),
        ("[1, 2]", [1, 2]),
        ("[]", []),
        ("[[1], []]", [[1], []]),
        (" \t\r\n 1 \n", 1),
    ],
)
def test_a_literal_is_what_it_says(text: str, value: object) -> None:
    found = evaluate(text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("text", "with_brackets"),
    [
        ("true or false and false", "true or (false and false)"),
        ("true || false && false", "true or (false and false)"),
        ("not true or true", "(not true) or true"),
        ("! true == false", "not (true == false)"),  # `!` is only another way to write `not`
        ("1 + 2 * 3", "1 + (2 * 3)"),
        ("1 - 2 - 3", "(1 - 2) - 3"),
        ("12 / 2 * 3", "(12 / 2) * 3"),
        ("7 % 4 + 1", "(7 % 4) + 1"),
        ("-2 + 3", "(-2) + 3"),
        ("-2 * -3", "(-2) * (-3)"),
        ("1 + 1 == 2", "(1 + 1) == 2"),
        ("1 in [1] and true", "(1 in [1]) and true"),
        ("1 if false else 2 if false else 3", "1 if false else (2 if false else 3)"),
        ("1 if true or false else 2", "1 if (true or false) else 2"),
        ('"a" + "b" is empty', '("a" + "b") is empty'),
        ("- [1, 2][0]", "-([1, 2][0])"),
        ("${1 + 1} * 2", "(1 + 1) * 2"),
    ],
)
def test_operators_bind_as_the_table_says(text: str, with_brackets: str) -> None:
    assert unparse(parse(text)) == unparse(parse(unparse(parse(text))))
    assert evaluate(text) == evaluate(with_brackets)
    assert type(evaluate(text)) is type(evaluate(with_brackets))


@pytest.mark.parametrize(
    "text",
    [
        "${context.days} <= 3",
        "context.days <= 3",
        "${context.days <= 3}",
        "(context.days) <= ${3}",
        "${${context.days}} <= 3",
    ],
)
def test_a_dollar_bracket_is_simply_a_bracket(text: str) -> None:
    assert holds(text) is True
    assert parse(text) == parse("context.days <= 3")


@pytest.mark.parametrize(
    "text",
    ["a orb", "a andb", "a inb", "a notin b", "a isempty", "1 if a elseb", "nota b", "[x forx in a]"],
)
def test_keywords_are_whole_words(text: str) -> None:
    with pytest.raises(Fault) as caught:
        parse(text)
    assert caught.value.code == "syntax"


def test_words_that_begin_like_keywords_are_names() -> None:
    assert evaluate("context.order + context.android + context.nothing_left", order=1, android=2, nothing_left=3) == 6


def test_after_a_dot_a_keyword_is_a_field() -> None:
    record = {word: number for number, word in enumerate(["in", "is", "if", "not", "null", "true", "empty", "for"])}
    for word, number in record.items():
        assert evaluate(f"context.odd.{word}", odd=record) == number


@pytest.mark.parametrize(
    ("text", "sample"), [(mistake.message, text) for mistake in MISTAKES for text in mistake.samples]
)
def test_a_mistake_gets_its_own_sentence(text: str, sample: str) -> None:
    error = error_of(sample)
    assert error.code == "syntax"
    assert error.message == text


SIGN_SAMPLES = [
    ("a === b", "==="),
    ("a !== b", "!=="),
    ("a <> b", "<>"),
    ("a => b", "=>"),
    ("a =< b", "=<"),
    ("a = b", "="),
    ("a & b", "&"),
    ("a | b", "|"),
    ('a == "b', '"'),
    ("a == 'b", "'"),
    ("$a", "$"),
    ("{a}", "{"),
    ("a ? b", "?"),
    ("a : b", ":"),
    ("a; b", ";"),
    ("a # b", "#"),
    ("`a`", "`"),
    ("a \\ b", "\\"),
    ("a ^ b", "^"),
    ("~a", "~"),
    ("a@b.uk", "@"),
    ("a \x00 b", "\x00"),
]


@pytest.mark.parametrize(("text", "sign"), SIGN_SAMPLES)
def test_a_sign_that_does_not_exist_is_pointed_at(text: str, sign: str) -> None:
    error = error_of(text)
    assert error.code == "syntax"
    assert place_of(error) == (1, text.index(sign) + 1, len(sign))
    assert error.message == dict((known, message) for known, message, _ in SIGNS).get(
        sign, "This sign has no meaning here."
    )


def test_every_strange_sign_has_a_sample() -> None:
    assert {sign for sign, *_ in SIGNS} <= {sign for _, sign in SIGN_SAMPLES}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("(1 + 2", "This “(” is never closed; a “)” is missing."),
        ("1 + 2)", "This “)” closes nothing."),
        ("[1, 2)", "This “)” does not fit: “[” is open, which closes with “]”."),
        ("${context.days", "This “${” is never closed; a “}” is missing."),
        ("1e5 < 2", "“1e5” is neither a number nor a name. Numbers are written in full, like 1000 or 2.5."),
        (
            "1_000 < 2",
            "“1_000” is neither a number nor a name. Numbers are written in full, like 1000 or 2.5.",
        ),
        ("a AND b", "Write “and” in small letters."),
        ("NOT", 'Write "not" in small letters.'),
        (r'"C:\dir"', r"“\d” has no meaning; for a backslash write two of them."),
        ('"a\tb"', "Text in quotes is written on one line; write \\n for a new line and \\t for a tab."),
        ('"a\nb"', "This quotation mark is never closed."),
        ("", "There is no expression here."),
        (" \n ", "There is no expression here."),
        ("len([1])", "len(…) is written length(list)."),
        ("lowr(context.role)", 'There is no function "lowr"; did you mean "lower"?'),
        ("lower()", "lower(…) takes text (text); here it has 0 values."),
        ("round(1, 2, 3)", "round(…) takes x (a number), digits (a whole number); here it has 3 values."),
        (
            "max(x for x in context.list)",
            "“for” goes only inside any(…), all(…), count(…) and sum(…), not inside max(…).",
        ),
        (
            "any(vars > 1 for vars in context.list)",
            "“vars” has a meaning already; choose another name for the item.",
        ),
    ],
)
def test_what_cannot_be_read_is_explained(text: str, message: str) -> None:
    assert error_of(text).message == message


@pytest.mark.parametrize("text", [5, None, b"true", ["true"], object()])
def test_only_text_can_be_read(text: object) -> None:
    assert error_of(text).code == "syntax"  # type: ignore[arg-type]


def test_two_and_two_point_nought_are_different_literals() -> None:
    assert Literal(2) != Literal(Decimal("2.0"))
    assert Literal(1) != Literal(True)
    assert len({Literal(1), Literal(True), Literal(Decimal(1))}) == 3
