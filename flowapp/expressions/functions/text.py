"""The functions for text."""

from __future__ import annotations

import re
from typing import Final

from flowapp.expressions.errors import Fault
from flowapp.expressions.frame import Frame
from flowapp.expressions.functions.function import function
from flowapp.expressions.functions.parameter import Parameter
from flowapp.expressions.limits import LIST_ITEMS, TEXT_BYTES
from flowapp.expressions.moments import local
from flowapp.expressions.values import admit, bounded_text, kind_of, plain_text, shown

_TEXT: Final = Parameter("text", "text")
_PART: Final = Parameter("part", "text")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


@function(
    "text",
    _TEXT,
    gives="text",
    says="{0} in small letters",
    examples=(('lower("Rose House")', '"rose house"'),),
)
def lower(frame: Frame, text: str) -> str:
    """The text in small letters."""
    return bounded_text(text.lower())


@function("text", _TEXT, gives="text", says="{0} in capitals", examples=(('upper("rn")', '"RN"'),))
def upper(frame: Frame, text: str) -> str:
    """The text in capital letters."""
    return bounded_text(text.upper())


@function(
    "text",
    _TEXT,
    gives="text",
    says="{0} without spaces around it",
    examples=(('trim("  Anna ")', '"Anna"'),),
)
def trim(frame: Frame, text: str) -> str:
    """The text without spaces before and after it."""
    return text.strip()


@function("text", _TEXT, gives="text", says="{0} with capitals", examples=(('title("anna BOYD")', '"Anna Boyd"'),))
def title(frame: Frame, text: str) -> str:
    """The text with each word beginning with a capital letter."""
    frame.tick(len(text) // 16)
    return bounded_text(_WORD.sub(lambda word: word[0][0].upper() + word[0][1:].lower(), text))


@function(
    "text",
    _TEXT,
    _PART,
    gives="boolean",
    says="{0} contains {1}",
    denies="{0} does not contain {1}",
    examples=(('contains("Anna Boyd", "Boyd")', "true"), ('contains("Anna", "anna")', "false")),
)
def contains(frame: Frame, text: str, part: str) -> bool:
    """Whether the part occurs in the text; capitals count."""
    return part in text


@function(
    "text",
    _TEXT,
    _PART,
    gives="boolean",
    says="{0} starts with {1}",
    denies="{0} does not start with {1}",
    examples=(('starts_with("RH-104", "RH-")', "true"),),
)
def starts_with(frame: Frame, text: str, part: str) -> bool:
    """Whether the text starts with the part; capitals count."""
    return text.startswith(part)


@function(
    "text",
    _TEXT,
    _PART,
    gives="boolean",
    says="{0} ends with {1}",
    denies="{0} does not end with {1}",
    examples=(('ends_with("anna@home.example", ".example")', "true"),),
)
def ends_with(frame: Frame, text: str, part: str) -> bool:
    """Whether the text ends with the part; capitals count."""
    return text.endswith(part)


@function(
    "text",
    _TEXT,
    Parameter("old", "text"),
    Parameter("new", "text"),
    gives="text",
    says="{0} with {2} for {1}",
    examples=(('replace("a-b-c", "-", " ")', '"a b c"'),),
)
def replace(frame: Frame, text: str, old: str, new: str) -> str:
    """The text with every occurrence of the old part replaced by the new one."""
    if not old:
        raise Fault("missing_value", "replace(…) needs to know which part to replace; this one is empty.")
    # Counting first: the replaced text may be a thousand times as long.
    longer = len(text) + text.count(old) * (len(new) - len(old))
    if longer > TEXT_BYTES:
        raise Fault("too_long", f"This text becomes too long: a text has at most {TEXT_BYTES // 1024} KiB.")
    frame.tick(longer // 64)
    return bounded_text(text.replace(old, new))


@function(
    "text",
    Parameter("list", "list"),
    Parameter("separator", "text"),
    gives="text",
    says="{0} in a row",
    examples=(('join(["Anna", "Ben"], ", ")', '"Anna, Ben"'), ('join([1, 2.50], "/")', '"1/2.5"')),
)
def join(frame: Frame, items: list[object], separator: str) -> str:
    """The items of the list as one text, with the separator between them."""
    parts: list[str] = []
    length = 0
    for item in items:
        part = as_text(admit(item), frame)
        length += len(part) + len(separator)
        if length - len(separator) > TEXT_BYTES:
            raise Fault("too_long", f"This text becomes too long: a text has at most {TEXT_BYTES // 1024} KiB.")
        frame.tick(2 + len(part) // 64)
        parts.append(part)
    return bounded_text(separator.join(parts))


@function(
    "text",
    _TEXT,
    Parameter("separator", "text"),
    gives="texts",
    says="the parts of {0}",
    examples=(('split("Anna, Ben", ", ")', '["Anna", "Ben"]'),),
)
def split(frame: Frame, text: str, separator: str) -> list[str]:
    """The parts of the text between the separators, as a list."""
    if not separator:
        raise Fault("missing_value", "split(…) needs a separator, such as a comma; this one is empty.")
    parts = text.split(separator, LIST_ITEMS)
    if len(parts) > LIST_ITEMS:
        raise Fault("too_long", f"This gives more than {LIST_ITEMS:,} parts; a list has at most so many items.")
    frame.tick(len(parts))
    return parts


@function(
    "text",
    Parameter("x"),
    gives="text",
    says="{0} as text",
    examples=(("text(2.50)", '"2.5"'), ("text(true)", '"yes"'), ('text(date("2026-11-23"))', '"2026-11-23"')),
)
def text(frame: Frame, value: object) -> str:
    """The value as text: numbers without needless noughts, yes or no, dates as 2026-11-23."""
    return as_text(value, frame)


def as_text(value: object, frame: Frame) -> str:
    """Answer the text form of a value; a fault for null, a list or a record."""
    kind = kind_of(value)
    if kind == "null":
        message = 'There is no value here (null). Use default(…, "…") to say what to write instead.'
        raise Fault("missing_value", message)
    if kind in ("list", "record"):
        hint = "join(list, separator)" if kind == "list" else "one of its fields"
        raise Fault("wrong_type", f"{shown(value).capitalize()} cannot be written as text; use {hint}.")
    if kind == "datetime":
        return local(value, frame).isoformat()  # type: ignore[arg-type]
    return plain_text(value)
