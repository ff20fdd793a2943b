"""The demo is the same each time, is made once, is made again when it was interrupted, and can be taken away."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from flowapp.accounts.audit import AuditEntry, verify_chain
from flowapp.accounts.users import create_user
from flowapp.bootstrap import Flow
from flowapp.cli.demo.data import load_demo
from flowapp.cli.demo.presence import empty, note_begin, remove
from flowapp.events.cause import SYSTEM, Cause
from flowapp.factory import create_app
from flowapp.http.tables import metadata
from flowapp.kernel.errors import Conflict
from flowapp.kernel.settings import ROOT
from flowapp.rota.bank_holidays import Nation
from flowapp.rota.homes import CareHome, add_home
from tests.cli.made_demo import LITTLE, SHOWN, TINY, Demos, Made, nine_on

# Salted, so that it is another each time; everything else is compared, uids and the audit's seals included.
SECRET = {("user", "password_hash")}


def fingerprint(made: Made) -> dict[str, str]:
    """Answer a hash of every row of each table, in the order of the primary key."""
    found = {}
    with made.opened() as flow, flow.database.read() as session:
        for table in metadata().sorted_tables:
            columns = [column for column in table.c if (table.name, column.name) not in SECRET]
            rows = session.execute(select(*columns).order_by(*table.primary_key.columns))
            found[table.name] = hashlib.sha256("\n".join(repr(tuple(row)) for row in rows).encode()).hexdigest()
    return found


def test_the_same_day_makes_the_same_demo(demos: Demos, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    one, two = (fingerprint(demos.made_in(tmp_path / name, size=LITTLE)) for name in ("one", "two"))
    assert one == two


@pytest.mark.long
def test_the_whole_demo_is_the_same_too(demos: Demos, tmp_path: Path) -> None:
    assert fingerprint(demos.made_in(tmp_path)) == fingerprint(demos.small)


@pytest.mark.long
@pytest.mark.parametrize("as_of", [date(2026, 4, 2), date(2027, 2, 28), date(2026, 12, 31)], ids=str)
def test_every_step_can_be_taken_on_other_days_too(demos: Demos, tmp_path: Path, as_of: date) -> None:
    assert demos.made_in(tmp_path, as_of=as_of).warned == ()


def test_another_day_makes_another_demo(demos: Demos, tmp_path: Path) -> None:
    days = (SHOWN, SHOWN + timedelta(days=1))
    for day in days:
        (tmp_path / str(day)).mkdir()
    one, two = (fingerprint(demos.made_in(tmp_path / str(day), size=TINY, as_of=day)) for day in days)
    assert one["leave_request"] != two["leave_request"]


@pytest.fixture(name="copy")
def _copy(demos: Demos, tmp_path: Path) -> Made:
    return demos.copied(tmp_path)


def test_where_there_are_homes_no_demo_is_loaded(copy: Made) -> None:
    before = fingerprint(copy)
    with copy.opened() as flow:
        assert not load_demo(flow.settings, flow.database, copy.morning, tell=lambda _: None)
    assert fingerprint(copy) == before


def test_a_demo_that_was_interrupted_is_made_again(flow: Flow) -> None:
    def interrupt(line: str) -> None:
        if "weeks of leave" in line:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_demo(flow.settings, flow.database, nine_on(SHOWN), size=TINY, tell=interrupt)
    assert count(flow, CareHome) == 3

    told: list[str] = []
    assert load_demo(flow.settings, flow.database, nine_on(SHOWN), size=TINY, tell=told.append)
    assert "The demo was interrupted the last time; it is made again." in told
    assert count(flow, CareHome) == 3


def test_what_people_did_after_an_interrupted_demo_is_left_alone(flow: Flow) -> None:
    at = nine_on(SHOWN)
    cause = Cause(actor=SYSTEM, at=at)

    def half(session: Session) -> None:
        note_begin(session, cause, nine_on(date(2026, 11, 20)))
        add_home(session, code="REAL", name="A real home", nation=Nation.WALES, timezone="Europe/London", at=at)

    flow.database.write(half)
    assert not load_demo(flow.settings, flow.database, at, size=TINY, tell=lambda _: None)
    assert count(flow, CareHome) == 1


def test_taking_the_demo_away_leaves_a_note_and_what_every_flowapp_begins_with(copy: Made) -> None:
    with copy.opened() as flow:
        cause = Cause(actor=SYSTEM, at=copy.morning)
        flow.database.write(lambda session: remove(session, cause))
        with flow.database.read() as session:
            full = [table.name for table in metadata().sorted_tables if session.execute(select(table)).first()]
            assert full == ["audit_entry", "shift_template"]  # those that every FlowApp begins with
            assert session.scalars(select(AuditEntry.action)).all() == ["demo.remove"]
            assert verify_chain(session) is None
        with pytest.raises(Exception, match="only added to"):
            flow.database.write(lambda session: session.execute(text("DELETE FROM audit_entry")))


def test_the_demo_that_was_taken_away_can_be_loaded_again(copy: Made) -> None:
    with copy.opened() as flow:
        flow.database.write(lambda session: remove(session, Cause(actor=SYSTEM, at=copy.morning)))
        assert load_demo(flow.settings, flow.database, copy.morning, size=TINY, tell=lambda _: None)
        assert count(flow, CareHome) == 3


def test_a_demo_to_which_people_added_something_is_not_taken_away(copy: Made) -> None:
    with copy.opened() as flow:
        cause = Cause(actor=SYSTEM, at=copy.morning)
        flow.database.write(
            lambda session: create_user(session, cause, email="real@example.com", name="Rea Lee", role="admin")
        )
        with pytest.raises(Conflict, match="more here than the demo: the account of Rea Lee"):
            flow.database.write(lambda session: remove(session, cause))
        assert count(flow, CareHome) == 3


def test_where_no_demo_was_loaded_there_is_nothing_to_take_away(flow: Flow) -> None:
    with pytest.raises(Conflict, match="The demo is not here"):
        flow.database.write(lambda session: remove(session, Cause(actor=SYSTEM, at=nine_on(SHOWN))))


def test_the_command_says_that_there_are_homes_already_and_prints_the_sign_ins(copy: Made) -> None:
    answer = run(copy, "--as-of", "2026-11-23")
    assert answer.exit_code == 0
    assert "There are homes already; nothing was changed." in answer.output
    assert "carer@example.org" in answer.output


def test_the_command_takes_the_demo_away_once(copy: Made) -> None:
    assert "The demo is gone." in run(copy, "--remove").output
    second = run(copy, "--remove")
    assert second.exit_code == 1
    assert "The demo is not here" in second.output


def test_the_command_refuses_a_day_that_is_none(copy: Made) -> None:
    assert run(copy, "--as-of", "yesterday").exit_code == 2


def run(made: Made, *arguments: str) -> Result:
    """Run `flask flow demo`."""
    app = create_app(made.settings)
    try:
        return app.test_cli_runner().invoke(args=["flow", "demo", *arguments])
    finally:
        app.extensions["flowapp"].close()


def count(flow: Flow, table: type[CareHome]) -> int:
    """Count the rows of a table."""
    with flow.database.read() as session:
        return len(session.scalars(select(table.id)).all())


def test_no_start_pays_for_the_library_of_names() -> None:
    code = "import sys, flowapp.cli.commands, flowapp.cli.start; sys.exit('faker' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_emptying_leaves_the_tables(flow: Flow) -> None:
    flow.database.write(lambda session: empty(session, flow.clock.now()))
    assert count(flow, CareHome) == 0
