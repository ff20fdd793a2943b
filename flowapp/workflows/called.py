"""The names of the workflows that a document starts."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from flowapp.accounts.can import homes_of
from flowapp.accounts.people import Person
from flowapp.workflows.document import Document, walk
from flowapp.workflows.steps.workflow import Names, Reference, WorkflowStep
from flowapp.workflows.workflow import Workflow


def called_in(document: Document) -> set[Reference]:
    """Answer what a document calls the workflows that it starts."""
    return {step.workflow for _, _, step in walk(document.steps) if isinstance(step, WorkflowStep)}


def names_in(session: Session, person: Person, document: Document) -> Names:
    """Answer the names of those that a person may see, by what the document calls them."""
    called = called_in(document)
    if not called:
        return {}
    wanted = or_(Workflow.id.in_(_numbers(called)), Workflow.uid.in_(called - _numbers(called)))
    query = select(Workflow.id, Workflow.uid, Workflow.name).where(wanted)
    homes = homes_of(person, "workflow.view")
    if homes is not None:
        query = query.where(Workflow.home_id.in_(homes) | Workflow.home_id.is_(None))
    return {each: row.name for row in session.execute(query) for each in (row.id, row.uid)}


def unknown_in(session: Session, document: Document) -> set[Reference]:
    """Answer those that lead to no workflow."""
    called = called_in(document)
    if not called:
        return set()
    wanted = or_(Workflow.id.in_(_numbers(called)), Workflow.uid.in_(called - _numbers(called)))
    found = session.execute(select(Workflow.id, Workflow.uid).where(wanted)).all()
    return called - {each for row in found for each in row}


def _numbers(called: set[Reference]) -> set[Reference]:
    return {each for each in called if isinstance(each, int)}
