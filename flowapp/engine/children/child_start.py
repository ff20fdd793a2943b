"""Starting a run from a step of another one: what may be started, and with what.

The run is begun in the transaction of the step, so that there are both or neither.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from flowapp.accounts.can import can
from flowapp.accounts.people import On
from flowapp.engine.cancelling import cancel_executions
from flowapp.engine.claim import Due
from flowapp.engine.ending import follow
from flowapp.engine.execution import Execution, HeldBack
from flowapp.engine.manual import checked_inputs, manual_trigger
from flowapp.engine.parts import EngineParts
from flowapp.engine.start import Parent, Start, plan_of, write_start
from flowapp.kernel.errors import Refused
from flowapp.kernel.plain import plain
from flowapp.kernel.prepared import Prepared
from flowapp.workflows.document import Document
from flowapp.workflows.kinds import Run, StepFailed
from flowapp.workflows.steps.workflow import WorkflowStep
from flowapp.workflows.workflow import Version, Workflow, WorkflowStatus, version

MOST_NESTED = 5  # runs inside one another, below the first
BY_A_STEP = "step"  # the trigger of such a run
_LONGEST_KEY = 160
_ABOVE: Prepared[Any] = Prepared(
    select(Workflow.name, Execution.parent_id)
    .join(Workflow, Workflow.id == Execution.workflow_id)
    .where(Execution.id == bindparam("execution_id"))
)


class _Place(NamedTuple):
    """With which runs one counts, and which one waits for it."""

    workflow_id: int
    run_key: str | None
    held_back: HeldBack | None
    parent_id: int | None
    awaited: bool


_PLACE = Prepared(
    select(Execution.workflow_id, Execution.run_key, Execution.held_back, Execution.parent_id, Execution.awaited).where(
        Execution.id == bindparam("execution_id")
    ),
    _Place,
)
_STARTED_BEFORE: Prepared[Any] = Prepared(
    select(func.count()).where(
        Execution.parent_id == bindparam("execution_id"), Execution.parent_path == bindparam("path")
    )
)


def start_child(
    parts: EngineParts, session: Session, due: Due, step: WorkflowStep, given: Mapping[str, Any], run: Run
) -> int:
    """Start the workflow that a step names and answer the number of its run; raises StepFailed with the reason.

    The run may have ended already: it was refused before its first step.
    """
    found = _startable(session, step, run)
    _refuse_too_deep(session, found, run)
    published = version(session, found.id, found.current_version or 0)
    plan = plan_of(parts, session, published.id)
    inputs = _inputs(parts, found, plan.document, given) if plan else given
    number = write_start(parts, session, _start(session, due, step, found, published, inputs, run))
    if step.wait and _waits_for_itself(session, number):
        reason = "It would have waited for the very run that waits for it."
        follow(parts, session, cancel_executions(session, [number], reason=reason, at=run.now))
        message = f"“{found.name}” has its turn only after a run that waits for this step, so neither would ever end. "
        raise StepFailed("waits_for_itself", f"{message}Start it without waiting, or let more of its runs be at once.")
    return number


def _waits_for_itself(session: Session, execution_id: int) -> bool:
    """Say whether a run is queued behind one that waits for its end, however many are in between."""
    first = _PLACE.rows(session, execution_id=execution_id)[0]
    above = first
    while first.held_back is HeldBack.QUEUE and above.awaited and above.parent_id is not None:
        above = _PLACE.rows(session, execution_id=above.parent_id)[0]
        if (above.workflow_id, above.run_key) == (first.workflow_id, first.run_key):
            return True
    return False


def _startable(session: Session, step: WorkflowStep, run: Run) -> Workflow:
    """Answer the workflow, if this run may start it."""
    asked = Workflow.id if isinstance(step.workflow, int) else Workflow.uid
    found = session.scalar(select(Workflow).where(asked == step.workflow))
    if found is None:
        raise StepFailed("no_such_workflow", "The workflow that this step starts does not exist. Choose another one.")
    if found.home_id is not None and run.home_id not in (None, found.home_id):
        message = "The workflow that this step starts belongs to another home. Choose one of this home, or one of all."
        raise StepFailed("another_home", message)
    if not can(run.owner, "workflow.run", On(home_id=found.home_id)):
        message = f"{run.owner.name}, with whose rights this workflow acts, may not start “{found.name}”. Give it an "
        raise StepFailed("not_allowed", f"{message}owner who may, or choose another workflow.")
    if found.status != WorkflowStatus.ACTIVE or found.current_version is None:
        message = f"“{found.name}” is not active, so it cannot be started. Publish it, or switch it on."
        raise StepFailed("not_active", message)
    return found


def _refuse_too_deep(session: Session, found: Workflow, run: Run) -> None:
    names: list[str] = []
    above: int | None = run.execution_id
    while above is not None and (row := _ABOVE.first(session, execution_id=above)) is not None:
        name, above = row
        names.insert(0, f"“{name}”")
    if len(names) > MOST_NESTED:
        chain = " → ".join([*names, f"“{found.name}”"])
        message = f"Below the first, {MOST_NESTED} workflows may run inside one another, and this would be number "
        mend = "Check whether they start one another in a circle."
        raise StepFailed("too_deep", f"{message}{len(names)}: {chain}. {mend}")


def _inputs(parts: EngineParts, found: Workflow, document: Document, given: Mapping[str, Any]) -> dict[str, Any]:
    """Answer what the workflow is given, as it asks for it when somebody starts it."""
    spec = manual_trigger(document)
    try:
        return checked_inputs(spec, parts.triggers, given)
    except Refused as refused:
        raise StepFailed("bad_input", f"“{found.name}” could not be started. {refused.message}") from None


def _start(
    session: Session,
    due: Due,
    step: WorkflowStep,
    found: Workflow,
    published: Version,
    inputs: Mapping[str, Any],
    run: Run,
) -> Start:
    actor = run.cause.actor
    who = {"id": actor.id, "name": actor.name, "role": actor.role}
    home_id = found.home_id if found.home_id is not None else run.home_id
    return Start(
        workflow_id=found.id,
        version_id=published.id,
        home_id=home_id,
        trigger_id=BY_A_STEP,
        trigger_type=BY_A_STEP,
        dedupe_key=_key(session, run),
        context=plain({**inputs, "care_home_id": home_id, "user": who}),
        at=run.now,
        started_by=actor.name,
        started_by_id=actor.id,
        correlation_id=due.correlation_id,
        causation_id=due.causation_id,
        depth=due.depth,
        parent=Parent(run.execution_id, run.path, step.wait),
    )


def _key(session: Session, run: Run) -> str:
    """Answer the key of the effect with the number of the try, so that no try can start two runs."""
    before = _STARTED_BEFORE.value(session, execution_id=run.execution_id, path=run.path)
    key = f"{run.key}:{before + 1}"
    return key if len(key) <= _LONGEST_KEY else hashlib.sha256(key.encode()).hexdigest()
