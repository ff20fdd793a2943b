"""Starts while other runs of the same workflow are under way: one, one instead, one after the other, side by side."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from flowapp.bootstrap import Flow
from flowapp.engine.cancelling import cancel_executions
from flowapp.engine.entry.modes import Admission, Verdict, admit
from flowapp.engine.execution import ExecutionStatus, StepStatus
from flowapp.engine.manual import start_by_hand
from flowapp.kernel.clock import FrozenClock
from flowapp.workflows.kinds import Run
from flowapp.workflows.mode import Limit, Mode
from flowapp.workflows.reading import read_document
from flowapp.workflows.workflow import version
from tests.cast import Cast
from tests.engine.limits import HOUR, begin, limited, run, statuses
from tests.engine.made_actions import do
from tests.engine.patience import in_threads
from tests.engine.test_burst import steps_of, words
from tests.engine.test_manual_start import start
from tests.factories import a_document, a_workflow, cause_of, leave_asked, run_all, runs
from tests.support.statements import heard

KEY = "${context.staff_id}"
BEGINS, WAITS, REFUSED = Admission(Verdict.BEGINS), Admission(Verdict.WAITS), Admission(Verdict.REFUSED)
DECISIONS = [
    # mode, most, runs under way, what becomes of a start
    (Mode.SINGLE, 1, [], BEGINS),
    (Mode.SINGLE, 1, [7], REFUSED),
    (Mode.SINGLE, 1, [7, 8], REFUSED),  # an earlier version allowed more
    (Mode.RESTART, 1, [], BEGINS),
    (Mode.RESTART, 1, [7], Admission(Verdict.REPLACES, (7,))),
    (Mode.RESTART, 1, [7, 8], Admission(Verdict.REPLACES, (7, 8))),
    (Mode.QUEUED, 3, [], BEGINS),
    (Mode.QUEUED, 3, [7], WAITS),
    (Mode.QUEUED, 3, [7, 8], WAITS),
    (Mode.QUEUED, 3, [7, 8, 9], REFUSED),
    (Mode.QUEUED, 1, [7], REFUSED),
    (Mode.PARALLEL, 2, [], BEGINS),
    (Mode.PARALLEL, 2, [7], BEGINS),
    (Mode.PARALLEL, 2, [7, 8], REFUSED),
    (Mode.PARALLEL, 2, [7, 8, 9], REFUSED),
]


@pytest.mark.parametrize(("mode", "most", "live", "expected"), DECISIONS)
def test_a_start_is_decided_by_what_is_under_way(mode: Mode, most: int, live: list[int], expected: Admission) -> None:
    assert admit(Limit(mode=mode, most=most, key=None), live) == expected


LIMITS = [
    ({}, None),
    ({"key": KEY}, None),  # a key alone limits nothing
    ({"mode": "single", "max": 5}, (Mode.SINGLE, 1)),
    ({"mode": "restart"}, (Mode.RESTART, 1)),
    ({"mode": "queued"}, (Mode.QUEUED, 10)),
    ({"mode": "queued", "max": 3}, (Mode.QUEUED, 3)),
    ({"mode": "parallel"}, (Mode.PARALLEL, 10)),
    ({"max": 2}, (Mode.PARALLEL, 2)),
]


@pytest.mark.parametrize(("settings", "expected"), LIMITS, ids=[str(row[0]) for row in LIMITS])
def test_what_is_not_said_is_ten_at_once_or_any_number(settings: dict[str, Any], expected: Any) -> None:
    limit = read_document(a_document(settings=settings)).settings.limit
    assert (limit and (limit.mode, limit.most)) == expected


AFTER = [
    # mode, whether the second start is about the same person, how the two runs stand
    ("single", True, ["waiting", "cancelled"]),
    ("single", False, ["waiting", "waiting"]),
    ("restart", True, ["cancelled", "waiting"]),
    ("restart", False, ["waiting", "waiting"]),
    ("queued", True, ["waiting", "pending"]),
    ("queued", False, ["waiting", "waiting"]),
    ("parallel", True, ["waiting", "waiting"]),
    ("parallel", False, ["waiting", "waiting"]),
]


@pytest.mark.parametrize(("mode", "same", "expected"), AFTER)
def test_the_key_tells_whose_runs_count_together(
    flow: Flow, cast: Cast, mode: str, same: bool, expected: list[str]
) -> None:
    made = limited(flow, cast, mode, key=KEY)
    for staff_id in (1, 1 if same else 2):
        begin(flow, cast, made, staff_id)
        run_all(flow)
    assert statuses(flow) == expected


def test_without_a_key_all_runs_of_the_workflow_count_together_and_those_of_another_do_not(
    flow: Flow, cast: Cast
) -> None:
    made, other = limited(flow, cast, "single"), limited(flow, cast, "single")
    for workflow_id, staff_id in ((made, 1), (made, 2), (other, 1)):
        begin(flow, cast, workflow_id, staff_id)
    assert statuses(flow) == ["pending", "cancelled", "pending"]


def test_a_refused_start_is_kept_and_says_why(flow: Flow, cast: Cast) -> None:
    made = limited(flow, cast, "single", key=KEY)
    first = begin(flow, cast, made)
    refused = run(flow, begin(flow, cast, made))
    assert refused.status == ExecutionStatus.CANCELLED
    assert refused.reason == f"Not started: “A workflow” was already running for this person (run {first})."
    assert refused.error == {"code": "not_started", "message": refused.reason}
    assert (refused.started_at, refused.finished_at) == (None, flow.clock.now())
    run_all(flow)
    assert {each.execution_id for each in steps_of(flow)} == {first}


def test_once_the_first_run_has_ended_another_may_start(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    made = limited(flow, cast, "single")
    begin(flow, cast, made)
    run_all(flow)
    clock.advance(hours=1)
    run_all(flow)
    begin(flow, cast, made)
    assert statuses(flow) == ["completed", "pending"]


def test_a_full_queue_and_too_many_side_by_side_are_refused_in_words(flow: Flow, cast: Cast) -> None:
    for mode, words_ in (("queued", "running or waiting"), ("parallel", "running")):
        made = limited(flow, cast, mode, max=2, key="${context.care_home_id}")
        begin(flow, cast, made)
        begin(flow, cast, made)
        assert run(flow, begin(flow, cast, made)).reason == (
            f"Not started: “A workflow” had 2 runs {words_} for this home already, and no more are allowed at once."
        )


def test_a_restart_ends_the_run_that_waits_and_names_the_new_one(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    made = limited(flow, cast, "restart")
    old = begin(flow, cast, made, who="old")
    run_all(flow)
    clock.advance(minutes=30)
    new = begin(flow, cast, made, who="new")
    run_all(flow)
    assert run(flow, old).reason == (f"Ended because the workflow was started again: run {new} has taken its place.")
    assert [each.status for each in steps_of(flow)] == [StepStatus.CANCELLED, StepStatus.WAITING]
    clock.advance(minutes=30)
    run_all(flow)
    assert words(flow) == []  # the hour began anew
    clock.advance(minutes=30)
    run_all(flow)
    assert words(flow) == ["new"]
    assert statuses(flow) == ["cancelled", "completed"]


def test_events_are_asked_for_their_condition_first_and_only_then_for_the_mode(flow: Flow, cast: Cast) -> None:
    trigger = {"id": "asked", "type": "event", "event": "leave_requested", "when": "context.days > 1"}
    made = a_document(HOUR, triggers=[trigger], settings={"mode": "restart", "key": KEY})
    a_workflow(flow, cast.maya, made, home_id=cast.rose)
    begin_by_event = [("2026-12-07", "2026-12-08"), ("2026-12-14", None)]
    for first, last in begin_by_event:
        leave_asked(flow, cast.dan, start=date.fromisoformat(first), end=date.fromisoformat(last) if last else None)
    run_all(flow)
    assert statuses(flow) == ["waiting"]  # what does not match does not restart anything


KEYS_WITHOUT_A_VALUE = ["${context.days / 0}", "${context.nobody.id}", "${context.days.of}"]


@pytest.mark.parametrize("key", KEYS_WITHOUT_A_VALUE)
def test_a_key_that_has_no_value_fails_the_run_and_never_the_change(flow: Flow, cast: Cast, key: str) -> None:
    made = a_workflow(flow, cast.maya, a_document(HOUR), home_id=cast.rose)
    settings = {"mode": "single", "key": key}
    with_settings(flow, made, settings)
    assert leave_asked(flow, cast.dan)
    [found] = runs(flow)
    assert found.status == ExecutionStatus.FAILED
    assert found.reason is not None
    assert found.reason.startswith("Which runs this one counts with could not be worked out: ")
    assert found.reason.endswith("Correct the key in the workflow's settings.")
    assert steps_of(flow) == []


def with_settings(flow: Flow, workflow_id: int, settings: dict[str, Any]) -> None:
    """Write settings into a published document that nobody would have let be published."""

    def write(session: Session) -> None:
        kept = version(session, workflow_id, 1)
        kept.document = {**kept.document, "settings": settings}

    flow.database.write(write)


def test_a_key_may_be_a_bare_expression_or_a_text_of_several_values(flow: Flow, cast: Cast) -> None:
    for key, expected in (
        ("context.staff_id", "7"),
        ("${context.staff_id}", "7"),
        ("${context.staff_id}-${context.word}", '"7-Dan"'),
    ):
        made = limited(flow, cast, "single", key=key)
        assert run(flow, begin(flow, cast, made, 7, "Dan")).run_key == expected


def test_a_very_long_key_counts_as_itself(flow: Flow, cast: Cast) -> None:
    made = limited(flow, cast, "single", key="${context.word}")
    for who in ("x" * 900 + "a", "x" * 900 + "b", "x" * 900 + "a"):
        begin(flow, cast, made, who=who)
    assert statuses(flow) == ["pending", "pending", "cancelled"]


def test_of_several_who_start_it_at_once_exactly_one_does(flow: Flow, cast: Cast) -> None:
    made = limited(flow, cast, "single", key=KEY)
    for staff_id in range(1, 9):
        assert in_threads(4, lambda _, staff_id=staff_id: begin(flow, cast, made, staff_id)) == []  # type: ignore[misc]
    found = runs(flow)
    assert len(found) == 32
    for staff_id in range(1, 9):
        mine = [each.status for each in found if each.about_staff_id == staff_id]
        assert sorted(mine) == ["cancelled", "cancelled", "cancelled", "pending"]


def test_the_same_key_of_the_start_is_refused_although_the_first_was_not_started(flow: Flow, cast: Cast) -> None:
    made = limited(flow, cast, "single")
    begin(flow, cast, made)
    start(flow, cast.maya, made, key="once")
    with pytest.raises(IntegrityError):
        start(flow, cast.maya, made, key="once")
    assert statuses(flow) == ["pending", "cancelled"]


def test_a_workflow_that_limits_nothing_is_asked_nothing(flow: Flow, cast: Cast) -> None:
    made, other = limited(flow, cast, None), limited(flow, cast, "single")
    assert [run(flow, begin(flow, cast, made)).run_key for _ in range(12)] == [None] * 12
    assert statements(flow, cast, other) == statements(flow, cast, made) + 1


def statements(flow: Flow, cast: Cast, workflow_id: int) -> int:
    """Count the statements that a start takes."""
    seen: list[str] = []

    def write(session: Session) -> None:
        with heard(session) as those:
            cause = cause_of(cast.maya, flow.clock.now())
            start_by_hand(flow.parts, session, cause, workflow_id, triggers=flow.triggers, inputs={})
        seen.extend(those)

    begin(flow, cast, workflow_id)  # the plan is laid out at the first start
    run_all(flow)
    flow.clock.advance(hours=2)  # type: ignore[attr-defined]
    run_all(flow)
    flow.database.write(write)
    return len(seen)


# What one run does may concern another that is carried on in the same transaction.


def starts_again(flow: Flow, cast: Cast, workflow_id: int, who: str = "again") -> None:
    """Let the made action start a workflow the first time it is done."""
    inside: Any = flow.actions["inside"]

    def once(running: Run) -> None:
        inside.does = lambda running: None
        cause, inputs = cause_of(cast.maya, flow.clock.now()), {"word": who, "staff_id": 1}
        start_by_hand(flow.parts, running.session, cause, workflow_id, triggers=flow.triggers, inputs=inputs)

    inside.does = once


def test_a_run_that_starts_its_own_successor_does_nothing_more(flow: Flow, cast: Cast) -> None:
    made = limited(flow, cast, "restart", do("inside", "a", "${context.word}"), do("outside", "b"), do("note", "c"))
    first = begin(flow, cast, made, who="first")
    starts_again(flow, cast, made)
    run_all(flow)
    flow.worker.close()
    run_all(flow)
    outside: Any = flow.actions["outside"]
    assert outside.keys == [f"{first + 1}:b"]
    assert f"run {first + 1} has taken its place" in str(run(flow, first).reason)
    assert run(flow, first).status == ExecutionStatus.CANCELLED
    done = [(each.path, each.status) for each in steps_of(flow) if each.execution_id == first]
    assert done == [("a", StepStatus.COMPLETED)]


@pytest.mark.usefixtures("unhurried")
def test_a_run_that_is_ended_by_another_of_the_same_pass_stays_ended(flow: Flow, cast: Cast) -> None:
    made = limited(flow, cast, "restart", do("note", "a", "${context.word}"), do("outside", "b"))
    other = limited(flow, cast, None, do("inside", "a", "asking"))
    first = begin(flow, cast, made, who="first")
    begin(flow, cast, other)
    starts_again(flow, cast, made)
    flow.worker.run_due()  # both in one transaction
    assert statuses(flow) == ["cancelled", "completed", "pending"]
    done = [(each.path, each.status) for each in steps_of(flow) if each.execution_id == first]
    assert done == [("a", StepStatus.COMPLETED), ("b", StepStatus.CANCELLED)]
    outside: Any = flow.actions["outside"]
    flow.worker.close()
    assert outside.keys == []


def test_a_run_that_has_just_ended_in_the_same_pass_is_in_nobody_s_way(flow: Flow, cast: Cast) -> None:
    made = limited(flow, cast, "single", do("note", "a", "${context.word}"))
    other = limited(flow, cast, None, do("inside", "a", "asking"))
    begin(flow, cast, made, who="first")
    begin(flow, cast, other)
    starts_again(flow, cast, made)
    run_all(flow)
    assert statuses(flow) == ["completed", "completed", "completed"]
    assert words(flow) == ["first", "asking", "again"]


def test_a_run_that_has_just_ended_in_the_same_pass_is_not_cancelled_any_more(flow: Flow, cast: Cast) -> None:
    made = limited(flow, cast, "restart", do("note", "a", "${context.word}"))
    other = limited(flow, cast, None, do("inside", "a", "asking"))
    begin(flow, cast, made, who="first")
    begin(flow, cast, other)
    starts_again(flow, cast, made)
    run_all(flow)
    assert statuses(flow) == ["completed", "completed", "completed"]


def test_what_has_just_ended_in_the_same_pass_cannot_be_cancelled_either(flow: Flow, cast: Cast) -> None:
    made = limited(flow, cast, "single", do("note", "a", "${context.word}"))
    other = limited(flow, cast, None, do("inside", "a", "asking"))
    first = begin(flow, cast, made)
    begin(flow, cast, other)
    inside: Any = flow.actions["inside"]
    ended: list[Any] = []
    inside.does = lambda running: ended.extend(
        cancel_executions(running.session, [first], reason="Too late", at=flow.clock.now())
    )
    run_all(flow)
    assert ended == []
    assert statuses(flow) == ["completed", "completed"]
