"""Every arrow of a shift: who may, from which state, what is written, noted and told."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from flowapp.accounts.audit import AuditEntry
from flowapp.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from flowapp.rota.shift_plan import timed
from flowapp.rota.shift_writing import move, replan
from flowapp.rota.shifts import Shift, ShiftStatus
from flowapp.rota.staff import JobRole
from tests.unit.rota_shifts.rota import Rota, at


def test_a_shift_is_planned_open_and_not_published(rota: Rota) -> None:
    unit = rota.unit()
    shift = rota.shift(rota.plan(unit_id=unit, notes="Bring keys", skills=("MEDS",)))

    assert (shift.status, shift.staff_id, shift.published_at, shift.version) == (ShiftStatus.OPEN, None, None, 1)
    assert (shift.timezone, shift.hours, shift.unit_name) == ("Europe/London", 11, "Bluebell")
    (event,) = rota.events()
    assert (event.type, event.care_home_id, event.subject_type, event.subject_id) == (
        "shift_created", rota.cast.rose, "shift", shift.id)  # fmt: skip
    assert event.context | {"shift": None} == {
        "shift_id": shift.id, "staff_id": None, "user_id": rota.cast.maya.user_id, "care_home_id": rota.cast.rose,
        "shift_date": "2026-12-07", "shift_type": "long_day", "hours": 11, "is_open": True, "published": False,
        "hours_until_start": 335, "shift": None, "staff": None,
        "user": {"id": rota.cast.maya.user_id, "name": "Maya", "role": "Manager"},
    }  # fmt: skip
    assert event.context["shift"] == {
        "date": "2026-12-07", "start": "08:00", "end": "20:00", "timezone": "Europe/London",
        "starts_at": "2026-12-07T08:00:00Z", "ends_at": "2026-12-07T20:00:00Z", "hours": 11, "role": "Carer",
        "skills": ["MEDS"], "unit_id": unit, "unit": "Bluebell", "kind": "regular", "working_time": "full",
        "status": "open", "staff_id": None, "published": False, "notes": "Bring keys",
    }  # fmt: skip
    (entry,) = rota.audit()
    assert (entry.action, entry.home_id, entry.before, entry.after["start"]) == (
        "shift.create", rota.cast.rose, None, "08:00")  # fmt: skip


def test_a_shift_planned_for_somebody_tells_that_they_have_it(rota: Rota) -> None:
    rota.plan(staff_id=rota.cast.dan.staff_id)

    created, assigned = rota.events()
    assert (created.type, created.context["is_open"]) == ("shift_created", False)
    assert (assigned.type, assigned.context["staff"]["name"]) == ("staff_assigned", "Dan")
    assert assigned.context["previous_staff_id"] is None


def test_a_unit_of_another_home_is_refused(rota: Rota) -> None:
    elsewhere = rota.unit(home_id=rota.cast.elm)
    for unit_id in (elsewhere, 999):
        with pytest.raises(Refused, match="no such unit"):
            rota.plan(unit_id=unit_id)
    assert rota.events() == []
    shift_id = rota.plan()
    with pytest.raises(Refused, match="no such unit"):
        rota.update(shift_id, unit_id=elsewhere)


def test_a_changed_shift_tells_each_field_with_its_old_and_new_value(rota: Rota) -> None:
    shift_id = rota.plan()

    rota.update(shift_id, end=at("21:00"), role=JobRole.CARER, skills=("MEDS", "FIRE"), unit_id=rota.unit())

    event = rota.events("shift_created")[0]
    assert event.type == "shift_updated"
    assert event.changes == [
        {"field": "unit_id", "old": None, "new": 1},
        {"field": "end", "old": "20:00", "new": "21:00"},
        {"field": "skills", "old": [], "new": ["MEDS", "FIRE"]},
    ]
    assert event.context["changes"] == [
        {"field": "unit_id", "old": "", "new": "1"},
        {"field": "end", "old": "20:00", "new": "21:00"},
        {"field": "skills", "old": "", "new": "MEDS, FIRE"},
    ]
    assert (event.context["hours"], event.context["staff"]) == (12, None)
    shift = rota.shift(shift_id)
    assert (shift.end_local, shift.hours, shift.version, shift.skills) == ("21:00", 12, 2, ["MEDS", "FIRE"])
    entry = rota.audit()[-1]
    assert (entry.action, entry.before, entry.after) == (
        "shift.update", {"unit_id": None, "end": "20:00", "skills": []},
        {"unit_id": 1, "end": "21:00", "skills": ["MEDS", "FIRE"]},
    )  # fmt: skip


def test_a_shift_with_the_same_values_is_left_alone(rota: Rota) -> None:
    shift_id = rota.plan()

    rota.update(shift_id, end=at("20:00"), notes="")

    assert rota.shift(shift_id).version == 1
    assert [event.type for event in rota.events()] == ["shift_created"]
    assert len(rota.audit()) == 1


def test_a_change_without_sense_changes_nothing(rota: Rota) -> None:
    shift_id = rota.plan()

    with pytest.raises(Refused, match="16 hours at most"):
        rota.update(shift_id, end=at("08:00"))

    assert rota.shift(shift_id).version == 1


def test_a_shift_is_given_to_somebody_and_taken_off_them(rota: Rota) -> None:
    shift_id = rota.plan()
    rota.assign(shift_id, rota.cast.dan)
    assert (rota.shift(shift_id).status, rota.shift(shift_id).staff_name) == (ShiftStatus.ASSIGNED, "Dan")

    rota.unassign(shift_id, reason=" Off sick ")

    shift = rota.shift(shift_id)
    assert (shift.status, shift.staff_id, shift.version) == (ShiftStatus.OPEN, None, 3)
    _, assigned, unassigned = rota.events()
    assert (assigned.type, unassigned.type) == ("staff_assigned", "staff_unassigned")
    dan = {"id": rota.cast.dan.staff_id, "name": "Dan", "email": "dan@example.org", "role": "Carer"}
    assert (assigned.context["staff"], assigned.context["is_open"]) == (dan, False)
    assert (unassigned.context["staff"], unassigned.context["is_open"]) == (dan, True)
    assert unassigned.context["staff_id"] == unassigned.context["previous_staff_id"] == dan["id"]
    assert (unassigned.context["reason"], unassigned.context["shift"]["staff_id"]) == ("Off sick", None)
    assert [(e.action, e.after["status"], e.reason) for e in rota.audit()[1:]] == [
        ("shift.assign", "assigned", ""), ("shift.unassign", "open", "Off sick")]  # fmt: skip


def test_a_shift_is_handed_over_in_one_go(rota: Rota) -> None:
    dan, sorcha = rota.cast.dan.staff_id, rota.cast.sorcha.staff_id
    shift_id = rota.plan(staff_id=dan)

    rota.assign(shift_id, rota.cast.sorcha, replacing=dan)

    unassigned, assigned = rota.events()[-2:]
    assert (unassigned.type, unassigned.context["staff_id"]) == ("staff_unassigned", dan)
    assert (assigned.type, assigned.context["staff_id"], assigned.context["previous_staff_id"]) == (
        "staff_assigned", sorcha, dan)  # fmt: skip
    with pytest.raises(Conflict, match="Sorcha already has this shift"):
        rota.assign(shift_id, rota.cast.maya, replacing=dan)  # Dan has it no more


def test_a_handing_over_that_fails_leaves_the_shift_with_whoever_had_it(rota: Rota) -> None:
    shift_id = rota.plan(staff_id=rota.cast.dan.staff_id)
    rota.plan(staff_id=rota.cast.sorcha.staff_id)

    with pytest.raises(Conflict, match="Sorcha already works"):
        rota.assign(shift_id, rota.cast.sorcha, replacing=rota.cast.dan.staff_id)

    assert rota.shift(shift_id).staff_name == "Dan"
    assert rota.events("shift_created", "staff_assigned") == []


def test_a_shift_is_published_once(rota: Rota) -> None:
    shift_id = rota.plan()
    rota.publish(shift_id)

    shift = rota.shift(shift_id)
    assert (shift.published_at, shift.status, shift.version) == (rota.flow.clock.now(), ShiftStatus.OPEN, 2)
    assert (rota.events()[-1].type, rota.events()[-1].context["published"]) == ("shift_published", True)
    assert rota.audit()[-1].action == "shift.publish"
    with pytest.raises(Conflict, match="published already"):
        rota.publish(shift_id)


def test_a_cancelled_shift_stays_on_record_and_tells_who_had_it(rota: Rota) -> None:
    shift_id = rota.plan(staff_id=rota.cast.dan.staff_id)
    rota.publish(shift_id)

    rota.cancel(shift_id, reason="Resident in hospital")

    shift = rota.shift(shift_id)
    assert (shift.status, shift.staff_name, shift.cancel_reason) == (
        ShiftStatus.CANCELLED, "Dan", "Resident in hospital")  # fmt: skip
    assert shift.published_at is not None
    event = rota.events()[-1]
    assert (event.type, event.context["reason"], event.context["was_published"], event.context["staff"]["name"]) == (
        "shift_deleted", "Resident in hospital", True, "Dan")  # fmt: skip
    assert (rota.audit()[-1].action, rota.audit()[-1].reason) == ("shift.cancel", "Resident in hospital")


def test_whoever_had_a_cancelled_shift_is_free_for_another(rota: Rota) -> None:
    rota.cancel(rota.plan(staff_id=rota.cast.dan.staff_id))

    assert rota.shift(rota.plan(staff_id=rota.cast.dan.staff_id)).staff_name == "Dan"


REFUSED = [
    (status, arrow)
    for arrow in ("update", "assign", "unassign", "publish", "cancel")
    for status in ShiftStatus
    # Whoever did not come can be taken off, so that the shift is open again.
    if status not in ("open", "assigned") and (arrow, status) != ("unassign", "no_show")
]


@pytest.mark.parametrize(("status", "arrow"), REFUSED)
def test_a_shift_that_is_worked_or_over_is_changed_no_more(rota: Rota, status: ShiftStatus, arrow: str) -> None:
    shift_id = rota.plan(staff_id=rota.cast.dan.staff_id)
    rota.do(rota.cast.ada, lambda s, _: s.execute(update(Shift).values(status=status)) and None)
    told = len(rota.events())
    acts = {
        "update": lambda: rota.update(shift_id, notes="New"),
        "assign": lambda: rota.assign(shift_id, rota.cast.sorcha),
        "unassign": lambda: rota.unassign(shift_id),
        "publish": lambda: rota.publish(shift_id),
        "cancel": lambda: rota.cancel(shift_id),
    }

    with pytest.raises(Conflict, match=f"This shift is {status.label.lower()}, so"):
        acts[arrow]()

    assert (rota.shift(shift_id).version, len(rota.events())) == (1, told)


def test_nobody_can_be_taken_off_an_open_shift(rota: Rota) -> None:
    with pytest.raises(Conflict, match="This shift is open, so there is nobody"):
        rota.unassign(rota.plan())


@pytest.mark.parametrize("arrow", ["update", "assign", "unassign", "publish", "cancel"])
def test_whoever_saw_an_earlier_version_is_told_that_it_changed(rota: Rota, arrow: str) -> None:
    shift_id = rota.plan()
    rota.update(shift_id, notes="Somebody else was here")
    acts = {
        "update": lambda: rota.update(shift_id, seen=1, notes="Mine"),
        "assign": lambda: rota.assign(shift_id, rota.cast.dan, seen=1),
        "unassign": lambda: rota.unassign(shift_id, seen=1),
        "publish": lambda: rota.publish(shift_id, seen=1),
        "cancel": lambda: rota.cancel(shift_id, seen=1),
    }

    with pytest.raises(Conflict, match="Somebody changed this before you did"):
        acts[arrow]()

    rota.update(shift_id, seen=2, notes="Mine")
    assert (rota.shift(shift_id).notes, rota.shift(shift_id).version) == ("Mine", 3)


def test_a_state_is_written_over_the_version_it_follows_and_over_no_other(rota: Rota) -> None:
    shift = rota.shift(rota.plan())
    rota.update(shift.id, notes="Somebody else was here")

    for act in (
        lambda s, c: move(s, c, shift, status=ShiftStatus.CANCELLED, staff_id=None),
        lambda s, c: replan(s, c, shift, shift.plan, timed(shift.plan, shift.timezone)),
    ):
        with pytest.raises(Conflict):
            rota.do(rota.cast.maya, act)

    assert (rota.shift(shift.id).notes, rota.shift(shift.id).status) == ("Somebody else was here", ShiftStatus.OPEN)


def test_a_senior_assigns_but_does_not_plan_publish_or_cancel(rota: Rota) -> None:
    sorcha, shift_id = rota.cast.sorcha, rota.plan()
    rota.assign(shift_id, rota.cast.dan, by=sorcha)
    rota.unassign(shift_id, by=sorcha)

    for act in (
        lambda: rota.plan(sorcha),
        lambda: rota.update(shift_id, by=sorcha, notes="x"),
        lambda: rota.publish(shift_id, by=sorcha),
        lambda: rota.cancel(shift_id, by=sorcha),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_for_another_homes_manager_the_shift_does_not_exist(rota: Rota) -> None:
    erin, shift_id = rota.cast.erin, rota.plan()

    for act in (
        lambda: rota.plan(erin),
        lambda: rota.update(shift_id, by=erin, notes="x"),
        lambda: rota.assign(shift_id, rota.cast.vic, by=erin),
        lambda: rota.unassign(shift_id, by=erin),
        lambda: rota.publish(shift_id, by=erin),
        lambda: rota.cancel(shift_id, by=erin),
        lambda: rota.cancel(999, by=erin),
    ):
        with pytest.raises(NotFound):
            act()


def test_a_reason_longer_than_a_page_is_refused(rota: Rota) -> None:
    with pytest.raises(Refused, match="shorten it"):
        rota.cancel(rota.plan(), reason="x" * 2001)


def test_hours_until_the_start_go_below_nought_once_it_has_begun(rota: Rota) -> None:
    today = rota.flow.clock.now().date()
    rota.plan(date=today, start=at("08:30"))
    rota.plan(date=today + timedelta(days=1), start=at("09:20"))

    assert [event.context["hours_until_start"] for event in rota.events()] == [Decimal("-0.5"), Decimal("24.33")]


def test_adding_a_unit_is_noted_in_the_audit(rota: Rota) -> None:
    unit_id = rota.unit()

    with rota.flow.database.read() as session:
        entry = session.scalars(select(AuditEntry).filter_by(entity="unit")).one()
    assert (entry.action, entry.entity_id, entry.home_id, entry.actor_name) == (
        "unit.create", unit_id, rota.cast.rose, "Ada")  # fmt: skip
    assert entry.after == {"name": "Bluebell", "kind": "dementia", "beds": 16}


def test_a_unit_has_a_name_of_its_own_in_its_home(rota: Rota) -> None:
    rota.unit("Bluebell")
    rota.unit("Bluebell", home_id=rota.cast.elm)

    for name, expected in (("  Bluebell ", "already has a unit called Bluebell"), (" ", "Write the unit's name")):
        with pytest.raises(Refused, match=expected):
            rota.unit(name)


def test_a_shift_of_one_year_ago_can_be_put_on_record(rota: Rota) -> None:
    assert rota.shift(rota.plan(date=date(2025, 12, 7))).hours == 11
