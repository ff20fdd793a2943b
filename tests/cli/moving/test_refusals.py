"""What `flask flow move-to` refuses, each time in words with the remedy, and nothing is changed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import Result
from sqlalchemy import text

from flowapp.bootstrap import Flow
from flowapp.cli.moving.fitness import Facts, unfit
from flowapp.factory import create_app
from flowapp.kernel.backends.lock import FileLock
from flowapp.kernel.settings import ROOT, Settings, read_settings
from tests.kill.waiting import until
from tests.support.postgres import Server

Move = Callable[..., Result]
FIT = {
    "version": 140_005,
    "encoding": "UTF8",
    "role": "rota",
    "is_copy": False,
    "read_only": False,
    "name": "flowapp",
    "schema": "public",
    "may_create": True,
}


def refused(result: Result, *words: str) -> None:
    """See that it ended with status 1 and said these words."""
    assert result.exit_code == 1, result.output
    for each in words:
        assert each in result.stderr


def relations(target: str) -> int:
    """Count what is in a database."""
    with psycopg.connect(target) as connection:
        found = connection.execute("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace")
        return int(found.fetchone()[0])  # type: ignore[index]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"version": 130_012}, ["PostgreSQL 13.12", "14 or later"]),
        ({"encoding": "LATIN1"}, ["LATIN1", "ENCODING 'UTF8'"]),
        ({"is_copy": True}, ["the one that leads"]),
        ({"read_only": True}, ["default_transaction_read_only"]),
        ({"may_create": False}, ["OWNER TO rota"]),
    ],
)
def test_a_server_that_will_not_do_is_named_with_the_remedy(given: dict[str, Any], words: list[str]) -> None:
    assert unfit(Facts(**FIT)) is None
    reason = unfit(Facts(**{**FIT, **given}))
    assert reason is not None
    assert [each for each in words if each not in reason] == []


def test_a_database_of_other_letters_is_refused(postgres: Server, move: Move) -> None:
    postgres.say("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'")
    refused(move(to=postgres.url("latin")), "LATIN1")
    postgres.drop("latin")


def test_a_database_that_cannot_be_written_to_is_refused(target: str, move: Move) -> None:
    with psycopg.connect(target, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {_name(target)} SET default_transaction_read_only = on")
    refused(move(), "default_transaction_read_only is on")


def test_a_role_that_may_not_make_tables_is_refused(postgres: Server, target: str, move: Move) -> None:
    postgres.say("CREATE ROLE guest LOGIN")
    refused(move(to=re.sub(r"//[^@]*@", "//guest@", target)), "The role guest may not make tables")
    postgres.say("DROP ROLE guest")


def _name(target: str) -> str:
    return target.partition("?")[0].rpartition("/")[2]


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("mysql://rota@localhost/rota", "must begin with postgresql://"),
        ("postgresql://rota@localhost:many/rota", "cannot be read"),
        ("postgresql://rota@localhost", "names no database"),
        ("postgresql://rota:s3cret@127.0.0.1:1/rota", "postgresql://rota@127.0.0.1:1/rota cannot be reached"),
    ],
)
def test_an_address_that_leads_nowhere_is_refused(move: Move, address: str, words: str) -> None:
    result = move(to=address)
    refused(result, words)
    assert "s3cret" not in result.output


def test_a_database_that_is_not_there_is_refused(target: str, move: Move) -> None:
    refused(move(to=target.replace("/target_", "/nowhere_")), "does not exist")


@pytest.mark.parametrize("again", [(), ("--again",)])
def test_a_database_with_something_in_it_is_refused_and_left_alone(
    target: str, move: Move, again: tuple[str, ...]
) -> None:
    with psycopg.connect(target) as connection:
        connection.execute("CREATE TABLE recipe (name text)")
    refused(move(*again), "recipe", "Make a new database")
    assert relations(target) == 1


def test_a_second_move_needs_again_and_then_replaces_the_first(flow: Flow, target: str, move: Move) -> None:
    assert move().exit_code == 0
    refused(move(), "not empty", "--again")
    with flow.database.writer.connect() as connection:
        connection.execute(text("UPDATE workflow SET name = 'Later'"))
        connection.commit()
    assert move("--again").exit_code == 0
    with psycopg.connect(target) as connection:
        assert connection.execute("SELECT DISTINCT name FROM workflow").fetchall() == [("Later",)]


@pytest.mark.parametrize(
    "statement",
    ["CREATE TABLE scheduler_hint (id text)", "DELETE FROM throttle", "COMMENT ON TABLE alembic_version IS 'mine'"],
)
def test_what_somebody_worked_on_since_is_not_emptied(target: str, move: Move, statement: str) -> None:
    assert move().exit_code == 0
    with psycopg.connect(target) as connection:
        connection.execute(statement)
    before = relations(target)
    refused(move("--again"), "database")
    assert relations(target) == before


def test_while_flowapp_runs_the_move_is_only_rehearsed(settings: Settings, target: str, move: Move) -> None:
    lock = FileLock(settings.instance_folder / "leader.lock")
    assert lock.take()
    refused(move(), "FlowApp is running", "--while-running")
    result = move("--while-running")
    lock.give_up()
    assert result.exit_code == 0, result.output
    assert "This was a rehearsal" in result.stdout
    assert "FLOWAPP_DATABASE_URL" not in result.stdout


def test_nobody_writes_to_what_is_being_moved(flow: Flow, move: Move) -> None:
    with flow.database.writer.connect() as connection:
        connection.execute(text("SELECT 1"))
        refused(move(), "Another program is writing")


def test_a_database_of_another_revision_is_refused(flow: Flow, target: str, move: Move) -> None:
    for revision, words in (("0000", "brings it up to date"), ("9999", "later FlowApp")):
        with flow.database.writer.connect() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
            connection.commit()
        refused(move(), words)
    assert relations(target) == 0


def test_without_a_sqlite_database_there_is_nothing_to_move(tmp_path: Path, target: str) -> None:
    for url, words in ((target, "already names a PostgreSQL"), (f"sqlite:///{tmp_path}/none.sqlite3", "no database")):
        app = create_app(read_settings(database_url=url, instance=str(tmp_path), secret_key="test", testing=True))
        refused(app.test_cli_runner().invoke(args=["flow", "move-to", target]), words)
        app.extensions["flowapp"].close()


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE unit SET home_id = 999", "names a row of care_home that is not there"),
        ("UPDATE mail SET status = '1234567890123456789012345'", "does not take a row of the table mail"),
        ("UPDATE mail SET body = 'a' || char(0) || 'b'", "does not take a row of the table mail"),
        ("UPDATE throttle SET full_at = 'tomorrow week'", "does not take a row of the table throttle"),
    ],
)
def test_a_row_that_postgresql_does_not_take_is_named(
    flow: Flow, target: str, move: Move, statement: str, words: str
) -> None:
    with flow.database.writer.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql("BEGIN")
        connection.execute(text(statement))
        connection.commit()
        connection.detach()
    refused(move(), words)
    assert relations(target) == 0


def test_a_move_that_is_killed_leaves_the_database_empty_and_can_be_done_again(
    flow: Flow, settings: Settings, target: str, move: Move
) -> None:
    flow.close()
    surroundings = {
        **os.environ,
        "FLOWAPP_DATABASE_URL": settings.database_url,
        "FLOWAPP_INSTANCE": str(settings.instance_folder),
        "FLOWAPP_TESTING": "1",
        "FLOWAPP_FAULT": "move.mid_tx:20:kill",
    }
    command = [sys.executable, "-m", "flask", "flow", "move-to", target]
    killed = subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, text=True, check=False)
    assert killed.returncode == -9, killed.stderr
    assert "  user:" in killed.stdout
    assert relations(target) == 0
    until(lambda: move().exit_code == 0, within=60, for_what="the server to let go of what was killed")
