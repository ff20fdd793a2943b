"""The proof at the end of a move: whatever is otherwise in PostgreSQL is found, and then nothing is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from click.testing import Result
from sqlalchemy import Connection, text

from flowapp.bootstrap import Flow
from flowapp.cli.moving import source as sqlite
from flowapp.cli.moving import target as postgresql
from flowapp.cli.moving.move import Differs, copy_everything, proved

Move = Callable[..., Result]
WITHOUT_TRIGGERS = "SET LOCAL session_replication_role = replica"  # nor foreign keys


def silent(_words: str) -> None:
    """Say nothing."""


@contextmanager
def copied(flow: Flow, target: str) -> Iterator[tuple[Connection, Connection]]:
    """Copy everything and stop before the proof."""
    with (
        sqlite.opened(flow.settings, flow.database, while_running=False) as source,
        postgresql.opened(postgresql.address(target), again=False) as opened,
    ):
        copy_everything(source, opened, silent)
        yield source, opened


def tampered(flow: Flow, target: str, statement: str) -> None:
    """Change something between the copy and the proof."""
    with copied(flow, target) as (source, opened):
        opened.execute(text(WITHOUT_TRIGGERS))
        opened.exec_driver_sql(statement)
        proved(source, opened, silent)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        # a space in a text that is data: it says the same, and is not the same
        ("UPDATE execution SET context = replace(context, '1.50,', '1.50, ') WHERE id = 1", "execution has as many"),
        # one letter
        ("UPDATE workflow SET name = replace(name, 'ë', 'e')", "workflow has as many"),
        # a hundredth of an hour
        ("UPDATE leave_ledger SET hours = hours + 1 WHERE id = 1", "leave_ledger has as many"),
        # a microsecond
        ("UPDATE throttle SET full_at = full_at - interval '1 microsecond'", "throttle has as many"),
        # a day
        ("UPDATE staff SET start_date = start_date + 1 WHERE id = 1", "staff has as many"),
        # yes and no
        ("UPDATE care_home SET is_active = NOT is_active WHERE id = 1", "care_home has as many"),
        # what is no data any more
        ("UPDATE audit_entry SET after = 'x' WHERE id = 1", "holds in SQLite, and cannot be read in"),
        # two rows that have changed places
        ("UPDATE step_execution SET epoch = CASE WHEN id = 1 THEN 90 ELSE epoch END", "step_execution has as many"),
        # a row that is lost
        ("DELETE FROM notification WHERE id = 1", "notification has"),
        # one too many
        ("INSERT INTO clean_up (began_at, finished_at, removed) VALUES (now(), now(), '{}')", "clean_up has 1 rows"),
        # the audit, past its trigger
        (
            "UPDATE audit_entry SET reason = 'none' WHERE id = 2",
            "holds in SQLite, and breaks at entry 2 in",
        ),
        # a row that others name
        ("DELETE FROM workflow", "name a row of workflow that is not there"),
        # a number that would be given twice
        ("SELECT setval(pg_get_serial_sequence('event', 'seq'), 1)", "The last number given to a row of event"),
    ],
)
def test_what_is_otherwise_is_found_and_nothing_is_kept(flow: Flow, target: str, statement: str, words: str) -> None:
    with pytest.raises(Differs, match="Do not use it") as refused:
        tampered(flow, target, statement)
    assert words in refused.value.message
    with psycopg.connect(target) as connection:
        left = connection.execute("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace")
        assert left.fetchone() == (0,)


def test_what_is_the_same_is_proved(flow: Flow, target: str) -> None:
    with copied(flow, target) as (source, opened):
        assert all(each.source == each.target for each in proved(source, opened, silent))


def test_an_audit_that_was_broken_before_is_moved_as_it_is_and_said(flow: Flow, move: Move) -> None:
    with flow.database.writer.connect() as connection:
        connection.execute(text("DROP TRIGGER audit_entry_is_not_changed"))
        connection.execute(text("UPDATE audit_entry SET reason = 'none' WHERE id = 3"))
        connection.commit()
    result = move()
    assert result.exit_code == 0, result.output
    assert "The chain of the audit breaks at entry 3, in SQLite as well" in result.stdout


def test_what_is_written_meanwhile_is_not_seen(flow: Flow) -> None:
    with sqlite.opened(flow.settings, flow.database, while_running=True) as source:
        with flow.database.writer.connect() as connection:
            connection.execute(text("UPDATE workflow SET name = 'Later'"))
            connection.commit()
        assert source.scalar(text("SELECT count(*) FROM workflow WHERE name = 'Later'")) == 0
