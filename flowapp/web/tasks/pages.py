"""What the pages of tasks show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for
from sqlalchemy.orm import Session

from flowapp.accounts.can import ALL, can, homes_of
from flowapp.accounts.people import On, Person
from flowapp.accounts.users import people_with
from flowapp.rota.homes import CareHome
from flowapp.rota.tasks.reading import KnownTask, may_edit, queue_of
from flowapp.rota.tasks.task import Priority, Queue, TaskStatus
from flowapp.web.filters import day, ended, exact, plural
from flowapp.web.tasks.finding import Tab, Wanted, count_found, found, visible_homes
from flowapp.web.tasks.forms import TaskForm

A_PAGE = 50
STATUS = {TaskStatus.CANCELLED: "cancelled", TaskStatus.DONE: "done", TaskStatus.IN_PROGRESS: "in_progress"}
PRIORITY_PILLS = {
    Priority.LOW: ("Low", "quiet", "arrow-down"),
    Priority.HIGH: ("High", "wait", "arrow-up"),
    Priority.URGENT: ("Urgent", "bad", "octagon-alert"),
}
TAB_WORDS = {Tab.MINE: "Mine", Tab.QUEUE: "My queue", Tab.ALL: "Everything", Tab.DONE: "Over"}
_EMPTY = {
    Tab.MINE: ("Nothing is yours to do", "What you take on, and what others give to you, appears here."),
    Tab.QUEUE: ("Nothing waits in your queue", "What waits for anybody of your role appears here."),
    Tab.ALL: ("Nothing waits", "Tasks that people or workflows make appear here."),
    Tab.DONE: ("Nothing is over yet", "Tasks that were done or cancelled appear here."),
}


@dataclass(frozen=True, kw_only=True)
class TaskRow:
    """One task in the list."""

    href: str
    title: str
    home: str
    queue: str
    who: str
    due: str
    is_late: bool
    priority: tuple[str, str, str] | None
    status: str
    status_word: str


@dataclass(frozen=True, kw_only=True)
class TasksPage:
    """A list of tasks."""

    sentence: str
    tabs: tuple[dict[str, Any], ...]
    tab: str
    tab_word: str
    rows: tuple[TaskRow, ...]
    empty: tuple[str, str]
    homes: tuple[tuple[str, str], ...]
    queues: tuple[tuple[str, str], ...]
    text: str
    home: str
    queue: str
    applied: int
    summary: str
    url: str
    may_make: bool
    newer_url: str
    older_url: str


@dataclass(frozen=True, kw_only=True)
class TaskPage:
    """One task."""

    task_id: int
    version: int
    title: str
    sentence: str
    body: str
    status: str
    status_word: str
    priority: tuple[str, str, str] | None
    late: str
    facts: tuple[tuple[str, str], ...]
    links: tuple[tuple[str, str], ...]
    run_url: str
    may_take_on: bool
    may_put_back: bool
    may_end: bool
    may_reopen: bool
    outcome: str = ""
    reason: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class NewTaskPage:
    """The form that makes a task."""

    form: TaskForm
    nonce: str
    queues: tuple[tuple[str, str], ...]
    homes: tuple[tuple[str, str], ...]
    people: tuple[tuple[str, str], ...]
    priorities: tuple[tuple[str, str], ...]
    for_all: bool


def tasks_page(session: Session, person: Person, wanted: Wanted, *, number: int, today: date) -> TasksPage:
    """Put together one page of a list; `number` counts from 1."""
    homes = visible_homes(session, person)
    count = count_found(session, person, wanted)
    number = min(max(number, 1), max(1, -(-count // A_PAGE)))
    skip = (number - 1) * A_PAGE
    rows = tuple(_row(each, today) for each in found(session, person, wanted, skip=skip, most=A_PAGE))
    late = sum(row.is_late for row in rows)
    return TasksPage(
        sentence=f"{plural(late, 'task is', 'tasks are')} overdue." if late else "",
        tabs=tuple(_tab(session, person, wanted, tab) for tab in Tab if tab is not Tab.QUEUE or queue_of(person)),
        tab=wanted.tab.value,
        tab_word=TAB_WORDS[wanted.tab],
        rows=rows,
        empty=_EMPTY[wanted.tab],
        homes=tuple((home.code, home.name) for home in homes),
        queues=tuple((queue.value, queue.label) for queue in Queue),
        text=wanted.text,
        home=wanted.home,
        queue="" if wanted.queue is None else wanted.queue.value,
        applied=wanted.applied,
        summary=plural(count, "task"),
        url=url_for("tasks.index"),
        may_make=bool(_queues_of(person)),
        newer_url=_address(wanted, number - 1) if number > 1 else "",
        older_url=_address(wanted, number + 1) if skip + len(rows) < count else "",
    )


def _tab(session: Session, person: Person, wanted: Wanted, tab: Tab) -> dict[str, Any]:
    count = None if tab is Tab.DONE else count_found(session, person, Wanted(tab=tab))
    return {"text": TAB_WORDS[tab], "href": url_for("tasks.index", tab=tab.value), "current": tab is wanted.tab,
            "count": count}  # fmt: skip


def _address(wanted: Wanted, number: int) -> str:
    return url_for(
        "tasks.index",
        tab=wanted.tab.value,
        home=wanted.home or None,
        queue=wanted.queue.value if wanted.queue else None,
        q=wanted.text or None,
        page=number if number > 1 else None,
    )


def _row(task: KnownTask, today: date) -> TaskRow:
    return TaskRow(
        href=url_for("tasks.show_task", task_id=task.id),
        title=task.title,
        home=task.home_name or "All homes",
        queue=task.queue.label,
        who=task.assignee_name or "Nobody yet",
        due=day(task.due_on) if task.due_on else "No day",
        is_late=task.is_overdue(today),
        priority=PRIORITY_PILLS.get(task.priority),
        status=STATUS.get(task.status, "open"),
        status_word=task.status.label,
    )


def task_page(person: Person, task: KnownTask, *, now: datetime, zone: ZoneInfo, **typed: Any) -> TaskPage:
    """Put together the page of one task."""
    edits = may_edit(person, task.queue, task.on)
    live, mine = task.is_live and edits, task.assignee_id == person.user_id
    late = task.is_overdue(now.astimezone(zone).date())
    return TaskPage(
        task_id=task.id,
        version=task.version,
        title=task.title,
        sentence=_sentence(task),
        body=task.body,
        status=STATUS.get(task.status, "open"),
        status_word=task.status.label,
        priority=PRIORITY_PILLS.get(task.priority),
        late="This is overdue." if late else "",
        facts=_facts(task, zone),
        links=tuple(_links(task)),
        run_url=url_for("executions.show_execution", execution_id=task.execution_id) if task.execution_id else "",
        may_take_on=live and not (mine and task.status is TaskStatus.IN_PROGRESS),
        may_put_back=live and (task.assignee_id is not None or task.status is TaskStatus.IN_PROGRESS),
        may_end=live,
        may_reopen=edits and not task.is_live,
        **typed,
    )


def _sentence(task: KnownTask) -> str:
    if task.is_live:
        return f"{task.assignee_name} has it." if task.assignee_name else f"It waits in the queue: {task.queue.label}."
    by = f" by {task.ended_by}" if task.ended_by else ""
    return f"{task.status.label}{by}" + (f": {ended(task.outcome)}" if task.outcome else ".")


def _facts(task: KnownTask, zone: ZoneInfo) -> tuple[tuple[str, str], ...]:
    facts = [
        ("Home", task.home_name or "All homes"),
        ("Queue", task.queue.label),
        ("Who", task.assignee_name or "Nobody yet"),
        ("By when", day(task.due_on) if task.due_on else "No day"),
        ("Made", f"{exact(task.created_at, zone=zone)}, by {task.made_by}"),
    ]
    if task.ended_at is not None:
        facts.append((task.status.label, exact(task.ended_at, zone=zone)))
    return tuple(facts)


_PLACES = {
    "leave_request": ("The leave request", "leave.show_request", "leave_id"),
    "staff": ("The member of staff", "staff.show_member", "staff_id"),
    "violation": ("The violation", "compliance.show_violation", "violation_id"),
    "execution": ("The run", "executions.show_execution", "execution_id"),
}


def _links(task: KnownTask) -> list[tuple[str, str]]:
    known = [(_PLACES[each["kind"]], each["id"]) for each in task.links if each["kind"] in _PLACES]
    return [(words, url_for(endpoint, **{name: number})) for (words, endpoint, name), number in known]


def new_task_page(session: Session, person: Person, form: TaskForm, nonce: str) -> NewTaskPage:
    """Put together the form."""
    homes = visible_homes(session, person)
    return NewTaskPage(
        form=form,
        nonce=nonce,
        queues=tuple((queue.value, queue.label) for queue in _queues_of(person)),
        homes=tuple((str(home.id), home.name) for home in homes),
        people=tuple((str(each.user_id), each.name) for each in _people(session, person, homes)),
        priorities=tuple((each.value, each.label) for each in Priority),
        for_all=homes_of(person, "task.edit") is ALL,
    )


def _queues_of(person: Person) -> list[Queue]:
    """Answer the queues for which somebody may make a task somewhere; a carer's are none."""
    homes = homes_of(person, "task.edit")
    if homes is ALL or homes:
        return [*Queue]
    return [Queue.HR] if can(person, "task.hr") else []


def _people(session: Session, person: Person, homes: tuple[CareHome, ...]) -> list[Person]:
    if len(homes) != 1:
        return [person]
    here = people_with(session, "task.view", On(home_id=homes[0].id))
    return sorted({each.user_id: each for each in (*here, person)}.values(), key=lambda each: each.name)
