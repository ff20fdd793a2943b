"""What the page of open shifts shows: what nobody has in the next four weeks, soonest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.accounts.can import can
from flowapp.accounts.people import Person
from flowapp.rota.homes import CareHome
from flowapp.rota.shift_reading import PlannedShift, planned_shifts, seen_by
from flowapp.rota.shifts import Shift, ShiftStatus
from flowapp.rota.wording import amount_text
from flowapp.web.filters import plural, relative, short_day
from flowapp.web.rota.cells import clock_words

AHEAD = timedelta(weeks=4)
MOST_ROWS = 200


@dataclass(frozen=True, kw_only=True)
class OpenRow:
    """One open shift."""

    href: str
    day: str
    times: str
    where: str
    role: str
    hours: str
    starts: str
    published: bool
    note: str


@dataclass(frozen=True, kw_only=True)
class OpenPage:
    """The open shifts of the next four weeks."""

    sentence: str
    rows: tuple[OpenRow, ...]
    plans: bool
    several_homes: bool
    rota_url: str


def open_page(session: Session, person: Person, *, now: datetime) -> OpenPage:
    """Put the list together: what the reader may see, and no more than fits a page."""
    query = planned_shifts().where(
        seen_by(person), Shift.status == ShiftStatus.OPEN, Shift.starts_at > now, Shift.starts_at <= now + AHEAD
    )
    found = [PlannedShift(*row) for row in session.execute(query.order_by(Shift.starts_at, Shift.id).limit(MOST_ROWS))]
    names = {id_: name for id_, name in session.execute(select(CareHome.id, CareHome.name))}
    several = len({shift.home_id for shift in found}) > 1
    rows = tuple(_row(shift, names[shift.home_id] if several else "", now) for shift in found)
    return OpenPage(
        sentence=_sentence(len(found)),
        rows=rows,
        plans=can(person, "shift.assign"),
        several_homes=several,
        rota_url=url_for("rota.index"),
    )


def _sentence(count: int) -> str:
    if not count:
        return "In the next four weeks somebody has every shift that you can see."
    most = ", and perhaps more later on" if count == MOST_ROWS else ""
    return f"{plural(count, 'shift')} in the next four weeks that nobody has, the soonest first{most}."


def _row(shift: PlannedShift, home_name: str, now: datetime) -> OpenRow:
    unit = shift.unit_name or "Whole home"
    return OpenRow(
        href=url_for("shifts.show_shift", shift_id=shift.id),
        day=short_day(shift.local_date),
        times=f"{shift.start_local} to {shift.end_local}",
        where=f"{unit}, {home_name}" if home_name else unit,
        role=shift.role.label,
        hours=amount_text(shift.hours, "hour"),
        starts=relative(shift.starts_at, now=now, zone=ZoneInfo(shift.timezone)),
        published=shift.published_at is not None,
        note=clock_words(shift),
    )
