"""Making a workflow and publishing it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from flowapp.accounts import audit
from flowapp.events.cause import Cause
from flowapp.kernel import plain
from flowapp.kernel.errors import Conflict, Refused
from flowapp.kernel.ids import new_uid
from flowapp.workflows.called import unknown_in
from flowapp.workflows.check import check_document
from flowapp.workflows.document import Document
from flowapp.workflows.kinds import Action, Trigger
from flowapp.workflows.reading import read_document
from flowapp.workflows.workflow import (
    EVERY_HOME,
    Subscription,
    Version,
    Workflow,
    WorkflowStatus,
    latest_version,
)


def create_workflow(
    session: Session, cause: Cause, document: Document, *, owner_id: int, home_id: int | None
) -> Workflow:
    """Keep a document as a new workflow's draft."""
    made = Workflow(
        uid=new_uid(cause.at),
        name=document.name,
        category=document.category.value,
        status=WorkflowStatus.DRAFT,
        home_id=home_id,
        owner_id=owner_id,
        current_version=None,
        rev=1,
        created_at=cause.at,
        updated_at=cause.at,
    )
    session.add(made)
    session.flush()
    session.add(new_version(made.id, 1, document))
    session.flush()
    audit.write(
        session,
        cause,
        action="workflow.create",
        entity="workflow",
        entity_id=made.id,
        home_id=home_id,
        after={"name": made.name},
    )
    return made


def publish(
    session: Session,
    cause: Cause,
    workflow: Workflow,
    *,
    actions: Mapping[str, Action],
    triggers: Mapping[str, Trigger],
    note: str = "",
) -> int:
    """Publish the newest version and answer its number; the first one switches the workflow on.

    Raises Refused with what is unfinished, Conflict when the workflow is archived.
    """
    if workflow.status == WorkflowStatus.ARCHIVED:
        raise Conflict(f"“{workflow.name}” is archived, so nothing is published. Bring it back first.")
    newest = latest_version(session, workflow.id)
    document = read_document(newest.document)
    check = check_document(document, actions=actions, triggers=triggers, unknown=unknown_in(session, document))
    if check.problems:
        raise Refused(check.problems)
    newest.published_at, newest.published_by_id, newest.note = cause.at, cause.actor.id, note
    workflow.current_version = newest.number
    if workflow.status == WorkflowStatus.DRAFT:
        workflow.status = WorkflowStatus.ACTIVE
    workflow.updated_at = cause.at
    listen(session, workflow, newest, document, triggers, cause.at)
    audit.write(
        session,
        cause,
        action="workflow.publish",
        entity="workflow",
        entity_id=workflow.id,
        home_id=workflow.home_id,
        after={"version": newest.number, "note": note},
    )
    return newest.number


def listen(
    session: Session,
    workflow: Workflow,
    version: Version,
    document: Document,
    triggers: Mapping[str, Trigger],
    at: datetime,
) -> None:
    """Let a workflow wait for what its version says, and for nothing else; its schedules count from `at` on."""
    deafen(session, workflow.id)
    session.add_all(_subscriptions(workflow, version, document, triggers, at))
    session.flush()


def deafen(session: Session, workflow_id: int) -> None:
    """Let a workflow wait for nothing any more."""
    session.execute(delete(Subscription).where(Subscription.workflow_id == workflow_id))


def new_version(workflow_id: int, number: int, document: Document) -> Version:
    """Make a version that is not published yet."""
    data = document.as_data()
    digest = hashlib.sha256(plain.dump(data).encode()).hexdigest()
    return Version(
        workflow_id=workflow_id,
        number=number,
        document=data,
        sha256=digest,
        note="",
        published_at=None,
        published_by_id=None,
    )


def _subscriptions(
    workflow: Workflow, version: Version, document: Document, triggers: Mapping[str, Trigger], at: datetime
) -> list[Subscription]:
    found = []
    for spec in document.triggers:
        trigger = triggers[spec.type]
        fields = trigger.Fields.model_validate(spec.fields)
        event_type, times = trigger.listens_to(fields), trigger.times(fields)
        if event_type is None and times is None:
            continue
        made = Subscription(
            workflow_id=workflow.id,
            version_id=version.id,
            trigger_id=spec.id,
            trigger_type=spec.type,
            event_type=event_type,
            home_id=workflow.home_id or EVERY_HOME,
            when=trigger.when(fields),
        )
        if times is not None:
            made.cron, made.timezone, made.catch_up = times.cron, times.timezone, times.catch_up
            made.plan_from = at
        found.append(made)
    return found
