"""The guards below everything else hold by themselves: what the database refuses, and who may write when."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from datetime import date

import pytest
from apscheduler.jobstores.memory import MemoryJobStore
from psycopg.errors import UniqueViolation
from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.bootstrap import Flow
from flowapp.kernel.backends import postgresql, sqlite
from flowapp.kernel.db import Database, DatabaseBusy
from flowapp.kernel.errors import Conflict
from flowapp.kernel.settings import Settings
from flowapp.rota import leave_decisions, leave_writing
from flowapp.rota.homes import CareHome
from flowapp.rota.leave import LeaveRequest, LeaveStatus, request_as_it_is
from flowapp.rota.leave_gathering import gather
from flowapp.rota.leave_types import leave_type
from flowapp.scheduler.hardened import Hardened
from tests.cast import Cast
from tests.factories import cause_of, leave_asked
from tests.kill.days import some_mondays
from tests.kill.place import Place, in_words_of
from tests.kill.road import TWO_DAYS
from tests.kill.world import World, leave_waiting


@pytest.mark.parametrize(
    ("table", "changed"),
    [
        # a second row for the same step of the same execution
        ("step_execution", {}),
        # a second execution of the same workflow by the same trigger for the same event
        ("execution", {"uid": "another"}),
        # a second answer to the same key
        ("idempotency_key", {}),
        # a second entitlement to the same leave in the same year
        ("leave_entitlement", {}),
    ],
)
def test_the_database_itself_refuses_what_would_double(table: str, changed: dict[str, str], asked: Place) -> None:
    with closing(asked.connected()) as connection:
        found = connection.execute(f"SELECT * FROM {table} ORDER BY id LIMIT 1")
        names = [column[0] for column in found.description or ()]
        row = dict(zip(names, found.fetchone() or (), strict=True)) | {"id": 9999} | changed
        query = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join('?' for _ in row)})"
        with pytest.raises((sqlite3.IntegrityError, UniqueViolation), match=r"(?i)unique"):
            connection.execute(in_words_of(connection, query), list(row.values()))


@pytest.fixture
def asked(world: World) -> Place:
    """A migrated database with a request that waits for the engine, and an answered key."""
    monday = some_mondays(1)[0]
    leave_waiting(world.database, monday, monday + TWO_DAYS)
    world.database.say(
        "INSERT INTO idempotency_key (user_id, method, path, key, body_sha256, answer, created_at) "
        "VALUES (1, 'POST', '/', 'k', '', '1', '2026-01-01')"
    )
    return world.database


def test_a_change_is_not_begun_while_another_process_writes(
    flow: Flow, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for backend in (sqlite, postgresql):
        monkeypatch.setattr(backend, "BUSY_MILLISECONDS", 20)
    other = Database(settings.database_url)
    begun = []

    def change(session: Session) -> None:
        begun.append(session.scalars(select(CareHome.id)).all())

    def meanwhile(_: Session) -> None:  # has only begun, and read nothing yet
        with pytest.raises(DatabaseBusy):
            other.write(change, give_up=0)

    flow.database.write(meanwhile)
    assert begun == []
    other.write(change)
    assert len(begun) == 1
    other.dispose()


def test_a_decision_upon_what_was_read_before_somebody_else_decided_is_refused(flow: Flow, cast: Cast) -> None:
    # Nobody can come between on SQLite, where a change has the database to itself; elsewhere somebody can.
    day = date(2026, 12, 7)
    leave_id = leave_asked(flow, cast.dan, start=day)
    maya, dan = (cause_of(who, flow.clock.now()) for who in (cast.maya, cast.dan))
    with flow.database.read() as session:
        read_before = request_as_it_is(session, leave_id)
        gathered = gather(session, read_before.staff_id, leave_type("ANNUAL"), read_before.period, maya.at)
    flow.database.write(lambda session: leave_decisions.take_back(session, dan, cast.dan, leave_id))

    def move(session: Session) -> None:
        leave_writing.move(session, read_before, LeaveStatus.CANCELLED)

    def decide(session: Session) -> None:
        leave_decisions._decide(session, maya, read_before, LeaveStatus.APPROVED, "", gathered, ())

    for too_late in (move, decide):
        with pytest.raises(Conflict):
            flow.database.write(too_late)
    with flow.database.read() as session:
        assert session.get_one(LeaveRequest, leave_id).status == LeaveStatus.WITHDRAWN


class Locked(MemoryJobStore):  # type: ignore[misc]
    """A job store whose database is locked when a job is to be put off to its next time."""

    def __init__(self) -> None:
        super().__init__()
        self.times = 0

    def update_job(self, job: object) -> None:
        """Fail the first time."""
        self.times += 1
        if self.times == 1:
            raise sqlite3.OperationalError("database is locked")
        super().update_job(job)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_the_scheduler_goes_on_after_its_job_store_failed() -> None:
    ran, enough = [], threading.Event()

    def job() -> None:
        ran.append(1)
        if len(ran) > 2:
            enough.set()

    scheduler = Hardened()
    scheduler.add_jobstore(Locked(), "default")
    scheduler.add_job(job, "interval", seconds=0.05)
    scheduler.start()
    try:
        assert enough.wait(8)
        assert scheduler.alive
    finally:
        scheduler.shutdown()


class Counting(MemoryJobStore):  # type: ignore[misc]
    """A job store that counts who looks at it after it was closed."""

    def __init__(self) -> None:
        super().__init__()
        self.closed = False
        self.looked_after = 0

    def get_due_jobs(self, now: object) -> object:
        """Answer what is due."""
        self.looked_after += self.closed
        return super().get_due_jobs(now)

    def shutdown(self) -> None:
        """Be closed."""
        self.closed = True


def test_a_scheduler_that_was_shut_down_leaves_its_jobs_to_the_next_one() -> None:
    scheduler, store = Hardened(), Counting()
    scheduler.add_jobstore(store, "default")
    scheduler.start()
    scheduler.shutdown()  # wakes its thread, and waits for it
    assert store.closed
    assert store.looked_after == 0
