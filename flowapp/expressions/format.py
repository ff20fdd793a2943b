"""From nodes back to text, in one tidy form: reading it again gives the same nodes."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from flowapp.expressions.nodes import (
    Arithmetic,
    Call,
    Choice,
    Comparison,
    Index,
    ListOf,
    Literal,
    Logic,
    Loop,
    Name,
    Negate,
    Node,
    Not,
    Path,
    Test,
)

# How tightly each form binds; an inner part that binds looser than its place asks for is put in brackets.
CHOICE, OR, AND, NOT, COMPARISON, SUM, PRODUCT, SIGNED, POSTFIX = range(9)
_ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}


def unparse(node: Node) -> str:
    """Answer the text of the expression."""
    return _text(node, CHOICE)


def literal(value: str | int | Decimal | bool | None) -> str:
    """Answer a value as it is written in an expression."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return '"' + "".join(_ESCAPES.get(sign, sign) for sign in value) + '"'
        case Decimal():
            return format(value, "f")
    return str(value)


def _text(node: Node, place: int) -> str:
    written, tightness = _written(node)
    return f"({written})" if tightness < place else written


def _written(node: Node) -> tuple[str, int]:
    match node:
        case Literal():
            return literal(node.value), POSTFIX
        case Name():
            return node.name, POSTFIX
        case ListOf():
            return f"[{_row(node.items)}]", POSTFIX
        case Call():
            return f"{node.name}({_row(node.arguments)})", POSTFIX
        case Path():
            return _path(node), POSTFIX
        case Loop():
            return _loop(node), POSTFIX
    return _operation(node)


def _operation(node: Node) -> tuple[str, int]:
    match node:
        case Negate():
            return f"-{_text(node.operand, SIGNED)}", SIGNED
        case Not():
            return f"not {_text(node.operand, NOT)}", NOT
        case Arithmetic():
            return _arithmetic(node)
        case Comparison():
            return f"{_text(node.left, SUM)} {node.sign} {_text(node.right, SUM)}", COMPARISON
        case Test():
            return f"{_text(node.operand, SUM)} is {'not ' * node.negated}{node.kind}", COMPARISON
        case Logic():
            tightness = OR if node.word == "or" else AND
            return f" {node.word} ".join(_text(part, tightness + 1) for part in node.operands), tightness
        case Choice():
            yes, condition, no = _text(node.yes, OR), _text(node.condition, OR), _text(node.no, CHOICE)
            return f"{yes} if {condition} else {no}", CHOICE
    raise AssertionError(f"Unknown node {type(node).__name__}.")


def _arithmetic(node: Arithmetic) -> tuple[str, int]:
    tightness = SUM if node.rest[0][0] in "+-" else PRODUCT
    rest = "".join(f" {sign} {_text(operand, tightness + 1)}" for sign, operand in node.rest)
    return _text(node.first, tightness + 1) + rest, tightness


def _path(node: Path) -> str:
    written = _text(node.base, POSTFIX)
    if isinstance(node.base, Literal) and not isinstance(node.base.value, str):
        written = f"({written})"  # 1.name would be read as a number
    for part in node.parts:
        written += f"[{unparse(part.index)}]" if isinstance(part, Index) else f".{part.name}"
    return written


def _loop(node: Loop) -> str:
    asked = "" if node.condition is None else f" if {_text(node.condition, OR)}"
    inside = f"{unparse(node.body)} for {node.variable} in {_text(node.items, OR)}{asked}"
    return f"[{inside}]" if node.kind == "list" else f"{node.kind}({inside})"


def _row(parts: tuple[Node, ...]) -> str:
    return ", ".join(unparse(part) for part in parts)
