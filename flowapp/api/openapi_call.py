"""What a call takes and answers, noted on its view; the document is made of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from pydantic import BaseModel

View = TypeVar("View", bound=Callable[..., Any])
IfMatch = Literal["", "may", "must"]


@dataclass(frozen=True, kw_only=True)
class Call:
    """What one view takes and answers.

    `once` is for those that take an Idempotency-Key, `if_match` for those that take the version seen, `conflict`
    for those that answer 409 without one.
    """

    answer: type[BaseModel]
    status: int = 200
    media: str = "application/json"
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    once: bool = False
    if_match: IfMatch = ""
    conflict: bool = False


def documented(call: Call) -> Callable[[View], View]:
    """Note on a view what it takes and answers; it stands below `allow`, which keeps what is noted."""

    def note(view: View) -> View:
        view.call = call  # type: ignore[attr-defined]
        return view

    return note


def call_of(view: Callable[..., Any]) -> Call | None:
    """Answer what is noted on a view, if anything is."""
    found = getattr(view, "call", None)
    return found if isinstance(found, Call) else None
