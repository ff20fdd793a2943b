"""Accepting an event: which workflows it starts, in the transaction of its own change."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from flowapp.bootstrap import Flow
from flowapp.engine.accept import accept_event
from flowapp.engine.execution import Execution, ExecutionStatus, StepExecution, StepStatus
from flowapp.engine.start import started
from flowapp.events.outbox import EventRecord, record
from flowapp.kernel import faults
from flowapp.kernel.errors import Refused
from flowapp.kernel.faults import FaultRaised
from flowapp.rota.leave import LeaveRequest, LeaveStatus
from flowapp.workflows.publishing import create_workflow
from flowapp.workflows.reading import read_document
from flowapp.workflows.workflow import Version
from tests.cast import Cast
from tests.factories import (
    a_document,
    a_workflow,
    approve,
    cause_of,
    condition,
    leave_asked,
    leave_event,
    notify,
    runs,
)
from tests.support.databases import Databases


def asked_when(when: str | None, **given: Any) -> dict[str, Any]:
    """Answer a document that starts when leave is requested and a condition holds."""
    trigger = {"id": "asked", "type": "event", "event": "leave_requested"}
    return a_document(triggers=[trigger | ({"when": when} if when else {})], **given)


def happens(flow: Flow, *events: Any) -> list[int]:
    """Record events in one transaction, and answer the executions they started."""

    def write(session: Session) -> list[int]:
        for event in events:
            record(session, event)
        return started(session)

    return flow.database.write(write)


def count(flow: Flow, table: Any) -> int:
    """Count the rows of a table."""
    with flow.database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_an_event_starts_the_workflows_of_its_home_and_those_of_the_organisation(flow: Flow, cast: Cast) -> None:
    here = a_workflow(flow, cast.maya, home_id=cast.rose)
    a_workflow(flow, cast.erin, home_id=cast.elm)
    everywhere = a_workflow(flow, cast.hana, home_id=None)
    leave_asked(flow, cast.dan)
    assert [each.workflow_id for each in runs(flow)] == [here, everywhere]


def test_an_event_in_another_home_starts_nothing(flow: Flow, cast: Cast) -> None:
    a_workflow(flow, cast.maya, home_id=cast.rose)
    leave_asked(flow, cast.vic)
    assert runs(flow) == []
    assert count(flow, EventRecord) == 1


def test_an_event_of_another_kind_starts_nothing(flow: Flow, cast: Cast) -> None:
    a_workflow(
        flow, cast.maya,
        a_document(triggers=[{"id": "a", "type": "event", "event": "leave_approved"}]), home_id=cast.rose,
    )  # fmt: skip
    leave_asked(flow, cast.dan)
    assert runs(flow) == []


def test_a_workflow_that_was_never_published_starts_by_nothing(flow: Flow, cast: Cast) -> None:

    cause = cause_of(cast.maya, flow.clock.now())
    flow.database.write(
        lambda session: (
            create_workflow(session, cause, read_document(a_document()), owner_id=cast.maya.user_id, home_id=cast.rose)
            and None
        )
    )
    leave_asked(flow, cast.dan)
    assert runs(flow) == []


def test_an_event_of_no_home_starts_only_what_belongs_to_the_organisation(flow: Flow, cast: Cast) -> None:
    a_workflow(flow, cast.maya, home_id=cast.rose)
    everywhere = a_workflow(flow, cast.hana, home_id=None)
    happens(flow, leave_event(cast.dan, flow.clock.now(), home_id=None))
    assert [(each.workflow_id, each.home_id) for each in runs(flow)] == [(everywhere, None)]


def test_the_execution_keeps_what_it_was_started_by_and_with(flow: Flow, cast: Cast) -> None:
    made = a_workflow(flow, cast.maya, home_id=cast.rose)
    leave_id = leave_asked(flow, cast.dan, end=date(2026, 12, 8))
    [found] = runs(flow)
    with flow.database.read() as session:
        event = session.scalars(select(EventRecord)).one()
        [step] = session.scalars(select(StepExecution)).all()
    assert (found.workflow_id, found.home_id, found.status) == (made, cast.rose, ExecutionStatus.PENDING)
    assert (found.trigger_id, found.trigger_type, found.event_seq) == ("asked", "event", event.seq)
    assert (found.subject_type, found.subject_id, found.about_staff_id) == (
        "leave_request", leave_id, cast.dan.staff_id,
    )  # fmt: skip
    assert (found.started_by, found.started_by_id) == ("Dan", cast.dan.user_id)
    assert found.context == event.context
    assert found.context["days"] == Decimal(2)
    assert found.context["staff"]["name"] == "Dan"
    assert (found.correlation_id, found.causation_id, found.depth) == (event.uid, event.uid, 0)
    assert (step.path, step.status, step.run_at) == ("tell", StepStatus.PENDING, flow.clock.now())


def test_the_version_is_the_one_that_was_published(flow: Flow, cast: Cast) -> None:
    made = a_workflow(flow, cast.maya, home_id=cast.rose)
    leave_asked(flow, cast.dan)
    with flow.database.read() as session:
        version = session.get_one(Version, runs(flow)[0].version_id)
        assert (version.workflow_id, version.number) == (made, 1)


@pytest.mark.parametrize(
    ("when", "starts"),
    [
        (None, True),
        ("${context.days} <= 3", True),
        ("${context.days} > 3", False),
        ("${context.leave.type} == 'ANNUAL' and ${context.staff.name} == 'Dan'", True),
        ("${context.care_home_id} == 0", False),
    ],
)
def test_a_workflow_starts_only_when_its_condition_holds(
    flow: Flow, cast: Cast, when: str | None, starts: bool
) -> None:
    a_workflow(flow, cast.maya, asked_when(when), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    assert len(runs(flow)) == int(starts)


def test_a_condition_knows_the_day_and_the_holidays_of_the_home(flow: Flow, cast: Cast) -> None:
    a_workflow(flow, cast.maya, asked_when("today() == date('2026-11-23')"), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    assert [each.status for each in runs(flow)] == [ExecutionStatus.PENDING]


def test_a_condition_that_cannot_be_answered_is_a_failed_run_and_no_hindrance(flow: Flow, cast: Cast) -> None:
    a_workflow(flow, cast.maya, asked_when("${context.balance_before} / 0 > 1"), home_id=cast.rose)
    other = a_workflow(flow, cast.maya, home_id=cast.rose)
    leave_id = leave_asked(flow, cast.dan)
    failed, good = runs(flow)
    assert failed.status == ExecutionStatus.FAILED
    assert (failed.reason or "").startswith("The trigger's condition could not be answered: ")
    assert failed.error is not None
    assert failed.error["message"] == failed.reason
    assert failed.finished_at == flow.clock.now()
    assert (good.workflow_id, good.status) == (other, ExecutionStatus.PENDING)
    with flow.database.read() as session:
        assert session.get_one(LeaveRequest, leave_id).status == LeaveStatus.REQUESTED
        steps = session.scalars(select(StepExecution)).all()
    assert [each.execution_id for each in steps] == [good.id]  # there is nothing to do for the failed one


def test_a_fault_of_our_own_while_looking_at_a_trigger_is_no_hindrance_either(flow: Flow, cast: Cast) -> None:
    a_workflow(flow, cast.maya, asked_when("today() == today()"), home_id=cast.rose)
    event = leave_event(cast.dan, flow.clock.now(), home_id=cast.rose)
    flow.database.write(lambda s: s.execute(text("UPDATE care_home SET timezone = 'Mars/Base'")) and None)
    happens(flow, event)
    [found] = runs(flow)
    assert found.status == ExecutionStatus.FAILED
    assert "Mars" not in (found.reason or "")
    assert "Something went wrong inside FlowApp" in (found.reason or "")


def test_a_version_that_cannot_be_read_any_more_is_no_hindrance(flow: Flow, cast: Cast) -> None:
    """As after an update that takes a kind of step away."""
    a_workflow(flow, cast.maya, home_id=cast.rose)
    broken = a_document() | {"steps": [{"id": "a", "type": "teleport"}]}
    flow.database.write(lambda session: session.execute(update(Version).values(document=broken)) and None)
    flow.parts.plans._kept.clear()
    leave_id = leave_asked(flow, cast.dan)
    with flow.database.read() as session:
        assert session.get_one(LeaveRequest, leave_id).status == LeaveStatus.REQUESTED
    assert [each.status for each in runs(flow)] == [ExecutionStatus.FAILED]


def test_two_triggers_of_one_workflow_that_both_match_start_it_once_each(flow: Flow, cast: Cast) -> None:
    triggers = [{"id": "a", "type": "event", "event": "leave_requested"},
                {"id": "b", "type": "event", "event": "leave_requested", "when": "${context.days} < 9"}]  # fmt: skip
    a_workflow(flow, cast.maya, a_document(triggers=triggers), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    assert [each.trigger_id for each in runs(flow)] == ["a", "b"]


def test_the_same_event_cannot_start_a_workflow_twice(flow: Flow, cast: Cast) -> None:
    a_workflow(flow, cast.maya, home_id=cast.rose)

    def twice(session: Session) -> None:
        recorded = record(session, leave_event(cast.dan, flow.clock.now(), home_id=cast.rose))
        accept_event(flow.parts, session, recorded)

    with pytest.raises(IntegrityError):
        flow.database.write(twice)
    assert runs(flow) == []
    assert count(flow, EventRecord) == 0


def test_two_events_alike_are_two_events(flow: Flow, cast: Cast) -> None:
    a_workflow(flow, cast.maya, home_id=cast.rose)
    event = leave_event(cast.dan, flow.clock.now(), home_id=cast.rose)
    assert len(happens(flow, event, event)) == 2


def test_nobody_waits_for_runs_that_fail_or_are_refused_before_their_first_step(flow: Flow, cast: Cast) -> None:
    wrong = "1 / (${context.leave_request_id} - ${context.leave_request_id}) == 1"
    a_workflow(flow, cast.maya, asked_when(wrong), home_id=cast.rose)
    pause = {"id": "d", "type": "delay", "for": {"hours": 1}}
    a_workflow(flow, cast.maya, a_document(pause, settings={"mode": "single"}), home_id=cast.rose)
    event = leave_event(cast.dan, flow.clock.now(), home_id=cast.rose)
    first, second = happens(flow, event), happens(flow, event)
    assert sorted(str(each.status) for each in runs(flow)) == ["cancelled", "failed", "failed", "pending"]
    assert (first, second) == ([2], [])


def test_nobody_waits_for_a_run_whose_place_was_taken_at_once(flow: Flow, cast: Cast) -> None:
    restart = {"settings": {"mode": "restart"}}
    a_workflow(flow, cast.maya, a_document(**restart), home_id=cast.rose)
    event = leave_event(cast.dan, flow.clock.now(), home_id=cast.rose)
    assert happens(flow, event, event) == [2]


def test_who_changes_something_learns_which_executions_it_started(flow: Flow, cast: Cast) -> None:
    a_workflow(flow, cast.maya, home_id=cast.rose)
    a_workflow(flow, cast.hana, home_id=None)
    found = happens(flow, leave_event(cast.dan, flow.clock.now(), home_id=cast.rose))
    assert found == [each.id for each in runs(flow)]
    assert len(found) == 2


def test_a_refused_request_starts_nothing_and_leaves_no_event(flow: Flow, cast: Cast) -> None:
    a_workflow(flow, cast.maya, home_id=cast.rose)
    with pytest.raises(Refused):
        leave_asked(flow, cast.dan, start=date(2026, 12, 5))  # a Saturday: no work is due
    assert runs(flow) == []
    assert count(flow, EventRecord) == count(flow, LeaveRequest) == 0


@pytest.mark.parametrize("point", ["accept.in_change", "accept.mid_tx", "accept.before_commit"])
def test_request_event_and_execution_stand_or_fall_together(flow: Flow, cast: Cast, point: str) -> None:
    a_workflow(flow, cast.maya, home_id=cast.rose)
    faults.arm(f"{point}:1:raise")
    try:
        with pytest.raises(FaultRaised):
            leave_asked(flow, cast.dan)
    finally:
        faults.arm(None)
    for table in (LeaveRequest, EventRecord, Execution, StepExecution):
        assert count(flow, table) == 0
    leave_asked(flow, cast.dan)
    for table in (LeaveRequest, EventRecord, Execution, StepExecution):
        assert count(flow, table) == 1


def test_another_flowapp_in_this_program_does_not_accept_for_this_one(
    flow: Flow, cast: Cast, tmp_path: Path, databases: Databases, empty_tables: str
) -> None:
    (tmp_path / "other").mkdir()
    url = databases.new_url(tmp_path / "other")
    databases.copy(empty_tables, url)
    other = Flow(flow.settings.model_copy(update={"database_url": url}))
    try:
        a_workflow(flow, cast.maya, home_id=cast.rose)
        leave_asked(flow, cast.dan)
        assert len(runs(flow)) == 1
        assert runs(other) == []
    finally:
        other.close()
        databases.drop(url)


def test_a_workflow_that_begins_with_a_condition_begins_at_it(flow: Flow, cast: Cast) -> None:
    document = a_document(condition("short", "${context.days} <= 3", then=[approve()], else_=[notify("ask")]))
    a_workflow(flow, cast.maya, document, home_id=cast.rose)
    leave_asked(flow, cast.dan)
    with flow.database.read() as session:
        assert [(each.path, each.type) for each in session.scalars(select(StepExecution))] == [("short", "condition")]
