"""The hours somebody worked, what cannot be, and the difference to the plan in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from flowapp.rota.timesheets.worked import Worked, difference, wrong
from flowapp.rota.wall_time import Interval

EIGHT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
PLAN = Interval(EIGHT, EIGHT + timedelta(hours=12))
LATER = EIGHT + timedelta(days=2)


def worked(came: int = 0, went: int = 0, break_minutes: int = 60) -> Worked:
    """Somebody who came and went so many minutes after the plan."""
    first, last = PLAN.starts_at + timedelta(minutes=came), PLAN.ends_at + timedelta(minutes=went)
    return Worked(in_at=first, out_at=last, break_minutes=break_minutes)


@pytest.mark.parametrize(
    ("came", "went", "break_minutes", "hours"),
    [
        (0, 0, 60, "11"),
        (0, 0, 0, "12"),
        (-4, 3, 60, "11.12"),  # 11 hours and 7 minutes
        (0, 20, 60, "11.33"),
        (0, 40, 60, "11.67"),  # rounded up
        (10, -20, 30, "11"),
    ],
)
def test_hours_are_those_that_passed_less_the_break(came: int, went: int, break_minutes: int, hours: str) -> None:
    assert worked(came, went, break_minutes).hours == Decimal(hours)


@pytest.mark.parametrize(
    ("came", "went", "break_minutes", "text"),
    [
        (0, 0, 60, "As planned"),
        (5, -5, 60, "As planned"),  # a few minutes are nobody's business
        (6, 0, 60, "Came 6 minutes late: 0.1 hours fewer than planned"),
        (-15, 0, 60, "Came 15 minutes early: 0.25 hours more than planned"),
        (0, -30, 60, "Went 30 minutes early: 0.5 hours fewer than planned"),
        (0, 60, 60, "Stayed 60 minutes longer: 1 hour more than planned"),
        (0, 0, 30, "30 minutes of break instead of 60: 0.5 hours more than planned"),
        (30, 30, 60, "Came 30 minutes late, stayed 30 minutes longer: as many hours as planned"),
    ],
)
def test_the_difference_to_the_plan_is_said_in_words(came: int, went: int, break_minutes: int, text: str) -> None:
    found = difference(PLAN, 60, Decimal(11), worked(came, went, break_minutes))
    assert (found.text, found.matches) == (text, text == "As planned")


@pytest.mark.parametrize(
    ("hours", "problems"),
    [
        (worked(), []),
        (worked(0, -720), [("end", "before_start")]),
        (worked(0, -780), [("end", "before_start")]),
        (worked(0, 721), [("end", "too_long")]),
        (worked(0, 0, -1), [("break_minutes", "out_of_range")]),
        (worked(0, 0, 241), [("break_minutes", "out_of_range")]),
        (worked(0, -660, 60), [("break_minutes", "too_long")]),
    ],
)
def test_what_cannot_be_is_told_by_its_field(hours: Worked, problems: list[tuple[str, str]]) -> None:
    assert [(each.path, each.code) for each in wrong(hours, LATER)] == problems


def test_hours_that_are_still_to_come_cannot_be_handed_in() -> None:
    before, just = PLAN.ends_at - timedelta(minutes=1), PLAN.ends_at
    assert [each.code for each in wrong(worked(), before)] == ["in_future"]
    assert not [*wrong(worked(), just)]
