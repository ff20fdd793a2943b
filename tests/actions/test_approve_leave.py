"""Approving leave as a step of a workflow."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import select

from flowapp.bootstrap import Flow, registries
from flowapp.events.outbox import EventRecord
from flowapp.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from flowapp.rota.leave import LeaveRequest, LeaveStatus
from flowapp.rota.leave_balance import LedgerEntry
from flowapp.workflows.kinds import Effect
from tests.actions.performing import EXECUTION, perform
from tests.cast import Cast
from tests.factories import leave_asked

APPROVE = registries().actions["approve_leave"]


def request(flow: Flow) -> LeaveRequest:
    """Read the one request."""
    with flow.database.read() as session:
        return session.scalars(select(LeaveRequest)).one()


def test_the_leave_is_approved_by_the_workflow_with_its_reason(flow: Flow, cast: Cast) -> None:
    leave_id = leave_asked(flow, cast.dan)
    fields = {"leave_request_id": leave_id, "reason": "Short enough"}
    output = perform(flow, "approve_leave", cast.maya, fields, home_id=cast.rose)
    found = request(flow)
    assert output.model_dump().items() >= {"leave_request_id": leave_id, "decided_at": flow.clock.now()}.items()
    assert (found.status, found.decision_reason) == (LeaveStatus.APPROVED, "Short enough")
    assert (found.decided_by, found.decided_by_id) == ("the workflow “Tea at three”", cast.maya.user_id)
    assert (found.decision_execution_id, found.auto_decided) == (EXECUTION, True)


def test_the_hours_are_taken_in_the_name_of_the_step(flow: Flow, cast: Cast) -> None:
    perform(flow, "approve_leave", cast.maya, {"leave_request_id": leave_asked(flow, cast.dan)}, home_id=cast.rose)
    with flow.database.read() as session:
        entry = session.scalars(select(LedgerEntry).where(LedgerEntry.leave_request_id.is_not(None))).one()
        event = session.scalars(select(EventRecord).order_by(EventRecord.seq.desc())).first()
    assert entry.by == f"execution:{EXECUTION}/step:c.then.it"
    assert event is not None
    assert (event.type, event.execution_id, event.depth, event.context["auto"]) == (
        "leave_approved",
        EXECUTION,
        1,
        True,
    )


def test_leave_that_is_decided_already_is_not_approved_again(flow: Flow, cast: Cast) -> None:
    fields = {"leave_request_id": leave_asked(flow, cast.dan)}
    perform(flow, "approve_leave", cast.maya, fields, home_id=cast.rose)
    with pytest.raises(Conflict, match="already approved"):
        perform(flow, "approve_leave", cast.maya, fields, home_id=cast.rose)


def test_a_rule_that_forbids_it_is_not_passed_over(flow: Flow, cast: Cast) -> None:
    leave_id = leave_asked(flow, cast.dan)
    flow.database.write(
        lambda session: session.execute(LedgerEntry.__table__.update().values(balance_after=0)) and None
    )
    with pytest.raises(Refused, match="hours"):
        perform(flow, "approve_leave", cast.maya, {"leave_request_id": leave_id}, home_id=cast.rose)
    assert request(flow).status == LeaveStatus.REQUESTED


@pytest.mark.parametrize(
    ("owner", "error"), [("dan", NotAllowed), ("sorcha", NotAllowed), ("erin", NotFound), ("vic", NotFound)]
)
def test_it_acts_with_the_rights_of_the_owner_and_no_others(
    flow: Flow, cast: Cast, owner: str, error: type[Exception]
) -> None:
    fields = {"leave_request_id": leave_asked(flow, cast.dan)}
    with pytest.raises(error):
        perform(flow, "approve_leave", getattr(cast, owner), fields, home_id=cast.rose)
    assert request(flow).status == LeaveStatus.REQUESTED


def test_the_owners_own_leave_is_left_for_somebody_else(flow: Flow, cast: Cast) -> None:
    fields = {"leave_request_id": leave_asked(flow, cast.maya)}
    with pytest.raises(NotAllowed, match="somebody else"):
        perform(flow, "approve_leave", cast.maya, fields, home_id=cast.rose)


def test_a_request_that_does_not_exist_is_said_to_be_none(flow: Flow, cast: Cast) -> None:
    with pytest.raises(NotFound, match="4711"):
        perform(flow, "approve_leave", cast.maya, {"leave_request_id": 4711}, home_id=cast.rose)


@pytest.mark.parametrize(
    "fields",
    [
        {},  # no request
        {"leave_request_id": "soon"},
        {"leave_request_id": None},
        {"leave_request_id": 1.5},
        {"leave_request_id": 1, "reason": "x" * 501},
        {"leave_request_id": 1, "reason": None},
        {"leave_request_id": 1, "because": "x"},  # no such field
    ],
)
def test_fields_that_do_not_fit_are_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        APPROVE.Fields.model_validate(fields)


def test_it_changes_our_own_database_alone() -> None:
    assert APPROVE.effect is Effect.DB


@pytest.mark.parametrize("fields", [{}, {"leave_request_id": "${context.leave_request_id}"}, {"leave_request_id": 5}])
def test_its_sentence(fields: dict[str, Any]) -> None:
    assert APPROVE.sentence(fields) == "Approve the leave request"
