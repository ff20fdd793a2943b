"""`flask flow doctor`: a line for each thing, what to do, and a status for programs."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from click.testing import Result
from flask import Flask
from sqlalchemy import text

from flowapp.bootstrap import Flow
from flowapp.engine.operating.database_checks import connections
from flowapp.engine.operating.finding import Standing
from flowapp.engine.operating.presence import note_tick
from flowapp.factory import create_app
from flowapp.kernel.clock import FrozenClock
from flowapp.kernel.settings import read_settings
from flowapp.kernel.storage import OnServer
from tests.cast import Cast
from tests.conftest import MONDAY_MORNING
from tests.factories import a_document, a_workflow, leave_asked, notify, run_all
from tests.kill.server import free_port

FAILS = {"id": "a", "type": "action", "action": "approve_leave", "with": {"leave_request_id": "999999"}}


def asked(app: Flask, *options: str) -> Result:
    """Ask the doctor."""
    return app.test_cli_runner().invoke(args=["flow", "doctor", *options])


def findings(app: Flask) -> dict[str, tuple[str, str, str]]:
    """Answer how each thing stands, what was found, and what to do."""
    found = json.loads(asked(app, "--json").output)["findings"]
    return {each["check"]: (each["standing"], each["sentence"], each["remedy"]) for each in found}


def with_settings(url: str, **given: object) -> Flask:
    """Make an application with other settings on a database."""
    settings = read_settings(database_url=url, **{"secret_key": "a long enough secret", **given})
    return create_app(flow=Flow(settings, clock=FrozenClock(MONDAY_MORNING)))


@pytest.fixture
def healthy(flow: Flow, cast: Cast) -> Flask:
    """An application in which all is well, and the engine has just ticked."""
    flow.database.write(lambda session: note_tick(session, flow.clock.now()))
    return with_settings(flow.settings.database_url)


def test_where_all_is_well_nothing_is_wrong(healthy: Flask) -> None:
    answer = asked(healthy)
    assert answer.exit_code == 0, answer.output
    assert "wrong" not in answer.output
    assert "The engine ticked 0 seconds ago." in answer.output
    assert {standing for standing, *_ in findings(healthy).values()} <= {"ok", "worth a look"}


def test_whatever_is_not_well_comes_with_a_remedy(healthy: Flask) -> None:
    for check, (standing, sentence, remedy) in findings(healthy).items():
        assert sentence.endswith("."), check
        assert (remedy == "") is (standing == "ok"), check


def test_an_engine_that_is_away_is_wrong_and_so_is_what_waits_for_it(flow: Flow, cast: Cast, app: Flask) -> None:
    now = flow.clock.now()
    flow.database.write(lambda session: note_tick(session, now - timedelta(hours=5)))
    a_workflow(flow, cast.maya, a_document(notify("n")), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    assert isinstance(flow.clock, FrozenClock)
    flow.clock.advance(minutes=10)
    found = findings(app)
    assert found["tick"][:2] == ("wrong", "The engine last ticked 5 hours ago; no workflow moves.")
    assert found["backlog"][:2] == ("wrong", "1 step due, the oldest for 10 minutes.")
    assert asked(app).exit_code == 1


def test_failed_runs_and_workflows_that_paused_themselves_are_named(flow: Flow, cast: Cast, app: Flask) -> None:
    a_workflow(flow, cast.maya, a_document(FAILS, name="Broken"), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    run_all(flow)
    found = findings(app)
    assert found["failed runs"][1] == "1 failed run waiting for somebody, 0 for longer than a day."
    assert found["workflows"][:2] == ("worth a look", "The last run failed of: “Broken”.")


def test_a_database_that_is_not_there_or_cannot_be_read_is_said(tmp_path: Path) -> None:
    assert "There is no database at" in findings(with_settings(f"sqlite:///{tmp_path}/none.sqlite3"))["database"][1]
    assert not (tmp_path / "none.sqlite3").exists()
    (tmp_path / "bad.sqlite3").write_bytes(b"no database" * 1000)
    bad = with_settings(f"sqlite:///{tmp_path}/bad.sqlite3")
    assert findings(bad)["database"][:2] == ("wrong", "The database cannot be read: file is not a database.")
    assert asked(bad).exit_code == 1


def test_a_database_of_another_revision_is_said(healthy: Flask, flow: Flow) -> None:
    flow.database.write(lambda session: session.execute(text("UPDATE alembic_version SET version_num = '0000'")))
    assert "Restart FlowApp" in findings(healthy)["revision"][2]
    flow.database.write(lambda session: session.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    assert "newer FlowApp" in findings(healthy)["revision"][1]


def test_a_clock_that_was_put_back_is_said(healthy: Flask, flow: Flow) -> None:
    ahead = flow.clock.now() + timedelta(hours=2)
    flow.database.write(lambda session: note_tick(session, ahead))
    assert findings(healthy)["clock"][:2] == ("wrong", "The clock is 2 hours behind the newest row of the database.")


def test_a_mail_server_that_answers_is_well_and_one_that_does_not_is_wrong(flow: Flow, healthy: Flask) -> None:
    port = free_port()
    server = Controller(object(), hostname="127.0.0.1", port=port)
    server.start()
    given = {"smtp_url": f"smtp://127.0.0.1:{port}", "base_url": "http://localhost"}
    there = with_settings(flow.settings.database_url, **given)
    assert findings(there)["mail server"][:2] == ("ok", "127.0.0.1 answers.")
    server.stop()
    assert findings(there)["mail server"][0] == "wrong"


@pytest.mark.parametrize(
    ("given", "check", "words"),
    [
        ({"secret_key": "short"}, "secret", "shorter than 16"),
        ({"smtp_url": "smtp://127.0.0.1:9"}, "address", "links in them lead nowhere"),
        ({"base_url": "http://rota.example.org"}, "address", "not encrypted"),
        ({"testing": True}, "testing", "FLOWAPP_TESTING is set"),
        ({"heartbeat_url": "http://127.0.0.1:1/x"}, "heartbeat", "is not called"),
    ],
)
def test_settings_that_make_no_good_sense_are_named(
    flow: Flow, healthy: Flask, given: dict[str, object], check: str, words: str
) -> None:
    standing, sentence, _ = findings(with_settings(flow.settings.database_url, **given))[check]
    assert standing != "ok"
    assert words in sentence


@pytest.mark.parametrize(("used", "standing"), [(80, Standing.OK), (81, Standing.LOOK)])
def test_a_server_that_soon_takes_no_more_connections_is_worth_a_look(used: int, standing: Standing) -> None:
    found = connections(OnServer(database_bytes=1, connections=used, most_connections=100))
    assert found.standing == standing
    assert f"{used} of the 100" in found.sentence
