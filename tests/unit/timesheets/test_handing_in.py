"""Handing in hours: who may, what is refused, and what is written, noted and told."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from flowapp.kernel.errors import Conflict, NotFound, Refused
from flowapp.rota import shift_changes
from flowapp.rota.shifts import ShiftStatus
from flowapp.rota.timesheets import handing_in
from flowapp.rota.timesheets.handing_in import Hours
from flowapp.rota.timesheets.timesheet import TimesheetStatus
from tests.factories import cause_of
from tests.unit.timesheets.attendance import TODAY, YESTERDAY, Attendance, hours, moment


def test_hours_are_handed_in_without_having_clocked_in(attendance: Attendance) -> None:
    shift = attendance.a_shift()
    sheet = attendance.hands_in(shift, hours("08:00", "20:15", 60, "Mrs Bain fell"))

    assert (sheet.staff_id, sheet.home_id, sheet.local_date) == (
        attendance.cast.dan.staff_id,
        attendance.cast.rose,
        TODAY,
    )
    assert (sheet.in_at, sheet.out_at, sheet.hours) == (moment(8), moment(20, 15), Decimal("11.25"))
    assert (sheet.status, sheet.note, sheet.version) == (TimesheetStatus.SUBMITTED, "Mrs Bain fell", 1)
    assert attendance.shift(shift).status is ShiftStatus.COMPLETED
    assert attendance.noted() == ["shift.completed", "timesheet.submit"]


def test_workflows_are_told_what_was_worked_and_how_it_differs(attendance: Attendance) -> None:
    sheet = attendance.hands_in(attendance.a_shift(), hours("08:30", "20:00"))
    (event,) = attendance.told()
    assert (event.type, event.subject_type, event.subject_id) == ("timesheet_submitted", "timesheet", sheet.id)
    told = {name: event.context[name] for name in ("hours", "planned_hours", "difference_hours", "as_planned")}
    assert told == {"hours": 11.5, "planned_hours": 12, "difference_hours": Decimal("-0.5"), "as_planned": False}
    assert event.context["difference"] == "Came 30 minutes late: 0.5 hours fewer than planned"
    assert (event.context["shift_date"], event.context["staff"]["name"]) == ("2026-11-23", "Dan")


def test_what_was_clocked_can_be_corrected(attendance: Attendance) -> None:
    shift = attendance.a_shift()
    came = attendance.comes(shift, moment(8, 20))
    sheet = attendance.hands_in(shift, hours("08:00", "20:00", 0, "I was in the kitchen"))
    assert (sheet.id, sheet.in_at, sheet.version) == (came.id, moment(8), 2)
    assert [each["what"] for each in sheet.history] == ["clocked in", "handed in"]
    assert sheet.history[1]["why"] == "I was in the kitchen"


def test_until_somebody_decides_they_can_be_handed_in_anew_and_the_same_changes_nothing(attendance: Attendance) -> None:
    shift = attendance.a_shift()
    first = attendance.hands_in(shift)
    same = attendance.hands_in(shift)
    assert (same.version, len(attendance.told())) == (1, 1)
    other = attendance.hands_in(shift, hours("08:00", "19:00"))
    assert (other.id, other.version, other.hours) == (first.id, 2, 11)
    assert [each.type for each in attendance.told()] == ["timesheet_submitted"] * 2


def test_approved_hours_stay_as_they_are(attendance: Attendance) -> None:
    shift = attendance.a_shift()
    attendance.approves(attendance.hands_in(shift).id)
    with pytest.raises(Conflict, match="These hours are approved by Maya already"):
        attendance.hands_in(shift, hours("08:00", "19:00"))


def test_nobody_is_paid_twice_for_the_same_time(attendance: Attendance) -> None:
    attendance.hands_in(attendance.a_night(YESTERDAY), hours("20:00", "08:30"))
    shift = attendance.a_shift()
    with pytest.raises(Refused, match="20:00 to 08:00 on 22 November 2026, are written down for part of this time"):
        attendance.hands_in(shift, hours("08:00", "20:00"))
    assert attendance.hands_in(shift, hours("08:30", "20:00")).hours == Decimal("11.5")


def test_a_night_with_a_clock_change_is_paid_as_it_passed(attendance: Attendance) -> None:
    for day, worked in ((date(2026, 10, 24), 13), (date(2026, 3, 28), 11)):
        assert attendance.hands_in(attendance.a_night(day), hours("20:00", "08:00")).hours == worked


def test_a_manager_hands_in_for_somebody_and_others_do_not(attendance: Attendance) -> None:
    shift = attendance.a_shift()
    for who, error in ((attendance.cast.vic, NotFound), (attendance.cast.erin, NotFound)):
        with pytest.raises(error):
            attendance.hands_in(shift, who=who)
    sheet = attendance.hands_in(shift, who=attendance.cast.maya)
    assert (sheet.staff_id, sheet.history[0]["by"]) == (attendance.cast.dan.staff_id, "Maya")


def test_an_open_or_cancelled_shift_has_no_hours(attendance: Attendance) -> None:
    shift, maya = attendance.a_shift(), attendance.cast.maya
    cause = cause_of(maya, attendance.clock.now())
    attendance.write(lambda s: shift_changes.cancel(s, cause, maya, shift))
    with pytest.raises(Conflict, match="This shift is cancelled, so there are no hours"):
        attendance.hands_in(shift)


def test_whoever_saw_another_version_is_told(attendance: Attendance) -> None:
    shift = attendance.a_shift()
    with pytest.raises(Conflict):
        attendance.hands_in(shift, seen=1)
    sheet = attendance.hands_in(shift, seen=0)
    with pytest.raises(Conflict):
        attendance.hands_in(shift, hours("09:00"), seen=2)
    again = Hours(came=hours().came, went=hours("08:00", "19:00").went, break_minutes=0)
    dan, now = attendance.cast.dan, attendance.clock.now()
    act = handing_in.hand_in_again
    assert attendance.write(lambda s: act(s, cause_of(dan, now), dan, sheet.id, again, seen=1)).version == 2


def test_hours_are_handed_in_when_one_has_gone(attendance: Attendance) -> None:
    tomorrow = attendance.a_shift(TODAY + timedelta(days=1))
    with pytest.raises(Refused, match="This time has not come yet"):
        attendance.hands_in(tomorrow)
