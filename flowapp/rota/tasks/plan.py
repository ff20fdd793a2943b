"""What a task is to be like, as people say it, and what is wrong with that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from flowapp.events.event import Change
from flowapp.kernel.errors import Problem, Refused
from flowapp.kernel.signs import NO_TEXT, NO_TEXT_BUT_LINES
from flowapp.rota.leave_period import EARLIEST_YEAR, LATEST_YEAR
from flowapp.rota.tasks.task import LONGEST_BODY, LONGEST_KEY, LONGEST_TITLE, Priority, Queue

MOST_LINKS = 20


@dataclass(frozen=True, kw_only=True)
class Link:
    """Something that a task is about."""

    kind: str  # such as `shift`
    id: int


@dataclass(frozen=True, kw_only=True)
class TaskPlan:
    """What is to be done, by whom and when; `assignee_id` is an account."""

    title: str
    queue: Queue
    body: str = ""
    due_on: date | None = None
    priority: Priority = Priority.NORMAL
    assignee_id: int | None = None
    links: tuple[Link, ...] = ()
    dedupe_key: str | None = None


def checked(plan: TaskPlan) -> TaskPlan:
    """Answer a plan without needless blanks; raises Refused naming each field that makes no sense."""
    body = plan.body.replace("\r\n", "\n").strip()
    tidy = replace(
        plan, title=" ".join(plan.title.split()), body=body, dedupe_key=(plan.dedupe_key or "").strip() or None
    )
    if problems := list(_problems(tidy)):
        raise Refused(problems)
    return tidy


def as_said(plan: TaskPlan) -> dict[str, Any]:
    """Answer a plan as the audit keeps it."""
    return asdict(plan)


def differences(before: TaskPlan, after: TaskPlan) -> tuple[Change, ...]:
    """Answer each field that has another value."""
    old, new = asdict(before), asdict(after)
    return tuple(Change(field=name, old=old[name], new=new[name]) for name in new if old[name] != new[name])


def _problems(plan: TaskPlan) -> Iterator[Problem]:
    if not plan.title:
        yield Problem(path="title", code="missing", message="Say in a few words what is to be done.")
    yield from text_problems("title", plan.title, most=LONGEST_TITLE)
    yield from text_problems("body", plan.body, most=LONGEST_BODY, lines=True)
    yield from text_problems("dedupe_key", plan.dedupe_key or "", most=LONGEST_KEY)
    yield from day_problems("due_on", plan.due_on)
    if len(plan.links) > MOST_LINKS:
        message = f"A task can be about {MOST_LINKS} things at most."
        yield Problem(path="links", code="too_many", message=message)


def text_problems(path: str, text: str, *, most: int, lines: bool = False) -> Iterator[Problem]:
    """Answer what is wrong with a text: it is too long, or has signs in it that are none."""
    if len(text) > most:
        message = f"This has more than {most} characters; shorten it."
        yield Problem(path=path, code="too_long", message=message)
    if (NO_TEXT_BUT_LINES if lines else NO_TEXT).search(text):
        message = "There is a sign in it that is not text; take it out, or type it anew."
        yield Problem(path=path, code="control_character", message=message)


def day_problems(path: str, day: date | None) -> Iterator[Problem]:
    """Answer what is wrong with a day: it is too far away to be meant."""
    if day is not None and not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        message = f"Choose a day between {EARLIEST_YEAR} and {LATEST_YEAR}."
        yield Problem(path=path, code="out_of_range", message=message)
