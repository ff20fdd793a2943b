"""What the database itself refuses, whoever asks and however."""

from __future__ import annotations

import subprocess
import sys
import threading
from contextlib import ExitStack
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from flowapp.kernel.db import Database
from flowapp.kernel.errors import Conflict
from flowapp.rota.shift_overlap import NO_OVERLAP
from flowapp.rota.shifts import ShiftStatus
from tests.unit.rota_shifts.rota import Rota, at, staff_of

ROOT = Path(__file__).parents[3]
ROUNDS = 20
FROM_EIGHT = ("2026-12-07 08:00:00.000000", "2026-12-07 20:00:00.000000")


class Raw:
    """A database, and statements each in a transaction of its own."""

    def __init__(self, database: Database) -> None:
        self.engine = database.writer
        self.uids = count(1)

    def execute(self, statement: str) -> list[Any]:
        """Carry a statement out, and answer its rows."""
        with self.engine.begin() as connection:
            found = connection.exec_driver_sql(statement)
            return list(found) if found.returns_rows else []


def literal(value: object) -> str:
    """Write a value as SQL does."""
    if value is None:
        return "NULL"
    return f"'{value}'" if isinstance(value, str) else str(value)


@pytest.fixture
def raw(rota: Rota) -> Raw:
    """The database without FlowApp: whatever SQL one likes."""
    return Raw(rota.flow.database)


def insert(raw: Raw, rota: Rota, **given: Any) -> int:
    """Insert a shift of Dan's on 7 December from 8 to 20, or with these columns."""
    row = {
        "uid": f"U{next(raw.uids)}", "home_id": rota.cast.rose, "role": "SCW", "local_date": "2026-12-07",
        "start_local": "08:00", "end_local": "20:00", "timezone": "Europe/London", "starts_at": FROM_EIGHT[0],
        "ends_at": FROM_EIGHT[1], "unpaid_break_minutes": 0, "hours": 1200, "kind": "regular", "working_time": "full",
        "status": "assigned", "staff_id": staff_of(rota.cast.dan), "cancel_reason": "", "notes": "", "skills": "[]",
        "created_at": FROM_EIGHT[0], "updated_at": FROM_EIGHT[0], "version": 1,
    } | given  # fmt: skip
    names, values = ", ".join(row), ", ".join(map(literal, row.values()))
    [(number,)] = raw.execute(f"INSERT INTO shift ({names}) VALUES ({values}) RETURNING id")
    return int(number)


def on(day: str, start: str, end: str) -> dict[str, str]:
    """Answer the columns of these moments."""
    return {"starts_at": f"{day} {start}:00.000000", "ends_at": f"{day} {end}:00.000000"}


OVERLAP = "already has a shift at that time|shift_is_without_overlap"


@pytest.mark.parametrize(
    ("moments", "refused"),
    [
        (on("2026-12-07", "08:00", "20:00"), True),  # the same time
        (on("2026-12-07", "19:59", "21:00"), True),  # a minute at the end
        (on("2026-12-07", "06:00", "08:01"), True),  # a minute at the beginning
        (on("2026-12-07", "10:00", "11:00"), True),  # within
        (on("2026-12-07", "07:00", "21:00"), True),  # around
        (on("2026-12-07", "20:00", "21:00"), False),  # it touches the end
        (on("2026-12-07", "06:00", "08:00"), False),  # it touches the beginning
        (on("2026-12-08", "08:00", "20:00"), False),
    ],
)
def test_raw_sql_cannot_give_one_person_two_shifts_at_once(
    rota: Rota, raw: Raw, moments: dict[str, str], refused: bool
) -> None:
    insert(raw, rota)
    if not refused:
        assert insert(raw, rota, home_id=rota.cast.elm, **moments) == 2
        return
    with pytest.raises(IntegrityError, match=OVERLAP):
        insert(raw, rota, home_id=rota.cast.elm, **moments)
    assert raw.execute("SELECT count(*) FROM shift") == [(1,)]


def test_a_sleep_in_of_a_whole_day_is_seen_from_both_ends(rota: Rota, raw: Raw) -> None:
    whole_day = {"starts_at": "2026-12-07 06:00:00.000000", "ends_at": "2026-12-08 06:00:00.000000"}
    insert(raw, rota, working_time="sleep_in", **whole_day)

    for moments in (on("2026-12-08", "05:59", "09:00"), on("2026-12-07", "05:00", "06:01")):
        with pytest.raises(IntegrityError, match=OVERLAP):
            insert(raw, rota, **moments)
    insert(raw, rota, **on("2026-12-08", "06:00", "09:00"))


