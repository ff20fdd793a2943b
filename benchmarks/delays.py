"""Runs that sleep: what they cost in memory, and how late they wake when many are due at once.

10,000 runs sleep for a day. The memory of a new process that looks after them is compared with that of one that has
nothing to look after. Then 500 more fall due at the same moment: how late each ends, from the database's own time
stamps.

The reference in the same run is APScheduler alone: 500 date jobs due at one moment in its SQLAlchemy job store on
SQLite, how late each begins.
"""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from benchmarks.house import a_home_with_manager, a_workflow, cause, flow_on, flow_on_new_database
from benchmarks.row import Goal, Row
from benchmarks.table import show
from flowapp.bootstrap import Flow
from flowapp.engine.execution import Execution, ExecutionStatus, StepExecution, StepStatus
from flowapp.engine.manual import start_by_hand

SLEEPING, DUE, IN_ONE_WRITE, LOOKS, WAKINGS = 10_000, 500, 100, 50, 3
MOST_LATE_SECONDS, MOST_BYTES_EACH = 2.0, 100
AHEAD = timedelta(seconds=6)
WORKFLOW: dict[str, Any] = {
    "format": "flowapp/1",
    "name": "Sleep",
    "triggers": [{"id": "by_hand", "type": "manual"}],
    "steps": [
        {"id": "sleep", "type": "delay", "until": "${context.until}"},
        {"id": "say", "type": "set", "values": {"awake": "yes"}},
    ],
}
LATE: list[float] = []


def rows() -> list[Row]:
    """Measure the memory first, then how late those end that are due at once, round by round."""
    with flow_on_new_database() as flow:
        home_id, owner_id = flow.database.write(a_home_with_manager)
        document = {**WORKFLOW, "triggers": [{"id": "by_hand", "type": "manual", "inputs": UNTIL}]}
        workflow_id = flow.database.write(
            lambda session: a_workflow(flow, session, document, owner_id=owner_id, home_id=home_id)
        )
        flow.start()
        awake = memory_of_one_that_looks(flow)
        asleep(flow, workflow_id, datetime.now(UTC) + timedelta(days=1), SLEEPING)
        looking = memory_of_one_that_looks(flow)
        late: list[list[float]] = []
        for _ in range(WAKINGS):
            at = datetime.now(UTC) + AHEAD
            asleep(flow, workflow_id, at, DUE)
            late.append(woken(flow, at))
    alone = [apscheduler_alone() for _ in range(WAKINGS)]
    assert all(min(each) >= 0 for each in late), "a run woke early"
    each = (looking - awake) / SLEEPING
    return [
        Row(key="delays.memory", words=f"memory of one of {SLEEPING:,} runs that sleep", unit="bytes", figures=[each],
            beside="the process without them", references=[awake], goal=Goal(at_most=MOST_BYTES_EACH)),
        Row(key="delays.late", words=f"{DUE} due at once, the last one late by", unit="s",
            figures=[max(times) for times in late], beside="APScheduler's own store",
            references=[max(times) for times in alone], goal=Goal(at_most=MOST_LATE_SECONDS)),
    ]  # fmt: skip


UNTIL = [{"name": "until", "label": "Until", "type": "text", "required": True}]


def asleep(flow: Flow, workflow_id: int, until: datetime, number: int) -> None:
    """Start this many runs that sleep until then, and wait until they do."""
    now = cause()

    def write(session: Session) -> None:
        for _ in range(min(IN_ONE_WRITE, number)):
            start_by_hand(
                flow.parts, session, now, workflow_id, triggers=flow.triggers, inputs={"until": until.isoformat()}
            )

    before = count(flow, until)
    for _ in range(max(1, number // IN_ONE_WRITE)):
        flow.database.write(write)
    wait_for(lambda: count(flow, until) - before >= number, 120)


def count(flow: Flow, until: datetime) -> int:
    """Count the steps that sleep until then or longer."""
    with flow.database.read() as session:
        query = select(func.count()).where(StepExecution.status == StepStatus.WAITING, StepExecution.run_at >= until)
        return session.scalar(query) or 0


def woken(flow: Flow, at: datetime) -> list[float]:
    """Wait until those due at this moment have ended, and answer how late each was."""
    ended = select(Execution.finished_at).where(
        Execution.status == ExecutionStatus.COMPLETED, Execution.finished_at >= at - AHEAD
    )

    def all_ended() -> list[float]:
        with flow.database.read() as session:
            found = [(each - at).total_seconds() for each in session.scalars(ended) if each is not None]
        return found if len(found) >= DUE else []

    return wait_for(all_ended, 60)


def apscheduler_alone() -> list[float]:
    """Answer how late APScheduler begins as many jobs of its own store that are due at once."""
    LATE.clear()
    with TemporaryDirectory() as folder:
        store = SQLAlchemyJobStore(url=f"sqlite:///{Path(folder) / 'jobs.sqlite3'}")
        scheduler = BackgroundScheduler(
            jobstores={"default": store},
            executors={"default": ThreadPoolExecutor(10)},
            job_defaults={"misfire_grace_time": None},
            timezone="UTC",
        )
        scheduler.start(paused=True)
        at = datetime.now(UTC) + AHEAD
        for number in range(DUE):
            scheduler.add_job(note, "date", run_date=at, args=[at.timestamp()], id=str(number))
        scheduler.resume()
        wait_for(lambda: len(LATE) >= DUE, 60)
        scheduler.shutdown()
    return list(LATE)


def note(at: float) -> None:
    """Note how late a job begins."""
    LATE.append(datetime.now(UTC).timestamp() - at)


def wait_for(happened: Any, seconds: float) -> Any:
    """Look until something is so, and answer it."""
    deadline = monotonic() + seconds
    while not (found := happened()):
        assert monotonic() < deadline, "it took too long"
        threading.Event().wait(0.05)
    return found


def memory_of_one_that_looks(flow: Flow) -> int:
    """Answer the bytes of memory that a new process on this database holds after some looks at what is due."""
    command = [sys.executable, "-m", "benchmarks.delays", str(flow.database.writer.url.database)]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def look(path: Path) -> None:
    """Look after a database for a while, and print the memory held."""
    flow = flow_on(path)
    for _ in range(LOOKS):
        flow.worker.release_expired()
        flow.worker.end_late()
        flow.worker.run_due()
        flow.tick()
    gc.collect()
    lines = Path("/proc/self/status").read_text().splitlines()
    print(next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS")))
    flow.close()


if __name__ == "__main__":
    look(Path(sys.argv[1])) if sys.argv[1:] else show(rows())
