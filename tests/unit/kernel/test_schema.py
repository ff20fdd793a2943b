"""The database's revision: the migrations make exactly the tables that the code expects."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from flowapp.http.tables import metadata
from flowapp.kernel.db import Database
from flowapp.kernel.schema import MIGRATIONS, current_revision, migrate, newest_revision


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A database that went through every migration."""
    made = Database(f"sqlite:///{tmp_path_factory.mktemp('migrated') / 'db.sqlite3'}")
    assert migrate(made) is True
    yield made
    made.dispose()


def test_the_newest_revision_by_file_names_is_the_one_alembic_takes_for_the_newest() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_heads() == [newest_revision()]


def test_the_newest_revision_is_that_of_the_last_file(tmp_path: Path) -> None:
    for name in ("0001_first.py", "0002_second.py", "0010_tenth.py", "notes.txt", "README.md", "_0099_draft.py"):
        (tmp_path / name).touch()
    assert newest_revision(tmp_path) == "0010"


def test_an_empty_database_has_no_revision(tmp_path: Path) -> None:
    made = Database(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    assert current_revision(made) is None
    made.dispose()


def test_after_the_migrations_the_database_is_at_the_newest_revision(migrated: Database) -> None:
    assert current_revision(migrated) == newest_revision()


def test_the_migrations_make_what_the_code_expects(migrated: Database) -> None:
    with migrated.reader.connect() as connection:
        context = MigrationContext.configure(connection, opts={"render_as_batch": True})
        assert compare_metadata(context, metadata()) == []


def made_of(path: str) -> dict[str, Any]:
    """Answer each table's columns, and the text of each index, unique rule and foreign key, without its spacing."""
    connection = sqlite3.connect(path)
    rows = connection.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' AND name != 'alembic_version'"
    ).fetchall()
    found: dict[str, Any] = {}
    for kind, name, sql in rows:
        if kind == "table":
            columns = connection.execute(f"PRAGMA table_info({name})").fetchall()
            keys = connection.execute(f"PRAGMA foreign_key_list({name})").fetchall()
            lists = connection.execute(f"PRAGMA index_list({name})").fetchall()
            unique = {
                tuple(each[2] for each in connection.execute(f"PRAGMA index_info({index[1]})"))
                for index in lists
                if index[2]
            }
            found[name] = {
                "columns": sorted((c[1], c[2].split("(")[0], c[3], c[5]) for c in columns),
                "keys": sorted((k[3], k[2], k[4]) for k in keys),
                "unique": unique,
                "autoincrement": "AUTOINCREMENT" in sql,
            }
        elif kind == "index":
            found[name] = re.sub(r'["\s]+', "", sql)
    connection.close()
    return found


def test_migrated_tables_and_made_ones_are_alike_to_the_last_index(migrated: Database, empty_tables: Path) -> None:
    """Stricter than Alembic, which looks neither at the WHERE of an index nor at AUTOINCREMENT."""
    expected = made_of(str(empty_tables))
    found = made_of(migrated.url.removeprefix("sqlite:///"))
    assert set(found) == set(expected)
    assert {name: found[name] for name in found if found[name] != expected[name]} == {}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET actor = 'somebody else'",
        "DELETE FROM audit_entry",
        "INSERT OR REPLACE INTO audit_entry SELECT * FROM audit_entry",
    ],
)
def test_a_migrated_database_only_lets_the_audit_be_added_to(migrated: Database, statement: str) -> None:
    connection = sqlite3.connect(migrated.url.removeprefix("sqlite:///"), isolation_level=None)
    connection.execute("BEGIN")
    connection.execute(
        "INSERT INTO audit_entry (at, actor, actor_name, action, entity, reason, hash) "
        "VALUES ('2026-01-01', 'system', 'FlowApp', 'a', 'b', '', 'x')"
    )
    with pytest.raises(sqlite3.IntegrityError, match="only added to"):
        connection.execute(statement)
    connection.close()


def test_migrating_again_does_nothing(migrated: Database) -> None:
    before = made_of(migrated.url.removeprefix("sqlite:///"))
    assert migrate(migrated) is False
    assert made_of(migrated.url.removeprefix("sqlite:///")) == before


def test_alembic_is_not_even_loaded_when_there_is_nothing_to_do(migrated: Database) -> None:
    program = (
        "import sys\nfrom flowapp.kernel.db import Database\nfrom flowapp.kernel.schema import migrate\n"
        "print(migrate(Database(sys.argv[1])), 'alembic' in sys.modules)\n"
    )
    ended = subprocess.run([sys.executable, "-c", program, migrated.url], capture_output=True, text=True, check=True)
    assert ended.stdout.split() == ["False", "False"]


def test_what_is_in_the_database_stays_when_it_is_migrated_again(migrated: Database) -> None:
    path = migrated.url.removeprefix("sqlite:///")
    connection = sqlite3.connect(path)
    connection.execute(
        "INSERT INTO care_home (uid, code, name, nation, timezone, leave_year_start, is_active, created_at)"
        " VALUES ('u', 'ROSE', 'Rose House', 'scotland', 'Europe/London', '04-01', 1, '2026-01-01')"
    )
    connection.commit()
    migrate(migrated)
    assert connection.execute("SELECT count(*) FROM care_home").fetchone() == (1,)
    connection.close()
