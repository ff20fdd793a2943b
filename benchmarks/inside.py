"""A workflow of five steps started by events inside the process, beside bare SQLite inserting the same rows.

Several threads record events; the clock stops when the last run has ended. The very rows that this left are inserted
again through Python's sqlite3 with WAL and FULL, one commit for each run. All of it again in a database with 100,000
runs that have ended.
"""

from __future__ import annotations

import threading
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import NamedTuple

from sqlalchemy import func, select

from benchmarks.accepting import leave_event
from benchmarks.bare import counts, database_like, in_groups, insert, left_since
from benchmarks.five_steps import furnish
from benchmarks.grown import MANY, grow
from benchmarks.house import flow_on
from benchmarks.row import ROUNDS, Goal, Row
from benchmarks.table import show
from flowapp.bootstrap import Flow
from flowapp.engine.execution import Execution, ExecutionStatus
from flowapp.events.outbox import record
from flowapp.http.tables import metadata

RUNS, THREADS = 1_000, 8  # as many threads as a gunicorn process has


class Side(NamedTuple):
    """A FlowApp on a database, and the home in which the workflow waits for leave."""

    flow: Flow
    path: Path
    home_id: int


def rows() -> list[Row]:
    """Measure both databases in turn."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        sides = [_furnished(folder / "few", grown=False), _furnished(folder / "many", grown=True)]
        try:
            rounds = [[_round(side, folder / f"bare{n}") for side in sides] for n in range(1 + ROUNDS)][1:]
        finally:
            for side in sides:
                side.flow.close()
    (ours, bare), (among_many, bare_many) = ([*zip(*each, strict=True)] for each in zip(*rounds, strict=True))
    words, beside, goal = "5 steps from events", "bare SQLite, a FULL commit each", Goal(at_least=0.5, ratio=True)
    slower = Goal(at_least=1 / 1.2, ratio=True)
    return [
        Row(key="inside", words=words, unit="/s", figures=ours, beside=beside, references=bare, goal=goal),
        Row(key="inside.many", words=f"{words}, beside {MANY:,} ended", unit="/s", figures=among_many,
            beside=beside, references=bare_many, goal=goal),
        Row(key="inside.many.slower", words="the same, not worse than 1.2 ×", unit="/s", figures=among_many,
            beside=words, references=ours, goal=slower),
    ]  # fmt: skip


def _furnished(folder: Path, *, grown: bool) -> Side:
    folder.mkdir()
    path = folder / "flowapp.sqlite3"
    flow = flow_on(path, flood_limit=1_000_000)
    metadata().create_all(flow.database.writer)
    place = furnish(flow, by_event=True)
    before = counts(path)
    flow.database.write(lambda session: record(session, leave_event(place.home_id)))
    flow.worker.work_off()
    if grown:
        grow(path, before)
    flow.start()
    return Side(flow, path, place.home_id)


def _round(side: Side, target: Path) -> tuple[float, float]:
    """Answer runs per second: ours, and the bare inserts of the same rows."""
    before = counts(side.path)
    ours = RUNS / _run(side, RUNS)
    groups = in_groups(left_since(side.path, before), RUNS)
    path = target.with_suffix(f".{side.path.parent.name}")
    with database_like(side.path, path) as bare:
        return ours, RUNS / insert(bare, groups)


def _run(side: Side, number: int) -> float:
    """Record events in several threads and wait until their runs have ended; answer the seconds it took."""
    flow, ended = side.flow, _ended(side.flow)
    events = [leave_event(side.home_id) for _ in range(number)]

    def write(mine: list[object]) -> None:
        for each in mine:
            flow.database.write(lambda session, each=each: record(session, each) and None)  # type: ignore[misc, arg-type]

    start = perf_counter()
    threads = [threading.Thread(target=write, args=(events[k::THREADS],)) for k in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while _ended(flow) < ended + number:
        assert perf_counter() - start < 60, "not all runs ended"
        threading.Event().wait(0.002)
    return perf_counter() - start


def _ended(flow: Flow) -> int:
    with flow.database.read() as session:
        query = select(func.count()).where(Execution.status == ExecutionStatus.COMPLETED)
        return session.scalar(query) or 0


if __name__ == "__main__":
    show(rows())
