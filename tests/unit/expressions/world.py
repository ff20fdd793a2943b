"""What the expressions of the tests may read: a leave request at Rose House on Monday 23 November 2026."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from flowapp.expressions import Environment, ExpressionError, condition, expression, template


class Christmas:
    """A calendar in which only Christmas Day is a bank holiday."""

    def is_bank_holiday(self, day: date) -> bool:
        """Whether it is 25 December."""
        return (day.month, day.day) == (12, 25)


MONDAY = Environment(
    now=datetime(2026, 11, 23, 9, 30, tzinfo=UTC),
    timezone=ZoneInfo("Europe/London"),
    calendar=Christmas(),
)


def names(**context: Any) -> dict[str, Any]:
    """Make names whose context has these fields besides the usual ones."""
    usual = {
        "days": 2,
        "hours": Decimal("7.5"),
        "role": "Staff",
        "urgent": False,
        "nothing": None,
        "empty": "",
        "start": date(2026, 12, 1),
        "start_text": "2026-12-01",
        "begins": datetime(2026, 12, 1, 7, 0, tzinfo=UTC),
        "begins_text": "2026-12-01T07:00:00Z",
        "list": [3, 1, 2],
        "words": ["Ben", "Anna"],
        "staff": {"name": "Anna Boyd", "phone": None, "email": "anna@home.example"},
        "shifts": [
            {"id": 1, "hours": 7, "role": "Carer", "late": False},
            {"id": 2, "hours": 9, "role": "Nurse", "late": True},
            {"id": 3, "hours": 12, "role": "Carer", "late": True},
        ],
    }
    return {
        "context": usual | context,
        "steps": {"find": {"count": 3}},
        "vars": {"limit": 3, "wait": {"hours": 3}},
    }


def evaluate(text: str, **context: Any) -> object:
    """Work out an expression of any kind."""
    return expression(text).evaluate(names(**context), MONDAY)


def holds(text: str, **context: Any) -> bool:
    """Work out a condition."""
    return condition(text).evaluate(names(**context), MONDAY)


def filled(text: str, **context: Any) -> str:
    """Fill in a template."""
    return template(text).render(names(**context), MONDAY)


def error_of(text: str, **context: Any) -> ExpressionError:
    """Answer the error that an expression ends in, when it is read or when it is worked out."""
    try:
        value = evaluate(text, **context)
    except ExpressionError as error:
        return error
    raise AssertionError(f"{text!r} gave {value!r} instead of an error.")


def place_of(error: ExpressionError) -> tuple[int, int, int]:
    """Answer line, column and length."""
    return error.line, error.column, error.length
