"""The pages about hours: clocking in on the first page, handing in, deciding, payroll."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from flowapp.bootstrap import Flow
from flowapp.kernel.clock import FrozenClock
from tests.cast import Cast
from tests.support.page import PageClient
from tests.support.visitors import sign_in
from tests.unit.timesheets.attendance import TODAY, YESTERDAY, Attendance, hours, moment


@pytest.fixture
def attendance(flow: Flow, cast: Cast, clock: FrozenClock) -> Attendance:
    """Who comes to Rose House, on the evening of a day; who signs in later is not signed out by the clock."""
    clock.set(moment(21, 30))
    return Attendance(flow, cast, clock)


def test_one_clocks_in_and_out_on_the_first_page_and_then_hands_in(
    attendance: Attendance, app: Flask, flow: Flow, clock: FrozenClock
) -> None:
    shift = attendance.a_shift()
    clock.set(moment(7, 55))
    as_dan = sign_in(app, flow, attendance.cast.dan)
    as_dan.get("/")
    assert "Your shift from 08:00 to 20:00." in as_dan.text
    assert not as_dan.soup.select("#late-reason")
    clock.set(moment(8, 20))
    as_dan.get("/")
    assert "It began 20 minutes ago." in as_dan.text
    as_dan.post(f"/timesheets/shifts/{shift}/clock-in", {"reason": "The bus"}, status=303)
    clock.set(moment(20, 0))
    as_dan = sign_in(app, flow, attendance.cast.dan)
    as_dan.get("/timesheets/")
    assert "You clocked in at 08:20 to your shift from 08:00 to 20:00." in as_dan.text
    to = as_dan.post(f"/timesheets/shifts/{shift}/clock-out", status=303).location

    as_dan.get(to)
    typed = {field["name"]: field["value"] for field in as_dan.soup.select("input[type=time]")}
    assert typed == {"start": "08:20", "end": "20:00"}
    version = as_dan.soup.select_one("input[name=version]")
    assert version is not None
    sent = {"start": "08:20", "end": "20:00", "break_minutes": "0", "reason": "The bus", "version": version["value"]}
    as_dan.get(as_dan.post(to, sent, status=303).location)
    assert "Came 20 minutes late: 0.33 hours fewer than planned." in as_dan.text
    assert "Waiting for approval" in as_dan.text


def test_nobody_is_asked_to_clock_in_when_it_is_not_the_time(attendance: Attendance, as_dan: PageClient) -> None:
    attendance.a_shift()  # over for an hour and a half
    attendance.a_shift(TODAY + timedelta(days=1))
    as_dan.get("/")
    assert not as_dan.soup.select("#clock")


def test_a_time_that_came_twice_is_asked_about_with_two_choices(attendance: Attendance, as_dan: PageClient) -> None:
    shift = attendance.a_night(date(2026, 10, 24))
    path = f"/timesheets/shifts/{shift}/hours/"
    as_dan.get(path)
    assert "The clocks go back during this shift" in as_dan.text
    assert not as_dan.soup.select("[name=end_which]")
    sent = {"start": "20:00", "end": "01:30", "break_minutes": "0", "version": "0"}
    as_dan.post(path, sent, status=422)
    assert "it was 01:30 twice" in as_dan.text
    assert [each["value"] for each in as_dan.soup.select("[name=end_which]")] == ["first", "second"]
    as_dan.get(as_dan.post(path, sent | {"end_which": "second"}, status=303).location)
    assert "20:00 to 01:30 GMT" in as_dan.text
    assert "6.5 hours" in as_dan.text


def test_the_manager_sees_what_waits_and_approves_what_is_as_planned(
    attendance: Attendance, as_maya: PageClient
) -> None:
    attendance.hands_in(attendance.a_shift(YESTERDAY))
    late = attendance.hands_in(attendance.a_shift(), hours("09:00", "20:00"))
    forgotten = attendance.a_shift(TODAY - timedelta(days=2))
    as_maya.get("/")
    assert "2 timesheets to approve" in as_maya.text
    as_maya.get("/timesheets/waiting/")
    rows = [row.get_text(" ", strip=True) for row in as_maya.soup.select("#handed-in tbody tr")]
    assert [("As planned" in row, "Came 60 minutes late" in row) for row in rows] == [(True, False), (False, True)]
    assert as_maya.soup.select(f'#not-handed-in a[href="/timesheets/shifts/{forgotten}/hours/"]')

    as_maya.post("/timesheets/approve-as-planned", status=303)
    as_maya.get("/timesheets/waiting/")
    assert "1 timesheet approved." in as_maya.text
    assert len(as_maya.soup.select("#handed-in tbody tr")) == 1

    path = f"/timesheets/{late.id}"
    as_maya.get(f"{path}/")
    as_maya.post(f"{path}/query", {"reason": "", "version": "1"}, status=422)
    assert "Say what you ask about these hours" in as_maya.text
    as_maya.get(as_maya.post(f"{path}/query", {"reason": "Why late", "version": "1"}, status=303).location)
    assert "Maya asks: Why late." in as_maya.text


def test_what_changed_meanwhile_is_not_approved_unseen(attendance: Attendance, as_maya: PageClient) -> None:
    shift = attendance.a_shift()
    sheet = attendance.hands_in(shift)
    as_maya.get(f"/timesheets/{sheet.id}/")
    attendance.hands_in(shift, hours("08:00", "21:00"))
    as_maya.post(f"/timesheets/{sheet.id}/approve", {"version": "1"}, status=409)
    assert "Somebody changed this before you did" in as_maya.text


def test_a_form_that_is_sent_twice_hands_in_once(attendance: Attendance, as_dan: PageClient) -> None:
    shift = attendance.a_shift(YESTERDAY)
    path = f"/timesheets/shifts/{shift}/hours/"
    as_dan.get(path)
    sent = {"start": "08:00", "end": "20:00", "break_minutes": "", "version": "0"}
    for _ in range(2):
        as_dan.post(path, sent, status=303)
    assert len(attendance.told()) == 1


@pytest.mark.parametrize("text", ["a lot", "-5", "1.5", "99999", "٣"])
def test_a_break_is_a_number_of_minutes(attendance: Attendance, as_dan: PageClient, text: str) -> None:
    path = f"/timesheets/shifts/{attendance.a_shift(YESTERDAY)}/hours/"
    as_dan.get(path)
    as_dan.post(path, {"start": "08:00", "end": "20:00", "break_minutes": text, "version": "0"}, status=422)
    assert as_dan.soup.select("#break_minutes-error")


def test_the_month_of_ones_own_hours_is_chosen_and_summed(attendance: Attendance, as_dan: PageClient) -> None:
    attendance.approves(attendance.hands_in(attendance.a_shift(YESTERDAY)).id)
    attendance.hands_in(attendance.a_shift(date(2026, 10, 5)))
    as_dan.get("/timesheets/")
    assert "12 hours approved, 0 hours waiting for approval." in as_dan.text
    as_dan.get("/timesheets/?month=2026-10")
    assert "0 hours approved, 12 hours waiting for approval." in as_dan.text
    as_dan.get("/timesheets/?month=soon", status=422)


def test_the_file_for_payroll_is_made_once_and_downloaded(attendance: Attendance, as_maya: PageClient) -> None:
    attendance.approves(attendance.hands_in(attendance.a_shift(YESTERDAY)).id)
    as_maya.get("/timesheets/payroll/")
    assert [each["value"] for each in as_maya.soup.select("input[type=date]")] == ["2026-10-01", "2026-10-31"]
    sent = {"home": str(attendance.cast.rose), "first_day": "2026-11-01", "last_day": "2026-11-30"}
    to = as_maya.post("/timesheets/payroll/", sent, status=303).location
    as_maya.get(to)
    assert "1 timesheet, 12 hours." in as_maya.text
    file = as_maya.client.get(f"{to}file/?bom=yes")
    assert (file.mimetype, file.headers["Content-Disposition"].split("=")[1]) == (
        "text/csv", "payroll-ROSE-2026-11-01-2026-11-30-1.csv")  # fmt: skip
    assert file.get_data().startswith(b"\xef\xbb\xbfemployee_no,")
    assert not as_maya.client.get(f"{to}file/").get_data().startswith(b"\xef\xbb\xbf")
    as_maya.get("/timesheets/payroll/")
    as_maya.post("/timesheets/payroll/", sent, status=422)
    assert "To have them once more, take the period again" in as_maya.text
    for wrong, field in (({"home": "2"}, "home"), ({"first_day": "soon"}, "first_day")):
        as_maya.post("/timesheets/payroll/", sent | wrong, status=422)
        assert as_maya.soup.select(f"#{field}-error")


def test_the_hours_of_a_home_are_its_own(attendance: Attendance, as_vic: PageClient, app: Flask, flow: Flow) -> None:
    shift = attendance.a_shift(YESTERDAY)
    sheet = attendance.hands_in(shift)
    erin = sign_in(app, flow, attendance.cast.erin)
    for path in (f"/timesheets/{sheet.id}/", f"/timesheets/shifts/{shift}/hours/"):
        as_vic.get(path, status=404)
        erin.get(path, status=404)
    erin.get("/timesheets/waiting/")
    assert "Dan" not in erin.text


def test_somebody_without_shifts_is_told_so(attendance: Attendance, app: Flask, flow: Flow) -> None:
    hana = sign_in(app, flow, attendance.cast.hana)
    hana.get("/timesheets/")
    assert "You have no shifts of your own" in hana.text


def test_what_is_looked_out_for_is_said_on_a_page(attendance: Attendance, as_maya: PageClient) -> None:
    path = f"/watches/{attendance.cast.rose}/"
    as_maya.get("/watches/")
    assert [each.get_text() for each in as_maya.soup.select("h2")] == ["Rose House"]
    as_maya.post(path, {"no_show_minutes": "30", "handover_minutes": "", "version": "0"}, status=303)
    as_maya.get("/watches/")
    assert [each["value"] for each in as_maya.soup.select("input[inputmode=numeric]")] == ["30", ""]
    as_maya.post(path, {"no_show_minutes": "3", "handover_minutes": "", "version": "1"}, status=422)
    assert "Write from 5 to 720 minutes" in as_maya.text
    as_maya.post(path, {"no_show_minutes": "60", "handover_minutes": "", "version": "0"}, status=409)
    as_maya.post(f"/watches/{attendance.cast.elm}/", {"no_show_minutes": "30"}, status=404)


def test_moments_of_the_page_are_those_of_the_home(attendance: Attendance, as_dan: PageClient) -> None:
    sheet = attendance.hands_in(attendance.a_shift(date(2026, 7, 6)))  # in summer time
    assert sheet.in_at == datetime(2026, 7, 6, 7, 0, tzinfo=UTC)
    as_dan.get(f"/timesheets/{sheet.id}/")
    assert "08:00 to 20:00" in as_dan.text
