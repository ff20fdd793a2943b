"""From `bin/run` to the first answer with the demo in the database, and what an idle FlowApp holds in memory.

The reference is a bare Flask with SQLAlchemy behind the same gunicorn: what the libraries alone take. Memory is that
of master and worker together after a minute, what they share counted once (PSS).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

from benchmarks.row import ROUNDS, Goal, Row
from benchmarks.served import Served, bare_on, flowapp_on, running
from benchmarks.table import show

IDLE_SECONDS, MEGABYTE = 60.0, 1_000_000


def rows() -> list[Row]:
    """Start both in turn; the last ones are left alone for a minute."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "rows.json").write_text("{}")
        with running(flowapp_on(folder / "flowapp.sqlite3", demo=True)):
            pass  # the first start makes the demo
        started: list[tuple[float, float]] = []
        for number in range(ROUNDS):
            pair = _pair(folder)
            with running(*pair):
                started.append((pair[0].ready, pair[1].ready))
                if number == ROUNDS - 1:
                    Event().wait(IDLE_SECONDS)
                    held = [server.memory / MEGABYTE for server in pair]
    ours, bare = zip(*started, strict=True)
    return [
        Row(key="ready", words="start to ready, with the demo", unit="s", figures=ours, beside="bare Flask, SQLAlchemy",
            references=bare, goal=Goal(at_most=2.0)),
        Row(key="memory", words="idle for a minute, master and worker (PSS)", unit="MB", figures=held[:1],
            beside="bare Flask, SQLAlchemy", references=held[1:], goal=Goal(at_most=150)),
    ]  # fmt: skip


def _pair(folder: Path) -> Sequence[Served]:
    return flowapp_on(folder / "flowapp.sqlite3", demo=True), bare_on(folder / "bare.sqlite3", folder / "rows.json")


if __name__ == "__main__":
    show(rows())
