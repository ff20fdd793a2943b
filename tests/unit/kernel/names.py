"""A table of names, and changes that arrive one after the other while somebody else has the turn."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from sqlalchemy import String, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from flowapp.kernel.db import Database
from tests.engine.patience import until

Write = Callable[[Session], Any]


class Base(DeclarativeBase):
    """Tables of these tests alone."""


class Name(Base):
    """A name that may be there once."""

    __tablename__ = "name"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(String(20), unique=True)


def add(word: str) -> Write:
    """Write a name as most of our code does: through the session, flushed."""

    def write(session: Session) -> str:
        session.add(Name(text=word))
        session.flush()
        return word

    return write


def names(database: Database) -> set[str]:
    """Read every name."""
    with database.read() as session:
        return set(session.execute(text("SELECT text FROM name")).scalars())


def all_waiting(database: Database, *writes: Write) -> list[Any]:
    """Let these changes arrive one after the other while somebody else has the turn, then let them all go.

    Answers for each what it answered or raised, or "never ended".
    """
    inside, leave = threading.Event(), threading.Event()
    outcomes: list[Any] = ["never ended"] * len(writes)

    def hold(_: Session) -> None:
        inside.set()
        leave.wait(10)

    def go(index: int) -> None:
        try:
            outcomes[index] = database.write(writes[index])
        except Exception as error:
            outcomes[index] = error

    holder = threading.Thread(target=lambda: database.write(hold), daemon=True)
    holder.start()
    assert inside.wait(5)
    threads = []
    for index in range(len(writes)):
        thread = threading.Thread(target=go, args=(index,), daemon=True)
        thread.start()
        threads.append(thread)
        # the queue is looked at because nothing else shows that a change has arrived in its place
        assert until(lambda expected=index + 1: len(database._changes._waiting) == expected)
    leave.set()
    until(lambda: not any(thread.is_alive() for thread in threads), seconds=3)
    return outcomes
