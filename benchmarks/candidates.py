"""Who can take a shift: 300 people with four shifts a week for half a year, and open shifts to be filled.

Ours: the whole answer, every rule asked for everybody and put in order. The reference: the very SQL that it asked, with
the same values, through Python's sqlite3, every row fetched. p95 of one shift is to be 50 ms at most; two hundred open
shifts of ten homes with sixty people each are to take 3 s at most.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from sqlalchemy import event, insert, select
from sqlalchemy.orm import Session

from benchmarks.house import cause, flow_on
from benchmarks.row import ROUNDS, Goal, Row, percentile
from benchmarks.table import show
from flowapp.accounts.people import Person
from flowapp.accounts.roles import Role
from flowapp.accounts.users import create_user, person_of
from flowapp.bootstrap import Flow
from flowapp.http.tables import metadata
from flowapp.kernel.ids import new_uid
from flowapp.rota.bank_holidays import Nation
from flowapp.rota.eligibility.candidates import candidates, candidates_of_many
from flowapp.rota.homes import add_home
from flowapp.rota.shift_plan import ShiftPlan, timed
from flowapp.rota.shift_writing import columns_of
from flowapp.rota.shifts import Shift, ShiftStatus
from flowapp.rota.staff import JobRole, add_staff

PEOPLE, HOMES, PEOPLE_A_HOME = 300, 10, 60
WEEKS_BEFORE, WEEKS_AFTER, A_WEEK = 26, 4, 7
AS_OF = date(2026, 11, 23)  # a Monday
OPEN_SHIFTS, WARM, MEASURED = 200, 5, 60
ZONE = "Europe/London"
DAY, NIGHT = (time(8), time(20)), (time(20), time(8))
Asked = list[tuple[str, Any]]


def rows() -> list[Row]:
    """Measure one shift among 300 people, then two hundred shifts among ten homes."""
    with TemporaryDirectory() as folder:
        one, bare_one = _measured(Path(folder) / "one.sqlite3", _one_shift, homes=1, people=PEOPLE)
        many, bare_many = _measured(Path(folder) / "many.sqlite3", _all_shifts, homes=HOMES, people=PEOPLE_A_HOME)
    return [
        _row("candidates.one", "candidates for one shift among 300, p95", "ms", one, bare_one, Goal(at_most=50)),
        _row("candidates.many", "candidates for 200 open shifts", "ms", many, bare_many, Goal(at_most=3000)),
    ]


def _row(key: str, words: str, unit: str, ours: list[float], bare: list[float], goal: Goal) -> Row:
    return Row(key=key, words=words, unit=unit, figures=ours, beside="its bare SQL", references=bare, goal=goal)


Measured = tuple[list[float], list[float]]


def _measured(path: Path, measure: Callable[[Session, Person, list[int], Path], Measured], **size: int) -> Measured:
    flow = flow_on(path)
    metadata().create_all(flow.database.writer)
    who, open_shifts = furnish(flow, **size)
    with flow.database.read() as session:
        found = measure(session, who, open_shifts, path)
    flow.close()
    return found


def _one_shift(session: Session, who: Person, open_shifts: list[int], path: Path) -> Measured:
    now = datetime.now(UTC)
    for shift_id in open_shifts[:WARM]:
        candidates(session, who, shift_id, now)
    rounds = []
    for _ in range(ROUNDS):
        ours, bare = [], []
        for shift_id in open_shifts[WARM : WARM + MEASURED]:
            with heard(session) as asked:
                start = perf_counter()
                answer = candidates(session, who, shift_id, now)
                ours.append((perf_counter() - start) * 1000)
            assert answer.considered == PEOPLE, f"{answer.considered} of {PEOPLE} were looked at"
            bare.append(milliseconds_of(path, asked))
        rounds.append((percentile(ours, 95), percentile(bare, 95)))
    return [ours for ours, _ in rounds], [bare for _, bare in rounds]


def _all_shifts(session: Session, who: Person, open_shifts: list[int], path: Path) -> Measured:
    now, ours, bare = datetime.now(UTC), [], []
    for _ in range(ROUNDS):
        with heard(session) as asked:
            start = perf_counter()
            found = candidates_of_many(session, who, open_shifts, now)
            ours.append((perf_counter() - start) * 1000)
        assert len(found) == OPEN_SHIFTS
        bare.append(milliseconds_of(path, asked))
    return ours, bare


@contextmanager
def heard(session: Session) -> Iterator[Asked]:
    """Keep every statement that SQLAlchemy sends meanwhile, with its values."""
    asked: Asked = []

    def keep(_connection: Any, _cursor: Any, text: str, values: Any, *_others: Any) -> None:
        asked.append((text, values))

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", keep)
    yield asked
    event.remove(engine, "before_cursor_execute", keep)


def milliseconds_of(path: Path, asked: Asked) -> float:
    """Answer how long the same statements take by themselves."""
    with closing(sqlite3.connect(path)) as bare:
        for text, values in asked:  # once for the pages that our own connection has in its memory as well
            bare.execute(text, values).fetchall()
        start = perf_counter()
        for text, values in asked:
            bare.execute(text, values).fetchall()
        return (perf_counter() - start) * 1000


def furnish(flow: Flow, *, homes: int, people: int) -> tuple[Person, list[int]]:
    """Write homes with their people and what they work; answer who looks after them all, and the open shifts."""
    user_id = flow.database.write(lambda session: _write(session, homes, people))
    with flow.database.read() as session:
        found = person_of(session, user_id)
        open_shifts = list(session.scalars(select(Shift.id).where(Shift.status == ShiftStatus.OPEN).order_by(Shift.id)))
    assert found is not None
    return found, open_shifts


def _write(session: Session, homes: int, people: int) -> int:
    at = cause().at
    for number in range(homes):
        home = add_home(session, code=f"H{number}", name=f"Home {number}", nation=Nation.SCOTLAND, timezone=ZONE, at=at)
        staff = [_member(session, home.id, number * people + place, at) for place in range(people)]
        written = [row for place, one in enumerate(staff) for row in _weeks(home.id, one, place, at)]
        open_here = [_shift(home.id, None, AS_OF + timedelta(days=1 + n % 27), at) for n in range(OPEN_SHIFTS // homes)]
        # By day, as a home plans: what one person works lies scattered.
        session.execute(insert(Shift), sorted(written, key=lambda row: row["local_date"]))
        session.execute(insert(Shift), open_here)
    return create_user(
        session, cause(), email="r@example.org", name="R", role=Role.REGIONAL, all_homes=True, home_ids=[]
    )


def _member(session: Session, home_id: int, number: int, at: datetime) -> int:
    return add_staff(
        session,
        employee_no=f"E{number}",
        name=f"Person {number}",
        email=f"p{number}@example.org",
        home_id=home_id,
        role=JobRole.CARER if number % 3 else JobRole.SENIOR_CARER,
        pattern={},
        start_date=date(2020, 1, 1),
        at=at,
    ).id


def _weeks(home_id: int, staff_id: int, place: int, at: datetime) -> Iterator[dict[str, Any]]:
    first = AS_OF - timedelta(weeks=WEEKS_BEFORE)
    for number in range((WEEKS_BEFORE + WEEKS_AFTER) * A_WEEK):
        if (number + 2 * place) % A_WEEK < 4:
            yield _shift(home_id, staff_id, first + timedelta(days=number), at, night=place % 3 == 0)


def _shift(home_id: int, staff_id: int | None, day: date, at: datetime, *, night: bool = False) -> dict[str, Any]:
    start, end = NIGHT if night else DAY
    plan = ShiftPlan(unit_id=None, role=JobRole.CARER, date=day, start=start, end=end, unpaid_break_minutes=60)
    return {
        "uid": new_uid(at),
        "home_id": home_id,
        **columns_of(plan, timed(plan, ZONE), ZONE),
        "status": ShiftStatus.OPEN if staff_id is None else ShiftStatus.ASSIGNED,
        "staff_id": staff_id,
        "published_at": at,
        "cancel_reason": "",
        "created_at": at,
        "updated_at": at,
        "version": 1,
    }


if __name__ == "__main__":
    show(rows())
