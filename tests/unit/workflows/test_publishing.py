"""Making a workflow and publishing it: from then on it listens, to exactly what it says."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.accounts.audit import AuditEntry
from flowapp.bootstrap import Flow
from flowapp.kernel.errors import NotFound, Refused
from flowapp.workflows.publishing import create_workflow, publish
from flowapp.workflows.reading import read_document
from flowapp.workflows.visible import document_of, visible
from flowapp.workflows.workflow import (
    EVERY_HOME,
    Subscription,
    Version,
    Workflow,
    WorkflowStatus,
    latest_version,
    version,
    workflow,
)
from tests.cast import Cast
from tests.factories import a_document, a_workflow, cause_of, notify

TWO = [
    {"id": "asked", "type": "event", "event": "leave_requested", "when": "${context.days} > 3"},
    {"id": "gone", "type": "event", "event": "leave_cancelled"},
    {"id": "by_hand", "type": "manual"},
]


def a_draft(flow: Flow, cast: Cast, data: dict[str, Any], *, home_id: int | None) -> int:
    """Write a workflow that is not published, and answer its number."""

    def write(session: Session) -> int:
        cause = cause_of(cast.maya, flow.clock.now())
        document = read_document(data)
        made = create_workflow(session, cause, document, owner_id=cast.maya.user_id, home_id=home_id)
        return made.id

    return flow.database.write(write)


def published(flow: Flow, cast: Cast, workflow_id: int, note: str = "") -> int:
    """Publish a workflow and answer the number of its version."""

    def write(session: Session) -> int:
        cause = cause_of(cast.maya, flow.clock.now())
        found = workflow(session, workflow_id)
        return publish(session, cause, found, actions=flow.actions, triggers=flow.triggers, note=note)

    return flow.database.write(write)


def listens(flow: Flow) -> list[tuple[str, str, int, str | None]]:
    """Answer what all workflows listen to: trigger, event, home and condition."""
    with flow.database.read() as session:
        rows = session.scalars(select(Subscription).order_by(Subscription.id))
        return [(each.trigger_id, each.event_type, each.home_id, each.when) for each in rows]


def test_a_new_workflow_is_a_draft_that_listens_to_nothing(flow: Flow, cast: Cast) -> None:
    made = a_draft(flow, cast, a_document(name="Tea", category="leave"), home_id=cast.rose)
    with flow.database.read() as session:
        found = workflow(session, made)
        assert (found.name, found.category, found.status) == ("Tea", "leave", WorkflowStatus.DRAFT)
        assert (found.home_id, found.owner_id, found.current_version) == (cast.rose, cast.maya.user_id, None)
        kept = latest_version(session, made)
        assert (kept.number, kept.published_at) == (1, None)
        assert kept.document == a_document(name="Tea", category="leave")
        assert document_of(session, found)[1] == 1
    assert listens(flow) == []


def test_publishing_makes_it_active_and_lets_it_listen(flow: Flow, cast: Cast) -> None:
    made = a_draft(flow, cast, a_document(triggers=TWO), home_id=cast.rose)
    assert published(flow, cast, made, note="First of all") == 1
    with flow.database.read() as session:
        found, kept = workflow(session, made), version(session, made, 1)
        assert (found.status, found.current_version) == (WorkflowStatus.ACTIVE, 1)
        assert (kept.published_at, kept.published_by_id) == (flow.clock.now(), cast.maya.user_id)
        assert kept.note == "First of all"
    assert listens(flow) == [
        ("asked", "leave_requested", cast.rose, "${context.days} > 3"),
        ("gone", "leave_cancelled", cast.rose, None),
    ]


def test_a_workflow_of_the_organisation_listens_in_every_home(flow: Flow, cast: Cast) -> None:
    published(flow, cast, a_draft(flow, cast, a_document(), home_id=None))
    assert listens(flow) == [("asked", "leave_requested", EVERY_HOME, None)]


def test_publishing_again_leaves_no_old_subscription_and_doubles_none(flow: Flow, cast: Cast) -> None:
    made = a_draft(flow, cast, a_document(triggers=TWO), home_id=cast.rose)
    published(flow, cast, made)

    def other_version(session: Session) -> None:
        document = read_document(a_document(triggers=[TWO[1] | {"id": "other"}]))
        session.add(Version(workflow_id=made, number=2, document=document.as_data(), sha256="x", note="",
                            published_at=None, published_by_id=None))  # fmt: skip

    flow.database.write(other_version)
    assert published(flow, cast, made) == 2
    assert listens(flow) == [("other", "leave_cancelled", cast.rose, None)]


def test_another_workflows_subscriptions_are_left_alone(flow: Flow, cast: Cast) -> None:
    first = a_draft(flow, cast, a_document(), home_id=cast.rose)
    second = a_draft(flow, cast, a_document(), home_id=cast.elm)
    published(flow, cast, first)
    published(flow, cast, second)
    published(flow, cast, first)
    assert sorted(home for _, _, home, _ in listens(flow)) == sorted([cast.rose, cast.elm])


def test_an_unfinished_workflow_is_refused_with_everything_that_is_wrong(flow: Flow, cast: Cast) -> None:
    data = a_document(notify("a", "${context.dyas}"), {"id": "b", "type": "action", "action": "brew_tea"})
    made = a_draft(flow, cast, data, home_id=cast.rose)
    with pytest.raises(Refused) as raised:
        published(flow, cast, made)
    assert {each.path for each in raised.value.problems} == {"steps[0].with.message", "steps[1].action"}


def test_a_refused_publication_leaves_nothing_half_done(flow: Flow, cast: Cast) -> None:
    made = a_draft(flow, cast, a_document(), home_id=cast.rose)
    published(flow, cast, made)

    def broken_version(session: Session) -> None:
        document = read_document(a_document(notify("a", "${context.dyas}"), triggers=[TWO[1]]))
        session.add(Version(workflow_id=made, number=2, document=document.as_data(), sha256="x", note="",
                            published_at=None, published_by_id=None))  # fmt: skip

    flow.database.write(broken_version)
    before, audited = listens(flow), audit_of(flow)
    with pytest.raises(Refused):
        published(flow, cast, made)
    with flow.database.read() as session:
        found = workflow(session, made)
        assert (found.status, found.current_version) == (WorkflowStatus.ACTIVE, 1)
        assert version(session, made, 2).published_at is None
        assert document_of(session, found)[1] == 1  # what runs is still the first version
    assert listens(flow) == before
    assert audit_of(flow) == audited


def audit_of(flow: Flow) -> list[tuple[str, str, int | None]]:
    """Answer what the audit says about workflows."""
    with flow.database.read() as session:
        rows = session.scalars(select(AuditEntry).where(AuditEntry.entity == "workflow").order_by(AuditEntry.id))
        return [(each.action, each.actor, each.home_id) for each in rows]


def test_the_audit_tells_who_made_and_published_it(flow: Flow, cast: Cast) -> None:
    a_workflow(flow, cast.maya, home_id=cast.rose)
    maya = f"user:{cast.maya.user_id}"
    assert audit_of(flow) == [("workflow.create", maya, cast.rose), ("workflow.publish", maya, cast.rose)]


def test_the_same_document_has_the_same_fingerprint(flow: Flow, cast: Cast) -> None:
    for home in (cast.rose, cast.elm):
        a_draft(flow, cast, a_document(), home_id=home)
    a_draft(flow, cast, a_document(notify("tell", "Other words")), home_id=cast.rose)
    with flow.database.read() as session:
        one, two, three = session.scalars(select(Version.sha256).order_by(Version.id))
    assert one == two != three


def test_one_sees_the_workflows_of_ones_homes_and_of_the_organisation(flow: Flow, cast: Cast) -> None:
    for name, home in (("C rose", cast.rose), ("B elm", cast.elm), ("A all", None)):
        a_workflow(flow, cast.maya, a_document(name=name), home_id=home)

    def put_away(session: Session) -> None:
        made = a_document(name="D archived")
        cause = cause_of(cast.maya, flow.clock.now())
        create_workflow(session, cause, read_document(made), owner_id=cast.maya.user_id, home_id=cast.rose)
        session.flush()
        session.scalars(select(Workflow).filter_by(name="D archived")).one().status = WorkflowStatus.ARCHIVED

    flow.database.write(put_away)
    with flow.database.read() as session:
        seen = {who.name: [each.name for each in visible(session, who)] for who in (cast.dan, cast.erin, cast.hana)}
    assert seen == {
        "Dan": ["A all", "C rose"],
        "Erin": ["A all", "B elm"],
        "Hana": ["A all", "B elm", "C rose"],
    }


def test_a_workflow_or_version_that_does_not_exist_is_said_to_be_none(flow: Flow, cast: Cast) -> None:
    made = a_workflow(flow, cast.maya, home_id=cast.rose)
    with flow.database.read() as session:
        with pytest.raises(NotFound):
            workflow(session, 999)
        with pytest.raises(NotFound, match="no version 2"):
            version(session, made, 2)