def test_open_and_cancelled_shifts_and_other_people_are_in_nobodys_way(rota: Rota, raw: Raw) -> None:
    insert(raw, rota)
    insert(raw, rota, status="open", staff_id=None)
    insert(raw, rota, status="cancelled")
    insert(raw, rota, staff_id=staff_of(rota.cast.sorcha))

    assert raw.execute("SELECT count(*) FROM shift") == [(4,)]


@pytest.mark.parametrize(
    "change",
    [
        "staff_id = (SELECT staff_id FROM shift WHERE id = 1)",
        "staff_id = (SELECT staff_id FROM shift WHERE id = 1), status = 'assigned'",
    ],
)
def test_raw_sql_cannot_change_a_shift_into_an_overlap(rota: Rota, raw: Raw, change: str) -> None:
    insert(raw, rota)
    insert(raw, rota, staff_id=staff_of(rota.cast.sorcha))
    with pytest.raises(IntegrityError, match=OVERLAP):
        raw.execute(f"UPDATE shift SET {change} WHERE id = 2")


def test_raw_sql_cannot_move_or_revive_a_shift_into_an_overlap(rota: Rota, raw: Raw) -> None:
    insert(raw, rota)
    insert(raw, rota, status="cancelled")
    insert(raw, rota, **on("2026-12-07", "20:00", "22:00"))

    for statement in (
        "UPDATE shift SET status = 'assigned' WHERE id = 2",
        "UPDATE shift SET starts_at = '2026-12-07 19:00:00.000000' WHERE id = 3",
        "INSERT INTO shift SELECT 9, 'X' || uid, home_id, unit_id, role, local_date, start_local, "
        "end_local, timezone, starts_at, ends_at, unpaid_break_minutes, hours, kind, working_time, status, staff_id, "
        "published_at, acknowledged_at, open_since, unfilled_told, cancel_reason, notes, skills, created_at, "
        "updated_at, version FROM shift WHERE id = 1",
    ):
        with pytest.raises(IntegrityError, match=OVERLAP):
            raw.execute(statement)
    raw.execute("UPDATE shift SET ends_at = '2026-12-07 19:00:00.000000' WHERE id = 1")  # not in its own way


@pytest.mark.sqlite
def test_replacing_a_shift_is_no_way_round_either(rota: Rota, raw: Raw) -> None:
    insert(raw, rota)
    insert(raw, rota, status="cancelled")
    with pytest.raises(IntegrityError, match=OVERLAP):
        raw.execute(
            "INSERT OR REPLACE INTO shift SELECT id, 'X' || uid, home_id, unit_id, role, local_date, start_local, "
            "end_local, timezone, starts_at, ends_at, unpaid_break_minutes, hours, kind, working_time, 'assigned', "
            "staff_id, published_at, acknowledged_at, open_since, unfilled_told, cancel_reason, notes, skills, "
            "created_at, updated_at, version "
            "FROM shift WHERE id = 2"
        )


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("starts_at", "2026-12-07T08:00:00Z"),  # ISO sorts elsewhere than what we write
        ("starts_at", "2026-12-07 08:00:00"),
        ("ends_at", "2026-12-07 20:00"),
        ("ends_at", "tomorrow"),
    ],
)
def test_a_moment_written_otherwise_is_refused_since_it_could_not_be_compared(
    rota: Rota, raw: Raw, column: str, value: str
) -> None:
    with pytest.raises(IntegrityError, match="Write moments as"):
        insert(raw, rota, **{column: value})
    insert(raw, rota)
    with pytest.raises(IntegrityError, match="Write moments as"):
        raw.execute(f"UPDATE shift SET {column} = {literal(value)}")


@pytest.mark.parametrize(
    ("given", "name"),
    [
        (on("2026-12-07", "08:00", "08:00"), "ends_after_start"),
        (on("2026-12-07", "00:00", "16:01"), "not_too_long"),
        ({"working_time": "sleep_in", "starts_at": "2026-12-07 08:00:00.000000",
          "ends_at": "2026-12-08 08:01:00.000000"}, "not_too_long"),
        ({"status": "open"}, "open_or_somebodys"),  # open, and yet Dan's
        ({"staff_id": None}, "open_or_somebodys"),  # assigned, and yet nobody's
        ({"status": "completed", "staff_id": None}, "open_or_somebodys"),
        ({"unpaid_break_minutes": 121}, "unpaid_break"),
        ({"unpaid_break_minutes": -1}, "unpaid_break"),
        ({"hours": 0}, "hours"),
    ],
)  # fmt: skip
def test_a_row_that_makes_no_sense_is_refused(rota: Rota, raw: Raw, given: dict[str, Any], name: str) -> None:
    with pytest.raises(IntegrityError, match=f"ck_shift_{name}"):
        insert(raw, rota, **given)


