"""What the calendar does to leave: requests run out undecided, and granted leave is taken in the end.

The scheduler asks every second. Each piece of leave is closed in a write of its own, so that one that cannot be
closed does not hold up the others.
"""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Date, bindparam, func, or_, select
from sqlalchemy.orm import Session

from flowapp.events.cause import SYSTEM, Cause
from flowapp.events.leave import LeaveExpired
from flowapp.kernel.db import Database, DatabaseBusy
from flowapp.kernel.prepared import Prepared
from flowapp.rota.homes import CareHome, home
from flowapp.rota.leave import LeaveRequest, LeaveStatus, OpenRequest, request_as_it_is
from flowapp.rota.leave_giving_back import Tell, stay
from flowapp.rota.leave_writing import gathered_for, move, note, tell_asked

log = logging.getLogger(__name__)
MOST_AT_ONCE = 50  # of each home and status; the rest is for the next second
PATIENCE_SECONDS = 1.0  # the scheduler has other things to do than to wait for the database
A_DAY = timedelta(days=1)


class _Home(NamedTuple):
    id: int
    timezone: str


_HOMES = Prepared(select(CareHome.id, CareHome.timezone), _Home)
_DUE: Prepared[Any] = Prepared(
    select(LeaveRequest.id)
    .where(
        LeaveRequest.status == bindparam("status"),
        LeaveRequest.home_id == bindparam("home_id"),
        LeaveRequest.start_date <= bindparam("begun_by", type_=Date),
        LeaveRequest.end_date <= bindparam("over_by", type_=Date),
        # The day of asking in UTC; `_is_due` looks at the home's own.
        or_(
            LeaveRequest.status != LeaveStatus.REQUESTED,
            func.date(LeaveRequest.requested_at) < LeaveRequest.start_date,
        ),
    )
    .order_by(LeaveRequest.start_date, LeaveRequest.id)
    .limit(MOST_AT_ONCE)
)


def close_due(database: Database, now: datetime, *, tell: Tell) -> int:
    """Close the leave whose day has come, and answer how much it was; a call closes no more than it can in passing."""
    with database.read() as session:
        found = due_leave(session, now)
    closed = 0
    for leave_id in found:
        try:
            closed += _close_in(database, leave_id, now, tell)
        except DatabaseBusy:
            break
        except Exception:
            log.exception("leave request %s could not be closed; it is tried again", leave_id)
    return closed


def _close_in(database: Database, leave_id: int, now: datetime, tell: Tell) -> bool:
    def write(session: Session) -> bool:
        return close_leave(session, leave_id, now, tell=tell) is not None

    return database.write(write, give_up=PATIENCE_SECONDS)


def due_leave(session: Session, now: datetime) -> list[int]:
    """Answer the numbers of leave whose day has come where its home is, some at a time."""
    found: list[int] = []
    for each in _HOMES.rows(session):
        today = now.astimezone(ZoneInfo(each.timezone)).date()
        for status, over_by in _latest(today).items():
            rows = _DUE.rows(session, status=status, home_id=each.id, begun_by=today, over_by=over_by)
            found += [leave_id for (leave_id,) in rows]
    return found


def close_leave(session: Session, leave_id: int, now: datetime, *, tell: Tell) -> LeaveStatus | None:
    """Close one piece of leave if its day has come, and answer where it stands then; None when there is nothing to do.

    A request runs out on its first day, unless it was asked for on that day or later: somebody who falls ill asks
    afterwards. An unanswered wish to give leave back ends when the leave begins. Granted leave is taken when its
    last day has passed.
    """
    request = request_as_it_is(session, leave_id)
    if not _is_due(request, now, home(session, request.home_id).zone):
        return None
    cause = Cause(actor=SYSTEM, at=now)
    if request.status == LeaveStatus.REQUESTED:
        return _run_out(session, cause, request)
    if request.status == LeaveStatus.CANCEL_REQUESTED:
        stay(session, cause, request, tell=tell, because="Nobody answered before it began")
        return LeaveStatus.APPROVED
    move(session, request, LeaveStatus.TAKEN)
    note(session, cause, request, LeaveStatus.TAKEN)
    return LeaveStatus.TAKEN


def _run_out(session: Session, cause: Cause, request: OpenRequest) -> LeaveStatus:
    gathered = gathered_for(session, request, cause.at)
    move(session, request, LeaveStatus.EXPIRED)
    note(session, cause, request, LeaveStatus.EXPIRED)
    tell_asked(session, cause, request, gathered, LeaveExpired, LeaveStatus.EXPIRED)
    return LeaveStatus.EXPIRED


def _is_due(request: OpenRequest, now: datetime, zone: ZoneInfo) -> bool:
    today = now.astimezone(zone).date()
    over_by = _latest(today).get(request.status)
    if over_by is None or request.start_date > today or request.end_date > over_by:
        return False
    asked_on = request.requested_at.astimezone(zone).date()
    return request.status != LeaveStatus.REQUESTED or asked_on < request.start_date


def _latest(today: date) -> dict[LeaveStatus, date]:
    """Answer by when leave of each status that can be closed must be over; what only has to begin may end any day."""
    return {
        LeaveStatus.REQUESTED: date.max,
        LeaveStatus.CANCEL_REQUESTED: date.max,
        LeaveStatus.APPROVED: today - A_DAY,
    }
