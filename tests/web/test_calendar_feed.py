"""Somebody's calendar at a secret address, read back with the library and by curl."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import pytest
from flask import Flask
from icalendar import Calendar, Component
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from flowapp.accounts.audit import AuditEntry
from flowapp.accounts.user_changes import deactivate
from flowapp.bootstrap import Flow
from flowapp.kernel.clock import FrozenClock
from flowapp.rota import shift_changes
from flowapp.rota.feed.address import CalendarAddress
from flowapp.rota.leave_decisions import approve
from flowapp.rota.shift_plan import ShiftPlan
from flowapp.rota.staff import JobRole
from tests.cast import Cast
from tests.factories import a_shift, cause_of, leave_asked
from tests.support.page import PageClient
from tests.support.visitors import sign_in

DAY = date(2026, 12, 7)


@pytest.fixture
def address(as_dan: PageClient) -> str:
    """The address of Dan's calendar, made on his account page."""
    as_dan.get("/account")
    as_dan.post("/account/calendar", status=200)
    return str(as_dan.soup.select_one("input[name=address]")["value"]).removeprefix("http://localhost")


def events(page: PageClient, address: str) -> list[Component]:
    """Read a calendar back with the library."""
    answer = page.client.get(address)
    assert answer.status_code == 200
    return list(Calendar.from_ical(answer.data).walk("VEVENT"))


def a_night(flow: Flow, cast: Cast, day: date, *, notes: str = "") -> int:
    """Plan and publish a night of twelve hours on the wall for Dan."""
    cause = cause_of(cast.maya, flow.clock.now())
    plan = ShiftPlan(unit_id=None, role=JobRole.CARER, date=day, start=time(20), end=time(8), notes=notes)

    def write(session: Session) -> int:
        made = shift_changes.create(session, cause, cast.maya, home_id=cast.rose, plan=plan, staff_id=cast.dan.staff_id)
        shift_changes.publish(session, cause, cast.maya, made)
        return made

    return flow.database.write(write)


def test_published_shifts_stand_in_the_calendar_with_their_time_zone(
    flow: Flow, cast: Cast, page: PageClient, address: str
) -> None:
    a_shift(flow, cast.maya, cast.rose, day=DAY, staff=cast.dan, published=True)
    a_shift(flow, cast.maya, cast.rose, day=date(2026, 12, 8), staff=cast.dan)  # not published
    a_shift(flow, cast.maya, cast.rose, day=DAY, staff=cast.sorcha, published=True)  # somebody else's

    (event,) = events(page, address)

    assert str(event["summary"]) == "Long day, Rose House"
    assert event.decoded("dtstart") == datetime(2026, 12, 7, 8, tzinfo=UTC)
    assert event["dtstart"].params["TZID"] == "Europe/London"
    assert event.decoded("dtend") == datetime(2026, 12, 7, 20, tzinfo=UTC)
    assert str(event["uid"]).startswith("shift-01")
    assert str(event["uid"]).endswith("@localhost")
    assert (event["sequence"], str(event["status"])) == (2, "CONFIRMED")  # planned, then published
    assert event.decoded("last-modified") == flow.clock.now()


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        (date(2027, 3, 27), 11),  # clocks go forward
        (date(2026, 10, 24), 13),  # clocks go back
    ],
)
def test_nights_in_which_the_clocks_change_are_as_long_as_they_are(
    flow: Flow, cast: Cast, page: PageClient, address: str, clock: FrozenClock, day: date, hours: int
) -> None:
    a_night(flow, cast, day)
    (event,) = events(page, address)
    assert event.decoded("dtend").astimezone(UTC) - event.decoded("dtstart").astimezone(UTC) == timedelta(hours=hours)
    # As a program does that knows no time zones but those in the file.
    text = page.client.get(address).text
    assert text.count("BEGIN:VTIMEZONE") == 1
    assert f"DTSTART;TZID=Europe/London:{day:%Y%m%d}T200000" in text
    zone = Calendar.from_ical(text).timezones[0].to_tz(lookup_tzid=False)
    starts = datetime.combine(day, time(20)).replace(tzinfo=zone)
    ends = datetime.combine(day + timedelta(days=1), time(8)).replace(tzinfo=zone)
    assert ends.astimezone(UTC) - starts.astimezone(UTC) == timedelta(hours=hours)


def test_nothing_about_residents_leaves_with_the_calendar(
    flow: Flow, cast: Cast, page: PageClient, address: str
) -> None:
    a_night(flow, cast, DAY, notes="Mrs Macleod in room 4 needs two carers")
    assert "Macleod" not in page.client.get(address).text


def test_a_cancelled_shift_says_so_for_thirty_days(
    flow: Flow, cast: Cast, page: PageClient, address: str, clock: FrozenClock
) -> None:
    made = a_night(flow, cast, date(2027, 2, 1))
    cause = cause_of(cast.maya, flow.clock.now())
    flow.database.write(lambda session: shift_changes.cancel(session, cause, cast.maya, made, reason="Quiet"))
    assert [str(event["status"]) for event in events(page, address)] == ["CANCELLED"]
    clock.advance(days=31)
    assert events(page, address) == []


