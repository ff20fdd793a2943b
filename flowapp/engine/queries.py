"""The questions pages and API ask about executions."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from flowapp.accounts.can import can, homes_of
from flowapp.accounts.people import On, Person
from flowapp.engine.execution import LIVE, Execution, StepAttempt, StepExecution
from flowapp.engine.newest import MOST_COUNTED, Filters, count, newest
from flowapp.engine.people.parked import retry_of
from flowapp.engine.places import TURN, place_of
from flowapp.kernel.errors import NotFound
from flowapp.workflows.document import AnyStep, Document, lane_prefix, lists
from flowapp.workflows.reading import kept_document
from flowapp.workflows.workflow import Version, Workflow

__all__ = [
    "MOST_COUNTED",
    "ExecutionDetail",
    "ExecutionRow",
    "Filters",
    "StepRow",
    "about",
    "count",
    "count_attention",
    "detail",
    "executions",
    "is_own_leave",
    "may_see",
    "settled",
]

OWN_LEAVE = ("approve_leave", "reject_leave")


@dataclass(frozen=True, kw_only=True)
class ExecutionRow:
    """An execution in a list; personal facts are left out where the reader may not know them."""

    execution: Execution
    workflow_name: str
    version: int
    masked: bool
    sparing: bool  # whether it is shown only because it is about the reader, who may not know others' data

    @property
    def reason(self) -> str | None:
        """Why it came out as it did, for those who may know."""
        return None if self.masked else self.execution.reason

    @property
    def duration(self) -> timedelta | None:
        """How long it took from its acceptance."""
        ended = self.execution.finished_at
        return ended - self.execution.created_at if ended else None


@dataclass(frozen=True, kw_only=True)
class StepRow:
    """A step of an execution: as it went, or `row` None where it was never reached.

    `turns` has the turns that a loop has begun.
    """

    path: str
    step: Any
    row: StepExecution | None
    attempts: Sequence[StepAttempt] = field(default=())
    turns: Sequence[int] = field(default=())


@dataclass(frozen=True, kw_only=True)
class ExecutionDetail(ExecutionRow):
    """One execution with its steps in the order of the document."""

    document: Document
    steps: tuple[StepRow, ...]
    retried_as: int | None  # the execution that does it again from the start
    traces: bool  # whether the reader may see stack traces


def may_see(person: Person) -> Select[Execution, str, int]:
    """Select the executions of the homes a person may look into, with the workflow's name and version."""
    query = (
        select(Execution, Workflow.name, Version.number)
        .join(Workflow, Workflow.id == Execution.workflow_id)
        .join(Version, Version.id == Execution.version_id)
    )
    homes = homes_of(person, "execution.view")
    return query if homes is None else query.where(Execution.home_id.in_(homes))


def executions(
    session: Session, person: Person, filters: Filters, *, limit: int, before: int | None = None
) -> list[ExecutionRow]:
    """Answer the newest executions that match, `limit` at most, older than the one numbered `before`."""
    numbers = newest(person, filters, limit=limit, before=before)
    query = may_see(person).where(Execution.id.in_(numbers)).order_by(Execution.id.desc())
    return [_row(person, *found) for found in session.execute(query)]


def count_attention(session: Session, person: Person) -> int:
    """Count the executions that need attention, of the homes a person may look into."""
    return count(session, person, Filters(attention=True))


def about(session: Session, person: Person, subject_type: str, subject_id: int) -> list[ExecutionRow]:
    """Answer the executions that one record started, the first one first."""
    query = may_see(person).where(Execution.subject_type == subject_type, Execution.subject_id == subject_id)
    return [_row(person, *found) for found in session.execute(query.order_by(Execution.id))]


def detail(session: Session, person: Person, execution_id: int) -> ExecutionDetail:
    """Answer one execution with all its steps; raises NotFound also when the person may not see it."""
    found = session.execute(may_see(person).where(Execution.id == execution_id)).first()
    if found is None:
        raise NotFound("There is no such run, or you may not see it.")
    execution, name, number = found
    data = session.scalars(select(Version.document).where(Version.id == execution.version_id)).one()
    document = kept_document(data)
    return ExecutionDetail(
        execution=execution,
        workflow_name=name,
        version=number,
        masked=_masked(person, execution),
        sparing=_sparing(person, execution),
        document=document,
        steps=_steps(session, execution.id, document),
        retried_as=retry_of(session, execution.id),
        traces=can(person, "execution.trace"),
    )


def is_own_leave(found: ExecutionDetail, row: StepRow) -> bool:
    """Say whether a step decided on leave of the very person the execution is about."""
    output = row.row.output if row.row is not None and row.step.type == "action" else None
    if row.step.type != "action" or row.step.action not in OWN_LEAVE or not isinstance(output, dict):
        return False
    return found.execution.about_staff_id is not None and output.get("staff_id") == found.execution.about_staff_id


def settled(session: Session, execution_ids: Collection[int]) -> bool:
    """Say whether none of these executions is under way."""
    query = select(func.count()).where(Execution.id.in_(execution_ids), Execution.status.in_(LIVE))
    return session.scalar(query) == 0


def _row(person: Person, execution: Execution, name: str, number: int) -> ExecutionRow:
    return ExecutionRow(
        execution=execution,
        workflow_name=name,
        version=number,
        masked=_masked(person, execution),
        sparing=_sparing(person, execution),
    )


def _masked(person: Person, execution: Execution) -> bool:
    """Say whether names, reasons and data in an execution are none of this person's business."""
    return not can(person, "execution.data", On(home_id=execution.home_id, staff_id=execution.about_staff_id))


def _sparing(person: Person, execution: Execution) -> bool:
    """Say whether a person knows what is in an execution only because it is about them.

    Its steps may have taken a colleague's event, or what another run gave.
    """
    return not can(person, "execution.data", On(home_id=execution.home_id))


def _steps(session: Session, execution_id: int, document: Document) -> tuple[StepRow, ...]:
    rows = session.scalars(select(StepExecution).where(StepExecution.execution_id == execution_id))
    by_path = {row.path: row for row in rows}
    attempts: dict[str, list[StepAttempt]] = {}
    log = select(StepAttempt).where(StepAttempt.execution_id == execution_id).order_by(StepAttempt.id)
    for attempt in session.scalars(log):
        attempts.setdefault(attempt.path, []).append(attempt)
    return tuple(_Rows(by_path, attempts).under(document.steps, ""))


class _Rows:
    """The rows of one execution, put into reading order: the turns of a loop one after the other."""

    def __init__(self, by_path: Mapping[str, StepExecution], attempts: Mapping[str, Sequence[StepAttempt]]) -> None:
        self._by_path = by_path
        self._attempts = attempts
        self._turns: dict[str, set[int]] = {}
        for path in by_path:
            for owner in place_of(path).owners:
                if owner.number is not None:
                    self._turns.setdefault(owner.path, set()).add(owner.number)

    def under(self, steps: Sequence[AnyStep], prefix: str) -> Iterator[StepRow]:
        """Go through a list of steps and the lists inside them; a loop that never began is shown once."""
        for step in steps:
            path = f"{prefix}{step.id}"
            turns = sorted(self._turns.get(path, ()))
            attempts = tuple(self._attempts.get(path, ()))
            yield StepRow(path=path, step=step, row=self._by_path.get(path), attempts=attempts, turns=tuple(turns))
            for lane in lists(step):
                names = [f"[{turn}]" for turn in turns] or [TURN] if lane.name == TURN else [lane.name]
                for name in names:
                    yield from self.under(lane.steps, lane_prefix(path, name))
