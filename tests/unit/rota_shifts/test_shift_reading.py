"""Reading the shifts of one person, and saying what a run of a workflow may read of one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from sqlalchemy import select

from flowapp.accounts.people import Person
from flowapp.kernel.errors import NotFound
from flowapp.rota.own_shifts import known_work, own_shifts
from flowapp.rota.shift_reading import held_during, seen_by, shift_as_it_is, visible_shift
from flowapp.rota.shifts import Shift
from flowapp.rota.wall_time import Interval
from flowapp.rota.work import RosteredShift
from tests.factories import a_workflow, notify, run_all, runs
from tests.unit.rota_shifts.rota import Rota, at, staff_of


def test_what_somebody_is_rostered_for_is_what_was_published(rota: Rota) -> None:
    dan = staff_of(rota.cast.dan)
    days = {name: date(2026, 12, day) for name, day in
            (("before", 6), ("first", 7), ("draft", 8), ("cancelled", 9), ("later", 20))}  # fmt: skip
    made = {name: rota.plan(date=day, staff_id=dan, unpaid_break_minutes=45) for name, day in days.items()}
    for name in ("before", "first", "cancelled", "later"):
        rota.publish(made[name])
    rota.cancel(made["cancelled"])
    rota.publish(rota.plan(date=days["first"], staff_id=rota.cast.sorcha.staff_id))

    with rota.flow.database.read() as session:
        since, until = datetime(2026, 12, 7, tzinfo=UTC), datetime(2026, 12, 28, tzinfo=UTC)
        found = known_work(own_shifts(session, dan, Interval(since, until)), since)

    assert list(found) == [
        RosteredShift(date=days[name], start=time(8), end=time(20), paid_hours=Decimal("11.25"), shift_id=made[name])
        for name in ("first", "later")
    ]


def test_what_somebody_holds_at_a_time_is_named_with_its_home(rota: Rota) -> None:
    dan = staff_of(rota.cast.dan)
    night = rota.plan(date=date(2026, 12, 6), start=at("20:00"), end=at("08:00"), staff_id=dan)
    rota.cancel(rota.plan(date=date(2026, 12, 5), staff_id=dan))

    def held(first: int, last: int) -> list[tuple[int, str]]:
        moments = (datetime(2026, 12, 7, hour, tzinfo=UTC) for hour in (first, last))
        with rota.flow.database.read() as session:
            return [(each.id, each.home_name) for each in held_during(session, dan, Interval(*moments))]

    assert held(7, 12) == [(night, "Rose House")]
    assert held(8, 12) == []


def test_a_shift_that_does_not_exist_is_not_found(rota: Rota) -> None:
    with rota.flow.database.read() as session, pytest.raises(NotFound):
        shift_as_it_is(session, 1)


def test_somebodys_own_published_shift_in_another_home_is_theirs_to_see(rota: Rota) -> None:
    shift_id = rota.plan(rota.cast.erin, home_id=rota.cast.elm, staff_id=rota.cast.vic.staff_id)
    vic = replace(rota.cast.vic, home_ids=frozenset({rota.cast.rose}))

    def sees(who: Person) -> bool:
        with rota.flow.database.read() as session:
            listed = session.scalars(select(Shift.id).where(seen_by(who))).all()
            try:
                shown = [visible_shift(session, who, shift_id).id]
            except NotFound:
                shown = []
        assert listed == shown  # a list and a page agree
        return bool(shown)

    assert not sees(vic)
    rota.publish(shift_id, by=rota.cast.erin)
    assert sees(vic)
    assert not sees(rota.cast.dan)
    assert not sees(replace(rota.cast.maya, home_ids=frozenset()))


def test_a_workflow_waits_for_an_open_night_and_reads_it(rota: Rota) -> None:
    document = {
        "format": "flowapp/1", "name": "Cover nights",
        "triggers": [{"id": "made", "type": "event", "event": "shift_created",
                      "when": "context.is_open and context.shift_type == 'night' and context.shift.hours > 10"}],
        "steps": [notify("tell", "${context.shift.date} from ${context.shift.start} in ${context.shift.unit}")],
    }  # fmt: skip
    a_workflow(rota.flow, rota.cast.maya, document, home_id=rota.cast.rose)

    rota.plan()
    night = rota.plan(start=at("20:00"), end=at("08:00"), unit_id=rota.unit())
    run_all(rota.flow)

    (run,) = runs(rota.flow)
    assert (run.status, run.subject_type, run.subject_id, run.context["shift_id"]) == (
        "completed", "shift", night, night)  # fmt: skip
