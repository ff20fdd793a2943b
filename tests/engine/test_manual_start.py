"""Starting a workflow by hand: what it asks for is checked, and who started it is kept."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from flowapp.accounts.audit import AuditEntry
from flowapp.accounts.people import Person
from flowapp.bootstrap import Flow
from flowapp.engine.execution import ExecutionStatus
from flowapp.engine.manual import start_by_hand
from flowapp.kernel.errors import Conflict, NotFound, Refused
from flowapp.workflows.publishing import create_workflow
from flowapp.workflows.reading import read_document
from flowapp.workflows.workflow import WorkflowStatus, workflow
from tests.cast import Cast
from tests.engine.made_actions import do, noted
from tests.factories import a_document, a_workflow, cause_of, run_all, runs

INPUTS = [
    {"name": "unit", "label": "Unit"},
    {"name": "weeks", "label": "Weeks", "type": "number"},
    {"name": "first", "label": "First day", "type": "date", "required": False},
    {"name": "urgent", "label": "Urgent", "type": "yes_no", "required": False},
    {"name": "shift", "label": "Shift", "type": "choice", "choices": ["day", "night"], "required": False},
]
ENOUGH = {"unit": "Ash", "weeks": 2}


def by_hand(inputs: list[dict[str, Any]] | None = None, *steps: dict[str, Any]) -> dict[str, Any]:
    """Answer a document that somebody starts."""
    trigger: dict[str, Any] = {"id": "asked_for", "type": "manual"}
    return a_document(*(steps or [do("note", "a")]), triggers=[trigger | ({"inputs": inputs} if inputs else {})])


def start(flow: Flow, who: Person, workflow_id: int, key: str | None = None, **inputs: Any) -> int:
    """Start a workflow as a person does."""
    cause = cause_of(who, flow.clock.now())

    def write(session: Session) -> int:
        return start_by_hand(flow.parts, session, cause, workflow_id, triggers=flow.triggers, inputs=inputs, key=key)

    return flow.database.write(write)


def refused(flow: Flow, who: Person, workflow_id: int, **inputs: Any) -> list[tuple[str, str]]:
    """Try to start a workflow, and answer what is wrong; nothing may have been started."""
    with pytest.raises(Refused) as raised:
        start(flow, who, workflow_id, **inputs)
    assert runs(flow) == []
    assert all(each.message.endswith(".") for each in raised.value.problems)
    return [(each.path, each.code) for each in raised.value.problems]


def test_it_runs_with_what_was_given(flow: Flow, cast: Cast) -> None:
    document = by_hand(INPUTS, do("note", "a", "${context.unit} for ${context.weeks} weeks"))
    made = a_workflow(flow, cast.maya, document, home_id=cast.rose)
    number = start(flow, cast.maya, made, unit="Ash", weeks=Decimal("2.5"), first="2026-12-07", urgent=True)
    run_all(flow)
    [found] = runs(flow)
    assert (found.id, found.status) == (number, ExecutionStatus.COMPLETED)
    assert (found.trigger_id, found.trigger_type, found.event_seq) == ("asked_for", "manual", None)
    assert (found.started_by, found.started_by_id, found.home_id) == ("Maya", cast.maya.user_id, cast.rose)
    assert found.context["weeks"] == Decimal("2.5")
    assert found.context["care_home_id"] == cast.rose
    assert (found.depth, found.correlation_id) == (0, found.uid)
    with flow.database.read() as session:
        assert noted(session) == ["Ash for 2.5 weeks"]


def test_the_audit_tells_who_started_it(flow: Flow, cast: Cast) -> None:
    made = a_workflow(flow, cast.maya, by_hand(), home_id=cast.rose)
    number = start(flow, cast.maya, made)
    with flow.database.read() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "workflow.run")).one()
    assert (entry.actor, entry.entity, entry.entity_id, entry.home_id) == (
        f"user:{cast.maya.user_id}", "execution", number, cast.rose,
    )  # fmt: skip


BAD = [
    # inputs beside what is enough, expected problems
    ({"unit": None}, [("unit", "missing")]),
    ({"unit": ""}, [("unit", "missing")]),
    ({"weeks": "two"}, [("weeks", "bad_value")]),
    ({"weeks": "2"}, [("weeks", "bad_value")]),  # text is not a number
    ({"weeks": True}, [("weeks", "bad_value")]),  # nor is yes
    ({"unit": 5}, [("unit", "bad_value")]),
    ({"unit": ["Ash"]}, [("unit", "bad_value")]),
    ({"first": "tomorrow"}, [("first", "bad_value")]),
    ({"first": "2026-02-30"}, [("first", "bad_value")]),
    ({"urgent": "yes"}, [("urgent", "bad_value")]),
    ({"urgent": 1}, [("urgent", "bad_value")]),
    ({"unti": "Ash"}, [("unti", "unknown_key")]),
]


@pytest.mark.parametrize(("given", "expected"), BAD, ids=[str(row[0]) for row in BAD])
def test_an_input_that_is_wrong_is_named(flow: Flow, cast: Cast, given: Any, expected: Any) -> None:
    made = a_workflow(flow, cast.maya, by_hand(INPUTS), home_id=cast.rose)
    found = refused(flow, cast.maya, made, **{**ENOUGH, **given})
    assert set(expected) <= set(found)
    assert {path for path, _ in found} == {path for path, _ in expected}


def test_everything_that_is_missing_is_named_at_once(flow: Flow, cast: Cast) -> None:
    made = a_workflow(flow, cast.maya, by_hand(INPUTS), home_id=cast.rose)
    assert refused(flow, cast.maya, made) == [("unit", "missing"), ("weeks", "missing")]


def test_a_choice_that_is_not_offered_is_refused(flow: Flow, cast: Cast) -> None:
    made = a_workflow(flow, cast.maya, by_hand(INPUTS), home_id=cast.rose)
    assert refused(flow, cast.maya, made, **ENOUGH, shift="twilight") == [("shift", "bad_value")]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_a_number_that_is_none_is_refused(flow: Flow, cast: Cast, number: str) -> None:
    made = a_workflow(flow, cast.maya, by_hand(INPUTS), home_id=cast.rose)
    assert refused(flow, cast.maya, made, unit="Ash", weeks=Decimal(number)) == [("weeks", "bad_value")]


def test_a_choice_that_is_offered_is_taken(flow: Flow, cast: Cast) -> None:
    made = a_workflow(flow, cast.maya, by_hand(INPUTS), home_id=cast.rose)
    assert start(flow, cast.maya, made, **ENOUGH, shift="night")


def test_an_input_that_is_not_needed_may_be_given_as_nothing(flow: Flow, cast: Cast) -> None:
    made = a_workflow(flow, cast.maya, by_hand(INPUTS), home_id=cast.rose)
    assert start(flow, cast.maya, made, **ENOUGH, first=None, urgent=None)


def test_a_workflow_that_asks_for_nothing_takes_anything(flow: Flow, cast: Cast) -> None:
    made = a_workflow(flow, cast.maya, by_hand(), home_id=cast.rose)
    start(flow, cast.maya, made, colour="blue")
    assert runs(flow)[0].context["colour"] == "blue"


def test_nobody_can_pass_themselves_off_as_somebody_else(flow: Flow, cast: Cast) -> None:
    made = a_workflow(flow, cast.maya, by_hand(), home_id=cast.rose)
    start(flow, cast.maya, made, user={"name": "Hana", "role": "HR"})
    context = runs(flow)[0].context
    assert context["user"]["name"] == "Maya"
    assert context["user"]["role"] == "Manager"


@pytest.mark.parametrize("staff_id", [{"id": 1}, [1], 10**30, "Dan", True])
def test_a_staff_number_that_is_none_harms_nothing(flow: Flow, cast: Cast, staff_id: Any) -> None:
    made = a_workflow(flow, cast.maya, by_hand(), home_id=cast.rose)
    start(flow, cast.maya, made, staff_id=staff_id)
    assert runs(flow)[0].about_staff_id is None


@pytest.mark.parametrize(
    "inputs",
    [
        None,
        INPUTS,
    ],
)
def test_a_step_may_say_who_started_it(flow: Flow, cast: Cast, inputs: Any) -> None:
    document = by_hand(inputs, do("note", "a", "by ${context.user.name} (${context.user.role})"))
    start(flow, cast.maya, a_workflow(flow, cast.maya, document, home_id=cast.rose), **(ENOUGH if inputs else {}))
    run_all(flow)
    with flow.database.read() as session:
        assert noted(session) == ["by Maya (Manager)"]


def test_a_workflow_without_a_manual_trigger_may_be_started_too(flow: Flow, cast: Cast) -> None:
    made = a_workflow(flow, cast.maya, a_document(do("note", "a")), home_id=cast.rose)
    start(flow, cast.maya, made, leave_request_id=7)
    [found] = runs(flow)
    assert (found.trigger_id, found.trigger_type) == ("manual", "manual")
    assert found.context["leave_request_id"] == 7


def test_the_same_key_never_starts_it_twice(flow: Flow, cast: Cast) -> None:
    made = a_workflow(flow, cast.maya, by_hand(), home_id=cast.rose)
    start(flow, cast.maya, made, key="once")
    with pytest.raises(IntegrityError):
        start(flow, cast.maya, made, key="once")
    assert len(runs(flow)) == 1
    start(flow, cast.maya, made)
    start(flow, cast.maya, made)
    assert len(runs(flow)) == 3


@pytest.mark.parametrize("status", [WorkflowStatus.PAUSED, WorkflowStatus.ARCHIVED, WorkflowStatus.DRAFT])
def test_a_workflow_that_is_not_active_is_not_started(flow: Flow, cast: Cast, status: WorkflowStatus) -> None:
    made = a_workflow(flow, cast.maya, by_hand(), home_id=cast.rose)

    def stop(session: Session) -> None:
        workflow(session, made).status = status

    flow.database.write(stop)
    with pytest.raises(Conflict, match="is not active"):
        start(flow, cast.maya, made)
    assert runs(flow) == []


def test_a_draft_that_was_never_published_is_not_started(flow: Flow, cast: Cast) -> None:
    def draft(session: Session) -> int:
        cause = cause_of(cast.maya, flow.clock.now())
        return create_workflow(
            session, cause, read_document(by_hand()), owner_id=cast.maya.user_id, home_id=cast.rose
        ).id

    with pytest.raises(Conflict, match="Publish it"):
        start(flow, cast.maya, flow.database.write(draft))


def test_a_workflow_that_does_not_exist_is_not_started(flow: Flow, cast: Cast) -> None:
    with pytest.raises(NotFound):
        start(flow, cast.maya, 999)
