"""Taking lists in: first tried, then written, by the functions the pages use."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from flowapp.accounts.audit import AuditEntry
from flowapp.accounts.user_changes import deactivate
from flowapp.bootstrap import Flow
from flowapp.events.outbox import EventRecord
from flowapp.kernel.errors import Conflict, NotAllowed, NotFound
from flowapp.rota.exchange import carrying
from flowapp.rota.exchange.carrying import carry_on_imports
from flowapp.rota.exchange.csv_import import ImportStatus, begin_writing
from flowapp.rota.exchange.lists import ListKind
from flowapp.rota.leave import LeaveRequest, LeaveStatus
from flowapp.rota.shifts import Shift, ShiftStatus
from flowapp.rota.staff import Staff
from tests.cast import Cast
from tests.factories import a_shift, cause_of, leave_asked
from tests.unit.exchange.lists import csv_of, looked_at, read, written

STAFF = "employee_no,name,email,home_code,role,mon,tue,start_date"
ANNA = "R-014,Anna Boyd,anna@example.org,ROSE,Carer,7.5,7.5,2026-12-01"
SHIFTS = "shift_uid,home_code,date,start,end,role,employee_no,unpaid_break_min,published,notes"
LEAVE = "employee_no,type,start,start_part,end,end_part,status"
DEPUTY = (
    "First Name,Last Name,Email,Start Date,Start Time,End Date,End Time,Location,Area,Meal Break (Mins),"
    "Comment,Published,Open"
)


def count(flow: Flow, table: type) -> int:
    """Count the rows of a table."""
    with flow.database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def all_of(flow: Flow, table: type) -> list:
    """Read the rows of a table, the newest last."""
    with flow.database.read() as session:
        return list(session.scalars(select(table).order_by(table.id)))


def events(flow: Flow) -> list[str]:
    """Read the types of every event."""
    with flow.database.read() as session:
        return list(session.scalars(select(EventRecord.type).order_by(EventRecord.seq)))


def test_looking_at_a_list_says_what_would_be_done_and_writes_nothing(flow: Flow, cast: Cast) -> None:
    before = count(flow, Staff), count(flow, AuditEntry), events(flow)

    found = looked_at(flow, cast.maya, ListKind.STAFF, csv_of(STAFF, ANNA, "E-Dan,Daniel,,,,,,", "E-Sorcha,,,,,,,"))

    assert found.status is ImportStatus.CHECKED
    assert found.counts == {"added": 1, "changed": 1, "same": 1}
    assert (count(flow, Staff), count(flow, AuditEntry), events(flow)) == before


def test_a_list_of_staff_adds_and_changes_as_the_pages_do(flow: Flow, cast: Cast) -> None:
    done = written(flow, cast.maya, ListKind.STAFF, csv_of(STAFF, ANNA, "E-Dan,Daniel,,,,,,"))

    assert (done.status, done.counts) == (ImportStatus.DONE, {"added": 1, "changed": 1})
    anna, dan = all_of(flow, Staff)[-1], next(each for each in all_of(flow, Staff) if each.employee_no == "E-Dan")
    assert (anna.name, anna.email, anna.home_id, anna.contracted_hours) == (
        "Anna Boyd", "anna@example.org", cast.rose, 15)  # fmt: skip
    assert (dan.name, dan.email, dan.pattern["mon"]) == ("Daniel", "dan@example.org", 7.5)  # empty cells change nothing
    assert events(flow) == ["staff_created", "staff_updated"]
    assert [each.action for each in all_of(flow, AuditEntry)][-3:] == ["import.begin", "staff.create", "staff.update"]


def test_a_list_that_is_taken_in_again_changes_nothing(flow: Flow, cast: Cast) -> None:
    text = csv_of(STAFF, ANNA)
    written(flow, cast.maya, ListKind.STAFF, text)
    told = events(flow)

    assert written(flow, cast.maya, ListKind.STAFF, text).counts == {"same": 1}
    assert events(flow) == told


def test_with_a_bad_row_nothing_is_written_unless_the_good_ones_are_asked_for(flow: Flow, cast: Cast) -> None:
    text = csv_of(STAFF, ANNA, "R-015,Ben,no address,ROSE,Carer,,,2026-12-01")
    with pytest.raises(Conflict, match="nothing was written"):
        written(flow, cast.maya, ListKind.STAFF, text)
    assert count(flow, Staff) == 5

    done = written(flow, cast.maya, ListKind.STAFF, text, only_good=True)

    assert done.counts == {"added": 1, "bad": 1}
    assert count(flow, Staff) == 6


BAD_STAFF = [
    ("R-9,Ben,ben,ROSE,Carer,,,2026-12-01", "email", "email address such as"),
    ("R-9,Ben,ben@example.org,ELM,Carer,,,2026-12-01", "home_code", "None of your homes"),  # another's home
    ("R-9,Ben,ben@example.org,ROSE,Pilot,,,2026-12-01", "role", "not known here"),
    ("R-9,Ben,ben@example.org,ROSE,Carer,x,,2026-12-01", "mon", "no number"),
    ("R-9,Ben,ben@example.org,ROSE,Carer,24.5,,2026-12-01", "mon", "from 0 to 24"),
    ("R-9,Ben,ben@example.org,ROSE,Carer,,,01/12/2026", "start_date", "no day"),
    ("R-9,Ben,ben@example.org,ROSE,Carer,,,", "start_date", "is empty"),
    (",Ben,ben@example.org,ROSE,Carer,,,2026-12-01", "employee_no", "is empty"),
    ("E-Vic,Ben,ben@example.org,ROSE,Carer,,,2026-12-01", "employee_no", "Another member of staff"),  # of Elm House
    ("R-9,Ben,VIC@example.org,ROSE,Carer,,,2026-12-01", "email", "Another member of staff"),
    ("E-Dan,Dan,,ELM,,,,", "home_code", "moves nobody"),
    ("R-9,Ben,ben@example.org,ROSE,Carer,1e999,,2026-12-01", "mon", "no number"),
    (f"{'9' * 21},Ben,ben@example.org,ROSE,Carer,,,2026-12-01", "employee_no", "20 characters"),
]


@pytest.mark.parametrize(("row", "column", "words"), BAD_STAFF)
def test_a_bad_row_is_named_with_its_line_and_column(flow: Flow, cast: Cast, row: str, column: str, words: str) -> None:
    found = looked_at(flow, cast.maya, ListKind.STAFF, csv_of(STAFF, ANNA, "", row))

    assert [(each.line, each.column) for each in found.found] == [(4, column)]
    assert words in found.found[0].message
    assert found.counts == {"added": 1, "bad": 1}


def test_two_rows_about_the_same_person_are_told_apart_from_a_change(flow: Flow, cast: Cast) -> None:
    found = looked_at(flow, cast.maya, ListKind.STAFF, csv_of(STAFF, ANNA, ANNA.replace("Boyd", "Bell")))
    assert [(each.line, each.message) for each in found.found] == [
        (3, "Line 2 is about the same. Leave one of them out.")
    ]


def test_a_list_of_shifts_plans_gives_and_publishes_them(flow: Flow, cast: Cast) -> None:
    text = csv_of(
        SHIFTS,
        ",ROSE,2026-12-07,08:00,20:00,SCW,E-Dan,60,1,Come early",
        ",ROSE,2026-12-07,20:00,08:00,SCW,,60,0,",
        ",ROSE,2026-12-07,20:00,08:00,SCW,,60,0,",  # two carers are needed
    )
    done = written(flow, cast.maya, ListKind.SHIFTS, text)

    assert done.counts == {"added": 3}
    day, *nights = all_of(flow, Shift)
    assert (day.staff_id, day.notes, day.published_at) == (cast.dan.staff_id, "Come early", flow.clock.now())
    assert [each.status for each in nights] == [ShiftStatus.OPEN] * 2
    assert sorted(set(events(flow))) == ["shift_created", "shift_published", "staff_assigned"]
    assert written(flow, cast.maya, ListKind.SHIFTS, text).counts == {"same": 3}
    assert count(flow, Shift) == 3


def test_a_shift_of_a_uid_is_changed_handed_over_and_cancelled(flow: Flow, cast: Cast) -> None:
    a_shift(flow, cast.maya, cast.rose, day=date(2026, 12, 7), staff=cast.dan)
    uid = all_of(flow, Shift)[0].uid
    text = csv_of(SHIFTS, f"{uid},ROSE,2026-12-07,09:00,20:00,SCW,E-Sorcha,30,,")
    assert written(flow, cast.maya, ListKind.SHIFTS, text).counts == {"changed": 1}
    (shift,) = all_of(flow, Shift)
    assert (shift.start_local, shift.staff_id, shift.unpaid_break_minutes) == ("09:00", cast.sorcha.staff_id, 30)

    gone = csv_of("shift_uid,home_code,date,start,end,status,notes",
                  f"{uid},ROSE,2026-12-07,09:00,20:00,cancelled,Not needed")  # fmt: skip
    assert written(flow, cast.maya, ListKind.SHIFTS, gone).counts == {"changed": 1}
    assert all_of(flow, Shift)[0].cancel_reason == "Not needed"


BAD_SHIFTS: list[tuple[str, str, str]] = [
    (",ROSE,2026-12-07,08:00,20:00,SCW,E-Vic,60,1,", "employee_no", "Nobody in your homes"),
    (",ROSE,2026-12-07,08:00,08:30,SCW,,60,1,", "unpaid_break_min", "as long as the shift"),
    (",ROSE,2026-12-07,08:00,07:00,SCW,,60,1,", "end", "16 hours at most"),
    (",ROSE,2026-12-07,8 am,20:00,SCW,,60,1,", "start", "not a time of day"),
    (",ROSE,2026-12-07,08:00,20:00,,,60,1,", "role", "is empty"),
    (",ROSE,2026-12-07,08:00,20:00,SCW,,6.5,1,", "unpaid_break_min", "no whole number"),
    (",ROSE,2026-12-07,08:00,20:00,SCW,,60,perhaps,", "published", "neither yes nor no"),
    ("01ARZ3NDEKTSV4RRFFQ69G5FAV,ROSE,2026-12-07,08:00,20:00,SCW,,60,1,", "shift_uid", "No shift of your homes"),
    (",ROSE,1026-12-07,08:00,20:00,SCW,,60,1,", "date", "cannot be right"),
]


@pytest.mark.parametrize(("row", "column", "words"), BAD_SHIFTS)
def test_a_bad_shift_is_named(flow: Flow, cast: Cast, row: str, column: str, words: str) -> None:
    found = looked_at(flow, cast.maya, ListKind.SHIFTS, csv_of(SHIFTS, row))
    assert [(each.line, each.column) for each in found.found] == [(2, column)]
    assert words in found.found[0].message


def test_two_shifts_of_one_person_at_once_are_found_wherever_they_stand_in_the_list(flow: Flow, cast: Cast) -> None:
    between = [f",ROSE,2026-12-{day:02},08:00,20:00,SCW,,0,," for day in range(1, 31)] * 2  # more than one batch
    text = csv_of(
        SHIFTS, ",ROSE,2026-12-07,08:00,20:00,SCW,E-Dan,60,,", *between, ",ROSE,2026-12-07,12:00,22:00,SCW,E-Dan,60,,"
    )
    found = looked_at(flow, cast.maya, ListKind.SHIFTS, text)
    assert [each.line for each in found.found] == [63]
    assert "already works" in found.found[0].message


def test_deputys_layout_is_read(flow: Flow, cast: Cast) -> None:
    text = csv_of(
        DEPUTY,
        "Dan,D,dan@example.org,2026-12-07,20:00:00,2026-12-08,08:00:00,Rose House,,60,Late,Yes,No",
        ",,,2026-12-08,09:00:00,2026-12-08,17:00:00,Rose House,,30,,No,Yes",
        "Vic,V,vic@example.org,2026-12-08,09:00:00,2026-12-08,17:00:00,Rose House,,30,,No,No",
        "Dan,D,dan@example.org,2026-12-09,20:00:00,2026-12-09,08:00:00,Rose House,,60,,Yes,No",
    )
    done = written(flow, cast.maya, ListKind.SHIFTS, text, only_good=True)

    assert [(each.line, each.column) for each in done.found] == [(4, "email"), (5, "end date")]
    first, second = all_of(flow, Shift)
    assert (first.staff_id, first.end_local, first.unpaid_break_minutes, first.notes) == (
        cast.dan.staff_id, "08:00", 60, "Late")  # fmt: skip
    assert first.published_at is not None
    assert (second.status, second.published_at) == (ShiftStatus.OPEN, None)


def test_a_list_of_leave_asks_and_approves(flow: Flow, cast: Cast) -> None:
    text = csv_of(
        LEAVE,
        "E-Dan,ANNUAL,2026-12-14,pm,2026-12-16,,approved",
        "E-Sorcha,Annual leave,2026-12-14,,2026-12-14,,",
        "E-Dan,ANNUAL,2026-11-02,,2026-11-02,,rejected",  # came to nothing elsewhere
    )
    done = written(flow, cast.maya, ListKind.LEAVE, text)

    assert done.counts == {"added": 2, "same": 1}
    dans, sorchas = all_of(flow, LeaveRequest)
    assert (dans.status, dans.days, dans.decided_by) == (LeaveStatus.APPROVED, 2.5, "Maya")
    assert sorchas.status is LeaveStatus.REQUESTED
    assert written(flow, cast.maya, ListKind.LEAVE, text).counts == {"same": 3}


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ("E-Dan,HOLIDAY,2026-12-14,,2026-12-14,,", "type", "Choose a type of leave"),
        ("E-Dan,ANNUAL,2026-12-16,,2026-12-14,,", "end", "before the first"),
        ("E-Dan,ANNUAL,2026-12-14,noon,2026-12-14,,", "start_part", "not known here"),
        ("E-Vic,ANNUAL,2026-12-14,,2026-12-14,,", "employee_no", "Nobody in your homes"),
        ("E-Maya,ANNUAL,2026-12-14,,2026-12-14,,approved", "", "somebody else has to decide it"),  # one's own
        ("E-Dan,ANNUAL,2026-12-05,,2026-12-06,,", "start", "No work is due"),  # a weekend
    ],
)
def test_bad_leave_is_named(flow: Flow, cast: Cast, row: str, column: str, words: str) -> None:
    found = looked_at(flow, cast.maya, ListKind.LEAVE, csv_of(LEAVE, row))
    assert {each.line for each in found.found} == {2}
    assert any(words in each.message for each in found.found), found.found
    assert found.found[0].column == column or not column


def test_leave_of_one_person_is_held_against_their_own_within_the_list(flow: Flow, cast: Cast) -> None:
    text = csv_of(LEAVE, "E-Dan,ANNUAL,2026-12-14,,2026-12-16,,", "E-Dan,ANNUAL,2026-12-16,,2026-12-17,,")
    found = looked_at(flow, cast.maya, ListKind.LEAVE, text)
    assert [each.line for each in found.found] == [3]


def test_known_leave_is_approved_and_never_turned_back(flow: Flow, cast: Cast) -> None:
    leave_asked(flow, cast.dan, start=date(2026, 12, 14))
    row = "E-Dan,ANNUAL,2026-12-14,,2026-12-14,,"
    assert written(flow, cast.maya, ListKind.LEAVE, csv_of(LEAVE, row + "approved")).counts == {"changed": 1}
    assert written(flow, cast.maya, ListKind.LEAVE, csv_of(LEAVE, row + "requested")).counts == {"same": 1}
    found = looked_at(flow, cast.maya, ListKind.LEAVE, csv_of(LEAVE, row + "cancelled"))
    assert "on its own page" in found.found[0].message


def test_a_list_of_others_is_not_there(flow: Flow, cast: Cast) -> None:
    number = looked_at(flow, cast.maya, ListKind.STAFF, csv_of(STAFF, ANNA)).id
    with pytest.raises(NotFound):
        read(flow, cast.hana, number)


@pytest.mark.parametrize("kind", [ListKind.STAFF, ListKind.SHIFTS])
def test_a_carer_takes_no_list_in(flow: Flow, cast: Cast, kind: ListKind) -> None:
    with pytest.raises((NotAllowed, NotFound)):
        looked_at(flow, cast.dan, kind, csv_of(STAFF, ANNA))


def test_a_list_is_carried_on_where_it_was_left(flow: Flow, cast: Cast) -> None:
    text = csv_of(SHIFTS, *(f",ROSE,2026-12-{day:02},08:00,20:00,SCW,,0,," for day in range(1, 31)))
    number, cause = looked_at(flow, cast.maya, ListKind.SHIFTS, text).id, cause_of(cast.maya, flow.clock.now())
    flow.database.write(lambda s: begin_writing(s, cause, cast.maya, number, only_good=False))
    answers = iter([False, True])
    carry_on_imports(flow.database, flow.clock.now, lambda: next(answers))
    left = read(flow, cast.maya, number)
    assert (left.status, left.position, count(flow, Shift)) == (ImportStatus.WRITING, 25, 25)

    carry_on_imports(flow.database, flow.clock.now)

    assert (read(flow, cast.maya, number).counts, count(flow, Shift)) == ({"added": 30}, 30)


def test_a_batch_that_another_process_has_done_is_not_done_again(
    flow: Flow, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = csv_of(SHIFTS, *(f",ROSE,2026-12-{day:02},08:00,20:00,SCW,,0,," for day in range(1, 31)))
    number, cause = looked_at(flow, cast.maya, ListKind.SHIFTS, text).id, cause_of(cast.maya, flow.clock.now())
    flow.database.write(lambda s: begin_writing(s, cause, cast.maya, number, only_good=False))
    others, answers = iter([True]), iter([False, True])  # it does one batch, and ends

    def meanwhile() -> bool:
        if next(others, False):
            carry_on_imports(flow.database, flow.clock.now, lambda: next(answers))
        return False

    carry_on_imports(flow.database, flow.clock.now, meanwhile)
    assert read(flow, cast.maya, number).position == 25
    carry_on_imports(flow.database, flow.clock.now)

    assert (read(flow, cast.maya, number).counts, count(flow, Shift)) == ({"added": 30}, 30)


def test_a_list_is_written_once(flow: Flow, cast: Cast) -> None:
    done, cause = written(flow, cast.maya, ListKind.STAFF, csv_of(STAFF, ANNA)), cause_of(cast.maya, flow.clock.now())
    with pytest.raises(Conflict, match="written already"):
        flow.database.write(lambda s: begin_writing(s, cause, cast.maya, done.id, only_good=True))


def test_a_list_stops_when_the_account_is_closed(flow: Flow, cast: Cast) -> None:
    number, cause = (
        looked_at(flow, cast.maya, ListKind.STAFF, csv_of(STAFF, ANNA)).id,
        cause_of(cast.maya, flow.clock.now()),
    )
    flow.database.write(lambda s: begin_writing(s, cause, cast.maya, number, only_good=False))
    flow.database.write(lambda s: deactivate(s, cause, cast.maya.user_id, reason="Has left"))
    carry_on_imports(flow.database, flow.clock.now)
    stopped = read(flow, cast.maya, number)
    assert (stopped.status, stopped.found[0].message) == (ImportStatus.STOPPED, carrying.CLOSED)
    assert count(flow, Staff) == 5
