"""What is typed into a row's value, and what it means: the kind of the field decides."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from typing import Final

from flowapp.expressions.errors import Fault
from flowapp.expressions.format import literal
from flowapp.expressions.limits import DIGITS
from flowapp.expressions.moments import read_date
from flowapp.expressions.rows.comparing import Comparing
from flowapp.expressions.rows.fields import RowField
from flowapp.expressions.rows.row import Value, Written
from flowapp.expressions.values import bounded
from flowapp.kernel.errors import FlowError

_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_MOMENT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}")
_COMMA: Final = ", "


class WrongValue(FlowError):
    """This value does not fit the field."""

    code = "wrong_value"


def typed(value: Value) -> str:
    """Answer a value as it is typed into its row; several with commas between them."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        return _COMMA.join(map(typed, value))
    return value if isinstance(value, str) else literal(value)


def value_of(text: str, field: RowField, comparing: Comparing) -> Value:
    """Answer what was typed as a value; raises WrongValue with the words for whoever typed it."""
    if comparing.takes == "nothing":
        return None
    if comparing.takes == "one":
        return _one(text.strip(), field)
    parts = [part.strip() for part in text.split(",")]
    values = tuple(_one(part, field) for part in parts if part)
    if not values:
        raise WrongValue("Enter one or more values with commas between them.")
    return values


def _one(text: str, field: RowField) -> Written:
    if not text:
        raise WrongValue("Enter a value to compare with.")
    kind = field.item if field.kind == "list" else field.kind
    if kind == "number":
        return _number(text)
    if kind == "date" and read_date(text) is None:
        raise WrongValue("Enter a date as year, month and day, such as 2026-12-01.")
    if kind == "datetime" and not _is_moment(text):
        raise WrongValue("Enter a day and a time, such as 2026-12-01T07:30.")
    if field.choices and text not in field.choices:
        raise WrongValue(f"Choose one of these: {_COMMA.join(field.choices)}.")
    if any(sign < " " or sign == "\x7f" for sign in text):
        raise WrongValue("Write the value on one line, without tabs.")
    return text


def _number(text: str) -> int | Decimal:
    if not _NUMBER.fullmatch(text):
        raise WrongValue("Enter a number in digits, such as 3 or 2.5.")
    if len(text) > DIGITS:
        raise WrongValue(f"Enter a shorter number: it has more than {DIGITS} digits.")
    try:
        return bounded(Decimal(text) if "." in text else int(text))
    except Fault as fault:
        raise WrongValue(fault.message) from None


def _is_moment(text: str) -> bool:
    try:
        return bool(_MOMENT.fullmatch(text) and datetime.fromisoformat(text))
    except ValueError:
        return False
