"""What undoing an execution would do, what it did, and what stays whatever is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.engine.execution import LIVE, StepStatus
from flowapp.engine.places import place_of
from flowapp.engine.queries import ExecutionDetail, StepRow
from flowapp.engine.undo import Undo, UndoState
from flowapp.engine.undoing import runs_of
from flowapp.workflows.document import AnyStep
from flowapp.workflows.kinds import Action, Effect
from flowapp.workflows.sentences import step_sentence
from flowapp.workflows.steps.action import ActionStep

PERHAPS = "nobody knows whether it was done"


@dataclass(frozen=True, kw_only=True)
class UndoLine:
    """One step that can be undone, or was tried to be; `words` say what undoing does, or what came of it.

    `turn` counts the turns of the loop that the step lies in.
    """

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

    @property
    def possible(self) -> bool:
        """Whether there is anything to undo now."""
        return self.ended and bool(self.to_undo)


def undo_view(session: Session, found: ExecutionDetail, actions: Mapping[str, Action]) -> UndoView:
    """Answer what can be undone of an execution; what was tried is left without words where the reader may not know."""
    query = select(Undo).where(Undo.execution_id.in_(runs_of(session, found.execution.id))).order_by(Undo.id.desc())
    steps: dict[str, AnyStep] = {row.path: row.step for row in found.steps}
    lines = [
        _line(each, _sentence(found, each, steps, actions), actions, found.masked) for each in session.scalars(query)
    ]
    return UndoView(
        to_undo=tuple(line for line in lines if line.state is UndoState.REGISTERED),
        tried=tuple(line for line in lines if line.state in (UndoState.UNDONE, UndoState.REFUSED)),
        lasting=tuple(line for row in reversed(found.steps) if (line := _lasting(row, actions)) is not None),
        ended=found.execution.status not in LIVE,
    )


def _sentence(found: ExecutionDetail, undo: Undo, steps: Mapping[str, AnyStep], actions: Mapping[str, Action]) -> str:
    """Say what the step did; of a step of another run that was undone with this one, only its kind is known here."""
    if undo.execution_id == found.execution.id and undo.path in steps:
        return step_sentence(steps[undo.path], actions)
    return actions[undo.action].label if undo.action in actions else "A step of a kind that is gone"


def _line(undo: Undo, sentence: str, actions: Mapping[str, Action], masked: bool) -> UndoLine:
    action = actions.get(undo.action)
    words = (action.undoes if action else "") if undo.state is UndoState.REGISTERED else undo.reason or ""
    return UndoLine(
        path=undo.path,
        sentence=sentence,
        action=undo.action,
        turn=_turn(undo.path),
        state=UndoState(undo.state),
        words="" if masked and undo.state is not UndoState.REGISTERED else words,
        at=undo.undone_at,
        by=None if masked else undo.undone_by,
    )


def _lasting(row: StepRow, actions: Mapping[str, Action]) -> LastingLine | None:
    if not isinstance(row.step, ActionStep) or row.row is None or row.row.effect in (None, Effect.READ):
        return None
    action = actions.get(row.step.action)
    if action is None or action.reversible:
        return None
    sentence = step_sentence(row.step, actions)
    if row.row.status == StepStatus.COMPLETED and row.row.error is None:
        return LastingLine(path=row.path, sentence=sentence, turn=_turn(row.path), why=action.lasting)
    # Taken back while it was at work outside, or lost there.
    if row.row.effect != Effect.DB and row.row.status in (StepStatus.UNCERTAIN, StepStatus.CANCELLED):
        return LastingLine(path=row.path, sentence=sentence, turn=_turn(row.path), why=PERHAPS)
    return None


def _turn(path: str) -> int | None:
    numbers = [owner.number for owner in place_of(path).owners if owner.number is not None]
    return numbers[-1] + 1 if numbers else None
