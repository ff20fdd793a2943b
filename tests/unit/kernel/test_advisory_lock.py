"""The lock of whoever leads on a PostgreSQL: one has it, and it goes when the connection does."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flowapp.kernel.backends import backend_of
from flowapp.kernel.backends.advisory_lock import LEADING
from flowapp.kernel.backends.lock import Lock
from tests.engine.patience import until
from tests.support.postgres import Server

HOLDING = """
import sys
from pathlib import Path
from flowapp.kernel.backends import backend_of

lock = backend_of(sys.argv[1]).lock(Path("leader.lock"))
print(lock.take(), flush=True)
sys.stdin.readline()
"""
Make = Callable[[], Lock]


@pytest.fixture
def lock(postgres_url: str) -> Iterator[Make]:
    """Makes locks, as several processes would."""
    made: list[Lock] = []

    def make() -> Lock:
        made.append(backend_of(postgres_url).lock(Path("leader.lock")))
        return made[-1]

    yield make
    for each in made:
        each.give_up()


def test_one_has_it_until_giving_it_up(lock: Make) -> None:
    one, other = lock(), lock()
    assert one.take()
    assert not other.take()
    assert one.take()  # asked again
    assert (one.held, other.held) == (True, False)
    one.give_up()
    assert not one.held
    assert until(other.take)


def test_the_lead_in_one_database_is_none_in_another(lock: Make, postgres: Server) -> None:
    postgres.create("kernel_other")
    elsewhere = backend_of(postgres.url("kernel_other")).lock(Path("leader.lock"))
    assert lock().take()
    assert elsewhere.take()
    elsewhere.give_up()
    postgres.drop("kernel_other")


def test_it_goes_to_another_when_the_process_that_has_it_dies(lock: Make, postgres_url: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDING, postgres_url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "True\n"
        assert not (other := lock()).take()
        holder.kill()
        assert until(other.take)


def test_who_had_it_learns_that_the_connection_is_gone_when_asking_again(
    lock: Make, postgres: Server, postgres_url: str
) -> None:
    one, other = lock(), lock()
    assert one.take()
    name = postgres_url.partition("?")[0].rpartition("/")[2]
    postgres.say(
        "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database "
        f"WHERE datname = '{name}' AND objid = {LEADING} AND granted"
    )
    assert until(other.take)
    assert not one.take()
    assert not one.held
    assert not one.take()  # it is another's now, and the next connection works


def test_a_server_that_cannot_be_reached_is_nobodys(tmp_path: Path) -> None:
    away = backend_of(f"postgresql://nobody@/nothing?host={tmp_path}").lock(tmp_path / "leader.lock")
    assert not away.take()
    assert not away.held
