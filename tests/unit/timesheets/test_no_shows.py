"""Somebody who does not come is missed once, where their home looks out for that."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from flowapp.kernel.errors import NotAllowed, NotFound, Refused
from flowapp.rota import shift_changes
from flowapp.rota.shifts import ShiftStatus
from flowapp.rota.timesheets.no_shows import note_no_show
from flowapp.rota.watches.changes import look_out
from tests.factories import cause_of
from tests.unit.handovers.looking import looked_out
from tests.unit.timesheets.attendance import TODAY, Attendance, hours, moment


def test_who_has_not_come_after_so_many_minutes_is_missed_once(attendance: Attendance) -> None:
    attendance.watch(no_show=30)
    shift = attendance.a_shift()
    look = partial(looked_out, attendance.flow)

    assert look(moment(8, 29)) == 0
    assert look(moment(8, 30)) == 1
    assert attendance.shift(shift).status is ShiftStatus.NO_SHOW
    assert look(moment(8, 31)) == 0
    (event,) = attendance.told()
    assert (event.type, event.subject_id, event.context["staff"]["name"]) == ("staff_no_show", shift, "Dan")
    assert event.context["minutes_missing"] == 30
    assert attendance.noted() == ["shift.no_show"]


def test_a_tick_looks_out_for_it(attendance: Attendance) -> None:
    attendance.watch(no_show=30)
    attendance.a_shift()
    attendance.clock.set(moment(9))
    assert attendance.flow.tick().done["missing"] == 1


def test_nobody_is_missed_who_clocked_in_or_whose_shift_is_not_out_or_over(attendance: Attendance) -> None:
    attendance.watch(no_show=5)
    came, unpublished = attendance.a_shift(), attendance.a_shift(staff=attendance.cast.sorcha, published=False)
    attendance.comes(came, moment(8))
    assert looked_out(attendance.flow, moment(12)) == 0
    over = attendance.a_shift(TODAY + timedelta(days=1))
    assert looked_out(attendance.flow, moment(20, day=TODAY + timedelta(days=1))) == 0
    assert [attendance.shift(each).status.value for each in (came, unpublished, over)] == [
        "in_progress", "assigned", "assigned"]  # fmt: skip


def test_without_a_word_from_the_home_nobody_is_missed(attendance: Attendance) -> None:
    attendance.a_shift()
    assert looked_out(attendance.flow, moment(12)) == 0
    attendance.watch(handover=30)
    assert looked_out(attendance.flow, moment(13)) == 0


def test_it_is_looked_at_once_more_when_it_is_noted(attendance: Attendance) -> None:
    attendance.watch(no_show=30)
    shift = attendance.a_shift()
    attendance.comes(shift, moment(8, 29))
    assert attendance.write(lambda s: note_no_show(s, shift, moment(8, 40))) is False
    assert attendance.shift(shift).status is ShiftStatus.IN_PROGRESS


def test_who_was_missed_may_still_come(attendance: Attendance) -> None:
    attendance.watch(no_show=30)
    shift = attendance.a_shift()
    looked_out(attendance.flow, moment(9))
    attendance.comes(shift, moment(10), words="The car broke down")
    assert attendance.shift(shift).status is ShiftStatus.IN_PROGRESS


def test_who_was_missed_and_was_there_hands_in_and_the_manager_decides(attendance: Attendance) -> None:
    attendance.watch(no_show=30)
    shift = attendance.a_shift()
    looked_out(attendance.flow, moment(9))
    sheet = attendance.hands_in(shift, hours(words="I forgot to clock in"))
    assert attendance.shift(shift).status is ShiftStatus.NO_SHOW
    attendance.approves(sheet.id)
    assert attendance.shift(shift).status is ShiftStatus.COMPLETED


def test_a_shift_nobody_came_to_can_be_opened_again(attendance: Attendance) -> None:
    attendance.watch(no_show=30)
    shift, maya = attendance.a_shift(), attendance.cast.maya
    looked_out(attendance.flow, moment(9))
    attendance.write(lambda s: shift_changes.unassign(s, cause_of(maya, moment(9)), maya, shift))
    assert attendance.shift(shift).status is ShiftStatus.OPEN


@pytest.mark.parametrize("minutes", [4, 721, -1])
def test_a_length_that_makes_no_sense_is_refused(attendance: Attendance, minutes: int) -> None:
    with pytest.raises(Refused, match="Write from 5 to 720 minutes, or leave it empty"):
        attendance.watch(no_show=minutes)


def test_only_who_changes_a_home_says_what_is_looked_out_for(attendance: Attendance) -> None:
    cast, wanted = attendance.cast, {"no_show_minutes": 30, "handover_minutes": None}
    for who, error in ((cast.sorcha, NotAllowed), (cast.dan, NotAllowed), (cast.erin, NotFound)):
        with pytest.raises(error):
            attendance.write(lambda s, by=who: look_out(s, cause_of(by, moment(9)), by, cast.rose, **wanted))  # type: ignore[misc]
