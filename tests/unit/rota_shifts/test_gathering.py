"""What is looked up of everybody who may take a shift, and what of it comes out in the average week."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal
from random import Random

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from flowapp.rota.eligibility.candidates import candidate, candidates, candidates_of_many
from flowapp.rota.eligibility.gathering.gathering import Known, gather, gather_these
from flowapp.rota.eligibility.gathering.slots import slots_of, these_shifts
from flowapp.rota.eligibility.judging import judge
from flowapp.rota.eligibility.slot import Slot
from flowapp.rota.shift_plan import ShiftPlan, timed
from flowapp.rota.shift_writing import columns_of
from flowapp.rota.shifts import Shift, ShiftStatus, WorkingTime
from flowapp.rota.staff import JobRole
from tests.unit.rota_shifts.rota import LONG_DAY, Rota, staff_of

MONDAY = date(2026, 12, 7)


def brought_in(rota: Rota, staff_id: int, days: Iterable[date], plan: ShiftPlan = LONG_DAY) -> None:
    """Write shifts as another system had them, which no rule was asked about."""
    now = rota.flow.clock.now()

    def write(session: Session) -> None:
        for number, day in enumerate(days):
            row = columns_of(own := replace(plan, date=day), timed(own, "Europe/London"), "Europe/London")
            session.execute(
                insert(Shift).values(
                    uid=f"{staff_id}-{day}-{number}-{plan.start.hour}", home_id=rota.cast.rose,
                    status=ShiftStatus.ASSIGNED,
                    staff_id=staff_id, published_at=None, cancel_reason="", created_at=now, updated_at=now, version=1,
                    **row,
                )
            )  # fmt: skip

    rota.flow.database.write(write)


def weeks(number: int, *days: int, before: date = MONDAY) -> list[date]:
    """Answer these days (Monday is 0) of so many weeks before a Monday."""
    return [before - timedelta(weeks=week) + timedelta(days=day) for week in range(1, number + 1) for day in days]


def looked_at(rota: Rota, shift_id: int, *, exactly: bool = True) -> Known:
    """Answer Dan as the rules look at him for a shift."""
    with rota.flow.database.read() as session:
        (slot,) = slots_of(session, these_shifts(session, [shift_id]))
        dan = staff_of(rota.cast.dan)
        found = gather_these(session, slot, [dan]) if exactly else gather(session, [slot])[0]
        return next(each for each in found if each.candidate.staff_id == dan)


@pytest.mark.parametrize("exactly", [True, False])
def test_the_average_week_is_that_of_seventeen_with_this_shift(rota: Rota, *, exactly: bool) -> None:
    brought_in(rota, staff_of(rota.cast.dan), weeks(16, 0, 1, 2, 3))

    known = looked_at(rota, rota.plan(), exactly=exactly)

    # 16 weeks of 44 hours, and the 11 of this shift.
    assert known.candidate.average_hours == Decimal(16 * 44 + 11) / 17


def test_hours_at_home_by_the_telephone_are_none(rota: Rota) -> None:
    on_call = replace(LONG_DAY, working_time=WorkingTime.ON_CALL)
    brought_in(rota, staff_of(rota.cast.dan), weeks(16, 0, 1, 2, 3), on_call)

    assert looked_at(rota, rota.plan()).candidate.average_hours == Decimal(11) / 17


@pytest.mark.parametrize("exactly", [True, False])
def test_days_of_leave_are_made_up_for_by_days_worked_after_the_period(rota: Rota, *, exactly: bool) -> None:
    dan = staff_of(rota.cast.dan)
    rota.leave(rota.cast.dan, start=MONDAY + timedelta(days=1), end=MONDAY + timedelta(days=2))
    brought_in(rota, dan, weeks(16, 0, 1, 2, 3, 4))  # 55 hours in each of 16 weeks
    brought_in(rota, dan, [MONDAY + timedelta(days=7), MONDAY + timedelta(days=9), MONDAY + timedelta(days=11)])

    known = looked_at(rota, rota.plan(), exactly=exactly)

    # Two days of leave, so the next two days that are worked count as well.
    assert known.candidate.average_hours == Decimal(16 * 55 + 11 + 2 * 11) / 17
    assert any(each.code == "AVG_48H" for each in judge(slot_of(rota), known.candidate).findings)


def slot_of(rota: Rota) -> Slot:
    """Answer the newest shift as the rules look at it."""
    with rota.flow.database.read() as session:
        return slots_of(session, these_shifts(session, range(1, 500)))[-1]


def test_who_has_the_shift_already_is_looked_at_without_it(rota: Rota) -> None:
    shift_id = rota.plan(staff_id=staff_of(rota.cast.dan))

    known = looked_at(rota, shift_id)

    assert (known.candidate.week_hours, known.load.hours) == (0, 0)
    with rota.flow.database.read() as session:
        found = candidates(session, rota.cast.maya, shift_id, rota.flow.clock.now())
    assert "Dan" not in [each.name for each in (*found.eligible, *found.blocked)]


def test_what_counts_for_fairness_is_that_of_the_last_weeks(rota: Rota) -> None:
    unit = rota.unit()
    extra = replace(LONG_DAY, kind=LONG_DAY.kind.OVERTIME, unit_id=unit)
    night = replace(LONG_DAY, start=time(20), end=time(8))
    dan = staff_of(rota.cast.dan)
    brought_in(rota, dan, [MONDAY - timedelta(days=days) for days in (3, 28, 29)], extra)
    brought_in(rota, dan, [MONDAY - timedelta(days=days) for days in (56, 57)], night)

    load = looked_at(rota, rota.plan(unit_id=unit)).load

    assert (load.extra, load.unsocial, load.nights, load.shifts, load.in_unit) == (2, 2, 1, 4, True)


@pytest.mark.parametrize("seed", range(6))
def test_the_list_and_the_page_of_one_person_say_the_same(rota: Rota, seed: int) -> None:
    chance = Random(seed)
    for person in (rota.cast.dan, rota.cast.sorcha, rota.cast.maya):
        often = chance.choice((0.4, 0.6, 0.75))
        for start, end in ((time(8), time(20)), (time(20), time(7))):
            days = [MONDAY + timedelta(days=day) for day in range(-125, 30) if chance.random() < often / 2]
            brought_in(rota, staff_of(person), days, replace(LONG_DAY, start=start, end=end))
    planned = [rota.plan(date=MONDAY + timedelta(days=day), role=JobRole.CARER) for day in (0, 3, 9)]

    with rota.flow.database.read() as session:
        now = rota.flow.clock.now()
        each_alone = [candidates(session, rota.cast.maya, shift_id, now) for shift_id in planned]
        for found in (*each_alone, *candidates_of_many(session, rota.cast.maya, planned, now)):
            assert found.considered == 3
            for judged in (*found.eligible, *found.blocked):
                _, _, alone = candidate(session, rota.cast.maya, found.shift.id, judged.staff_id)
                assert [each.code for each in judged.verdict.findings] == [each.code for each in alone.verdict.findings]


def test_more_people_are_not_more_questions(rota: Rota) -> None:
    shift_id = rota.plan()

    def questions() -> int:
        asked: list[str] = []
        with rota.flow.database.read() as session:
            if session.get_bind().dialect.name != "sqlite":
                pytest.skip("only SQLite tells every statement")
            connection = session.connection().connection.driver_connection
            assert connection is not None
            connection.set_trace_callback(asked.append)
            candidates(session, rota.cast.maya, shift_id, rota.flow.clock.now())
            connection.set_trace_callback(None)
        return len(asked)

    few = questions()
    for person in (rota.cast.dan, rota.cast.sorcha):
        brought_in(rota, staff_of(person), weeks(16, 0, 2, 4))
    rota.change_member(rota.cast.vic, home_id=rota.cast.rose)
    rota.change_member(rota.cast.erin, home_id=rota.cast.rose)

    assert questions() == few
