"""Handovers: written, acknowledged by somebody else, ticked off; and missed where nobody wrote one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.accounts.audit import AuditEntry
from flowapp.accounts.people import Person
from flowapp.bootstrap import Flow
from flowapp.events.outbox import EventRecord
from flowapp.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from flowapp.rota import shift_changes
from flowapp.rota.handovers import changes
from flowapp.rota.handovers.changes import HandoverNotes
from flowapp.rota.handovers.missing import due_changes, note_missing
from flowapp.rota.handovers.reading import Told, visible_handover
from flowapp.rota.shift_plan import ShiftPlan
from flowapp.rota.staff import JobRole
from flowapp.rota.units import UnitKind, add_unit
from flowapp.rota.watches.changes import look_out
from tests.cast import Cast
from tests.factories import ALL_THE_SAME, cause_of, unruly
from tests.unit.handovers.looking import looked_out

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
NIGHT_IS_OVER = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
NOTES = HandoverNotes(
    unit_id=None, change_at=NIGHT_IS_OVER, text="A quiet night.", items=("Call the doctor", "  ", " Weigh  Mr Kerr ")
)


class House:
    """Rose House, with the unit Bluebell, and what its people tell each other."""

    def __init__(self, flow: Flow, cast: Cast) -> None:
        self.flow, self.cast = flow, cast
        cause = cause_of(cast.maya, NOW)
        kind = UnitKind.STANDARD
        self.bluebell = flow.database.write(
            lambda s: add_unit(s, cause, home_id=cast.rose, name="Bluebell", kind=kind, beds=8).id
        )

    def acts(self, act: Callable[..., Any], who: Person, *given: Any, **named: Any) -> Any:
        return self.flow.database.write(lambda s: act(s, cause_of(who, NOW), who, *given, **named))

    def writes(self, who: Person, notes: HandoverNotes = NOTES, **given: Any) -> int:
        number: int = self.acts(changes.write_handover, who, home_id=self.cast.rose, notes=replace(notes, **given))
        return number

    def told(self, handover_id: int) -> Told:
        with self.flow.database.read() as session:
            return visible_handover(session, self.cast.maya, handover_id)

    def a_shift(self, unit_id: int | None, day: date = date(2026, 11, 22), start: int = 20, end: int = 8) -> None:
        """Plan a night of Dan's that is over at eight today."""
        cause = cause_of(self.cast.maya, NOW)
        plan = ShiftPlan(unit_id=unit_id, role=JobRole.CARER, date=day, start=time(start), end=time(end))
        who = self.cast.dan if unit_id is None else self.cast.sorcha

        def write(session: Session) -> int:
            given = {"home_id": self.cast.rose, "plan": plan, "staff_id": who.staff_id, "overruling": ALL_THE_SAME}
            return shift_changes.create(session, cause, unruly(self.cast.maya), **given)  # type: ignore[arg-type]

        self.flow.database.write(write)

    def watch(self, minutes: int | None) -> None:
        self.acts(look_out, self.cast.maya, self.cast.rose, no_show_minutes=None, handover_minutes=minutes)

    def events(self, kind: str) -> list[EventRecord]:
        with self.flow.database.read() as session:
            return list(session.scalars(select(EventRecord).where(EventRecord.type == kind)))


@pytest.fixture
def house(flow: Flow, cast: Cast) -> House:
    """Rose House."""
    return House(flow, cast)


def test_what_is_written_is_kept_with_each_thing_to_do(house: House) -> None:
    found = house.told(house.writes(house.cast.dan, unit_id=house.bluebell))
    assert (found.unit_name, found.text, found.written_by) == ("Bluebell", "A quiet night.", "Dan")
    assert [(item.text, item.done_at) for item in found.items] == [("Call the doctor", None), ("Weigh Mr Kerr", None)]
    (event,) = house.events("handover_recorded")
    assert (event.subject_id, event.context["unit"], event.context["things_to_do"]) == (found.id, "Bluebell", 2)


def test_what_it_says_of_residents_is_neither_in_the_event_nor_in_the_audit(house: House) -> None:
    house.writes(house.cast.dan, text="Mrs Canary fell", items=("Ring Mr Canary",))
    with house.flow.database.read() as session:
        entries = list(session.scalars(select(AuditEntry).where(AuditEntry.entity == "handover")))
    assert [each.action for each in entries] == ["handover.write"]
    kept = [str(each.after) for each in entries] + [str(each.context) for each in house.events("handover_recorded")]
    assert not any("Canary" in text for text in kept)


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"text": " \n "}, "text"),
        ({"text": "x" * 5001}, "text"),
        ({"text": "a\x00b"}, "text"),
        ({"items": ("x" * 201,)}, "items"),
        ({"items": tuple("abcdefghijklmnopqrstu")}, "items"),
        ({"items": ("a\x07",)}, "items"),
        ({"unit_id": 999_999}, "unit_id"),
        ({"change_at": NOW - timedelta(days=2, seconds=1)}, "change_at"),
        ({"change_at": NOW + timedelta(hours=12, seconds=1)}, "change_at"),
        ({"from_shift_id": 999_999}, "from_shift_id"),
        ({"to_shift_id": 999_999}, "to_shift_id"),
    ],
)
def test_what_makes_no_sense_is_told_by_its_field(house: House, given: dict[str, Any], path: str) -> None:
    with pytest.raises(Refused) as told:
        house.writes(house.cast.dan, **given)
    assert [each.path for each in told.value.problems] == [path]


