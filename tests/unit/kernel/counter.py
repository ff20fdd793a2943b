"""A counter, of which every increment that is lost or kept twice can be seen."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from flowapp.kernel.db import Database


def make_counter(session: Session) -> None:
    """Make it, at nought."""
    session.execute(text("CREATE TABLE counter (n INTEGER NOT NULL UNIQUE)"))
    session.execute(text("INSERT INTO counter VALUES (0)"))


def value(session: Session) -> int:
    """Read it."""
    return int(session.execute(text("SELECT n FROM counter ORDER BY n LIMIT 1")).scalar_one())


def add_one(session: Session) -> int:
    """Read, then write what was read and one more: what is lost when two do it at once."""
    found = value(session) + 1
    session.execute(text("UPDATE counter SET n = :n"), {"n": found})
    return found


def read(database: Database) -> int:
    """Read it as a page would."""
    with database.read() as session:
        return value(session)
