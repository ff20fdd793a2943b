"""A database with a million runs of three steps each that have ended, made by SQL.

Ten homes, forty workflows, three years; sixty in a hundred runs did nothing, ten decided something.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from sqlalchemy.orm import Session

from benchmarks.decisions import furnish
from flowapp.accounts.roles import Role
from flowapp.accounts.users import create_user
from flowapp.bootstrap import Flow
from flowapp.events.cause import SYSTEM, Cause
from flowapp.http.tables import metadata
from flowapp.rota.bank_holidays import Nation
from flowapp.rota.homes import add_home
from flowapp.workflows.publishing import create_workflow, publish
from flowapp.workflows.reading import read_document

RUNS, AT_ONCE, HOMES, WORKFLOWS = 1_000_000, 20_000, 10, 40
YEARS_IN_SECONDS = 3 * 365 * 86_400
_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT :first UNION ALL SELECT i + 1 FROM n WHERE i < :last) "
_AT = f"datetime(:began + n.i * {YEARS_IN_SECONDS // RUNS}, 'unixepoch') || '.000000'"
# Multiplied by a prime and divided by another, so that the properties of a run have nothing to do with each other.
_RUN = f"""
INSERT INTO execution (id, uid, workflow_id, version_id, home_id, trigger_id, trigger_type, dedupe_key, event_seq,
    subject_type, subject_id, started_by, status, context, reason, correlation_id, causation_id, depth,
    created_at, started_at, finished_at, after_seq, awaited,
    retention)
{_NUMBERS}
SELECT n.i, printf('%026d', n.i), w.id, v.id, 1 + n.i * 7919 % 10007 % {HOMES}, 'asked', 'event',
    printf('%026d', n.i), n.i, 'leave_request', n.i, 'Person ' || (n.i * 104729 % 10009 % 500),
    CASE WHEN n.i * 6151 % 10037 % 100 < 97 THEN 'completed'
        WHEN n.i * 6151 % 10037 % 100 < 99 THEN 'failed' ELSE 'cancelled' END,
    '{{"leave_request_id":' || n.i || ',"days":3,"leave":{{"type":"ANNUAL","start":"2026-03-14","end":"2026-03-16",'
    || '"hours":22.5,"reason":""}},"staff":{{"id":7,"name":"Person 7","role":"Carer"}},"care_home_id":1}}',
    'Days requested is 3, so not more than 2.', printf('%026d', n.i), printf('%026d', n.i), 0, {_AT}, {_AT}, {_AT},
    n.i, 0,
    CASE WHEN n.i * 3571 % 10039 % 10 < 6 THEN 'dull'
        WHEN n.i * 3571 % 10039 % 10 < 9 THEN 'ordinary' ELSE 'lasting' END
FROM n JOIN workflow w ON w.id = 1 + n.i * 6563 % 10061 % {WORKFLOWS} JOIN workflow_version v ON v.workflow_id = w.id
"""
_STEPS = f"""
INSERT INTO step_execution (execution_id, path, step_id, type, status, run_at, epoch, attempt, crash_count, effect,
    output, explanation, started_at, finished_at)
{_NUMBERS}
SELECT n.i, s.path, s.path, s.type, 'completed', {_AT}, 1, 1, 0, s.effect, '{{"taken":"then"}}',
    'Days requested is 3.', {_AT}, {_AT}
FROM n, (SELECT 'short' AS path, 'condition' AS type, NULL AS effect UNION ALL SELECT 'short.then.ask', 'action', 'db'
    UNION ALL SELECT 'short.then.tell', 'action', 'db') s
"""
_ATTEMPTS = f"""
INSERT INTO step_attempt (execution_id, path, epoch, owner, result, at)
{_NUMBERS} SELECT n.i, 'short.then.ask', 1, 'bench', 'completed', {_AT} FROM n
"""


def fill(flow: Flow, path: Path, tell: Callable[[str], None], *, runs: int = RUNS) -> None:
    """Bring the database up to a million runs, going on where it was interrupted."""
    if not path.exists() or path.stat().st_size == 0 or not _is_furnished(path):
        metadata().create_all(flow.database.writer)
        furnish(flow)
        flow.database.write(lambda session: _others(flow, session))
    began = int(datetime.now(UTC).timestamp()) - YEARS_IN_SECONDS - 86_400
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=OFF")
        database.execute("PRAGMA cache_size=-200000")
        start = perf_counter()
        while (last := database.execute("SELECT coalesce(max(id), 0) FROM execution").fetchone()[0]) < runs:
            given = {"first": last + 1, "last": min(last + AT_ONCE, runs), "began": began}
            database.execute("BEGIN IMMEDIATE")
            for statement in (_RUN, _STEPS, _ATTEMPTS):
                database.execute(statement, given)
            database.execute("COMMIT")
            tell(f"  {given['last']:,} runs after {perf_counter() - start:.0f} s")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # or the first who writes would wait for all of it


def _is_furnished(path: Path) -> bool:
    with closing(sqlite3.connect(path)) as database:
        try:
            return bool(database.execute("SELECT count(*) >= ? FROM workflow", (WORKFLOWS,)).fetchone()[0])
        except sqlite3.OperationalError:
            return False


def _others(flow: Flow, session: Session) -> None:
    """Write the other homes, and a workflow for every fourth of them, started by hand only."""
    cause = Cause(actor=SYSTEM, at=flow.clock.now())
    homes = [
        add_home(session, code=f"H{n}", name=f"Home {n}", nation=Nation.SCOTLAND, timezone="Europe/London", at=cause.at)
        for n in range(1, HOMES)
    ]
    owner = create_user(session, cause, email="r@example.org", name="R", role=Role.HR)
    steps = [{"id": "end", "type": "stop", "outcome": "completed", "message": "Done."}]
    for number in range(1, WORKFLOWS):
        document = {
            "format": "flowapp/1",
            "name": f"Workflow {number}",
            "triggers": [{"id": "hand", "type": "manual"}],
            "steps": steps,
        }
        home_id = homes[number % len(homes)].id
        made = create_workflow(session, cause, read_document(document), owner_id=owner, home_id=home_id)
        publish(session, cause, made, actions=flow.actions, triggers=flow.triggers)
