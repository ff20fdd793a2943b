"""Finding tasks: whose, how they stand, in which home and queue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, not_, or_, select
from sqlalchemy.orm import Session

from flowapp.accounts.can import homes_of
from flowapp.accounts.people import Person
from flowapp.rota.homes import CareHome
from flowapp.rota.tasks.reading import KnownTask, in_my_queue, is_live, is_mine, known_tasks, seen_by
from flowapp.rota.tasks.task import Priority, Queue, Task


class Tab(StrEnum):
    """Which of the tasks one may see."""

    MINE = "mine"  # those one has taken on or was given
    QUEUE = "queue"  # those of one's queue that nobody has taken on
    ALL = "all"  # every one that waits
    DONE = "done"  # those that are over


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which tasks are looked for; what is empty does not narrow the search."""

    tab: Tab = Tab.MINE
    home: str = ""  # the home's code
    queue: Queue | None = None
    text: str = ""

    @property
    def applied(self) -> int:
        """How many of the filters are in use."""
        return sum((bool(self.home), self.queue is not None, bool(self.text)))


def visible_homes(session: Session, person: Person) -> tuple[CareHome, ...]:
    """Answer the homes whose tasks somebody may see, by name."""
    homes: set[int] = set()
    for permission in ("task.view", "task.hr"):
        reached = homes_of(person, permission)
        if reached is None:
            return tuple(session.scalars(select(CareHome).order_by(CareHome.name)))
        homes |= reached
    return tuple(session.scalars(select(CareHome).where(CareHome.id.in_(homes)).order_by(CareHome.name)))


def count_found(session: Session, person: Person, wanted: Wanted) -> int:
    """Count every task that is found."""
    return session.scalar(select(func.count(Task.id)).where(*_conditions(person, wanted))) or 0


def found(session: Session, person: Person, wanted: Wanted, *, skip: int, most: int) -> list[KnownTask]:
    """Answer some of those that are found: what presses most first, or what was over last."""
    query = known_tasks().where(*_conditions(person, wanted))
    ordered = query.order_by(Task.ended_at.desc(), Task.id.desc()) if wanted.tab is Tab.DONE else _pressing(query)
    return [KnownTask(*row) for row in session.execute(ordered.offset(skip).limit(most))]


def _pressing(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    rank = case({each.value: -number for number, each in enumerate(Priority)}, value=Task.priority, else_=0)
    return query.order_by(func.coalesce(Task.due_on, date.max), rank, Task.id)


def _conditions(person: Person, wanted: Wanted) -> list[ColumnElement[bool]]:
    ways = {
        Tab.MINE: (is_mine(person), is_live()),
        Tab.QUEUE: (in_my_queue(person), is_live()),
        Tab.ALL: (seen_by(person), is_live()),
        Tab.DONE: (or_(seen_by(person), is_mine(person)), not_(is_live())),
    }
    conditions = [*ways[wanted.tab]]
    if wanted.home:
        conditions.append(Task.home_id.in_(select(CareHome.id).where(CareHome.code == wanted.home)))
    if wanted.queue is not None:
        conditions.append(Task.queue == wanted.queue)
    if wanted.text:
        conditions.append(Task.title.icontains(wanted.text, autoescape=True))
    return conditions
