"""Lists, a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from flask import request

from flowapp.kernel.errors import Problem, Refused

T = TypeVar("T")
MOST, USUAL = 200, 50


def page_of(
    fetch: Callable[[int, int | None], Sequence[T]], id_of: Callable[[T], int], body: Callable[[T], Any]
) -> dict[str, Any]:
    """Answer one page: `fetch` is given a limit and the id after which to go on."""
    limit = whole("limit", USUAL, least=1, most=MOST)
    cursor = whole("cursor", None, least=1)
    rows = fetch((limit or USUAL) + 1, cursor)
    more = len(rows) > (limit or USUAL)
    shown = rows[: limit or USUAL]
    return {"items": [body(row) for row in shown], "next": str(id_of(shown[-1])) if more else None}


def whole(name: str, default: int | None, *, least: int = 0, most: int | None = None) -> int | None:
    """Answer a whole number of the query; raises Refused when it is none, or out of its bounds."""
    text = request.args.get(name)
    if text is None or text == "":
        return default
    number = int(text) if text.isdecimal() and len(text) < 16 else None
    if number is None or number < least or (most is not None and number > most):
        bounds = f"from {least} to {most}" if most is not None else f"of {least} or more"
        message = f"{name} must be a whole number {bounds}."
        raise Refused([Problem(path=name, code="bad_value", message=message)])
    return number
