"""More runs about to start within a minute than anybody can have meant: they are held, and a person is asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.accounts.audit import AuditEntry
from flowapp.bootstrap import Flow
from flowapp.engine.entry import flood
from flowapp.engine.entry.flood import count_held, drop_held, start_held
from flowapp.engine.entry.gauge import CALM_FOR, FLOOD_FOR, Gauge
from flowapp.engine.execution import HeldBack, StepStatus
from flowapp.engine.start import Start, write_start
from flowapp.events.outbox import record
from flowapp.kernel.clock import FrozenClock
from flowapp.kernel.settings import read_settings
from flowapp.messaging.in_app import Notification
from tests.cast import Cast
from tests.engine.limits import HOUR, begin, statuses
from tests.engine.made_actions import do
from tests.engine.patience import in_threads
from tests.engine.stepping_in import cancel, retry_from_start
from tests.engine.test_burst import steps_of, words
from tests.factories import a_document, a_workflow, cause_of, leave_event, run_all, runs
from tests.support.statements import heard, plan, read_to_the_end

LIMIT = 5
EVENT = {"id": "asked", "type": "event", "event": "leave_requested"}
BY_HAND = {"id": "asked_for", "type": "manual"}


@pytest.fixture
def flooded(flow: Flow, cast: Cast) -> int:
    """A workflow of which five runs may start within a minute."""
    return writing(flow, cast)


def writing(flow: Flow, cast: Cast, **settings: Any) -> int:
    """Write a workflow that notes for which request it runs, and let five of its runs start within a minute."""
    flow.parts.gauge.limit = LIMIT
    note = do("note", "a", "for ${context.leave_request_id}")
    document = a_document(note, triggers=[EVENT, BY_HAND], settings=settings)
    return a_workflow(flow, cast.maya, document, home_id=cast.rose)


def events(flow: Flow, cast: Cast, number: int, *, first: int = 1) -> None:
    """Let this many things happen."""
    for request_id in range(first, first + number):
        at = flow.clock.now()
        flow.database.write(
            lambda session, at=at, request_id=request_id: record(  # type: ignore[misc]
                session, leave_event(cast.dan, at, home_id=cast.rose, request_id=request_id)
            )
        )


def done(flow: Flow) -> list[int]:
    """Answer for which requests it ran, in the order of the runs."""
    return [int(each.removeprefix("for ")) for each in words(flow)]


def held(flow: Flow, workflow_id: int) -> int:
    """Count what is held."""
    with flow.database.read() as session:
        return count_held(session, workflow_id)


def told(flow: Flow) -> list[tuple[int, str, str | None]]:
    """Answer who was told of a flood, in which words, and where the link leads."""
    with flow.database.read() as session:
        found = session.scalars(select(Notification).where(Notification.title != "note").order_by(Notification.id))
        return [(each.user_id, each.message, each.link) for each in found]


def answer(flow: Flow, cast: Cast, does: Callable[..., int], workflow_id: int) -> int:
    """Say what becomes of the held runs, as Maya."""
    cause = cause_of(cast.maya, flow.clock.now())
    return flow.database.write(lambda session: does(flow.parts, session, cause, workflow_id))


def test_more_than_the_limit_within_a_minute_are_held(flow: Flow, cast: Cast, flooded: int) -> None:
    events(flow, cast, 8)
    run_all(flow)
    assert statuses(flow) == ["completed"] * 5 + ["waiting"] * 3
    assert held(flow, flooded) == 3
    last = runs(flow)[-1]
    assert (last.held_back, last.started_at) == (HeldBack.FLOOD, None)
    assert str(last.reason).startswith(
        "Held: more than 5 runs were about to start within a minute. The workflow’s page"
    )
    step = steps_of(flow)[-1]
    assert (step.execution_id, step.status, step.run_at) == (last.id, StepStatus.WAITING, None)


def test_as_many_as_the_limit_are_not_held(flow: Flow, cast: Cast, flooded: int) -> None:
    events(flow, cast, 5)
    assert held(flow, flooded) == 0
    assert told(flow) == []


def test_the_owner_is_told_once(flow: Flow, cast: Cast, flooded: int) -> None:
    events(flow, cast, 9)
    [(who, message, link)] = told(flow)
    assert (who, link) == (cast.maya.user_id, f"/workflows/{flooded}/")
    assert message.startswith("“A workflow” was about to start more than 5 times within a minute.")
    flow.clock.advance(minutes=2)  # type: ignore[attr-defined]
    events(flow, cast, 9, first=20)
    assert len(told(flow)) == 1  # the first is not answered yet


def test_another_flood_after_an_answer_is_told_again(flow: Flow, cast: Cast, flooded: int) -> None:
    events(flow, cast, 7)
    answer(flow, cast, start_held, flooded)
    flow.clock.advance(minutes=2)  # type: ignore[attr-defined]
    events(flow, cast, 7, first=20)
    assert len(told(flow)) == 2


def test_what_comes_slowly_is_never_held(flow: Flow, cast: Cast, flooded: int) -> None:
    for number in range(20):
        events(flow, cast, 1, first=number + 1)
        flow.clock.advance(seconds=13)  # type: ignore[attr-defined]
    assert held(flow, flooded) == 0


def test_what_keeps_coming_is_held_until_a_minute_brought_fewer(flow: Flow, cast: Cast, flooded: int) -> None:
    for number in range(20):
        events(flow, cast, 1, first=number + 1)
        flow.clock.advance(seconds=6)  # type: ignore[attr-defined]
    assert held(flow, flooded) == 15
    flow.clock.advance(seconds=55)  # type: ignore[attr-defined]
    events(flow, cast, 1, first=50)
    assert held(flow, flooded) == 15


def test_a_person_and_a_schedule_start_it_all_the_same(flow: Flow, cast: Cast, flooded: int) -> None:
    events(flow, cast, 6)
    begin(flow, cast, flooded)
    scheduled(flow, flooded, "schedule", "1")
    assert [each.held_back for each in runs(flow)[-2:]] == [None, None]
    scheduled(flow, flooded, "webhook", "2")
    assert runs(flow)[-1].held_back == HeldBack.FLOOD


def test_what_a_person_retries_is_not_held(flow: Flow, cast: Cast, flooded: int) -> None:
    events(flow, cast, LIMIT + 1)
    cancel(flow, cast.maya, LIMIT + 1)
    retry_from_start(flow, cast.maya, LIMIT + 1)
    run_all(flow)
    assert done(flow)[-1] == LIMIT + 1


def scheduled(flow: Flow, workflow_id: int, trigger_type: str, key: str) -> None:
    """Start it as a trigger of this type does."""
    at = flow.clock.now()
    coming = Start(
        workflow_id=workflow_id, version_id=runs(flow)[0].version_id, home_id=None, trigger_id="x",
        trigger_type=trigger_type, dedupe_key=key, context={"leave_request_id": 1}, at=at, started_by="it",
        started_by_id=None,
    )  # fmt: skip
    flow.database.write(lambda session: write_start(flow.parts, session, coming))


def test_what_people_start_does_not_count(flow: Flow, cast: Cast, flooded: int) -> None:
    for _ in range(10):
        begin(flow, cast, flooded)
    events(flow, cast, 5, first=20)
    assert held(flow, flooded) == 0


def test_the_flood_of_one_workflow_holds_no_other(flow: Flow, cast: Cast, flooded: int) -> None:
    events(flow, cast, 6)
    other = writing(flow, cast)
    events(flow, cast, 1, first=10)
    assert (held(flow, flooded), held(flow, other)) == (2, 0)


def test_all_of_them_start_in_order_and_not_at_the_same_instant(
    flow: Flow, cast: Cast, flooded: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flowapp.engine.entry.flood.MOST_A_SECOND", 2)
    events(flow, cast, 10)
    run_all(flow)
    flow.clock.advance(seconds=30)  # type: ignore[attr-defined]
    assert answer(flow, cast, start_held, flooded) == 5
    for seconds, last in ((0, 7), (1, 9), (1, 10)):
        flow.clock.advance(seconds=seconds)  # type: ignore[attr-defined]
        run_all(flow)
        assert done(flow) == list(range(1, last + 1))
    assert statuses(flow) == ["completed"] * 10
    assert held(flow, flooded) == 0


def test_after_the_answer_it_is_counted_anew(flow: Flow, cast: Cast, flooded: int) -> None:
    events(flow, cast, 8)
    answer(flow, cast, start_held, flooded)
    flow.clock.advance(seconds=0.1)  # type: ignore[attr-defined]
    events(flow, cast, 5, first=20)
    assert held(flow, flooded) == 0
    events(flow, cast, 1, first=30)
    assert held(flow, flooded) == 1


def test_all_of_them_may_be_dropped_and_say_who_decided(flow: Flow, cast: Cast, flooded: int) -> None:
    events(flow, cast, 8)
    run_all(flow)
    assert answer(flow, cast, drop_held, flooded) == 3
    run_all(flow)
    assert statuses(flow) == ["completed"] * 5 + ["cancelled"] * 3
    assert runs(flow)[-1].reason == "Not started: Maya decided that the held runs shall not start."
    assert done(flow) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(("does", "action"), [(start_held, "workflow.start_held"), (drop_held, "workflow.drop_held")])
def test_the_answer_is_written_down(
    flow: Flow, cast: Cast, flooded: int, does: Callable[..., int], action: str
) -> None:
    events(flow, cast, 8)
    answer(flow, cast, does, flooded)
    answer(flow, cast, does, flooded)
    with flow.database.read() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == action)).all()
    assert [(each.actor, each.entity_id, each.after) for each in entries] == [
        (f"user:{cast.maya.user_id}", flooded, {"runs": 3}),
        (f"user:{cast.maya.user_id}", flooded, {"runs": 0}),
    ]


# Together with modes.


def test_what_the_mode_refuses_is_neither_held_nor_counted(flow: Flow, cast: Cast) -> None:
    made = writing(flow, cast, mode="single")
    events(flow, cast, 9)
    assert statuses(flow) == ["pending"] + ["cancelled"] * 8
    assert held(flow, made) == 0
    run_all(flow)
    flow.parts.gauge.forget(made)
    events(flow, cast, 1, first=20)
    assert held(flow, made) == 0


def test_those_in_the_queue_behind_a_held_run_go_when_it_has_ended(flow: Flow, cast: Cast) -> None:
    made = writing(flow, cast, mode="queued", key="${context.leave_request_id % 7}")
    events(flow, cast, 14)  # 1 to 5 begin, 6 and 7 are held, 8 to 14 queue behind one of each
    assert [each.held_back for each in runs(flow)] == [None] * 5 + ["flood"] * 2 + ["queue"] * 7
    run_all(flow)
    assert sorted(done(flow)) == [1, 2, 3, 4, 5, 8, 9, 10, 11, 12]
    answer(flow, cast, start_held, made)
    run_all(flow)
    assert statuses(flow) == ["completed"] * 14


def test_those_in_the_queue_behind_a_held_run_are_dropped_with_it(flow: Flow, cast: Cast) -> None:
    made = writing(flow, cast, mode="queued", key="${context.leave_request_id % 7}")
    events(flow, cast, 14)
    assert answer(flow, cast, drop_held, made) == 4
    run_all(flow)
    assert sorted(done(flow)) == [1, 2, 3, 4, 5, 8, 9, 10, 11, 12]


# Counting.


def test_counting_is_rare_and_misses_nothing() -> None:
    gauge, at, counted = Gauge(500), datetime(2026, 11, 23, 9, tzinfo=UTC), 0
    answers = []
    for before in range(1_000):
        answer = gauge.is_flood(1, at)
        if answer is None:
            counted += 1
            answer = gauge.counted(1, at, before)
        answers.append(answer)
    assert answers == [False] * 500 + [True] * 500
    assert counted < 50


@pytest.mark.parametrize("processes", [2, 4, 64])
def test_several_processes_let_no_more_than_half_the_limit_begin_before_they_notice(processes: int) -> None:
    gauges, at = [Gauge(500, processes) for _ in range(processes)], datetime(2026, 11, 23, 9, tzinfo=UTC)
    for gauge in gauges:
        gauge.counted(1, at, 0)
    gauges[0].counted(1, at, 500)  # one has started all there may be; the others believe what they counted before
    late = 0
    for gauge in gauges[1:]:
        while gauge.is_flood(1, at) is False:
            late += 1
    assert late <= 250


@pytest.mark.parametrize(("found", "lasts"), [(0, CALM_FOR), (500, FLOOD_FOR)])
def test_a_count_is_believed_for_a_while_only(found: int, lasts: timedelta) -> None:
    gauge, at = Gauge(500), datetime(2026, 11, 23, 9, tzinfo=UTC)
    gauge.counted(1, at, found)
    assert gauge.is_flood(1, at + lasts - timedelta(microseconds=1)) is (found == 500)
    assert gauge.is_flood(1, at + lasts) is None
    assert gauge.is_flood(2, at) is None
    gauge.forget(1)
    assert gauge.is_flood(1, at) is None


def test_the_limit_holds_when_several_write_at_once(flow: Flow, cast: Cast, flooded: int) -> None:
    assert in_threads(4, lambda index: events(flow, cast, 5, first=10 * index + 1)) == []
    assert held(flow, flooded) == 15
    assert len(told(flow)) == 1


def test_the_limit_is_a_setting(flow: Flow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLOWAPP_FLOOD_LIMIT", "7")
    assert read_settings().flood_limit == 7
    assert flow.parts.gauge.limit == 500


@pytest.mark.sqlite
def test_what_is_counted_and_held_is_found_by_an_index(flow: Flow, cast: Cast, flooded: int) -> None:
    events(flow, cast, 6)
    seen: list[str] = []

    def write(session: Session) -> None:
        with heard(session) as those:
            record(session, leave_event(cast.dan, flow.clock.now(), home_id=cast.rose, request_id=9))
            count_held(session, flooded)
        seen.extend(those)

    flow.parts.gauge.forget(flooded)
    flow.database.write(write)
    asked = [each for each in seen if each.startswith("SELECT count")]
    assert len(asked) == 3
    with flow.database.read() as reading:
        plans = [plan(reading, each) for each in asked]
    assert not any(read_to_the_end(each) for each in plans), plans
    assert "ix_execution_workflow" in str(plans[0]), plans[0]
    # only those of the minute
    assert any(each in str(plans[0]) for each in ("(workflow_id=? AND id>?)", "(id > ")), plans[0]
    assert "ix_execution_held_back" in str(plans[1])


def test_a_flood_while_a_step_waits_leaves_that_step_alone(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    flow.parts.gauge.limit = LIMIT
    made = a_workflow(flow, cast.maya, a_document(HOUR), home_id=cast.rose)
    events(flow, cast, 6)
    run_all(flow)
    clock.advance(hours=1)
    run_all(flow)
    assert statuses(flow) == ["completed"] * 5 + ["waiting"]
    answer(flow, cast, start_held, made)
    run_all(flow)
    assert [each.status for each in steps_of(flow)][-1] == StepStatus.WAITING
    clock.advance(hours=1)
    run_all(flow)
    assert statuses(flow) == ["completed"] * 6


@pytest.mark.parametrize("does", [start_held, drop_held])
def test_very_many_are_answered_some_at_a_time(
    flow: Flow, cast: Cast, flooded: int, does: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flood, "AT_ONCE", 3)
    events(flow, cast, LIMIT + 7)
    assert [answer(flow, cast, does, flooded) for _ in range(3)] == [3, 3, 1]
    assert held(flow, flooded) == 0


def test_those_that_start_later_start_behind_those_before(flow: Flow, cast: Cast, flooded: int) -> None:
    events(flow, cast, LIMIT + 1)
    cause = cause_of(cast.maya, flow.clock.now())
    flow.database.write(lambda session: start_held(flow.parts, session, cause, flooded, before=100))
    assert steps_of(flow)[-1].run_at == flow.clock.now() + timedelta(seconds=2)


def test_what_was_dropped_is_held_back_no_more(flow: Flow, cast: Cast, flooded: int) -> None:
    events(flow, cast, LIMIT + 1)
    answer(flow, cast, drop_held, flooded)
    assert {each.held_back for each in runs(flow)} == {None}
