"""Executions that have come to their end in this transaction, although their rows may not say so yet.

Several executions are carried on in one transaction, and their rows are written together at its end. What one of
them does may start a workflow that must wait for another, or ends it: both must be told here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy.orm import Session

# In `session.info`, as lists: what is undone with a SAVEPOINT is forgotten with it.
_ENDED, _CANCELLED = "executions_ended", "executions_cancelled"


def note_ended(session: Session, execution_id: int) -> None:
    """Remember that an execution has ended by itself; its rows will be written later."""
    session.info.setdefault(_ENDED, []).append(execution_id)


def has_ended(session: Session) -> Collection[int]:
    """Answer the executions that have ended by themselves."""
    return frozenset(session.info.get(_ENDED, ()))


def note_cancelled(session: Session, execution_ids: Iterable[int], at: datetime) -> None:
    """Remember that executions were ended by something else; their rows say so, and may not be overwritten."""
    session.info.setdefault(_CANCELLED, []).extend((each, at) for each in execution_ids)


def is_cancelled(session: Session, execution_id: int) -> bool:
    """Say whether an execution was ended by something else; asked before every step, so it costs next to nothing."""
    noted = session.info.get(_CANCELLED)
    return noted is not None and any(each == execution_id for each, _ in noted)


def cancelled(session: Session) -> dict[int, datetime]:
    """Answer the executions that were ended by something else, and when."""
    return dict(session.info.get(_CANCELLED, ()))
