"""A workflow acts with the rights its owner has at that moment, and with no others."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.accounts.people import Person
from flowapp.accounts.user_changes import change_role, deactivate
from flowapp.bootstrap import Flow
from flowapp.engine.execution import Execution, ExecutionStatus
from flowapp.events.cause import SYSTEM, Cause
from flowapp.messaging.in_app import Notification
from flowapp.rota.leave import LeaveRequest, LeaveStatus
from tests.cast import Cast
from tests.factories import a_document, a_workflow, approve, leave_asked, run_all, runs


def decided(flow: Flow, owner: Person, who: Person, *, home_id: int | None) -> tuple[Execution, LeaveRequest]:
    """Let somebody ask for leave that a workflow of this owner approves; answer the run and the request."""
    a_workflow(flow, owner, a_document(approve()), home_id=home_id)
    leave_asked(flow, who)
    run_all(flow)
    with flow.database.read() as session:
        return runs(flow)[0], session.scalars(select(LeaveRequest)).one()


def test_the_owner_who_may_decide_lets_the_workflow_decide(flow: Flow, cast: Cast) -> None:
    run, request = decided(flow, cast.maya, cast.dan, home_id=cast.rose)
    assert run.status == ExecutionStatus.COMPLETED
    assert (request.status, request.decided_by_id) == (LeaveStatus.APPROVED, cast.maya.user_id)
    assert request.decision_execution_id == run.id
    assert request.auto_decided


@pytest.mark.parametrize("owner", ["dan", "sorcha"])
def test_an_owner_who_may_not_decide_cannot_have_a_workflow_do_it(flow: Flow, cast: Cast, owner: str) -> None:
    run, request = decided(flow, getattr(cast, owner), cast.maya, home_id=cast.rose)
    assert run.status == ExecutionStatus.FAILED
    assert run.reason
    assert request.status == LeaveStatus.REQUESTED


def test_an_owner_of_another_home_cannot_decide_here(flow: Flow, cast: Cast) -> None:
    run, request = decided(flow, cast.erin, cast.dan, home_id=cast.rose)
    assert run.status == ExecutionStatus.FAILED
    assert request.status == LeaveStatus.REQUESTED


def test_a_workflow_of_the_organisation_decides_only_where_its_owner_may(flow: Flow, cast: Cast) -> None:
    a_workflow(flow, cast.maya, a_document(approve()), home_id=None)
    leave_asked(flow, cast.dan)
    leave_asked(flow, cast.vic)
    run_all(flow)
    assert [each.status for each in runs(flow)] == [ExecutionStatus.COMPLETED, ExecutionStatus.FAILED]


def test_nobody_has_a_workflow_approve_their_own_leave(flow: Flow, cast: Cast) -> None:
    run, request = decided(flow, cast.maya, cast.maya, home_id=cast.rose)
    assert run.status == ExecutionStatus.FAILED
    assert request.status == LeaveStatus.REQUESTED
    assert "somebody else" in (run.reason or "")


def as_system(flow: Flow) -> Cause:
    """FlowApp itself, now."""
    return Cause(actor=SYSTEM, at=flow.clock.now())


def test_rights_taken_away_after_the_start_count_at_once(flow: Flow, cast: Cast) -> None:
    a_workflow(flow, cast.maya, a_document(approve()), home_id=cast.rose)
    leave_asked(flow, cast.dan)

    def demote(session: Session) -> None:
        change_role(session, as_system(flow), cast.maya.user_id, role="staff", home_ids=[cast.rose])

    flow.database.write(demote)
    run_all(flow)
    [run] = runs(flow)
    assert run.status == ExecutionStatus.FAILED
    with flow.database.read() as session:
        assert session.scalars(select(LeaveRequest)).one().status == LeaveStatus.REQUESTED


def test_rights_given_after_the_start_count_at_once(flow: Flow, cast: Cast) -> None:
    a_workflow(flow, cast.sorcha, a_document(approve()), home_id=cast.rose)
    leave_asked(flow, cast.dan)

    def promote(session: Session) -> None:
        change_role(session, as_system(flow), cast.sorcha.user_id, role="manager", home_ids=[cast.rose])

    flow.database.write(promote)
    run_all(flow)
    assert [each.status for each in runs(flow)] == [ExecutionStatus.COMPLETED]


def test_a_workflow_whose_owner_has_left_does_nothing_any_more_and_says_why(flow: Flow, cast: Cast) -> None:
    a_workflow(flow, cast.maya, a_document(), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    flow.database.write(lambda session: deactivate(session, as_system(flow), cast.maya.user_id))
    run_all(flow)
    [run] = runs(flow)
    assert run.status == ExecutionStatus.FAILED
    assert run.error is not None
    assert (run.error["code"], run.error["path"]) == ("no_owner", "tell")
    assert "another owner" in (run.reason or "")
    with flow.database.read() as session:
        [told] = session.scalars(select(Notification))
    assert (told.user_id, told.title) == (cast.ada.user_id, "“A workflow” failed")  # no manager is left to be told
