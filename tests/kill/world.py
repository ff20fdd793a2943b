"""A migrated database with the cast of the tests in it, copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from flowapp.accounts import sessions, tokens
from flowapp.accounts.audit import verify_chain
from flowapp.accounts.people import Person
from flowapp.accounts.users import find_by_email, person_of
from flowapp.bootstrap import Flow
from flowapp.events.cause import SYSTEM, Cause
from flowapp.kernel.db import Database
from flowapp.kernel.schema import migrate
from flowapp.kernel.settings import Settings, read_settings
from flowapp.rota.leave_asking import request_leave
from flowapp.rota.leave_days import LeavePeriod
from tests.cast import make_cast
from tests.factories import a_document, a_workflow, approve, cause_of, condition, notify
from tests.kill.doors import Keys
from tests.kill.place import Place, file_at
from tests.kill.server import Server

CARER, SENIOR, MANAGER, ADMIN = "dan@example.org", "sorcha@example.org", "maya@example.org", "ada@example.org"
SHORT_LEAVE = condition(
    "short",
    "${context.days} <= 3",
    then=[approve(), notify("tell", message="Your leave is approved.", to="${context.staff_id}")],
    else_=[notify("ask")],
)


def settings_of(database: Place) -> Settings:
    """Answer the settings of a FlowApp on this database, wherever the tests are run."""
    return read_settings(database_url=database.url, instance=str(database.folder), demo=False, testing=True, fault="")


def prepare(database: Place) -> Place:
    """Fill a database as a start does, and put Rose House in it, where a workflow decides short leave."""
    with at_hand(database) as flow:
        migrate(flow.database)
        cast = make_cast(flow)
        a_workflow(flow, cast.maya, a_document(SHORT_LEAVE, name="Approve short leave"), home_id=cast.rose)
    return database


@dataclass(frozen=True)
class World:
    """A database of a test's own, and the keys of the carer who asks in it."""

    database: Place
    carer: Keys

    def server(self, *, fault: str = "", lease_seconds: float = 1.0) -> Server:
        """Start the server on it."""
        return Server(self.database, fault=fault, lease_seconds=lease_seconds)

    def as_it_lies(self) -> Place:
        """Answer a copy of the files as a dead server left them; looking at it mends nothing in the original.

        What PostgreSQL keeps lives on when FlowApp dies, and is looked at where it is.
        """
        if not self.database.is_file:
            return self.database
        before, folder = self.database.file, self.database.folder / "as-it-lies"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for file in before.parent.glob(f"{before.name}*"):
            if not file.name.endswith("-shm"):
                shutil.copy(file, folder / file.name)
        return file_at(folder / before.name)


def settle(database: Place) -> World:
    """Let the carer in by both doors, in a copy of the prepared database."""
    return World(database, keys_of(database, CARER))


def keys_of(database: Place, email: str) -> Keys:
    """Let somebody in by both doors."""
    with at_hand(database) as flow:
        now = flow.clock.now()

        def write(session: Session) -> Keys:
            who, cause = person(session, email), Cause(actor=SYSTEM, at=now)
            token = tokens.create(
                session, cause, user_id=who.user_id, name="kill", scopes=["read", "rota"],
                expires_at=now + timedelta(days=1),
            )  # fmt: skip
            return Keys(token=token, cookie=sessions.open(session, who, now))

        return flow.database.write(write)


def person(session: Session, email: str) -> Person:
    """Answer somebody with an account."""
    user = find_by_email(session, email)
    assert user is not None
    who = person_of(session, user.id)
    assert who is not None
    return who


@contextmanager
def at_hand(database: Place) -> Iterator[Flow]:
    """Put FlowApp together in this process, its engine standing still."""
    flow = Flow(settings_of(database))
    try:
        yield flow
    finally:
        flow.close()


def leave_waiting(database: Place, start: date, end: date) -> int:
    """Ask for leave with no engine at work, so that its execution waits for the server to start."""
    period = LeavePeriod.of(start=start, end=end, start_part="all", end_part="all")
    with at_hand(database) as flow:

        def write(session: Session) -> int:
            who = person(session, CARER)
            assert who.staff_id is not None
            cause = cause_of(who, flow.clock.now())
            return request_leave(session, cause, staff_id=who.staff_id, type_code="ANNUAL", period=period)

        return flow.database.write(write)


def broken_audit_entry(database: Place) -> int | None:
    """Answer the first audit entry that does not fit the one before it."""
    opened = Database(database.url)
    with opened.read() as session:
        found = verify_chain(session)
    opened.dispose()
    return found
