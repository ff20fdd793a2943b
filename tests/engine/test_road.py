"""The road of a leave request: asked, accepted, decided, told."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from flowapp.bootstrap import Flow
from flowapp.cli.demo.workflows import AUTO_APPROVE
from flowapp.engine.execution import Execution, ExecutionStatus, StepExecution
from flowapp.messaging.in_app import Notification
from flowapp.rota.leave import LeaveRequest, LeaveStatus
from flowapp.rota.leave_balance import LedgerEntry
from tests.cast import Cast
from tests.factories import a_workflow, leave_asked


def test_two_days_of_leave_are_approved_and_the_person_is_told(flow: Flow, cast: Cast) -> None:
    a_workflow(flow, cast.maya, AUTO_APPROVE, home_id=cast.rose)

    leave_id = leave_asked(flow, cast.dan, start=date(2026, 12, 7), end=date(2026, 12, 8))
    flow.worker.run_due()

    with flow.database.read() as session:
        request = session.get_one(LeaveRequest, leave_id)
        assert request.status == LeaveStatus.APPROVED
        assert request.decided_by == "the workflow “Auto-approve short leave”"
        execution = session.scalars(select(Execution)).one()
        assert execution.status == ExecutionStatus.COMPLETED
        assert execution.reason == (
            "Days requested was 2, which is 3 or fewer. "
            "So: approve the leave request, then notify the person: Leave approved."
        )
        steps = session.scalars(select(StepExecution).order_by(StepExecution.id)).all()
        assert [step.path for step in steps] == ["short", "short.then.approve", "short.then.tell"]
        last = session.scalars(select(LedgerEntry).order_by(LedgerEntry.id.desc())).first()
        assert last is not None
        assert (last.hours, last.balance_after) == (Decimal(-15), Decimal(195))
        told = session.scalars(select(Notification)).one()
        assert told.user_id == cast.dan.user_id
        assert "15 hours" in told.message


@pytest.mark.parametrize("kind", ["TRAINING", "COMPASSIONATE", "UNPAID"])
def test_short_leave_that_is_not_counted_is_approved_and_told_too(flow: Flow, cast: Cast, kind: str) -> None:
    a_workflow(flow, cast.maya, AUTO_APPROVE, home_id=cast.rose)
    leave_asked(flow, cast.dan, type_code=kind)
    flow.worker.run_due()
    with flow.database.read() as session:
        assert session.scalars(select(Execution.status)).one() == ExecutionStatus.COMPLETED
        assert session.scalars(select(Notification.message)).one().endswith("It takes 7.5 hours.")
