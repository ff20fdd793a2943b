"""A home with somebody in charge of it, and workflows to measure with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy.orm import Session

from flowapp.accounts.roles import Role
from flowapp.accounts.users import create_user
from flowapp.bootstrap import Flow
from flowapp.events.cause import SYSTEM, Cause
from flowapp.http.tables import metadata
from flowapp.kernel.settings import read_settings
from flowapp.rota.bank_holidays import Nation
from flowapp.rota.homes import add_home
from flowapp.workflows.publishing import create_workflow, publish
from flowapp.workflows.reading import read_document


@contextmanager
def flow_on_new_database() -> Iterator[Flow]:
    """Put FlowApp together on an empty database of its own, its engine standing still."""
    with TemporaryDirectory() as folder:
        flow = flow_on(Path(folder) / "flowapp.sqlite3")
        metadata().create_all(flow.database.writer)
        try:
            yield flow
        finally:
            flow.close()


def flow_on(path: Path, **settings: Any) -> Flow:
    """Put FlowApp together on this database."""
    return Flow(read_settings(database_url=f"sqlite:///{path}", secret_key="x", testing=False, **settings))


def cause() -> Cause:
    """Answer the cause of what a benchmark does."""
    return Cause(actor=SYSTEM, at=datetime.now(UTC))


def a_home_with_manager(session: Session) -> tuple[int, int]:
    """Write a home and its manager; answer their numbers."""
    zone = "Europe/London"
    home = add_home(session, code="ROSE", name="Rose House", nation=Nation.SCOTLAND, timezone=zone, at=cause().at)
    manager = create_user(session, cause(), email="m@example.org", name="M", role=Role.MANAGER, home_ids=[home.id])
    return home.id, manager


def a_workflow(flow: Flow, session: Session, document: dict[str, Any], *, owner_id: int, home_id: int) -> int:
    """Write a workflow that is switched on, and answer its number."""
    made = create_workflow(session, cause(), read_document(document), owner_id=owner_id, home_id=home_id)
    publish(session, cause(), made, actions=flow.actions, triggers=flow.triggers)
    return made.id
