"""The patterns of format_date: d, dd, M, MM, MMM, MMMM, yy, yyyy, EEE, EEEE, H, HH, h, hh, mm, ss, a."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Final

from flowapp.expressions.errors import Fault
from flowapp.expressions.frame import Frame
from flowapp.expressions.moments import local
from flowapp.expressions.values import bounded_text, quoted
from flowapp.kernel.calendar_names import MONTHS, WEEKDAYS

_OF_A_DATE: Final[dict[str, Callable[[date], str]]] = {
    "d": lambda day: str(day.day),
    "dd": lambda day: f"{day.day:02}",
    "M": lambda day: str(day.month),
    "MM": lambda day: f"{day.month:02}",
    "MMM": lambda day: MONTHS[day.month - 1][:3],
    "MMMM": lambda day: MONTHS[day.month - 1],
    "yy": lambda day: f"{day.year % 100:02}",
    "yyyy": lambda day: f"{day.year:04}",
    "EEE": lambda day: WEEKDAYS[day.weekday()][:3],
    "EEEE": lambda day: WEEKDAYS[day.weekday()],
}
_OF_A_TIME: Final[dict[str, Callable[[datetime], str]]] = {
    "H": lambda time: str(time.hour),
    "HH": lambda time: f"{time.hour:02}",
    "h": lambda time: str(time.hour % 12 or 12),
    "hh": lambda time: f"{time.hour % 12 or 12:02}",
    "mm": lambda time: f"{time.minute:02}",
    "ss": lambda time: f"{time.second:02}",
    "a": lambda time: "am" if time.hour < 12 else "pm",
}
_PIECE: Final = re.compile(r"'([^']*)'|([A-Za-z])\2*")
_LONGEST: Final = 200


def written(value: date, pattern: str, frame: Frame) -> str:
    """Answer the date or date-time as the pattern shows it; words in the pattern go in single quotes."""
    if len(pattern) > _LONGEST:
        raise Fault("too_long", f"A pattern for dates has at most {_LONGEST} characters.")
    frame.tick(len(pattern))
    shown = local(value, frame) if isinstance(value, datetime) else value
    return bounded_text(_PIECE.sub(lambda found: _piece(found, shown), pattern))


def _piece(found: re.Match[str], value: date) -> str:
    letters = found[0]
    if found[1] is not None:
        return found[1]
    if letters in _OF_A_DATE:
        return _OF_A_DATE[letters](value)
    if letters not in _OF_A_TIME:
        message = f"{quoted(letters)} means nothing in a pattern for dates. Words go in single quotes: d 'of' MMMM."
        raise Fault("wrong_type", message)
    if not isinstance(value, datetime):
        raise Fault("wrong_type", f"{quoted(letters)} asks for a time, but this is a date without one.")
    return _OF_A_TIME[letters](value)
