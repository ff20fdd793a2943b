"""Tasks over the API."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request, url_for
from sqlalchemy import ColumnElement, func, not_
from sqlalchemy.orm import Session

from flowapp.accounts.people import Person
from flowapp.api.bodies import body_as
from flowapp.api.filters import asked_home, asked_word, asked_yes_or_no
from flowapp.api.lists import page_of
from flowapp.api.openapi_call import Call, documented
from flowapp.api.schemas.tasks import TaskAnswer, TaskBody, TaskChange, TaskMade, TaskPage, TaskQuery
from flowapp.api.versions import needed_version, tagged
from flowapp.events.cause import Cause
from flowapp.http.access import allow, person
from flowapp.http.changes import cause_of, change
from flowapp.http.idempotency import once
from flowapp.http.running import flow, reading
from flowapp.kernel.errors import Conflict
from flowapp.rota.tasks import changes
from flowapp.rota.tasks.reading import KnownTask, is_live, known_tasks, seen_by, task_as_it_is, visible_task
from flowapp.rota.tasks.task import Queue, Task, TaskStatus


def add_to(bp: Blueprint) -> None:
    """Add the calls about tasks."""
    bp.add_url_rule("/tasks", view_func=list_tasks, methods=["GET"])
    bp.add_url_rule("/tasks", view_func=create_task, methods=["POST"])
    bp.add_url_rule("/tasks/<int:task_id>", view_func=show_task, methods=["GET"])
    bp.add_url_rule("/tasks/<int:task_id>", view_func=update_task, methods=["PATCH"])


@allow("task.view")
@documented(Call(query=TaskQuery, answer=TaskPage))
def list_tasks() -> Response:
    """Answer the tasks one may see, the newest first."""
    who, wanted = person(), _wanted()

    def fetch(limit: int, before: int | None) -> list[KnownTask]:
        query = known_tasks().where(seen_by(who), *wanted).order_by(Task.id.desc()).limit(limit)
        if before is not None:
            query = query.where(Task.id < before)
        return [KnownTask(*row) for row in reading().execute(query)]

    return jsonify(page_of(fetch, lambda task: task.id, as_body))


def _wanted() -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if (home_id := asked_home(reading())) is not None:
        found.append(Task.home_id == home_id)
    if queue := asked_word("queue", Queue):
        found.append(Task.queue == queue)
    if status := asked_word("status", TaskStatus):
        found.append(Task.status == status)
    if (mine := asked_yes_or_no("mine")) is not None:
        own = func.coalesce(Task.assignee_id, 0) == person().user_id
        found.append(own if mine else not_(own))
    if (overdue := asked_yes_or_no("overdue")) is not None:
        today = flow().clock.now().astimezone(flow().settings.zone).date()
        late = is_live() & Task.due_on.is_not(None) & (Task.due_on < today)
        found.append(late if overdue else not_(late))
    return found


@allow("task.view")
@documented(Call(answer=TaskAnswer))
def show_task(task_id: int) -> Response:
    """Answer one task; its version is the ETag."""
    found = visible_task(reading(), person(), task_id)
    return tagged(jsonify(as_body(found)), found.version)


@allow("task.edit", scope="rota")
@documented(Call(body=TaskBody, answer=TaskMade, status=201, once=True))
def create_task() -> tuple[Response, int, dict[str, str]]:
    """Make a task; one that is not over and has the same key is answered instead."""
    body, who, cause = body_as(TaskBody), person(), cause_of()
    plan, key = body.plan(), request.headers.get("Idempotency-Key")

    def write(session: Session) -> dict[str, Any]:
        made = changes.create(session, cause, who, home_id=body.care_home_id, plan=plan)
        return as_body(task_as_it_is(session, made.task_id)) | {"created": made.created}

    made: dict[str, Any] = change(lambda session: once(session, key, cause.at, lambda: write(session)))
    return tagged(jsonify(made), made["version"]), 201, {"Location": url_for("api.show_task", task_id=made["id"])}


@allow("task.edit", scope="rota")
@documented(Call(body=TaskChange, answer=TaskAnswer, if_match="must", conflict=True))
def update_task(task_id: int) -> Response:
    """Change what a task is like, take it on, put it back, finish or cancel it."""
    seen, body, who, cause = needed_version(), body_as(TaskChange), person(), cause_of()

    def write(session: Session) -> dict[str, Any]:
        given, version = body.given(), seen
        if given:
            changes.update(session, cause, who, task_id, seen=version, **given)
            version = task_as_it_is(session, task_id).version
        _move(session, cause, who, visible_task(session, who, task_id), body, version)
        return as_body(task_as_it_is(session, task_id))

    answer = change(write)
    return tagged(jsonify(answer), answer["version"])


def _move(session: Session, cause: Cause, who: Person, task: KnownTask, body: TaskChange, seen: int) -> None:
    """Move a task where it shall stand; where it does already, only the version is looked at."""
    if body.to is None or body.to is task.status:
        if seen != task.version:
            raise Conflict
    elif body.to is TaskStatus.DONE:
        changes.finish(session, cause, who, task.id, outcome=body.reason, seen=seen)
    elif body.to is TaskStatus.CANCELLED:
        changes.cancel(session, cause, who, task.id, reason=body.reason, seen=seen)
    elif body.to is TaskStatus.IN_PROGRESS:
        changes.take_on(session, cause, who, task.id, seen=seen)
    elif task.is_live:
        changes.put_back(session, cause, who, task.id, seen=seen)
    else:
        changes.reopen(session, cause, who, task.id, seen=seen)


def as_body(task: KnownTask) -> dict[str, Any]:
    """Write a task as JSON."""
    return {
        "id": task.id,
        "uid": task.uid,
        "care_home_id": task.home_id,
        "title": task.title,
        "body": task.body,
        "queue": task.queue,
        "assignee_id": task.assignee_id,
        "assignee_name": task.assignee_name,
        "due_on": task.due_on,
        "priority": task.priority,
        "links": task.links,
        "status": task.status,
        "dedupe_key": task.dedupe_key,
        "execution_id": task.execution_id,
        "made_by": task.made_by,
        "created_at": task.created_at,
        "ended_at": task.ended_at,
        "ended_by": task.ended_by,
        "outcome": task.outcome,
        "version": task.version,
    }