def test_only_people_of_the_home_write_and_read(house: House) -> None:
    cast = house.cast
    for who, error in ((cast.vic, NotFound), (cast.erin, NotFound), (cast.hana, NotFound), (cast.ada, NotAllowed)):
        with pytest.raises(error):
            house.writes(who)
    made = house.writes(cast.sorcha)
    for who in (cast.vic, cast.erin, cast.hana):
        with pytest.raises(NotFound), house.flow.database.read() as session:
            visible_handover(session, who, made)
        with pytest.raises(NotFound):
            house.acts(changes.acknowledge, who, made)


def test_somebody_else_acknowledges_it_once(house: House) -> None:
    made = house.writes(house.cast.dan)
    with pytest.raises(Conflict, match="whoever takes over from you acknowledges it"):
        house.acts(changes.acknowledge, house.cast.dan, made)
    with pytest.raises(Conflict):
        house.acts(changes.acknowledge, house.cast.sorcha, made, seen=2)
    house.acts(changes.acknowledge, house.cast.sorcha, made, seen=1)
    found = house.told(made)
    assert (found.acknowledged_by, found.acknowledged_at, found.version) == ("Sorcha", NOW, 2)
    with pytest.raises(Conflict, match="Sorcha has acknowledged this handover already"):
        house.acts(changes.acknowledge, house.cast.maya, made)


def test_things_to_do_are_ticked_off_and_may_be_unticked(house: House) -> None:
    made = house.writes(house.cast.dan)
    first, second = (item.id for item in house.told(made).items)
    for _ in range(2):  # ticking it again changes nothing
        house.acts(changes.tick, house.cast.sorcha, made, first, done=True)
    house.acts(changes.tick, house.cast.maya, made, second, done=True)
    house.acts(changes.tick, house.cast.maya, made, second, done=False)
    assert [(item.done_by, item.done_at) for item in house.told(made).items] == [("Sorcha", NOW), ("", None)]
    other = house.writes(house.cast.dan)
    with pytest.raises(NotFound):
        house.acts(changes.tick, house.cast.sorcha, other, first, done=False)


def test_a_handover_that_nobody_wrote_is_missed_once(house: House) -> None:
    house.watch(60)
    house.a_shift(house.bluebell)
    look = partial(looked_out, house.flow)
    assert look(NIGHT_IS_OVER + timedelta(minutes=59)) == 0
    assert look(NIGHT_IS_OVER + timedelta(minutes=60)) == 1
    assert look(NIGHT_IS_OVER + timedelta(minutes=61)) == 0
    with house.flow.database.read() as session:
        assert due_changes(session, NIGHT_IS_OVER + timedelta(minutes=62)) == []
    (event,) = house.events("handover_missing")
    told = {name: event.context[name] for name in ("care_home_id", "unit_id", "unit", "minutes_ago")}
    assert told == {"care_home_id": house.cast.rose, "unit_id": house.bluebell, "unit": "Bluebell", "minutes_ago": 60}


@pytest.mark.parametrize(
    ("of_unit", "minutes_off", "missed"),
    [(True, 0, 0), (False, 0, 0), (True, -120, 0), (True, 121, 1)],
    ids=["of_the_unit", "of_the_whole_home", "two_hours_before", "later"],
)
def test_a_handover_near_the_change_is_the_one_of_it(
    house: House, of_unit: bool, minutes_off: int, missed: int
) -> None:
    house.watch(60)
    house.a_shift(house.bluebell)
    change_at = NIGHT_IS_OVER + timedelta(minutes=minutes_off)
    house.writes(house.cast.dan, unit_id=house.bluebell if of_unit else None, change_at=change_at)
    assert looked_out(house.flow, NOW + timedelta(hours=3)) == missed


def test_the_handover_of_another_unit_is_not_the_one(house: House) -> None:
    house.watch(60)
    house.a_shift(house.bluebell)
    cause = cause_of(house.cast.maya, NOW)
    other = house.flow.database.write(
        lambda s: add_unit(s, cause, home_id=house.cast.rose, name="Rowan", kind=UnitKind.STANDARD, beds=8).id
    )
    house.writes(house.cast.dan, unit_id=other)
    assert looked_out(house.flow, NOW) == 1


def test_where_units_change_shifts_the_whole_home_is_not_missed_as_well(house: House) -> None:
    house.watch(60)
    house.a_shift(house.bluebell)
    house.a_shift(None)
    assert looked_out(house.flow, NOW) == 1
    house.a_shift(None, date(2026, 11, 22), 7, 19)
    assert looked_out(house.flow, NOW - timedelta(hours=3)) == 1  # at seven in the evening the home changed alone


def test_nothing_is_missed_where_nobody_asked_for_it_or_long_ago(house: House) -> None:
    house.a_shift(house.bluebell)
    assert looked_out(house.flow, NOW) == 0
    house.watch(60)
    assert looked_out(house.flow, NIGHT_IS_OVER + timedelta(hours=12)) == 0


def test_it_is_looked_at_once_more_when_it_is_noted(house: House) -> None:
    house.watch(60)
    house.a_shift(house.bluebell)
    with house.flow.database.read() as session:
        (change,) = due_changes(session, NOW)
    house.writes(house.cast.dan, unit_id=house.bluebell)
    assert house.flow.database.write(lambda s: note_missing(s, change, NOW)) is False
    assert house.events("handover_missing") == []
