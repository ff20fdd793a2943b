"""The clean-up removes what is kept no longer, whole, and nothing that anything refers to."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import PrimaryKeyConstraint, Table, UniqueConstraint, insert, select, update
from sqlalchemy.orm import Session

from flowapp.bootstrap import Flow
from flowapp.engine.execution import EXECUTIONS, Execution
from flowapp.engine.keeping import belonging
from flowapp.engine.keeping.clean_up import (
    MOST,
    Events,
    begin_counting,
    clean,
    clean_up_at,
    last_cleaned_at,
    missed_starts_before,
    run_batches,
)
from flowapp.engine.keeping.retention import removed_before
from flowapp.engine.schedules import MissedStart
from flowapp.events.outbox import EventRecord
from flowapp.http.tables import metadata
from flowapp.kernel import faults
from flowapp.kernel.clock import FrozenClock
from tests.cast import Cast
from tests.engine.made_actions import do
from tests.engine.old_runs import carry_out, left, old_runs
from tests.factories import a_document, a_workflow, leave_asked

# They only name a run: what they tell is true when it is gone, and their pages say so.
EVENT_COLUMNS: Any = EventRecord.__table__.columns  # type: ignore[attr-defined]
OUTLIVING = {"event", "mail", "notification", "leave_request", "task", "compliance_violation", "shift_assignment"}
LONDON = ZoneInfo("Europe/London")


@pytest.fixture(autouse=True)
def _no_fault_is_left_behind() -> Iterator[None]:
    yield
    faults.arm(None)


@pytest.fixture
def workflow_id(flow: Flow, cast: Cast) -> int:
    """A workflow of two steps."""
    return a_workflow(
        flow, cast.maya, a_document(do("note", "a"), do("refuse", "b") | {"on_error": "continue"}), home_id=cast.rose
    )


def clean_runs(flow: Flow, clock: FrozenClock) -> dict[str, int]:
    """Remove the runs whose time is over, and answer how many of each class."""
    batches = run_batches(removed_before(clock.now(), days=90, dull_days=14))
    return {name: clean(flow.database, batch, threading.Event()) for name, batch in batches.items()}


def test_runs_go_when_their_time_is_over_with_all_that_belongs_to_them(
    flow: Flow, clock: FrozenClock, cast: Cast, workflow_id: int
) -> None:
    ages = [("dull", 13), ("dull", 15), ("ordinary", 15), ("ordinary", 89), ("ordinary", 91), ("lasting", 91)]
    older = [("lasting", 729), ("lasting", 731), (None, 729), (None, 731)]
    numbers = old_runs(flow, cast.maya, workflow_id, *ages, *older)
    assert clean_runs(flow, clock) == {"dull_runs": 1, "ordinary_runs": 1, "lasting_runs": 1, "unjudged_runs": 1}
    kept = [number for number, age in zip(numbers, [*ages, *older], strict=True) if age not in GONE]
    assert left(flow) == kept
    assert clean_runs(flow, clock) == dict.fromkeys(("dull_runs", "ordinary_runs", "lasting_runs", "unjudged_runs"), 0)


GONE = {("dull", 15), ("ordinary", 91), ("lasting", 731), (None, 731)}


@pytest.mark.parametrize("values", [{"finished_at": None}, {"status": "waiting"}])
def test_a_run_that_is_under_way_never_goes(
    flow: Flow, clock: FrozenClock, cast: Cast, workflow_id: int, values: dict[str, Any]
) -> None:
    numbers = old_runs(flow, cast.maya, workflow_id, ("dull", 1000))
    carry_out(flow, update(Execution).values(**values))
    clean_runs(flow, clock)
    assert left(flow) == numbers


def test_a_run_that_made_good_what_was_missed_is_kept_as_long_as_that_is_listed(
    flow: Flow, clock: FrozenClock, cast: Cast, workflow_id: int
) -> None:
    good, plain = old_runs(flow, cast.maya, workflow_id, ("dull", 100), ("dull", 100))
    long_ago = clock.now() - timedelta(days=100)
    missed = {"trigger_id": "t", "due_at": long_ago, "noticed_at": long_ago, "execution_id": good}
    carry_out(flow, insert(MissedStart), workflow_id=workflow_id, **missed)
    clean_runs(flow, clock)
    assert left(flow) == [good]
    batch = missed_starts_before(clock.now() - timedelta(days=90))
    assert clean(flow.database, batch, threading.Event()) == 1
    clean_runs(flow, clock)
    assert left(flow) == []
    assert plain not in left(flow)


def test_the_number_of_a_run_that_is_gone_is_never_given_again(
    flow: Flow, clock: FrozenClock, cast: Cast, workflow_id: int
) -> None:
    (last,) = old_runs(flow, cast.maya, workflow_id, ("dull", 15))
    clean_runs(flow, clock)
    assert left(flow) == []
    (new,) = old_runs(flow, cast.maya, workflow_id, ("dull", 1))
    assert new > last


def test_what_fails_in_the_middle_is_undone_and_done_the_next_time(
    flow: Flow, clock: FrozenClock, cast: Cast, workflow_id: int
) -> None:
    numbers = old_runs(flow, cast.maya, workflow_id, *[("dull", 20)] * 25)
    faults.arm("retention.mid_tx:2:raise")
    with pytest.raises(faults.FaultRaised):
        clean_runs(flow, clock)
    faults.arm(None)
    kept = left(flow)  # a batch has ten of them, or as many as there was time for
    assert 1 <= len(numbers) - len(kept) <= 10
    assert set(kept) < set(numbers)  # which of them come first is left to the database: all are as old
    assert clean_runs(flow, clock)["dull_runs"] == len(kept)
    assert left(flow) == []


def test_it_stops_between_two_batches_when_told_to(
    flow: Flow, clock: FrozenClock, cast: Cast, workflow_id: int
) -> None:
    old_runs(flow, cast.maya, workflow_id, *[("dull", 20)] * 25)
    stop, batch = threading.Event(), run_batches(removed_before(clock.now(), days=90, dull_days=14))["dull_runs"]

    def once(session: Session, most: int) -> int:
        stop.set()
        return batch(session, most)

    assert clean(flow.database, once, stop) == 10
    assert len(left(flow)) == 15


def test_events_go_after_two_years_unless_a_run_came_of_them(flow: Flow, clock: FrozenClock, cast: Cast) -> None:
    leave_asked(flow, cast.dan)  # nothing waits for it yet
    a_workflow(flow, cast.maya, home_id=cast.rose)
    leave_asked(flow, cast.sorcha)
    long_ago = clock.now() - timedelta(days=731)
    carry_out(flow, update(EventRecord).values(occurred_at=long_ago))
    leave_asked(flow, cast.vic)
    batch = Events(clock.now() - timedelta(days=730))
    clean(flow.database, batch, threading.Event())
    with flow.database.read() as session:
        assert list(session.scalars(select(EventRecord.seq))) == [2, 3]


@pytest.mark.parametrize(
    ("last", "now", "at"),
    [
        # the night to come
        ("2026-11-22T02:00:05", "2026-11-22T09:00", "2026-11-23T02:00"),
        # just now
        ("2026-11-22T02:00:05", "2026-11-23T02:00:00.5", "2026-11-23T02:00"),
        # begun a little late
        ("2026-11-22T02:00:05", "2026-11-23T02:20", "2026-11-23T02:00"),
        # missed last night, and cleaned up yesterday at ten: not in the middle of the morning's work
        ("2026-11-22T10:00", "2026-11-23T08:00", "2026-11-23T10:00"),
        # missed for more than a day
        ("2026-11-21T02:00:05", "2026-11-23T08:00", "2026-11-22T02:00:05"),
        # two o'clock is in the organisation's own time: an hour earlier in summer
        ("2026-07-01T12:00", "2026-07-01T13:00", "2026-07-02T01:00"),
    ],
)
def test_the_night_is_cleaned_up_at_two_and_none_is_lost(last: str, now: str, at: str) -> None:
    moments = [datetime.fromisoformat(each).replace(tzinfo=UTC) for each in (last, now, at)]
    assert clean_up_at(moments[0], LONDON, moments[1]) == moments[2]


def test_nights_are_counted_from_the_first_time_they_are_asked_for(flow: Flow, clock: FrozenClock) -> None:
    with flow.database.read() as session:
        assert last_cleaned_at(session) is None
    for _ in range(2):
        flow.database.write(lambda session: begin_counting(session, clock.now()))
        with flow.database.read() as session:
            assert last_cleaned_at(session) == datetime(2026, 11, 23, 9, tzinfo=UTC)
        clock.advance(hours=1)


def owners() -> set[Table]:
    """Answer the table of executions with all that belong to it, at any depth."""
    found, new = set(), {EXECUTIONS}
    while new:
        found |= new
        new = {column.table for table in new for column in belonging.referring(table, needing=True)} - found
    return found


def test_every_table_that_names_a_run_belongs_to_it_keeps_it_or_may_outlive_it() -> None:
    keeping = {column.table.name for column in belonging.referring(EXECUTIONS, needing=False)}
    known = {table.name for table in owners()} | keeping | OUTLIVING
    naming = {t.name for t in metadata().tables.values() if any(c.name.endswith("execution_id") for c in t.columns)}
    assert naming <= known, "say in this test whether these may outlive their run, or give them a foreign key"
    assert naming >= OUTLIVING


def test_whatever_refers_to_a_run_or_to_an_event_can_be_found_by_an_index() -> None:
    events: Any = EventRecord.__table__
    columns = [
        column
        for table in [*owners(), events]
        for needing in (True, False)
        for column in belonging.referring(table, needing=needing)
    ]
    assert {column.table.name for column in columns} >= {"step_execution", "step_attempt", "missed_start"}
    bare = [str(column) for column in columns if not is_indexed(column)]
    assert not bare, "SQLite would read these tables to the end for each row that is removed"


def test_what_belongs_to_a_run_is_referred_to_only_by_what_belongs_to_it_too() -> None:
    loose = [str(column) for table in owners() - {EXECUTIONS} for column in belonging.referring(table, needing=False)]
    assert not loose, "the clean-up would leave these rows without what they refer to: make the columns needed"


def is_indexed(column: Any) -> bool:
    """Say whether an index, the key or a unique rule begins with a column; a foreign key has none in SQLite."""
    table = column.table
    rules = [each for each in table.constraints if isinstance(each, PrimaryKeyConstraint | UniqueConstraint)]
    return any(next(iter(each.columns)) is column for each in (*table.indexes, *rules))


def test_old_events_that_are_kept_do_not_keep_the_clean_up_busy_for_ever(
    flow: Flow, clock: FrozenClock, cast: Cast, workflow_id: int
) -> None:
    kept = old_runs(flow, cast.maya, workflow_id, *[("dull", 1)] * (MOST + 5))
    leave_asked(flow, cast.dan)
    carry_out(flow, update(EventRecord).values(occurred_at=clock.now() - timedelta(days=731)))
    with flow.database.read() as session:
        known = {c.name: getattr(session.scalars(select(EventRecord)).first(), c.name) for c in EVENT_COLUMNS}
    copies = [{**known, "seq": number, "uid": f"{number}"} for number in range(100, 100 + MOST + 5)]
    flow.database.write(lambda session: session.execute(insert(EventRecord), copies))
    carry_out(flow, update(Execution).where(Execution.id.in_(kept)).values(event_seq=Execution.id - kept[0] + 100))
    stop = threading.Timer(60, (ended := threading.Event()).set)
    stop.start()
    try:
        clean(flow.database, Events(clock.now() - timedelta(days=730)), ended)
    finally:
        stop.cancel()
    assert not ended.is_set()
    assert set(kept) <= set(left(flow))
