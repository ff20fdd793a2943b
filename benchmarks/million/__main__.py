"""Times what people and the engine do beside a million runs; `python -m benchmarks.million [folder]`.

The database is kept in the folder (that for temporary files unless told otherwise) and filled further where it was
interrupted; the clean-up takes 10,000 runs of it each time. Some minutes, and three gigabytes; `make bench` leaves
it out.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import gettempdir
from time import perf_counter, sleep
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from benchmarks.decisions import FIRST_MONDAY, ask
from benchmarks.million.filling import RUNS, fill
from flowapp.accounts.users import find_by_email, person_of
from flowapp.bootstrap import Flow
from flowapp.engine import claim, coming, queries
from flowapp.engine.execution import Execution, ExecutionStatus
from flowapp.engine.keeping.clean_up import clean, run_batches
from flowapp.engine.keeping.retention import removed_before
from flowapp.engine.queries import Filters
from flowapp.kernel.settings import read_settings

TIMES, PER_PAGE, CLEANED = 5, 51, 10_000


def main() -> None:
    """Fill the database, measure, and print the table."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else gettempdir()) / "flowapp-million"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "flowapp.sqlite3"
    flow = Flow(read_settings(database_url=f"sqlite:///{path}", secret_key="bench"))
    fill(flow, path, print)
    try:
        print(f"{RUNS:,} runs, {path.stat().st_size / 2**30:.1f} GiB; ms, the middle of {TIMES}, the highest")
        for words, job in (*lists(flow, "m@example.org"), *lists(flow, "r@example.org"), *looks(flow)):
            show(words, [seconds(job) for _ in range(TIMES)])
        show("leave asked and decided", decided(flow))
        cleaned(flow)
    finally:
        flow.close()


def lists(flow: Flow, email: str) -> Iterator[tuple[str, Callable[[], object]]]:
    """Answer what a person may look at, in words and as jobs."""
    with flow.database.read() as session:
        user = find_by_email(session, email)
        person = person_of(session, user.id) if user else None
    assert person is not None
    now, who = flow.clock.now(), "manager" if email.startswith("m") else "organisation"
    for words, filters in (
        ("page 1", Filters()),
        ("failed", Filters(status=ExecutionStatus.FAILED)),
        ("waiting: none", Filters(status=ExecutionStatus.WAITING)),
        ("one workflow", Filters(workflow_id=2)),
        ("text found often", Filters(text="person 7")),
        ("text found nowhere", Filters(text="zebra")),
        ("until two years ago", Filters(until=now - timedelta(days=730))),
    ):
        yield f"runs, {who}, {words}", reading(flow, queries.executions, person, filters, limit=PER_PAGE)
        yield "   … and how many", reading(flow, queries.count, person, filters)
    yield (
        f"runs, {who}, a page in the middle",
        reading(flow, queries.executions, person, Filters(), limit=PER_PAGE, before=RUNS // 2),
    )


def looks(flow: Flow) -> Iterator[tuple[str, Callable[[], object]]]:
    """Answer what the engine asks every second."""
    now = flow.clock.now()
    yield "a pass of the worker with nothing due", flow.worker.run_due
    yield "what is late", flow.worker.end_late
    yield "leases that ran out", flow.worker.release_expired
    yield "what is due next", reading(flow, coming.next_due, now)
    yield "how much is due", reading(flow, claim.count_due, now)


def reading(flow: Flow, ask_for: Callable[..., Any], *given: Any, **named: Any) -> Callable[[], object]:
    """Answer a job that asks a question."""

    def job() -> object:
        with flow.database.read() as session:
            return ask_for(session, *given, **named)

    return job


def decided(flow: Flow) -> list[float]:
    """Ask for leave as several people, one after the other, and let the engine decide it."""
    with flow.database.read() as session:
        people = [person_of(session, number) for number in range(1, TIMES + 2)]
        used: int = session.scalar(text("SELECT count(*) FROM leave_request")) or 0
    week = FIRST_MONDAY + timedelta(weeks=used // (TIMES + 1))
    jobs = [ask(flow, each, week) for each in people if each is not None]
    # the first one loads what a server has loaded behind its first page
    return [seconds(lambda job=job: (job(), drain(flow))) for job in jobs][1:]


def drain(flow: Flow) -> None:
    """Let the engine work until nothing is due."""
    while flow.worker.run_due():
        continue


def cleaned(flow: Flow) -> None:
    """Remove some runs, and tell how long others waited to write meanwhile."""
    with flow.database.read() as session:
        query = select(Execution.finished_at).where(Execution.retention == "dull", Execution.finished_at.is_not(None))
        before = session.scalars(query.order_by(Execution.finished_at).offset(CLEANED).limit(1)).one()
    batch = run_batches(removed_before(flow.clock.now(), days=90, dull_days=14) | {"dull": before})["dull_runs"]
    with writing_beside(flow) as waits:
        took = seconds(lambda: print(f"  {clean(flow.database, batch, threading.Event()):,} runs removed"))
    print(f"{'clean-up of 10,000, s':50}{took:>12.1f}")
    show("a small write beside it", waits)


@contextmanager
def writing_beside(flow: Flow) -> Iterator[list[float]]:
    """Write something small again and again in another thread, and note how long each took."""
    waits: list[float] = []
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            waits.append(seconds(lambda: flow.database.write(_touch)))
            sleep(0.01)

    thread = threading.Thread(target=write)
    thread.start()
    yield waits
    stop.set()
    thread.join()


def _touch(session: Session) -> None:
    session.execute(text("UPDATE workflow SET rev = rev + 1 WHERE id = 1"))
    session.scalar(select(func.count()).where(Execution.id == 0))


def seconds(job: Callable[[], object]) -> float:
    """Answer how long something takes."""
    start = perf_counter()
    job()
    return perf_counter() - start


def show(words: str, figures: list[float]) -> None:
    """Print a line of the table."""
    ordered = sorted(figures)
    print(f"{words:50}{ordered[len(ordered) // 2] * 1000:>12.1f}{ordered[-1] * 1000:>12.1f}", flush=True)


if __name__ == "__main__":
    main()
