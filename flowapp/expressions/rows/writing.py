"""From rows to the text of a condition, by way of the same nodes that the parser makes."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from flowapp.expressions.format import unparse
from flowapp.expressions.nodes import (
    Call,
    CompareSign,
    Comparison,
    Field,
    ListOf,
    Literal,
    Logic,
    Name,
    Negate,
    Node,
    Not,
    Path,
    Test,
)
from flowapp.expressions.rows.row import Row, Rows, Value, Written

SIGNS: Final[dict[str, CompareSign]] = {
    "is": "==",
    "is_not": "!=",
    "more": ">",
    "at_least": ">=",
    "less": "<",
    "at_most": "<=",
    "one_of": "in",
    "none_of": "not in",
    "includes": "in",
    "leaves_out": "not in",
}
CALLS: Final = {"contains": "contains", "starts": "starts_with", "ends": "ends_with"}


def text_of(rows: Rows) -> str:
    """Answer the text of the condition; of no rows it is empty."""
    parts = tuple(node_of(row) for row in rows.rows)
    if not parts:
        return ""
    return unparse(parts[0] if len(parts) == 1 else Logic(rows.joined, parts))


def node_of(row: Row) -> Node:
    """Answer the comparison of one row as the parser would have read it."""
    path, comparison = _path(row.field), row.comparison
    if comparison in CALLS:
        return Call(CALLS[comparison], (path, _side(row.value)))
    match comparison:
        case "yes":
            return path
        case "no":
            return Not(path)
        case "lacks":
            return Not(Call("contains", (path, _side(row.value))))
        case "empty" | "not_empty":
            return Test("empty", comparison == "not_empty", path)
        case "no_value" | "value":
            return Test("null", comparison == "value", path)
        case "includes" | "leaves_out":
            return Comparison(SIGNS[comparison], _side(row.value), path)
    return Comparison(SIGNS[comparison], path, _side(row.value))


def _path(dotted: str) -> Node:
    root, *parts = dotted.split(".")
    return Path(Name(root), tuple(map(Field, parts))) if parts else Name(root)


def _side(value: Value) -> Node:
    if isinstance(value, tuple):
        return ListOf(tuple(map(_literal, value)))
    return Literal(None) if value is None else _literal(value)


def _literal(value: Written) -> Node:
    # The parser reads a minus as a sign before a number, not as a part of it.
    if isinstance(value, Decimal) and value.is_signed():
        return Negate(Literal(value.copy_abs()))
    if isinstance(value, int) and value < 0:
        return Negate(Literal(-value))
    return Literal(value)
