"""What changes leave due is carried on in their own transaction, and never at their cost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, has_request_context
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from flowapp.kernel import changes
from flowapp.kernel.db import Database
from flowapp.kernel.transaction import carry_on_after, left_due, savepoint
from tests.unit.kernel.names import Base, add, all_waiting, names


class Noting:
    """A sequel that writes a name of its own, and notes what it is told."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.committed_with: list[Any] = []
        self.in_request: list[bool] = []

    def write(self, session: Session) -> str:
        self.in_request.append(has_request_context())
        word = f"sequel {len(self.in_request)}"
        add(word)(session)
        if self.error is not None:
            raise self.error
        return word

    def committed(self, result: Any) -> None:
        self.committed_with.append(result)


@pytest.fixture
def database(bare_url: str) -> Iterator[Database]:
    made = Database(bare_url)
    Base.metadata.create_all(made.writer)
    yield made
    made.dispose()


def leaving_due(word: str, rung: list[str]) -> Any:
    """Write a name, and leave something due with a bell of that name."""

    def write(session: Session) -> str:
        carry_on_after(session, lambda: rung.append(word))
        return str(add(word)(session))

    return write


def with_sequel(database: Database, error: Exception | None = None) -> Noting:
    sequel = Noting(error)
    database.carry_on_with(sequel)
    return sequel


def test_what_a_change_leaves_due_is_carried_on_with_it_and_no_bell_rings(database: Database) -> None:
    sequel, rung = with_sequel(database), list[str]()
    assert database.write(leaving_due("a", rung)) == "a"
    assert (names(database), sequel.committed_with, rung) == ({"a", "sequel 1"}, ["sequel 1"], [])


def test_a_group_of_changes_has_one_sequel(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "HOLD_SECONDS", 60.0)  # however busy this machine is, they are one group
    sequel, rung = with_sequel(database), list[str]()
    assert all_waiting(database, leaving_due("a", rung), add("b"), leaving_due("c", rung)) == ["a", "b", "c"]
    assert (sequel.committed_with, rung) == (["sequel 1"], [])


def test_a_change_that_leaves_nothing_due_has_none(database: Database) -> None:
    sequel = with_sequel(database)
    database.write(add("a"))
    assert (names(database), sequel.committed_with) == ({"a"}, [])


def test_a_change_that_is_undone_leaves_nothing_due(database: Database) -> None:
    sequel, rung = with_sequel(database), list[str]()

    def fail(session: Session) -> None:
        leaving_due("a", rung)(session)
        raise ValueError("a rule says no")

    with pytest.raises(ValueError, match="a rule"):
        database.write(fail)
    assert (names(database), sequel.committed_with, rung) == (set(), [], [])


def test_without_a_sequel_the_bell_rings_after_the_commit(database: Database) -> None:
    seen: list[set[str]] = []

    def write(session: Session) -> None:
        carry_on_after(session, lambda: seen.append(names(database)))
        add("a")(session)

    database.write(write)
    assert seen == [{"a"}]


@pytest.mark.parametrize("error", [ValueError("oh"), OperationalError("SELECT", None, Exception("disk I/O error"))])
def test_a_sequel_that_fails_is_undone_alone_and_the_bell_rings_instead(database: Database, error: Exception) -> None:
    sequel, rung = with_sequel(database, error), list[str]()
    assert all_waiting(database, leaving_due("a", rung), leaving_due("b", rung)) == ["a", "b"]
    assert (names(database), sequel.committed_with, sorted(rung)) == ({"a", "b"}, [], ["a", "b"])


def test_a_sequel_is_in_nobodys_request(database: Database) -> None:
    sequel = with_sequel(database)
    with Flask("somebody").test_request_context("/"):
        database.write(leaving_due("a", []))
    assert sequel.in_request == [False]


def test_what_follows_a_commit_may_fail_without_harm_to_the_change(database: Database) -> None:
    class Careless(Noting):
        def committed(self, result: Any) -> None:
            raise RuntimeError("oh")

    database.carry_on_with(Careless())
    assert database.write(leaving_due("a", [])) == "a"
    assert database.write(add("b")) == "b"
    assert names(database) == {"a", "sequel 1", "b"}


def test_what_is_left_due_inside_a_part_that_is_undone_is_forgotten(database: Database) -> None:
    found: list[object] = []

    def undone(session: Session) -> None:
        with savepoint(session):
            carry_on_after(session, lambda: None)
            raise ValueError("oh")

    def write(session: Session) -> None:
        session.execute(text("SELECT 1"))
        with pytest.raises(ValueError, match="oh"):
            undone(session)
        found.append(left_due(session))

    database.write(write)
    assert found == [None]
