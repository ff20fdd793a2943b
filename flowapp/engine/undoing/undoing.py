"""Undoing what an execution did: the last step first, and what can no longer be undone is left and said.

A step's effect is undone in a SAVEPOINT, in the transaction in which its row is marked: a kill leaves each step either
undone and marked, or neither, and whoever asks again goes on with the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from flowapp.accounts import audit
from flowapp.accounts.can import can, require
from flowapp.accounts.people import On, Person
from flowapp.engine.execution import EXECUTIONS, LIVE, ExecutionStatus
from flowapp.engine.failing import failure_of
from flowapp.engine.over import has_ended
from flowapp.engine.parts import EngineParts
from flowapp.engine.undoing.undo import UNDOS, Registered, UndoState, registered
from flowapp.events.cause import ActorKind, Cause
from flowapp.kernel.errors import Conflict, NotFound
from flowapp.kernel.faults import fault
from flowapp.kernel.transaction import TROUBLE, savepoint
from flowapp.workflows.kinds import Action, Run, StepFailed
from flowapp.workflows.workflow import Workflow

Write = Callable[[Callable[[Session], bool]], bool]
MakeRun = Callable[[Registered], Run]
AT_ONCE = 20  # steps undone in one transaction
MOST_SAID = 3  # steps told of in one sentence


class Outcome(NamedTuple):
    """What came of undoing one step, in words."""

    execution_id: int
    path: str
    state: UndoState
    reason: str


class _Undoable(NamedTuple):
    """An execution that is undone, or belongs to one that is."""

    id: int
    home_id: int | None
    status: ExecutionStatus
    workflow_name: str


class NothingToUndo(Conflict):
    """An execution did nothing that can be undone."""


def to_undo(undos: Sequence[Registered]) -> list[Registered]:
    """Answer what is still to be undone, in the order in which it must be: the last effect first."""
    # By the number of the row over all executions: what one of them started had its effects in between.
    waiting = [each for each in undos if each.state is UndoState.REGISTERED]
    return sorted(waiting, key=lambda each: each.id, reverse=True)


def runs_of(session: Session, execution_id: int) -> tuple[int, ...]:
    """Answer the executions that are undone together with this one, this one first: those its steps have started."""
    family = select(EXECUTIONS.c.id).where(EXECUTIONS.c.id == execution_id).cte("family", recursive=True)
    theirs = select(EXECUTIONS.c.id).join(family, EXECUTIONS.c.parent_id == family.c.id)
    return tuple(session.scalars(select(family.union_all(theirs).c.id).order_by("id")))


def is_undone(session: Session, execution_id: int) -> bool:
    """Say whether anything that an execution did was taken back, itself or in those that came to their end for it."""
    first, *others = runs_of(session, execution_id) or (execution_id,)
    ended_well = EXECUTIONS.c.id.in_(others) & (EXECUTIONS.c.status == ExecutionStatus.COMPLETED)
    query = (
        select(UNDOS.c.id)
        .join(EXECUTIONS, EXECUTIONS.c.id == UNDOS.c.execution_id)
        .where(UNDOS.c.state == UndoState.UNDONE, (EXECUTIONS.c.id == first) | ended_well)
    )
    return session.execute(query.limit(1)).first() is not None


def undo(write: Write, parts: EngineParts, execution_id: int, *, who: Person, cause: Cause) -> None:
    """Undo everything that can be undone of an execution, some steps at a time; raises as `undo_some` does."""
    more = True
    while more:
        more = write(lambda session: undo_some(parts, session, execution_id, who=who, cause=cause))
        fault("undo.after_commit")


def undo_some(parts: EngineParts, session: Session, execution_id: int, *, who: Person, cause: Cause) -> bool:
    """Undo some steps of an execution that has ended; answer whether more are left.

    What is undone already, and what was refused, is left as it is. Raises NotFound or NotAllowed when `who` may not,
    Conflict while it is under way, NothingToUndo when it did nothing that can be undone.
    """
    family = _ended(session, execution_id, who)
    undos = registered(session, tuple(family))
    if all(each.state is UndoState.NOT_NEEDED for each in undos):
        raise NothingToUndo("This run did nothing that can be undone.")
    left = to_undo(undos)
    if left:

        def make_run(step: Registered) -> Run:
            of = family[step.execution_id]
            return Run(
                session=session,
                cause=cause,
                owner=who,
                home_id=of.home_id,
                execution_id=step.execution_id,
                workflow_name=of.workflow_name,
                path=step.path,
                zone=parts.surroundings(session, of.home_id, cause.at).timezone,
            )

        outcomes = _undo_all(parts.actions, session, left[:AT_ONCE], make_run, cause)
        _note(session, cause, family, outcomes)
    fault("undo.before_commit")
    return len(left) > AT_ONCE


def roll_back(
    actions: Mapping[str, Action],
    session: Session,
    execution_id: int,
    make_run: MakeRun,
    cause: Cause,
) -> str:
    """Undo everything that an execution did, in the transaction in which it fails; say what came of it.

    What it has started that it does not wait for may be under way still, and keeps what it did. Answers nothing when
    nothing had been done that can be undone.
    """
    family = _family(session, execution_id)
    over = has_ended(session)
    live = [each for each in family.values() if _goes_on(each, over) and each.id != execution_id]
    left = to_undo(registered(session, tuple(set(family) - {each.id for each in live})))

    def make_run_of(step: Registered) -> Run:
        of = family[step.execution_id]
        return replace(make_run(step), execution_id=of.id, home_id=of.home_id, workflow_name=of.workflow_name)

    outcomes = _undo_all(actions, session, left, make_run_of, cause)
    _note(session, cause, family, outcomes)
    kept = [f"{_called(each)} goes on, and keeps what it did." for each in live]
    return " ".join(filter(None, (in_words(outcomes), _some(kept))))


def _goes_on(execution: _Undoable, over: Collection[int]) -> bool:
    return execution.status in LIVE and execution.id not in over


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


def refuse_live(session: Session, execution_id: int) -> None:
    """Pass when an execution and all that it has started is over; raises Conflict naming what is not."""
    family = _family(session, execution_id)
    live = next((each for each in family.values() if each.status in LIVE), None)
    if live is None:
        return
    if live.id == execution_id:
        raise Conflict("This run is still under way. Cancel it first; then it can be undone.")
    raise Conflict(
        f"{_called(live)}, which a step of this run has started, is still under way. Cancel that run, or wait for its "
        "end; then this one can be undone."
    )


def _called(execution: _Undoable) -> str:
    return f"“{execution.workflow_name}” (run {execution.id})"


def _family(session: Session, execution_id: int) -> dict[int, _Undoable]:
    """Answer an execution, and those its steps have started, in the order of their numbers."""
    query = (
        select(EXECUTIONS.c.id, EXECUTIONS.c.home_id, EXECUTIONS.c.status, Workflow.name)
        .join(Workflow, Workflow.id == EXECUTIONS.c.workflow_id)
        .where(EXECUTIONS.c.id.in_(runs_of(session, execution_id)))
        .with_for_update()
    )
    return {row.id: _Undoable(*row) for row in session.execute(query.order_by(EXECUTIONS.c.id))}


def _ended(session: Session, execution_id: int, who: Person) -> dict[int, _Undoable]:
    """Answer an execution that `who` may undo now, with all that is undone with it."""
    family = _family(session, execution_id)
    if not family or not can(who, "execution.view", On(home_id=family[execution_id].home_id)):
        raise NotFound(NO_RUN)
    for each in family.values():
        require(who, "execution.manage", On(home_id=each.home_id))
    refuse_live(session, execution_id)
    return family


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
        outcomes.append(Outcome(step.execution_id, step.path, state, reason))
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
    except TROUBLE:
        raise  # the database's trouble: the whole transaction is tried again
    except Exception as error:
        return UndoState.REFUSED, failure_of(error).error.message
    return UndoState.UNDONE, reason


def _note(session: Session, cause: Cause, family: Mapping[int, _Undoable], outcomes: Sequence[Outcome]) -> None:
    """Add to the audit what was done in each execution."""
    for execution_id in dict.fromkeys(each.execution_id for each in outcomes):
        audit.write(
            session,
            cause,
            action="execution.undo",
            entity="execution",
            entity_id=execution_id,
            home_id=family[execution_id].home_id,
            after={each.path: each.state for each in outcomes if each.execution_id == execution_id},
        )
