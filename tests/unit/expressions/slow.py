"""The language a second time, written only to be obviously right: it walks the nodes, kind by kind.

It shares the nodes with the real one and nothing else. `run` answers ("value", …) or ("error", code).
"""

from __future__ import annotations

import operator
from decimal import Decimal, localcontext
from typing import Any

from flowapp.expressions import nodes as n
from tests.unit.expressions.slow_values import CALLS, ORDER, TAKES, Bad, Gone, added, dated, kind, same, small, truth


def run(node: n.Node, names: dict[str, Any]) -> tuple[str, Any]:
    """Work out a node."""
    try:
        with localcontext(prec=28):
            return "value", walk(node, names)
    except Bad as bad:
        return "error", str(bad)


def walk(node: n.Node, names: dict[str, Any]) -> Any:
    """Answer the value of a node."""
    return globals()[f"on_{type(node).__name__.lower()}"](node, names)


def on_literal(node: n.Literal, names: dict[str, Any]) -> Any:
    return node.value


def on_listof(node: n.ListOf, names: dict[str, Any]) -> Any:
    return [walk(item, names) for item in node.items]


def on_name(node: n.Name, names: dict[str, Any]) -> Any:
    if node.name not in names:
        raise Gone("unknown_name")
    return names[node.name]


def on_path(node: n.Path, names: dict[str, Any]) -> Any:
    missing = isinstance(node.base, n.Name) and node.base.name not in names
    value = None if missing else walk(node.base, names)
    keys = [part.name if isinstance(part, n.Field) else key_of(walk(part.index, names)) for part in node.parts]
    if missing:
        raise Gone("unknown_name")
    for key in keys:
        if value is None:
            raise Gone("missing_value")
        if isinstance(value, dict) and isinstance(key, str):
            if key not in value:
                raise Gone("unknown_name")
        elif isinstance(value, list) and isinstance(key, int):
            if not -len(value) <= key < len(value):
                raise Gone("out_of_range")
        else:
            raise Bad("wrong_type")
        value = value[key]  # type: ignore[index]
    return value


def key_of(value: Any) -> Any:
    """Answer what may stand in square brackets."""
    if kind(value) == "number" and value == int(value):
        return int(value)
    if kind(value) == "text":
        return value
    raise Bad("wrong_type")


def on_negate(node: n.Negate, names: dict[str, Any]) -> Any:
    value = walk(node.operand, names)
    if kind(value) != "number":
        raise Bad("wrong_type")
    return -value


def on_not(node: n.Not, names: dict[str, Any]) -> Any:
    return not truth(walk(node.operand, names))


def on_arithmetic(node: n.Arithmetic, names: dict[str, Any]) -> Any:
    value = walk(node.first, names)
    for sign, operand in node.rest:
        value = reckon(value, sign, walk(operand, names))
    return value


def reckon(left: Any, sign: str, right: Any) -> Any:
    """Answer one sum or product."""
    if sign == "+" and kind(left) == kind(right) == "text":
        return left + right
    if kind(left) != "number" or kind(right) != "number":
        raise Bad("wrong_type")
    if sign in "/%" and right == 0:
        raise Bad("divide_by_zero")
    if sign == "/":
        return small(Decimal(left) / Decimal(right))
    if sign == "%":
        rest = abs(left) % abs(right)  # then the sign by hand, as one learns it
        rest = rest if (left < 0) == (right < 0) or rest == 0 else abs(right) - rest
        return small(-rest if right < 0 else rest)
    return small({"+": operator.add, "-": operator.sub, "*": operator.mul}[sign](left, right))


def on_comparison(node: n.Comparison, names: dict[str, Any]) -> Any:
    left, right = walk(node.left, names), walk(node.right, names)
    if node.sign in ("in", "not in"):
        if kind(right) != "list":
            raise Bad("wrong_type")
        for item in right:
            if same(left, item):
                return node.sign == "in"
        return node.sign == "not in"
    if node.sign in ("==", "!="):
        return same(left, right) is (node.sign == "==")
    left, right = dated(left, right)
    if kind(left) != kind(right) or kind(left) not in ("number", "text", "date"):
        raise Bad("wrong_type")
    return ORDER[node.sign](left, right)


def on_test(node: n.Test, names: dict[str, Any]) -> Any:
    value = walk(node.operand, names)
    so = value is None or (node.kind == "empty" and value in ("", [], {}) and kind(value) != "number")
    return so is not node.negated


def on_logic(node: n.Logic, names: dict[str, Any]) -> Any:
    for operand in node.operands:
        if truth(walk(operand, names)) is (node.word == "or"):
            return node.word == "or"
    return node.word == "and"


def on_choice(node: n.Choice, names: dict[str, Any]) -> Any:
    return walk(node.yes if truth(walk(node.condition, names)) else node.no, names)


def on_loop(node: n.Loop, names: dict[str, Any]) -> Any:
    items = walk(node.items, names)
    if kind(items) != "list":
        raise Bad("wrong_type")
    values = []
    for item in items:
        inside = {**names, node.variable: item}
        if node.condition is not None and not truth(walk(node.condition, inside)):
            continue
        value = walk(node.body, inside)
        if node.kind in ("any", "all") and truth(value) is (node.kind == "any"):
            return node.kind == "any"
        if node.kind == "sum" and kind(value) != "number":
            raise Bad("wrong_type")
        values.append(value)
    if node.kind == "count":
        return len([value for value in values if value is not False])
    if node.kind == "sum":
        return added(values)
    return values if node.kind == "list" else node.kind == "all"


def on_call(node: n.Call, names: dict[str, Any]) -> Any:
    if node.name in ("default", "exists"):
        return forgiving(node, names)
    values = []
    for argument, wanted in zip(node.arguments, TAKES[node.name], strict=True):
        value = walk(argument, names)
        if value is None and wanted != ("any",):
            raise Bad("missing_value")
        if kind(value) not in wanted and wanted != ("any",):
            raise Bad("wrong_type")
        values.append(value)
    return CALLS[node.name](*values)


def forgiving(node: n.Call, names: dict[str, Any]) -> Any:
    """Answer default(…) or exists(…)."""
    name = node.arguments[0]
    if not isinstance(name, n.Name | n.Path):
        value, there = walk(name, names), True
    else:
        if isinstance(name, n.Path):
            if not isinstance(name.base, n.Name):
                walk(name.base, names)
            for part in name.parts:
                if isinstance(part, n.Index):
                    key_of(walk(part.index, names))
        try:
            value, there = walk(name, names), True
        except Gone:
            value, there = None, False
    if node.name == "exists":
        return there
    return walk(node.arguments[1], names) if value is None else value
