"""Which runs a person looks for, the newest first; quick however many there are.

An index answers for one home in the order of the numbers. For several homes the database would read all their runs
and sort them (three seconds for five homes of half a million runs), so each is asked by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, false, func, literal_column, select, true, union_all
from sqlalchemy.orm import Session

from flowapp.accounts.can import homes_of
from flowapp.accounts.people import Person
from flowapp.engine.execution import Execution, ExecutionStatus
from flowapp.engine.people.attention import needs_attention
from flowapp.workflows.workflow import Workflow

MOST_COUNTED = 10_000
_LITERAL = str.maketrans({"\\": "\\\\", "%": "\\%", "_": "\\_"})
# The sign keeps SQLite from the index by home: that of the workflow has fewer runs to look through.
_HOME_OF_A_FEW: Any = literal_column("+execution.home_id")


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What to look for among executions; None and empty mean anything."""

    workflow_id: int | None = None
    status: ExecutionStatus | None = None
    attention: bool = False  # only those that a person has to deal with
    trigger_type: str | None = None
    text: str = ""
    since: datetime | None = None
    until: datetime | None = None


def newest(person: Person, filters: Filters, *, limit: int, before: int | None = None) -> Select[int]:
    """Select the numbers of the newest executions that a person may see and that match."""
    conditions = _conditions(person, filters)
    if before is not None:
        conditions.append(Execution.id < before)
    homes = homes_of(person, "execution.view")
    if homes is None:
        return _some(conditions, limit)
    if filters.workflow_id is not None:
        return _some([*conditions, _HOME_OF_A_FEW.in_(sorted(homes))], limit)
    each = [_some([*conditions, Execution.home_id == home], limit) for home in sorted(homes)]
    if len(each) < 2:
        return each[0] if each else _some([false()], limit)
    found = union_all(*(select(one.subquery().c.id) for one in each)).subquery()
    return select(found.c.id).order_by(found.c.id.desc()).limit(limit)


def count(session: Session, person: Person, filters: Filters) -> int:
    """Count the executions that match; one more than MOST_COUNTED stands for any number above."""
    found = newest(person, filters, limit=MOST_COUNTED + 1).subquery()
    return session.scalar(select(func.count()).select_from(found)) or 0


def _some(conditions: Sequence[Any], limit: int) -> Select[int]:
    return select(Execution.id).where(*conditions).order_by(Execution.id.desc()).limit(limit)


def _conditions(person: Person, filters: Filters) -> list[Any]:
    found: list[Any] = []
    if filters.workflow_id is not None:
        found.append(Execution.workflow_id == filters.workflow_id)
    if filters.status is not None:
        found.append(Execution.status == filters.status)
    if filters.attention:
        found.append(needs_attention())
    if filters.trigger_type is not None:
        found.append(Execution.trigger_type == filters.trigger_type)
    if filters.text:
        found.append(_has_text(person, filters.text))
    if filters.since is not None:
        found.append(Execution.created_at >= filters.since)
    if filters.until is not None:
        found.append(Execution.created_at < filters.until)
    return found


def _has_text(person: Person, text: str) -> Any:
    like = f"%{text.translate(_LITERAL)}%"
    named = select(Workflow.id).where(Workflow.name.ilike(like, escape="\\"))
    begun_by = Execution.started_by.ilike(like, escape="\\") & _known_to(person)
    return Execution.workflow_id.in_(named) | begun_by


def _known_to(person: Person) -> Any:
    """Whether a person may know the data of an execution; a search must not find what may not be seen."""
    homes = homes_of(person, "execution.data")
    if homes is None:
        return true()
    return Execution.home_id.in_(homes) | (Execution.about_staff_id == (person.staff_id or 0))
