"""What the calendar does to certificates: reminders come due, and certificates run out.

The scheduler asks every second, which costs one look along an index. Each certificate is told of in a write of its
own, so that one that cannot be told of does not hold up the others.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Date, bindparam, select, update
from sqlalchemy.orm import Session

from flowapp.events.cause import SYSTEM, Cause
from flowapp.events.training import CertificationExpired, TrainingDue
from flowapp.kernel.db import Database, DatabaseBusy
from flowapp.kernel.prepared import Prepared
from flowapp.rota.homes import CareHome
from flowapp.rota.staff import Staff, StaffStatus
from flowapp.rota.training.affected import MOST, affected_shifts
from flowapp.rota.training.certificates import Certificate
from flowapp.rota.training.reading import HeldCertificate, certificate_as_it_is
from flowapp.rota.training.reminders import Due, Watch, due_reminders, next_look
from flowapp.rota.training.telling import tell
from flowapp.rota.training.types import TrainingType

log = logging.getLogger(__name__)
MOST_AT_ONCE = 50  # of each time zone; the rest is for the next second
PATIENCE_SECONDS = 1.0  # the scheduler has other things to do than to wait for the database
DAY_BEGINS = timedelta(hours=6)  # nobody wants to be told of training at midnight

_ZONES: Prepared[Any] = Prepared(select(CareHome.timezone).distinct())
_DUE: Prepared[Any] = Prepared(
    select(Certificate.id)
    .join(Staff, Staff.id == Certificate.staff_id)
    .join(CareHome, CareHome.id == Staff.home_id)
    .where(
        Certificate.next_look_on.is_not(None),
        Certificate.next_look_on <= bindparam("today", type_=Date),
        CareHome.timezone == bindparam("timezone"),
    )
    .order_by(Certificate.next_look_on, Certificate.id)
    .limit(MOST_AT_ONCE)
)


class _Watched(NamedTuple):
    expires_on: date | None
    reminder_days: list[int]
    watched_from: date
    reminded: int | None
    next_look_on: date | None
    timezone: str
    status: StaffStatus


_WATCHED = Prepared(
    select(
        *(Certificate.expires_on, TrainingType.reminder_days, Certificate.watched_from, Certificate.reminded),
        *(Certificate.next_look_on, CareHome.timezone, Staff.status),
    )
    .join(TrainingType, TrainingType.id == Certificate.training_type_id)
    .join(Staff, Staff.id == Certificate.staff_id)
    .join(CareHome, CareHome.id == Staff.home_id)
    .where(Certificate.id == bindparam("certificate_id")),
    _Watched,
)
_REMIND: Prepared[Any] = Prepared(
    update(Certificate).where(Certificate.id == bindparam("certificate_id")), columns=("reminded", "next_look_on")
)


def remind_due(database: Database, now: datetime) -> int:
    """Tell what is due of certificates, and answer of how many; a call tells no more than it can in passing."""
    with database.read() as session:
        found = due_certificates(session, now)
    told = 0
    for certificate_id in found:
        try:
            told += _remind_in(database, certificate_id, now)
        except DatabaseBusy:
            break
        except Exception:
            log.exception("certificate %s could not be told of; it is tried again", certificate_id)
    return told


def _remind_in(database: Database, certificate_id: int, now: datetime) -> bool:
    return database.write(lambda session: remind_of(session, certificate_id, now), give_up=PATIENCE_SECONDS)


def due_certificates(session: Session, now: datetime) -> list[int]:
    """Answer the numbers of certificates that have to be looked at where their people work, some at a time."""
    found: list[int] = []
    for (timezone,) in _ZONES.rows(session):
        rows = _DUE.rows(session, today=_day_of(now, timezone), timezone=timezone)
        found += [certificate_id for (certificate_id,) in rows]
    return found


def remind_of(session: Session, certificate_id: int, now: datetime) -> bool:
    """Look at one certificate, tell what is due, and say whether anything was.

    Nothing is told of one that was withdrawn, waits for a check or has a newer one beside it, nor of who has left.
    """
    watched = _WATCHED.first(session, certificate_id=certificate_id)
    if watched is None or watched.next_look_on is None:
        return False
    today = _day_of(now, watched.timezone)
    held = certificate_as_it_is(session, certificate_id, today)
    watch = _watch_of(watched, held)
    if watch is None:
        _REMIND.run(session, certificate_id=certificate_id, reminded=watched.reminded, next_look_on=None)
        return False
    due = due_reminders(watch, today)
    _tell(session, Cause(actor=SYSTEM, at=now), held, watch.expires_on, due, today)
    following = watch if due.last is None else replace(watch, reminded=due.last)
    again = next_look(following, today)
    _REMIND.run(session, certificate_id=certificate_id, reminded=following.reminded, next_look_on=again)
    return due.last is not None


def _watch_of(watched: _Watched, held: HeldCertificate) -> Watch | None:
    idle = held.revoked_on is not None or held.waits or held.superseded or watched.status is StaffStatus.LEAVER
    if watched.expires_on is None or idle:
        return None
    return Watch(
        expires_on=watched.expires_on,
        reminder_days=tuple(watched.reminder_days),
        watched_from=watched.watched_from,
        reminded=watched.reminded,
    )


def _tell(session: Session, cause: Cause, held: HeldCertificate, last_day: date, due: Due, today: date) -> None:
    if due.last is None:
        return
    shifts = affected_shifts(session, held.staff_id, held.code, last_day, cause.at)
    beside = {"affected_future_shifts": shifts[:MOST], "affected_count": len(shifts)}
    for reminder in due.reminders:
        tell(session, cause, TrainingDue, held, today, own={**beside, "reminder_day": reminder})
    if due.ran_out:
        tell(session, cause, CertificationExpired, held, today, own=beside)


def _day_of(now: datetime, timezone: str) -> date:
    """Answer the day as reminders count it, which begins at six in the morning."""
    local = now.astimezone(ZoneInfo(timezone)).replace(tzinfo=None)
    return (local - DAY_BEGINS).date()
