"""The database's revision: the migrations make exactly the tables that the code expects."""

from __future__ import annotations

import re
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
from sqlalchemy import inspect
from sqlalchemy.exc import IntegrityError

from flowapp.http.tables import metadata
from flowapp.kernel.db import Database
from flowapp.kernel.schema import MIGRATIONS, current_revision, migrate, newest_revision
from tests.support.databases import Databases


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory, databases: Databases) -> Iterator[Database]:
    """A database that went through every migration."""
    databases.make(url := databases.new_url(tmp_path_factory.mktemp("migrated")))
    made = Database(url)
    assert migrate(made) is True
    yield made
    made.dispose()
    databases.drop(url)


@pytest.fixture
def expected(bare_url: str) -> Iterator[Database]:
    """A database whose tables were made from what the code says of them."""
    made = Database(bare_url)
    with made.writer.begin() as connection:
        metadata().create_all(connection)
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


def test_an_empty_database_has_no_revision(bare_url: str) -> None:
    made = Database(bare_url)
    assert current_revision(made) is None
    made.dispose()


def test_after_the_migrations_the_database_is_at_the_newest_revision(migrated: Database) -> None:
    assert current_revision(migrated) == newest_revision()


def test_the_migrations_make_what_the_code_expects(migrated: Database) -> None:
    with migrated.reader.connect() as connection:
        context = MigrationContext.configure(connection, opts={"render_as_batch": True})
        assert compare_metadata(context, metadata()) == []


def made_of(database: Database) -> dict[str, Any]:
    """Answer each table's columns, and each index, rule and foreign key, as the database itself names them."""
    found: dict[str, Any] = {}
    looking = inspect(database.reader)
    for name in set(looking.get_table_names()) - {"alembic_version"}:
        found[name] = {
            "columns": sorted(str(sorted(each.items(), key=str)) for each in looking.get_columns(name)),
            "key": looking.get_pk_constraint(name),
            "keys": sorted(map(str, looking.get_foreign_keys(name))),
            "unique": sorted(map(str, looking.get_unique_constraints(name))),
            "checks": sorted(map(str, looking.get_check_constraints(name))),
            "indexes": sorted((str(i["name"]), str(i["column_names"]), i["unique"]) for i in looking.get_indexes(name)),
        }
    return found


def texts_of(database: Database) -> set[str]:
    """Answer the text of every index, and whether a table gives no number twice, without the spacing."""
    with database.reader.connect() as connection:
        rows = connection.exec_driver_sql(TEXTS[database.reader.name]).all()
    return {re.sub(r'["\s]+', "", each) for (each,) in rows}


TEXTS = {
    "sqlite": "SELECT CASE type WHEN 'index' THEN sql ELSE name || (sql LIKE '%AUTOINCREMENT%') END FROM sqlite_master "
    "WHERE type IN ('index', 'table') AND sql IS NOT NULL AND name NOT LIKE 'sqlite_%' AND name != 'alembic_version'",
    "postgresql": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename != 'alembic_version' "
    "AND indexname != 'shift_is_without_overlap'",
}


def test_migrated_tables_and_made_ones_are_alike_to_the_last_index(migrated: Database, expected: Database) -> None:
    """Stricter than Alembic, which looks neither at the WHERE of an index nor at AUTOINCREMENT."""
    wanted, found = made_of(expected), made_of(migrated)
    for each in (wanted["shift"], found["shift"]):  # the migration alone makes this constraint
        each["indexes"] = [index for index in each["indexes"] if index[0] != "shift_is_without_overlap"]
    assert set(found) == set(wanted)
    assert {name: found[name] for name in found if found[name] != wanted[name]} == {}
    assert texts_of(migrated) == texts_of(expected)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET actor = 'somebody else'",
        "DELETE FROM audit_entry",
        pytest.param("INSERT OR REPLACE INTO audit_entry SELECT * FROM audit_entry", marks=pytest.mark.sqlite),
        pytest.param("TRUNCATE audit_entry", marks=pytest.mark.postgresql),
    ],
)
def test_a_migrated_database_only_lets_the_audit_be_added_to(migrated: Database, statement: str) -> None:
    with migrated.writer.connect() as connection:  # rolled back at its end
        connection.exec_driver_sql(
            "INSERT INTO audit_entry (at, actor, actor_name, action, entity, reason, hash) "
            "VALUES ('2026-01-01', 'system', 'FlowApp', 'a', 'b', '', 'x')"
        )
        with pytest.raises(IntegrityError, match="only added to"):
            connection.exec_driver_sql(statement)


def test_migrating_again_does_nothing(migrated: Database) -> None:
    before = made_of(migrated)
    assert migrate(migrated) is False
    assert made_of(migrated) == before


def test_alembic_is_not_even_loaded_when_there_is_nothing_to_do(migrated: Database) -> None:
    program = (
        "import sys\nfrom flowapp.kernel.db import Database\nfrom flowapp.kernel.schema import migrate\n"
        "print(migrate(Database(sys.argv[1])), 'alembic' in sys.modules)\n"
    )
    ended = subprocess.run([sys.executable, "-c", program, migrated.url], capture_output=True, text=True, check=True)
    assert ended.stdout.split() == ["False", "False"]


def test_what_is_in_the_database_stays_when_it_is_migrated_again(migrated: Database) -> None:
    with migrated.writer.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO care_home (uid, code, name, nation, timezone, leave_year_start, is_active, created_at)"
            " VALUES ('u', 'ROSE', 'Rose House', 'scotland', 'Europe/London', '04-01', true, '2026-01-01')"
        )
    migrate(migrated)
    with migrated.reader.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM care_home").scalar_one() == 1
