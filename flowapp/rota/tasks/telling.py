"""What a task tells workflows."""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from flowapp.accounts.roles import role_of
from flowapp.events.cause import Cause
from flowapp.events.event import Change, Event, UserFacts
from flowapp.events.outbox import record
from flowapp.events.task import TaskFacts, TaskLink
from flowapp.rota.tasks.reading import KnownTask


def tell(
    session: Session,
    cause: Cause,
    event: builtins.type[Event],
    task: KnownTask,
    *,
    changes: Sequence[Change] = (),
    dedupe_key: str | None = None,
) -> None:
    """Record an event of a task."""
    known_facts: dict[str, Any] = {
        "task_id": task.id,
        "care_home_id": task.home_id,
        "user_id": cause.actor.id,
        "queue": task.queue.value,
        "due_on": task.due_on,
        "task": _facts(task),
        "assignee": _assignee(task),
        "user": UserFacts(id=cause.actor.id, name=cause.actor.name, role=cause.actor.role or ""),
    }
    context = event.Context(**known_facts)
    happened = event(
        subject_id=task.id,
        care_home_id=task.home_id,
        cause=cause,
        context=context,
        changes=tuple(changes),
        dedupe_key=dedupe_key,
    )
    record(session, happened)


def _facts(task: KnownTask) -> TaskFacts:
    return TaskFacts(
        title=task.title,
        body=task.body,
        queue=task.queue.value,
        priority=task.priority.value,
        status=task.status.value,
        due_on=task.due_on,
        outcome=task.outcome,
        links=[TaskLink(kind=each["kind"], id=each["id"]) for each in task.links],
    )


def _assignee(task: KnownTask) -> UserFacts | None:
    if task.assignee_id is None or task.assignee_name is None:
        return None
    role = role_of(task.assignee_role or "")
    return UserFacts(id=task.assignee_id, name=task.assignee_name, role=role.label if role else "")
