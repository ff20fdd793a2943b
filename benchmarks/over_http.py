"""A workflow of five steps started over HTTP, beside a bare Flask endpoint that writes the same rows.

Real gunicorn as `make run` starts it, a token, a body that is checked, every step kept. Eight connections start runs
as fast as they can; the clock stops when the last one has ended in the database. Then one at a time: how long from
sending until the end is recorded. All of it again beside 100,000 runs that have ended. The servers are asked in turn.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from threading import Event
from time import monotonic, perf_counter

from benchmarks.bare import counts, database_like, left_since, small_commits
from benchmarks.client import Load, send
from benchmarks.five_steps import INPUTS, Place, furnish, start_one
from benchmarks.grown import MANY, grow
from benchmarks.house import flow_on
from benchmarks.row import ROUNDS, Goal, Row, percentile
from benchmarks.served import Served, bare_on, flowapp_on, running
from benchmarks.table import show
from flowapp.kernel.schema import migrate

RUNS, ONE_BY_ONE, WARM, CONNECTIONS = 800, 120, 200, 8
# A second, on the machine where both were measured; a slower one need only reach its share of that.
N8N_BEST, BARE_WORST = 29.4, 1294
ENDED = "SELECT count(*) FROM execution WHERE status = 'completed'"
NOT_WORSE = 1.2


@dataclass(frozen=True)
class Side:
    """One server that is measured."""

    server: Served
    database: Path
    path: str
    token: str = ""

    def load(self, number: int, connections: int) -> Load:
        """Answer what is sent to it."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        body = {"inputs": INPUTS}
        return Load(
            port=self.server.port, path=self.path, headers=headers, body=body, number=number, connections=connections
        )

    def per_second(self) -> tuple[float, float]:
        """Start many runs; answer how many a second ended in the database, and the processor's ms for each."""
        used, before, start = self.server.processor_seconds, self.ended(), perf_counter()
        send(self.load(RUNS, CONNECTIONS))
        deadline = monotonic() + 60
        while self.ended() < before + RUNS:
            assert monotonic() < deadline, "not all runs ended"
            Event().wait(0.002)
        speed = RUNS / (perf_counter() - start)
        return speed, (self.server.processor_seconds - used) / RUNS * 1000

    def milliseconds(self) -> list[float]:
        """Start runs one at a time, and answer how long each took until its end was recorded."""
        before, found = self.ended(), send(self.load(ONE_BY_ONE, 1))
        assert self.ended() == before + ONE_BY_ONE, "an answer came before the end was recorded"
        return [seconds * 1000 for seconds in found]

    def ended(self) -> int:
        """Count the runs that have ended."""
        with closing(sqlite3.connect(self.database)) as db:
            return int(db.execute(ENDED).fetchone()[0])


def rows() -> list[Row]:
    """Measure all of it, in turns."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        few, many = _furnished(folder / "few", grown=False), _furnished(folder / "many", grown=True)
        bare = _bare(folder, few[0], few[2])
        sides = (_side(*few), _side(*many), Side(bare_on(*bare), bare[0], "/start"))
        with running(*(side.server for side in sides)):
            for side in sides:
                send(side.load(WARM, CONNECTIONS))
            speeds = [([side.per_second() for side in sides], small_commits(folder, RUNS)) for _ in range(ROUNDS)]
            waits = [[side.milliseconds() for side in sides] for _ in range(ROUNDS)]
    return [*_fast(speeds), *_soon(waits)]


def _fast(speeds: Sequence[tuple[Sequence[tuple[float, float]], float]]) -> list[Row]:
    ours, among_many, flask = zip(*([speed for speed, _ in sides] for sides, _ in speeds), strict=True)
    used, _, used_by_flask = zip(*([used for _, used in sides] for sides, _ in speeds), strict=True)
    small = [each for _, each in speeds]
    kept, beside = f"5 steps over HTTP, beside {MANY:,} ended", "bare Flask, same rows"
    slower = median(small) < BARE_WORST
    n8n = Goal(at_least=10 * N8N_BEST / BARE_WORST, ratio=True) if slower else Goal(at_least=10 * N8N_BEST)
    row, unit = Row, "/s"
    return [
        row(key="http", words="5 steps over HTTP", unit=unit, figures=ours, beside=beside, references=flask,
            goal=Goal(at_least=0.6, ratio=True)),
        row(key="http.processor", words="the same, of the processor for each", unit="ms", figures=used,
            beside=beside, references=used_by_flask),
        row(key="http.n8n", words="the same, ten times n8n (29.4/s)", unit=unit, figures=ours,
            beside="bare SQLite, run + 5 steps", references=small, goal=n8n),
        row(key="http.many", words=kept, unit=unit, figures=among_many, beside=beside, references=flask,
            goal=Goal(at_least=0.6, ratio=True)),
        row(key="http.many.slower", words="the same, not worse than 1.2 ×", unit=unit, figures=among_many,
            beside="5 steps over HTTP", references=ours, goal=Goal(at_least=1 / NOT_WORSE, ratio=True)),
    ]  # fmt: skip


def _soon(waits: Sequence[Sequence[Sequence[float]]]) -> list[Row]:
    ours, among_many, flask = zip(*waits, strict=True)
    found = []
    for name, words, figures, goals in (
        ("one", "one at a time until recorded", ours, (10.0, 25.0)),
        ("one.many", f"one at a time, beside {MANY:,} ended", among_many, (10.0, 25.0)),
    ):
        for hundredth, most in zip((50, 95), goals, strict=True):
            found.append(Row(
                key=f"http.{name}.p{hundredth}", words=f"{words}, p{hundredth}", unit="ms",
                figures=[percentile(each, hundredth) for each in figures], beside="bare Flask, same rows",
                references=[percentile(each, hundredth) for each in flask], goal=Goal(at_most=most),
            ))  # fmt: skip
    found.append(Row(
        key="http.one.many.slower", words="the same p50, not worse than 1.2 ×", unit="ms",
        figures=[percentile(each, 50) for each in among_many], beside="one at a time until recorded",
        references=[percentile(each, 50) for each in ours], goal=Goal(at_most=NOT_WORSE, ratio=True),
    ))  # fmt: skip
    return found


def _furnished(folder: Path, *, grown: bool) -> tuple[Path, Place, dict[str, int]]:
    """Write a database with the workflow and a run of it; `grown` with many more that have ended."""
    folder.mkdir()
    path = folder / "flowapp.sqlite3"
    flow = flow_on(path)
    migrate(flow.database)
    place = furnish(flow)
    before = counts(path)
    start_one(flow, place)
    flow.worker.work_off()
    flow.close()
    if grown:
        grow(path, before)
    return path, place, before


def _side(path: Path, place: Place, _before: object) -> Side:
    return Side(flowapp_on(path), path, f"/api/v1/workflows/{place.workflow_id}/execute", place.token)


def _bare(folder: Path, source: Path, before: dict[str, int]) -> tuple[Path, Path]:
    """Write an empty database with the same tables, and the rows that one run left."""
    target, kept = folder / "bare.sqlite3", folder / "rows.json"
    with database_like(source, target):
        left = {table: rows for table, rows in left_since(source, before).items() if rows}
    first = {"execution": left.pop("execution")}
    kept.write_text(json.dumps(first | left))
    return target, kept


if __name__ == "__main__":
    show(rows())
