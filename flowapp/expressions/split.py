"""A template's text in pieces: what is copied as it stands, and the expressions between `${` and `}`."""

from __future__ import annotations

from flowapp.expressions.errors import Fault
from flowapp.expressions.limits import TEMPLATE_TOKENS, TEMPLATE_VALUES
from flowapp.expressions.nodes import Node
from flowapp.expressions.parser import parse_part
from flowapp.expressions.scan import scan


def pieces_of(text: str) -> list[str | Node]:
    """Answer the pieces in their order; `$${` is a plain `${`."""
    pieces: list[str | Node] = []
    literal: list[str] = []
    values = tokens = position = 0
    while (dollar := text.find("$", position)) >= 0:
        literal.append(text[position:dollar])
        if text.startswith("$${", dollar):
            literal.append("${")
            position = dollar + 3
        elif not text.startswith("${", dollar):
            literal.append("$")
            position = dollar + 1
        else:
            node, count, position = _value(text, dollar)
            values, tokens = values + 1, tokens + count
            _not_too_many(values, tokens, dollar)
            pieces += [*_joined(literal), node]
            literal = []
    literal.append(text[position:])
    return [*pieces, *_joined(literal)]


def _joined(literal: list[str]) -> list[str]:
    joined = "".join(literal)
    return [joined] if joined else []


def _value(text: str, dollar: int) -> tuple[Node, int, int]:
    seen = scan(text, dollar + 2, in_template=True)
    if not seen.tokens:
        raise Fault("syntax", "There is nothing between “${” and “}”.", start=dollar, end=seen.end + 1)
    return parse_part(text, dollar + 2, seen.end), seen.tokens, seen.end + 1


def _not_too_many(values: int, tokens: int, dollar: int) -> None:
    if values > TEMPLATE_VALUES or tokens > TEMPLATE_TOKENS:
        message = f"This has too many values: at most {TEMPLATE_VALUES}, with {TEMPLATE_TOKENS:,} words and signs."
        raise Fault("too_long", message, start=dollar, end=dollar + 2)
