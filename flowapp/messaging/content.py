"""What calls and their answers carry: plain data as JSON, or text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flowapp.kernel import plain

JSON = "application/json"
TEXT = "text/plain; charset=utf-8"
DEEPEST = 32  # as deep as expressions can read


@dataclass(frozen=True, kw_only=True)
class Content:
    """What a call carries, and what the `Content-Type` header says of it."""

    data: bytes = b""
    type: str | None = None


def content_of(value: Any) -> Content:
    """Write a value as it is sent: a text as it stands, nothing as nothing, anything else as JSON."""
    if value is None:
        return Content()
    if isinstance(value, str):
        return Content(data=value.encode(), type=TEXT)
    return Content(data=plain.dump(value).encode(), type=JSON)


def value_of(data: bytes, type: str) -> Any:
    """Read what an answer carries: JSON as plain data, nothing as None, anything else as text.

    What only claims to be JSON, or is nested deeper than anybody could read, is text too.
    """
    if not data:
        return None
    text = data.decode(errors="replace")
    if not _is_json(type):
        return text
    try:
        value = plain.load(data)
    except (ValueError, ArithmeticError, RecursionError):  # ArithmeticError: a number with an endless exponent
        return text
    return value if _nested_within(value, DEEPEST) else text


def _is_json(type: str) -> bool:
    kind = type.partition(";")[0].strip().lower()
    return kind == JSON or kind.endswith("+json")


def _nested_within(value: Any, levels: int) -> bool:
    if not isinstance(value, dict | list):
        return True
    inner = value.values() if isinstance(value, dict) else value
    return levels > 0 and all(_nested_within(each, levels - 1) for each in inner)
