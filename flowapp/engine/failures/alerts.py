"""Alerts: telling the right people that a workflow fails, works again, or was paused by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from flowapp.accounts.can import can
from flowapp.accounts.mail_address import is_address
from flowapp.accounts.people import On, Person
from flowapp.accounts.users import people_with, person_of
from flowapp.engine.execution import Execution
from flowapp.engine.parts import EngineParts
from flowapp.events.cause import Cause
from flowapp.kernel.prepared import Prepared
from flowapp.messaging.in_app import TITLE_LONGEST, notify
from flowapp.messaging.outbox import queue
from flowapp.messaging.wording import as_line

LONGEST_REASON = 500  # letters


class Failing(NamedTuple):
    """A workflow, and how many of its runs have failed in a row."""

    id: int
    name: str
    home_id: int | None
    owner_id: int
    failures: int


class _Run(NamedTuple):
    """What an alert tells of a run."""

    id: int
    home_id: int | None
    about_staff_id: int | None
    reason: str | None


_RUN = Prepared(
    select(Execution.id, Execution.home_id, Execution.about_staff_id, Execution.reason).where(
        Execution.id == bindparam("execution_id")
    ),
    _Run,
)


def tell_failed(parts: EngineParts, session: Session, cause: Cause, workflow: Failing, execution_id: int) -> None:
    """Tell the owner that a run has failed; those that fail after it are not told one by one."""
    run = _run(session, execution_id)
    for person in _owner(session, workflow):
        reason = _reason(person, run)
        reason = f"{reason[:1].upper()}{reason[1:]}"
        words = f"{reason} Look at the run. You are told again when it works, not each time it fails."
        _tell(parts, session, cause, person, run, f"“{workflow.name}” failed", words, _page_of(run))


def tell_recovered(parts: EngineParts, session: Session, cause: Cause, workflow: Failing, execution_id: int) -> None:
    """Tell the owner that a workflow works again."""
    run, number = _run(session, execution_id), workflow.failures
    words = f"“{workflow.name}” works again after {f'{number} failed runs' if number > 1 else 'a failed run'}."
    for person in _owner(session, workflow):
        _tell(parts, session, cause, person, run, f"“{workflow.name}” works again", words, _page_of(run))


def tell_paused(
    parts: EngineParts, session: Session, cause: Cause, workflow: Failing, execution_id: int, times: str
) -> None:
    """Tell the owner and those who may switch it on again that a workflow was paused by itself."""
    run, page = _run(session, execution_id), f"/workflows/{workflow.id}/"
    people = {person.user_id: person for person in (*_owner(session, workflow), *_nearest(session, workflow))}
    for person in people.values():
        words = (
            f"“{workflow.name}” failed {times}, so it was paused and starts nothing any more. The last time: "
            f"{_reason(person, run)} Mend what is wrong, then switch it on again."
        )
        _tell(parts, session, cause, person, run, f"“{workflow.name}” was paused by itself", words, page)


def _run(session: Session, execution_id: int) -> _Run:
    return _RUN.rows(session, execution_id=execution_id)[0]


def _page_of(run: _Run) -> str:
    return f"/workflows/executions/{run.id}/"


def _owner(session: Session, workflow: Failing) -> Sequence[Person]:
    """Answer the owner, or whoever else can mend the workflow when the owner has no account any more."""
    owner = person_of(session, workflow.owner_id)
    return [owner] if owner is not None and owner.active else _nearest(session, workflow)


def _nearest(session: Session, workflow: Failing) -> Sequence[Person]:
    """Answer the managers of its home; those of the next role who may switch it on where there is none."""
    able = people_with(session, "workflow.edit", On(home_id=workflow.home_id))
    return [person for person in able if person.role is able[0].role]


def _reason(person: Person, run: _Run) -> str:
    """Answer why a run failed, for those who may know what is in it."""
    if not run.reason or not can(person, "execution.data", On(home_id=run.home_id, staff_id=run.about_staff_id)):
        return "a step could not do its work."
    words = as_line(run.reason, LONGEST_REASON)
    return words if words.endswith((".", "!", "?", "…")) else f"{words}."


def _tell(
    parts: EngineParts, session: Session, cause: Cause, person: Person, run: _Run, title: str, words: str, page: str
) -> None:
    """Write a notification and a mail, in words that no run can be hindered by: an end must be written."""
    title, words = as_line(title, TITLE_LONGEST), as_line(words, len(words))
    notify(session, cause, [person.user_id], title=title, message=words, link=page, care_home_id=run.home_id)
    if not is_address(person.email):
        return
    where = f"{parts.base_url}{page}" if parts.base_url else f"FlowApp, at {page}"
    body = f"{words}\n\nSee {where}\n"
    queue(session, cause, to=[person.email], subject=title, body=body, care_home_id=run.home_id)
