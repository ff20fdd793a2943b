"""What the parser does when it has found a part: it makes the node. Nothing here recurses."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final, cast

from flowapp.expressions import nodes
from flowapp.expressions.errors import Fault
from flowapp.expressions.nodes import Node
from flowapp.expressions.values import CONTEXT, bounded

if TYPE_CHECKING:
    from lark import Token

ROOTS: Final = ("context", "steps", "vars", "secrets", "loop", "event", "error")
LOOPS: Final = ("any", "all", "count", "sum")
_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES: Final = {"\\": "\\", '"': '"', "'": "'", "n": "\n", "t": "\t"}


def _start(part: Node | Token) -> int:
    return part.start if isinstance(part, Node) else cast(int, part.start_pos)


def _end(part: Node | Token) -> int:
    return part.end if isinstance(part, Node) else cast(int, part.end_pos)


class Builder:
    """One method for each rule of the grammar that has a name; Lark calls it with the parts in a list."""

    def number(self, parts: list[Token]) -> Node:
        """Read a number."""
        [token] = parts
        try:
            value = bounded(int(token) if "." not in token else CONTEXT.create_decimal(Decimal(str(token))))
        except Fault as fault:
            raise fault.at(_start(token), _end(token)) from None
        return nodes.Literal(value, start=_start(token), end=_end(token))

    def text(self, parts: list[Token]) -> Node:
        """Read text in quotes."""
        [token] = parts
        return nodes.Literal(_unescaped(str(token), _start(token)), start=_start(token), end=_end(token))

    def true(self, parts: list[Token]) -> Node:
        """Make yes."""
        return nodes.Literal(True, start=_start(parts[0]), end=_end(parts[0]))

    def false(self, parts: list[Token]) -> Node:
        """Make no."""
        return nodes.Literal(False, start=_start(parts[0]), end=_end(parts[0]))

    def null(self, parts: list[Token]) -> Node:
        """Make null."""
        return nodes.Literal(None, start=_start(parts[0]), end=_end(parts[0]))

    def name(self, parts: list[Token]) -> Node:
        """Make the first part of a dotted name."""
        return nodes.Name(str(parts[0]), start=_start(parts[0]), end=_end(parts[0]))

    def field(self, parts: list[Node | Token]) -> Node:
        """Make or lengthen a path by a name."""
        base, token = parts
        return _longer(base, nodes.Field(str(token), start=_start(token), end=_end(token)))

    def index(self, parts: list[Node | Token]) -> Node:
        """Make or lengthen a path by a position or a worked-out name."""
        base, opening, inner, closing = parts
        return _longer(base, nodes.Index(cast(Node, inner), start=_start(opening), end=_end(closing)))

    def call(self, parts: list[Node | Token]) -> Node:
        """Make a call of a function."""
        name, _, *arguments, closing = parts
        return nodes.Call(str(name), cast("tuple[Node, ...]", tuple(arguments)), start=_start(name), end=_end(closing))

    def loop(self, parts: list[Node | Token]) -> Node:
        """Make any(…), all(…), count(…) or sum(…) over a list."""
        name, _, each, closing = parts
        if name not in LOOPS:
            message = f"“for” goes only inside any(…), all(…), count(…) and sum(…), not inside {name}(…)."
            raise Fault("syntax", message, start=_start(name), end=_end(name))
        return replace(
            cast(nodes.Loop, each),
            kind=cast(nodes.LoopKind, str(name)),
            start=_start(name),
            end=_end(closing),
        )

    def each(self, parts: list[Node | Token]) -> Node:
        """Make the inside of a loop."""
        body, variable, _, items, *condition = parts
        if variable in ROOTS:
            message = f"“{variable}” has a meaning already; choose another name for the item."
            raise Fault("syntax", message, start=_start(variable), end=_end(variable))
        asked = cast(Node, condition[1]) if condition else None
        return nodes.Loop("list", cast(Node, body), str(variable), cast(Node, items), asked)

    def list_of(self, parts: list[Node | Token]) -> Node:
        """Make a list written out."""
        opening, *items, closing = parts
        return nodes.ListOf(cast("tuple[Node, ...]", tuple(items)), start=_start(opening), end=_end(closing))

    def list_loop(self, parts: list[Node | Token]) -> Node:
        """Make a list worked out from a list."""
        opening, each, closing = parts
        return replace(cast(nodes.Loop, each), start=_start(opening), end=_end(closing))

    def bracket(self, parts: list[Node | Token]) -> Node:
        """Leave brackets out; only the place they cover stays."""
        opening, inner, closing = parts
        return replace(cast(Node, inner), start=_start(opening), end=_end(closing))

    def negative(self, parts: list[Node | Token]) -> Node:
        """Make a minus before something."""
        sign, operand = parts
        return nodes.Negate(cast(Node, operand), start=_start(sign), end=_end(operand))

    def opposite(self, parts: list[Node | Token]) -> Node:
        """Make a not."""
        sign, operand = parts
        return nodes.Not(cast(Node, operand), start=_start(sign), end=_end(operand))

    def arithmetic(self, parts: list[Node | Token]) -> Node:
        """Make a row of sums or of products; a single part stays itself."""
        first, *rest = parts
        if not rest:
            return cast(Node, first)
        pairs = tuple((str(sign), cast(Node, operand)) for sign, operand in zip(rest[::2], rest[1::2], strict=True))
        return nodes.Arithmetic(cast(Node, first), pairs, start=_start(first), end=_end(parts[-1]))

    def compared(self, parts: list[Node | Token]) -> Node:
        """Make a comparison by a sign."""
        left, sign, right = parts
        return _comparison(cast(nodes.CompareSign, str(sign)), left, right)

    def within(self, parts: list[Node | Token]) -> Node:
        """Make `in`."""
        return _comparison("in", parts[0], parts[-1])

    def not_within(self, parts: list[Node | Token]) -> Node:
        """Make `not in`."""
        return _comparison("not in", parts[0], parts[-1])

    def tested(self, parts: list[Node | Token]) -> Node:
        """Make `is empty` or `is null`."""
        return _tested(parts, negated=False)

    def not_tested(self, parts: list[Node | Token]) -> Node:
        """Make `is not empty` or `is not null`."""
        return _tested(parts, negated=True)

    def either(self, parts: list[Node]) -> Node:
        """Make an `or`; a single part stays itself."""
        if len(parts) == 1:
            return parts[0]
        return nodes.Logic("or", tuple(parts), start=_start(parts[0]), end=_end(parts[-1]))

    def both(self, parts: list[Node]) -> Node:
        """Make an `and`; a single part stays itself."""
        if len(parts) == 1:
            return parts[0]
        return nodes.Logic("and", tuple(parts), start=_start(parts[0]), end=_end(parts[-1]))

    def choice(self, parts: list[Node | Token]) -> Node:
        """Make a choice of two."""
        yes, _, condition, _, no = parts
        return nodes.Choice(cast(Node, condition), cast(Node, yes), cast(Node, no), start=_start(yes), end=_end(no))


def _comparison(sign: nodes.CompareSign, left: Node | Token, right: Node | Token) -> Node:
    return nodes.Comparison(sign, cast(Node, left), cast(Node, right), start=_start(left), end=_end(right))


def _tested(parts: list[Node | Token], *, negated: bool) -> Node:
    operand, word = parts[0], parts[-1]
    kind = "empty" if word == "empty" else "null"
    return nodes.Test(kind, negated, cast(Node, operand), start=_start(operand), end=_end(word))  # type: ignore[arg-type]


def _longer(base: Node | Token, part: nodes.Field | nodes.Index) -> Node:
    start, end = _start(base), part.end
    if isinstance(base, nodes.Path):
        return nodes.Path(base.base, (*base.parts, part), start=start, end=end)
    return nodes.Path(cast(Node, base), (part,), start=start, end=end)


def _unescaped(token: str, start: int) -> str:
    inner = token[1:-1]
    for place, sign in enumerate(inner):
        if sign < " " or sign == "\x7f":
            message = "Text in quotes is written on one line; write \\n for a new line and \\t for a tab."
            raise Fault("syntax", message, start=start + 1 + place, end=start + 2 + place)
    for found in _ESCAPE.finditer(inner):
        if found[1] not in _ESCAPES:
            message = f"“{found[0]}” has no meaning; for a backslash write two of them."
            raise Fault("syntax", message, start=start + 1 + found.start(), end=start + 1 + found.end())
    return _ESCAPE.sub(lambda found: _ESCAPES[found[1]], inner)
