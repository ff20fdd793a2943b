"""What undoing an execution would do, what it did, and what stays whatever is done."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.engine.execution import LIVE, Execution, StepExecution, StepStatus
from flowapp.engine.places import place_of
from flowapp.engine.plan import Plan, make_plan
from flowapp.engine.queries import ExecutionDetail
from flowapp.engine.undoing.undo import Undo, UndoState
from flowapp.engine.undoing.undoing import runs_of
from flowapp.workflows.document import AnyStep
from flowapp.workflows.kinds import Action, Effect
from flowapp.workflows.reading import kept_document
from flowapp.workflows.sentences import step_sentence
from flowapp.workflows.steps.action import ActionStep
from flowapp.workflows.workflow import Version, Workflow

PERHAPS = "nobody knows whether it was done"


@dataclass(frozen=True, kw_only=True)
class UndoLine:
    """One step that can be undone, or was tried to be; `words` say what undoing does, or what came of it.

    It may lie in another run, which this one has started. `turn` counts the turns of the loop that the step lies in.
    """

    execution_id: int
    path: str
    sentence: str
    action: str
    turn: int | None
    state: UndoState
    words: str
    at: datetime | None = None
    by: str | None = None


@dataclass(frozen=True, kw_only=True)
class LastingLine:
    """One step whose effect stays, and why."""

    path: str
    sentence: str
    turn: int | None
    why: str


@dataclass(frozen=True, kw_only=True)
class UndoView:
    """The last effect comes first in each."""

    to_undo: tuple[UndoLine, ...]
    tried: tuple[UndoLine, ...]
    lasting: tuple[LastingLine, ...]
    ended: bool
    live: str  # the name of a run that it has started and that is under way still

    @property
    def possible(self) -> bool:
        """Whether there is anything to undo now."""
        return self.ended and not self.live and bool(self.to_undo)


@dataclass(frozen=True)
class _Teller:
    """Tells of the steps of a run and of those it has started; what others did is told without personal facts."""

    found: ExecutionDetail
    others: Mapping[int, tuple[str, Plan]]  # the workflow's name and its plan, by the run's number
    actions: Mapping[str, Action]

    def sentence(self, execution_id: int, path: str, kind: str) -> str:
        """Say what a step did; of a step of another run, in which run."""
        if execution_id == self.found.execution.id:
            steps = {row.path: row.step for row in self.found.steps}
            return step_sentence(steps[path], self.actions) if path in steps else self._label(kind)
        name, plan = self.others[execution_id]
        try:
            sentence = step_sentence(plan.node(path).step, self.actions)
        except KeyError:
            sentence = self._label(kind)
        return f"“{name}”, run {execution_id}: {sentence}"

    def _label(self, kind: str) -> str:
        return self.actions[kind].label if kind in self.actions else "A step of a kind that is gone"

    def masked(self, execution_id: int) -> bool:
        """Say whether what became of a step is none of the reader's business."""
        return self.found.masked or (self.found.sparing and execution_id != self.found.execution.id)


def undo_view(session: Session, found: ExecutionDetail, actions: Mapping[str, Action]) -> UndoView:
    """Answer what can be undone of an execution; what was tried is left without words where the reader may not know."""
    family = runs_of(session, found.execution.id)
    query = select(Undo).where(Undo.execution_id.in_(family)).order_by(Undo.id.desc())
    others = [each for each in family if each != found.execution.id]
    teller = _Teller(found, _laid_out(session, others), actions)
    lines = [_line(each, teller) for each in session.scalars(query)]
    own = [(found.execution.id, row.path, row.step, row.row) for row in reversed(found.steps) if row.row is not None]
    lasting = [*_steps_of(session, others, teller), *own]
    return UndoView(
        to_undo=tuple(line for line in lines if line.state is UndoState.REGISTERED),
        tried=tuple(line for line in lines if line.state in (UndoState.UNDONE, UndoState.REFUSED)),
        lasting=tuple(line for each in lasting if (line := _lasting(teller, *each)) is not None),
        ended=found.execution.status not in LIVE,
        live=_live(session, others),
    )


def _laid_out(session: Session, execution_ids: Collection[int]) -> dict[int, tuple[str, Plan]]:
    query = (
        select(Execution.id, Workflow.name, Version.id, Version.document)
        .join(Workflow, Workflow.id == Execution.workflow_id)
        .join(Version, Version.id == Execution.version_id)
        .where(Execution.id.in_(execution_ids))
    )
    plans: dict[int, Plan] = {}
    found: dict[int, tuple[str, Plan]] = {}
    for execution_id, name, version_id, document in session.execute(query) if execution_ids else ():
        if version_id not in plans:
            plans[version_id] = make_plan(kept_document(document))
        found[execution_id] = (name, plans[version_id])
    return found


def _steps_of(
    session: Session, execution_ids: Collection[int], teller: _Teller
) -> Iterator[tuple[int, str, AnyStep, StepExecution]]:
    """Answer the steps of other runs that had an effect, the last first."""
    if not execution_ids:
        return
    query = select(StepExecution).where(
        StepExecution.execution_id.in_(execution_ids), StepExecution.effect.is_not(None)
    )
    for row in session.scalars(query.order_by(StepExecution.execution_id.desc(), StepExecution.id.desc())):
        plan = teller.others[row.execution_id][1]
        if (node := plan.nodes.get(place_of(row.path).static)) is not None:
            yield row.execution_id, row.path, node.step, row


def _live(session: Session, execution_ids: Collection[int]) -> str:
    """Name the first of these runs that is under way; nothing when none is."""
    query = (
        select(Workflow.name, Execution.id)
        .join(Execution, Execution.workflow_id == Workflow.id)
        .where(Execution.id.in_(execution_ids), Execution.status.in_(LIVE))
    )
    found = session.execute(query.order_by(Execution.id).limit(1)).first() if execution_ids else None
    return f"“{found[0]}” (run {found[1]})" if found else ""


def _line(undo: Undo, teller: _Teller) -> UndoLine:
    action = teller.actions.get(undo.action)
    words = (action.undoes if action else "") if undo.state is UndoState.REGISTERED else undo.reason or ""
    masked = teller.masked(undo.execution_id)
    return UndoLine(
        execution_id=undo.execution_id,
        path=undo.path,
        sentence=teller.sentence(undo.execution_id, undo.path, undo.action),
        action=undo.action,
        turn=_turn(undo.path),
        state=UndoState(undo.state),
        words="" if masked and undo.state is not UndoState.REGISTERED else words,
        at=undo.undone_at,
        by=None if masked else undo.undone_by,
    )


def _lasting(teller: _Teller, execution_id: int, path: str, step: AnyStep, row: StepExecution) -> LastingLine | None:
    if not isinstance(step, ActionStep) or row.effect in (None, Effect.READ):
        return None
    action = teller.actions.get(step.action)
    if action is None or action.reversible:
        return None
    sentence = teller.sentence(execution_id, path, step.action)
    if row.status == StepStatus.COMPLETED and row.error is None:
        return LastingLine(path=path, sentence=sentence, turn=_turn(path), why=action.lasting)
    # Taken back while it was at work outside, or lost there.
    if row.effect != Effect.DB and row.status in (StepStatus.UNCERTAIN, StepStatus.CANCELLED):
        return LastingLine(path=path, sentence=sentence, turn=_turn(path), why=PERHAPS)
    return None


def _turn(path: str) -> int | None:
    numbers = [owner.number for owner in place_of(path).owners if owner.number is not None]
    return numbers[-1] + 1 if numbers else None
