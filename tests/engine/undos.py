"""Undoing a run as a person does, and what is then kept of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.accounts.people import Person
from flowapp.bootstrap import Flow
from flowapp.engine.execution import Execution
from flowapp.engine.undoing import undoing
from flowapp.engine.undoing.undo import Undo
from tests.cast import Cast
from tests.engine.made_actions import noted
from tests.factories import a_document, a_workflow, cause_of, leave_asked, run_all, runs


def went(flow: Flow, cast: Cast, *steps: dict[str, Any]) -> Execution:
    """Let Dan ask for leave, carry on what that starts, and answer the run."""
    a_workflow(flow, cast.maya, a_document(*steps), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    run_all(flow)
    return runs(flow)[0]


def undo(flow: Flow, who: Person, execution_id: int) -> int:
    """Undo a run as a person does, and answer how many transactions that took."""
    passes = []

    def write(fn: Callable[[Session], bool]) -> bool:
        passes.append(more := flow.database.write(fn))
        return more

    undoing.undo(write, flow.parts, execution_id, who=who, cause=cause_of(who, flow.clock.now()))
    return len(passes)


def undos(flow: Flow) -> list[Undo]:
    """Read how every step is undone, in the order in which they had their effects."""
    with flow.database.read() as session:
        return list(session.scalars(select(Undo).order_by(Undo.id)))


def states(flow: Flow) -> list[tuple[str, str]]:
    """Answer what has become of undoing each step."""
    return [(each.path, str(each.state)) for each in undos(flow)]


def words(flow: Flow) -> list[str]:
    """Read what the made actions wrote."""
    with flow.database.read() as session:
        return noted(session)
