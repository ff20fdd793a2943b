"""Writing tasks down: one that is new, and another state of one that is there."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from flowapp.accounts import audit
from flowapp.events.cause import ActorKind, Cause
from flowapp.kernel.errors import Conflict
from flowapp.kernel.ids import new_uid
from flowapp.kernel.prepared import Prepared
from flowapp.kernel.transaction import savepoint
from flowapp.rota.tasks.plan import TaskPlan
from flowapp.rota.tasks.reading import KnownTask, task_as_it_is
from flowapp.rota.tasks.task import Task, TaskStatus

_PLAN = ("title", "body", "queue", "assignee_id", "due_on", "priority", "links")
_ENDING = ("status", "assignee_id", "open_key", "ended_at", "ended_by", "outcome")
_ADD: Prepared[Any] = Prepared(
    insert(Task).returning(Task.id),
    columns=(
        *("uid", "home_id", *_PLAN, "status", "dedupe_key", "open_key", "execution_id", "made_by", "told_overdue"),
        *("ended_at", "ended_by", "outcome", "created_at", "updated_at", "version"),
    ),
)
_OF_VERSION = (Task.id == bindparam("task_id"), Task.version == bindparam("seen"))
_REPLAN: Prepared[Any] = Prepared(
    update(Task).where(*_OF_VERSION), columns=(*_PLAN, "told_overdue", "updated_at", "version")
)
_MOVE: Prepared[Any] = Prepared(update(Task).where(*_OF_VERSION), columns=(*_ENDING, "updated_at", "version"))
_REMOVE: Prepared[Any] = Prepared(delete(Task).where(*_OF_VERSION))
_OF_KEY: Prepared[Any] = Prepared(select(Task.id).where(Task.open_key == bindparam("open_key")))


def open_key_of(home_id: int | None, dedupe_key: str | None) -> str | None:
    """Answer what only one live task may have: the key belongs to the home, or to the organisation."""
    return None if dedupe_key is None else f"{home_id or 0}:{dedupe_key}"


def with_key(session: Session, open_key: str) -> int | None:
    """Answer the number of the live task of a key, if there is one."""
    found: int | None = _OF_KEY.value(session, open_key=open_key)
    return found


def add(session: Session, cause: Cause, home_id: int | None, plan: TaskPlan) -> int | None:
    """Write a new task and answer its number; None when somebody else has just made one of the same key."""
    open_key = open_key_of(home_id, plan.dedupe_key)
    row = {
        "uid": new_uid(cause.at),
        "home_id": home_id,
        **columns_of(plan),
        "status": TaskStatus.OPEN,
        "dedupe_key": plan.dedupe_key,
        "open_key": open_key,
        "execution_id": cause.actor.execution_id,
        "made_by": in_words(cause),
        "told_overdue": False,
        "ended_at": None,
        "ended_by": None,
        "outcome": "",
        "created_at": cause.at,
        "updated_at": cause.at,
        "version": 1,
    }
    if open_key is None:
        return int(_ADD.value(session, **row))
    try:
        with savepoint(session):
            return int(_ADD.value(session, **row))
    except IntegrityError:
        return None


def replan(session: Session, cause: Cause, task: KnownTask, plan: TaskPlan) -> KnownTask:
    """Write another plan of a task, and answer the task; raises Conflict when somebody changed it meanwhile."""
    told = task.told_overdue and plan.due_on == task.due_on  # another day may become overdue anew
    row = {**columns_of(plan), "told_overdue": told, "updated_at": cause.at, "version": task.version + 1}
    return _only_if_unchanged(session, task, _REPLAN, row)


def move(
    session: Session,
    cause: Cause,
    task: KnownTask,
    *,
    status: TaskStatus,
    assignee_id: int | None,
    ended: bool = False,
    outcome: str = "",
) -> KnownTask:
    """Write another state of a task, and answer the task; raises Conflict when somebody changed it meanwhile."""
    row = {
        "status": status,
        "assignee_id": assignee_id,
        "open_key": None if ended else open_key_of(task.home_id, task.dedupe_key),
        "ended_at": cause.at if ended else None,
        "ended_by": in_words(cause) if ended else None,
        "outcome": outcome,
        "updated_at": cause.at,
        "version": task.version + 1,
    }
    return _only_if_unchanged(session, task, _MOVE, row)


def remove(session: Session, task: KnownTask) -> None:
    """Take a task out that nobody has touched; raises Conflict when somebody has."""
    if _REMOVE.run(session, task_id=task.id, seen=task.version) != 1:
        raise Conflict


def note(
    session: Session, cause: Cause, task: KnownTask, action: str, *, before: Any, after: Any, reason: str = ""
) -> None:
    """Note in the audit what became of a task."""
    audit.write(
        session,
        cause,
        action=f"task.{action}",
        entity="task",
        entity_id=task.id,
        home_id=task.home_id,
        before=before,
        after=after,
        reason=reason,
    )


def in_words(cause: Cause) -> str:
    """Say who does it, for people."""
    return f"the workflow “{cause.actor.name}”" if cause.actor.kind is ActorKind.WORKFLOW else cause.actor.name


def columns_of(plan: TaskPlan) -> dict[str, Any]:
    """Answer what a task's row holds of its plan."""
    return {
        "title": plan.title,
        "body": plan.body,
        "queue": plan.queue,
        "assignee_id": plan.assignee_id,
        "due_on": plan.due_on,
        "priority": plan.priority,
        "links": [{"kind": link.kind, "id": link.id} for link in plan.links],
    }


def _only_if_unchanged(session: Session, task: KnownTask, statement: Prepared[Any], row: dict[str, Any]) -> KnownTask:
    if statement.run(session, task_id=task.id, seen=task.version, **row) != 1:
        raise Conflict
    return task_as_it_is(session, task.id)
