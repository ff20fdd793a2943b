"""Reading tasks: one, those somebody may see, those that wait for somebody."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select, true
from sqlalchemy.orm import Session

from flowapp.accounts.can import ALL, can, homes_of
from flowapp.accounts.people import On, Person
from flowapp.accounts.users import User
from flowapp.kernel.errors import NotFound
from flowapp.kernel.prepared import Prepared
from flowapp.rota.homes import CareHome
from flowapp.rota.tasks.task import LIVE, Priority, Queue, Task, TaskStatus


class KnownTask(NamedTuple):
    """A task as the database has it, with the names of its home and of whoever has taken it on."""

    id: int
    uid: str
    home_id: int | None
    home_name: str | None
    title: str
    body: str
    queue: Queue
    assignee_id: int | None
    assignee_name: str | None
    assignee_role: str | None
    due_on: date | None
    priority: Priority
    links: list[dict[str, Any]]
    status: TaskStatus
    dedupe_key: str | None
    execution_id: int | None
    made_by: str
    told_overdue: bool
    ended_at: datetime | None
    ended_by: str | None
    outcome: str
    created_at: datetime
    version: int

    @property
    def is_live(self) -> bool:
        """Whether it still waits for somebody."""
        return self.status in LIVE

    @property
    def on(self) -> On:
        """What a permission is asked about."""
        return On(home_id=self.home_id, user_id=self.assignee_id)

    def is_overdue(self, today: date) -> bool:
        """Say whether it should have been done before today."""
        return self.is_live and self.due_on is not None and self.due_on < today


def known_tasks() -> Select[*tuple[Any, ...]]:
    """Select tasks as `KnownTask` has them; in no order yet."""
    return (
        select(
            *(Task.id, Task.uid, Task.home_id, CareHome.name.label("home_name"), Task.title, Task.body, Task.queue),
            *(Task.assignee_id, User.name.label("assignee_name"), User.role, Task.due_on, Task.priority),
            *(Task.links, Task.status, Task.dedupe_key, Task.execution_id, Task.made_by),
            *(Task.told_overdue, Task.ended_at, Task.ended_by, Task.outcome, Task.created_at, Task.version),
        )
        .outerjoin(CareHome, CareHome.id == Task.home_id)
        .outerjoin(User, User.id == Task.assignee_id)
    )


_ONE = Prepared(known_tasks().where(Task.id == bindparam("task_id")), KnownTask)


def task_as_it_is(session: Session, task_id: int) -> KnownTask:
    """Answer a task as the database has it at this moment; raises NotFound."""
    found = _ONE.first(session, task_id=task_id)
    if found is None:
        raise NotFound
    return found


def may_see(who: Person, queue: Queue, on: On) -> bool:
    """Say whether a task of a queue is for somebody's eyes."""
    return _may(who, "task.view", queue, on)


def may_edit(who: Person, queue: Queue, on: On) -> bool:
    """Say whether somebody may take a task on, finish or cancel it."""
    return _may(who, "task.edit", queue, on)


def _may(who: Person, permission: str, queue: Queue, on: On) -> bool:
    """Those of HR are for whoever may see HR's; one's own are always for oneself, the organisation's for its queue."""
    if on.user_id is not None and on.user_id == who.user_id:
        return can(who, permission, on)
    if on.home_id is None and who.role is queue.role and who.active:
        return True
    return can(who, "task.hr" if queue is Queue.HR else permission, on)


def visible_task(session: Session, who: Person, task_id: int) -> KnownTask:
    """Answer a task that somebody may see; raises NotFound, whether it does not exist or is not for them."""
    found = task_as_it_is(session, task_id)
    if not may_see(who, found.queue, found.on):
        raise NotFound
    return found


def seen_by(who: Person) -> ColumnElement[bool]:
    """Say which tasks somebody may see, as `may_see` does of one."""
    ways = [
        Task.assignee_id == who.user_id,
        and_(Task.queue != Queue.HR, _in_homes(homes_of(who, "task.view"))),
        and_(Task.queue == Queue.HR, _in_homes(homes_of(who, "task.hr"))),
    ]
    if (queue := queue_of(who)) is not None:
        ways.append(and_(Task.home_id.is_(None), Task.queue == queue))
    return or_(*ways)


def _in_homes(home_ids: frozenset[int] | None) -> ColumnElement[bool]:
    return true() if home_ids is ALL else Task.home_id.in_(home_ids)


def queue_of(who: Person) -> Queue | None:
    """Answer the queue that somebody looks after, if their role has one."""
    return next((queue for queue in Queue if queue.role is who.role), None)


def is_mine(who: Person) -> ColumnElement[bool]:
    """Say which tasks somebody has taken on, or was given."""
    return Task.assignee_id == who.user_id


def in_my_queue(who: Person) -> ColumnElement[bool]:
    """Say which tasks of somebody's queue nobody has taken on."""
    queue = queue_of(who)
    mine = Task.queue == queue if queue is not None else Task.id < 0
    return and_(mine, Task.assignee_id.is_(None), seen_by(who))


def is_live() -> ColumnElement[bool]:
    """Say which tasks still wait for somebody."""
    return or_(*(Task.status == status for status in sorted(LIVE)))


class Waiting(NamedTuple):
    """How many tasks wait for somebody."""

    mine: int
    in_queue: int
    overdue: int  # of both


def waiting_for(session: Session, who: Person, today: date) -> Waiting:
    """Count the tasks that wait for somebody: their own, and those of their queue that nobody has taken on."""
    mine = session.scalar(select(func.count(Task.id)).where(is_mine(who), is_live())) or 0
    in_queue = session.scalar(select(func.count(Task.id)).where(in_my_queue(who), is_live())) or 0
    late = Task.due_on < today
    overdue = session.scalar(select(func.count(Task.id)).where(or_(is_mine(who), in_my_queue(who)), is_live(), late))
    return Waiting(mine=mine, in_queue=in_queue, overdue=overdue or 0)
