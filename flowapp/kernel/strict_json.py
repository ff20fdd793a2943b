"""JSON from outside, read strictly: no repeated keys, no NaN, nothing nested without end."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from flowapp.kernel import plain

DEEPEST = 32


class TooDeep(ValueError):
    """JSON that is nested deeper than anybody means it."""


def strict_json(raw: str | bytes) -> Any:
    """Read JSON as `plain.load` does; raises ValueError in words for what is not, TooDeep beyond 32 levels."""
    try:
        checked = json.loads(raw, object_pairs_hook=_no_repeats, parse_constant=_no_constant)
        found = plain.load(raw)
    except UnicodeDecodeError:
        raise ValueError("it is not text in UTF-8") from None
    except RecursionError as error:
        raise TooDeep(str(error)) from None
    if _depth(checked) > DEEPEST:
        raise TooDeep(f"it is more than {DEEPEST} levels deep")
    return found


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key appears twice in one object")
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _depth(value: Any, level: int = 0) -> int:
    if level > DEEPEST or not isinstance(value, dict | list):
        return level
    inside = value.values() if isinstance(value, dict) else value
    return max((_depth(each, level + 1) for each in inside), default=level + 1)
