"""`flask flow move-to`: everything in a SQLite database is in PostgreSQL afterwards, and FlowApp goes on there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import psycopg
from click.testing import Result
from sqlalchemy import select, text

from flowapp.bootstrap import Flow
from flowapp.cli.moving.checksum import checksum
from flowapp.factory import create_app
from flowapp.http.tables import metadata
from flowapp.kernel.clock import FrozenClock
from flowapp.kernel.settings import Settings, read_settings
from flowapp.rota.leave import LeaveRequest
from flowapp.workflows.workflow import Workflow
from tests.cast import Cast
from tests.cli.made_demo import LITTLE, new_demo
from tests.cli.moving.rich import ODD_TEXT
from tests.factories import leave_asked, run_all
from tests.support.databases import Files
from tests.support.page import PageClient
from tests.support.visitors import Api, sign_in

Move = Callable[..., Result]


def on_postgresql(settings: Settings, target: str, clock: FrozenClock) -> Flow:
    """Put FlowApp together on what was moved."""
    return Flow(settings.model_copy(update={"database_url": target}), clock=clock)


def test_every_table_has_a_row_to_move(flow: Flow) -> None:
    with flow.database.reader.connect() as connection:
        assert [table.name for table in metadata().sorted_tables if not checksum(connection, table).rows] == []


def test_every_table_arrives_and_is_shown_with_its_rows(flow: Flow, target: str, move: Move) -> None:
    result = move()
    assert result.exit_code == 0, result.output
    with flow.database.reader.connect() as connection:
        for table in metadata().sorted_tables:
            found = checksum(connection, table)
            assert f"  {table.name}: {found.rows:,} rows" in result.stdout
            assert found.of_rows[:16] in result.stdout
    assert "Everything arrived" in result.stdout


def test_flowapp_goes_on_there_as_it_would_have_here(
    flow: Flow, settings: Settings, clock: FrozenClock, cast: Cast, target: str, move: Move
) -> None:
    before = Api(create_app(flow=flow), flow).call("GET", "/executions", cast.maya).json
    assert move().exit_code == 0
    moved = on_postgresql(settings, target, clock)
    app = create_app(flow=moved)
    assert Api(app, moved).call("GET", "/executions", cast.maya).json == before
    page: PageClient = sign_in(app, moved, cast.dan)
    assert "7 December" in page.get("/leave/").text
    number = leave_asked(moved, cast.dan, start=date(2026, 12, 14))
    run_all(moved)
    with moved.database.read() as session:
        assert session.get_one(LeaveRequest, number).status == "approved"
        assert set(session.scalars(select(Workflow.name))) == {ODD_TEXT}
    moved.close()


def test_texts_and_moments_are_the_same_to_the_last_sign(target: str, move: Move) -> None:
    assert move().exit_code == 0
    with psycopg.connect(target) as connection:
        kept = connection.execute("SELECT context FROM execution WHERE id = 1").fetchone()
        moment = connection.execute("SELECT full_at AT TIME ZONE 'UTC' FROM throttle").fetchone()
    assert kept == ('{ "days" : 1.50,"n":1e2}',)
    assert moment is not None
    assert moment[0].isoformat() == "2027-03-28T01:59:59.999999"


def test_numbers_of_rows_that_are_gone_are_not_given_again(flow: Flow, target: str, move: Move) -> None:
    with flow.database.writer.connect() as connection:
        connection.execute(text("UPDATE sqlite_sequence SET seq = 500 WHERE name = 'event'"))
        connection.commit()
    assert move().exit_code == 0
    with psycopg.connect(target) as connection:
        found = connection.execute("SELECT nextval(pg_get_serial_sequence('event', 'seq'))").fetchone()
    assert found == (501,)


def test_constraints_and_triggers_are_in_force(settings: Settings, clock: FrozenClock, target: str, move: Move) -> None:
    assert move().exit_code == 0
    with psycopg.connect(target) as connection:
        unproven = connection.execute("SELECT conname FROM pg_constraint WHERE NOT convalidated").fetchall()
        asleep = connection.execute("SELECT tgname FROM pg_trigger WHERE tgenabled <> 'O'").fetchall()
    assert (unproven, asleep) == ([], [])


def test_the_demo_moves_with_its_rota(tmp_path: Path, target: str) -> None:
    made = new_demo(Files(tmp_path), tmp_path, size=LITTLE)
    app = create_app(made.settings)
    result = app.test_cli_runner().invoke(args=["flow", "move-to", target])
    app.extensions["flowapp"].close()
    assert result.exit_code == 0, result.output
    moved = Flow(read_settings(database_url=target, instance=str(tmp_path), secret_key="test", testing=True))
    with made.opened() as here, here.database.reader.connect() as one, moved.database.reader.connect() as other:
        for table in metadata().sorted_tables:
            assert checksum(one, table) == checksum(other, table), table.name
    moved.close()


def test_what_to_do_next_is_said_without_the_password(settings: Settings, target: str, move: Move) -> None:
    result = move("--password-stdin", typed="s3cret-word\n")
    assert result.exit_code == 0, result.output
    assert "FLOWAPP_DATABASE_URL=postgresql://" in result.stdout
    assert f"FLOWAPP_INSTANCE={settings.instance_folder}" in result.stdout
    assert settings.database_url in result.stdout
    assert "s3cret-word" not in result.output
