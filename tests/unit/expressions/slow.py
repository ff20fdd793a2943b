"""The language a second time, written only to be obviously right: it walks the nodes, kind by kind.

It shares the nodes with the real one and nothing else. `run` answers ("value", …) or ("error", code).
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any

from flowapp.expressions import nodes as n

MOST = 10**15
ORDER = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


class Bad(Exception):
    """An error of the language, by its code."""


class Gone(Bad):
    """The error of something that is not there."""


def run(node: n.Node, names: dict[str, Any]) -> tuple[str, Any]:
    """Work out a node."""
    try:
        with localcontext(prec=28):
            return "value", walk(node, names)
    except Bad as bad:
        return "error", str(bad)


def kind(value: Any) -> str:
    """Answer the kind of a value."""
    names = {
        str: "text",
        int: "number",
        Decimal: "number",
        bool: "boolean",
        date: "date",
        list: "list",
        dict: "record",
    }
    return "null" if value is None else names[type(value)]


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


def truth(value: Any) -> bool:
    """Answer a value that must be yes or no."""
    if kind(value) != "boolean":
        raise Bad("wrong_type")
    return bool(value)


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


def small(number: Any) -> Any:
    """Answer a number within the limits."""
    if abs(number) > MOST:
        raise Bad("out_of_range")
    return number


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


def dated(left: Any, right: Any) -> tuple[Any, Any]:
    """Read the text beside a date."""
    pair = [left, right]
    for here, there in ((0, 1), (1, 0)):
        if kind(pair[here]) == "text" and kind(pair[there]) == "date":
            try:
                pair[here] = date(*map(int, pair[here].split("-")))
            except (ValueError, TypeError):
                raise Bad("wrong_type") from None
    return pair[0], pair[1]


def same(left: Any, right: Any) -> bool:
    """Whether two values are equal."""
    left, right = dated(left, right)
    if kind(left) != kind(right):
        return False
    if kind(left) == "list":
        return len(left) == len(right) and all(same(*pair) for pair in zip(left, right, strict=True))
    if kind(left) == "record":
        return set(left) == set(right) and all(same(left[name], right[name]) for name in left)
    return bool(left == right)


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


def added(values: list[Any]) -> Any:
    """Answer the total."""
    total: Any = 0
    for value in values:
        if kind(value) != "number":
            raise Bad("wrong_type")
        total = small(total + value)
    return total


def on_call(node: n.Call, names: dict[str, Any]) -> Any:
    if node.name in ("default", "exists"):
        return forgiving(node, names)
    values = []
    for argument in node.arguments:
        value = walk(argument, names)
        wanted = TAKES[node.name]
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


def written(value: Any) -> str:
    """Answer the text form."""
    match kind(value):
        case "null":
            raise Bad("missing_value")
        case "list" | "record":
            raise Bad("wrong_type")
        case "boolean":
            return "yes" if value else "no"
        case "number":
            text = format(Decimal(value), "f")
            text = text.rstrip("0").rstrip(".") if "." in text else text
            return "0" if text == "-0" else text
    return str(value)


def rounded(value: Any) -> Any:
    """Answer round(x)."""
    return int(Decimal(value).to_integral_value(ROUND_HALF_UP))


def furthest(values: list[Any], sign: str) -> Any:
    """Answer the smallest or the largest of a list."""
    if not values:
        raise Bad("missing_value")
    best = values[0]
    for value in values:
        left, right = dated(value, best)
        if kind(left) != kind(right) or kind(left) not in ("number", "text", "date"):
            raise Bad("wrong_type")
        if ORDER[sign](left, right):
            best = value
    return best


def end(values: list[Any], place: int) -> Any:
    """Answer the first or the last of a list."""
    if not values:
        raise Bad("missing_value")
    return values[place]


CALLS: dict[str, Callable[..., Any]] = {
    "lower": str.lower,
    "upper": str.upper,
    "contains": lambda text, part: text.find(part) >= 0,
    "length": len,
    "abs": abs,
    "round": rounded,
    "sum": added,
    "min": lambda values: furthest(values, "<"),
    "max": lambda values: furthest(values, ">"),
    "first": lambda values: end(values, 0),
    "last": lambda values: end(values, -1),
    "reverse": lambda values: list(reversed(values)),
    "text": written,
    "join": lambda values, separator: separator.join([written(value) for value in values]),
}
TAKES: dict[str, tuple[str, ...]] = {
    "lower": ("text",),
    "upper": ("text",),
    "contains": ("text",),
    "length": ("text", "list"),
    "abs": ("number",),
    "round": ("number",),
    "sum": ("list",),
    "min": ("list",),
    "max": ("list",),
    "first": ("list",),
    "last": ("list",),
    "reverse": ("list",),
    "text": ("any",),
    "join": ("list", "text"),
}
