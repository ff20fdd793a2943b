"""Which workflows somebody may see, and the document that counts."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.accounts.can import homes_of
from flowapp.accounts.people import Person
from flowapp.workflows.document import Document
from flowapp.workflows.reading import kept_document
from flowapp.workflows.workflow import Workflow, WorkflowStatus, latest_version, version


def visible(session: Session, person: Person, status: WorkflowStatus | None = None) -> list[Workflow]:
    """Answer the workflows of the homes a person may look into, and those of the organisation, by name.

    Archived ones are left out unless `status` asks for them.
    """
    homes = homes_of(person, "workflow.view")
    wanted = Workflow.status == status if status else Workflow.status != WorkflowStatus.ARCHIVED
    query = select(Workflow).where(wanted).order_by(Workflow.name, Workflow.id)
    if homes is not None:
        query = query.where(Workflow.home_id.in_(homes) | Workflow.home_id.is_(None))
    return list(session.scalars(query))


def document_of(session: Session, workflow: Workflow) -> tuple[Document, int]:
    """Answer the document that runs now, or the draft of a workflow that was never published, with its number."""
    if workflow.current_version is None:
        found = latest_version(session, workflow.id)
    else:
        found = version(session, workflow.id, workflow.current_version)
    return kept_document(found.document), found.number
