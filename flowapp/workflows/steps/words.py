"""How expressions and texts in a step are put into words."""

from __future__ import annotations

import re
from typing import Any

from flowapp.expressions import ExpressionError, condition, expression, value

LABELS = {
    "context.days": "days requested",
    "context.leave.days": "days requested",
    "context.hours": "hours requested",
    "context.leave_type": "the type of leave",
    "context.leave.type": "the type of leave",
    "context.balance_after": "hours of leave left afterwards",
    "context.balance_before": "hours of leave left",
    "context.notice_days": "days of notice",
    "context.user.role": "the role of who asked",
    "context.staff.name": "the person's name",
}


def condition_words(text: str) -> str:
    """Say what a condition asks; one that cannot be read is shown as it was written."""
    try:
        return condition(text).describe(LABELS)
    except ExpressionError:
        return text


def match_words(text: str) -> str:
    """Say what must be so of an event; what the event brings is said as its own: `its days`."""
    try:
        asked = condition(text)
        own = {name: name.replace("event.", "its ", 1) for name in asked.names if name.startswith("event.")}
        return asked.describe(LABELS | {name: re.sub(r"[._]", " ", words) for name, words in own.items()})
    except ExpressionError:
        return text


def expression_words(text: str) -> str:
    """Say what an expression gives; one that cannot be read is shown as it was written."""
    try:
        return expression(text).describe(LABELS)
    except ExpressionError:
        return text


def value_words(given: Any) -> str:
    """Say what a setting will be: its text with the names of the values in it."""
    if not isinstance(given, str):
        return "a list" if isinstance(given, list) else "a record" if isinstance(given, dict) else f"{given}"
    try:
        return value(given).describe(LABELS)
    except ExpressionError:
        return given


def listed(names: list[str], *, last: str = "and") -> str:
    """Put names into one phrase: `a, b and c`."""
    return f"{', '.join(names[:-1])} {last} {names[-1]}" if len(names) > 1 else "".join(names)
