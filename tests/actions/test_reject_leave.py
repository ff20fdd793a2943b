"""Turning leave down by a workflow."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from flowapp.bootstrap import Flow, registries
from flowapp.engine.execution import Execution, ExecutionStatus, StepExecution
from flowapp.rota.leave import LeaveRequest, LeaveStatus
from flowapp.rota.leave_balance import LedgerEntry, LedgerKind
from tests.cast import Cast
from tests.factories import a_document, a_workflow, leave_asked, notify

REJECT = registries().actions["reject_leave"]


def reject(reason: str = "Too few people.") -> dict[str, Any]:
    """Answer a step that turns the leave down."""
    with_ = {"leave_request_id": "${context.leave_request_id}", "reason": reason}
    return {"id": "reject", "type": "action", "action": "reject_leave", "with": with_}


def test_it_turns_the_leave_down_with_its_reason_and_takes_no_hours(flow: Flow, cast: Cast) -> None:
    a_workflow(flow, cast.maya, a_document(reject("Only ${context.notice_days} days of notice.")), home_id=cast.rose)
    leave_id = leave_asked(flow, cast.dan)
    flow.worker.run_due()
    with flow.database.read() as session:
        found = session.get_one(LeaveRequest, leave_id)
        assert found.status == LeaveStatus.REJECTED
        assert found.decision_reason == "Only 14 days of notice."
        assert session.scalars(select(LedgerEntry).where(LedgerEntry.kind == LedgerKind.TAKE)).all() == []


def test_later_steps_may_read_what_was_decided(flow: Flow, cast: Cast) -> None:
    told = notify("tell", "${steps.reject.status} ${steps.reject.start_date}")
    a_workflow(flow, cast.maya, a_document(reject(), told), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    flow.worker.run_due()
    with flow.database.read() as session:
        step = session.scalars(select(StepExecution).where(StepExecution.step_id == "tell")).one()
    assert step.input["message"] == "rejected 2026-12-07"


def test_the_owners_own_leave_is_not_turned_down_by_their_workflow(flow: Flow, cast: Cast) -> None:
    a_workflow(flow, cast.maya, a_document(reject()), home_id=cast.rose)
    leave_id = leave_asked(flow, cast.maya)
    flow.worker.run_due()
    with flow.database.read() as session:
        assert session.get_one(LeaveRequest, leave_id).status == LeaveStatus.REQUESTED
        run = session.scalars(select(Execution)).one()
        assert run.status == ExecutionStatus.FAILED
        assert "somebody else has to decide" in (run.reason or "")


def test_its_sentence_says_the_reason() -> None:
    assert REJECT.sentence({"reason": "Too few people."}) == "Turn the leave request down: **Too few people.**"
    assert REJECT.sentence({}) == "Turn the leave request down: **no reason yet**"
