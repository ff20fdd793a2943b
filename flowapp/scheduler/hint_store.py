"""Where APScheduler keeps its hints: a table beside ours that nobody would miss.

Not pickles: a row is the JSON of a kind we know. As measured, APScheduler deletes a row that it cannot read, and
leaves its loop when a row is gone that it wants to remove.
"""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from apscheduler.job import Job
from apscheduler.jobstores.base import ConflictingIdError, JobLookupError
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.triggers.date import DateTrigger
from sqlalchemy import Column, Engine, Float, MetaData, String, Table, Text, create_engine, event, null, select
from sqlalchemy.exc import IntegrityError

from flowapp.kernel.checkpoints import SAID
from flowapp.scheduler.hardened import DEFAULTS

log = logging.getLogger(__name__)
TABLE = "scheduler_hint"
BUSY_SECONDS = 0.2  # the tick waits in the same thread
Row = Any


class HintStore(SQLAlchemyJobStore):  # type: ignore[misc]
    """Keeps one row a hint; what a kind of hint does is given, and the name of a job is its kind."""

    def __init__(self, url: str, kinds: Mapping[str, Callable[[], object]]) -> None:
        super().__init__(engine=_engine(url))
        self._kinds = kinds
        self.jobs_t = Table(
            TABLE,
            MetaData(),  # of its own: it is no table of ours, and no migration makes it
            Column("id", String(60), primary_key=True),
            Column("next_run_time", Float(53), index=True),
            Column("job_state", Text, nullable=False),
        )

    def prepare(self) -> None:
        """Make the table, if there is none; a scheduler does so too, but keeps a store half added when it cannot."""
        self.jobs_t.create(self.engine, checkfirst=True)

    def add_job(self, job: Job) -> None:
        """Write a hint; raises ConflictingIdError when there is one of this name."""
        row = {"id": job.id, "next_run_time": job.next_run_time.timestamp(), "job_state": _state(job)}
        try:
            with self.engine.begin() as connection:
                connection.execute(self.jobs_t.insert(), row)
        except IntegrityError as error:
            raise ConflictingIdError(job.id) from error

    def update_job(self, job: Job) -> None:
        """Move a hint."""
        moved = self.jobs_t.update().where(self.jobs_t.c.id == job.id)
        with self.engine.begin() as connection:
            connection.execute(moved.values(next_run_time=job.next_run_time.timestamp(), job_state=_state(job)))

    def remove_job(self, job_id: str) -> None:
        """Remove a hint, unless somebody else has."""
        try:
            super().remove_job(job_id)
        except JobLookupError:
            log.debug("the hint %s was removed by somebody else", job_id)

    def remove_all_jobs(self) -> None:
        """Remove every hint; what cannot be read is kept."""
        found = [job.id for job in self._get_jobs()]
        with self.engine.begin() as connection:
            connection.execute(self.jobs_t.delete().where(self.jobs_t.c.id.in_(found)))

    def lookup_job(self, job_id: str) -> Job | None:
        """Answer a hint, or None when there is none that can be read."""
        return next(iter(self._get_jobs(self.jobs_t.c.id == job_id)), None)

    def _get_jobs(self, *conditions: Any) -> list[Job]:
        columns = self.jobs_t.c
        query = select(self.jobs_t).where(columns.next_run_time.is_not(None), *conditions)
        with self.engine.begin() as connection:
            rows = connection.execute(query.order_by(columns.next_run_time)).all()
        found, unreadable = [], []
        for row in rows:
            try:
                found.append(self._job(row))
            except (ValueError, TypeError, KeyError) as error:
                log.error("the hint %s cannot be read (%r); it is kept and set aside", row.id, error)
                unreadable.append(row.id)
        self._set_aside(unreadable)
        return found

    def _set_aside(self, ids: list[str]) -> None:
        """Give these rows no time any more: one that is due and never done would keep the scheduler awake."""
        if ids:
            aside = self.jobs_t.update().where(self.jobs_t.c.id.in_(ids)).values(next_run_time=null())
            with self.engine.begin() as connection:
                connection.execute(aside)

    def _job(self, row: Row) -> Job:
        kind = json.loads(row.job_state)["kind"]
        at = datetime.fromtimestamp(row.next_run_time, UTC)
        job = Job(
            self._scheduler,
            id=row.id,
            func=self._kinds[kind],
            args=(),
            kwargs={},
            name=kind,
            trigger=DateTrigger(at, UTC),
            executor="default",
            next_run_time=at,
            **DEFAULTS,
        )
        job._jobstore_alias = self._alias
        return job


def is_migrated(name: str | None, kind: str, _: Any = None) -> bool:
    """Say whether migrations look after something of this name; the table of hints is made by its store."""
    return not (kind == "table" and name == TABLE)


def _state(job: Job) -> str:
    return json.dumps({"kind": job.name})


def _engine(url: str) -> Engine:
    """Make an engine of its own, whose commits hold up nobody: a hint may be lost, so none waits for the disk."""
    connect = {"timeout": BUSY_SECONDS, "check_same_thread": False}
    engine = create_engine(url, connect_args=connect, pool_size=1, max_overflow=3)

    @event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _record: Any) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        for statement in SAID:
            connection.execute(statement)

    return engine
