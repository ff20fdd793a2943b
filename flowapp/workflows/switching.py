"""Switching a workflow on and off, putting it away, and bringing it back."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from sqlalchemy.orm import Session

from flowapp.accounts import audit
from flowapp.accounts.can import can, require
from flowapp.accounts.people import On, Person
from flowapp.events.cause import Cause
from flowapp.kernel.errors import Conflict, NotAllowed, NotFound, Problem, Refused
from flowapp.kernel.signs import NO_TEXT
from flowapp.kernel.unchanged import write_if_unchanged
from flowapp.workflows.check import check_document
from flowapp.workflows.kinds import Action, Trigger
from flowapp.workflows.publishing import deafen, listen
from flowapp.workflows.reading import read_document
from flowapp.workflows.workflow import Workflow, WorkflowStatus, version

PERMISSION = "workflow.edit"
BY_ITSELF = "Paused by itself"
LONGEST_REASON = 300  # letters; it stands in a sentence
DRAFT, ACTIVE, PAUSED, ARCHIVED = WorkflowStatus


class Switch(StrEnum):
    """What may be done to a workflow as a whole."""

    ACTIVATE = "activate"  # its triggers start it again
    PAUSE = "pause"  # they start nothing; what runs goes on
    ARCHIVE = "archive"  # it is put away with its runs
    RESTORE = "restore"  # it is brought back, and starts nothing yet


# Where each leads; what is not here is refused, in the words below.
LEADS: Mapping[tuple[Switch, WorkflowStatus], WorkflowStatus] = MappingProxyType(
    {
        (Switch.ACTIVATE, PAUSED): ACTIVE,
        (Switch.PAUSE, ACTIVE): PAUSED,
        (Switch.ARCHIVE, DRAFT): ARCHIVED,
        (Switch.ARCHIVE, ACTIVE): ARCHIVED,
        (Switch.ARCHIVE, PAUSED): ARCHIVED,
        (Switch.RESTORE, ARCHIVED): PAUSED,  # a draft if it was never published
    }
)
_REFUSALS: Mapping[tuple[Switch, WorkflowStatus], str] = MappingProxyType(
    {
        (Switch.ACTIVATE, DRAFT): "was never published, so it cannot be switched on. Publish it first.",
        (Switch.ACTIVATE, ACTIVE): "is switched on already. Nothing was changed.",
        (Switch.ACTIVATE, ARCHIVED): "is archived. Bring it back first, then switch it on.",
        (Switch.PAUSE, DRAFT): "was never published. It starts nothing, so there is nothing to pause.",
        (Switch.PAUSE, PAUSED): "is paused already. Nothing was changed.",
        (Switch.PAUSE, ARCHIVED): "is archived. It starts nothing, so there is nothing to pause.",
        (Switch.ARCHIVE, ARCHIVED): "is archived already. Nothing was changed.",
        (Switch.RESTORE, DRAFT): "is not archived, so there is nothing to bring back.",
        (Switch.RESTORE, ACTIVE): "is not archived, so there is nothing to bring back.",
        (Switch.RESTORE, PAUSED): "is not archived, so there is nothing to bring back.",
    }
)


def switch(
    session: Session,
    cause: Cause,
    who: Person,
    workflow_id: int,
    way: Switch,
    *,
    actions: Mapping[str, Action],
    triggers: Mapping[str, Trigger],
    reason: str = "",
    seen: int | None = None,
) -> int:
    """Switch a workflow on or off, put it away or bring it back, and answer its number.

    Raises NotFound or NotAllowed when `who` may not, Conflict when it does not stand so that this can be done or has
    changed since `seen`, Refused when its version cannot be used any more.
    """
    found = editable(session, who, workflow_id)
    if seen is not None and seen != found.rev:
        raise Conflict
    to, reason = leads_to(way, found), read_words("reason", reason)
    _move(session, cause, found, way, to, _values(cause, way, to, reason), reason)
    if way is Switch.ARCHIVE:
        deafen(session, found.id)
    elif way is not Switch.PAUSE and to is not DRAFT:
        try:
            _listen_again(session, cause, found, actions, triggers)
        except Refused:
            if way is Switch.ACTIVATE:
                raise  # it is brought back all the same, so that somebody can mend it
    return found.id


def pause_by_itself(session: Session, cause: Cause, workflow_id: int, reason: str) -> bool:
    """Pause a workflow in nobody's name; answer False when it is not active any more."""
    found = session.get(Workflow, workflow_id, populate_existing=True)
    if found is None or found.status != ACTIVE:
        return False
    words = f"{BY_ITSELF}: {reason}"
    _move(session, cause, found, Switch.PAUSE, PAUSED, {"paused_at": cause.at, "paused_reason": words}, words)
    return True


