"""What the calendar does to leave: requests run out undecided, and granted leave is taken in the end."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from flowapp.accounts.people import Person
from flowapp.bootstrap import Flow
from flowapp.kernel.clock import FrozenClock
from flowapp.kernel.db import Database
from flowapp.kernel.errors import Conflict
from flowapp.messaging.in_app import Notification, notify
from flowapp.rota import leave_closing
from flowapp.rota.homes import CareHome
from flowapp.rota.leave import LeaveStatus
from flowapp.rota.leave_closing import close_due, close_leave, due_leave
from flowapp.rota.leave_decisions import approve, reject, take_back
from tests.cast import Cast
from tests.engine.patience import in_threads
from tests.engine.test_leave_operations import act, asked, audited, balance, ledger, problems, request, told
from tests.factories import a_document, a_workflow, leave_asked, run_all, runs
from tests.support.statements import heard, plan, read_to_the_end

MONDAY, TUESDAY = date(2026, 12, 7), date(2026, 12, 8)
SUNDAY_NIGHT = datetime(2026, 12, 6, 23, 59, 59, tzinfo=UTC)
MIDNIGHT = datetime(2026, 12, 7, tzinfo=UTC)


def close(flow: Flow, now: datetime) -> int:
    """Close what is due at a moment, as the scheduler does."""
    return close_due(flow.database, now, tell=notify)


def granted(flow: Flow, cast: Cast, who: Person, *, end: date | None = None) -> int:
    """Ask for leave from Monday on, have it approved, and answer its number."""
    leave_id = leave_asked(flow, who, start=MONDAY, end=end)
    act(flow, approve, cast.hana, leave_id)
    return leave_id


def test_a_request_runs_out_when_its_first_day_comes_and_not_a_second_earlier(flow: Flow, cast: Cast) -> None:
    leave_id = leave_asked(flow, cast.dan, start=MONDAY, end=TUESDAY)
    assert close(flow, SUNDAY_NIGHT) == 0
    assert request(flow, leave_id).status is LeaveStatus.REQUESTED
    assert close(flow, MIDNIGHT) == 1
    found = request(flow, leave_id)
    assert (found.status, found.decided_by, found.version) == (LeaveStatus.EXPIRED, None, 2)
    assert told(flow)[1:] == [("leave_expired", [("requested", "expired")])]
    assert audited(flow)[1:] == [("leave.expired", "system", "")]
    assert (ledger(flow), balance(flow, cast.dan)) == ([], 210)


def test_closing_again_changes_nothing(flow: Flow, cast: Cast) -> None:
    leave_id = leave_asked(flow, cast.dan, start=MONDAY)
    close(flow, MIDNIGHT)
    before = request(flow, leave_id).version, told(flow), audited(flow)
    assert close(flow, MIDNIGHT) == 0
    closed = flow.database.write(lambda session: close_leave(session, leave_id, MIDNIGHT, tell=notify))
    assert closed is None
    assert (request(flow, leave_id).version, told(flow), audited(flow)) == before


def test_the_day_is_the_homes_own(flow: Flow, cast: Cast) -> None:
    far_west = update(CareHome).where(CareHome.id == cast.elm).values(timezone="America/New_York")
    flow.database.write(lambda session: session.execute(far_west) and None)
    at_rose, at_elm = (leave_asked(flow, who, start=MONDAY) for who in (cast.dan, cast.vic))
    close(flow, MIDNIGHT)
    assert request(flow, at_rose).status is LeaveStatus.EXPIRED
    assert request(flow, at_elm).status is LeaveStatus.REQUESTED
    close(flow, datetime(2026, 12, 7, 5, tzinfo=UTC))
    assert request(flow, at_elm).status is LeaveStatus.EXPIRED


@pytest.mark.parametrize("days_late", [0, 1, 5])
def test_what_is_asked_for_on_its_first_day_or_afterwards_waits_for_a_decision(
    flow: Flow, cast: Cast, clock: FrozenClock, days_late: int
) -> None:
    clock.set(datetime(2026, 12, 7 + days_late, 0, 30, tzinfo=UTC))
    leave_id = asked(flow, cast.dan, "SICK", start=MONDAY)
    clock.advance(days=30)
    assert close(flow, clock.now()) == 0
    assert request(flow, leave_id).status is LeaveStatus.REQUESTED
    with flow.database.read() as session:
        assert due_leave(session, clock.now()) == []  # nor does it take the place of others


def test_in_summer_the_day_begins_an_hour_earlier(flow: Flow, cast: Cast) -> None:
    leave_id = leave_asked(flow, cast.dan, start=date(2027, 7, 5))
    assert close(flow, datetime(2027, 7, 4, 22, 59, tzinfo=UTC)) == 0
    assert close(flow, datetime(2027, 7, 4, 23, 0, tzinfo=UTC)) == 1
    assert request(flow, leave_id).status is LeaveStatus.EXPIRED


def test_in_summer_what_is_asked_for_just_after_midnight_is_asked_for_on_that_day(
    flow: Flow, cast: Cast, clock: FrozenClock
) -> None:
    clock.set(datetime(2027, 7, 4, 23, 30, tzinfo=UTC))  # half past midnight on Monday the 5th
    leave_id = asked(flow, cast.dan, "SICK", start=date(2027, 7, 5))
    assert close(flow, clock.now()) == 0
    assert request(flow, leave_id).status is LeaveStatus.REQUESTED


def test_a_request_that_ran_out_stands_in_nobodys_way_and_is_not_decided_any_more(
    flow: Flow, cast: Cast, clock: FrozenClock
) -> None:
    leave_id = leave_asked(flow, cast.dan, start=MONDAY, end=TUESDAY)
    clock.set(MIDNIGHT)
    close(flow, MIDNIGHT)
    assert asked(flow, cast.dan, "SICK", start=TUESDAY)
    for decide, given in ((approve, {}), (reject, {"reason": "No"})):
        with pytest.raises(Conflict, match="ran out undecided"):
            act(flow, decide, cast.maya, leave_id, **given)
    with pytest.raises(Conflict, match="ran out undecided, so there is nothing to take back"):
        act(flow, take_back, cast.dan, leave_id)


def test_workflows_hear_that_a_request_ran_out(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    trigger = [{"id": "late", "type": "event", "event": "leave_expired"}]
    a_workflow(flow, cast.maya, a_document(triggers=trigger), home_id=cast.rose)
    leave_asked(flow, cast.dan, start=MONDAY)
    clock.set(MIDNIGHT)
    close(flow, MIDNIGHT)
    run_all(flow)
    assert [run.status for run in runs(flow)] == ["completed"]


@pytest.mark.parametrize("end", [MONDAY, TUESDAY])
def test_granted_leave_is_taken_once_its_last_day_has_passed(flow: Flow, cast: Cast, end: date) -> None:
    leave_id = granted(flow, cast, cast.dan, end=end)
    before = balance(flow, cast.dan), ledger(flow), told(flow)
    close(flow, datetime(2026, 12, end.day, 23, 59, tzinfo=UTC))
    assert request(flow, leave_id).status is LeaveStatus.APPROVED
    assert close(flow, datetime(2026, 12, end.day + 1, tzinfo=UTC)) == 1
    assert request(flow, leave_id).status is LeaveStatus.TAKEN
    assert request(flow, leave_id).decided_by == "Hana"
    assert audited(flow)[2:] == [("leave.taken", "system", "")]
    assert (balance(flow, cast.dan), ledger(flow), told(flow)) == before


def test_leave_that_was_taken_counts_like_approved_leave(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    granted(flow, cast, cast.dan)
    clock.set(datetime(2026, 12, 9, 9, tzinfo=UTC))
    close(flow, clock.now())
    assert problems(flow, cast.dan, "SICK", start=MONDAY) == [("start_date", "L02")]
    with pytest.raises(Conflict, match="leave is over, so there is nothing to take back"):
        act(flow, take_back, cast.maya, 1)


def test_a_wish_to_give_leave_back_ends_when_the_leave_begins_and_the_person_is_told(flow: Flow, cast: Cast) -> None:
    leave_id = granted(flow, cast, cast.dan, end=TUESDAY)
    act(flow, take_back, cast.dan, leave_id)
    assert close(flow, SUNDAY_NIGHT) == 0
    assert close(flow, MIDNIGHT) == 1
    assert request(flow, leave_id).status is LeaveStatus.APPROVED
    assert audited(flow)[3:] == [("leave.kept", "system", "")]
    with flow.database.read() as session:
        notice = session.scalars(select(Notification)).one()
    assert notice.user_id == cast.dan.user_id
    assert "Nobody answered before it began, so it stays approved." in notice.message
    close(flow, datetime(2026, 12, 9, tzinfo=UTC))
    assert request(flow, leave_id).status is LeaveStatus.TAKEN
    assert balance(flow, cast.dan) == Decimal(195)


def test_two_processes_that_close_at_once_close_once(flow: Flow, cast: Cast) -> None:
    leave_id = leave_asked(flow, cast.dan, start=MONDAY)
    databases = [flow.database, Database(flow.database.url)]
    with flow.database.read() as session:
        assert due_leave(session, MIDNIGHT) == [leave_id]  # both have seen it

    def closing(index: int) -> None:
        databases[index].write(lambda session: close_leave(session, leave_id, MIDNIGHT, tell=notify))

    assert in_threads(2, closing) == []
    databases[1].dispose()
    assert request(flow, leave_id).version == 2
    assert [kind for kind, _ in told(flow)] == ["leave_requested", "leave_expired"]
    assert len(audited(flow)) == 2


def test_a_call_closes_no_more_than_it_can_in_passing_and_the_next_goes_on(
    flow: Flow, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for who in (cast.dan, cast.sorcha, cast.maya):
        leave_asked(flow, who, start=MONDAY)
    few = leave_closing._DUE._statement.limit(2)
    monkeypatch.setattr(leave_closing, "_DUE", leave_closing.Prepared(few))
    assert [close(flow, MIDNIGHT) for _ in range(3)] == [2, 1, 0]


def test_one_that_cannot_be_closed_does_not_hold_up_the_others(flow: Flow, cast: Cast) -> None:
    first, second = (leave_asked(flow, who, start=MONDAY) for who in (cast.dan, cast.sorcha))
    for leave_id in (first, second):
        act(flow, approve, cast.hana, leave_id)
        act(flow, take_back, cast.dan if leave_id == first else cast.sorcha, leave_id)

    def tell(session: object, cause: object, user_ids: list[int], **_: object) -> None:
        if cast.dan.user_id in user_ids:
            raise RuntimeError("the pen is broken")

    assert close_due(flow.database, MIDNIGHT, tell=tell) == 1
    stand = [request(flow, leave_id).status for leave_id in (first, second)]
    assert stand == [LeaveStatus.CANCEL_REQUESTED, LeaveStatus.APPROVED]


def test_looking_for_what_is_due_goes_through_an_index(flow: Flow, cast: Cast) -> None:
    with flow.database.read() as session:
        with heard(session) as seen:
            due_leave(session, MIDNIGHT)
        plans = [plan(session, each) for each in seen if "leave_request" in each]
    assert plans
    for found in plans:
        assert "ix_leave_request_status_dates" in str(found)
        assert not read_to_the_end(found), found


def test_the_tick_closes_what_is_due(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    leave_id = leave_asked(flow, cast.dan, start=MONDAY)
    clock.set(MIDNIGHT)
    flow.tick()
    assert request(flow, leave_id).status is LeaveStatus.EXPIRED
