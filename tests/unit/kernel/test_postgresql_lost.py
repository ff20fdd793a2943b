"""A PostgreSQL that goes away, or is cut off: each change is kept exactly once, or nobody is told that it was."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy.orm import Session

from flowapp.kernel import changes
from flowapp.kernel.changes import OutcomeUnknown
from flowapp.kernel.db import Database, DatabaseAway
from flowapp.kernel.transaction import carry_on_after, savepoint
from tests.engine.patience import until
from tests.support.postgres import Server, server
from tests.unit.kernel.counter import add_one, make_counter, read
from tests.unit.kernel.cutting import Cutting, cutting


@pytest.fixture
def between(postgres_url: str) -> Iterator[Cutting]:
    """What stands between FlowApp and the server."""
    with cutting(postgres_url) as made:
        yield made


@pytest.fixture
def far(between: Cutting) -> Iterator[Database]:
    """The counter's database, as FlowApp reaches it."""
    made = Database(between.url)
    made.write(lambda session: None)  # the first connection commits for SQLAlchemy's own questions
    yield made
    made.dispose()


@pytest.mark.parametrize("forwarded", [False, True])
def test_a_change_whose_commit_nobody_answered_is_kept_exactly_once(
    far: Database, between: Cutting, forwarded: bool
) -> None:
    between.cut(b"COMMIT", forwarded=forwarded)
    assert far.write(add_one) == 1
    assert between.cuts == 1
    assert read(far) == 1
    assert far.write(add_one) == 2


@pytest.mark.parametrize("forwarded", [False, True])
def test_so_is_each_of_several_that_are_committed_together(far: Database, between: Cutting, forwarded: bool) -> None:
    inside, leave = threading.Event(), threading.Event()
    answers: list[int] = []

    def hold(_: Session) -> None:
        inside.set()
        leave.wait(10)

    def first(session: Session) -> int:
        if not between.cuts:
            between.cut(b"COMMIT", forwarded=forwarded)
        return add_one(session)

    def go(write: Callable[[Session], int]) -> None:
        answers.append(far.write(write))

    threads = [threading.Thread(target=far.write, args=(hold,), daemon=True)]
    threads[0].start()
    assert inside.wait(10)
    for number, write in enumerate((first, add_one, add_one, add_one), start=1):
        threads.append(threading.Thread(target=go, args=(write,), daemon=True))
        threads[-1].start()
        # the queue is looked at because nothing else shows that a change has arrived in its place
        assert until(lambda expected=number: len(far._changes._waiting) == expected)  # type: ignore[misc]
    leave.set()
    for thread in threads:
        thread.join(30)
    assert between.cuts == 1
    assert sorted(answers) == [1, 2, 3, 4]
    assert read(far) == 4


def test_who_cannot_learn_what_became_of_a_commit_is_told_to_look(
    far: Database, between: Cutting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "TELL_SECONDS", 0.3)

    def write(session: Session) -> int:
        between.cut(b"COMMIT", forwarded=True)
        between.away = True
        return add_one(session)

    with pytest.raises(OutcomeUnknown, match="did not come back to tell us"):
        far.write(write)
    between.away = False
    assert read(far) == 1


def test_nobody_is_told_of_a_sequel_when_nobody_knows_what_became_of_its_commit(
    far: Database, between: Cutting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "TELL_SECONDS", 0.3)
    told: list[object] = []

    class Cut:
        def write(self, session: Session) -> int:
            between.cut(b"COMMIT", forwarded=True)
            between.away = True
            return add_one(session)

        def committed(self, result: object) -> None:
            told.append(result)

    def write(session: Session) -> int:
        carry_on_after(session, lambda: None)
        return add_one(session)

    far.carry_on_with(Cut())
    with pytest.raises(OutcomeUnknown):
        far.write(write)
    between.away = False
    assert (read(far), told) == (2, [])


@pytest.mark.parametrize("inside_a_part", [False, True])
def test_a_change_that_is_cut_off_in_the_middle_is_done_again_once(
    far: Database, between: Cutting, inside_a_part: bool
) -> None:
    begun: list[int] = []

    def write(session: Session) -> int:
        begun.append(1)
        if not inside_a_part:
            return add_one(session)
        with savepoint(session):
            return add_one(session)

    between.cut(b"UPDATE")
    assert far.write(write) == 1
    assert len(begun) == 2
    assert read(far) == 1


@pytest.mark.parametrize("word", [b"SAVEPOINT part", b"RELEASE"])
def test_so_is_one_that_is_cut_off_where_a_part_begins_or_ends(far: Database, between: Cutting, word: bytes) -> None:
    def write(session: Session) -> int:
        with savepoint(session):
            return add_one(session)

    between.cut(word)
    assert far.write(write) == 1
    assert (between.cuts, read(far)) == (1, 1)


@pytest.fixture
def own_server() -> Iterator[Server]:
    """A server that may be stopped."""
    with server() as started:
        yield started


def test_a_server_that_is_away_is_told_of_in_words_and_used_again_when_it_is_back(own_server: Server) -> None:
    own_server.create("counter")
    database = Database(own_server.url("counter"))
    database.write(make_counter)
    assert database.write(add_one) == 1
    own_server.stop()
    with pytest.raises(DatabaseAway, match="cannot be reached"):
        database.write(add_one, give_up=0.3)
    with pytest.raises(DatabaseAway, match="cannot be reached"):
        read(database)
    assert not database.write_if_free(add_one)
    own_server.start()
    assert read(database) == 1
    assert database.write(add_one) == 2
    own_server.stop()
    own_server.start()
    assert database.write(add_one) == 3  # the connections of before are not used
    database.dispose()
