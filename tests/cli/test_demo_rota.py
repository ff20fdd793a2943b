"""The rota of the demo: every post of every day, the nights that change the clocks, and nobody where they cannot be."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from flowapp.events.outbox import EventRecord
from flowapp.rota.leave import GRANTED, LeaveRequest
from flowapp.rota.leave_period import window
from flowapp.rota.shifts import Shift, ShiftStatus
from flowapp.rota.staff import Staff
from flowapp.rota.wall_time import Interval, overlap
from tests.cli.made_demo import SHOWN, ZONE, Made

WEEKS, HOMES, BY_DAY, BY_NIGHT = 26, 3, 7, 4
FIRST, LAST = date(2026, 6, 22), date(2026, 12, 20)  # Mondays and Sundays are whole


@pytest.fixture(name="look", scope="module")
def _look(the_demo: Made) -> Iterator[Session]:
    with the_demo.opened() as flow, flow.database.read() as session:
        yield session


@pytest.fixture(name="shifts", scope="module")
def _shifts(look: Session) -> list[Shift]:
    return list(look.scalars(select(Shift).order_by(Shift.starts_at, Shift.id)))


def test_each_day_of_twenty_six_weeks_has_seven_long_days_and_four_nights_in_each_home(shifts: list[Shift]) -> None:
    counted = Counter((each.home_id, each.local_date, each.start_local) for each in shifts)
    days = [FIRST + timedelta(days=number) for number in range(WEEKS * 7)]
    assert days[-1] == LAST
    for home in {each.home_id for each in shifts}:
        for day in days:
            assert (counted[home, day, "08:00"], counted[home, day, "20:00"]) == (BY_DAY, BY_NIGHT)
    assert len(shifts) == (WEEKS * 7 + 1) * HOMES * (BY_DAY + BY_NIGHT)


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        (date(2026, 10, 24), Decimal(12)),  # the clocks go back: thirteen hours, one of them unpaid
        (date(2026, 3, 28), Decimal(10)),  # the clocks go forward
        (date(2026, 11, 14), Decimal(11)),  # a night like any other
    ],
)
def test_a_night_has_the_hours_that_really_pass(shifts: list[Shift], day: date, hours: Decimal) -> None:
    nights = [each.hours for each in shifts if each.local_date == day and each.start_local == "20:00"]
    assert nights == [hours] * (HOMES * BY_NIGHT)


def test_few_shifts_behind_us_are_open_and_more_of_those_ahead(shifts: list[Shift]) -> None:
    behind = [each.status == ShiftStatus.OPEN for each in shifts if each.local_date < SHOWN]
    ahead = [each.status == ShiftStatus.OPEN for each in shifts if each.local_date >= SHOWN]
    assert 0 < sum(behind) / len(behind) < 0.05
    assert sum(behind) / len(behind) < sum(ahead) / len(ahead) < 0.2


def test_whoever_works_is_there_in_the_right_job_and_not_on_leave(look: Session, shifts: list[Shift]) -> None:
    people = {each.id: each for each in look.scalars(select(Staff))}
    away = defaultdict(list)
    for leave in look.scalars(select(LeaveRequest).where(LeaveRequest.status.in_(GRANTED))):
        away[leave.staff_id].append(window(leave.period, ZONE.key))
    for shift in shifts:
        if shift.staff_id is not None:
            person = people[shift.staff_id]
            assert (person.home_id, person.role) == (shift.home_id, shift.role)
            assert person.start_date <= shift.local_date
            time_at_work = Interval(shift.starts_at, shift.ends_at)
            assert not any(overlap(time_at_work, absence) for absence in away[person.id])


def test_everybody_rests_eleven_hours_between_shifts(shifts: list[Shift]) -> None:
    until = {}
    for shift in shifts:
        if shift.staff_id is not None:
            rested = shift.starts_at - until.get(shift.staff_id, shift.starts_at - timedelta(days=1))
            assert rested >= timedelta(hours=11)
            until[shift.staff_id] = shift.ends_at


def test_anna_works_mondays_to_wednesdays_of_the_weeks_to_come(look: Session, shifts: list[Shift]) -> None:
    anna = look.scalars(select(Staff.id).where(Staff.email == "carer@example.org")).one()
    days = {each.local_date for each in shifts if each.staff_id == anna and each.local_date >= SHOWN}
    assert days == {SHOWN + timedelta(days=7 * week + day) for week in range(4) for day in range(3)}


def test_only_the_shifts_from_this_week_on_have_happened_as_events(look: Session, shifts: list[Shift]) -> None:
    created = look.scalar(select(func.count()).where(EventRecord.type == "shift_created"))
    assert created == sum(each.local_date >= SHOWN for each in shifts)


def test_the_next_weeks_are_published_and_the_last_one_is_not(shifts: list[Shift]) -> None:
    assert all((each.published_at is not None) == (each.local_date < date(2026, 12, 14)) for each in shifts)
