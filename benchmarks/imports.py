"""How long a list takes to be looked at and to be written: 5,000 shifts of 60 people, 50 of them wrong.

Beside it the same rows inserted by bare SQL, without rules, audit or events. `python -m benchmarks.imports`.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from time import perf_counter

from sqlalchemy.orm import Session

from benchmarks.house import a_home_with_manager, cause, flow_on_new_database
from benchmarks.row import Goal, Row
from benchmarks.table import show
from flowapp.accounts.people import Person
from flowapp.accounts.users import person_of
from flowapp.bootstrap import Flow
from flowapp.rota.exchange.carrying import carry_on_imports
from flowapp.rota.exchange.csv_import import CsvImport, begin_writing, own_import, take_in
from flowapp.rota.exchange.lists import ListKind
from flowapp.rota.staff import JobRole, add_staff

ROWS, FAULTS, PEOPLE, ROUNDS = 5000, 50, 60, 3
HEADER = "home_code,date,start,end,role,employee_no,unpaid_break_min,published,notes"
FAULTY = ("ROSE,2027-02-30,08:00,20:00,SCW,,60,1,", "ROSE,2027-03-01,08:00,20:00,Pilot,,60,1,")


def the_list() -> str:
    """Write the list: a shift each day for everybody in turn, and every hundredth row is wrong."""
    first = date.fromisoformat("2027-03-01")
    lines = [HEADER]
    for number in range(ROWS):
        if number % (ROWS // FAULTS) == 7:
            lines.append(FAULTY[number % 2])
            continue
        day, who = first + timedelta(days=number // PEOPLE), number % PEOPLE
        lines.append(f"ROSE,{day},08:00,20:00,SCW,R-{who:03},60,{number % 2},Row {number}")
    return "\r\n".join(lines) + "\r\n"


def furnish(flow: Flow) -> Person:
    """Write a home with its people, and answer its manager."""

    def write(session: Session) -> int:
        home_id, manager = a_home_with_manager(session)
        for number in range(PEOPLE):
            add_staff(
                session, employee_no=f"R-{number:03}", name=f"Person {number}", email=f"p{number}@example.org",
                home_id=home_id, role=JobRole.CARER, pattern={"mon": Decimal("7.5")},
                start_date=date.fromisoformat("2024-01-08"), at=cause().at,
            )  # fmt: skip
        return manager

    manager = flow.database.write(write)
    with flow.database.read() as session:
        found = person_of(session, manager)
    assert found is not None
    return found


def measure() -> tuple[float, float, float]:
    """Answer the seconds in which the list is looked at, is written, and is inserted by bare SQL."""
    with flow_on_new_database() as flow:
        who, text = furnish(flow), the_list()
        begin = perf_counter()
        number = flow.database.write(
            lambda s: take_in(s, cause(), who, kind=ListKind.SHIFTS, text=text, file_name="shifts.csv")
        )
        carry_on_imports(flow.database, lambda: datetime.now(UTC))
        looked = perf_counter()
        _check(flow, who, number, FAULTS)
        flow.database.write(lambda s: begin_writing(s, cause(), who, number, only_good=True))
        carry_on_imports(flow.database, lambda: datetime.now(UTC))
        done = perf_counter()
        _check(flow, who, number, FAULTS)
        bare = _bare(flow.database.url.removeprefix("sqlite:///"))
        return looked - begin, done - looked, bare


def _check(flow: Flow, who: Person, number: int, faults: int) -> CsvImport:
    with flow.database.read() as session:
        found = own_import(session, who, number)
    if found.bad != faults or len({each.line for each in found.found}) != faults:
        raise SystemExit(f"{found.bad} faults were named, not {faults}: {found.found[:3]}")
    return found


def _bare(path: str) -> float:
    with closing(sqlite3.connect(path)) as database:
        columns = [row[1] for row in database.execute("PRAGMA table_info(shift)")]
        rows = database.execute("SELECT * FROM shift").fetchall()
        copies = [dict(zip(columns, row, strict=True)) | {"id": None, "uid": f"B{row[0]:025}"} for row in rows]
        values = [tuple((each | {"staff_id": None, "status": "open"}).values()) for each in copies]
        begin = perf_counter()
        marks = ",".join("?" * len(columns))
        database.executemany(f"INSERT INTO shift VALUES ({marks})", values)
        database.commit()
        return perf_counter() - begin


def rows() -> list[Row]:
    """Measure both halves and the whole."""
    found = [measure() for _ in range(ROUNDS)]
    bare = [each[2] for each in found]
    beside = "bare inserts of the same rows"
    given = {"unit": "s", "beside": beside, "references": bare}
    return [
        Row(key="imports.look", words="5,000 shifts looked at", figures=[each[0] for each in found], **given),
        Row(key="imports.write", words="5,000 shifts written", figures=[each[1] for each in found], **given),
        Row(
            key="imports.whole", words="both", figures=[each[0] + each[1] for each in found],
            goal=Goal(at_most=30), **given,
        ),
    ]  # fmt: skip


if __name__ == "__main__":
    show(rows())
