"""Clocking in and out: who may, when, and what follows."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from flowapp.kernel.errors import Conflict, NotFound, Refused
from flowapp.rota.shifts import ShiftStatus
from flowapp.rota.timesheets.timesheet import TimesheetStatus
from tests.unit.timesheets.attendance import TODAY, YESTERDAY, Attendance, moment


def test_who_clocks_in_and_out_has_worked_the_hours_between(attendance: Attendance) -> None:
    shift = attendance.a_shift()
    came = attendance.comes(shift, moment(7, 57, second=41))

    assert (came.in_at, came.out_at, came.status) == (moment(7, 57), None, TimesheetStatus.DRAFT)
    assert (came.hours, came.worked, came.difference) == (0, None, None)
    assert attendance.shift(shift).status is ShiftStatus.IN_PROGRESS

    went = attendance.goes(shift, moment(20, 2, second=5))
    assert (went.id, went.out_at, went.hours, went.version) == (came.id, moment(20, 2), Decimal("12.08"), 2)
    assert went.status is TimesheetStatus.DRAFT
    assert attendance.shift(shift).status is ShiftStatus.COMPLETED
    assert attendance.noted() == [
        *("shift.in_progress", "timesheet.clock_in"),
        *("timesheet.clock_out", "shift.completed"),
    ]
    assert [each["what"] for each in went.history] == ["clocked in", "clocked out"]


def test_workflows_are_told_of_each_and_of_who_is_late(attendance: Attendance) -> None:
    shift = attendance.a_shift()
    attendance.comes(shift, moment(8, 6), words="The bus did not come")
    attendance.goes(shift, moment(20))

    came, late, went = attendance.told()
    assert (came.type, came.subject_id, came.care_home_id) == ("staff_clocked_in", shift, attendance.cast.rose)
    assert (came.context["staff"]["name"], came.context["at"]) == ("Dan", "2026-11-23T08:06:00Z")
    assert (late.type, late.context["minutes_late"], late.context["note"]) == (
        "late_clock_in", 6, "The bus did not come")  # fmt: skip
    assert (went.type, went.context["worked_hours"]) == ("staff_clocked_out", Decimal("11.9"))


def test_five_minutes_are_not_late(attendance: Attendance) -> None:
    attendance.comes(attendance.a_shift(), moment(8, 5, second=59))
    assert [each.type for each in attendance.told()] == ["staff_clocked_in"]


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (moment(6, 59), "This shift starts at 08:00. You can clock in from an hour before."),
        (moment(20), "This shift is over. Hand in your hours instead."),
    ],
)
def test_one_clocks_in_from_an_hour_before_until_the_end(attendance: Attendance, at: datetime, words: str) -> None:
    with pytest.raises(Conflict, match=words):
        attendance.comes(attendance.a_shift(), at)


@pytest.mark.parametrize("at", [moment(7), moment(19, 59)])
def test_one_may_clock_in_at_either_edge(attendance: Attendance, at: datetime) -> None:
    assert attendance.comes(attendance.a_shift(), at).in_at == at


def test_nobody_clocks_in_twice_or_out_before(attendance: Attendance) -> None:
    shift = attendance.a_shift()
    with pytest.raises(Conflict, match="not clocked in to this shift"):
        attendance.goes(shift, moment(9))
    attendance.comes(shift, moment(9))
    with pytest.raises(Conflict, match="clocked in to this shift already"):
        attendance.comes(shift, moment(9, 1))
    with pytest.raises(Conflict, match="this very minute"):
        attendance.goes(shift, moment(9, 0, second=30))
    attendance.goes(shift, moment(9, 1))
    with pytest.raises(Conflict, match="not clocked in"):
        attendance.goes(shift, moment(9, 2))
    with pytest.raises(Conflict, match="This shift is completed"):
        attendance.comes(shift, moment(9, 3))


def test_nobody_clocks_in_for_somebody_else_or_to_what_they_do_not_see(attendance: Attendance) -> None:
    shift, unseen = attendance.a_shift(), attendance.a_shift(TODAY + timedelta(days=1), published=False)
    for who in (attendance.cast.maya, attendance.cast.vic, attendance.cast.hana):
        with pytest.raises(NotFound):
            attendance.comes(shift, moment(8), who=who)
    with pytest.raises(NotFound):
        attendance.comes(unseen, moment(8, day=TODAY + timedelta(days=1)))
    assert attendance.told() == []


def test_who_forgot_to_clock_out_for_more_than_a_day_hands_in_instead(attendance: Attendance) -> None:
    shift = attendance.a_shift(YESTERDAY)
    attendance.comes(shift, moment(8, day=YESTERDAY))
    with pytest.raises(Conflict, match="clocked in more than a day ago"):
        attendance.goes(shift, moment(8, 1))


def test_why_somebody_is_late_is_text_of_some_length(attendance: Attendance) -> None:
    shift = attendance.a_shift()
    for words in ("x" * 2001, "a\x00b"):
        with pytest.raises(Refused):
            attendance.comes(shift, moment(9), words=words)
