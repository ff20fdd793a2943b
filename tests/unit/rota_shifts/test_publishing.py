"""Publishing a week, acknowledging its shifts, and telling people what changed since."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from flowapp.accounts.audit import AuditEntry
from flowapp.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from flowapp.messaging.in_app import Notification, notify
from flowapp.rota.publishing.publish import publish_week
from flowapp.rota.shift_acknowledging import acknowledge
from flowapp.rota.shifts import Shift
from flowapp.rota.week.copying import copy_week
from flowapp.rota.week.week import read_week
from tests.unit.rota_shifts.rota import Rota, at

WEEK = read_week("2026-W50")  # 7 to 13 December


def published(rota: Rota, **given: object) -> int:
    """Publish the week as Maya does unless told otherwise."""
    who, home = given.pop("by", rota.cast.maya), given.pop("home_id", rota.cast.rose)
    return rota.do(who, lambda s, c: publish_week(s, c, who, home, WEEK, tell=notify, **given))


def told(rota: Rota) -> list[tuple[int, str, str]]:
    """Answer who was told what, the first first."""
    with rota.flow.database.read() as session:
        found = session.scalars(select(Notification).order_by(Notification.id))
        return [(each.user_id, each.title, each.message) for each in found]


def said(rota: Rota, shift_id: int, **given: int) -> None:
    """Let Dan say that he has seen a shift."""
    dan = rota.cast.dan
    rota.do(dan, lambda s, c: acknowledge(s, c, dan, shift_id, **given))


def test_publishing_a_week_shows_all_of_it_and_tells_each_person_once(rota: Rota) -> None:
    first = rota.plan(staff_id=rota.cast.dan.staff_id)
    second = rota.plan(staff_id=rota.cast.dan.staff_id, date=date(2026, 12, 9))
    nobodys = rota.plan(date=date(2026, 12, 13))
    later = rota.plan(date=date(2026, 12, 14))

    assert published(rota) == 3
    assert all(rota.shift(each).published_at == rota.flow.clock.now() for each in (first, second, nobodys))
    assert rota.shift(later).published_at is None
    events = rota.events("shift_created", "staff_assigned")
    assert [each.type for each in events] == ["shift_published"] * 3 + ["rota_published"]
    assert (events[-1].subject_type, events[-1].subject_id) == ("care_home", rota.cast.rose)
    assert events[-1].context | {"user": None} == {
        "care_home_id": rota.cast.rose, "user_id": rota.cast.maya.user_id, "week": "2026-W50",
        "first_day": "2026-12-07", "last_day": "2026-12-13", "shift_count": 3, "open_count": 1, "gap_count": 0,
        "breach_count": 0, "reason": "", "user": None,
    }  # fmt: skip
    assert told(rota) == [
        (rota.cast.dan.user_id, "Your rota for 7 to 13 December 2026 is out",
         "You have 2 shifts. Please say that you have seen each of them."),
    ]  # fmt: skip
    with rota.flow.database.read() as session:
        entry = session.scalars(select(AuditEntry).filter_by(action="rota.publish")).one()
    assert entry.after == {"week": "2026-W50", "shifts": 3, "breaches": 0}


def test_a_week_that_is_published_already_tells_nobody_anything(rota: Rota) -> None:
    rota.plan(staff_id=rota.cast.dan.staff_id)
    published(rota)
    events, notes = len(rota.events()), len(told(rota))
    assert published(rota) == 0
    assert (len(rota.events()), len(told(rota))) == (events, notes)


def test_a_shift_of_somebody_on_leave_needs_a_reason(rota: Rota) -> None:
    shift = rota.plan()
    rota.assign(shift, rota.cast.dan)
    rota.update(shift, date=date(2026, 12, 8))
    rota.leave(rota.cast.dan, start=date(2026, 12, 8))

    with pytest.raises(Refused, match="cannot work a shift of theirs") as refused:
        published(rota)
    assert [each.path for each in refused.value.problems] == ["reason"]
    assert rota.shift(shift).published_at is None
    assert published(rota, reason="He offered to come.") == 1
    (event,) = [each for each in rota.events() if each.type == "rota_published"]
    assert (event.context["breach_count"], event.context["reason"]) == (1, "He offered to come.")


def test_a_shift_of_somebody_who_is_suspended_needs_a_reason(rota: Rota) -> None:
    rota.plan(staff_id=rota.cast.dan.staff_id)
    rota.change_member(rota.cast.dan, status="suspended")
    with pytest.raises(Refused):
        published(rota)


def test_only_those_who_publish_here_may(rota: Rota) -> None:
    rota.plan()
    for who, error in ((rota.cast.sorcha, NotAllowed), (rota.cast.dan, NotAllowed), (rota.cast.erin, NotFound)):
        with pytest.raises(error):
            published(rota, by=who)


def test_whoever_has_a_shift_says_that_they_have_seen_it_once(rota: Rota) -> None:
    shift = rota.plan(staff_id=rota.cast.dan.staff_id)
    published(rota)
    said(rota, shift)
    assert rota.shift(shift).acknowledged_at == rota.flow.clock.now()
    said(rota, shift)
    events = [each for each in rota.events() if each.type == "shift_acknowledged"]
    assert [each.context["staff_id"] for each in events] == [rota.cast.dan.staff_id]
    assert rota.audit()[-1].action == "shift.acknowledge"


def test_nobody_acknowledges_what_they_have_not_got_or_not_seen(rota: Rota) -> None:
    shift = rota.plan(staff_id=rota.cast.dan.staff_id)
    with pytest.raises(NotFound):  # it is not published
        said(rota, shift)
    published(rota)
    version = rota.shift(shift).version
    rota.update(shift, notes="Bring the keys")
    with pytest.raises(Conflict, match="changed meanwhile"):
        said(rota, shift, seen=version)
    for who, error in ((rota.cast.maya, NotAllowed), (rota.cast.vic, NotFound)):
        with pytest.raises(error):
            rota.do(who, lambda s, c, w=who: acknowledge(s, c, w, shift))


def test_changing_a_published_shift_tells_the_person_and_asks_them_again(rota: Rota) -> None:
    shift = rota.plan(staff_id=rota.cast.dan.staff_id)
    published(rota)
    said(rota, shift)
    rota.update(shift, start=at("09:00"), notes="Bring the keys")
    assert rota.shift(shift).acknowledged_at is None
    assert told(rota)[-1] == (
        rota.cast.dan.user_id, "A shift of yours was changed",
        "The start and the notes of your shift changed. It is on 7 December 2026 from 09:00 to 20:00 now. "
        "Please look at it, and say that you have seen it.",
    )  # fmt: skip
    rota.cancel(shift, reason="The home is quiet")
    assert told(rota)[-1][1:] == (
        "A shift of yours was cancelled",
        "Your shift on 7 December 2026 from 09:00 to 20:00 is not needed any more. Reason: The home is quiet",
    )


def test_nobody_is_told_of_what_they_could_not_see(rota: Rota) -> None:
    shift = rota.plan(staff_id=rota.cast.dan.staff_id)
    rota.update(shift, start=at("09:00"))
    rota.cancel(shift)
    assert told(rota) == []


def test_another_person_has_not_acknowledged_it(rota: Rota) -> None:
    shift = rota.plan(staff_id=rota.cast.dan.staff_id)
    published(rota)
    said(rota, shift)
    rota.assign(shift, rota.cast.sorcha, replacing=rota.cast.dan.staff_id)
    assert rota.shift(shift).acknowledged_at is None


def test_the_shift_that_nobody_has_is_told_once_at_each_mark_also_when_nobody_looked(rota: Rota) -> None:
    shift, clock = rota.plan(), rota.flow.clock
    starts = rota.shift(shift).starts_at

    def marks(hours_before: float) -> list[int]:
        clock.set(starts - timedelta(hours=hours_before))
        known = len([each for each in rota.events() if each.type == "shift_unfilled"])
        rota.flow.tick()
        return [each.context["mark_hours"] for each in rota.events() if each.type == "shift_unfilled"][known:]

    assert [marks(169), marks(168), marks(167.9)] == [[], [168], []]
    assert marks(23) == [72, 24]  # nobody looked for two days
    rota.update(shift, notes="Please")
    assert [marks(22), marks(3), marks(-1)] == [[], [4], []]


def test_a_shift_opened_after_a_mark_is_told_at_the_next_one(rota: Rota) -> None:
    shift, clock = rota.plan(staff_id=rota.cast.dan.staff_id), rota.flow.clock
    starts = rota.shift(shift).starts_at
    clock.set(starts - timedelta(hours=100))
    rota.flow.tick()
    rota.unassign(shift)
    rota.flow.tick()
    assert [each for each in rota.events() if each.type == "shift_unfilled"] == []
    clock.set(starts - timedelta(hours=72))
    rota.flow.tick()
    rota.flow.tick()
    (event,) = [each for each in rota.events() if each.type == "shift_unfilled"]
    assert (event.context["mark_hours"], event.context["hours_until_start"], event.context["is_open"]) == (72, 72, True)


def test_the_week_before_is_copied_open_and_only_what_is_not_there_yet(rota: Rota) -> None:
    rota.plan(date=date(2026, 11, 30), staff_id=rota.cast.dan.staff_id)
    rota.plan(date=date(2026, 11, 30))
    rota.cancel(rota.plan(date=date(2026, 12, 1)))
    rota.plan()  # one of the two is planned by hand

    def copied(*, same_people: bool = False) -> str:
        maya = rota.cast.maya
        found = rota.do(maya, lambda s, c: copy_week(s, c, maya, rota.cast.rose, WEEK, same_people=same_people))
        return found.sentence

    assert copied() == "1 shift was copied, all open."
    assert copied() == "Every shift of the week before is there already, so nothing was copied."
    with rota.flow.database.read() as session:
        days = session.scalars(select(Shift.local_date).where(Shift.local_date >= WEEK.monday)).all()
    assert days == [date(2026, 12, 7)] * 2


def test_a_copied_shift_stays_open_when_its_person_is_away(rota: Rota) -> None:
    rota.plan(date=date(2026, 11, 30), staff_id=rota.cast.dan.staff_id)
    rota.plan(date=date(2026, 12, 1), staff_id=rota.cast.sorcha.staff_id)
    rota.leave(rota.cast.dan, start=date(2026, 12, 7))
    maya = rota.cast.maya
    found = rota.do(maya, lambda s, c: copy_week(s, c, maya, rota.cast.rose, WEEK, same_people=True))
    assert (found.made, found.given) == (2, 1)
    assert found.sentence == (
        "2 shifts were copied, 1 of them with the same people. The shift on 7 December 2026 is open: "
        "Dan: annual leave from 08:00 to 20:00 on 7 December 2026. Choose somebody else."
    )


def test_a_shift_that_was_read_before_it_was_opened_counts_as_open_since_it_was_planned(rota: Rota) -> None:
    shift = rota.plan()
    rota.do(rota.cast.ada, lambda s, _: bool(s.execute(update(Shift).values(open_since=None)).rowcount))
    rota.flow.clock.set(rota.shift(shift).starts_at - timedelta(hours=24))
    rota.flow.tick()
    assert [each.context["mark_hours"] for each in rota.events() if each.type == "shift_unfilled"] == [168, 72, 24]
