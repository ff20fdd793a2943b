"""A start that cannot succeed ends with a sentence that names the setting and what to do, and with no trace."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import make_url

from flowapp.kernel.db import Database
from flowapp.kernel.errors import BadSetting
from flowapp.kernel.schema import migrate
from flowapp.kernel.settings import ROOT
from tests.kill.server import free_port

SECRET = "hunter2"
GUNICORN = ("gunicorn", "--config", "gunicorn.conf.py")
COMMAND = ("flask", "--app", "wsgi", "flow", "export", "1")


def started(folder: Path, command: tuple[str, ...], url: str) -> subprocess.CompletedProcess[str]:
    """Start a program that is to end by itself."""
    mine = {"FLOWAPP_DATABASE_URL": url, "FLOWAPP_INSTANCE": str(folder), "PORT": str(free_port())}
    others = {name: value for name, value in os.environ.items() if not name.startswith("FLOWAPP_")}
    return subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, env=others | mine, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("command", [GUNICORN, COMMAND], ids=["server", "command"])
@pytest.mark.parametrize(
    ("url", "words"),
    [
        (f"postgres://flow:{SECRET}@127.0.0.1/flow", "it must begin with sqlite:/// or with postgresql://"),
        (f"postgresql://flow:{SECRET}@127.0.0.1:1/flow", "127.0.0.1:1 does not answer; start PostgreSQL there"),
    ],
    ids=["misspelt", "away"],
)
def test_an_address_that_cannot_be_used_ends_the_start_in_a_sentence(
    tmp_path: Path, command: tuple[str, ...], url: str, words: str
) -> None:
    ended = started(tmp_path, command, url)
    assert ended.returncode == 1
    [line] = ended.stderr.splitlines()
    assert "FLOWAPP_DATABASE_URL" in line
    assert words in line
    assert SECRET not in ended.stderr + ended.stdout


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"database": "nowhere"}, "there is no database nowhere on .*; make it, with createdb nowhere"),
        ({"username": "stranger"}, "does not let stranger in; mend the name or the password in it"),
        ({"query": {"host": "/nowhere"}}, "/nowhere does not answer; start PostgreSQL there, or mend the address"),
        ({"query": {"colour": SECRET}}, "the address cannot be read"),
    ],
    ids=["no database", "nobody we know", "no server", "no such option"],
)
def test_what_the_server_refuses_is_told_with_what_to_do(bare_url: str, changed: dict[str, str], words: str) -> None:
    url = make_url(bare_url).set(**{"password": SECRET, **changed}).render_as_string(hide_password=False)
    database = Database(url)
    with pytest.raises(BadSetting, match=f"^FLOWAPP_DATABASE_URL: .*{words}") as raised:
        migrate(database)
    database.dispose()
    assert SECRET not in raised.value.message


@pytest.mark.postgresql
def test_who_may_make_no_tables_is_told_so(bare_url: str) -> None:
    owner = Database(bare_url)
    with owner.writer.begin() as connection:
        connection.exec_driver_sql("DROP ROLE IF EXISTS guest")
        connection.exec_driver_sql("CREATE ROLE guest LOGIN")
    owner.dispose()
    guest = Database(make_url(bare_url).set(username="guest").render_as_string(hide_password=False))
    with pytest.raises(BadSetting, match=r"guest may not make tables in the database .*; make guest the owner"):
        migrate(guest)
    guest.dispose()