def test_the_longest_shifts_there_are_pass(rota: Rota, raw: Raw) -> None:
    insert(raw, rota, **on("2026-12-07", "00:00", "16:00"))
    insert(raw, rota, working_time="sleep_in", starts_at="2026-12-08 08:00:00.000000",
           ends_at="2026-12-09 08:00:00.000000")  # fmt: skip


@pytest.mark.sqlite
def test_the_look_for_an_overlap_reads_the_days_around_and_no_more(rota: Rota, raw: Raw) -> None:
    insert(raw, rota)
    plan = raw.execute(
        "EXPLAIN QUERY PLAN SELECT 1 FROM shift AS other WHERE other.staff_id = 1 AND other.status <> 'cancelled' "
        "AND other.starts_at < 'b' AND other.ends_at > 'a' AND other.starts_at > datetime('a', '-1 day') || '.0'"
    )
    assert "ix_shift_staff_starts (staff_id=? AND starts_at>? AND starts_at<?)" in plan[0][3]


@pytest.mark.sqlite
def test_the_triggers_are_those_that_a_migration_is_given(raw: Raw) -> None:
    made = {
        row[0] for row in raw.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'shift'")
    }
    assert {" ".join(each.split()) for each in made} == {" ".join(each.split()) for each in NO_OVERLAP["sqlite"]}


@pytest.mark.postgresql
def test_the_constraint_is_that_which_a_migration_is_given(raw: Raw) -> None:
    [(made,)] = raw.execute(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'shift_is_without_overlap'"
    )
    assert made.startswith("EXCLUDE USING gist (int8range(staff_id, staff_id, '[]'::text) WITH &&, tstzrange(")


def test_two_threads_never_give_one_person_two_shifts_at_once(rota: Rota) -> None:
    dan = staff_of(rota.cast.dan)
    for round_ in range(ROUNDS):
        day = date(2026, 12, 7) + timedelta(weeks=round_)
        shifts = [rota.plan(date=day), rota.plan(date=day, start=at("12:00"), end=at("23:00"))]
        barrier, outcomes = threading.Barrier(2), []

        def attempt(shift_id: int, barrier: threading.Barrier = barrier, outcomes: list[str] = outcomes) -> None:
            barrier.wait()
            try:
                rota.assign(shift_id, dan)
                outcomes.append("done")
            except Conflict:
                outcomes.append("conflict")

        threads = [threading.Thread(target=attempt, args=(shift_id,)) for shift_id in shifts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(outcomes) == ["conflict", "done"]
        assert sorted(rota.shift(each).status for each in shifts) == [ShiftStatus.ASSIGNED, ShiftStatus.OPEN]


def test_two_processes_never_give_one_person_two_shifts_nor_one_shift_twice(rota: Rota) -> None:
    dan, sorcha = staff_of(rota.cast.dan), staff_of(rota.cast.sorcha)
    command = [sys.executable, "-m", "tests.unit.rota_shifts.assigning_process", rota.flow.settings.database_url,
               str(rota.cast.maya.user_id)]  # fmt: skip
    with ExitStack() as stack:
        both = [
            stack.enter_context(
                subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            )
            for _ in range(2)
        ]
        assert [_line(each) for each in both] == ["ready", "ready"]
        for round_ in range(ROUNDS):
            day = date(2026, 12, 7) + timedelta(weeks=round_)
            first, second = rota.plan(date=day), rota.plan(date=day, start=at("12:00"), end=at("23:00"))
            # Odd rounds: two shifts for Dan at one time. Even rounds: one shift for Dan and for Sorcha.
            orders = [(first, dan), (second, dan)] if round_ % 2 else [(first, dan), (first, sorcha)]
            for process, (shift_id, staff_id) in zip(both, orders, strict=True):
                assert process.stdin is not None
                print(shift_id, staff_id, file=process.stdin, flush=True)
            assert sorted(_line(each) for each in both) == ["conflict", "done"]
        for process in both:
            assert process.stdin is not None
            process.stdin.close()


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()
