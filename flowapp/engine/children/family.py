"""Which run started which: what pages and API tell of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Select
from sqlalchemy.orm import Session

from flowapp.accounts.people import Person
from flowapp.engine.execution import Execution, ExecutionStatus
from flowapp.engine.queries import may_see
from flowapp.workflows.workflow import Workflow


class Relative(NamedTuple):
    """A run that started another one, or was started by it."""

    execution_id: int
    workflow_name: str
    status: ExecutionStatus
    path: str | None  # of the step that started it


def parent_of(session: Session, person: Person, execution: Execution) -> Relative | None:
    """Answer the run that started this one, if there is one and the person may see it."""
    if execution.parent_id is None:
        return None
    row = session.execute(_columns(person).where(Execution.id == execution.parent_id)).first()
    return Relative(*row) if row else None


def children_of(session: Session, person: Person, execution_id: int) -> Mapping[str, tuple[Relative, ...]]:
    """Answer the runs that the steps of this one have started, the first one first, by the steps' paths."""
    found: dict[str, tuple[Relative, ...]] = {}
    query = _columns(person).where(Execution.parent_id == execution_id).order_by(Execution.id)
    for row in session.execute(query):
        child = Relative(*row)
        found[child.path or ""] = (*found.get(child.path or "", ()), child)
    return found


def _columns(person: Person) -> Select[int, str, ExecutionStatus, str | None]:
    columns = (Execution.id, Workflow.name, Execution.status, Execution.parent_path)
    return may_see(person).with_only_columns(*columns)
