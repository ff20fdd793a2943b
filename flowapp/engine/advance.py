"""All control flow: what comes next, decided from values alone.

No session, no clock, no action is touched here, so that it can be tested by tables and properties, and so that
the dry run uses the very same function. How each type of step goes on is in `engine/control`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flowapp.engine.changes import (
    Changes,
    Done,
    End,
    Enter,
    Failed,
    LaneEnded,
    News,
    Settled,
    Skip,
    StepError,
    TimedOut,
    Woken,
)
from flowapp.engine.control.branch import BranchControl
from flowapp.engine.control.condition import ConditionControl
from flowapp.engine.control.control import CannotGoOn, Control
from flowapp.engine.control.delay import DelayControl
from flowapp.engine.control.failing import (
    error_record,
    goes_on,
    instead_ended,
    late,
    left_behind,
    next_try,
    rolls_back,
)
from flowapp.engine.control.loop import LoopControl
from flowapp.engine.control.repeat import RepeatControl
from flowapp.engine.control.set_values import SetControl
from flowapp.engine.control.stop import StopControl
from flowapp.engine.control.wait import WaitControl
from flowapp.engine.control.walk import ListEnded, Turn, Walk
from flowapp.engine.control.workflow import WorkflowControl
from flowapp.engine.execution import ExecutionStatus, StepStatus
from flowapp.engine.memory import Memory
from flowapp.engine.places import ON_ERROR, Owner, Path
from flowapp.engine.plan import Plan
from flowapp.expressions import Environment, ExpressionError
from flowapp.workflows.document import lane_prefix

MOST_AT_ONCE = 200  # steps settled before the rest is left to the next pass
CONTROLS: Mapping[str, Control] = {
    "action": Control(),
    "branch": BranchControl(),
    "condition": ConditionControl(),
    "delay": DelayControl(),
    "loop": LoopControl(),
    "repeat": RepeatControl(),
    "set": SetControl(),
    "stop": StopControl(),
    "wait": WaitControl(),
    "workflow": WorkflowControl(),
}


def advance(plan: Plan, news: News, memory: Memory, environment: Environment, *, room: int = MOST_AT_ONCE) -> Changes:
    """Decide what follows from the news of one step.

    After `room` settled steps the next one is left for later: it is opened as ready.
    """
    walk = Walk(plan, environment, Changes(memory.draft()), room)
    _hear(walk, news)
    while walk.todo and walk.changes.end is None:
        item = walk.todo.popleft()
        if isinstance(item, ListEnded):
            _decide(walk, item)
        elif walk.room > 0:
            _enter(walk, item)
        else:
            walk.open(item.path, StepStatus.PENDING)
    if walk.changes.end is None and not walk.memory.live:
        walk.changes.end = End(status=ExecutionStatus.COMPLETED)
    return walk.changes


def _hear(walk: Walk, news: News) -> None:
    match news:
        case Enter(path):
            _enter(walk, Turn(path, None))
        case Woken(path, told):
            _woken(walk, path, told)
        case Failed():
            _failed(walk, news)
        case TimedOut(path):
            _too_late(walk, path)
        case Done(path, output):
            walk.memory.live.discard(path)
            walk.memory.keep(path, output)
            walk.go_on(path, output)
        case Skip(path, why):
            _skip(walk, path, why)
        case LaneEnded(path, lane, output):
            walk.todo.append(ListEnded(lane_prefix(path, lane), path, lane, output))


def _failed(walk: Walk, news: Failed) -> None:
    if (again := next_try(walk, news)) is not None:
        walk.open(news.path, StepStatus.PENDING, run_at=again, error=news.error)
    else:
        _fail(walk, news.path, news.error)


def _too_late(walk: Walk, path: Path | None) -> None:
    """Fail a step, or without one the execution, because of its time."""
    if path is None:
        error = late(walk.plan.document.settings.timeout)
        walk.end(End(status=ExecutionStatus.FAILED, error=error))
    else:
        _fail(walk, path, late(walk.plan.node(path).step.timeout))


def _skip(walk: Walk, path: Path, why: str | None) -> None:
    """Pass over a step, with all that is under way inside it."""
    walk.cancel_inside(path)
    walk.memory.keep(path, None)
    walk.settle(Settled(path=path, status=StepStatus.SKIPPED, explanation=why))
    walk.go_on(path, None)


def _enter(walk: Walk, turn: Turn) -> None:
    step = walk.plan.node(turn.path).step
    if not step.enabled:
        walk.memory.keep(turn.path, None)
        walk.settle(Settled(path=turn.path, status=StepStatus.SKIPPED))
        walk.go_on(turn.path, turn.last)
        return
    try:
        CONTROLS[step.type].enter(walk, turn.path, step, turn.last)
    except (ExpressionError, CannotGoOn) as error:
        _fail(walk, turn.path, in_words(error))


def _woken(walk: Walk, path: Path, told: Any) -> None:
    step = walk.plan.node(path).step
    try:
        CONTROLS[step.type].woken(walk, path, step, told)
    except (ExpressionError, CannotGoOn) as error:
        _fail(walk, path, in_words(error))


def _decide(walk: Walk, ended: ListEnded) -> None:
    step = walk.plan.node(ended.owner).step
    if ended.lane == ON_ERROR:
        instead_ended(walk, ended.owner, ended.output)
        return
    try:
        CONTROLS[step.type].ended(walk, ended.owner, step, ended.lane, ended.output)
    except (ExpressionError, CannotGoOn) as error:
        _fail(walk, ended.owner, in_words(error))


def _fail(walk: Walk, path: Path, error: StepError) -> None:
    """Fail a step, and the steps it lies inside of up to one that goes on; if none does, the execution.

    Once one of them says `rollback`, none of those around it is asked.
    """
    failing, rollback = path, False
    while True:
        walk.cancel_inside(failing)
        if not rollback and goes_on(walk, failing, path, error):
            return
        rollback = rollback or rolls_back(walk, failing)
        walk.settle(Settled(path=failing, status=StepStatus.FAILED, error=error))
        if not rollback and left_behind(walk, failing):
            return
        owner = walk.live_owner(failing)
        if owner is None:
            walk.end(End(status=ExecutionStatus.FAILED, path=path, error=error, rollback=rollback))
            return
        if not rollback and owner.lane != ON_ERROR and _catches(walk, owner, path, error):
            return
        failing = owner.path


def _catches(walk: Walk, owner: Owner, failed: Path, error: StepError) -> bool:
    step = walk.plan.nodes[owner.static].step
    return CONTROLS[step.type].catches(walk, owner.path, step, owner.lane, error_record(failed, error))


def in_words(error: ExpressionError | CannotGoOn) -> StepError:
    """Say why something could not be worked out or gone on with."""
    if isinstance(error, CannotGoOn):
        return error.error
    return StepError(code=error.code, message=error.message)
