"""Work and needs made up in a few words, for the rules that look at them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import Any

from flowapp.rota.compliance.finding import Finding
from flowapp.rota.compliance.looking.rulebook import findings
from flowapp.rota.compliance.looking.worked import House, Need, Post, Span, Stint, Worker
from flowapp.rota.compliance.rule import SHIPPED
from flowapp.rota.shifts import WorkingTime
from flowapp.rota.staff import JobRole
from flowapp.rota.wall_time import instants

LONDON = "Europe/London"
MONDAY = date(2026, 11, 23)
SPAN = Span(first=MONDAY, last=MONDAY + timedelta(days=6), today=MONDAY)
ALL_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Times = tuple[int, str, str]  # days after Monday, from, to


def stint(number: int, start: str, end: str, *, pause: int = 60, kind: WorkingTime = WorkingTime.FULL) -> Stint:
    """Answer a shift so many days after Monday."""
    day = MONDAY + timedelta(days=number)
    times = instants(day, time.fromisoformat(start), time.fromisoformat(end), LONDON)
    return Stint(
        shift_id=1, day=day, starts_at=times.starts_at, ends_at=times.ends_at, hours=times.paid_hours(pause),
        break_minutes=pause, working_time=kind,
    )  # fmt: skip


def worker(*stints: Stint, **given: Any) -> Worker:
    """Answer Anna with this work."""
    facts = {"staff_id": 7, "name": "Anna", "started": date(2024, 1, 8), "timezone": LONDON} | given
    return Worker(stints=tuple(stints), **facts)


def days(*shifts: Times) -> Worker:
    """Answer Anna with shifts of an hour's break."""
    return worker(*(stint(*each) for each in shifts))


def post(number: int, start: str, end: str, *, staffed: bool = True, unit_id: int | None = None) -> Post:
    """Answer a carer's shift of the home."""
    made = stint(number, start, end)
    return Post(
        day=made.day, start=start, end=end, unit_id=unit_id, role=JobRole.CARER, starts_at=made.starts_at,
        ends_at=made.ends_at, working_time=WorkingTime.FULL, is_staffed=staffed,
    )  # fmt: skip


def need(name: str, start: str, end: str, fewest: int, *, unit_id: int | None = None) -> Need:
    """Answer a need for carers every day of the week."""
    return Need(
        name=name, unit_id=unit_id, unit=None if unit_id is None else "Bluebell", role=JobRole.CARER,
        weekdays=ALL_WEEK, start=start, end=end, fewest=fewest,
    )  # fmt: skip


def house(*posts: Post, needs: Sequence[Need] = ()) -> House:
    """Answer Rose House."""
    return House(home_id=1, name="Rose House", timezone=LONDON, needs=tuple(needs), posts=tuple(posts))


def broken(code: str, *, who: Worker | None = None, home: House | None = None, span: Span = SPAN) -> list[Finding]:
    """Answer where one rule is broken."""
    return list(findings([SHIPPED[code]], [who] if who else [], home or house(), span))
