"""From text to nodes: first a look at size and signs, then Lark's LALR parser.

Lark and its parser cost about a quarter of a second, so they are loaded when the first expression is read,
not at start. Lark's own cache would put a pickle into the temporary folder,
which others on the machine can write to.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

from flowapp.expressions.build import Builder
from flowapp.expressions.errors import Fault
from flowapp.expressions.limits import CHARACTERS
from flowapp.expressions.mistakes import EMPTINESS, MEMBERSHIP, OPERAND, OPERATOR, WORD, sentence
from flowapp.expressions.nodes import Node
from flowapp.expressions.scan import scan, too_many_characters

if TYPE_CHECKING:
    from lark import Lark, UnexpectedInput

GRAMMAR = Path(__file__).with_name("grammar.lark")


def parse(text: str) -> Node:
    """Read a whole text as one expression; a Fault says what is wrong with it, and where."""
    if type(text) is not str:
        raise Fault("syntax", "An expression is a text.")
    if len(text) > CHARACTERS:
        raise too_many_characters(CHARACTERS, len(text))
    if not scan(text).tokens:
        raise Fault("syntax", "There is no expression here.", start=0, end=1)
    return parse_part(text, 0, len(text))


def parse_part(text: str, start: int, end: int) -> Node:
    """Read a part of a text that `scan` has looked at; places are those in the whole text."""
    from lark import TextSlice, UnexpectedInput

    try:
        return cast(Node, lark().parse(TextSlice(text, start, end)))
    except UnexpectedInput as error:
        raise _unexpected(error, end) from None
    except RecursionError:
        raise Fault("too_deep", "This is nested too deeply.", start=start, end=end) from None


@cache
def lark() -> Lark:
    """Build the parser, once."""
    from lark import Lark, Transformer

    builder = type("_Builder", (Builder, Transformer), {})()
    return Lark(
        GRAMMAR.read_text(encoding="utf-8"),
        parser="lalr",
        lexer="contextual",
        transformer=builder,
        maybe_placeholders=False,
    )


def _unexpected(error: UnexpectedInput, end: int) -> Fault:
    token = getattr(error, "token", None)
    expected = set(getattr(error, "expected", None) or getattr(error, "allowed", None) or ())
    if token is None or token.type == "$END":
        return Fault("syntax", sentence(_waiting(expected), "END", ""), start=end, end=end + 1)
    start = token.start_pos
    message = sentence(_waiting(expected), token.type, str(token))
    return Fault("syntax", message, start=start, end=token.end_pos)


def _waiting(expected: set[str]) -> str:
    if {"NAME", "NUMBER"} <= expected:
        return OPERAND
    if "EMPTY" in expected:
        return EMPTINESS
    if expected <= {"FIELD", "NAME"}:
        return WORD
    return MEMBERSHIP if expected == {"IN"} else OPERATOR
