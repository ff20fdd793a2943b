"""Carrying an execution on: what a step does is kept with its result, and undone when it fails."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from flowapp.bootstrap import Flow
from flowapp.engine.burst import FEWEST_AT_ONCE
from flowapp.engine.execution import Execution, ExecutionStatus, StepAttempt, StepExecution, StepStatus
from flowapp.events.outbox import EventRecord
from flowapp.messaging.in_app import Notification
from flowapp.rota.leave import LeaveRequest, LeaveStatus
from tests.cast import Cast
from tests.engine.made_actions import do, noted
from tests.factories import a_document, a_workflow, approve, condition, leave_asked, notify, run_all, runs


def went(flow: Flow, cast: Cast, *steps: dict[str, Any], **leave: Any) -> Execution:
    """Let Dan ask for leave, carry on what that starts, and answer the execution."""
    a_workflow(flow, cast.maya, a_document(*steps), home_id=cast.rose)
    leave_asked(flow, cast.dan, **leave)
    run_all(flow)
    [found] = runs(flow)
    return found


def steps_of(flow: Flow) -> list[StepExecution]:
    """Read every step, the first one first."""
    with flow.database.read() as session:
        return list(session.scalars(select(StepExecution).order_by(StepExecution.id)))


def attempts_of(flow: Flow) -> list[StepAttempt]:
    """Read every attempt, the first one first."""
    with flow.database.read() as session:
        return list(session.scalars(select(StepAttempt).order_by(StepAttempt.id)))


def words(flow: Flow) -> list[str]:
    """Read what the made actions wrote."""
    with flow.database.read() as session:
        return noted(session)


def leave_status(flow: Flow) -> LeaveStatus:
    """Answer how the one leave request stands."""
    with flow.database.read() as session:
        return LeaveStatus(session.scalars(select(LeaveRequest)).one().status)


def test_every_step_is_done_and_kept_with_what_it_was_given_and_gave(flow: Flow, cast: Cast) -> None:
    found = went(flow, cast, do("note", "a", "${context.days} days"), do("note", "b", "then ${steps.a.word}"))
    assert found.status == ExecutionStatus.COMPLETED
    assert words(flow) == ["1 days", "then 1 days"]
    first, second = steps_of(flow)
    assert (first.path, first.status, first.input) == ("a", StepStatus.COMPLETED, {"word": "1 days"})
    assert first.output == {"word": "1 days", "key": f"{found.id}:a"}
    assert (second.input, second.effect) == ({"word": "then 1 days"}, "db")
    assert (first.epoch, first.attempt, second.epoch, second.attempt) == (1, 1, 1, 1)
    assert [(each.path, each.result) for each in attempts_of(flow)] == [("a", "completed"), ("b", "completed")]


def test_the_times_of_an_execution_are_kept(flow: Flow, cast: Cast, clock: Any) -> None:
    a_workflow(flow, cast.maya, a_document(do("note", "a")), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    asked = clock.now()
    later = clock.advance(seconds=5)
    run_all(flow)
    [found] = runs(flow)
    assert (found.created_at, found.started_at, found.finished_at) == (asked, later, later)
    [step] = steps_of(flow)
    assert (step.started_at, step.finished_at) == (later, later)


@pytest.mark.parametrize(
    ("kind", "code", "message"),
    [
        ("explode", "internal", "Something went wrong inside FlowApp (ZeroDivisionError)"),
        ("refuse", "no_tea", "There is no tea left. Buy some, then try again."),
    ],
)
def test_what_a_failing_action_wrote_is_undone(flow: Flow, cast: Cast, kind: str, code: str, message: str) -> None:
    found = went(flow, cast, do("note", "a", "before"), do(kind, "b", "during"), do("note", "c", "after"))
    assert words(flow) == ["before"]
    assert found.status == ExecutionStatus.FAILED
    assert (found.reason or "").startswith(message)
    assert found.error is not None
    assert (found.error["code"], found.error["path"]) == (code, "b")
    assert found.finished_at is not None
    first, second = steps_of(flow)  # and the third was never reached
    assert (first.status, second.status) == (StepStatus.COMPLETED, StepStatus.FAILED)
    assert second.error["code"] == code
    assert second.error["message"].startswith(message)
    assert second.output is None
    assert second.input == {"word": "during"}
    assert [(each.path, each.result, each.code) for each in attempts_of(flow)] == [
        ("a", "completed", None),
        ("b", "failed", code),
    ]


def test_a_failed_attempt_keeps_the_trace_for_the_administrator(flow: Flow, cast: Cast) -> None:
    went(flow, cast, do("explode", "a"))
    [attempt] = attempts_of(flow)
    assert "ZeroDivisionError: the boiler" in (attempt.trace or "")
    assert "made_actions.py" in (attempt.trace or "")
    [step] = steps_of(flow)
    assert "boiler" not in step.error["message"]  # people are not shown the inside


def test_the_change_of_the_rota_before_the_failing_step_is_kept(flow: Flow, cast: Cast) -> None:
    found = went(flow, cast, approve(), do("explode", "b"))
    assert found.status == ExecutionStatus.FAILED
    assert leave_status(flow) == LeaveStatus.APPROVED


def test_what_the_database_refuses_an_action_fails_that_step_alone(flow: Flow, cast: Cast) -> None:
    found = went(flow, cast, approve(), do("note", "n", "kept"), do("break_a_rule", "b", "undone"))
    assert found.status == ExecutionStatus.FAILED
    assert found.error is not None
    assert found.error["path"] == "b"
    assert leave_status(flow) == LeaveStatus.APPROVED
    assert words(flow) == ["kept"]
    assert [each.status for each in steps_of(flow)] == [
        StepStatus.COMPLETED, StepStatus.COMPLETED, StepStatus.FAILED,
    ]  # fmt: skip


def test_an_event_of_a_failing_action_is_undone_with_it_and_starts_nothing(flow: Flow, cast: Cast) -> None:
    triggers = [{"id": "approved", "type": "event", "event": "leave_approved"}]
    a_workflow(flow, cast.maya, a_document(notify("tell"), triggers=triggers), home_id=cast.rose)
    bad = approve("late") | {"with": {"leave_request_id": "${context.leave_request_id + 100}"}}
    a_workflow(flow, cast.maya, a_document(bad), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    run_all(flow)
    assert [each.status for each in runs(flow)] == [ExecutionStatus.FAILED]
    with flow.database.read() as session:
        assert [each.type for each in session.scalars(select(EventRecord))] == ["leave_requested"]


BAD_FIELDS = [
    # the field's text, part of the reason
    ({"leave_request_id": "soon ${context.days}"}, "leave_request_id"),
    ({"leave_request_id": "${context.staff.name}"}, "leave_request_id"),
    ({"leave_request_id": "${context.leave_request_id}", "reason": "x" * 501 + "${context.days}"}, "reason"),
    ({"leave_request_id": "${context.leave_request_id / 0}"}, ""),
]


@pytest.mark.parametrize(("with_", "word"), BAD_FIELDS, ids=["word", "name", "too long", "by nought"])
def test_a_field_without_a_usable_value_fails_the_step_in_words(
    flow: Flow, cast: Cast, with_: dict[str, Any], word: str
) -> None:
    found = went(flow, cast, approve() | {"with": with_})
    assert found.status == ExecutionStatus.FAILED
    assert leave_status(flow) == LeaveStatus.REQUESTED
    [step] = steps_of(flow)
    assert step.status == StepStatus.FAILED
    assert word in step.error["message"]
    assert "pydantic" not in step.error["message"].lower()
    assert step.input == with_  # as it was written, since it came to no value


def test_an_action_that_is_gone_fails_its_step_in_words(flow: Flow, cast: Cast) -> None:
    a_workflow(flow, cast.maya, a_document(do("note", "a"), do("outside", "b")), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    del flow.actions["outside"]  # type: ignore[attr-defined]
    run_all(flow)
    [found] = runs(flow)
    assert found.error is not None
    assert (found.error["code"], found.error["path"]) == ("unknown_action", "b")
    assert words(flow) == ["noted"]


def test_a_condition_that_cannot_be_answered_fails_its_step_and_the_run(flow: Flow, cast: Cast) -> None:
    step = condition("c", "${context.days} / 0 > 1", then=[do("note", "a")], else_=[do("note", "b")])
    found = went(flow, cast, do("note", "first"), step, do("note", "z"))
    assert found.status == ExecutionStatus.FAILED
    assert found.error is not None
    assert found.error["path"] == "c"
    assert [(each.path, each.status) for each in steps_of(flow)] == [
        ("first", StepStatus.COMPLETED),
        ("c", StepStatus.FAILED),
    ]
    assert words(flow) == ["noted"]


def test_a_condition_keeps_its_reason_and_so_does_the_run(flow: Flow, cast: Cast) -> None:
    found = went(
        flow, cast, condition("c", "${context.days} > 3", then=[], else_=[do("note", "a")]), end=date(2026, 12, 8)
    )
    [asked, _] = steps_of(flow)
    assert (asked.output, asked.type) == ({"way": "else"}, "condition")
    assert asked.explanation
    assert asked.explanation.startswith("Days requested was 2")
    assert asked.explanation in (found.reason or "")


def test_a_step_that_is_switched_off_is_shown_as_passed_over(flow: Flow, cast: Cast) -> None:
    found = went(flow, cast, do("note", "a") | {"enabled": False}, do("note", "b", "done"))
    assert found.status == ExecutionStatus.COMPLETED
    assert [(each.path, each.status) for each in steps_of(flow)] == [
        ("a", StepStatus.SKIPPED),
        ("b", StepStatus.COMPLETED),
    ]
    assert words(flow) == ["done"]


def test_only_the_lane_that_was_taken_leaves_rows(flow: Flow, cast: Cast) -> None:
    went(flow, cast, condition("c", "${context.days} <= 3", then=[do("note", "a")], else_=[do("note", "b")]))
    assert [each.path for each in steps_of(flow)] == ["c", "c.then.a"]


def test_steps_read_exact_hours_from_the_steps_before(flow: Flow, cast: Cast) -> None:
    found = went(flow, cast, do("note", "a", "${context.hours} hours"), part="am")
    assert found.context["hours"] == Decimal("3.75")
    assert words(flow) == ["3.75 hours"]


def test_the_run_knows_which_step_told_whom(flow: Flow, cast: Cast) -> None:
    found = went(flow, cast, condition("c", "${context.days} <= 3", then=[notify("tell")]))
    with flow.database.read() as session:
        told = session.scalars(select(Notification)).one()
    assert (told.execution_id, told.step_path) == (found.id, "c.then.tell")


def test_one_run_with_much_to_do_leaves_the_rest_to_the_next_pass(flow: Flow, cast: Cast) -> None:
    many = {"id": "l", "type": "loop", "items": str(list(range(30))), "as": "n", "steps": [do("slow", "a", "n${n}")]}
    a_workflow(flow, cast.maya, a_document(many), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    flow.worker.run_due()
    assert FEWEST_AT_ONCE <= len(words(flow)) < 30
    run_all(flow)
    assert words(flow) == [f"n{each}" for each in range(30)]
