"""Approved hours are exported once, or a whole period again on purpose; no cell is a formula."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import update

from flowapp.accounts.people import Person
from flowapp.bootstrap import Flow
from flowapp.kernel.clock import FrozenClock
from flowapp.kernel.errors import NotAllowed, NotFound, Refused
from flowapp.rota.payroll.csv_text import COLUMNS, csv_text, guarded
from flowapp.rota.payroll.exporting import export, lines_of, visible_export
from flowapp.rota.staff import Staff
from tests.cast import Cast
from tests.factories import cause_of
from tests.unit.timesheets.attendance import TODAY, YESTERDAY, Attendance, hours

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)


@pytest.fixture
def attendance(flow: Flow, cast: Cast, clock: FrozenClock) -> Attendance:
    """Who comes to Rose House, and when."""
    return Attendance(flow, cast, clock)


def approved(attendance: Attendance, day: date) -> int:
    """Write approved hours of Dan's, and answer their number."""
    return attendance.approves(attendance.hands_in(attendance.a_shift(day)).id).id


def exported(attendance: Attendance, who: Person | None = None, *, last: date = LAST, again: bool = False) -> int:
    """Take what is approved in November."""
    by, rose = who or attendance.cast.maya, attendance.cast.rose
    cause = cause_of(by, attendance.clock.now())
    return attendance.write(lambda s: export(s, cause, by, home_id=rose, first=FIRST, last=last, again=again))


def test_a_second_export_has_only_what_is_new(attendance: Attendance) -> None:
    first, waits = approved(attendance, YESTERDAY), attendance.hands_in(attendance.a_shift(TODAY))
    made = exported(attendance)
    assert [line.id for line in attendance.read(lambda s: lines_of(s, made))] == [first]
    with pytest.raises(Refused, match="To have them once more, take the period again"):
        exported(attendance)

    attendance.approves(waits.id)
    second = exported(attendance)
    assert [line.id for line in attendance.read(lambda s: lines_of(s, second))] == [waits.id]

    again = exported(attendance, again=True)
    found = attendance.read(lambda s: visible_export(s, attendance.cast.maya, again))
    assert (found.lines, found.new_lines, found.hours, found.made_by) == (2, 0, Decimal(24), "Maya")


def test_only_approved_hours_of_these_days_and_this_home_are_taken(attendance: Attendance) -> None:
    attendance.hands_in(attendance.a_shift(TODAY))
    approved(attendance, FIRST - timedelta(days=1))
    with pytest.raises(Refused, match="No hours of these days are approved yet"):
        exported(attendance)
    inside = [approved(attendance, day) for day in (FIRST, YESTERDAY)]
    made = exported(attendance, last=YESTERDAY)
    assert [line.id for line in attendance.read(lambda s: lines_of(s, made))] == inside


def test_only_who_decides_on_hours_takes_them(attendance: Attendance) -> None:
    approved(attendance, YESTERDAY)
    cast = attendance.cast
    for who, error in ((cast.dan, NotFound), (cast.sorcha, NotAllowed), (cast.vic, NotFound), (cast.erin, NotFound)):
        with pytest.raises(error):
            exported(attendance, who)
    made = exported(attendance, cast.hana)
    for who in (cast.dan, cast.sorcha, cast.vic, cast.erin):
        with pytest.raises(NotFound):
            attendance.read(lambda s, by=who: visible_export(s, by, made))  # type: ignore[misc]


@pytest.mark.parametrize(
    ("last", "code"), [(FIRST - timedelta(days=1), "before_first"), (date(2027, 11, 2), "too_long")]
)
def test_days_that_make_no_sense_are_refused(attendance: Attendance, last: date, code: str) -> None:
    with pytest.raises(Refused) as told:
        exported(attendance, last=last)
    assert [each.code for each in told.value.problems] == [code]


def test_the_file_has_a_line_for_each_shift_and_can_be_read_by_spreadsheets(attendance: Attendance) -> None:
    sheet = attendance.hands_in(attendance.a_night(YESTERDAY), hours("19:50", "08:10", 60))
    attendance.approves(sheet.id)
    dan = attendance.cast.dan
    attendance.write(
        lambda s: bool(s.execute(update(Staff).where(Staff.id == dan.staff_id).values(name='=cmd "Dan", É')))
    )
    made = exported(attendance)
    text = csv_text(attendance.read(lambda s: lines_of(s, made)), bom=True)

    assert text.startswith("\ufeffemployee_no,")
    assert text.endswith("\r\n")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert rows == [
        list(COLUMNS),
        ["E-Dan", '\'=cmd "Dan", É', "2026-11-22", "2026-11-22 19:50", "2026-11-23 08:10", "60", "11.33", sheet.uid],
    ]


@pytest.mark.parametrize(
    ("cell", "kept"),
    [("=1+1", "'=1+1"), ("+44", "'+44"), ("-1", "'-1"), ("@SUM", "'@SUM"), ("\tx", "'\tx"), ("Anna", "Anna"), ("", "")],
)
def test_no_cell_is_taken_for_a_formula(cell: str, kept: str) -> None:
    assert guarded(cell) == kept
