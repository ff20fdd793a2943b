"""Everything that can be done to a task: each a guard, a change, a note in the audit and, where one is due, an event.

Whoever says which version they have `seen` is told when somebody changed the task since. Each function raises NotFound
or NotAllowed when `who` may not do it, and Conflict when the task is no longer in the state for it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from flowapp.accounts.can import require
from flowapp.accounts.people import On, Person
from flowapp.accounts.users import person_of
from flowapp.events.cause import Cause
from flowapp.events.event import Change
from flowapp.events.task import TaskCompleted, TaskCreated
from flowapp.kernel.errors import Conflict, NotAllowed, NotFound, Problem, Refused
from flowapp.rota.reasons import read_reason
from flowapp.rota.tasks.plan import Link, TaskPlan, as_said, checked, differences
from flowapp.rota.tasks.reading import KnownTask, may_edit, may_see, task_as_it_is
from flowapp.rota.tasks.task import TaskStatus
from flowapp.rota.tasks.telling import tell
from flowapp.rota.tasks.writing import add, move, note, open_key_of, remove, replan, with_key


class Made(NamedTuple):
    """A task, and whether it was made just now."""

    task_id: int
    created: bool


def create(session: Session, cause: Cause, who: Person, *, home_id: int | None, plan: TaskPlan) -> Made:
    """Make a task, unless a live one has the same key; raises Refused for a plan that makes no sense."""
    on = On(home_id=home_id, user_id=plan.assignee_id)
    _check_may_create(who, plan, on)
    plan = checked(plan)
    _check_assignee(session, plan, home_id)
    key = open_key_of(home_id, plan.dedupe_key)
    found = None if key is None else with_key(session, key)
    if found is not None:
        return Made(found, created=False)
    made = add(session, cause, home_id, plan)
    if made is None:  # another process was quicker
        return Made((with_key(session, key) if key else None) or _gone(), created=False)
    task = task_as_it_is(session, made)
    note(session, cause, task, "create", before=None, after=as_said(plan))
    tell(session, cause, TaskCreated, task)
    return Made(made, created=True)


def update(session: Session, cause: Cause, who: Person, task_id: int, *, seen: int | None = None, **given: Any) -> None:
    """Change what a task is like: `given` are fields of `TaskPlan`; nothing is written when each is as before."""
    task = _load(session, who, task_id, seen)
    _check_live(task)
    before = plan_of(task)
    plan = checked(replace(before, **given))
    changes = differences(before, plan)
    if not changes:
        return
    if not may_edit(who, plan.queue, On(home_id=task.home_id, user_id=plan.assignee_id or task.assignee_id)):
        raise NotAllowed("You may not put a task into that queue.")
    if plan.assignee_id != before.assignee_id:
        _check_assignee(session, plan, task.home_id)
    after = replan(session, cause, task, plan)
    old, new = {each.field: each.old for each in changes}, {each.field: each.new for each in changes}
    note(session, cause, after, "update", before=old, after=new)


def take_on(session: Session, cause: Cause, who: Person, task_id: int, *, seen: int | None = None) -> None:
    """Take a task on: it is under way, and one's own."""
    task = _load(session, who, task_id, seen)
    _check_live(task)
    if task.assignee_id == who.user_id and task.status is TaskStatus.IN_PROGRESS:
        raise Conflict("You have taken this task on already.")
    _moved(session, cause, task, "take_on", TaskStatus.IN_PROGRESS, who.user_id)


def put_back(session: Session, cause: Cause, who: Person, task_id: int, *, seen: int | None = None) -> None:
    """Put a task back into its queue, for somebody else to take on."""
    task = _load(session, who, task_id, seen)
    _check_live(task)
    if task.assignee_id is None and task.status is TaskStatus.OPEN:
        raise Conflict("Nobody has taken this task on, so it is in its queue already.")
    _moved(session, cause, task, "put_back", TaskStatus.OPEN, None)


def finish(
    session: Session, cause: Cause, who: Person, task_id: int, *, outcome: str = "", seen: int | None = None
) -> None:
    """Say that a task is done, and what came of it."""
    task = _load(session, who, task_id, seen)
    _check_live(task)
    after = _moved(session, cause, task, "finish", TaskStatus.DONE, task.assignee_id, outcome=read_reason(outcome))
    changes = (Change(field="status", old=task.status.value, new=after.status.value),)
    tell(session, cause, TaskCompleted, after, changes=changes)


