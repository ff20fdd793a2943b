"""Reading what was typed into the form of a task."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

from flowapp.kernel.errors import Problem, Refused
from flowapp.rota.tasks.plan import TaskPlan
from flowapp.rota.tasks.task import Priority, Queue

NAMES = ("title", "body", "queue", "home", "due_on", "priority", "assignee")


@dataclass(frozen=True, kw_only=True)
class TaskForm:
    """The form of a task as it was typed, with what is wrong with it."""

    title: str = ""
    body: str = ""
    queue: str = ""
    home: str = ""
    due_on: str = ""
    priority: str = Priority.NORMAL.value
    assignee: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def problems(self) -> tuple[tuple[str, str], ...]:
        """Each problem with the id of its field, for the summary above the form."""
        return tuple(self.errors.items())

    def with_problems(self, problems: tuple[Problem, ...]) -> TaskForm:
        """Answer the same form with what is wrong with it."""
        paths = {"assignee_id": "assignee"}
        return replace(self, errors={paths.get(each.path, each.path or "title"): each.message for each in problems})


def read_task_form(form: MultiDict[str, str]) -> TaskForm:
    """Take the form as it was typed."""
    typed: dict[str, Any] = {name: form.get(name, "").strip() for name in NAMES if name in form}
    return TaskForm(**typed)


def plan_of(form: TaskForm) -> TaskPlan:
    """Answer what is to be done; raises Refused naming each field that makes no sense."""
    problems = []
    if form.queue not in set(Queue):
        problems.append(Problem(path="queue", code="unknown", message="Choose whose task it is."))
    if form.priority not in set(Priority):
        problems.append(Problem(path="priority", code="unknown", message="Choose how much it presses."))
    try:
        due_on = date.fromisoformat(form.due_on) if form.due_on else None
    except ValueError:
        message = "Enter the day by which it should be done, such as 14 March 2026, or leave it empty."
        problems.append(Problem(path="due_on", code="bad_date", message=message))
    if form.assignee and not _is_number(form.assignee):
        problems.append(Problem(path="assignee_id", code="unknown", message="Choose somebody of the list, or nobody."))
    if problems:
        raise Refused(problems)
    return TaskPlan(
        title=form.title,
        body=form.body,
        queue=Queue(form.queue),
        due_on=due_on,
        priority=Priority(form.priority),
        assignee_id=int(form.assignee) if form.assignee else None,
    )


def home_of(form: TaskForm) -> int | None:
    """Answer the number of the home that was chosen, None for the organisation; raises Refused for no number."""
    if not form.home:
        return None
    if not _is_number(form.home):
        raise Refused([Problem(path="home", code="unknown", message="Choose a home of the list.")])
    return int(form.home)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 16
