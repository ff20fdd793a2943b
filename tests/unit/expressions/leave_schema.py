"""The schema that the checks of the tests are made with: a leave request, two steps and a variable."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel

from flowapp.expressions import Check, Schema


class Shift(BaseModel):
    """A shift, as an event tells of it."""

    id: int
    hours: Decimal
    status: Literal["open", "filled"]
    note: str | None


class Staff(BaseModel):
    """A member of staff."""

    name: str
    email: str | None


class Context(BaseModel):
    """What the trigger brings."""

    days: Decimal
    balance: Decimal | None
    role: Literal["Staff", "Manager", "HR"]
    start: date
    begins: datetime
    urgent: bool
    staff: Staff
    cover: Staff | None
    shifts: list[Shift]
    tags: list[str]
    reason: str = ""


FOUND = {
    "type": "object",
    "properties": {"count": {"type": "integer"}, "names": {"type": "array", "items": {"type": "string"}}},
    "required": ["count", "names"],
}
VARS = {"type": "object", "properties": {"limit": {"type": "number"}}, "required": ["limit"]}
SCHEMA = (
    Schema.of_roots({"context": Context.model_json_schema(), "vars": VARS})
    .with_step("find", FOUND)
    .with_step("ask", FOUND, sure=False)
)

Seen = list[tuple[str, str, int, int]]


def seen(found: Check) -> tuple[Seen, Seen]:
    """Answer code, message, column and length of the problems, and of the warnings."""
    problems, warnings = (
        [(one.code, one.message, one.column, one.length) for one in kind] for kind in (found.problems, found.warnings)
    )
    return problems, warnings
