"""What leaves an evaluation: plain data of its own, so that nobody changes the context through it."""

from __future__ import annotations

from flowapp.expressions.errors import Fault
from flowapp.expressions.frame import Frame
from flowapp.expressions.limits import NESTING
from flowapp.expressions.values import admit


def result(value: object, frame: Frame, depth: int = 0) -> object:
    """Answer an admitted value as the caller may have it; lists and records are copied, all the way down."""
    if isinstance(value, str):
        frame.write(value)
        return value
    if isinstance(value, list):
        return [result(item, frame, depth + 1) for item in _inner(value, frame, depth)]
    if isinstance(value, dict):
        inner = _inner(list(value.values()), frame, depth)
        return {name: result(item, frame, depth + 1) for name, item in zip(map(_name, value), inner, strict=True)}
    return value


def _inner(items: list[object], frame: Frame, depth: int) -> list[object]:
    if depth >= NESTING:
        raise Fault("too_deep", f"This value is nested more than {NESTING} deep.")
    frame.tick(2 * len(items))
    return [admit(item) for item in items]


def _name(name: object) -> str:
    if type(name) is str:
        return name
    raise Fault("wrong_type", "This holds a record whose names are not text, so it cannot be used here.")
