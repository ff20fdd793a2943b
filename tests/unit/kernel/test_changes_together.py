"""Changes that wait for the same turn may be committed together; each still stands or falls alone."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlalchemy.orm import Session

from flowapp.kernel.db import Database
from flowapp.kernel.transaction import after_commit
from tests.unit.kernel.names import Base, Name, Write, add, all_waiting, names


@pytest.fixture
def database(bare_url: str) -> Iterator[Database]:
    made = Database(bare_url)
    Base.metadata.create_all(made.writer)
    made.write(add("taken"))
    yield made
    made.dispose()


def test_changes_that_waited_are_all_done_in_the_order_they_came(database: Database) -> None:
    order: list[str] = []

    def noted(word: str) -> Write:
        def write(session: Session) -> str:
            order.append(word)
            return str(add(word)(session))

        return write

    assert all_waiting(database, *(noted(word) for word in "abcdef")) == list("abcdef")
    assert order == list("abcdef")
    assert names(database) == {"taken", *"abcdef"}


def raises(session: Session) -> None:
    """Write something, then fail as a rule of ours does."""
    add("half")(session)
    raise ValueError("a rule says no")


def flush_fails(session: Session) -> None:
    """Write a name that is taken, through the session."""
    session.add(Name(text="other"))
    session.flush()
    session.add(Name(text="taken"))
    session.flush()


def flush_fails_at_the_end(session: Session) -> None:
    """Leave a name that is taken for the commit to find."""
    session.add(Name(text="taken"))


def statement_fails(session: Session) -> None:
    """Write a name that is taken, by a statement."""
    session.execute(text("INSERT INTO name (text) VALUES ('taken')"))


def nonsense(session: Session) -> None:
    """Ask for a table that does not exist."""
    session.execute(text("SELECT * FROM nowhere"))


@pytest.mark.parametrize(
    ("failing", "error"),
    [
        (raises, ValueError),
        (flush_fails, IntegrityError),
        (flush_fails_at_the_end, IntegrityError),
        (statement_fails, IntegrityError),
        (nonsense, DatabaseError),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_a_change_that_fails_fails_alone(database: Database, failing: Write, error: type[Exception]) -> None:
    outcomes = all_waiting(database, add("before"), failing, add("after"), add("last"))
    assert outcomes[0] == "before"
    assert isinstance(outcomes[1], error)
    assert outcomes[2:] == ["after", "last"]
    assert names(database) == {"taken", "before", "after", "last"}
    assert database.write(add("later")) == "later"


def test_what_waited_with_a_change_that_failed_is_undone_and_done_once_more(database: Database) -> None:
    tries: list[str] = []

    def counted(session: Session) -> str:
        tries.append("one")
        return str(add("beside")(session))

    assert all_waiting(database, counted, raises)[0] == "beside"
    assert len(tries) == 2, "without a SAVEPOINT of its own the failing change cannot have been undone alone"
    assert names(database) == {"taken", "beside"}


def test_only_what_was_committed_is_told_of(database: Database) -> None:
    told: list[str] = []

    def telling(word: str, *, fail: bool = False) -> Write:
        def write(session: Session) -> str:
            after_commit(session, lambda: told.append(word if word in names(database) else f"{word} too soon"))
            add(word)(session)
            if fail:
                raise ValueError
            return word

        return write

    all_waiting(database, telling("a"), telling("b", fail=True), telling("c"))
    assert sorted(told) == ["a", "c"]


def test_one_change_does_not_see_what_another_kept_in_its_session(database: Database) -> None:
    seen: list[object] = []

    def leave_behind(session: Session) -> None:
        session.info["mine"] = "secret"
        add("kept")(session)

    def look(session: Session) -> None:
        seen.append((session.info.get("mine"), len(session.identity_map)))

    all_waiting(database, leave_behind, look)
    assert seen == [(None, 0)]


def test_an_answer_is_given_only_when_the_change_is_committed(database: Database) -> None:
    seen: list[bool] = []

    def slow(word: str) -> Write:
        return lambda session: (add(word)(session), threading.Event().wait(0.03))[0]

    def go(word: str) -> None:
        database.write(slow(word))
        seen.append(word in names(database))

    threads = [threading.Thread(target=go, args=(word,), daemon=True) for word in "abcdef"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert seen == [True] * 6


ABANDONED = """
import sys, threading
from sqlalchemy import text
from flowapp.kernel.db import Database

database = Database(sys.argv[1])
database.write(lambda s: s.execute(text("CREATE TABLE name (text TEXT)")) and None)
inside, leave = threading.Event(), threading.Event()


def add(word):
    return lambda s: s.execute(text("INSERT INTO name VALUES (:w)"), {"w": word}) and None


def leave_at_once(session):
    raise SystemExit


threads = []
for write in (lambda s: (inside.set(), leave.wait(10)), add("before"), leave_at_once, add("after"), add("last")):
    threads.append(threading.Thread(target=database.write, args=(write,), daemon=True))
    threads[-1].start()
    inside.wait(5)
    threading.Event().wait(0.05)
leave.set()
for thread in threads:
    thread.join(2)
with database.read() as session:
    print(*session.execute(text("SELECT text FROM name ORDER BY text")).scalars(), any(t.is_alive() for t in threads))
"""


def test_who_leaves_in_the_middle_does_not_take_the_changes_of_others_along(bare_url: str) -> None:
    """In a process of its own, which can be stopped: threads that go round in circles slow all tests down."""
    ended = subprocess.run(
        [sys.executable, "-c", ABANDONED, bare_url],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert ended.stdout.split() == ["after", "before", "last", "False"]
