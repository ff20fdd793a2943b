"""Equality and order, with the strict rules for kinds."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from flowapp.expressions.errors import Fault
from flowapp.expressions.frame import Frame
from flowapp.expressions.limits import NESTING
from flowapp.expressions.moments import read_date, read_datetime
from flowapp.expressions.quick import DIRECT
from flowapp.expressions.values import admit, kind_of, shown

_DIRECT: Final = frozenset({int, bool, date})  # equal to Python as they are to us
_SHORT: Final = 1_000
_ORDERED: Final = frozenset({"number", "text", "date", "datetime"})


def ordered_pair(left: object, right: object, frame: Frame) -> tuple[object, object]:
    """Answer the two values ready to be put in order; a fault naming both when they do not fit each other."""
    if type(left) is not type(right):
        left, right = dated_pair(left, right, frame)
    kind = kind_of(left)
    if kind != kind_of(right) or kind not in _ORDERED:
        raise Fault("wrong_type", _cannot_compare(left, right))
    if type(left) is str and type(right) is str:
        frame.tick(min(len(left), len(right)) >> 12)
    return left, right


def in_order(sign: str, left: object, right: object, frame: Frame) -> bool:
    """Whether `left sign right`, for the four signs of order."""
    return DIRECT[sign](*ordered_pair(left, right, frame))


def equal(left: object, right: object, frame: Frame, depth: int = 0) -> bool:
    """Whether two values are the same; across kinds they are not, but a date reads the text beside it."""
    if depth > NESTING:
        raise Fault("too_deep", f"These values are nested more than {NESTING} deep, so they cannot be compared.")
    if type(left) is not type(right):
        left, right = dated_pair(left, right, frame)
    kind = kind_of(left)
    if kind != kind_of(right):
        return False
    if isinstance(left, list) and isinstance(right, list):
        return _equal_lists(left, right, frame, depth)
    if isinstance(left, dict) and isinstance(right, dict):
        return _equal_records(left, right, frame, depth)
    if isinstance(left, str) and isinstance(right, str):
        frame.tick(min(len(left), len(right)) >> 12)
    return left == right


def member(item: object, items: object, frame: Frame) -> bool:
    """Whether the item is in the list."""
    if type(items) is not list:
        raise Fault("wrong_type", f"“in” looks in a list, but this is {shown(items)}.{_instead(items)}")
    frame.tick(len(items))
    kind = type(item)
    direct = kind in _DIRECT or (isinstance(item, str) and len(item) < _SHORT)
    for other in items:
        if direct and kind is type(other):
            if item == other:
                return True
        else:
            frame.tick(2)
            if equal(item, admit(other), frame):
                return True
    return False


def dated_pair(left: object, right: object, frame: Frame) -> tuple[object, object]:
    """Read the text beside a date or date-time, so that stored and typed values mean the same."""
    if type(left) is str and type(right) in (date, datetime):
        return _dated(left, right, left, right, frame), right
    if type(right) is str and type(left) in (date, datetime):
        return left, _dated(right, left, left, right, frame)
    return left, right


def _dated(text: str, beside: object, left: object, right: object, frame: Frame) -> date:
    frame.tick(4)
    if type(beside) is datetime:
        read: date | None = read_datetime(text, frame.environment.timezone)
        wanted = "a date-time such as 2026-11-23T07:30"
    else:
        read, wanted = read_date(text), "a date such as 2026-11-23"
    if read is None:
        raise Fault("wrong_type", f"{_cannot_compare(left, right)} The text is not {wanted}.")
    return read


def _cannot_compare(left: object, right: object) -> str:
    return f"You cannot compare {shown(left)} with {shown(right)}."


def _instead(items: object) -> str:
    if type(items) is str:
        return " To look for a part of a text use contains(text, part)."
    return ""


def _equal_lists(left: list[object], right: list[object], frame: Frame, depth: int) -> bool:
    if len(left) != len(right):
        return False
    frame.tick(3 * len(left))
    pairs = zip(left, right, strict=True)
    return all(equal(admit(one), admit(other), frame, depth + 1) for one, other in pairs)


def _equal_records(left: dict[object, object], right: dict[object, object], frame: Frame, depth: int) -> bool:
    if left.keys() != right.keys():
        return False
    frame.tick(3 * len(left))
    return all(equal(admit(one), admit(right[name]), frame, depth + 1) for name, one in left.items())
