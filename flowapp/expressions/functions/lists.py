"""The functions for lists."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from flowapp.expressions.comparing import ordered_pair
from flowapp.expressions.errors import Fault
from flowapp.expressions.frame import Frame
from flowapp.expressions.functions.function import function
from flowapp.expressions.functions.parameter import Parameter
from flowapp.expressions.limits import CHARACTERS_PER_STEP, NESTING
from flowapp.expressions.values import admit

_LIST = Parameter("list", "list")


@function(
    "lists",
    Parameter("x", "sized"),
    gives="number",
    says="the length of {0}",
    examples=(("length([4, 2])", "2"), ('length("Anna")', "4")),
)
def length(frame: Frame, value: str | list[object]) -> int:
    """How many items the list has, or how many characters the text has."""
    return len(value)


@function("lists", _LIST, gives="item", says="the first of {0}", examples=(("first([4, 2])", "4"),))
def first(frame: Frame, items: list[object]) -> object:
    """The first item of the list."""
    return _at(items, 0, "first")


@function("lists", _LIST, gives="item", says="the last of {0}", examples=(("last([4, 2])", "2"),))
def last(frame: Frame, items: list[object]) -> object:
    """The last item of the list."""
    return _at(items, -1, "last")


@function(
    "lists",
    _LIST,
    gives="same",
    says="{0} in order",
    examples=(("sort([3, 1, 2.5])", "[1, 2.5, 3]"), ('sort(["Ben", "Anna"])', '["Anna", "Ben"]')),
)
def sort(frame: Frame, items: list[object]) -> list[object]:
    """The items in order, the smallest first; all must be numbers, or all texts, or all dates."""
    admitted = [admit(item) for item in items]
    rounds = len(items).bit_length()
    for item in admitted:
        ordered_pair(admitted[0], item, frame)
        # Sorting looks at each item about log n times.
        frame.tick(2 + (len(item) * rounds // CHARACTERS_PER_STEP if isinstance(item, str) else 0))
    return sorted(_readable(admitted, frame), key=_key)


@function("lists", _LIST, gives="same", says="{0} without repeats", examples=(("distinct([1, 2, 1])", "[1, 2]"),))
def distinct(frame: Frame, items: list[object]) -> list[object]:
    """The items without those that came before, in their order."""
    seen: set[object] = set()
    kept: list[object] = []
    for item in items:
        value = admit(item)
        mark = _mark(value, frame, 0)
        if mark not in seen:
            seen.add(mark)
            kept.append(value)
    return kept


@function(
    "lists",
    _LIST,
    gives="same",
    says="{0} the other way round",
    examples=(("reverse([1, 2, 3])", "[3, 2, 1]"),),
)
def reverse(frame: Frame, items: list[object]) -> list[object]:
    """The items in the opposite order."""
    return items[::-1]


def _at(items: list[object], place: int, word: str) -> object:
    if not items:
        raise Fault("missing_value", f"An empty list has no {word} item. Ask “is empty” before.")
    return admit(items[place])


def _readable(items: list[object], frame: Frame) -> list[object]:
    # A text among dates is read as a date, as everywhere in the language.
    dated = next((item for item in items if isinstance(item, date)), None)
    return items if dated is None else [ordered_pair(item, dated, frame)[0] for item in items]


def _key(value: object) -> str | int | Decimal | date:
    assert isinstance(value, str | int | Decimal | date)
    return value  # all of one kind by now


def _mark(value: object, frame: Frame, depth: int) -> object:
    frame.tick(5)
    if depth > NESTING:
        raise Fault("too_deep", f"These values are nested more than {NESTING} deep, so they cannot be compared.")
    if isinstance(value, list):
        return ("list", *(_mark(admit(item), frame, depth + 1) for item in value))
    if isinstance(value, dict):
        return frozenset((name, _mark(admit(item), frame, depth + 1)) for name, item in value.items())
    if isinstance(value, str):
        frame.read(value)
    return ("number" if type(value) in (int, Decimal) else type(value).__name__, value)
