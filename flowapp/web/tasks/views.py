"""Tasks: the lists, one task, and what people do with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from flowapp.events.cause import Cause
from flowapp.http.access import allow, person
from flowapp.http.changes import cause_of, change
from flowapp.http.idempotency import KeyReused, form_sent_before, once
from flowapp.http.running import flow, reading
from flowapp.kernel.errors import Refused
from flowapp.kernel.ids import new_token
from flowapp.rota.homes import home
from flowapp.rota.tasks import changes
from flowapp.rota.tasks.reading import KnownTask, queue_of, visible_task
from flowapp.rota.tasks.task import Queue
from flowapp.web.page import go_to, show
from flowapp.web.tasks.finding import Tab, Wanted
from flowapp.web.tasks.forms import TaskForm, home_of, plan_of, read_task_form
from flowapp.web.tasks.pages import new_task_page, task_page, tasks_page

bp = Blueprint("tasks", __name__, url_prefix="/tasks")
MOST_TEXT, MOST_CODE = 100, 8


@bp.get("/")
@allow("task.view")
def index() -> Response:
    """Show tasks: one's own, those of one's queue, all, or those that are over."""
    today = flow().clock.now().astimezone(flow().settings.zone).date()
    number = request.args.get("page", 1, type=int)
    return show("tasks/index.html", tasks_page(reading(), person(), _wanted(), number=number, today=today))


def _wanted() -> Wanted:
    tab, queue = request.args.get("tab", ""), request.args.get("queue", "")
    return Wanted(
        tab=Tab(tab) if tab in set(Tab) else Tab.MINE,
        home=request.args.get("home", "")[:MOST_CODE],
        queue=Queue(queue) if queue in set(Queue) else None,
        text=request.args.get("q", "").strip()[:MOST_TEXT],
    )


@bp.get("/new/")
@allow("task.edit")
def new() -> Response:
    """Show the form that makes a task."""
    queue = queue_of(person())
    return _form(TaskForm(queue=queue.value if queue else ""), new_token())


def _form(form: TaskForm, nonce: str, status: int = 200) -> Response:
    return show("tasks/new.html", new_task_page(reading(), person(), form, nonce), status=status)


@bp.post("/new/")
@allow("task.edit")
def create() -> Response:
    """Make a task."""
    form, nonce, cause, who = read_task_form(request.form), request.form.get("nonce", ""), cause_of(), person()
    try:
        plan, home_id = plan_of(form), home_of(form)

        def write(session: Session) -> int:
            return changes.create(session, cause, who, home_id=home_id, plan=plan).task_id

        task_id = change(lambda session: once(session, nonce, cause.at, lambda: write(session)))
    except KeyReused:
        return _form(form.with_problems(form_sent_before("title").problems), new_token(), status=422)
    except Refused as refused:
        return _form(form.with_problems(refused.problems), nonce, status=422)
    flash("The task is made.", "success")
    return go_to(url_for("tasks.show_task", task_id=task_id))


@bp.get("/<int:task_id>/")
@allow("task.view")
def show_task(task_id: int) -> Response:
    """Show one task."""
    return _show(visible_task(reading(), person(), task_id))


def _show(task: KnownTask, status: int = 200, **typed: Any) -> Response:
    zone = home(reading(), task.home_id).zone if task.home_id else flow().settings.zone
    page = task_page(person(), task, now=flow().clock.now(), zone=zone, **typed)
    return show("tasks/task.html", page, status=status)


@bp.post("/<int:task_id>/take-on")
@allow("task.edit")
def take_on(task_id: int) -> Response:
    """Take a task on."""
    who = person()
    return _do(task_id, "It is yours now.", lambda s, cause: changes.take_on(s, cause, who, task_id))


@bp.post("/<int:task_id>/put-back")
@allow("task.edit")
def put_back(task_id: int) -> Response:
    """Put a task back into its queue."""
    who = person()
    return _do(task_id, "It waits in its queue again.", lambda s, cause: changes.put_back(s, cause, who, task_id))


@bp.post("/<int:task_id>/finish")
@allow("task.edit")
def finish(task_id: int) -> Response:
    """Say that a task is done."""
    who, words = person(), request.form.get("outcome", "")
    return _do(task_id, "Done.", lambda s, cause: changes.finish(s, cause, who, task_id, outcome=words), "outcome")


@bp.post("/<int:task_id>/cancel")
@allow("task.edit")
def cancel(task_id: int) -> Response:
    """Cancel a task."""
    who, words = person(), request.form.get("reason", "")
    return _do(task_id, "Cancelled.", lambda s, cause: changes.cancel(s, cause, who, task_id, reason=words), "reason")


@bp.post("/<int:task_id>/reopen")
@allow("task.edit")
def reopen(task_id: int) -> Response:
    """Let a task wait again."""
    who = person()
    return _do(task_id, "It waits again.", lambda s, cause: changes.reopen(s, cause, who, task_id))


def _do(task_id: int, done: str, act: Callable[[Session, Cause], None], field: str = "") -> Response:
    """Do something to a task; what is refused is shown at the field that was typed."""
    task, cause = visible_task(reading(), person(), task_id), cause_of()
    try:
        change(lambda session: act(session, cause))
    except Refused as refused:
        message = " ".join(problem.message for problem in refused.problems)
        typed = {field: request.form.get(field, ""), "errors": {field: message}, "problems": ((field, message),)}
        return _show(task, 422, **typed)
    flash(done, "success")
    return go_to(url_for("tasks.show_task", task_id=task_id))