def editable(session: Session, who: Person, workflow_id: int) -> Workflow:
    """Answer a workflow that somebody may switch on and off; raises NotFound or NotAllowed."""
    found = session.get(Workflow, workflow_id, populate_existing=True)
    if found is None:
        raise NotFound
    require_editing(who, found.home_id)
    return found


def require_editing(who: Person, home_id: int | None) -> None:
    """Pass whoever may make and change workflows of a home (None: the organisation); raises NotFound or NotAllowed."""
    on = On(home_id=home_id)
    if home_id is None and not can(who, PERMISSION, on):
        raise NotAllowed("This workflow is the organisation's; somebody responsible for all of it may do this.")
    require(who, PERMISSION, on)


def leads_to(way: Switch, found: Workflow) -> WorkflowStatus:
    """Answer how a workflow will stand; raises Conflict when it does not stand so that this can be done."""
    stands = WorkflowStatus(found.status)
    to = LEADS.get((way, stands))
    if to is None:
        raise Conflict(f"“{found.name}” {_REFUSALS[way, stands]}")
    return DRAFT if way is Switch.RESTORE and found.current_version is None else to


def read_words(name: str, text: str) -> str:
    """Answer the reason or note that somebody gave, on one line; raises Refused when it is none."""
    words = " ".join(text.split())
    if NO_TEXT.search(words):
        message = f"The {name} has a sign in it that is not text; take it out, or type the {name} anew."
        raise Refused([Problem(path=name, code="control_character", message=message)])
    if len(words) > LONGEST_REASON:
        message = f"The {name} has more than {LONGEST_REASON} characters; shorten it."
        raise Refused([Problem(path=name, code="too_long", message=message)])
    return words


def _values(cause: Cause, way: Switch, to: WorkflowStatus, reason: str) -> dict[str, Any]:
    """Answer what is written beside the status. Whatever is done by a person begins the counting of failures anew."""
    by = cause.actor.name
    values: dict[str, Any] = dict.fromkeys(("paused_at", "paused_reason", "archived_at", "archived_by"))
    if way is not Switch.PAUSE:
        values |= {"failing_since": None, "failures_in_a_row": 0}
    if to is PAUSED:
        words = f"Paused by {by}" if way is Switch.PAUSE else f"Brought back by {by}, and not switched on since"
        values |= {"paused_at": cause.at, "paused_reason": f"{words}: {reason}" if reason else words}
    if to is ARCHIVED:
        values |= {"archived_at": cause.at, "archived_by": by}
    return values


def _move(
    session: Session,
    cause: Cause,
    found: Workflow,
    way: Switch,
    to: WorkflowStatus,
    values: Mapping[str, Any],
    reason: str,
) -> None:
    """Write where it stands now, if nobody else did since it was read, and the audit."""
    was = WorkflowStatus(found.status)
    moved = {"status": to, "rev": found.rev + 1, "updated_at": cause.at, **values}
    write_if_unchanged(session, found, Workflow.status == was, Workflow.rev == found.rev, values=moved)
    audit.write(
        session,
        cause,
        action=f"workflow.{way}",
        entity="workflow",
        entity_id=found.id,
        home_id=found.home_id,
        before={"status": was},
        after={"status": to},
        reason=reason,
    )


def _listen_again(
    session: Session, cause: Cause, found: Workflow, actions: Mapping[str, Action], triggers: Mapping[str, Trigger]
) -> None:
    """Let it wait for what its version says, from now on: times that passed meanwhile count for nothing.

    Raises Refused when what it is made of has gone since it was published.
    """
    published = version(session, found.id, found.current_version or 0)
    document = read_document(published.document)
    check = check_document(document, actions=actions, triggers=triggers)
    if check.problems:
        raise Refused(check.problems)
    listen(session, found, published, document, triggers, cause.at)
