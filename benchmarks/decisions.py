"""Leave requests decided per second inside the process, as a ratio to the bare SQLite inserts of the same rows.

Ours: several threads ask for two days of leave each, spread over a year as leave is, and the engine decides them with
"Auto-approve short leave"; the clock stops when the last one is decided. The reference: the very rows that this left
in the database are inserted again through Python's sqlite3 into a database with the same tables and indexes, WAL and
FULL, one commit for each leave request. Five rounds after one that is not counted; medians, the lowest and the highest.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from benchmarks.bare import counts, database_like, in_groups, insert, left_since
from benchmarks.house import flow_on
from benchmarks.row import ROUNDS, Goal, Row
from benchmarks.table import show
from flowapp.accounts.people import Person
from flowapp.accounts.roles import Role
from flowapp.accounts.users import create_user, person_of
from flowapp.bootstrap import Flow
from flowapp.cli.demo.workflows import AUTO_APPROVE
from flowapp.engine.execution import Execution, ExecutionStatus
from flowapp.events.cause import SYSTEM, Actor, ActorKind, Cause
from flowapp.http.tables import metadata
from flowapp.rota.bank_holidays import Nation
from flowapp.rota.homes import add_home
from flowapp.rota.leave_asking import request_leave
from flowapp.rota.leave_balance import grant
from flowapp.rota.leave_days import LeavePeriod
from flowapp.rota.staff import JobRole, add_staff
from flowapp.workflows.publishing import create_workflow, publish
from flowapp.workflows.reading import read_document

REQUESTS, STAFF, THREADS = 800, 100, 8  # as many threads as a gunicorn process has
WEEK = {day: Decimal("7.5") for day in ("mon", "tue", "wed", "thu", "fri")}
FIRST_MONDAY, WEEKS_BETWEEN = date(2027, 4, 5), 6


def rows() -> list[Row]:
    """Measure, one database after the other."""
    one_round()  # not counted: it compiles statements and loads what a server has loaded when the second person asks
    ours, bare = zip(*(one_round() for _ in range(ROUNDS)), strict=True)
    return [
        Row(
            key="decisions",
            words="leave asked and decided",
            unit="/s",
            figures=ours,
            beside="bare SQLite, a FULL commit each",
            references=bare,
            goal=Goal(at_least=0.3, ratio=True),
        )
    ]


def one_round() -> tuple[float, float]:
    """Answer requests per second: ours, and the bare inserts of the same rows."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "ours.sqlite3"
        flow = flow_on(path, flood_limit=1_000_000)
        metadata().create_all(flow.database.writer)
        people = furnish(flow)
        before = counts(path)
        flow.start()
        ours = REQUESTS / decide(flow, people)
        flow.close()
        groups = in_groups(left_since(path, before), REQUESTS)
        with database_like(path, Path(folder) / "bare.sqlite3") as bare:
            return ours, REQUESTS / insert(bare, groups)


def furnish(flow: Flow) -> list[Person]:
    """Write a home with its staff and the workflow."""
    ids = flow.database.write(lambda session: _home(flow, session, Cause(actor=SYSTEM, at=datetime.now(UTC))))
    with flow.database.read() as session:
        return [person for id_ in ids if (person := person_of(session, id_))]


def _home(flow: Flow, session: Session, cause: Cause) -> list[int]:
    zone, at = "Europe/London", cause.at
    home = add_home(session, code="ROSE", name="Rose House", nation=Nation.SCOTLAND, timezone=zone, at=at)
    users = [_person(session, cause, home.id, number) for number in range(STAFF)]
    owner = create_user(session, cause, email="m@example.org", name="M", role=Role.MANAGER, home_ids=[home.id])
    made = create_workflow(session, cause, read_document(AUTO_APPROVE), owner_id=owner, home_id=home.id)
    publish(session, cause, made, actions=flow.actions, triggers=flow.triggers)
    return users


def _person(session: Session, cause: Cause, home_id: int, number: int) -> int:
    name, email = f"Person {number}", f"p{number}@example.org"
    member = add_staff(
        session,
        employee_no=f"E{number}",
        name=name,
        email=email,
        home_id=home_id,
        role=JobRole.CARER,
        pattern=WEEK,
        start_date=date(2020, 1, 1),
        at=cause.at,
    )
    year = (date(2027, 4, 1), date(2028, 3, 31))
    grant(session, staff_id=member.id, leave_type="ANNUAL", year=year, hours=Decimal(1000), at=cause.at, by="system")
    return create_user(session, cause, email=email, name=name, role=Role.STAFF, staff_id=member.id, home_ids=[home_id])


def decide(flow: Flow, people: list[Person]) -> float:
    """Ask for all the leave and wait until it is decided; answer the seconds it took."""
    jobs = [ask(flow, people[n % STAFF], FIRST_MONDAY + timedelta(weeks=week_of(n))) for n in range(REQUESTS)]
    start = perf_counter()
    threads = [threading.Thread(target=lambda mine=jobs[k::THREADS]: [job() for job in mine]) for k in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with flow.database.read() as session:
        all_ids = list(session.scalars(select(Execution.id)))
    assert flow.waiting.wait(all_ids, 60), "not all executions ended"
    took = perf_counter() - start
    with flow.database.read() as session:
        done = session.scalar(select(func.count()).where(Execution.status == ExecutionStatus.COMPLETED))
    assert done == REQUESTS, f"{done} of {REQUESTS} decided"
    return took


def week_of(number: int) -> int:
    """Answer the week of a request: nobody asks twice for one, and an eighth of the staff or so shares each."""
    asked_before, person = divmod(number, STAFF)
    return asked_before * WEEKS_BETWEEN + person % WEEKS_BETWEEN


def ask(flow: Flow, person: Person, monday: date) -> Callable[[], int]:
    """Answer a job that asks for Monday and Tuesday."""
    period = LeavePeriod.of(start=monday, end=monday + timedelta(days=1))
    actor = Actor(kind=ActorKind.USER, id=person.user_id, name=person.name, role="Staff")
    staff_id = person.staff_id
    assert staff_id is not None

    def job() -> int:
        cause = Cause(actor=actor, at=flow.clock.now())
        return flow.database.write(
            lambda session: request_leave(session, cause, staff_id=staff_id, type_code="ANNUAL", period=period)
        )

    return job


if __name__ == "__main__":
    show(rows())
