"""What may be done inside a transaction that writes: part of it undone, and things put off until it is committed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.orm import Session

from flowapp.kernel.prepared import DRIVER


@contextmanager
def savepoint(session: Session) -> Iterator[None]:
    """Undo what is done inside if it raises, and nothing else of the transaction.

    What the session was told to remember inside is forgotten with it. Nothing pending is flushed first.
    """
    driver: Any = session.info.get(DRIVER) or session.connection().connection.driver_connection
    depth = session.info["savepoints"] = session.info.get("savepoints", 0) + 1
    before = {name: list(kept) if isinstance(kept, list) else kept for name, kept in session.info.items()}
    driver.execute(f"SAVEPOINT s{depth}")
    try:
        yield
    except BaseException:
        driver.execute(f"ROLLBACK TO SAVEPOINT s{depth}")
        session.expunge_all()
        session.info.clear()
        session.info.update(before)
        raise
    finally:
        driver.execute(f"RELEASE SAVEPOINT s{depth}")
        session.info["savepoints"] = depth - 1


def after_commit(session: Session, call: Callable[[], None]) -> None:
    """Have something done once the transaction is committed; dropped when it is not."""
    session.info.setdefault("after_commit", []).append(call)
