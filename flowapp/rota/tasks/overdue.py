"""Telling of tasks whose day is over: once for each day by which one should have been done.

The scheduler asks every second. Each task is told of in a write of its own, so that one that fails does not hold up
the others.
"""

from __future__ import annotations

import logging
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Date, bindparam, select, update
from sqlalchemy.orm import Session

from flowapp.events.cause import SYSTEM, Cause
from flowapp.events.task import TaskOverdue
from flowapp.kernel.db import Database, DatabaseBusy
from flowapp.kernel.prepared import Prepared
from flowapp.rota.homes import CareHome
from flowapp.rota.tasks.reading import is_live, task_as_it_is
from flowapp.rota.tasks.task import Task
from flowapp.rota.tasks.telling import tell

log = logging.getLogger(__name__)
MOST_AT_ONCE = 50  # the rest is for the next second
PATIENCE_SECONDS = 1.0  # the scheduler has other things to do than to wait for the database


class _Late(NamedTuple):
    id: int
    due_on: date
    timezone: str | None


_LATE = Prepared(
    select(Task.id, Task.due_on, CareHome.timezone)
    .outerjoin(CareHome, CareHome.id == Task.home_id)
    .where(is_live(), Task.told_overdue.is_(False), Task.due_on < bindparam("by", type_=Date))
    .order_by(Task.due_on, Task.id)
    .limit(MOST_AT_ONCE),
    _Late,
)
_TOLD: Prepared[Any] = Prepared(
    update(Task)
    .where(Task.id == bindparam("task_id"), is_live(), Task.told_overdue.is_(False), Task.due_on == bindparam("due"))
    .values(told_overdue=True)
)


def tell_overdue(database: Database, now: datetime, *, zone: ZoneInfo) -> int:
    """Tell of the tasks that have become overdue, and answer how many; `zone` is that of the organisation."""
    with database.read() as session:
        found = late_tasks(session, now, zone=zone)
    told = 0
    for task_id in found:
        try:
            told += database.write(lambda session, id_=task_id: tell_late(session, id_, now), give_up=PATIENCE_SECONDS)  # type: ignore[misc]
        except DatabaseBusy:
            break
        except Exception:
            log.exception("task %s could not be told overdue; it is tried again", task_id)
    return told


def late_tasks(session: Session, now: datetime, *, zone: ZoneInfo) -> list[int]:
    """Answer the numbers of live tasks whose day is over where their home is, some at a time."""
    latest = max(now.date(), now.astimezone(zone).date())
    return [
        each.id
        for each in _LATE.rows(session, by=latest)
        if each.due_on < now.astimezone(ZoneInfo(each.timezone) if each.timezone else zone).date()
    ]


def tell_late(session: Session, task_id: int, now: datetime) -> bool:
    """Tell of one task, unless somebody has; answer whether it was told."""
    task = task_as_it_is(session, task_id)
    if task.due_on is None or not _TOLD.run(session, task_id=task_id, due=task.due_on):
        return False
    tell(session, Cause(actor=SYSTEM, at=now), TaskOverdue, task)
    return True
