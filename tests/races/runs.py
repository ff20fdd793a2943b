"""Runs that are raced about, and what became of them."""

from __future__ import annotations

import threading
from typing import Any

from sqlalchemy import func, select

from flowapp.bootstrap import Flow
from flowapp.engine.execution import Execution, StepAttempt
from tests.cast import Cast
from tests.engine.made_actions import noted
from tests.engine.test_manual_start import by_hand as a_document_by_hand
from tests.factories import a_workflow
from tests.races.racing import PATIENCE, Race


def published(flow: Flow, cast: Cast, *steps: dict[str, Any]) -> int:
    """Publish a workflow of these steps that somebody starts."""
    return a_workflow(flow, cast.maya, a_document_by_hand(None, *steps), home_id=cast.rose)


def words(flow: Flow) -> list[str]:
    """Read what was noted."""
    with flow.database.read() as session:
        return noted(session)


def results(flow: Flow, number: int, path: str) -> list[str]:
    """Read what came of each claim of a step, in order."""
    query = select(StepAttempt.result).where(StepAttempt.execution_id == number, StepAttempt.path == path)
    with flow.database.read() as session:
        return list(session.scalars(query.order_by(StepAttempt.id)))


def settle(race: Race) -> None:
    """Wait for what is done outside, and let the engine work until nothing is due."""
    for each in (race.one, race.other):
        each.worker.work_off()


def last_runs(flow: Flow, number: int = 1) -> list[Execution]:
    """Read the runs that were accepted last, the first of them first."""
    with flow.database.read() as session:
        return list(session.scalars(select(Execution).order_by(Execution.id.desc()).limit(number)))[::-1]


def count(flow: Flow, table: Any, *which: Any) -> int:
    """Count the rows of a table, or those of which something is true."""
    with flow.database.read() as session:
        return session.scalar(select(func.count()).select_from(table).where(*which)) or 0


def at_work(flow: Flow, action: Any) -> threading.Event:
    """Let a FlowApp begin what is due and acts outside; answer what lets it come to its end there."""
    begun, go = threading.Event(), threading.Event()

    def does(_: Any) -> None:
        begun.set()
        assert go.wait(PATIENCE)

    action.does = does
    flow.worker.run_due()
    assert begun.wait(PATIENCE)
    action.does = lambda _: None  # whoever does it again is not held up
    return go
