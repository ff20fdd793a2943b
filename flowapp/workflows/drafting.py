"""Drafts: the one version of a workflow that is not published yet, and how it becomes the one that runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from flowapp.accounts import audit
from flowapp.accounts.can import can, homes_of
from flowapp.accounts.people import Person
from flowapp.accounts.permissions import PERMISSIONS
from flowapp.accounts.users import person_of
from flowapp.events.cause import Cause
from flowapp.kernel.errors import Conflict
from flowapp.kernel.unchanged import write_if_unchanged
from flowapp.workflows.document import Document
from flowapp.workflows.kinds import Action, Trigger
from flowapp.workflows.publishing import create_workflow, new_version, publish
from flowapp.workflows.reading import read_document
from flowapp.workflows.switching import editable, read_words, require_editing
from flowapp.workflows.workflow import Version, Workflow, WorkflowStatus, latest_version, version


def begin_draft(session: Session, cause: Cause, who: Person, document: Document, *, home_id: int | None) -> int:
    """Make a workflow that is only a draft, of which `who` is the owner, and answer its number.

    Raises NotFound or NotAllowed when they may not make one for this home; no home is the organisation.
    """
    require_editing(who, home_id)
    return create_workflow(session, cause, document, owner_id=who.user_id, home_id=home_id).id


def save_draft(
    session: Session, cause: Cause, who: Person, workflow_id: int, document: Document, *, seen: int | None
) -> None:
    """Write the draft; what is published, and what runs, stay as they are until it is published.

    Raises NotFound or NotAllowed when `who` may not, Conflict when it is archived or has changed since `seen`.
    """
    found = _changeable(session, who, workflow_id, seen)
    before, number = found.name, _write_draft(session, cause, found, document)
    after = {"name": document.name, "version": number}
    _note(session, cause, found, "workflow.edit", before={"name": before}, after=after)


def restore_version(
    session: Session, cause: Cause, who: Person, workflow_id: int, number: int, *, seen: int | None
) -> None:
    """Make an earlier version the draft; a draft that was there before gives way to it.

    Raises as `save_draft` does, and Refused when this version cannot be read any more.
    """
    found = _changeable(session, who, workflow_id, seen)
    earlier = version(session, found.id, number)
    if earlier.published_at is None:
        raise Conflict(f"Version {number} is the draft already. Nothing was changed.")
    made = _write_draft(session, cause, found, read_document(earlier.document))
    _note(session, cause, found, "workflow.restore_version", before={"version": number}, after={"version": made})


def publish_draft(
    session: Session,
    cause: Cause,
    who: Person,
    workflow_id: int,
    *,
    actions: Mapping[str, Action],
    triggers: Mapping[str, Trigger],
    note: str = "",
    seen: int | None = None,
) -> int:
    """Publish the draft and answer the number of its version; the first one switches the workflow on.

    Raises as `save_draft` does, Conflict also when there is no draft, Refused with what is unfinished.
    """
    note = read_words("note", note)
    found = _changeable(session, who, workflow_id, seen)
    if draft_of(session, found) is None:
        raise Conflict(f"“{found.name}” has no draft: version {found.current_version} is published already.")
    number = publish(session, cause, found, actions=actions, triggers=triggers, note=note)
    was, owner = found.owner_id, _owner(session, found, who)
    _change(session, cause, found, owner_id=owner)
    if owner != was:
        _note(session, cause, found, "workflow.owner", before={"owner": was}, after={"owner": owner})
    return number


def draft_of(session: Session, found: Workflow) -> Version | None:
    """Answer the version that is not published yet, if there is one."""
    newest = latest_version(session, found.id)
    return newest if newest.published_at is None else None


def _changeable(session: Session, who: Person, workflow_id: int, seen: int | None) -> Workflow:
    found = editable(session, who, workflow_id)
    if seen is not None and seen != found.rev:
        raise Conflict
    if found.status == WorkflowStatus.ARCHIVED:
        raise Conflict(f"“{found.name}” is archived, so nothing is changed. Bring it back first.")
    return found


def _write_draft(session: Session, cause: Cause, found: Workflow, document: Document) -> int:
    """Write the draft over the one there is, or after the newest version, and answer its number."""
    newest = latest_version(session, found.id)
    is_draft = newest.published_at is None
    made = new_version(found.id, newest.number + (not is_draft), document)
    if is_draft:
        newest.document, newest.sha256 = made.document, made.sha256
    else:
        session.add(made)
    session.flush()
    _change(session, cause, found, name=document.name, category=document.category.value)
    return made.number


def _change(session: Session, cause: Cause, found: Workflow, **values: Any) -> None:
    """Write what is otherwise, if nobody else did since it was read."""
    changed = {"rev": found.rev + 1, "updated_at": cause.at, **values}
    write_if_unchanged(session, found, Workflow.rev == found.rev, values=changed)


def _owner(session: Session, found: Workflow, who: Person) -> int:
    """Answer whose rights it acts with from now on: nobody lends themselves rights by writing into another's workflow.

    The owner stays unless they may do more than whoever publishes, or have no account any more. Whoever gives people
    their rights may publish in anybody's name.
    """
    owner = person_of(session, found.owner_id)
    if owner is None or not owner.active:
        return who.user_id
    does_more = any(_reaches_further(owner, who, each) for each in PERMISSIONS)
    return who.user_id if does_more and not can(who, "account.manage") else owner.user_id


def _reaches_further(one: Person, other: Person, permission: str) -> bool:
    ones, others = homes_of(one, permission), homes_of(other, permission)
    return others is not None and (ones is None or not ones <= others)


def _note(
    session: Session, cause: Cause, found: Workflow, action: str, *, before: dict[str, Any], after: dict[str, Any]
) -> None:
    audit.write(
        session,
        cause,
        action=action,
        entity="workflow",
        entity_id=found.id,
        home_id=found.home_id,
        before=before,
        after=after,
    )
