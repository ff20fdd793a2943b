"""Undoing what an execution did: the last step first, and what can no longer be undone is left and said.

A step's effect is undone in a SAVEPOINT, in the transaction in which its row is marked: a kill leaves each step either
undone and marked, or neither, and whoever asks again goes on with the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from flowapp.accounts import audit
from flowapp.accounts.can import can, require
from flowapp.accounts.people import On, Person
from flowapp.engine.execution import EXECUTIONS, LIVE
from flowapp.engine.failing import failure_of
from flowapp.engine.parts import EngineParts
from flowapp.engine.undo import UNDOS, Registered, UndoState, registered
from flowapp.events.cause import ActorKind, Cause
from flowapp.kernel.errors import Conflict, NotFound
from flowapp.kernel.faults import fault
from flowapp.kernel.transaction import TransactionLost, savepoint
from flowapp.workflows.kinds import Action, Run, StepFailed
from flowapp.workflows.workflow import Workflow

Write = Callable[[Callable[[Session], bool]], bool]
MakeRun = Callable[[Registered], Run]
AT_ONCE = 20  # steps undone in one transaction
MOST_SAID = 3  # steps told of in one sentence


class Outcome(NamedTuple):
    """What came of undoing one step, in words."""

    path: str
    state: UndoState
    reason: str


def to_undo(undos: Sequence[Registered]) -> list[Registered]:
    """Answer what is still to be undone, in the order in which it must be: the last effect first."""
    # By the number of the row over all executions: what one of them started had its effects in between.
    waiting = [each for each in undos if each.state is UndoState.REGISTERED]
    return sorted(waiting, key=lambda each: each.id, reverse=True)


def runs_of(session: Session, execution_id: int) -> tuple[int, ...]:
    """Answer the executions that are undone together with this one, this one first."""
    return (execution_id,)


def undo(write: Write, parts: EngineParts, execution_id: int, *, who: Person, cause: Cause) -> None:
    """Undo everything that can be undone of an execution, some steps at a time; raises as `undo_some` does."""
    more = True
    while more:
        more = write(lambda session: undo_some(parts, session, execution_id, who=who, cause=cause))
        fault("undo.after_commit")


def undo_some(parts: EngineParts, session: Session, execution_id: int, *, who: Person, cause: Cause) -> bool:
    """Undo some steps of an execution that has ended; answer whether more are left.

    What is undone already, and what was refused, is left as it is. Raises NotFound or NotAllowed when `who` may not,
    Conflict while it is under way, and when it did nothing that can be undone.
    """
    home_id, workflow_name = _ended(session, execution_id, who)
    undos = registered(session, runs_of(session, execution_id))
    if all(each.state is UndoState.NOT_NEEDED for each in undos):
        raise Conflict("This run did nothing that can be undone.")
    left = to_undo(undos)
    if left:
        zone = parts.surroundings(session, home_id, cause.at).timezone

        def make_run(step: Registered) -> Run:
            return Run(
                session=session,
                cause=cause,
                owner=who,
                home_id=home_id,
                execution_id=step.execution_id,
                workflow_name=workflow_name,
                path=step.path,
                zone=zone,
            )

        outcomes = _undo_all(parts.actions, session, left[:AT_ONCE], make_run, cause)
        _note(session, cause, execution_id, home_id, outcomes)
    fault("undo.before_commit")
    return len(left) > AT_ONCE


def roll_back(
    actions: Mapping[str, Action],
    session: Session,
    execution_id: int,
    make_run: MakeRun,
    cause: Cause,
    *,
    home_id: int | None,
) -> str:
    """Undo everything that an execution did, in the transaction in which it fails; say what came of it.

    Answers nothing when it had done nothing that can be undone.
    """
    left = to_undo(registered(session, runs_of(session, execution_id)))
    if not left:
        return ""
    outcomes = _undo_all(actions, session, left, make_run, cause)
    _note(session, cause, execution_id, home_id, outcomes)
    return in_words(outcomes)


def in_words(outcomes: Sequence[Outcome]) -> str:
    """Say what was undone and what was not: the first few of each."""
    undone = [each.reason for each in outcomes if each.state is UndoState.UNDONE]
    refused = [each.reason for each in outcomes if each.state is UndoState.REFUSED]
    said = [f"The run was undone: {_some(undone)}"] if undone else []
    if refused:
        said.append(f"This could not be undone: {_some(refused)}")
    return " ".join(said)


def _some(sentences: Sequence[str]) -> str:
    left = len(sentences) - MOST_SAID
    more = [f"And {left} more."] if left > 0 else []
    return " ".join([*sentences[:MOST_SAID], *more])


def _ended(session: Session, execution_id: int, who: Person) -> tuple[int | None, str]:
    """Answer the home and the workflow's name of an execution that `who` may undo now."""
    query = (
        select(EXECUTIONS.c.home_id, EXECUTIONS.c.status, Workflow.name)
        .join(Workflow, Workflow.id == EXECUTIONS.c.workflow_id)
        .where(EXECUTIONS.c.id.in_(runs_of(session, execution_id)))
        .with_for_update()
    )
    rows = session.execute(query.order_by(EXECUTIONS.c.id)).all()
    if not rows or not can(who, "execution.view", On(home_id=rows[0].home_id)):
        raise NotFound(NO_RUN)
    require(who, "execution.manage", On(home_id=rows[0].home_id))
    if any(row.status in LIVE for row in rows):
        raise Conflict("This run is still under way. Cancel it first; then it can be undone.")
    return rows[0].home_id, rows[0].name


NO_RUN = "There is no such run, or you may not see it."


def _undo_all(
    actions: Mapping[str, Action], session: Session, steps: Sequence[Registered], make_run: MakeRun, cause: Cause
) -> list[Outcome]:
    by = f"the workflow “{cause.actor.name}”" if cause.actor.kind is ActorKind.WORKFLOW else cause.actor.name
    outcomes = []
    for step in steps:
        state, reason = _undo_one(actions, session, step, make_run)
        marked = {"state": state, "reason": reason, "undone_at": cause.at, "undone_by": by}
        session.execute(update(UNDOS).where(UNDOS.c.id == step.id).values(marked))
        outcomes.append(Outcome(step.path, state, reason))
    return outcomes


def _undo_one(
    actions: Mapping[str, Action], session: Session, step: Registered, make_run: MakeRun
) -> tuple[UndoState, str]:
    try:
        action = actions.get(step.action)
        if action is None:
            raise StepFailed("unknown_action", f"There is no action called {step.action!r} any more.")
        with savepoint(session):
            reason = action.undo(step.note, make_run(step))
            session.flush()
    except (OperationalError, TransactionLost):
        raise  # the database's trouble: the whole transaction is tried again
    except Exception as error:
        return UndoState.REFUSED, failure_of(error).error.message
    return UndoState.UNDONE, reason


def _note(session: Session, cause: Cause, execution_id: int, home_id: int | None, outcomes: Sequence[Outcome]) -> None:
    audit.write(
        session,
        cause,
        action="execution.undo",
        entity="execution",
        entity_id=execution_id,
        home_id=home_id,
        after={each.path: each.state for each in outcomes},
    )
