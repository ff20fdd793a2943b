"""Whether a database holds the demo, all of it and nothing else; and taking it away again.

The audit notes when the demo is begun and when it is there, with the last numbers it gave; whatever has a higher
number was added by people.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from flowapp.accounts import audit, audit_guard
from flowapp.accounts.audit import AuditEntry
from flowapp.accounts.users import User
from flowapp.events.cause import Cause
from flowapp.http.tables import metadata
from flowapp.kernel.errors import Conflict
from flowapp.kernel.numbering import count_on
from flowapp.rota.homes import CareHome
from flowapp.rota.shift_templates.template import add_usual
from flowapp.rota.staff import Staff
from flowapp.workflows.workflow import Workflow

BEGUN, LOADED, REMOVED = "demo.begin", "demo.load", "demo.remove"
_MINE: dict[str, tuple[str, InstrumentedAttribute[int], InstrumentedAttribute[str]]] = {
    "homes": ("the care home", CareHome.id, CareHome.name),
    "accounts": ("the account of", User.id, User.name),
    "staff": ("the member of staff", Staff.id, Staff.name),
    "workflows": ("the workflow", Workflow.id, Workflow.name),
}


def there_are_homes(session: Session) -> bool:
    """Tell whether there is any home, of the demo or not."""
    return session.scalar(select(CareHome.id).limit(1)) is not None


def is_half_made(session: Session) -> bool:
    """Tell whether loading the demo was interrupted, and nobody has done anything here since."""
    begun = _last_note(session, BEGUN)
    if begun is None or _last_note(session, LOADED) is not None:
        return False
    last = session.scalar(select(func.max(AuditEntry.at)))
    return last is not None and last <= datetime.fromisoformat(begun["until"])


def note_begin(session: Session, cause: Cause, until: datetime) -> None:
    """Note that the demo is being loaded, and up to which moment it will tell of anything."""
    audit.write(session, cause, action=BEGUN, entity="demo", entity_id=None, after={"until": until})


def note_end(session: Session, cause: Cause) -> None:
    """Note that the demo is there, and the last numbers it gave."""
    after = {name: session.scalar(select(func.max(number))) or 0 for name, (_, number, _) in _MINE.items()}
    audit.write(session, cause, action=LOADED, entity="demo", entity_id=None, after=after)


def remove(session: Session, cause: Cause) -> None:
    """Take everything out of a database that holds nothing but the demo, and note that it was done.

    Raises Conflict, and takes nothing away, when the demo is not there or people have added to it.
    """
    loaded = _last_note(session, LOADED)
    if loaded is None:
        raise Conflict("The demo is not here, so there is nothing to take away.")
    if more := [*_added(session, loaded)]:
        raise Conflict(f"There is more here than the demo: {more[0]}. Nothing was taken away.")
    empty(session, cause.at)
    audit.write(session, cause, action=REMOVED, entity="demo", entity_id=None)


def empty(session: Session, at: datetime) -> None:
    """Take every row out of every table; nothing else may, and only where nobody has worked yet.

    What is left is what every FlowApp begins with: its shift templates.
    """
    with audit_guard.lifted(session):
        for table in reversed(metadata().sorted_tables):
            session.execute(delete(table))
        count_on(session)
    add_usual(session, at)  # what every FlowApp begins with, the demo or not


def _added(session: Session, loaded: Any) -> Iterator[str]:
    for name, (words, number, called) in _MINE.items():
        for found in session.scalars(select(called).where(number > loaded[name]).order_by(number)):
            yield f"{words} {found}"


def _last_note(session: Session, action: str) -> Any:
    query = select(AuditEntry.after).where(AuditEntry.action == action).order_by(AuditEntry.id.desc()).limit(1)
    return next(({} if found is None else found for found in session.scalars(query)), None)
