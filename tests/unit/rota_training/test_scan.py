"""What the leader tells of certificates as the days go by."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from flowapp.rota.shifts import Shift
from flowapp.rota.staff import Staff, StaffStatus
from flowapp.rota.training import changes, scan
from flowapp.rota.training.reading import by_last_day, running_out
from flowapp.rota.training.scan import due_certificates, remind_due
from flowapp.rota.training.type_changes import change as change_type
from tests.factories import a_shift
from tests.support.statements import heard, plan
from tests.unit.rota_training.records import A_YEAR_AGO, TODAY, Records

DUE, RAN_OUT = "training_due", "certification_expired"


def told(records: Records) -> list[tuple[str, int]]:
    """Read what was told of certificates: the kind, and the reminder or the days left."""
    found = records.events(DUE, RAN_OUT)
    return [(each.type, each.context.get("reminder_day", each.context["days_left"])) for each in found]


def look(records: Records) -> int:
    """Let the leader look once."""
    return remind_due(records.flow.database, records.clock.now())


def live(records: Records, days: int) -> None:
    """Let days go by on which the leader looks again and again."""
    for _ in range(days):
        look(records)
        look(records)
        records.pass_days(1)
    look(records)


def test_each_reminder_is_told_once_and_then_that_it_has_run_out(records: Records) -> None:
    records.record()  # until 7 December

    live(records, 30)

    assert told(records) == [(DUE, 14), (DUE, 7), (DUE, 0), (RAN_OUT, -1)]
    assert records.held(1).version == 1  # a reminder is nobody's change


def test_what_was_missed_while_flowapp_was_away_is_made_good(records: Records) -> None:
    records.record(expires_on=date(2027, 1, 31))
    look(records)
    assert told(records) == [(DUE, 90)]  # the nearest of those that were past

    records.pass_days(80)
    while look(records):
        pass

    assert told(records)[1:] == [(DUE, 60), (DUE, 30), (DUE, 14), (DUE, 7), (DUE, 0), (RAN_OUT, -11)]


def test_the_tick_of_the_leader_looks(records: Records) -> None:
    records.record()
    assert (records.flow.tick().done["certificates"], records.flow.tick().done["certificates"]) == (1, 0)


def test_an_event_says_whose_training_it_is_and_which_shifts_need_it(records: Records) -> None:
    cast, number = records.cast, records.record()
    on_the_last_day, after, other = (
        a_shift(records.flow, cast.maya, cast.rose, day=day, staff=cast.dan)
        for day in (date(2026, 12, 7), date(2026, 12, 9), date(2026, 12, 11))
    )

    for shift_id, skills in ((on_the_last_day, ("FIRE",)), (after, ("FIRE", "IPC")), (other, ("IPC",))):
        # Straight into the row: nobody could be left on a shift for which they are not trained any more.
        needs = update(Shift).where(Shift.id == shift_id).values(skills=list(skills))
        records.do(cast.maya, lambda session, _cause, needs=needs: session.execute(needs) and None)
    look(records)

    (event,) = records.events(DUE)
    assert (event.subject_id, event.care_home_id, event.actor["kind"]) == (number, cast.rose, "system")
    context = event.context
    assert (context["reminder_day"], context["days_left"], context["expires_on"]) == (14, 14, "2026-12-07")
    assert (context["staff"]["name"], context["training_type"], context["user_id"]) == ("Dan", "FIRE", None)
    assert context["affected_future_shifts"] == [
        {"shift_id": after, "date": "2026-12-09", "start": "08:00", "end": "20:00", "hours_until_start": 383}
    ]
    assert context["affected_count"] == 1


@pytest.mark.parametrize("why", ["withdrawn", "replaced", "waits", "has left", "no end"])
def test_nothing_is_told_of_what_nobody_has_to_renew(records: Records, why: str) -> None:
    if why == "waits":
        records.record(records.cast.dan)
    elif why == "no end":
        records.record(code="RTW")
    else:
        number = records.record()
        if why == "withdrawn":
            records.act(changes.revoke, number, reason="Lost")
        elif why == "replaced":
            records.record(issued=date(2026, 11, 20))
        else:
            left = update(Staff).where(Staff.id == records.cast.dan.staff_id).values(status=StaffStatus.LEAVER)
            records.flow.database.write(lambda session: session.execute(left) and None)
    live(records, 20)
    assert told(records) == []


def test_an_old_certificate_is_told_of_again_when_the_newer_one_is_withdrawn(records: Records) -> None:
    records.record()
    newer = records.record(issued=date(2026, 11, 20))
    live(records, 1)
    assert told(records) == []

    records.act(changes.revoke, newer, reason="Another person's")

    look(records)
    assert told(records) == [(DUE, 14)]


def test_one_that_was_sent_in_is_watched_once_it_is_confirmed(records: Records) -> None:
    number = records.record(records.cast.dan)
    look(records)
    records.act(changes.verify, number)
    look(records)
    assert told(records) == [(DUE, 14)]


def test_another_last_day_begins_the_reminders_anew(records: Records) -> None:
    number = records.record()
    look(records)
    records.act(changes.correct, number, expires_on=date(2026, 11, 30))
    look(records)
    records.act(changes.correct, number, expires_on=date(2026, 12, 7))  # and back again
    look(records)
    assert told(records) == [(DUE, 14), (DUE, 7), (DUE, 14)]


def test_other_reminder_days_hold_for_certificates_that_are_there(records: Records) -> None:
    records.record()
    look(records)
    who = records.cast.hana
    days = [30, 5]
    records.do(who, lambda s, c: change_type(s, c, who, records.kind(), reminder_days=days))
    live(records, 20)
    assert told(records) == [(DUE, 14), (DUE, 5), (RAN_OUT, -1)]


def test_nobody_is_told_before_six_in_the_morning(records: Records) -> None:
    records.record()
    look(records)
    before, after = datetime(2026, 11, 30, 5, 59, tzinfo=UTC), datetime(2026, 11, 30, 6, 0, tzinfo=UTC)
    records.clock.set(before)
    assert look(records) == 0
    records.clock.set(after)
    assert look(records) == 1


def test_many_that_are_due_are_told_of_some_at_a_time(records: Records, monkeypatch: pytest.MonkeyPatch) -> None:
    number = scan.MOST_AT_ONCE + 5
    for day in range(number):
        records.record(issued=A_YEAR_AGO - timedelta(days=day), expires_on=TODAY + timedelta(days=day % 5, weeks=1))
    with records.flow.database.read() as session:
        assert len(due_certificates(session, records.clock.now())) == scan.MOST_AT_ONCE
    look(records)
    look(records)
    with records.flow.database.read() as session:
        assert due_certificates(session, records.clock.now()) == []


def test_one_that_cannot_be_told_of_does_not_hold_up_the_others(
    records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, _ = records.record(), records.record(code="IPC")
    real = scan.remind_of

    def failing(session: object, certificate_id: int, now: datetime) -> bool:
        if certificate_id == bad:
            raise RuntimeError("broken")
        return real(session, certificate_id, now)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(scan, "remind_of", failing)
        assert look(records) == 1
    assert look(records) == 1
    assert len(told(records)) == 2


def test_what_is_asked_every_second_and_over_all_homes_goes_along_indexes(records: Records) -> None:
    records.record()
    with records.flow.database.read() as session, heard(session) as asked:
        due_certificates(session, records.clock.now())
        by_last_day(session, records.cast.hana, TODAY, *running_out(TODAY, 30), limit=50)
    plans = {each: "\n".join(plan_of(records, each)) for each in asked if "FROM certificate" in each}
    looks, lists = plans.values()
    assert "ix_certificate_next_look" in looks
    assert "ix_certificate_expires" in lists


def plan_of(records: Records, statement: str) -> list[str]:
    """Answer the database's plan of a statement."""
    with records.flow.database.read() as session:
        return plan(session, statement)
