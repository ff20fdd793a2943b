"""From the text of a condition to rows, where it is a flat list of comparisons; anything else stays text."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from flowapp.expressions.checking.schema import Schema
from flowapp.expressions.errors import Fault
from flowapp.expressions.nodes import Call, Comparison, ListOf, Literal, Logic, Name, Negate, Node, Not, Path, Test
from flowapp.expressions.parser import parse
from flowapp.expressions.rows.comparing import comparing_of
from flowapp.expressions.rows.fields import RowField, fields_of
from flowapp.expressions.rows.row import MOST_ROWS, Joined, Row, Rows, Written
from flowapp.expressions.rows.values import WrongValue, typed, value_of
from flowapp.expressions.rows.writing import CALLS, SIGNS, node_of
from flowapp.expressions.used import dotted

_ASKS: Final = {function: name for name, function in CALLS.items()}
_BY_SIGN: Final = {sign: name for name, sign in reversed(SIGNS.items())}
_LACKS: Final = {"in": "includes", "not in": "leaves_out"}
Parts = tuple[str, Node, Node | None]  # the comparison, what it is about, what it is compared with


def rows_of(text: str, schema: Schema) -> Rows | None:
    """Answer the rows that mean exactly this condition, or None when it does not fit into rows."""
    try:
        node = parse(text)
    except (Fault, RecursionError):
        return None
    joined: Joined = node.word if isinstance(node, Logic) else "and"
    operands = node.operands if isinstance(node, Logic) else (node,)
    if len(operands) > MOST_ROWS:
        return None
    fields = fields_of(schema)
    rows = [_row(operand, fields) for operand in operands]
    fitting = tuple(row for row in rows if row is not None)
    return Rows(fitting, joined) if len(fitting) == len(rows) else None


def _row(node: Node, fields: dict[str, RowField]) -> Row | None:
    found = _apart(node)
    if found is None:
        return None
    comparison, subject, side = found
    if not isinstance(subject, Name | Path):
        return None
    field = fields.get(dotted(subject) or "")
    comparing = comparing_of(field, comparison) if field else None
    if field is None or comparing is None:
        return None
    try:
        # What cannot be typed into the row, such as an item with a comma in it, does not fit it.
        value = value_of(_typed(side), field, comparing)
    except WrongValue:
        return None
    row = Row(field.name, comparison, value)
    return row if node_of(row) == node else None


def _apart(node: Node) -> Parts | None:
    match node:
        case Name() | Path():
            return "yes", node, None
        case Not(operand=Name() | Path() as path):
            return "no", path, None
        case Not(operand=Call(name="contains", arguments=(subject, part))):
            return "lacks", subject, part
        case Call(name=name, arguments=(subject, part)) if name in _ASKS:
            return _ASKS[name], subject, part
        case Test(kind=kind, negated=negated, operand=subject):
            words = ("empty", "not_empty") if kind == "empty" else ("no_value", "value")
            return words[negated], subject, None
        case Comparison(sign="in" | "not in" as sign, left=item, right=Name() | Path() as path):
            return _LACKS[sign], path, item
        case Comparison(sign=sign, left=subject, right=side):
            return _BY_SIGN[sign], subject, side
    return None


def _typed(side: Node | None) -> str:
    if side is None:
        return ""
    items: Iterable[Node] = side.items if isinstance(side, ListOf) else (side,)
    return typed(tuple(_written(item) for item in items))


def _written(node: Node) -> Written:
    match node:
        case Literal(value=bool() | None):
            pass
        case Literal(value=str() | int() | Decimal() as value):
            return value
        case Negate(operand=Literal(value=Decimal() as value)):
            return value.copy_negate()
        case Negate(operand=Literal(value=int() as value)) if not isinstance(value, bool):
            return -value
    raise WrongValue
