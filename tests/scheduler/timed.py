"""Workflows whose time is near, and the hints that there are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import inspect, text, update

from flowapp.accounts.people import Person
from flowapp.bootstrap import Flow
from flowapp.kernel.db import Database
from flowapp.workflows.workflow import Subscription
from tests.engine.made_actions import do, noted
from tests.engine.old_runs import carry_out
from tests.factories import a_document, a_workflow

ONCE_A_YEAR = "0 0 1 1 *"


def scheduled(flow: Flow, owner: Person, home_id: int, *steps: dict[str, Any]) -> None:
    """Write a workflow with a schedule that comes due once a year, unless a test says when."""
    trigger = {"id": "clock", "type": "schedule", "cron": ONCE_A_YEAR}
    document = a_document(*(steps or [do("note", "a")]), triggers=[trigger])
    a_workflow(flow, owner, document, home_id=home_id)


def comes_due(flow: Flow, **length: float) -> datetime:
    """Let every schedule come due in so long, and answer the moment."""
    due = datetime.now(UTC) + timedelta(**length)
    carry_out(flow, update(Subscription).values(next_fire_at=due))
    return due


def words(flow: Flow) -> list[str]:
    """Answer what was noted so far."""
    with flow.database.read() as session:
        return noted(session)


def hints(flow: Flow) -> dict[str, tuple[float | None, str]]:
    """Answer every hint with its time and its text; none when there is no table yet."""
    with flow.database.reader.connect() as connection:
        if not inspect(connection).has_table("scheduler_hint"):
            return {}
        rows = connection.execute(text("SELECT id, next_run_time, job_state FROM scheduler_hint")).all()
    return {id_: (at, state) for id_, at, state in rows}


@contextmanager
def locked(flow: Flow) -> Iterator[None]:
    """Hold the database as another program may, the table of hints with it."""
    database = Database(flow.database.url)
    with database.writer.begin() as connection:
        if database.writer.name == "postgresql":
            connection.execute(text("LOCK TABLE scheduler_hint IN SHARE MODE"))  # which reads go on beside
        yield
    database.dispose()
