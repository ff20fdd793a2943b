"""What people write by mistake, with the sentence that each mistake deserves.

Every row carries malformed samples; a test reads each of them and expects exactly that row's sentence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flowapp.expressions.near import WORDS

# What the parser was waiting for when it met the token, told from the tokens it would have taken.
OPERAND, OPERATOR, WORD, ANYTHING = "a value", "a sign such as “and” or “<=”", "a name", "anything"
EMPTINESS, MEMBERSHIP = "“empty” or “null”", "“in”"


@dataclass(frozen=True, slots=True)
class Mistake:
    """A kind of mistake: what was waited for, what came, what to say, and samples."""

    waiting: str
    found: frozenset[str]  # the token as written, or its kind in capitals
    message: str
    samples: tuple[str, ...]


def _mistake(waiting: str, found: str, message: str, *samples: str) -> Mistake:
    return Mistake(waiting, frozenset(found.split()), message, samples)


MISTAKES: Final[tuple[Mistake, ...]] = (
    _mistake(
        OPERATOR,
        "< <= > >= == !=",
        "Only two things can be compared at a time. Write “a < b and b < c”.",
        "1 < context.days < 5",
        "a == b == c",
        "a in b == c",
        "a is null == b",
    ),
    _mistake(
        OPERATOR,
        "in is",
        "Only two things can be compared at a time. Join comparisons with “and”.",
        "a == b in c",
        "a in b in c",
        "a == b is null",
    ),
    _mistake(
        OPERATOR,
        "(",
        "Only the functions of the list can be used, and a value has no functions of its own.",
        "context.name.lower()",
        "a[0](1)",
        "(a)(b)",
        '"x"(1)',
    ),
    _mistake(
        OPERATOR,
        ",",
        "A comma stands only between the values of a function or of a list.",
        "a, b",
        "context.days < 1,000",
        "(a, b)",
        "a[1, 2]",
    ),
    _mistake(
        OPERATOR,
        "!",
        "“not” goes before what it turns round: write “not a”, or “a != b”.",
        "a ! b",
        "a !in b",
    ),
    _mistake(
        OPERATOR,
        "if",
        "A choice is written “a if condition else b”; a second “if” needs brackets around its choice.",
        "[x for x in a if b if c]",
        "1 if a if b else 2",
    ),
    _mistake(
        OPERATOR,
        "for",
        "“for” goes only inside any(…), all(…), count(…), sum(…) or a list in square brackets.",
        "x for x in a",
        "(x for x in a)",
        "[x for x in a for y in b]",
        "any(1, x for x in a)",
    ),
    _mistake(OPERATOR, "else", "“else” needs an “if” before it: write “a if condition else b”.", "a else b"),
    _mistake(
        OPERATOR,
        ") ] }",
        "“else” and what to give otherwise are missing before this bracket.",
        "(1 if a)",
        "[1 if a]",
        "${1 if a}",
    ),
    _mistake(
        MEMBERSHIP,
        "ANY",
        "“in” is expected here: “a not in list”, or “any(x > 2 for x in list)”.",
        "a not b",
        "a not == b",
        "a not",
        "[x for x of a]",
        "any(x for x)",
    ),
    _mistake(
        OPERATOR,
        "NAME NUMBER TEXT ${ [ true false null True False None",
        "A sign or a word such as “and”, “or”, “==” is missing between two values.",
        "a b",
        '"a" "b"',
        "context.days 3",
        "a ${b}",
        "1 true",
        "context. days is5 null",
    ),
    _mistake(
        OPERAND,
        "= == != < <= > >=",
        "The left side of this comparison is missing.",
        "<= 3",
        "a and > 3",
        "(== 2)",
    ),
    _mistake(
        OPERAND,
        "and or && || else for in is",
        "Something is missing before this word.",
        "and a",
        "a or or b",
        "not and a",
        "is null",
        "(or a)",
    ),
    _mistake(
        OPERAND,
        "if",
        "Something is missing before “if”: write “a if condition else b”.",
        "if a",
        "if a else b",
    ),
    _mistake(OPERAND, "+ * / %", "Something is missing before this sign.", "+ 3", "2 * * 3", "a ** b", "a // b"),
    _mistake(
        OPERAND,
        ".",
        "A value is missing before the dot. Write small numbers with a nought: 0.5.",
        ".5",
        "a + .name",
    ),
    _mistake(OPERAND, ")", "Something is missing before this bracket.", "()", "(a +)", "lower(a,)", "a and ()"),
    _mistake(OPERAND, "] }", "Something is missing before this bracket.", "a[]", "${}", "[1,]", "a[1 +]"),
    _mistake(OPERAND, ",", "Something is missing before this comma.", "lower(,a)", "[1,,2]", "[,]"),
    _mistake(
        OPERAND,
        "not !",
        "“not” must stand before the whole comparison: write “not a == b”, or “a != b”.",
        "a == not b",
        "1 + not a",
        "a < !b",
    ),
    _mistake(
        WORD,
        "NUMBER [ ( . ] ) } + - * / % < <= > >= == != , TEXT ${ !",
        "A name is missing here.",
        "a.[0]",
        "a..b",
        "a.(b)",
        'a."b"',
        "[x for 3 in a]",
    ),
    _mistake(
        EMPTINESS,
        "ANY",
        "After “is” comes “empty”, “not empty”, “null” or “not null”. To compare values use “==”.",
        "a is 3",
        "a is not b",
        "a is true",
        'a is "x"',
        "a is",
        "a is not",
    ),
    _mistake(
        ANYTHING,
        "END",
        "The expression stops too early: something is missing at the end.",
        "a +",
        "a and",
        "not",
        "a if b else",
        "a ==",
        "1 if a",
        "context.",
    ),
)


def sentence(waiting: str, kind: str, token: str) -> str:
    """Answer the sentence for a token (its kind, and as written) that came instead of what was due."""
    if kind == "NAME" and token.lower() in WORDS:
        return f"Write “{token.lower()}” in small letters."
    for mistake in MISTAKES:
        if mistake.waiting in (waiting, ANYTHING) and mistake.found & {kind, token, "ANY"}:
            return mistake.message
    return f"“{token[:40]}” cannot stand here; {waiting} was expected."
