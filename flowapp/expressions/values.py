"""The kinds of value there are, how people call them, how they come in and how they look as text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation, Overflow
from typing import Final, Literal, TypeGuard

from flowapp.expressions.errors import Fault
from flowapp.expressions.limits import DIGITS, LIST_ITEMS, NUMBER, NUMBER_DECIMAL, TEXT_BYTES

Kind = Literal["text", "number", "boolean", "null", "date", "datetime", "list", "record"]

KINDS: Final[dict[type, Kind]] = {
    str: "text",
    int: "number",
    Decimal: "number",
    bool: "boolean",
    type(None): "null",
    date: "date",
    datetime: "datetime",
    list: "list",
    dict: "record",
}
KIND_WORDS: Final[dict[Kind, str]] = {
    "text": "text",
    "number": "a number",
    "boolean": "yes or no",
    "null": "null",
    "date": "a date",
    "datetime": "a date-time",
    "list": "a list",
    "record": "a record",
}
# Emin and Emax keep `text` of any number short: 1E-1000000 would be a million noughts.
CONTEXT: Final = Context(
    prec=DIGITS, rounding=ROUND_HALF_EVEN, Emin=-DIGITS, Emax=99, traps=[InvalidOperation, Overflow]
)


_SURE: Final = 15  # a number with its first digit before this place is surely within the limits


class Missing:
    """Stands for what is not there; never leaves this package."""


MISSING: Final = Missing()


def kind_of(value: object) -> Kind:
    """Answer the kind of an admitted value, or of one that an evaluation gave."""
    return KINDS[type(value)]


def is_number(value: object) -> TypeGuard[int | Decimal]:
    """Whether an admitted value is a number; true and false are not."""
    kind = type(value)
    return kind is int or kind is Decimal


def shown(value: object, *, longest: int = 60) -> str:
    """Answer the kind and the value in the words of an error: `a number (3)`, `text ("3")`."""
    kind = kind_of(value)
    match value:
        case str():
            return f"text ({quoted(value, longest=longest)})"
        case list():
            return f"a list of {counted(len(value), 'item')}"
        case dict():
            return "a record"
        case None:
            return "null (no value)"
        case datetime():
            return f"a date-time ({value.isoformat()})"
    return f"{KIND_WORDS[kind]} ({plain_text(value)})"


def counted(number: int, noun: str) -> str:
    """Answer a count in words: 1 item, 3 items."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def quoted(text: str, *, longest: int = 60) -> str:
    """Answer the text in quotes on one line, cut short when it is long."""
    short = text if len(text) <= longest else text[: longest - 1] + "…"
    return '"' + "".join(sign if sign.isprintable() else " " for sign in short) + '"'


def admit(value: object) -> object:
    """Take a value from outside; a fault when it is none of the kinds, or beyond the limits."""
    rule = _ADMIT.get(type(value))
    if rule is None:
        raise Fault("wrong_type", "This holds something that is not plain data, so it cannot be used here.")
    return rule(value)


def bounded(number: int | Decimal) -> int | Decimal:
    """Answer the number if it lies within the limits."""
    if isinstance(number, int):
        if -NUMBER <= number <= NUMBER:
            return number
    elif number.adjusted() < _SURE or -NUMBER_DECIMAL <= number <= NUMBER_DECIMAL:
        return number
    raise Fault("out_of_range", f"This number is too large: numbers go from -{NUMBER:,} to {NUMBER:,}.")


def decimal(number: Decimal) -> Decimal:
    """Answer a decimal number with at most 28 digits, if it is finite and within the limits."""
    if not number.is_finite():
        raise Fault("out_of_range", "This number is not a finite one, so it cannot be used here.")
    try:
        exact = CONTEXT.plus(number)
    except (InvalidOperation, Overflow):
        exact = Decimal(2 * NUMBER)
    bounded(exact)
    return exact


def bounded_text(text: str) -> str:
    """Answer the text if it is within the limit; bytes are counted only when it leaves (`Frame.write`)."""
    if len(text) <= TEXT_BYTES:
        return text
    raise Fault("too_long", f"This text is too long: a text has at most {TEXT_BYTES // 1024} KiB.")


def bounded_list(items: list[object]) -> list[object]:
    """Answer the list if it is within the limit."""
    if len(items) <= LIST_ITEMS:
        return items
    raise Fault("too_long", f"This list has {len(items):,} items; a list has at most {LIST_ITEMS:,}.")


def moment(value: datetime) -> datetime:
    """Answer a date-time in UTC, in which comparing is safe.

    Python compares two date-times of one zone by the clock on the wall: wrong in the hour that comes twice.
    """
    if value.tzinfo is None:
        raise Fault("wrong_type", "This date-time has no time zone, so it cannot be used here.")
    try:
        return value.astimezone(UTC)
    except (OverflowError, ValueError):
        raise Fault("out_of_range", "This date-time lies outside the years 1 to 9999.") from None


def number_text(number: int | Decimal) -> str:
    """Answer a number without exponent and without trailing noughts."""
    if type(number) is int:
        return str(number)
    digits = format(number, "f")
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    return "0" if digits in ("-0", "") else digits


def plain_text(value: object) -> str:
    """Answer the text form of anything but a list, a record and null."""
    match value:
        case str():
            return value
        case bool():
            return "yes" if value else "no"
        case int() | Decimal():
            return number_text(value)
        case date():
            return value.isoformat()
    raise Fault("wrong_type", f"{shown(value).capitalize()} has no text form.")


def _admit_number(value: object) -> object:
    assert isinstance(value, int)
    return bounded(value)


def _admit_decimal(value: object) -> object:
    assert isinstance(value, Decimal)
    return decimal(value)


def _admit_float(value: object) -> object:
    # repr gives the shortest digits that mean this number, so 0.1 comes in as 0.1.
    return decimal(Decimal(repr(value)))


def _admit_text(value: object) -> object:
    assert isinstance(value, str)
    return bounded_text(value)


def _admit_list(value: object) -> object:
    assert isinstance(value, list)
    return bounded_list(value)


def _admit_tuple(value: object) -> object:
    assert isinstance(value, tuple)
    return bounded_list(list(value))


def _admit_moment(value: object) -> object:
    assert isinstance(value, datetime)
    return moment(value)


def _itself(value: object) -> object:
    return value


_ADMIT: Final[dict[type, Callable[[object], object]]] = {
    str: _admit_text,
    int: _admit_number,
    Decimal: _admit_decimal,
    float: _admit_float,
    bool: _itself,
    type(None): _itself,
    date: _itself,
    datetime: _admit_moment,
    list: _admit_list,
    tuple: _admit_tuple,
    dict: _itself,
}
