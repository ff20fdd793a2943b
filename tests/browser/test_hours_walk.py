"""Hours are handed in by one person and approved by another; a handover is written by one and read by another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.events.cause import SYSTEM, Cause
from flowapp.kernel.db import Database
from flowapp.rota.shift_plan import ShiftPlan, timed
from flowapp.rota.shift_writing import add, move
from flowapp.rota.shifts import ShiftStatus
from flowapp.rota.staff import JobRole, Staff
from tests.browser.window import DESK, PHONE, Size, Window
from tests.kill.server import Server, reason_not_available
from tests.support import browser

REASON = browser.reason_not_available() or reason_not_available()
pytestmark = [pytest.mark.browser, pytest.mark.skipif(REASON is not None, reason=str(REASON))]
CARER, SENIOR, MANAGER = "carer@example.org", "senior@example.org", "manager@example.org"


@dataclass(frozen=True)
class Walk:
    """On what the road is walked."""

    size: Size
    javascript: bool
    days_ago: int  # the shift of each walk is another day's

    def __str__(self) -> str:
        return f"{self.size[0]}px{'' if self.javascript else '-without-javascript'}"


WALKS = (Walk(DESK, True, 3), Walk(PHONE, True, 4), Walk(PHONE, False, 5))
each_walk = pytest.mark.parametrize("walk", WALKS, ids=str)


def a_past_shift(server: Server, email: str, day: date) -> int:
    """Write a published shift that is over, as if it had been planned in time; the demo of these tests has no rota."""
    database = Database(server.url)

    def write(session: Session) -> int:
        who = session.scalars(select(Staff).where(Staff.email == email)).one()
        start, end = time(8), time(20)
        plan = ShiftPlan(
            unit_id=who.unit_id, role=JobRole.CARER, date=day, start=start, end=end, unpaid_break_minutes=60
        )
        cause = Cause(actor=SYSTEM, at=datetime.now(UTC).replace(microsecond=0))
        made = add(session, cause, who.home_id, plan, timed(plan, "Europe/London"), "Europe/London", who.id)
        move(session, cause, made, status=ShiftStatus.ASSIGNED, staff_id=who.id, published_at=cause.at)
        return made.id

    try:
        return database.write(write)
    finally:
        database.dispose()


@each_walk
def test_hours_are_handed_in_queried_answered_and_approved(
    walk: Walk, window: Callable[..., Window], server: Server
) -> None:
    day = datetime.now(UTC).date() - timedelta(days=walk.days_ago)
    shift = a_past_shift(server, CARER, day)
    carer = window(CARER, size=walk.size, javascript=walk.javascript)
    carer.go(f"/timesheets/?month={day:%Y-%m}")
    carer.follow(f"{day.day} {day:%b} · Hand in")
    assert carer.page.url.endswith(f"/timesheets/shifts/{shift}/hours/")
    carer.fill(start="07:30", end="20:00")
    carer.fill(break_minutes="a lot")
    carer.press("Hand in")
    assert "Write the break in minutes" in carer.text
    carer.fill(break_minutes="60")
    carer.press("Hand in")
    assert "Handed in; somebody else decides." in carer.text
    assert "Came 30 minutes early: 0.5 hours more than planned." in carer.text

    manager = window(MANAGER, size=walk.size, javascript=walk.javascript)
    manager.go("/")
    manager.follow("to approve")
    manager.go(carer.page.url)
    manager.fill(reason="Why so early?")
    manager.press("Query")
    assert "asks: Why so early?" in manager.text

    carer.go("/")
    carer.follow("question about your hours")
    carer.go(f"/timesheets/shifts/{shift}/hours/")
    assert "Why so early?" in carer.text
    carer.fill(start="08:00", reason="I looked at the wrong clock")
    carer.press("Hand in")

    manager.go(carer.page.url)
    assert "As planned." in manager.text
    manager.press("Approve hours")
    assert "Approved by Maya Reid." in manager.text
    carer.go(carer.page.url)
    assert "I looked at the wrong clock" in carer.text
    assert carer.main.get_by_role("button").count() == 0


@each_walk
def test_a_handover_is_written_read_aloud_and_taken_over(walk: Walk, window: Callable[..., Window]) -> None:
    senior = window(SENIOR, size=walk.size, javascript=walk.javascript)
    words = f"Mrs Kerr slept well, {walk}."
    senior.go("/handovers/")
    senior.follow("Write a handover")
    senior.press("Hand over")
    assert "Write what the next shift must know" in senior.text
    senior.fill(text=words, items="Call the doctor\nOpen the windows")
    senior.press("Hand over")
    assert words in senior.text
    assert senior.main.get_by_role("button", name="I have read this and take over").count() == 0

    carer = window(CARER, size=walk.size, javascript=walk.javascript)
    carer.go("/handovers/?unit=")
    assert words in carer.text
    carer.go(senior.page.url)
    carer.press("I have read this and take over")
    assert "Taken over by" in carer.text
    carer.press("Done: Call the doctor")
    assert "Done by" in carer.text
    senior.go(senior.page.url)
    assert "Taken over by" in senior.text
    assert "Done by" in senior.text
