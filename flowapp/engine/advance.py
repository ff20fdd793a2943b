"""All control flow: what comes next, decided from values alone.

No session, no clock, no action is touched here, so that it can be tested by tables and properties, and so that
the dry run uses the very same function.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flowapp.engine.execution import ExecutionStatus, StepStatus
from flowapp.engine.plan import Node, Path, Plan
from flowapp.expressions import Environment, ExpressionError, condition
from flowapp.workflows.document import ConditionStep
from flowapp.workflows.sentences import LABELS


@dataclass(frozen=True, kw_only=True)
class StepError:
    """Why a step could not do its work, in words people read."""

    code: str
    message: str


@dataclass(frozen=True)
class Enter:
    """A step's turn has come."""

    path: Path


@dataclass(frozen=True)
class Done:
    """A step has done its work."""

    path: Path
    output: Any


@dataclass(frozen=True)
class Failed:
    """A step could not do its work."""

    path: Path
    error: StepError


@dataclass(frozen=True, kw_only=True)
class Settled:
    """A step that was decided without acting."""

    path: Path
    status: StepStatus
    output: Any = None
    explanation: str | None = None
    error: StepError | None = None


@dataclass(frozen=True, kw_only=True)
class End:
    """The execution is over."""

    status: ExecutionStatus
    path: Path | None = None
    error: StepError | None = None


@dataclass
class Changes:
    """What follows: steps settled on the way, at most one step to act, or the end."""

    settled: list[Settled] = field(default_factory=list)
    act: Path | None = None
    end: End | None = None


def advance(plan: Plan, news: Enter | Done | Failed, names: Mapping[str, Any], environment: Environment) -> Changes:
    """Decide what follows from the news of one step.

    `names` is what expressions may read; the output of a step that is done must already be among them.
    """
    changes = Changes()
    at: Path | None
    match news:
        case Failed(path, error):
            changes.end = End(status=ExecutionStatus.FAILED, path=path, error=error)
            return changes
        case Done(path, _):
            at = _after(plan, path)
        case Enter(path):
            at = path
    while at is not None:
        at = _enter(plan, plan.nodes[at], names, environment, changes)
        if changes.act or changes.end:
            return changes
    changes.end = End(status=ExecutionStatus.COMPLETED)
    return changes


def _enter(plan: Plan, node: Node, names: Mapping[str, Any], environment: Environment, changes: Changes) -> Path | None:
    if not node.step.enabled:
        changes.settled.append(Settled(path=node.path, status=StepStatus.SKIPPED))
        return _after(plan, node.path)
    if isinstance(node.step, ConditionStep):
        return _choose(plan, node, node.step, names, environment, changes)
    changes.act = node.path
    return None


def _choose(
    plan: Plan,
    node: Node,
    step: ConditionStep,
    names: Mapping[str, Any],
    environment: Environment,
    changes: Changes,
) -> Path | None:
    questions = [("then", step.if_), *((f"elif[{n}]", each.if_) for n, each in enumerate(step.elif_))]
    lane, told = "else", []
    try:
        for name, text in questions:
            question = condition(text)
            answer = question.evaluate(names, environment)
            told.append(question.explain(names, environment, LABELS))
            if answer:
                lane = name
                break
    except ExpressionError as error:
        failure = StepError(code=error.code, message=error.message)
        changes.settled.append(Settled(path=node.path, status=StepStatus.FAILED, error=failure))
        changes.end = End(status=ExecutionStatus.FAILED, path=node.path, error=failure)
        return None
    changes.settled.append(
        Settled(path=node.path, status=StepStatus.COMPLETED, output={"way": lane}, explanation=" ".join(told))
    )
    return plan.first_of(node, lane) or _after(plan, node.path)


def _after(plan: Plan, path: Path) -> Path | None:
    """Answer the step that follows: the next of its list, or what follows the step the list belongs to."""
    node: Node | None = plan.nodes[path]
    while node is not None:
        if node.following is not None:
            return node.following
        node = plan.nodes[node.parent] if node.parent else None
    return None
