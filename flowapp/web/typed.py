"""Reading what was typed into the fields of a form."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from flowapp.kernel.errors import Problem, Refused


def day_typed(text: str, *, path: str, words: str) -> date:
    """Answer the day that was typed; raises Refused, in these words, when it is none."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Refused([Problem(path=path, code="bad_date", message=words)]) from None


def day_or_none(text: str, *, path: str, words: str) -> date | None:
    """Answer the day that was typed, None for an empty field; raises Refused when it is neither."""
    return day_typed(text, path=path, words=words) if text.strip() else None


def number_or_none(text: str, *, path: str, words: str) -> int | None:
    """Answer the whole number that was typed, None for an empty field; raises Refused when it is neither."""
    text = text.strip()
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise Refused([Problem(path=path, code="bad_number", message=words)])
    return int(text)


def by_field(problems: Iterable[Problem], *, otherwise: str) -> dict[str, str]:
    """Answer what is wrong by its field; what belongs to none stands with the one named."""
    found: dict[str, str] = {}
    for problem in problems:
        name = problem.path or otherwise
        found[name] = f"{found[name]} {problem.message}" if name in found else problem.message
    return found
