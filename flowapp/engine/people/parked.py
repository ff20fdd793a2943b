"""An execution in which a person steps in: read for changing, let go on, and noted in the audit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from flowapp.accounts import audit
from flowapp.engine.acting import Lookups
from flowapp.engine.burst import Burst
from flowapp.engine.changes import News
from flowapp.engine.children.children import still_told
from flowapp.engine.claim import any_step, rows_before
from flowapp.engine.ending import keep
from flowapp.engine.entry.queueing import together
from flowapp.engine.execution import EXECUTIONS, STEPS, ExecutionStatus, StepStatus
from flowapp.engine.parts import EngineParts
from flowapp.engine.people.reopening import BEFORE_FIRST, Reopening, reopened
from flowapp.engine.plan import Path, Plan
from flowapp.engine.signals.awaited import listen
from flowapp.engine.start import plan_of
from flowapp.engine.undoing.undoing import is_undone
from flowapp.engine.writes import Writes
from flowapp.events.cause import Cause
from flowapp.events.outbox import ring_after
from flowapp.kernel.errors import Conflict, NotFound
from flowapp.workflows.mode import Mode
from flowapp.workflows.steps.wait import WaitStep

UNREADABLE = (
    "The version of the workflow that this run began with cannot be read any more, so it cannot go on. Publish the "
    "workflow again, then retry the run from the start with the new version."
)
Parked = Mapping[str, Any]
UNDONE = (
    "Something that this run did was undone, so the steps after it would build on what is no longer there. "
    "Retry it from the start."
)
_AGAIN = ("status", "run_at", "attempt", "held", "deadline", "error", "finished_at")
_STAND_AGAIN = (
    update(STEPS)
    .where(STEPS.c.execution_id == bindparam("of_execution"), STEPS.c.path == bindparam("at_path"))
    .values({name: bindparam(f"to_{name}", type_=STEPS.c[name].type) for name in _AGAIN})
    .values(stood=None, owner=None, lease_until=None, output=None, explanation=None)
)


def parked(session: Session, execution_id: int, *, to_change: bool = True) -> Parked:
    """Answer an execution as it stands in this transaction, where nobody else changes it then; raises NotFound."""
    query = select(EXECUTIONS).where(EXECUTIONS.c.id == execution_id)
    found = session.execute(query.with_for_update() if to_change else query).mappings().first()
    if found is None:
        raise NotFound("There is no such run, or you may not see it.")
    return dict(found)


def note(session: Session, cause: Cause, found: Parked, action: str, *, after: Any = None, reason: str = "") -> None:
    """Add what a person did with an execution to the audit."""
    before = {"status": found["status"]}
    audit.write(session, cause, action=f"execution.{action}", entity="execution", entity_id=found["id"],
                home_id=found["home_id"], before=before, after=after, reason=reason)  # fmt: skip


def tell(parts: EngineParts, session: Session, execution_id: int, news: Sequence[News], at: datetime) -> None:
    """Tell an execution what a person decided; the worker does what follows, and the page waits a moment for it."""
    writes, due = Writes(), any_step(session, execution_id)
    assert due is not None  # whoever asks has found a step of it
    if plan_of(parts, session, due.version_id) is None:
        raise Conflict(UNREADABLE)
    before = rows_before(session, [execution_id])[execution_id]
    Burst(parts, session, writes, due, before, at, Lookups()).tell(news)
    session.info.setdefault("executions", []).append(execution_id)
    ring_after(session)
    keep(parts, session, writes)


def reopening_of(
    parts: EngineParts, session: Session, found: Parked, at: datetime, *, passed_over: Path | None = None
) -> Reopening:
    """Answer how a failed execution would go on; raises Conflict saying why it cannot."""
    rows = rows_before(session, [found["id"]]).get(found["id"])
    if not rows:
        raise Conflict(BEFORE_FIRST)
    if is_undone(session, found["id"]):
        raise Conflict(UNDONE)
    if (again := retry_of(session, found["id"])) is not None:
        raise Conflict(f"This run was retried from the start, as run {again}. Look there how it went.")
    plan = _plan(parts, session, found)
    _refuse_one_too_many(session, found, plan)
    told = still_told(session, found["id"])
    return reopened(plan, found["error"], rows, at, passed_over=passed_over, still_told=told)


def reopen(
    parts: EngineParts, session: Session, found: Parked, at: datetime, *, passed_over: Path | None = None
) -> Reopening:
    """Let a failed execution stand as it stood before the failure; `tell` it what has ended, which it has not heard.

    Raises Conflict saying why it cannot.
    """
    plan = _plan(parts, session, found)
    reopening = reopening_of(parts, session, found, at, passed_over=passed_over)
    blank = {"finished_at": None}
    again = [
        {"of_execution": found["id"], "at_path": path, **{f"to_{name}": {**blank, **row}[name] for name in _AGAIN}}
        for path, row in reopening.rows.items()
    ]
    session.connection().execute(_STAND_AGAIN, again)
    if reopening.new:
        session.execute(insert(STEPS), [_ready(found["id"], plan, path, at) for path in reopening.new])
    _listen_again(session, found, plan, reopening)
    timeout = plan.document.settings.timeout
    session.execute(
        update(EXECUTIONS)
        .where(EXECUTIONS.c.id == found["id"])
        .values(
            status=ExecutionStatus.RUNNING,
            finished_at=None,
            deadline=at + timeout.length if timeout else None,
            given_up_at=None,
            given_up_by=None,
        )
    )
    return reopening


def retry_of(session: Session, execution_id: int) -> int | None:
    """Answer the execution that does this one again from the start, if there is one."""
    return session.scalar(select(EXECUTIONS.c.id).where(EXECUTIONS.c.retry_of == execution_id))


def _refuse_one_too_many(session: Session, found: Parked, plan: Plan) -> None:
    """Refuse to let an execution go on beside more than its workflow allows; raises Conflict naming one of them."""
    limit, run_key = plan.document.settings.limit, found["run_key"]
    if limit is None or run_key is None:
        return
    live = [number for number, _ in together(session, found["workflow_id"], run_key) if number != found["id"]]
    if len(live) >= (limit.most if limit.mode is Mode.PARALLEL else 1):
        raise Conflict(
            f"Run {live[0]} of “{plan.document.name}” is under way{limit.this}, and no more are allowed at once. "
            "Wait for its end, or cancel it first."
        )


def _listen_again(session: Session, found: Parked, plan: Plan, reopening: Reopening) -> None:
    """Let steps that waited for events listen anew; they look at everything since the acceptance once more.

    What was taken meanwhile is known, so no event is taken twice by steps one after the other.
    """
    for path, row in reopening.rows.items():
        step = plan.node(path).step
        if isinstance(step, WaitStep) and row["status"] is StepStatus.WAITING:
            listen(session, found["id"], path, step.event_types, found["home_id"])


def _plan(parts: EngineParts, session: Session, found: Parked) -> Plan:
    plan = plan_of(parts, session, found["version_id"])
    if plan is None:
        raise Conflict(UNREADABLE)
    return plan


def _ready(execution_id: int, plan: Plan, path: Path, at: datetime) -> dict[str, Any]:
    step = plan.node(path).step
    return {"execution_id": execution_id, "path": path, "step_id": step.id, "type": step.type, "run_at": at,
            "status": StepStatus.PENDING, "epoch": 0, "attempt": 0, "crash_count": 0}  # fmt: skip
