"""What is asked of the large data set, each beside the very SQL it ran, through Python's sqlite3."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.candidates import milliseconds_of
from benchmarks.hundred_homes.years import AS_OF
from benchmarks.row import ROUNDS, Goal, Row, percentile
from flowapp.accounts.people import Person
from flowapp.rota.compliance.gathering import workers_of
from flowapp.rota.compliance.looking.hours import worst_average
from flowapp.rota.compliance.looking.worked import Span
from flowapp.rota.eligibility.candidates import candidates, candidates_of_many
from flowapp.rota.homes import CareHome
from flowapp.rota.shifts import Shift, ShiftStatus
from flowapp.rota.training.reading import by_last_day, running_out

NOW = datetime.combine(AS_OF, time(9), UTC)
OPEN, WARM, MEASURED = 200, 3, 20
DUE_DAYS, A_PAGE = 30, 200
WEEKS = 17
Ask = Callable[[], object]


def rows(session: Session, who: Person, path: Path) -> list[Row]:
    """Measure everything, round by round."""
    query = select(Shift.id).where(Shift.status == ShiftStatus.OPEN, Shift.starts_at > NOW).order_by(Shift.starts_at)
    shifts = list(session.scalars(query.limit(OPEN)))
    homes = list(session.scalars(select(CareHome.id).order_by(CareHome.id)))
    one = [lambda number=number: candidates(session, who, number, NOW) for number in shifts[: WARM + MEASURED]]
    many = [lambda: candidates_of_many(session, who, shifts, NOW)]
    due = [lambda: by_last_day(session, who, AS_OF, *running_out(AS_OF, DUE_DAYS), limit=A_PAGE)]
    weeks = [lambda: [_averages(session, home_id) for home_id in homes]]
    return [
        _row(session, path, "candidates.one", "candidates for one shift, p95", one, Goal(at_most=50)),
        _row(session, path, "candidates.many", f"candidates for {OPEN} open shifts", many, Goal(at_most=3_000)),
        _row(session, path, "certificates", "certificates due in 30 days, all homes", due, Goal(at_most=100)),
        _row(session, path, "averages", "17-week averages of 6,000 people", weeks, Goal(at_most=5_000)),
    ]


def _row(session: Session, path: Path, key: str, words: str, asks: Sequence[Ask], goal: Goal) -> Row:
    for ask in asks[:WARM] if len(asks) > 1 else ():
        ask()
    measured = asks[WARM:] if len(asks) > 1 else asks
    rounds = [[_both(session, path, ask) for ask in measured] for _ in range(ROUNDS)]
    ours, bare = ([_summary([each[n] for each in found]) for found in rounds] for n in (0, 1))
    return Row(
        key=f"large.{key}", words=words, unit="ms", figures=ours, beside="its bare SQL", references=bare, goal=goal
    )


def _both(session: Session, path: Path, ask: Ask) -> tuple[float, float]:
    asked: list[tuple[str, Any]] = []
    driver = session.connection().connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    driver.set_trace_callback(lambda text: asked.append((text, ())))  # with the values written out
    ask()
    driver.set_trace_callback(None)
    start = perf_counter()
    ask()
    ours = (perf_counter() - start) * 1000
    return ours, milliseconds_of(path, [each for each in asked if each[0].startswith(("SELECT", "WITH"))])


def _summary(figures: Sequence[float]) -> float:
    return percentile(figures, 95) if len(figures) > 1 else figures[0]


def _averages(session: Session, home_id: int) -> int:
    span = Span(first=AS_OF - timedelta(days=7), last=AS_OF - timedelta(days=1), today=AS_OF)
    found = [worst_average(each, span, weeks=WEEKS) for each in workers_of(session, home_id, span, weeks=WEEKS)]
    return sum(each is not None for each in found)
