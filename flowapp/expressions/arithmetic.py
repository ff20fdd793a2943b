"""Sums, differences, products, quotients and remainders: exact, and only of what fits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Final

from flowapp.expressions.errors import Fault
from flowapp.expressions.frame import Frame
from flowapp.expressions.moments import move
from flowapp.expressions.values import CONTEXT, bounded, bounded_text, decimal, is_number, shown

Number = int | Decimal


def add(left: object, right: object, frame: Frame) -> object:
    """Add two numbers, join two texts, or move a date or date-time by a duration."""
    if type(left) is int and type(right) is int:
        return bounded(left + right)
    if is_number(left) and is_number(right):
        return bounded(CONTEXT.add(left, right))
    if type(left) is str and type(right) is str:
        frame.read(left)
        frame.read(right)
        return bounded_text(left + right)
    if isinstance(left, date) and type(right) is dict:
        return move(left, right, 1, frame)
    raise Fault("wrong_type", f"You cannot add {shown(right)} to {shown(left)}.{_text_hint(left, right)}")


def subtract(left: object, right: object, frame: Frame) -> object:
    """Take one number from another, or move a date or date-time back by a duration."""
    if type(left) is int and type(right) is int:
        return bounded(left - right)
    if is_number(left) and is_number(right):
        return bounded(CONTEXT.subtract(left, right))
    if isinstance(left, date) and type(right) is dict:
        return move(left, right, -1, frame)
    raise Fault("wrong_type", f"You cannot take {shown(right)} from {shown(left)}.{_date_hint(left, right)}")


def multiply(left: object, right: object, frame: Frame) -> object:
    """Multiply two numbers."""
    if type(left) is int and type(right) is int:
        return bounded(left * right)
    one, other = _numbers(left, right, "multiply {0} by {1}")
    return bounded(CONTEXT.multiply(one, other))


def divide(left: object, right: object, frame: Frame) -> object:
    """Divide two numbers; the answer is a decimal number."""
    one, other = _numbers(left, right, "divide {0} by {1}")
    if other == 0:
        raise Fault("divide_by_zero", "You cannot divide by zero.")
    return decimal(CONTEXT.divide(one, other))


def remainder(left: object, right: object, frame: Frame) -> object:
    """Answer what is left over; it has the sign of the divisor."""
    one, other = _numbers(left, right, "divide {0} by {1}")
    if other == 0:
        raise Fault("divide_by_zero", "You cannot divide by zero, so there is no remainder.")
    if isinstance(one, int) and isinstance(other, int):
        return one % other
    try:
        rest = CONTEXT.remainder(one, other)
    except InvalidOperation:
        raise Fault("out_of_range", "These numbers are too far apart to work out a remainder.") from None
    if rest and (rest < 0) != (other < 0):
        rest = CONTEXT.add(rest, other)
    return decimal(rest)


def negative(value: object) -> object:
    """Turn a number's sign."""
    if is_number(value):
        return -value if isinstance(value, int) else CONTEXT.minus(value)
    raise Fault("wrong_type", f"Only a number can have a minus before it, not {shown(value)}.")


OPERATIONS: Final[dict[str, Callable[[object, object, Frame], object]]] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "%": remainder,
}


def total(numbers: list[Number]) -> Number:
    """Add up numbers one by one."""
    result: Number = 0
    for number in numbers:
        whole = type(result) is int and type(number) is int
        result = bounded(result + number if whole else CONTEXT.add(result, number))
    return result


def _numbers(left: object, right: object, doing: str) -> tuple[Number, Number]:
    if is_number(left) and is_number(right):
        return left, right
    raise Fault("wrong_type", f"You cannot {doing.format(shown(left), shown(right))}.")


def _text_hint(left: object, right: object) -> str:
    if (type(left) is str) != (type(right) is str):
        return " To join them as text, use text(…)."
    return ""


def _date_hint(left: object, right: object) -> str:
    if type(left) is datetime and type(right) is datetime:
        return " Use hours_between(a, b)."
    if isinstance(left, date) and isinstance(right, date):
        return " Use days_between(a, b)."
    return ""