def cancel(session: Session, cause: Cause, who: Person, task_id: int, *, reason: str, seen: int | None = None) -> None:
    """Cancel a task that need not be done any more; the reason is required, since others counted on it."""
    why = read_reason(reason)
    if not why:
        message = "Say why it need not be done any more; whoever asked for it will read it."
        raise Refused([Problem(path="reason", code="missing", message=message)])
    task = _load(session, who, task_id, seen)
    _check_live(task)
    _moved(session, cause, task, "cancel", TaskStatus.CANCELLED, task.assignee_id, outcome=why)


def reopen(session: Session, cause: Cause, who: Person, task_id: int, *, seen: int | None = None) -> None:
    """Let a task that is over wait again; raises Conflict when another of the same key waits already."""
    task = _load(session, who, task_id, seen)
    if task.is_live:
        raise Conflict("This task still waits to be done.")
    key = open_key_of(task.home_id, task.dedupe_key)
    if key is not None and with_key(session, key) is not None:
        raise Conflict("Another task for the same thing waits already, so this one stays as it is.")
    _moved(session, cause, task, "reopen", TaskStatus.OPEN, task.assignee_id)


def unmake(session: Session, cause: Cause, who: Person, task_id: int) -> None:
    """Take a task out again that was made by mistake; raises Conflict when somebody has touched it since."""
    task = _load(session, who, task_id, None)
    if task.version != 1:
        raise Conflict(f"Somebody changed the task “{task.title}” since, so it stays. Cancel it if nobody needs it.")
    remove(session, task)
    note(session, cause, task, "unmake", before=as_said(plan_of(task)), after=None)


def plan_of(task: KnownTask) -> TaskPlan:
    """Answer what is said of a task now."""
    return TaskPlan(
        title=task.title,
        queue=task.queue,
        body=task.body,
        due_on=task.due_on,
        priority=task.priority,
        assignee_id=task.assignee_id,
        links=tuple(Link(kind=each["kind"], id=each["id"]) for each in task.links),
        dedupe_key=task.dedupe_key,
    )


def _moved(
    session: Session,
    cause: Cause,
    task: KnownTask,
    action: str,
    status: TaskStatus,
    assignee_id: int | None,
    *,
    outcome: str = "",
) -> KnownTask:
    ended = status in (TaskStatus.DONE, TaskStatus.CANCELLED)
    after = move(session, cause, task, status=status, assignee_id=assignee_id, ended=ended, outcome=outcome)
    note(session, cause, after, action, before=_state(task), after=_state(after), reason=outcome)
    return after


def _load(session: Session, who: Person, task_id: int, seen: int | None) -> KnownTask:
    task = task_as_it_is(session, task_id)
    if not may_see(who, task.queue, task.on):
        raise NotFound
    if not may_edit(who, task.queue, task.on):
        raise NotAllowed
    if seen is not None and seen != task.version:
        raise Conflict
    return task


def _check_may_create(who: Person, plan: TaskPlan, on: On) -> None:
    """A workflow may ask anybody in the homes of its owner to do something; people ask within their own queues."""
    if who.by_workflow:
        if on.home_id is not None:
            require(who, "home.view", On(home_id=on.home_id))
        return
    if not may_edit(who, plan.queue, on):
        require(who, "home.view", On(home_id=on.home_id))
        raise NotAllowed("You may not make a task for that queue.")


def _check_live(task: KnownTask) -> None:
    if not task.is_live:
        by = f" by {task.ended_by}" if task.ended_by else ""
        raise Conflict(f"This task is already {task.status.label.lower()}{by}. Nothing was changed.")


def _check_assignee(session: Session, plan: TaskPlan, home_id: int | None) -> None:
    """Whoever is to do it must be able to open it: an account that is not closed, of the home or of all."""
    if plan.assignee_id is None:
        return
    found = person_of(session, plan.assignee_id)
    here = found is not None and found.active and (home_id is None or found.all_homes or home_id in found.home_ids)
    if not here:
        message = "Choose somebody who has an account and belongs to this home, or nobody."
        raise Refused([Problem(path="assignee_id", code="unknown", message=message)])


def _state(task: KnownTask) -> dict[str, Any]:
    return {"status": task.status, "assignee_id": task.assignee_id}


def _gone() -> int:
    raise Conflict("Somebody did the same thing at this moment. Look at the list of tasks, then decide.")
