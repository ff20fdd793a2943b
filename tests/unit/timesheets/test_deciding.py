"""Approving and querying hours: who decides, once, and never on their own."""

from __future__ import annotations

from datetime import timedelta

import pytest

from flowapp.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from flowapp.rota.timesheets.deciding import approve_all_that_match
from flowapp.rota.timesheets.timesheet import TimesheetStatus
from tests.factories import cause_of
from tests.unit.timesheets.attendance import TODAY, YESTERDAY, Attendance, hours, moment


def test_a_manager_approves_once(attendance: Attendance) -> None:
    sheet = attendance.hands_in(attendance.a_shift())
    approved = attendance.approves(sheet.id)

    assert (approved.status, approved.decided_by, approved.version) == (TimesheetStatus.APPROVED, "Maya", 2)
    event = attendance.told()[-1]
    assert (event.type, event.context["decided_by"], event.context["hours"]) == ("timesheet_approved", "Maya", 12)
    assert attendance.noted()[-1] == "timesheet.approve"
    for again in (attendance.approves, attendance.queries):
        with pytest.raises(Conflict, match="These hours are already approved by Maya"):
            again(sheet.id)
    assert len(attendance.told()) == 2


def test_a_query_has_a_reason_and_is_answered_by_handing_in_again(attendance: Attendance) -> None:
    shift = attendance.a_shift()
    sheet = attendance.hands_in(shift, hours("08:00", "21:00"))
    with pytest.raises(Refused, match="Say what you ask about these hours"):
        attendance.queries(sheet.id, " \n ")
    queried = attendance.queries(sheet.id, "Why an hour longer?")
    assert (queried.status, queried.reason) == (TimesheetStatus.QUERIED, "Why an hour longer?")
    assert (attendance.told()[-1].type, attendance.told()[-1].context["reason"]) == (
        "timesheet_queried", "Why an hour longer?")  # fmt: skip
    with pytest.raises(Conflict, match="already queried by Maya"):
        attendance.approves(sheet.id)

    again = attendance.hands_in(shift, hours("08:00", "21:00", 0, "The night came late"))
    assert (again.status, again.decided_by) == (TimesheetStatus.SUBMITTED, "")
    assert attendance.approves(sheet.id).status is TimesheetStatus.APPROVED
    assert [each["what"] for each in attendance.sheet(sheet.id).history] == [
        "handed in", "queried", "handed in", "approved"]  # fmt: skip


def test_nobody_decides_on_their_own_hours_or_on_those_of_another_home(attendance: Attendance) -> None:
    own = attendance.hands_in(attendance.a_shift(staff=attendance.cast.maya), who=attendance.cast.maya)
    for act in (attendance.approves, attendance.queries):
        with pytest.raises(NotAllowed, match="somebody else has to decide"):
            act(own.id)
        with pytest.raises(NotFound):
            act(own.id, who=attendance.cast.erin)
        with pytest.raises(NotAllowed):
            act(own.id, who=attendance.cast.sorcha)
    assert attendance.approves(own.id, who=attendance.cast.hana).decided_by == "Hana"


def test_what_somebody_has_not_seen_they_do_not_approve(attendance: Attendance) -> None:
    shift = attendance.a_shift()
    sheet = attendance.hands_in(shift)
    attendance.hands_in(shift, hours("08:00", "21:00"))
    with pytest.raises(Conflict):
        attendance.approves(sheet.id, seen=1)
    assert attendance.approves(sheet.id, seen=2).status is TimesheetStatus.APPROVED


def test_what_is_not_handed_in_is_not_approved(attendance: Attendance) -> None:
    shift = attendance.a_shift()
    sheet = attendance.comes(shift, moment(8))
    with pytest.raises(Conflict, match="Dan has not handed in these hours yet"):
        attendance.approves(sheet.id)


def test_all_that_match_the_plan_are_approved_at_once_and_nothing_else(attendance: Attendance) -> None:
    cast = attendance.cast
    as_planned = attendance.hands_in(attendance.a_shift(YESTERDAY), hours("07:55", "20:05"))
    longer = attendance.hands_in(attendance.a_shift(), hours("08:00", "20:06"))
    own = attendance.hands_in(attendance.a_shift(staff=cast.maya), who=cast.maya)
    begun = attendance.comes(attendance.a_shift(TODAY + timedelta(days=1)), moment(8, day=TODAY + timedelta(days=1)))

    def approve_all(who: object) -> int:
        return attendance.write(lambda s: approve_all_that_match(s, cause_of(cast.maya, attendance.clock.now()), who))  # type: ignore[arg-type]

    assert approve_all(cast.erin) == 0
    assert approve_all(cast.dan) == 0
    assert approve_all(cast.maya) == 1
    found = {name: attendance.sheet(each.id).status.value for name, each in
             {"as planned": as_planned, "longer": longer, "own": own, "begun": begun}.items()}  # fmt: skip
    assert found == {"as planned": "approved", "longer": "submitted", "own": "submitted", "begun": "draft"}
