"""Events are written in the transaction of the change they tell of, and told of only after it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from flowapp.bootstrap import Flow
from flowapp.events.cause import Actor, ActorKind, Cause
from flowapp.events.event import Change
from flowapp.events.outbox import EventRecord, Recorded, record
from flowapp.events.signals import committed, signal_of
from flowapp.messaging.in_app import Notification
from tests.cast import Cast
from tests.unit.events.happenings import AT, tea


def events(flow: Flow) -> list[EventRecord]:
    """Read the outbox in the order of `seq`."""
    with flow.database.read() as session:
        return list(session.scalars(select(EventRecord).order_by(EventRecord.seq)))


@contextmanager
def listening(to: Any, receiver: Callable[..., Any]) -> Iterator[None]:
    """Listen to a signal for a while."""
    to.connect(receiver, weak=False)
    try:
        yield
    finally:
        to.disconnect(receiver)


def poured(flow: Flow, *numbers: int) -> None:
    """Record an event for each number in one transaction."""
    flow.database.write(lambda session: [record(session, tea(number)) for number in numbers] and None)


def test_events_are_kept_in_the_order_they_were_recorded_in(flow: Flow) -> None:
    poured(flow, 3, 1)
    poured(flow, 2)
    found = events(flow)
    assert [each.subject_id for each in found] == [3, 1, 2]
    assert [each.seq for each in found] == sorted({each.seq for each in found})
    assert len({each.uid for each in found}) == 3


def test_the_number_of_an_event_is_never_given_again(flow: Flow) -> None:
    poured(flow, 1, 2)
    last = events(flow)[-1]
    flow.database.write(lambda session: session.delete(session.get_one(EventRecord, last.seq)))
    poured(flow, 3)
    assert events(flow)[-1].seq > last.seq


def test_the_envelope_says_who_when_where_and_about_what(flow: Flow) -> None:
    actor = Actor(kind=ActorKind.USER, id=4, name="Maya", role="Manager")
    changes = (Change(field="cups", old=Decimal("2.5"), new=None), Change(field="on", old=AT.date(), new="x"))
    event = tea(9, cause=Cause(actor=actor, at=AT), changes=changes, dedupe_key="tea:9")
    flow.database.write(lambda session: record(session, event) and None)
    [found] = events(flow)
    assert (found.type, found.version, found.occurred_at) == ("tea_poured", 1, AT)
    assert (found.subject_type, found.subject_id, found.care_home_id) == ("teapot", 9, 7)
    assert found.actor == {"kind": "user", "id": 4, "name": "Maya"}
    assert found.changes == [
        {"field": "cups", "old": Decimal("2.5"), "new": None},
        {"field": "on", "old": "2026-11-23", "new": "x"},
    ]
    assert found.context == {"cups": Decimal("2.5"), "on": "2026-12-07"}
    assert (found.depth, found.execution_id, found.dedupe_key) == (0, None, "tea:9")


def test_an_event_that_nothing_caused_begins_its_own_chain(flow: Flow) -> None:
    poured(flow, 1)
    [found] = events(flow)
    assert found.correlation_id == found.uid
    assert found.causation_id is None


def test_an_event_of_a_workflow_carries_its_chain_on(flow: Flow) -> None:
    actor = Actor(kind=ActorKind.WORKFLOW, id=4, name="Tea", execution_id=12, step="pour")
    cause = Cause(actor=actor, at=AT, correlation_id="FIRST", causation_id="BEFORE", depth=2)
    flow.database.write(lambda session: record(session, tea(cause=cause)) and None)
    [found] = events(flow)
    assert (found.correlation_id, found.causation_id, found.depth) == ("FIRST", "BEFORE", 2)
    assert found.execution_id == 12
    assert found.actor == {"kind": "workflow", "id": 4, "name": "Tea"}


def test_uids_sort_by_the_moment_of_what_happened(flow: Flow, clock: Any) -> None:
    early, late = tea(1, cause=Cause(actor=tea().cause.actor, at=AT)), clock.advance(seconds=1)
    later = tea(2, cause=Cause(actor=tea().cause.actor, at=late))
    flow.database.write(lambda session: [record(session, each) for each in (later, early)] and None)
    assert [each.subject_id for each in sorted(events(flow), key=lambda each: each.uid)] == [1, 2]


def test_when_the_change_does_not_happen_neither_did_its_event(flow: Flow) -> None:
    def write(session: Session) -> None:
        record(session, tea())
        raise ValueError("a rule says no")

    with pytest.raises(ValueError, match="a rule says no"):
        flow.database.write(write)
    assert events(flow) == []


def test_the_same_thing_is_not_recorded_twice_under_one_key(flow: Flow) -> None:
    flow.database.write(lambda session: record(session, tea(1, dedupe_key="once")) and None)
    with pytest.raises(IntegrityError):
        flow.database.write(lambda session: record(session, tea(2, dedupe_key="once")) and None)
    assert [each.subject_id for each in events(flow)] == [1]


def test_events_without_a_key_may_be_alike(flow: Flow) -> None:
    poured(flow, 1, 1)
    assert len(events(flow)) == 2


def test_receivers_are_told_inside_the_transaction_with_what_was_written(flow: Flow) -> None:
    heard: list[Recorded] = []

    def receive(session: Session, *, recorded: Recorded) -> None:
        assert session.get(EventRecord, recorded.seq) is not None
        assert events(flow) == []  # nobody else sees it yet
        heard.append(recorded)

    with listening(signal_of("tea_poured"), receive):
        poured(flow, 5)
    [found], [told] = events(flow), heard
    assert (told.seq, told.uid, told.context) == (found.seq, found.uid, found.context)
    assert told.cause is told.event.cause


def test_only_those_who_listen_to_this_kind_are_told(flow: Flow) -> None:
    heard: list[object] = []
    with listening(signal_of("coffee_poured"), lambda session, *, recorded: heard.append(recorded)):
        poured(flow, 1)
    assert heard == []


def a_note(session: Session, cast: Cast) -> None:
    """Add a row beside an event, as receivers do."""
    session.add(
        Notification(user_id=cast.dan.user_id, care_home_id=None, title="T", message="M", link=None,
                     execution_id=None, step_path=None, created_at=AT, read_at=None)
    )  # fmt: skip
    session.flush()


def test_what_a_receiver_adds_stands_with_the_change(flow: Flow, cast: Cast) -> None:
    with listening(signal_of("tea_poured"), lambda session, *, recorded: a_note(session, cast)):
        poured(flow, 1)
    with flow.database.read() as session:
        assert len(session.scalars(select(Notification)).all()) == 1


def test_what_a_receiver_adds_falls_with_the_change(flow: Flow, cast: Cast) -> None:
    def write(session: Session) -> None:
        record(session, tea())
        raise ValueError("too late")

    with (
        listening(signal_of("tea_poured"), lambda session, *, recorded: a_note(session, cast)),
        pytest.raises(ValueError, match="too late"),
    ):
        flow.database.write(write)
    with flow.database.read() as session:
        assert session.scalars(select(Notification)).all() == []


def test_a_receiver_that_raises_stops_the_change(flow: Flow) -> None:
    def refuse(session: Session, *, recorded: Recorded) -> None:
        raise RuntimeError("not today")

    with (
        listening(signal_of("tea_poured"), refuse),
        pytest.raises(RuntimeError, match="not today"),
    ):
        poured(flow, 1)
    assert events(flow) == []


def test_the_doorbell_rings_once_for_all_events_of_one_change_and_after_its_commit(flow: Flow) -> None:
    seen: list[int] = []

    def ring(_: object) -> None:
        seen.append(len(events(flow)))

    with listening(committed, ring):
        poured(flow, 1, 2, 3)
        assert seen == [3]
        poured(flow, 4)
    assert seen == [3, 4]


def test_the_doorbell_stays_silent_when_nothing_was_committed(flow: Flow) -> None:
    rung: list[object] = []

    def write(session: Session) -> None:
        record(session, tea())
        raise ValueError("no")

    with listening(committed, rung.append):
        with pytest.raises(ValueError, match="no"):
            flow.database.write(write)
        flow.database.write(lambda session: None)  # a change without any event
    assert rung == []