def test_the_calendar_shows_thirty_days_back_and_half_a_year_ahead(
    flow: Flow, cast: Cast, page: PageClient, address: str
) -> None:
    for days in (-31, -30, 180, 181):
        a_night(flow, cast, flow.clock.now().date() + timedelta(days=days))
    starts = [event.decoded("dtstart").date() for event in events(page, address)]
    assert starts == [flow.clock.now().date() + timedelta(days=days) for days in (-30, 180)]


def test_leave_takes_whole_days_or_half_of_one(flow: Flow, cast: Cast, page: PageClient, address: str) -> None:
    whole = leave_asked(flow, cast.dan, start=date(2026, 12, 14), end=date(2026, 12, 16))
    half = leave_asked(flow, cast.dan, start=date(2026, 12, 21), part="pm")
    sick = leave_asked(flow, cast.dan, start=date(2026, 12, 22), type_code="SICK")
    leave_asked(flow, cast.dan, start=date(2026, 12, 28))  # not decided
    cause = cause_of(cast.maya, flow.clock.now())
    for each in (whole, half, sick):
        flow.database.write(lambda session, each=each: approve(session, cause, cast.maya, each))  # type: ignore[misc]

    days, afternoon, away = events(page, address)

    assert (days.decoded("dtstart"), days.decoded("dtend")) == (date(2026, 12, 14), date(2026, 12, 17))
    assert (str(days["summary"]), str(days["transp"])) == ("Annual leave", "TRANSPARENT")
    assert (afternoon.decoded("dtstart").hour, afternoon.decoded("dtend").hour) == (13, 0)
    assert str(away["summary"]) == "Leave"  # and not why


def test_an_unchanged_calendar_is_not_sent_again(flow: Flow, cast: Cast, page: PageClient, address: str) -> None:
    a_shift(flow, cast.maya, cast.rose, day=DAY, staff=cast.dan, published=True)
    first = page.client.get(address)
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert first.content_type == "text/calendar; charset=utf-8"
    again = page.client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    a_shift(flow, cast.maya, cast.rose, day=date(2026, 12, 9), staff=cast.dan, published=True)
    assert page.client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_the_secret_is_not_kept_and_works_without_signing_in(
    flow: Flow, page: PageClient, address: str, as_dan: PageClient
) -> None:
    raw = address.removeprefix("/ics/").removesuffix(".ics")
    with flow.database.read() as session:
        (kept,) = session.scalars(select(CalendarAddress))
        noted = session.scalars(select(AuditEntry).where(AuditEntry.entity == "calendar_address")).all()
    assert len(raw) >= 43  # 256 bits
    assert raw not in repr(vars(kept)) + repr([vars(each) for each in noted])
    as_dan.get("/account")
    assert raw not in as_dan.text


def test_an_address_that_is_made_anew_ends_the_old_one(page: PageClient, address: str, as_dan: PageClient) -> None:
    as_dan.get("/account")
    assert "It is not shown again" in as_dan.text
    as_dan.post("/account/calendar", status=200)
    newer = str(as_dan.soup.select_one("input[name=address]")["value"]).removeprefix("http://localhost")
    assert page.client.get(address).status_code == 404
    assert page.client.get(newer).status_code == 200


def test_an_address_that_is_taken_back_is_not_there(page: PageClient, address: str, as_dan: PageClient) -> None:
    as_dan.get("/account")
    as_dan.post("/account/calendar/take-back", status=303)
    page.get(address, status=404)
    as_dan.get("/account")
    assert "no longer works" in as_dan.text


@pytest.mark.parametrize("token", ["x", "é" * 40, "9" * 5000, "..%2f..%2fetc"])
def test_an_unknown_address_is_not_there(page: PageClient, cast: Cast, token: str) -> None:
    assert page.client.get(f"/ics/{token}.ics").status_code == 404


def test_a_closed_account_has_no_calendar(flow: Flow, cast: Cast, page: PageClient, address: str) -> None:
    cause = cause_of(cast.ada, flow.clock.now())
    flow.database.write(lambda session: deactivate(session, cause, cast.dan.user_id, reason="Has left"))
    page.get(address, status=404)


def test_whoever_has_no_shifts_is_told_so(app: Flask, flow: Flow, cast: Cast) -> None:
    ada = sign_in(app, flow, cast.ada)
    ada.get("/account")
    assert "calendar" not in ada.text
    ada.post("/account/calendar", status=409)
    assert "no member of staff" in ada.text


@pytest.fixture
def served(app: Flask) -> Iterator[str]:
    """The application behind a real socket."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_curl_reads_it_over_http(flow: Flow, cast: Cast, address: str, served: str) -> None:
    a_shift(flow, cast.maya, cast.rose, day=DAY, staff=cast.dan, published=True)
    curl = ["curl", "--silent", "--show-error", "--fail", "--include", served + address]
    told = subprocess.run(curl, capture_output=True, check=True, timeout=30).stdout
    head, _, body = told.partition(b"\r\n\r\n")
    assert b"text/calendar" in head
    assert len(Calendar.from_ical(body).walk("VEVENT")) == 1
    assert max(map(len, body.split(b"\r\n"))) <= 75  # RFC 5545, 3.1
