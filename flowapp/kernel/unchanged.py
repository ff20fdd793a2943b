"""Writing a record only if nobody else has written it since it was read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import Session

from flowapp.kernel.errors import Conflict


def write_if_unchanged(session: Session, found: Any, *as_read: ColumnElement[bool], values: Mapping[str, Any]) -> None:
    """Write new values of a record, if it still stands `as_read`; raises Conflict.

    `found` is a mapped record with an `id`; it is read anew when it is next looked at.
    """
    model: Any = type(found)
    changing = update(model).where(model.id == found.id, *as_read).values(dict(values)).returning(model.id)
    if session.execute(changing.execution_options(synchronize_session=False)).first() is None:
        raise Conflict
    session.expire(found)
