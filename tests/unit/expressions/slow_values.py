"""What the slow evaluator knows of values and functions: kinds, equality, text, and the functions themselves."""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

MOST = 10**15
ORDER = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


class Bad(Exception):
    """An error of the language, by its code."""


class Gone(Bad):
    """The error of something that is not there."""


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


def truth(value: Any) -> bool:
    """Answer a value that must be yes or no."""
    if kind(value) != "boolean":
        raise Bad("wrong_type")
    return bool(value)


def small(number: Any) -> Any:
    """Answer a number within the limits."""
    if abs(number) > MOST:
        raise Bad("out_of_range")
    return number


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


def added(values: list[Any]) -> Any:
    """Answer the total."""
    total: Any = 0
    for value in values:
        if kind(value) != "number":
            raise Bad("wrong_type")
        total = small(total + value)
    return total


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
# What each function takes, value by value.
TAKES: dict[str, list[tuple[str, ...]]] = {
    "lower": [("text",)],
    "upper": [("text",)],
    "contains": [("text",), ("text",)],
    "length": [("text", "list")],
    "abs": [("number",)],
    "round": [("number",)],
    "sum": [("list",)],
    "min": [("list",)],
    "max": [("list",)],
    "first": [("list",)],
    "last": [("list",)],
    "reverse": [("list",)],
    "text": [("any",)],
    "join": [("list",), ("text",)],
}
