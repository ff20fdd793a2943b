"""What a function takes: the kinds of value, and how a value is made ready for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from flowapp.expressions.errors import Fault
from flowapp.expressions.frame import Frame
from flowapp.expressions.moments import local_date, read_date, read_datetime
from flowapp.expressions.values import Kind, is_number, shown

Takes = Literal["text", "number", "whole", "list", "day", "time", "moment", "sized", "any"]

Ready = Callable[[object, Frame], object]

REQUIRED: Final = object()
_SHORT: Final = 200  # work on shorter texts is in the cost of the call
WORDS: Final[dict[Takes, str]] = {
    "text": "text",
    "number": "a number",
    "whole": "a whole number",
    "list": "a list",
    "day": "a date",
    "time": "a date-time",
    "moment": "a date or a date-time",
    "sized": "text or a list",
    "any": "a value",
}
# The kinds that fit, for the checker; a date may always come as ISO text.
FITS: Final[dict[Takes, frozenset[Kind]]] = {
    "text": frozenset({"text"}),
    "number": frozenset({"number"}),
    "whole": frozenset({"number"}),
    "list": frozenset({"list"}),
    "day": frozenset({"date", "datetime", "text"}),
    "time": frozenset({"datetime", "text"}),
    "moment": frozenset({"date", "datetime", "text"}),
    "sized": frozenset({"text", "list"}),
    "any": frozenset({"text", "number", "boolean", "null", "date", "datetime", "list", "record"}),
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One value that a function takes; `repeats` says that any number of them may come."""

    name: str
    takes: Takes = "any"
    default: object = REQUIRED
    repeats: bool = False

    @property
    def ready(self) -> Ready | None:
        """What makes a value as the function wants it, answering None if it does not fit; None takes anything."""
        return _READY[self.takes]

    def refusal(self, value: object, function: str) -> Fault:
        """Say that a value does not fit."""
        if value is None:
            message = (
                f"{function}(…) needs {WORDS[self.takes]}, but this is null (no value)."
                " Use default(…, …) for a value that may be missing."
            )
            return Fault("missing_value", message)
        return Fault("wrong_type", f"{function}(…) needs {WORDS[self.takes]}, but this is {shown(value)}.")


def _text(value: object, frame: Frame) -> object:
    if type(value) is not str:
        return None
    if len(value) > _SHORT:
        frame.read(value)
    return value


def _number(value: object, frame: Frame) -> object:
    return value if is_number(value) else None


def _whole(value: object, frame: Frame) -> object:
    return int(value) if is_number(value) and value == int(value) else None


def _list(value: object, frame: Frame) -> object:
    if type(value) is not list:
        return None
    frame.tick(len(value))
    return value


def _day(value: object, frame: Frame) -> object:
    made = _moment(value, frame)
    return local_date(made, frame) if isinstance(made, datetime) else made


def _time(value: object, frame: Frame) -> object:
    if type(value) is str:
        return read_datetime(value, frame.environment.timezone)
    return value if type(value) is datetime else None


def _moment(value: object, frame: Frame) -> object:
    if type(value) is str:
        return read_date(value) or read_datetime(value, frame.environment.timezone)
    return value if type(value) in (date, datetime) else None


def _sized(value: object, frame: Frame) -> object:
    return value if type(value) in (str, list) else None


_READY: Final[dict[Takes, Ready | None]] = {
    "text": _text,
    "number": _number,
    "whole": _whole,
    "list": _list,
    "day": _day,
    "time": _time,
    "moment": _moment,
    "sized": _sized,
    "any": None,
}
