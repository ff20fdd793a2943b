"""What a visitor of the demo is promised: two days are approved at once, for longer leave the manager decides."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.accounts.people import Person
from flowapp.accounts.users import find_by_email, person_of
from flowapp.bootstrap import Flow
from flowapp.cli.demo.days import Days
from flowapp.cli.demo.homes import SMALL
from flowapp.cli.demo.people import people_of
from flowapp.cli.demo.story import wishes_of
from flowapp.cli.demo.wishes import Outcome
from flowapp.messaging.in_app import Notification
from flowapp.rota.entitlement import leave_year
from flowapp.rota.leave import LeaveRequest, LeaveStatus, leave_request
from flowapp.rota.leave_asking import request_leave
from flowapp.rota.leave_balance import balance_on
from flowapp.rota.leave_days import LeavePeriod
from tests.cli.made_demo import SHOWN, ZONE, Demos
from tests.factories import cause_of, run_all

MONDAY = date(2026, 12, 7)


@pytest.fixture(name="shown")
def _shown(demos: Demos, tmp_path: Path) -> Iterator[Flow]:
    with demos.copied(tmp_path).opened() as flow:
        yield flow


def somebody(flow: Flow, email: str) -> Person:
    """Answer somebody who signs in."""
    with flow.database.read() as session:
        user = find_by_email(session, email)
        assert user is not None
        person = person_of(session, user.id)
    assert person is not None
    return person


def asked(flow: Flow, person: Person, period: LeavePeriod) -> LeaveRequest:
    """Ask for leave as the page does, let the engine work, and answer the request as it stands."""
    cause, staff_id = cause_of(person, flow.clock.now()), person.staff_id
    assert staff_id is not None

    def ask(session: Session) -> int:
        return request_leave(session, cause, staff_id=staff_id, type_code="ANNUAL", period=period)

    made = flow.database.write(ask)
    run_all(flow)
    with flow.database.read() as session:
        return leave_request(session, made)


@pytest.mark.parametrize("email", ["carer@example.org", "carer2@example.org"])
@pytest.mark.parametrize("days", [2, 3])
def test_two_or_three_days_are_approved_at_once(shown: Flow, email: str, days: int) -> None:
    carer = somebody(shown, email)
    request = asked(shown, carer, LeavePeriod.of(start=MONDAY, end=MONDAY + timedelta(days=days - 1)))
    assert (request.status, request.auto_decided, request.days) == (LeaveStatus.APPROVED, True, days)


def test_three_and_a_half_days_wait_for_the_manager_who_is_told(shown: Flow) -> None:
    carer, manager = somebody(shown, "carer@example.org"), somebody(shown, "manager@example.org")
    half = LeavePeriod.of(start=MONDAY, end=MONDAY + timedelta(days=7), end_part="am")
    request = asked(shown, carer, half)
    assert (str(request.days), request.status) == ("3.5", LeaveStatus.REQUESTED)
    with shown.database.read() as session:
        link = f"/leave/{request.id}/"
        told = session.scalars(select(Notification.user_id).where(Notification.link == link)).all()
    assert told == [manager.user_id]


def test_the_carer_has_hours_enough_and_nothing_ahead_but_one_long_request_that_waits(shown: Flow) -> None:
    carer = somebody(shown, "carer@example.org")
    assert carer.staff_id is not None
    with shown.database.read() as session:
        left = balance_on(session, carer.staff_id, "ANNUAL", SHOWN)
        query = select(LeaveRequest).where(LeaveRequest.staff_id == carer.staff_id, LeaveRequest.end_date >= SHOWN)
        (ahead,) = session.scalars(query)
    assert left is not None
    assert left.hours >= 150
    assert ahead.status == LeaveStatus.REQUESTED
    assert ahead.days >= 5
    assert ahead.start_date.month == 12


def test_the_other_carer_has_nothing_ahead(shown: Flow) -> None:
    carer = somebody(shown, "carer2@example.org")
    with shown.database.read() as session:
        query = select(LeaveRequest.status).where(
            LeaveRequest.staff_id == carer.staff_id, LeaveRequest.end_date >= SHOWN
        )
        assert set(session.scalars(query)) == {LeaveStatus.CANCELLED}


@pytest.mark.parametrize("email", ["carer@example.org", "carer2@example.org", "senior@example.org"])
def test_those_who_show_the_demo_work_mondays_to_wednesdays(email: str) -> None:
    person = next(each for each in people_of(SMALL, SHOWN) if each.email == email)
    assert set(person.week.hours) == {"mon", "tue", "wed"}


def test_the_request_that_waits_is_neither_near_nor_far_whenever_the_demo_is_shown() -> None:
    people = people_of(SMALL, SHOWN)
    for number in range(730):
        as_of = date(2026, 1, 1) + timedelta(days=number)
        (waiting,) = (
            wish.period
            for wish in wishes_of(people, Days(as_of=as_of, weeks=26, zone=ZONE))
            if wish.outcome is Outcome.OPEN
        )
        assert as_of + timedelta(days=29) <= waiting.start <= as_of + timedelta(days=61)
        assert leave_year(waiting.start) == leave_year(waiting.end)
