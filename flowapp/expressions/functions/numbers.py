"""The functions for numbers."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from flowapp.expressions import arithmetic
from flowapp.expressions.comparing import in_order
from flowapp.expressions.errors import Fault
from flowapp.expressions.frame import Frame
from flowapp.expressions.functions.function import function
from flowapp.expressions.functions.parameter import Parameter
from flowapp.expressions.limits import TEXT_BYTES
from flowapp.expressions.values import CONTEXT, admit, bounded, decimal, is_number, quoted, shown

_DIGITS: Final = 15  # after the point that `round` keeps at most
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,40}(\.[0-9]{1,40})?")


@function(
    "numbers",
    Parameter("x", "number"),
    Parameter("digits", "whole", 0),
    gives="number",
    says="{0} rounded",
    examples=(("round(2.5)", "3"), ("round(-2.5)", "-3"), ("round(2.345, 2)", "2.35")),
)
def round_(frame: Frame, number: int | Decimal, digits: int = 0) -> int | Decimal:
    """The number rounded to so many digits after the point; a half goes up, away from zero."""
    if not 0 <= digits <= _DIGITS:
        raise Fault("out_of_range", f"Numbers are rounded to 0 to {_DIGITS} digits after the point.")
    if isinstance(number, int):
        return number
    # A shift by digits first: quantize refuses more than 28 digits in all, which 10**15 with 15 has.
    rounded = number.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP, context=_WIDE)
    return int(rounded) if digits == 0 else decimal(rounded)


@function(
    "numbers",
    Parameter("x", "number"),
    gives="number",
    says="{0} without its sign",
    examples=(("abs(-3)", "3"),),
)
def abs_(frame: Frame, number: int | Decimal) -> int | Decimal:
    """The number without its sign."""
    return abs(number) if isinstance(number, int) else number.copy_abs()


@function(
    "numbers",
    Parameter("a"),
    Parameter("b", default=None, repeats=True),
    gives="item",
    says="the smallest of {*}",
    examples=(("min(3, 2.5)", "2.5"), ("min([4, 2, 7])", "2")),
)
def min_(frame: Frame, *values: object) -> object:
    """The smallest of the values, or of the items of one list; dates and texts work too."""
    return _furthest("<", "smallest", values, frame)


@function(
    "numbers",
    Parameter("a"),
    Parameter("b", default=None, repeats=True),
    gives="item",
    says="the largest of {*}",
    examples=(("max(3, 2.5)", "3"), ("max([4, 2, 7])", "7")),
)
def max_(frame: Frame, *values: object) -> object:
    """The largest of the values, or of the items of one list; dates and texts work too."""
    return _furthest(">", "largest", values, frame)


@function(
    "numbers",
    Parameter("list", "list"),
    gives="number",
    says="the total of {0}",
    examples=(("sum([1, 2.5])", "3.5"), ("sum(x * 2 for x in [1, 2])", "6"), ("sum([])", "0")),
)
def sum_(frame: Frame, items: list[object]) -> int | Decimal:
    """The total of a list of numbers; of an empty list it is 0."""
    frame.tick(3 * len(items))
    return arithmetic.total([addend(admit(item)) for item in items])


@function(
    "numbers",
    Parameter("text"),
    gives="number",
    says="{0} as a number",
    examples=(('number("2.5")', "2.5"), ('number(" 12 ")', "12")),
)
def number(frame: Frame, value: object) -> int | Decimal:
    """The number that the text says: digits, a point, perhaps a sign; nothing else."""
    if is_number(value):
        return value
    if value is None:
        raise Fault("missing_value", "number(…) needs text, but this is null (no value).")
    if type(value) is not str:
        raise Fault("wrong_type", f"number(…) needs text, but this is {shown(value)}.")
    digits = value.strip() if len(value) < TEXT_BYTES else ""
    if not _NUMBER.fullmatch(digits):
        raise Fault("wrong_type", f"The text {quoted(value)} is not a number such as 12 or 2.5.")
    return decimal(Decimal(digits)) if "." in digits else bounded(int(digits))


def addend(value: object) -> int | Decimal:
    """Answer the value if it is a number, which is all that can be added up."""
    if is_number(value):
        return value
    raise Fault("wrong_type", f"Only numbers can be added up, and this has {shown(value)} among them.")


def _furthest(sign: str, word: str, values: tuple[object, ...], frame: Frame) -> object:
    if len(values) == 1:
        values = _items(values[0], word)
    if not values:
        raise Fault("missing_value", f"An empty list has no {word} item. Ask “is empty” before.")
    best, *others = (admit(value) for value in values)
    in_order(sign, best, best, frame)
    frame.tick(3 * len(others))
    for value in others:
        if in_order(sign, value, best, frame):
            best = value
    return best


def _items(value: object, word: str) -> tuple[object, ...]:
    if type(value) is list:
        return tuple(value)
    message = f"The {word} of one value is sought in a list, but this is {shown(value)}."
    raise Fault("missing_value" if value is None else "wrong_type", message)


_WIDE: Final = CONTEXT.copy()
_WIDE.prec = 60
