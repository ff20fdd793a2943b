"""The leader cleans up at night, and writes down what it did."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from flowapp.accounts import sessions
from flowapp.accounts.audit import AuditEntry, verify_chain
from flowapp.bootstrap import Flow
from flowapp.engine.keeping.clean_up import CleanUp, last_cleaned_at
from flowapp.http.idempotency import IdempotencyKey
from flowapp.kernel.clock import FrozenClock
from flowapp.scheduler.nightly import AGAIN, Nightly
from tests.cast import Cast
from tests.conftest import MONDAY_MORNING
from tests.engine.old_runs import carry_out, left, old_runs
from tests.engine.patience import until
from tests.factories import a_workflow
from tests.scheduler.conftest import Lead


@pytest.fixture
def cast(flow: Flow, peopled_tables: tuple[object, Cast]) -> Cast:
    """The people in the database of `flow`."""
    return peopled_tables[1]


def clean_ups(flow: Flow) -> list[dict[str, int]]:
    """Answer what each clean-up removed, without what was nothing."""
    with flow.database.read() as session:
        found = session.scalars(select(CleanUp.removed).order_by(CleanUp.id))
        return [{name: count for name, count in removed.items() if count} for removed in found]


def test_runs_sessions_and_answered_requests_go_and_the_numbers_are_written_down(
    flow: Flow, clock: FrozenClock, cast: Cast
) -> None:
    workflow_id = a_workflow(flow, cast.maya, home_id=cast.rose)
    numbers = old_runs(flow, cast.maya, workflow_id, ("dull", 15), ("dull", 15), ("ordinary", 91), ("lasting", 91))
    flow.database.write(lambda session: sessions.open(session, cast.maya, clock.now() - timedelta(hours=13)))
    flow.database.write(lambda session: answered(session, clock.now() - timedelta(hours=73)))
    flow.database.write(lambda session: answered(session, clock.now() - timedelta(hours=71)))
    removed = {"dull_runs": 2, "ordinary_runs": 1, "sessions": 1, "answered_requests": 1}

    assert Nightly(flow).run(threading.Event()) is not None

    assert left(flow) == numbers[3:]
    assert clean_ups(flow) == [removed]
    with flow.database.read() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "retention.clean_up")).one()
        assert entry.actor == "system"
        assert {name: count for name, count in entry.after.items() if count} == removed
        assert verify_chain(session) is None


def answered(session: Session, at: datetime) -> None:
    """Write that a request was answered."""
    row = {"user_id": 1, "method": "POST", "path": "/", "body_sha256": "", "answer": {}, "created_at": at}
    session.execute(insert(IdempotencyKey), {**row, "key": at.isoformat()})


def test_one_that_is_told_to_stop_is_begun_again_the_next_time(flow: Flow, clock: FrozenClock, cast: Cast) -> None:
    nightly, stop = Nightly(flow), threading.Event()
    before = nightly.next_time(clock.now())
    assert before == datetime(2026, 11, 24, 2, tzinfo=UTC)
    clock.set(before)
    stop.set()
    assert nightly.run(stop) is None
    with flow.database.read() as session:
        assert last_cleaned_at(session) == MONDAY_MORNING
    # not at once: what failed would fail again and again
    assert nightly.next_time(clock.now()) == before + AGAIN
    assert Nightly(flow).next_time(clock.now()) == before
    assert nightly.run(threading.Event()) is not None
    assert nightly.next_time(clock.now()) == before + timedelta(days=1)


def test_a_night_that_was_missed_is_made_good_when_somebody_leads_again(live: Flow, lead: Lead) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=3)
    carry_out(live, insert(CleanUp), began_at=long_ago, finished_at=long_ago, removed={})
    lead()
    assert until(lambda: len(clean_ups(live)) == 2)


def test_a_new_flowapp_waits_for_its_first_night(live: Flow, lead: Lead) -> None:
    lead()
    assert until(lambda: clean_ups(live) == [{}])
    carry_out(live, update(CleanUp).values(removed={"first": 1}))
    assert clean_ups(live) == [{"first": 1}]
